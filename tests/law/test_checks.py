"""Every named check: a small record in which it finds something, and one in which it does not."""

from datetime import date

import pytest

from tests.support.builders import acceded, act, instrument, ledger, participant, ratified, signed, stated, withdrew
from tracker.errors import NotFound
from tracker.law.checks import CHECKS, Severity, run_checks
from tracker.law.dates import PartialDate
from tracker.law.findings import FindingGroup
from tracker.law.model import ActionKind, Coverage, CoverageAspect, CoverageState, ParticipantKind, PublishedCount

TODAY = date(2020, 1, 1)
TERMS = {"threshold": 1, "delay": "30d", "party_delay": "30d", "withdrawal_delay": "1y"}
PACT = instrument("pact", adopted_on="2000-01-01", opened_on="2000-02-01", closed_on="2001-12-31", **TERMS)
PROTOCOL = instrument("protocol", parent="pact", **TERMS)
A, B = participant("AAA"), participant("BBB")
GONE = participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="1990-10-02")
PARENT = participant("OLD", exists_to="2007-01-01", successors=("NEW",))
LATER = {"exists_from": "2006-06-03"}
SIGNED = signed("AAA", "pact", "2000-03-01")
IN = ratified("AAA", "pact", "2002-01-01")
PARTY = (PACT, A, SIGNED, IN)


def official(day: str):
    return instrument("pact", in_force_on=day, **TERMS)


def count(on: str, **figures: int) -> PublishedCount:
    return PublishedCount(instrument="pact", on=PartialDate.parse(on), source="a list", **figures)


def covered(
    on: str, expected: int | None = None, state=CoverageState.COMPLETE, aspect=CoverageAspect.CONSENTS, of: str = "pact"
) -> Coverage:
    return Coverage(
        instrument=of, aspect=aspect, state=state, as_of=PartialDate.parse(on), expected=expected, source="a list"
    )


def alone(code: str):
    """A party to the protocol and not to the convention."""
    return (PACT, PROTOCOL, A, B, acceded(code, "protocol", "2003-01-01"))


def leaving(conditions: str):
    return instrument("pact", conditions=conditions, **TERMS)


def to_article_10(*facts, on: str = "2002-01-01", **terms):
    """A party's reservation to article 10."""
    said = stated("reservation", "AAA", "pact", on, article="10", **terms)
    return (*PARTY, said, *facts)


def objected(on: str | None = "2002-05-01", **fields):
    """An objection of a State to what the party has stated."""
    return stated("objection", "BBB", "pact", on, towards=("AAA",), **fields)


def only_reservations_to(provisions: str):
    terms = instrument("pact", reservations=provisions, adopted_on="2000-01-01", **TERMS)
    return (terms, *to_article_10()[1:])


