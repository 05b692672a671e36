"""Treaties added by number from a loopback copy of the UN Treaty Collection, with the clauses of the catalogue."""

from datetime import UTC, datetime

import pytest

from tests.support.paths import DATA
from tests.support.real_treaties import ROWS
from tests.support.un_site import published
from tracker.errors import BadQuestion, Refused
from tracker.law.clause_parser import parse_clause
from tracker.law.dates import in_words
from tracker.law.entry_into_force import entry_into_force
from tracker.law.model import Action, Instrument, Participant
from tracker.storage import repository
from tracker.storage.change_log import announce_nothing
from tracker.sync.addition import add_treaty, read_catalogue
from tracker.sync.mtdsg_numbers import MtdsgNumber
from tracker.sync.sync import SyncContext

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
CATALOGUE = read_catalogue(DATA / "catalogue" / "clauses.csv")


@pytest.fixture(scope="module")
def un(record):
    """Status files of the treaties that come with the program, with their titles and dates."""
    facts = [*record.participants.values(), *record.instruments.values()]
    facts += [act for id in record.instruments for act in record.acts(id)]
    for running in published(facts):
        for id in running.rows:
            terms = running.ledger.instrument(id)
            entry = f"{in_words(terms.in_force_on)}, in accordance with {terms.article}." if terms.in_force_on else ""
            running.publish(id, title=terms.title, entry=entry)
        yield running


@pytest.fixture
def add(engine, record, un):
    """Adds treaties to a record of participants alone."""
    people = [each for each in record.participants.values() if isinstance(each, Participant)]
    repository.record_facts(engine, people, what="participants", moment=NOW)
    how = SyncContext(visitor=un.visitor, announce=announce_nothing, base_url=un.server.url)
    return lambda reference, catalogue=CATALOGUE: add_treaty(engine, reference, how, catalogue, moment=NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_treaty_comes_with_its_title_its_terms_and_its_actions(add, engine, record):
    added = add("xviii-12")
    terms = added.instrument
    assert (terms.id, terms.reference, terms.title) == ("xviii-12", "XVIII-12", record.instrument("untoc").title)
    assert (terms.threshold, terms.delay, terms.kind) == (40, "90d", "convention")
    assert str(terms.in_force_on) == "2003-09-29"
    assert added.confirmed
    assert added.entry.date == entry_into_force(record, "untoc").date
    acts = [fact for fact in repository.live_facts(engine) if isinstance(fact, Action)]
    assert len(acts) == len(added.report.recorded) > 300
    protocol = add("XVIII-12-a")
    assert (protocol.instrument.parent, protocol.instrument.kind) == ("xviii-12", "protocol")
    assert "requires=xviii-12" in protocol.instrument.conditions
    with pytest.raises(BadQuestion, match="is in the data already, as 'xviii-12'"):
        add("XVIII-12")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_no_clause_is_on_file_the_date_of_the_depositary_stands_and_that_is_said(add):
    added = add("XVIII-14", {})
    assert (added.entry, added.confirmed) == (None, None)
    assert str(added.instrument.in_force_on) == "2005-12-14"
    assert "the final clause is not on file" in added.instrument.doubt
    lonely = add("XVIII-12-b")
    assert "'xviii-12' is not a known instrument" in lonely.left_out
    assert lonely.instrument.conditions == ""


QUOTED = (
    '{date}, in accordance with article 68(1)which reads as follows: "1. This Convention shall enter into force on the '
    "ninetieth day after the date of deposit of the {nth} instrument of ratification, acceptance, approval or "
    'accession.".'
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("nth", "taken"), [("thirtieth", True), ("twentieth", False)])
def test_a_clause_that_the_status_file_quotes_is_taken_only_where_it_gives_the_date(add, un, nth, taken):
    id = next(terms.id for terms in un.ledger.instruments.values() if terms.reference == "XVIII-14")
    un.publish(id, title="Convention against Corruption", entry=QUOTED.format(date="14 December 2005", nth=nth))
    added = add("XVIII-14", {})
    assert added.header.reading.whole
    assert added.instrument.article == "Art. 68(1)"
    assert (added.instrument.threshold, added.confirmed) == ((30, True) if taken else (None, None))
    assert ("read from the depositary's text, confirmed by the date" in added.instrument.source) is taken
    assert ("the final clause is not on file" in added.instrument.doubt) is not taken


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_collection_does_not_have_leaves_no_trace(add, engine):
    with pytest.raises(Refused, match="has no status file of IV-4"):
        add("IV-4")
    with pytest.raises(BadQuestion, match="is not a number of the UN Treaty Collection"):
        add("ETS-173")
    assert not [fact for fact in repository.live_facts(engine) if isinstance(fact, Instrument)]


def test_every_clause_of_the_catalogue_is_one_and_says_where_it_comes_from():
    assert len(CATALOGUE) >= 80
    for number, row in CATALOGUE.items():
        assert str(MtdsgNumber.of(number)) == number
        parse_clause(row["conditions"], threshold=int(row["threshold"] or 0) or None, delay=row["delay"])
        assert row["article"]
        assert row["source"]


def test_the_catalogue_says_what_the_researched_clauses_say():
    researched = {row["reference"]: row for row in ROWS if row["kind"] == "entry_into_force"}
    for number, row in CATALOGUE.items():
        for name in ("threshold", "delay", "party_delay", "article"):
            assert row[name] == researched[number][name], number
