"""A ledger renewed by what changed is the ledger made anew of all facts, and costs only what changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import act, instrument, participant, ratified, stated
from tests.support.ledger_contents import contents
from tracker.law.affected import affected_instruments
from tracker.law.changes import changes_between
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Membership
from tracker.law.status import participant_standings, status

BEGUN = datetime(2020, 1, 1, tzinfo=UTC)
CODES = ("AAA", "BBB", "CCC")
TREATIES = ("pact", "annex", "other", "waits")
TERMS = {
    "pact": {"threshold": 2, "delay": "90d"},
    "annex": {"threshold": 1, "delay": "0d", "parent": "pact"},
    "other": {"threshold": 1, "delay": "30d"},
    "waits": {"conditions": "parties(other)>=1", "delay": "0d"},
}
KINDS = (ActionKind.SIGNATURE, ActionKind.RATIFICATION, ActionKind.ACCESSION, ActionKind.WITHDRAWAL)

days = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2004, 1, 1)).map(PartialDate.of))
short = st.sampled_from(("Pact", "Treaty"))
facts = st.one_of(
    st.builds(act, st.sampled_from(KINDS), st.sampled_from(CODES), st.sampled_from(TREATIES), days),
    st.builds(act, st.sampled_from(KINDS), st.sampled_from(CODES), st.sampled_from(TREATIES), days),
    st.builds(stated, st.just("reservation"), st.sampled_from(CODES), st.sampled_from(TREATIES), days),
    st.builds(lambda code, start: Membership(body="club", participant=code, start=start), st.sampled_from(CODES), days),
    st.builds(lambda code, note: participant(code, note=note), st.sampled_from(CODES), st.sampled_from("xy")),
    st.builds(lambda name, short: instrument(name, short_name=short, **TERMS[name]), st.sampled_from(TREATIES), short),
)
changes = st.lists(st.tuples(st.lists(facts, max_size=3), st.integers(0, 3)), min_size=1, max_size=6)
FIRST = [*(participant(code) for code in CODES), *(instrument(id, **TERMS[id]) for id in TREATIES)]


class History:
    """A record that changes step by step: all its facts as the storage would give them, in the order of the record."""

    def __init__(self):
        self.moment = BEGUN
        self.rows = [replace(fact, recorded_at=BEGUN) for fact in FIRST]

    def change(self, come, goes):
        """Facts come, those on their keys go, and so many others; what was retracted and what came."""
        self.moment += timedelta(days=1)
        live = [fact for fact in self.rows if fact.retracted_at is None]
        new = [fact for fact in dict.fromkeys(come) if fact not in live]
        keyed = {(type(fact), fact.subject) for fact in new if not isinstance(fact, Action)}
        new = list({(type(f), f.subject) if (type(f), f.subject) in keyed else f: f for f in new}.values())
        going = [fact for fact in live if (type(fact), fact.subject) in keyed]
        going += [fact for fact in live if isinstance(fact, Action) and fact not in going][:goes]
        retracted = [replace(fact, retracted_at=self.moment) for fact in going]
        new = [replace(fact, recorded_at=self.moment) for fact in new]
        gone = {id(fact): after for fact, after in zip(going, retracted, strict=True)}
        self.rows = [gone.get(id(fact), fact) for fact in self.rows] + new
        return retracted, new

    @property
    def ledger(self):
        """The whole record made anew; a corrected fact has the place of the one that it corrects."""
        first = {}
        for place, fact in enumerate(self.rows):
            first.setdefault((type(fact), fact.subject), place)
        return Ledger(sorted(self.rows, key=lambda fact: first[type(fact), fact.subject]))


@given(changes)
@settings(deadline=None, max_examples=60)
def test_a_ledger_renewed_step_by_step_equals_one_made_anew(steps):
    history = History()
    renewed = history.ledger
    for come, goes in steps:
        renewed = renewed.renewed(*history.change(come, goes))
        anew = history.ledger
        assert contents(renewed) == contents(anew)
        for moment in (BEGUN, history.moment - timedelta(hours=1), None):
            assert contents(renewed.known_at(moment)) == contents(anew.known_at(moment))


@given(changes, st.dates(date(2000, 1, 1), date(2005, 1, 1)))
@settings(deadline=None, max_examples=40)
def test_the_instruments_that_a_change_does_not_affect_say_the_same_before_and_after(steps, day):
    history = History()
    before = history.ledger
    for come, goes in steps:
        after = before.renewed(*history.change([fact for fact in come if isinstance(fact, Action)], goes))
        one, other = before.as_of(day), after.as_of(day)
        affected = affected_instruments(one, other)
        for id in set(TREATIES) - set(affected):
            assert repr(status(one, id)) == repr(status(other, id))
            assert repr(participant_standings(one, id)) == repr(participant_standings(other, id))
        anew = history.ledger.as_of(day)
        assert {change.key for change in changes_between(one, other)} == {
            change.key for change in changes_between(one, anew)
        }
        before = after


def test_renewing_leaves_the_ledger_before_as_it_was_and_shares_what_did_not_change():
    before = Ledger([*FIRST, ratified("AAA", "pact", "2001-01-01"), ratified("AAA", "other", "2001-01-01")])
    was = contents(before)
    after = before.renewed([], [ratified("BBB", "pact", "2001-02-01")])
    assert contents(before) == was
    assert after.instruments_with_own_acts(before) == {"pact"}
    assert after.has_same_reference_facts(before)
    another_day = before.as_of(date(2001, 1, 15))
    assert after.instruments_with_own_acts(another_day) >= {"pact", "other"}, "another day may show other acts"


def test_what_follows_from_one_ledger_is_not_believed_of_the_next():
    before = Ledger([*FIRST, ratified("AAA", "pact", "2001-01-01")])
    assert status(before, "pact").parties == 1
    after = before.renewed([], [ratified("BBB", "pact", "2001-02-01")])
    assert status(after, "pact").parties == 2


@pytest.mark.parametrize(
    "fact", [ratified("AAA", "pact", "2001-01-01"), participant("ZZZ")], ids=["act", "participant"]
)
def test_a_fact_that_the_ledger_does_not_have_cannot_be_retracted(fact):
    with pytest.raises(KeyError):
        Ledger(FIRST).renewed([replace(fact, retracted_at=BEGUN)], [])


def test_a_view_is_not_renewed():
    with pytest.raises(ValueError, match="whole record"):
        Ledger(FIRST).as_of(date(2001, 1, 1)).renewed([], [])