BROKEN = {
    "reservation-prohibited": only_reservations_to("prohibited"),
    "reservation-late": to_article_10(on="2002-01-02"),
    "objection-to-nothing": (*PARTY, B, objected()),
    "statement-of-non-party": (PACT, B, stated("declaration", "BBB", "pact", "2002-01-01")),
    "withdrawal-of-nothing": (
        *PARTY,
        stated("withdrawal", "AAA", "pact", "2003-01-01", concerns="reservation"),
    ),
    "bad-clause": (instrument("pact", threshold=1, delay="soon"),),
    "protocol-without-convention": alone("AAA"),
    "protocol-before-convention": (
        PACT,
        PROTOCOL,
        A,
        acceded("AAA", "protocol", "2002-01-01"),
        acceded("AAA", "pact", "2002-01-02"),
    ),
    "ratification-without-signature": (PACT, A, IN),
    "signatures-incomplete": (PACT, *(ratified(f"S{n}", "pact", "2002-01-01") for n in range(5))),
    "accession-by-signatory": (PACT, A, SIGNED, acceded("AAA", "pact", "2002-01-01")),
    "consent-twice": (*PARTY, acceded("AAA", "pact", "2003-01-01")),
    "withdrawal-out-of-time": (leaving("no-withdrawal-before=3y"), A, IN, withdrew("AAA", "pact", "2004-01-30")),
    "withdrawal-without-period": (instrument("pact"), A, IN, withdrew("AAA", "pact", "2004-01-30")),
    "endings-in-a-circle": (instrument("pact", conditions="falls-with=pact"),),
    "signature-outside-period": (PACT, A, signed("AAA", "pact", "2002-01-01")),
    "act-before-adoption": (PACT, A, acceded("AAA", "pact", "1999-12-31")),
    "act-in-future": (PACT, A, acceded("AAA", "pact", "2020-01-02")),
    "act-before-existence": (instrument("pact", **TERMS), GONE, acceded("OLD", "pact", "1990-10-03")),
    "entry-into-force-differs": (official("2002-02-01"), A, acceded("AAA", "pact", "2002-01-01")),
    "own-date-differs": (*PARTY, B, acceded("BBB", "pact", "2003-01-01", effective_on="2003-02-01")),
    "published-count-differs": (*PARTY, count("2003-01-01", parties=2)),
    "coverage-differs": (*PARTY, covered("2003-01-01", 2)),
    "undated-act": (PACT, A, acceded("AAA", "pact")),
    "unverified-source": (PACT, A, acceded("AAA", "pact", "2002-01-01", doubt="unverified: recalled")),
}
SOUND = {
    "reservation-prohibited": [
        to_article_10(),
        only_reservations_to("only: 10(2)"),
        only_reservations_to("not: 11"),
        (*only_reservations_to("prohibited")[:-1], *to_article_10(withdrawn_on="2003-01-01")[-1:]),
        (*only_reservations_to("only: 10")[:-1], stated("reservation", "AAA", "pact", "2002-01-01")),
    ],
    "reservation-late": [
        to_article_10(),
        to_article_10(on="2002"),
        to_article_10(on="2000-03-01"),
        to_article_10(on="2002-01-02", withdrawn_on="2003-01-01"),
        (PACT, A, to_article_10(on="2002-01-02")[-1]),
    ],
    "objection-to-nothing": [
        to_article_10(B, objected()),
        to_article_10(B, objected(None, article="10(2)")),
        (*PARTY, B, objected(withdrawn_on="2003-01-01")),
        (*PARTY, B, stated("interpretative-declaration", "AAA", "pact", "2002-01-01"), objected()),
    ],
    "statement-of-non-party": [
        to_article_10(),
        (PACT, A, SIGNED, stated("declaration", "AAA", "pact", "2000-03-01")),
        (PACT, B, acceded("BBB", "pact"), stated("declaration", "BBB", "pact", "2002-01-01")),
        (*PARTY, stated("notification", "AAA", "pact")),
        (*PARTY, B, stated("communication", "BBB", "pact", "2003-01-01")),
        (PACT, B, act(ActionKind.PROVISIONAL_APPLICATION, "BBB", "pact", "2001-01-01"),
         stated("notification", "BBB", "pact", "2002-01-01")),
    ],
    "withdrawal-of-nothing": [
        to_article_10(stated("withdrawal", "AAA", "pact", "2003-01-01", concerns="reservation")),
        to_article_10(stated("modification", "AAA", "pact", "2003-01-01", concerns="reservation", article="10(1)")),
        to_article_10(stated("withdrawal", "AAA", "pact", "2003-01-01", concerns="unspecified")),
    ],
    "bad-clause": [(PACT,), (instrument("pact"),)],
    "protocol-without-convention": [
        (*alone("AAA"), SIGNED, IN),
        (*alone("AAA"), acceded("AAA", "pact")),
        (*alone("AAA"), withdrew("AAA", "protocol", "2004-01-01")),
    ],
    "protocol-before-convention": [
        (PACT, PROTOCOL, A, acceded("AAA", "protocol", "2002-01-01"), acceded("AAA", "pact", "2002-01-01")),
        (PACT, PROTOCOL, A, acceded("AAA", "protocol", "2002-01"), acceded("AAA", "pact", "2002-01-15")),
    ],
    "ratification-without-signature": [
        PARTY,
        (PACT, A, signed("AAA", "pact"), IN),
        (PACT, A, act(ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL, "AAA", "pact", "2002-01-01")),
        BROKEN["signatures-incomplete"],
    ],
    "signatures-incomplete": [PARTY, (PACT, A, IN)],
    "accession-by-signatory": [
        PARTY,
        (PACT, B, acceded("BBB", "pact", "2002-01-01")),
        (*PARTY, withdrew("AAA", "pact", "2003-01-01"), acceded("AAA", "pact", "2008-01-01")),
    ],
    "consent-twice": [PARTY, (*PARTY, withdrew("AAA", "pact", "2003-01-01"), acceded("AAA", "pact", "2008-01-01"))],
    "withdrawal-out-of-time": [
        (leaving("no-withdrawal-before=3y"), A, IN, withdrew("AAA", "pact", "2010-01-01")),
        (leaving("withdrawal-window=1y every 10y"), A, IN, withdrew("AAA", "pact", "2012-06-01")),
        (leaving(""), A, IN, withdrew("AAA", "pact", "2002-06-01")),
    ],
    "withdrawal-without-period": [
        (PACT, A, IN, withdrew("AAA", "pact", "2004-01-30")),
        (instrument("pact"), A, IN, withdrew("AAA", "pact", "2004-01-30", effective_on="2005-01-30")),
    ],
    "endings-in-a-circle": [
        (PACT, PROTOCOL), (PACT, instrument("protocol", parent="pact", conditions="falls-with=pact")),
    ],
    "signature-outside-period": [
        (PACT, A, signed("AAA", "pact", "2001-12-31")),
        (PACT, A, signed("AAA", "pact", "2000-02")),
        (instrument("pact"), A, signed("AAA", "pact", "2015-01-01")),
    ],
    "act-before-adoption": [(PACT, A, signed("AAA", "pact", "2000-01-01")), (PACT, A, signed("AAA", "pact", "2000"))],
    "act-in-future": [(PACT, A, acceded("AAA", "pact", "2020-01-01")), (PACT, A, acceded("AAA", "pact", "2020"))],
    "act-before-existence": [
        (instrument("pact", **TERMS), GONE, acceded("OLD", "pact", "1990-10-02")),
        (PACT, participant("NEW", un_member_since="2000-11-01", **LATER), acceded("NEW", "pact", "2001-03-12")),
        (PACT, participant("NEW", **LATER), PARENT, acceded("NEW", "pact", "2001-03-12")),
    ],
    "entry-into-force-differs": [
        (official("2002-01-31"), A, acceded("AAA", "pact", "2002-01-01")),
        (official("2002-02-01"), A, acceded("AAA", "pact")),
    ],
    "own-date-differs": [(*PARTY, B, acceded("BBB", "pact", "2003-01-01", effective_on="2003-01-31"))],
    "published-count-differs": [
        (*PARTY, count("2003-01-01", parties=1, signatories=1)),
        (*PARTY, count("2001-01-01", parties=0)),
        (*PARTY, count("2003-01", parties=7)),
    ],
    "coverage-differs": [
        (*PARTY, covered("2003-01-01", 1)), (*PARTY, covered("2003-01-01", None)), (*PARTY, covered("2030-01-01", 2)),
    ],
    "undated-act": [PARTY, (PACT, A, acceded("AAA", "pact", "2002"))],
    "unverified-source": [PARTY, (PACT, A, acceded("AAA", "pact", "2002-01-01", doubt="two sources differ"))],
}  # fmt: skip


