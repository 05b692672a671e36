"""Printed acts beside held ones: which are the same, which correct which, and which are missing."""

import pytest

from tests.support.builders import act, instrument, ledger, participant, ratified, signed, withdrew
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.sync.comparison import PrintedAction, compare_actions

R, A, D, S = ActionKind.RATIFICATION, ActionKind.ACCEPTANCE, ActionKind.ACCESSION, ActionKind.SIGNATURE
ANY = ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL


def seen(kind, date, *, bracketed=False, code="FRA"):
    return PrintedAction(participant=code, kind=kind, date=PartialDate.parse(date), bracketed=bracketed)


def compared(printed, *held):
    record = ledger(
        participant("FRA"), participant("CSK", exists_to="1992-12-31"),
        instrument("untoc", withdrawal_delay="1y"), *held,
    )  # fmt: skip
    found = compare_actions(record, "untoc", printed)
    names = ("new", "corrected", "moved", "confirmed", "ended", "followed", "unclear", "missing")
    return {name: len(getattr(found, name)) for name in names if getattr(found, name)}


@pytest.mark.parametrize(
    ("printed", "held", "found"),
    [
        ([seen(R, "2003-01-01")], [ratified("FRA", "untoc", "2003-01-01")], {"confirmed": 1}),
        ([seen(ANY, "2003-01-01")], [ratified("FRA", "untoc", "2003-01-01")], {"confirmed": 1}),
        ([seen(R, "2003-01-01")], [act(ANY, "FRA", "untoc", "2003-01-01")], {"corrected": 1}),
        ([seen(ANY, "2003-01-01")], [act(ANY, "FRA", "untoc", "2003-01-01")], {"confirmed": 1}),
        ([seen(A, "2003-01-01")], [ratified("FRA", "untoc", "2003-01-01")], {"corrected": 1}),
        ([seen(R, "2003")], [ratified("FRA", "untoc", "2003-01-01")], {"confirmed": 1}),
        ([seen(R, "2003-01-01")], [ratified("FRA", "untoc", "2003")], {"corrected": 1}),
        ([seen(R, "2003-01-01")], [ratified("FRA", "untoc")], {"corrected": 1}),
        ([seen(R, "2003-01-01")], [signed("FRA", "untoc", "2003-01-01")], {"new": 1, "missing": 1}),
        ([seen(D, "2013-01-01")], [ratified("FRA", "untoc", "2003-01-01")], {"new": 1, "followed": 1}),
        ([seen(R, "2013-01-01")], [ratified("FRA", "untoc", "2003-01-01")], {"moved": 1}),
        ([seen(R, "2003-01-20")], [ratified("FRA", "untoc", "2003-01-01")], {"corrected": 1}),
        ([seen(R, "2003-02-20")], [ratified("FRA", "untoc", "2003-01-01", effective_on="2003-02-01")], {"moved": 1}),
        ([seen(R, "2005-09-16")], [act(D, "FRA", "untoc", "2006-02-28")], {"corrected": 1}),
        ([seen(S, "2013-01-01")], [signed("FRA", "untoc", "2003-01-01")], {"corrected": 1}),
        ([seen(ActionKind.CONSENT_TO_BE_BOUND, "2003")], [act(D, "FRA", "untoc", "2003-01-01")], {"confirmed": 1}),
        ([seen(R, "2003-01-01")], [], {"new": 1}),
        ([], [ratified("FRA", "untoc", "2003-01-01")], {"missing": 1}),
        ([], [ratified("CSK", "untoc", "1990-01-01")], {}),
        ([], [ratified("FRA", "untoc", "2003-01-01", territory="Réunion")], {}),
        ([], [act(ActionKind.PROVISIONAL_APPLICATION, "FRA", "untoc", "2003-01-01")], {}),
    ],
)
def test_one_act_beside_another(printed, held, found):
    assert compared(printed, *held) == found


def test_one_act_given_by_two_sources_is_confirmed_for_both():
    held = ratified("FRA", "untoc", "2003-01-01")
    again = ratified("FRA", "untoc", "2003-01-01", source="another")
    assert compared([seen(R, "2003-01-01")], held, again) == {"confirmed": 2}


def test_brackets_that_a_plain_act_of_the_same_day_replaced_say_nothing():
    printed = [seen(A, "2003-01-01", bracketed=True), seen(R, "2003-01-01")]
    assert compared(printed, ratified("FRA", "untoc", "2003-01-01")) == {"confirmed": 1}


@pytest.mark.parametrize("bracketed", [True, False])
def test_an_act_that_ended_is_no_more_expected_and_no_candidate_for_a_correction(bracketed):
    held = [ratified("FRA", "untoc", "2003-01-01"), withdrew("FRA", "untoc", "2010-01-01")]
    printed = [seen(R, "2003-01-01", bracketed=True)] * bracketed + [seen(R, "2015-01-01")]
    assert compared(printed, *held) == {"new": 1} | ({"confirmed": 1} if bracketed else {})


def test_brackets_without_an_end_in_the_record_are_told():
    printed = [seen(R, "2003-01-01", bracketed=True)]
    assert compared(printed, ratified("FRA", "untoc", "2003-01-01")) == {"ended": 1}
    assert compared(printed) == {"ended": 1}


def test_of_several_held_acts_the_nearest_is_corrected():
    held = [signed("FRA", "untoc", "2001-01-01"), signed("FRA", "untoc", "2002-05-02")]
    record = ledger(participant("FRA"), instrument("untoc"), *held)
    found = compare_actions(record, "untoc", [seen(S, "2002-05-03")])
    assert [before for before, _ in found.corrected] == [held[1]]
    assert found.missing == [held[0]]
