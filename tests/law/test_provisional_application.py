"""Provisional application: a status of its own, with a beginning and an end."""

from datetime import date

import pytest

from tests.support.builders import act, instrument, ledger, participant, ratified, signed, withdrew
from tracker.law.changes import ChangeKind, changes_between
from tracker.law.entry_into_force import entry_into_force, parties
from tracker.law.gaps import GapKind, gaps_of_instrument
from tracker.law.model import ActionKind
from tracker.law.status import participant_standing, status

IT = instrument("it", threshold=2, delay="30d", party_delay="30d", adopted_on="1997-05-21")
STATES = tuple(participant(code) for code in ("ALB", "BRA", "CIV", "GBR"))
APPLIES, ENDS = ActionKind.PROVISIONAL_APPLICATION, ActionKind.PROVISIONAL_APPLICATION_ENDED


def day(text: str) -> date:
    return date.fromisoformat(text)


def world(*facts):
    return ledger(*STATES, IT, *facts)


BRAZIL = (
    signed("BRA", "it", "1998-08-27"),
    act(APPLIES, "BRA", "it", "1999-01-01"),
    ratified("BRA", "it", "2007-11-16"),
)


@pytest.mark.parametrize(
    ("on", "word"),
    [("1998-12-31", "signatory"), ("1999-01-01", "applies provisionally"), ("2007-11-15", "applies provisionally"),
     ("2007-11-16", "contracting party"), ("2015-01-31", "party")],
)  # fmt: skip
def test_brazil_signed_applied_provisionally_and_ratified(on, word):
    whole = world(*BRAZIL, ratified("ALB", "it", "2015-01-01"))
    assert participant_standing(whole.as_of(day(on)), "it", "BRA").status.value == word


def test_one_that_only_applies_provisionally_is_no_party_and_not_without_an_act():
    whole = world(act(APPLIES, "CIV", "it", "1999-01-01"))
    standing = participant_standing(whole, "it", "CIV")
    assert (parties(whole, "it"), entry_into_force(whole, "it").threshold.counted) == (set(), 0)
    assert (standing.status.value, str(standing.since)) == ("applies provisionally", "1999-01-01")
    assert standing.why.startswith("Provisional application since 1 January 1999")
    assert status(whole, "it").provisional == 1
    [gap] = [gap for gap in gaps_of_instrument(whole, "it") if gap.participant == "CIV"]
    assert gap.kind is GapKind.PROVISIONAL


@pytest.mark.parametrize(
    "end",
    [
        act(ENDS, "CIV", "it", "2009-08-20", effective_on="2009-10-18"),
        withdrew("CIV", "it", "2009-08-20", effective_on="2009-10-18"),
    ],
)
def test_it_ends_on_the_day_that_its_notice_states(end):
    whole = world(act(APPLIES, "CIV", "it", "1999-01-01"), end)
    words = [
        participant_standing(whole.as_of(day(on)), "it", "CIV").status.value for on in ("2009-10-17", "2009-10-18")
    ]
    assert words == ["applies provisionally", "none"]
    assert "No action in our data" not in participant_standing(whole, "it", "CIV").why


def test_its_beginning_is_a_change_that_can_be_told():
    before, after = world(), world(act(APPLIES, "CIV", "it", "1999-01-01"))
    [change] = [change for change in changes_between(before, after) if change.kind is ChangeKind.APPLIED]
    assert "now applied provisionally" in change.words
    assert (change.participant, change.day) == ("CIV", day("1999-01-01"))
