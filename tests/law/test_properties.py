"""What must hold of every record: properties on ledgers that Hypothesis makes up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import act, instrument, participant
from tracker.law.bindings import bound_participants
from tracker.law.checks import run_checks
from tracker.law.consents import signatories
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import entry_into_force, parties
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind, ParticipantKind
from tracker.law.status import (
    NO_ACTION,
    actions_behind,
    participant_standing,
    participant_standings,
    status_of,
    statuses,
    statuses_of_participants,
)

LAST = date(2012, 12, 31)
INSTRUMENTS = (
    instrument("pact", threshold=3, delay="90d", party_delay="30d", withdrawal_delay="6m", opened_on="2000-01-01"),
    instrument(
        "annex", parent="pact", threshold=2, delay="month+2", conditions="requires=pact; acts=ratification|accession"
    ),
    instrument("union", threshold=2, delay="1m+month", party_delay="1m", conditions="reio=yes; ends-below=2"),
)
COUNTED = ("pact", "union")  # their clauses only count, so one deposit more can only help
PARTICIPANTS = (
    *(participant(code) for code in ("AAA", "BBB", "CCC", "DDD")),
    participant("NEW", exists_from="2004-06-15"),
    participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="2004-06-14", successors=("NEW",)),
    participant("EUU", kind=ParticipantKind.REIO),
)
CODES = [each.code for each in PARTICIPANTS]
KINDS = [kind for kind in ActionKind if kind is not ActionKind.TERRITORIAL_EXTENSION]

exact = st.dates(date(2000, 1, 1), LAST).map(PartialDate.of)
inexact = st.builds("{:04}-{:02}".format, st.integers(2000, 2012), st.integers(1, 12)).map(PartialDate.parse)
whens = st.one_of(exact, exact, exact, inexact, st.none())
days = st.dates(date(1999, 12, 1), date(2014, 1, 1))
acts = st.builds(
    act, st.sampled_from(KINDS), st.sampled_from(CODES), st.sampled_from([i.id for i in INSTRUMENTS]), whens
)
deposits = st.builds(
    act, st.sampled_from([k for k in KINDS if k.consents]), st.sampled_from(CODES), st.just("pact"), exact
)
many = st.lists(acts, max_size=25)
brief = settings(deadline=None, max_examples=60)


def ledger(actions) -> Ledger:
    return Ledger((*INSTRUMENTS, *PARTICIPANTS, *actions))


def answers(view: Ledger):
    """Everything the law says of a ledger."""
    found = [(s.signatories, s.parties, s.bound, s.entry) for s in statuses(view)]
    where = [standing for each in INSTRUMENTS for standing in participant_standings(view, each.id)]
    return found, where, [(f.check, f.text) for f in run_checks(view, LAST)]


def plain(view: Ledger):
    """The same, as text: two ledgers that say it alike are alike to everyone."""
    return repr(answers(view))


@given(many, days)
@brief
def test_the_short_answers_to_where_one_stands_say_what_the_long_one_says(actions, day):
    view = ledger(actions).as_of(day)
    for id in view.instruments:
        for code in CODES:
            whole = participant_standing(view, id, code)
            assert (
                status_of(view, id, code)
                == statuses_of_participants(view, id).get(code, NO_ACTION)
                == (whole.status, whole.since)
            )
            assert actions_behind(view, id, code) == whole.acts


@given(many, days)
@brief
def test_looking_as_of_a_day_twice_changes_nothing(actions, day):
    once = ledger(actions).as_of(day)
    assert plain(once.as_of(day)) == plain(once)


@given(many, days, days)
@brief
def test_of_two_days_the_earlier_is_seen(actions, one, other):
    whole = ledger(actions)
    assert plain(whole.as_of(one).as_of(other)) == plain(whole.as_of(min(one, other)))


@given(many, days)
@brief
def test_who_is_party_never_depends_on_later_acts(actions, day):
    known = [each for each in actions if each.date is None or each.date.first <= day]  # that may have been done by then
    then, forgotten = ledger(actions).as_of(day), ledger(known).as_of(day)
    assert answers(then)[:2] == answers(forgotten)[:2]


@given(many, many, days)
@brief
def test_looking_back_and_supposing_may_be_done_in_either_order(actions, supposed, day):
    whole = ledger(actions)
    assert plain(whole.as_of(day).with_actions(supposed)) == plain(whole.with_actions(supposed).as_of(day))


@given(many, many, days)
@brief
def test_supposing_an_act_says_what_recording_it_would_say(actions, supposed, day):
    assert plain(ledger(actions).with_actions(supposed).as_of(day)) == plain(ledger([*actions, *supposed]).as_of(day))


@given(many.flatmap(lambda actions: st.tuples(st.just(actions), st.permutations(actions))), days)
@brief
def test_the_order_in_which_acts_were_recorded_never_matters(orders, day):
    one, other = orders
    assert plain(ledger(one).as_of(day)) == plain(ledger(other).as_of(day))


@given(st.lists(deposits, max_size=8), deposits, days)
@brief
def test_one_deposit_more_never_delays_entry_into_force(held, more, day):
    before, after = (entry_into_force(ledger(each).as_of(day), "pact") for each in (held, [*held, more]))
    if before.date:
        assert after.date
        assert after.date <= before.date


@given(many, days)
@brief
def test_no_count_is_ever_negative_or_more_than_there_are_participants(actions, day):
    for now in statuses(ledger(actions).as_of(day)):
        assert 0 <= now.bound <= len(PARTICIPANTS)
        assert 0 <= now.parties <= len(PARTICIPANTS)
        assert now.entry.threshold.counted >= 0
        assert (now.entry.threshold.remaining or 0) >= 0


@given(many, days)
@brief
def test_only_contracting_parties_are_bound(actions, day):
    view = ledger(actions).as_of(day)
    for each in INSTRUMENTS:
        assert bound_participants(view, each.id) <= parties(view, each.id)


@given(many, days, st.integers(0, 3000))
@brief
def test_signatories_never_become_fewer_unless_one_ceases_to_exist(actions, day, later):
    whole = ledger(actions)
    for each in INSTRUMENTS:
        before = signatories(whole.as_of(day), each.id)
        after = signatories(whole.as_of(day + timedelta(days=later)), each.id)
        assert before - after <= {"OLD"}


@given(many, days)
@brief
def test_an_instrument_in_force_has_a_day_that_has_come(actions, day):
    for now in statuses(ledger(actions).as_of(day)):
        if now.entry.status == "in-force":
            assert now.entry.date <= day
        if now.bound:
            assert now.entry.status in {"in-force", "undetermined"}


@given(st.lists(deposits, max_size=8), days, days)
@brief
def test_a_day_once_computed_does_not_move_while_time_passes(held, one, other):
    early, late = (entry_into_force(ledger(held).as_of(day), "pact") for day in sorted((one, other)))
    if early.date:
        assert late.date == early.date
        assert late.threshold.reached_by == early.threshold.reached_by


@pytest.mark.parametrize("treaty", COUNTED)
@given(many, st.integers(1, 6))
@brief
def test_a_lower_threshold_is_never_reached_later(treaty, actions, threshold):
    whole = ledger([each for each in actions if each.day])
    lower, higher = (
        whole.with_instrument(replace(whole.instrument(treaty), threshold=number))
        for number in (threshold, threshold + 1)
    )
    reached = [entry_into_force(each, treaty).threshold.reached_on for each in (lower, higher)]
    if reached[1]:
        assert reached[0]
        assert reached[0] <= reached[1]
