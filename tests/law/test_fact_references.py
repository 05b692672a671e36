"""Facts named by what they are about, and found again."""

from datetime import date

import pytest

from tests.support.builders import instrument, ledger, member, participant, ratified, signed
from tracker.law.dates import PartialDate
from tracker.law.evidence import EvidenceGrade
from tracker.law.fact_references import FactKind, FactReference, facts_named, reference_of
from tracker.law.model import Coverage, Fact, InstrumentEvent, Weight
from tracker.schemas.fact_lines import fact_lines, unverified_on_instrument
from tracker.schemas.instruments import instrument_answer

ACTS = [signed("AAA", "it", "2001-01-01"), ratified("AAA", "it", "2002-01-01"), signed("BBB", "it")]
SMALL = ledger(instrument("it"), participant("AAA"), participant("BBB"), *ACTS, member("club", "AAA", "1999-01-01"))


def test_a_reference_names_as_many_facts_as_its_fields_leave_open():
    assert facts_named(SMALL, FactReference(FactKind.ACTION, "it", "AAA")) == (ACTS[0], ACTS[1])
    assert facts_named(SMALL, FactReference(FactKind.ACTION, "it", "BBB", what="signature")) == (ACTS[2],)
    assert facts_named(SMALL, FactReference(FactKind.ACTION, "it", "AAA", on="2003")) == ()
    assert facts_named(SMALL, FactReference(FactKind.STATEMENT, "it", "AAA")) == ()
    assert facts_named(SMALL, FactReference(FactKind.MEMBERSHIP, participant="AAA")) != ()


def test_a_state_is_named_with_those_that_it_continues():
    old = signed("OLD", "it", "1990-01-01")
    states = (participant("OLD", exists_to="1992-01-01"), participant("NEW", continues=("OLD",)))
    assert facts_named(ledger(instrument("it"), *states, old), FactReference(FactKind.ACTION, "it", "NEW")) == (old,)


def test_acts_after_the_day_of_the_ledger_are_not_named():
    assert facts_named(SMALL.as_of(date(2001, 6, 1)), FactReference(FactKind.ACTION, "it", "AAA")) == (ACTS[0],)


def test_what_is_of_no_kind_has_no_reference():
    assert reference_of(Fact(source="a list")) is None
    assert fact_lines(SMALL, [Fact(source="a list")]) == []


def test_figures_and_events_are_facts_of_a_treaty_with_grade_and_reference():
    weighing = instrument(
        "it", delay="0d", conditions="share(exports)>=60; any(members(club)>=1, weighing(fleet,1)>=2)"
    )
    figures = [
        Weight(table="exports", participant="AAA", value=1.0, source="recalled, not checked", doubt="unverified"),
        Weight(table="fleet", participant="AAA", value=2.5, source="treaties.un.org"),
        Weight(table="other", participant="AAA", value=3.0, source="treaties.un.org"),
    ]
    event = InstrumentEvent(
        instrument="it", event="certificate", on=PartialDate.parse("2001"), source="treaties.un.org"
    )
    whole = ledger(weighing, participant("AAA"), *figures, event).as_of(date(2010, 1, 1))
    found = instrument_answer(whole, "it")
    assert [(each.table, each.value, each.grade.value) for each in found.weights] == [
        ("exports", 1.0, "unverified"), ("fleet", 2.5, "official"),
    ]  # fmt: skip
    assert [(each.event, str(each.on), each.grade.value) for each in found.events] == [
        ("certificate", "2001", "official")
    ]
    assert [line.words for line in unverified_on_instrument(whole, "it") if line.reference.kind == "weight"] == [
        "Republic of AAA: 1 (exports)"
    ]
    for fact in (*figures, event):
        assert facts_named(whole, reference_of(fact)) == (fact,)


@pytest.fixture(scope="module")
def facts(record):
    """A few facts of every kind in the data that come with the program."""
    treaties = ("untoc", "un-cybercrime", "coe-174")
    each = [
        fact for id in treaties
        for fact in (record.instruments[id], *record.acts(id)[:5], *record.undated(id)[:2], *record.statements(id)[:5],
                     *record.coverage(id), *record.counts(id)[:2])
    ]  # fmt: skip
    greco = (record.bodies["greco"], *record.memberships("greco")[:5], *record.mandates[:5])
    others = (*record.codes("FRA"), *record.weights("oecd-top10-exporters"), *list(record.targets.values())[:5])
    return (*each, *greco, *others, *record.assessments[:5], record.participants["FRA"])


def test_every_fact_is_found_by_its_own_reference_and_has_words(record, facts):
    kinds = {type(fact).__name__ for fact in facts}
    assert kinds >= {"Statement", "Coverage", "PublishedCount", "Mandate", "Body", "Target", "Weight"}
    for fact in facts:
        assert fact in facts_named(record, reference_of(fact))
    lines = fact_lines(record, facts)
    assert len(lines) == len(facts)
    assert all(line.who and line.what and line.words for line in lines)


def test_the_unverified_of_a_treaty_are_its_acts_terms_and_what_else_its_page_shows(record):
    lines = unverified_on_instrument(record, "oecd-bribery")
    assert {line.reference.kind for line in lines} >= {FactKind.ACTION, FactKind.TREATY, FactKind.MANDATE}
    assert all(line.grade is EvidenceGrade.UNVERIFIED for line in lines)
    graded = [fact for fact in record.coverage("oecd-bribery") if isinstance(fact, Coverage) and fact.unverified]
    assert sum(line.reference.kind is FactKind.COVERAGE for line in lines) == len(graded)