def found(facts, check):
    return [finding for finding in run_checks(ledger(*facts), TODAY) if finding.check == check]


def test_every_check_is_tried_both_ways():
    assert set(BROKEN) == set(SOUND) == set(CHECKS)


@pytest.mark.parametrize("check", BROKEN)
def test_a_check_finds_the_record_that_breaks_it(check):
    [finding] = found(BROKEN[check], check)
    assert finding.text
    assert "None" not in finding.text
    assert finding.instrument in {"pact", "protocol"}


@pytest.mark.parametrize(("check", "facts"), [(check, facts) for check, records in SOUND.items() for facts in records])
def test_a_check_leaves_a_sound_record_alone(check, facts):
    assert found(facts, check) == []


@pytest.mark.parametrize(
    ("check", "facts"),
    [
        ("reservation-prohibited", only_reservations_to("only: 11")),
        ("reservation-prohibited", only_reservations_to("not: 10")),
        ("objection-to-nothing", to_article_10(B, objected(article="12"))),
        ("objection-to-nothing", to_article_10(B, objected("2001-12-31"))),
        ("statement-of-non-party", (PACT, A, IN, SIGNED, stated("declaration", "AAA", "pact", "2000-02-28"))),
        ("statement-of-non-party", (*PARTY, withdrew("AAA", "pact", "2003-01-01"),
                                    stated("notification", "AAA", "pact", "2004-06-01"))),
        ("withdrawal-of-nothing", to_article_10(
            stated("withdrawal", "AAA", "pact", "2003-01-01", concerns="reservation", article="12"))),
        ("withdrawal-of-nothing", to_article_10(
            stated("modification", "AAA", "pact", "2003-01-01", concerns="declaration"))),
    ],
)  # fmt: skip
def test_a_statement_is_compared_by_provision_date_and_kind(check, facts):
    assert len(found(facts, check)) == 1


