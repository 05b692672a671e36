"""Who has signed and who has consented, on every day: spells of consent and the counts the UN prints."""

from datetime import date

import pytest

from tests.support.builders import acceded, act, instrument, ledger, participant, ratified, signed, withdrew
from tracker.law.consents import EndRule, signatories, takes_effect
from tracker.law.dates import parse_delay
from tracker.law.entry_into_force import consent_of, consents, parties
from tracker.law.model import ActionKind, ParticipantKind
from tracker.law.status import status

PACT = instrument("pact", threshold=1, delay="30d", withdrawal_delay="1y")
A, B = participant("AAA"), participant("BBB")


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("treaty", "on", "signed_by", "consented"),
    [
        ("untoc", "2000-12-15", 124, 0),
        ("untoc", "2002-09-30", 143, 24),
        ("untoc", "2003-07-01", 147, 40),
        ("untoc", "2003-09-30", 147, 53),
        ("untoc-tip", "2002-08-10", 107, 14),
        ("untoc-som", "2002-08-10", 103, 13),
        ("untoc-firearms", "2002-07-25", 35, 2),
        ("untoc", "2024-05-04", 147, 192),
        ("untoc-firearms", "2024-05-04", 52, 123),
        ("untoc-som", "2024-04-26", 112, 151),
        ("drugs-1988", "2004-09-30", 87, 170),
    ],
)
def test_the_counts_of_a_day_are_those_of_the_record(record, treaty, on, signed_by, consented):
    now = status(record.as_of(day(on)), treaty)
    assert (now.signatories, now.parties) == (signed_by, consented)


@pytest.mark.parametrize("kind", [kind for kind in ActionKind if kind.consents])
def test_every_act_of_consent_makes_a_contracting_party(kind):
    assert parties(ledger(PACT, A, act(kind, "AAA", "pact", "2001-01-01")), "pact") == {"AAA"}


@pytest.mark.parametrize("kind", [kind for kind in ActionKind if not kind.consents])
def test_no_other_act_makes_a_contracting_party(kind):
    assert parties(ledger(PACT, A, act(kind, "AAA", "pact", "2001-01-01")), "pact") == set()


@pytest.mark.parametrize("kind", [ActionKind.SIGNATURE, ActionKind.SUCCESSION_TO_SIGNATURE])
def test_a_signature_and_the_succession_to_one_make_a_signatory(kind):
    assert signatories(ledger(PACT, A, act(kind, "AAA", "pact", "2001-01-01")), "pact") == {"AAA"}


def test_a_ratifier_stays_a_signatory():
    whole = ledger(PACT, A, signed("AAA", "pact", "2001-01-01"), ratified("AAA", "pact", "2002-01-01"))
    assert signatories(whole, "pact") == parties(whole, "pact") == {"AAA"}


