"""From the threshold to the day: fixed days, floors, prerequisites; and how an instrument ends again."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.builders import acceded, instrument, ledger, participant, ratified, withdrew
from tracker.law.entry_into_force import entry_into_force
from tracker.law.status import status
from tracker.law.threshold import ForceStatus

PACT = instrument("pact", threshold=2, delay="90d", party_delay="30d", article="Art. 9", withdrawal_delay="1y")
STATES = tuple(participant(code) for code in ("AAA", "BBB", "CCC", "DDD"))


def day(text: str) -> date:
    return date.fromisoformat(text)


def two(pact, *facts):
    """The pact with its threshold reached on 1 March 2001."""
    return ledger(pact, *STATES, ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2001-03-01"), *facts)


@pytest.mark.parametrize(
    ("conditions", "lands"),
    [
        ("", "2001-05-30"),
        ("on=2001-03-01", "2001-03-01"),
        ("on=2002-01-01", "2002-01-01"),
        ("on=2001-02-28", "2001-05-30"),
        ("not-before=2001-05-30", "2001-05-30"),
        ("not-before=2003-01-01", "2003-01-01"),
        ("not-before=opening+2y", "2002-07-01"),
        ("not-before=adoption+1m", "2001-05-30"),
    ],
)
def test_floors_and_fixed_days_move_the_day_of_entry_into_force(conditions, lands):
    pact = instrument(
        "pact", threshold=2, delay="90d", conditions=conditions, opened_on="2000-07-01", adopted_on="2000-01-01"
    )
    assert entry_into_force(two(pact), "pact").date == day(lands)


def test_a_prerequisite_that_is_in_force_changes_nothing_and_a_later_one_is_waited_for():
    pact = replace(PACT, conditions="requires=first")
    early = instrument("first", threshold=1, delay="0d")
    assert entry_into_force(two(pact, early, ratified("AAA", "first", "2001-01-01")), "pact").date == day("2001-05-30")
    late = entry_into_force(two(pact, early, ratified("AAA", "first", "2004-01-01")), "pact")
    assert late.date == day("2004-01-01")
    assert late.steps[-1].about == "prerequisite"


def test_a_prerequisite_without_a_day_keeps_the_instrument_waiting():
    waits = two(replace(PACT, conditions="requires=first"), instrument("first", threshold=1, delay="0d"))
    entry = entry_into_force(waits, "pact")
    assert (entry.status, entry.date, entry.threshold.remaining) == (ForceStatus.PENDING, None, 0)
    assert "must be in force first: no date yet" in entry.why


def test_instruments_that_wait_for_each_other_are_undetermined_not_endless():
    other = instrument("other", threshold=1, delay="0d", conditions="requires=pact")
    whole = two(replace(PACT, conditions="requires=other"), other, ratified("AAA", "other", "2001-01-01"))
    assert "require each other" in entry_into_force(whole, "pact").missing[0]


# -- the end ------------------------------------------------------------------------------------------


def test_an_instrument_ends_when_its_parties_become_too_few():
    whole = two(replace(PACT, conditions="ends-below=2"), withdrew("AAA", "pact", "2005-01-01"))
    assert entry_into_force(whole.as_of(day("2005-12-31")), "pact").status is ForceStatus.IN_FORCE
    ended = entry_into_force(whole.as_of(day("2006-01-01")), "pact")
    assert (ended.status, ended.ended_on) == (ForceStatus.TERMINATED, day("2006-01-01"))
    assert status(whole.as_of(day("2006-01-01")), "pact").bound == 0


def test_parties_that_are_too_few_for_too_short_a_time_end_nothing():
    pact = replace(PACT, conditions="ends-below=2 for 12m")
    refilled = two(pact, withdrew("AAA", "pact", "2005-01-01"), acceded("CCC", "pact", "2006-11-01"))
    assert entry_into_force(refilled.as_of(day("2008-01-01")), "pact").status is ForceStatus.IN_FORCE
    left = two(pact, withdrew("AAA", "pact", "2005-01-01"))
    assert entry_into_force(left.as_of(day("2006-12-31")), "pact").status is ForceStatus.IN_FORCE
    assert entry_into_force(left.as_of(day("2007-01-01")), "pact").ended_on == day("2007-01-01")


def test_without_a_clause_an_instrument_outlives_the_number_that_brought_it_into_force():
    whole = two(PACT, withdrew("AAA", "pact", "2005-01-01"), withdrew("BBB", "pact", "2005-01-01"))
    assert entry_into_force(whole.as_of(day("2010-01-01")), "pact").status is ForceStatus.IN_FORCE


def test_an_instrument_for_a_term_ends_with_it():
    whole = two(replace(PACT, conditions="ends-after=5y"))
    assert entry_into_force(whole.as_of(day("2006-05-29")), "pact").status is ForceStatus.IN_FORCE
    assert entry_into_force(whole.as_of(day("2006-05-30")), "pact").ended_on == day("2006-05-30")