def test_terms_on_reservations_that_cannot_be_read_keep_no_other_check_from_its_work():
    checks = [f.check for f in run_checks(ledger(*only_reservations_to("perhaps"), acceded("BBB", "pact")), TODAY)]
    assert checks == ["bad-clause", "undated-act"]


def test_the_late_reservation_of_bhutan_is_the_only_statement_of_the_record_that_breaks_a_rule(record):
    names = {"reservation-prohibited", "reservation-late", "objection-to-nothing", "statement-of-non-party",
             "withdrawal-of-nothing"}  # fmt: skip
    notes = [each for each in run_checks(record.as_of(TODAY), date(2026, 11, 1)) if each.check in names]
    assert [(each.check, each.instrument, each.participants) for each in notes] == [
        ("reservation-late", "uncac", ("BTN",)),
    ]  # fmt: skip
    now = date(2026, 11, 1)
    assert not names & {each.check for each in run_checks(record.as_of(now), now)}


def test_a_finding_names_the_acts_that_break_the_check_and_how_much_it_weighs():
    [finding] = found(BROKEN["protocol-before-convention"], "protocol-before-convention")
    assert [each.instrument for each in finding.acts] == ["protocol", "pact"]
    assert (finding.severity, finding.participants) == (Severity.WARNING, ("AAA",))
    assert finding.words == "Party to a protocol before its convention"


def test_a_sound_record_has_no_finding_at_all():
    assert run_checks(ledger(*PARTY), TODAY) == ()


def test_a_clause_that_cannot_be_read_keeps_no_other_check_from_its_work():
    bad = instrument("pact", threshold=1, delay="soon")
    assert [f.check for f in run_checks(ledger(bad, A, acceded("AAA", "pact")), TODAY)] == ["bad-clause", "undated-act"]


def test_findings_can_be_asked_of_one_instrument():
    whole = ledger(*alone("AAA"), IN)
    assert {finding.instrument for finding in run_checks(whole, TODAY)} == {"pact"}
    assert run_checks(whole, TODAY, "protocol") == ()
    with pytest.raises(NotFound):
        run_checks(whole, TODAY, "nothing")


def test_a_day_before_the_depositary_could_have_spoken_finds_no_difference():
    whole = ledger(official("2002-02-01"), A, acceded("AAA", "pact", "2002-01-01"))
    assert [f.check for f in run_checks(whole.as_of(date(2001, 12, 1)), TODAY)] == []
    assert [f.check for f in run_checks(whole.as_of(date(2002, 2, 1)), TODAY)] == ["entry-into-force-differs"]


def test_the_united_nations_printed_one_party_more_to_the_smuggling_protocol_than_the_record_has(record):
    found = run_checks(record.as_of(date(2024, 4, 26)), date(2024, 4, 26), "untoc-som")
    groups = [f.group for f in found if "26 April 2024: parties published 152, our data 151 to 152" in f.text]
    assert groups == [FindingGroup.GAP]