def test_a_withdrawal_ends_the_consent_on_the_day_the_clause_gives():
    whole = ledger(PACT, A, ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2005-03-01"))
    assert parties(whole.as_of(day("2006-02-28")), "pact") == {"AAA"}
    assert parties(whole.as_of(day("2006-03-01")), "pact") == set()


def test_a_withdrawal_ends_the_consent_on_the_day_its_source_states():
    left = withdrew("AAA", "pact", "2005-03-01", effective_on="2005-09-01")
    whole = ledger(PACT, A, ratified("AAA", "pact", "2001-01-01"), left)
    assert consent_of(whole, "pact", "AAA").ends_on == day("2005-09-01")


def test_one_that_withdraws_without_a_known_period_is_withdrawn_from_its_notice_on():
    whole = ledger(instrument("pact"), A, ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2005-03-01"))
    spell = consent_of(whole, "pact", "AAA")
    assert (spell.ended_by.kind, spell.end_rule, spell.effective_end) == (
        ActionKind.WITHDRAWAL, EndRule.NOT_KNOWN, None,
    )  # fmt: skip
    assert parties(whole.as_of(day("2005-02-28")), "pact") == {"AAA"}
    assert parties(whole, "pact") == set()


def test_a_cancelled_withdrawal_changes_nothing():
    whole = ledger(
        PACT, A, ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2005-03-01"),
        act(ActionKind.WITHDRAWAL_CANCELLED, "AAA", "pact", "2005-06-01"),
    )  # fmt: skip
    assert parties(whole.as_of(day("2007-01-01")), "pact") == {"AAA"}
    assert consent_of(whole.as_of(day("2005-05-31")), "pact", "AAA").ends_on == day("2006-03-01")


def test_one_that_comes_back_has_a_second_spell():
    whole = ledger(
        PACT, A, ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2005-03-01"),
        acceded("AAA", "pact", "2008-01-01"),
    )  # fmt: skip
    assert [spell.action.kind for spell in consents(whole, "pact")["AAA"]] == ["ratification", "accession"]
    assert [bool(parties(whole.as_of(day(f"{year}-06-01")), "pact")) for year in (2005, 2006, 2007, 2008)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_a_consent_while_one_holds_starts_no_second_spell():
    whole = ledger(PACT, A, ratified("AAA", "pact", "2001-01-01"), acceded("AAA", "pact", "2003-01-01"))
    assert [spell.action.kind for spell in consents(whole, "pact")["AAA"]] == ["ratification"]


def test_a_withdrawal_before_any_consent_ends_nothing():
    whole = ledger(PACT, A, withdrew("AAA", "pact", "2000-01-01"), ratified("AAA", "pact", "2001-01-01"))
    assert consent_of(whole, "pact", "AAA").ended_by is None


def test_a_revocation_ends_the_consent_at_once_and_leaves_the_signature():
    whole = ledger(
        PACT, A, signed("AAA", "pact", "1996-09-24"), ratified("AAA", "pact", "2000-06-30"),
        act(ActionKind.REVOCATION, "AAA", "pact", "2023-11-03"),
    )  # fmt: skip
    assert parties(whole.as_of(day("2023-11-02")), "pact") == {"AAA"}
    assert parties(whole.as_of(day("2023-11-03")), "pact") == set()
    assert signatories(whole, "pact") == {"AAA"}


def test_a_participant_that_has_ceased_to_exist_is_counted_on_its_last_day_and_not_after():
    gone = participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="1990-10-02")
    whole = ledger(PACT, gone, signed("OLD", "pact", "1989-01-01"), ratified("OLD", "pact", "1990-01-01"))
    assert (
        parties(whole.as_of(day("1990-10-02")), "pact")
        == signatories(whole.as_of(day("1990-10-02")), "pact")
        == {"OLD"}
    )
    assert (
        parties(whole.as_of(day("1990-10-03")), "pact") == signatories(whole.as_of(day("1990-10-03")), "pact") == set()
    )


@pytest.mark.parametrize(
    ("known", "not_yet", "now"), [("2001-02", "2001-02-27", "2001-02-28"), ("2001", "2001-12-30", "2001-12-31")]
)
def test_a_month_or_a_year_alone_is_never_counted_early(known, not_yet, now):
    whole = ledger(PACT, A, signed("AAA", "pact", known), ratified("AAA", "pact", known))
    assert (parties(whole.as_of(day(not_yet)), "pact"), signatories(whole.as_of(day(not_yet)), "pact")) == (
        set(),
        set(),
    )
    assert parties(whole.as_of(day(now)), "pact") == {"AAA"}


def test_an_undated_act_is_counted_on_no_day():
    whole = ledger(PACT, A, signed("AAA", "pact"), ratified("AAA", "pact"))
    assert (parties(whole, "pact"), signatories(whole, "pact")) == (set(), set())
    assert status(whole, "pact").undated == 1


def test_an_undated_deposit_that_took_effect_on_a_day_was_made_by_then():
    whole = ledger(PACT, A, ratified("AAA", "pact", effective_on="2004-02-01"))
    assert parties(whole.as_of(day("2004-01-31")), "pact") == set()
    assert parties(whole.as_of(day("2004-02-01")), "pact") == {"AAA"}


def test_provisional_application_and_territories_are_no_consent():
    whole = ledger(
        PACT, A, B, act(ActionKind.PROVISIONAL_APPLICATION, "AAA", "pact", "2001-01-01"),
        act(ActionKind.TERRITORIAL_EXTENSION, "BBB", "pact", "2001-01-01", territory="Island"),
    )  # fmt: skip
    assert consents(whole, "pact") == {}


def test_only_a_withdrawal_waits_for_the_clauses_period():
    revoked, left = act(ActionKind.REVOCATION, "AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2001-01-01")
    year = parse_delay("1y")
    assert takes_effect(revoked, year) == (day("2001-01-01"), EndRule.REVOKED)
    assert takes_effect(left, year) == (day("2002-01-01"), EndRule.CLAUSE)
    assert takes_effect(left, None) == (day("2001-01-01"), EndRule.NOT_KNOWN)
    assert takes_effect(left, year, in_force=day("2001-06-01")) == (day("2001-01-01"), EndRule.BEFORE_ENTRY)


def test_one_that_comes_back_on_the_day_its_withdrawal_takes_effect_has_a_second_spell():
    whole = ledger(
        PACT, A, ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2005-03-01"),
        acceded("AAA", "pact", "2006-03-01"),
    )  # fmt: skip
    assert [spell.ends_on for spell in consents(whole, "pact")["AAA"]] == [day("2006-03-01"), None]
    assert parties(whole.as_of(day("2006-03-01")), "pact") == {"AAA"}
