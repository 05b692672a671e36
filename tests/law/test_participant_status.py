"""Where a participant stands: the status word on each day, since when, why, and what is kept apart from it."""

from datetime import date

import pytest

from tests.support.builders import acceded, act, instrument, ledger, participant, ratified, signed, withdrew
from tracker.errors import NotFound
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind, ParticipantKind
from tracker.law.status import ParticipantStatus, participant_standing, participant_standings

PACT = instrument("pact", threshold=1, delay="30d", party_delay="30d", withdrawal_delay="1y")
A, B, C = (participant(code) for code in ("AAA", "BBB", "CCC"))


def day(text: str) -> date:
    return date.fromisoformat(text)


LIFE = ledger(
    PACT, A, signed("AAA", "pact", "2000-01-01"), ratified("AAA", "pact", "2001-01-01"),
    withdrew("AAA", "pact", "2005-01-01"), acceded("AAA", "pact", "2008-01-01"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("on", "status", "since"),
    [
        ("1999-12-31", ParticipantStatus.NONE, None),
        ("2000-01-01", ParticipantStatus.SIGNATORY, PartialDate.parse("2000-01-01")),
        ("2001-01-01", ParticipantStatus.CONTRACTING_PARTY, PartialDate.parse("2001-01-01")),
        ("2001-01-30", ParticipantStatus.CONTRACTING_PARTY, PartialDate.parse("2001-01-01")),
        ("2001-01-31", ParticipantStatus.PARTY, day("2001-01-31")),
        ("2005-12-31", ParticipantStatus.PARTY, day("2001-01-31")),
        ("2006-01-01", ParticipantStatus.WITHDRAWN, day("2006-01-01")),
        ("2007-12-31", ParticipantStatus.WITHDRAWN, day("2006-01-01")),
        ("2008-01-15", ParticipantStatus.CONTRACTING_PARTY, PartialDate.parse("2008-01-01")),
        ("2008-01-31", ParticipantStatus.PARTY, day("2008-01-31")),
    ],
)
def test_a_life_goes_from_signatory_to_party_out_and_back(on, status, since):
    where = participant_standing(LIFE.as_of(day(on)), "pact", "AAA")
    assert (where.status, where.since) == (status, since)


def test_a_notified_withdrawal_is_told_before_it_takes_effect():
    where = participant_standing(LIFE.as_of(day("2005-06-01")), "pact", "AAA")
    assert where.withdrawal.day == day("2005-01-01")
    assert where.bound_until == day("2006-01-01")
    assert "Withdrawal notified; effective 1 January 2006." in where.why


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2020-01-01", ParticipantStatus.PARTY),
        ("2023-10-26", ParticipantStatus.PARTY),
        ("2024-01-01", ParticipantStatus.WITHDRAWN),
    ],
)
def test_bhutan_was_party_to_the_convention_against_corruption_and_withdrew(record, on, status):
    assert participant_standing(record.as_of(day(on)), "uncac", "BTN").status is status


def test_after_a_revocation_the_signature_stands():
    whole = ledger(
        PACT, A, signed("AAA", "pact", "1996-09-24"), ratified("AAA", "pact", "2000-06-30"),
        act(ActionKind.REVOCATION, "AAA", "pact", "2023-11-03"),
    )  # fmt: skip
    where = participant_standing(whole, "pact", "AAA")
    assert (where.status, where.since) == (ParticipantStatus.SIGNATORY, PartialDate.parse("1996-09-24"))
    assert "Consent revoked; the signature remains." in where.why


def test_an_accession_that_was_revoked_leaves_nothing():
    whole = ledger(
        PACT, A, acceded("AAA", "pact", "2000-06-30"), act(ActionKind.REVOCATION, "AAA", "pact", "2023-11-03")
    )
    assert participant_standing(whole, "pact", "AAA").status is ParticipantStatus.NONE


def test_one_that_has_ceased_to_exist_stands_nowhere_and_its_heirs_are_named():
    gone = participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="1990-10-02", successors=("AAA",))
    whole = ledger(PACT, gone, A, ratified("OLD", "pact", "1990-01-01"))
    where = participant_standing(whole, "pact", "OLD")
    assert where.status is ParticipantStatus.NONE
    assert "ceased to exist on 2 October 1990 (succeeded by Republic of AAA)" in where.why
    assert participant_standing(whole.as_of(day("1990-10-02")), "pact", "OLD").status is ParticipantStatus.PARTY


def test_a_successor_is_party_since_the_succession_of_states():
    heir = participant("NEW", exists_from="2006-06-03")
    whole = ledger(
        PACT, A, heir, ratified("AAA", "pact", "2001-01-01"), act(ActionKind.SUCCESSION, "NEW", "pact", "2008-10-23")
    )
    assert participant_standing(whole.as_of(day("2008-10-22")), "pact", "NEW").status is ParticipantStatus.NONE
    assert participant_standing(whole, "pact", "NEW").since == day("2006-06-03")


def test_provisional_application_is_a_status_and_territories_are_shown_apart():
    whole = ledger(
        PACT, A, signed("AAA", "pact", "2000-01-01"),
        act(ActionKind.PROVISIONAL_APPLICATION, "AAA", "pact", "2000-06-01"),
        act(ActionKind.TERRITORIAL_EXTENSION, "AAA", "pact", "2001-01-01", territory="Island"),
    )  # fmt: skip
    where = participant_standing(whole, "pact", "AAA")
    assert where.status is ParticipantStatus.PROVISIONAL
    assert where.provisional.action.day == day("2000-06-01")
    assert [each.territory for each in where.territories] == ["Island"]


def test_undated_acts_are_shown_and_change_no_status():
    whole = ledger(PACT, A, ratified("AAA", "pact", doubt="the list has no days"))
    where = participant_standing(whole, "pact", "AAA")
    assert (where.status, len(where.undated), where.doubts) == (ParticipantStatus.NONE, 1, ("the list has no days",))
    assert "date not known" in where.why


def test_one_that_never_acted_has_no_standing_and_needs_no_act():
    where = participant_standing(ledger(PACT, A), "pact", "AAA")
    assert (where.status, where.acts, where.why) == (ParticipantStatus.NONE, (), "No action in our data.")


def test_after_the_instrument_has_ended_there_are_no_parties_left():
    pact = instrument("pact", threshold=1, delay="0d", party_delay="0d", conditions="ends-after=1y")
    where = participant_standing(
        ledger(pact, A, ratified("AAA", "pact", "2001-01-01")).as_of(day("2003-01-01")), "pact", "AAA"
    )
    assert where.status is ParticipantStatus.CONTRACTING_PARTY
    assert "no longer in force since 1 January 2002" in where.why


def test_the_acts_behind_a_standing_are_given():
    where = participant_standing(LIFE.as_of(day("2006-06-01")), "pact", "AAA")
    assert [each.kind for each in where.acts] == ["signature", "ratification", "withdrawal"]


def test_everyone_that_acted_is_listed_by_name():
    whole = ledger(PACT, participant("AAA", name="Zeta"), participant("BBB", name="Alpha"), C,
                   signed("AAA", "pact", "2001-01-01"), signed("BBB", "pact"))  # fmt: skip
    assert [where.participant for where in participant_standings(whole, "pact")] == ["BBB", "AAA"]


@pytest.mark.parametrize(("treaty", "code"), [("nothing", "AAA"), ("pact", "ZZZ")])
def test_unknown_names_are_not_found(treaty, code):
    with pytest.raises(NotFound):
        participant_standing(LIFE, treaty, code)