def test_the_real_record_breaks_no_rule_outright(record):
    today = date(2026, 11, 1)
    assert [f.text for f in run_checks(record.as_of(today), today) if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize(("day", "late"), [("2011-06-01", 1), ("2012-01-31", 0), ("2013-01-30", 0), ("2013-01-31", 1)])
def test_a_withdrawal_is_held_to_the_window_that_comes_round(day, late):
    """In force since 31 January 2002: the year from 31 January 2012 is open, then no day until 2022."""
    acts = (acceded("AAA", "pact", "2002-01-01"), withdrew("AAA", "pact", day))
    record = ledger(leaving("withdrawal-window=1y every 10y"), A, *acts)
    found = [each for each in run_checks(record, date(2020, 1, 1)) if each.check == "withdrawal-out-of-time"]
    assert len(found) == late


def test_what_is_found_about_one_instrument_is_what_is_found_about_it_among_all(record):
    day = date(2026, 11, 1)
    now = record.as_of(day)
    whole = run_checks(now, day)
    for name in now.instruments:
        assert run_checks(now, day, name) == tuple(each for each in whole if each.instrument == name)


# -- groups --------------------------------------------------------------------------------------------

CONTRADICTION, RULE_BREAK, GAP = FindingGroup.CONTRADICTION, FindingGroup.RULE_BREAK, FindingGroup.GAP
PARTIAL = CoverageState.PARTIAL


@pytest.mark.parametrize(
    ("check", "facts", "group"),
    [
        ("published-count-differs", (*PARTY, count("2003-01-01", parties=2)), CONTRADICTION),
        ("published-count-differs", (*PARTY, count("2003-01-01", parties=2), covered("2003-01-01")), CONTRADICTION),
        ("published-count-differs", (*PARTY, count("2003-01-01", parties=2), covered("2002-12-31")), GAP),
        ("published-count-differs", (*PARTY, count("2003-01-01", parties=2), covered("2002", state=PARTIAL)), GAP),
        ("published-count-differs", (*PARTY, count("2003-01-01", parties=0), covered("2002", state=PARTIAL)),
         CONTRADICTION),
        ("published-count-differs", (*PARTY, count("2003-01-01", signatories=2), covered("2002", state=PARTIAL)),
         CONTRADICTION),
        ("entry-into-force-differs", (official("2002-02-01"), A, IN, covered("2003", state=PARTIAL)), CONTRADICTION),
        ("entry-into-force-differs", (official("2002-01-30"), A, IN, covered("2003", state=PARTIAL)), GAP),
        ("entry-into-force-differs", (official("2002-01-30"), A, IN, covered("2003")), CONTRADICTION),
        ("protocol-without-convention", alone("AAA"), RULE_BREAK),
        ("protocol-without-convention", (*alone("AAA"), covered("2003", state=PARTIAL)), GAP),
        ("ratification-without-signature", (PACT, A, IN), RULE_BREAK),
        ("ratification-without-signature",
         (PACT, A, IN, covered("2003", state=PARTIAL, aspect=CoverageAspect.SIGNATURES)), GAP),
        ("undated-act", BROKEN["undated-act"], GAP),
        ("reservation-late", to_article_10(on="2002-01-02"), RULE_BREAK),
        ("reservation-late", to_article_10(on="2002-01-02", doubt="press"), GAP),
        ("statement-of-non-party", BROKEN["statement-of-non-party"], RULE_BREAK),
        ("statement-of-non-party", (*BROKEN["statement-of-non-party"], covered("2003", state=PARTIAL)), GAP),
        ("objection-to-nothing", BROKEN["objection-to-nothing"], GAP),
        ("act-before-adoption", BROKEN["act-before-adoption"], CONTRADICTION),
    ],
)  # fmt: skip
def test_a_difference_that_our_own_gaps_explain_is_a_gap_and_no_contradiction(check, facts, group):
    assert [each.group for each in found(facts, check)] == [group]


def test_of_two_figures_one_may_be_explained_and_the_other_not():
    facts = (*PARTY, count("2003-01-01", parties=2, signatories=0), covered("2002", state=PARTIAL))
    gap, contradiction = found(facts, "published-count-differs")
    assert (gap.group, contradiction.group) == (GAP, CONTRADICTION)
    assert gap.text.endswith(
        "parties published 2, our data 1. Our data on the ratifications and accessions are incomplete."
    )
    assert "signatories published 0, our data 1" in contradiction.text


def test_a_published_count_that_acts_without_a_date_make_up_is_no_finding():
    facts = (*PARTY, B, acceded("BBB", "pact"), count("2003-01-01", parties=2))
    assert found(facts, "published-count-differs") == []
