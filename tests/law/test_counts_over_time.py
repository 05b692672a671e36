"""The counts of an instrument through time are, on every day, what the record of that day says by itself."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given

from tests.law.test_properties import INSTRUMENTS, brief, days, many
from tests.law.test_properties import ledger as made_up
from tests.support.builders import act, instrument, ledger, participant, ratified, signed, withdrew
from tracker.law.consents import signatories
from tracker.law.counts import counts_over_time
from tracker.law.entry_into_force import parties
from tracker.law.model import ActionKind, ParticipantKind

PACT = instrument("pact", opened_on="2000-06-01", withdrawal_delay="1y")
OLD = participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="2003-12-31")
STATES = (participant("AAA"), participant("BBB"), OLD)


def counts(*acts):
    """The first day of each span with its counts."""
    found = counts_over_time(ledger(PACT, *STATES, *acts), "pact")
    return [(held.span.first.isoformat(), held.signatories, held.parties) for held in found]


def covering(held, day):
    return [each for each in held if each.span.first <= day and (each.span.last is None or day <= each.span.last)]


@given(many, days, days)
@brief
def test_every_day_has_the_counts_that_its_own_record_gives(actions, horizon, day):
    whole = made_up(actions).as_of(max(horizon, day))
    for each in INSTRUMENTS:
        then = whole.as_of(day)
        expected = (len(signatories(then, each.id)), len(parties(then, each.id)))
        found = [(held.signatories, held.parties) for held in covering(counts_over_time(whole, each.id), day)]
        assert found == [expected] or (found == [] and expected == (0, 0))


@given(many, days)
@brief
def test_the_spans_follow_each_other_without_a_gap_and_the_last_is_open(actions, day):
    for each in INSTRUMENTS:
        held = counts_over_time(made_up(actions).as_of(day), each.id)
        for one, next_one in pairwise(held):
            assert one.span.last + timedelta(days=1) == next_one.span.first
        assert not held or held[-1].span.last is None


def test_real_counts_are_those_of_each_day_by_itself(record):
    for treaty in record.instruments:
        for held in counts_over_time(record, treaty)[::7]:
            then = record.as_of(held.span.first)
            assert held.signatories == len(signatories(then, treaty)), (treaty, held)
            assert held.parties == len(parties(then, treaty)), (treaty, held)


def test_before_its_opening_there_is_nothing_to_count():
    assert counts_over_time(ledger(PACT, *STATES).as_of(date(2000, 5, 31)), "pact") == ()
    assert counts() == [("2000-06-01", 0, 0)]


def test_a_party_is_counted_until_its_withdrawal_takes_effect():
    found = counts(ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2002-01-01"))
    assert found == [("2000-06-01", 0, 0), ("2001-01-01", 0, 1), ("2003-01-01", 0, 0)]


def test_a_withdrawal_that_was_cancelled_in_time_changes_no_count():
    cancelled = act(ActionKind.WITHDRAWAL_CANCELLED, "AAA", "pact", "2002-06-01")
    found = counts(ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2002-01-01"), cancelled)
    assert found == [("2000-06-01", 0, 0), ("2001-01-01", 0, 1)]


def test_a_state_that_ceased_to_exist_is_counted_no_longer():
    found = counts(signed("OLD", "pact", "2001-01-01"), ratified("OLD", "pact", "2002-01-01"))
    assert found[1:] == [("2001-01-01", 1, 0), ("2002-01-01", 1, 1), ("2004-01-01", 0, 0)]


def test_an_act_of_a_state_that_was_no_more_is_never_counted():
    assert counts(ratified("OLD", "pact", "2005-01-01"))[-1][1:] == (0, 0)
