"""What views of different days share is what each would work out for itself, whatever is asked first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import act, instrument, participant, ratified, signed
from tracker.law import consents as spells
from tracker.law.bindings import bindings
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import consents, entry_into_force
from tracker.law.gaps import (
    CONSENTING,
    UNKNOWN_WHERE_PARTIAL,
    absences_by_participant,
    consented_by_participant,
    gaps_of_participant,
)
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind, ParticipantKind
from tracker.law.status import ParticipantStatus, participant_standing, participant_standings, status
from tracker.law.status import _standing_of_concerned as standing_of_concerned

NOW = datetime(2030, 1, 1, tzinfo=UTC)
INSTRUMENTS = (
    instrument("pact", threshold=2, delay="90d", party_delay="30d", withdrawal_delay="6m", opened_on="2000-01-01"),
    instrument("protocol", parent="pact", threshold=2, delay="30d", conditions="requires=pact; falls-with=pact"),
    instrument("inner", parent="pact", threshold=1, delay="0d", party_delay="1m", conditions="party-requires=pact"),
    instrument("term", threshold=2, delay="1m+month", conditions="reio=yes; ends-below=2; consent-lasts=3y"),
    instrument("old", threshold=1, delay="0d", conditions="denounced-by=pact"),
    instrument("ways", conditions="any(clause(deposits>=3; delay=0d), clause(AAA>=all; delay=1y))"),
)
PARTICIPANTS = (
    *(participant(code) for code in ("AAA", "BBB", "CCC")),
    participant("NEW", exists_from="2004-06-15"),
    participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="2004-06-14", successors=("NEW",)),
    participant("NOW", exists_from="2006-01-01", continues=("THEN",)),
    participant("THEN", kind=ParticipantKind.FORMER_STATE, exists_to="2005-12-31"),
    participant("EUU", kind=ParticipantKind.REIO),
)
exact = st.dates(date(2000, 1, 1), date(2012, 12, 31)).map(PartialDate.of)
inexact = st.builds("{:04}-{:02}".format, st.integers(2000, 2012), st.integers(1, 12)).map(PartialDate.parse)
acts = st.builds(
    act,
    st.sampled_from([*ActionKind, *[ActionKind.RATIFICATION, ActionKind.ACCESSION, ActionKind.WITHDRAWAL] * 6]),
    st.sampled_from([each.code for each in PARTICIPANTS]),
    st.sampled_from([each.id for each in INSTRUMENTS]),
    st.one_of(exact, exact, exact, inexact, st.none()),
    territory=st.sampled_from(["", "", "", "Island"]),
)
many_days = st.lists(st.dates(date(1999, 12, 1), date(2014, 1, 1)), min_size=2, max_size=6)


def answers(view: Ledger) -> str:
    return repr([
        (status(view, id), participant_standings(view, id), dict(consents(view, id)), dict(bindings(view, id)))
        for id in view.instruments
    ])  # fmt: skip


@given(st.lists(acts, max_size=12), st.dates(date(1999, 12, 1), date(2014, 1, 1)))
@settings(deadline=None, max_examples=40)
def test_who_has_nothing_to_say_stands_as_one_whose_standing_is_worked_out(actions, day):
    view = Ledger((*INSTRUMENTS, *PARTICIPANTS, *actions)).as_of(day)
    for terms in INSTRUMENTS:
        for who in PARTICIPANTS:
            worked_out = standing_of_concerned(view, terms, who.code)
            assert participant_standing(view, terms.id, who.code) == worked_out


@given(st.lists(acts, max_size=20), st.dates(date(1999, 12, 1), date(2014, 1, 1)))
@settings(deadline=None, max_examples=40)
def test_what_is_counted_by_instrument_is_what_each_participant_has_one_by_one(actions, day):
    view = Ledger((*INSTRUMENTS, *PARTICIPANTS, *actions)).as_of(day)
    consented, absent = consented_by_participant(view), absences_by_participant(view)
    for who in PARTICIPANTS:
        held = [id for id in view.instruments if participant_standing(view, id, who.code).status in CONSENTING]
        gaps = [gap for gap in gaps_of_participant(view, who.code) if gap.kind in UNKNOWN_WHERE_PARTIAL]
        assert list(consented.get(who.code, ())) == held
        assert absent.get(who.code, 0) == len(gaps)


@given(st.lists(acts, max_size=25), many_days)
@settings(deadline=None, max_examples=150)
def test_every_day_has_the_answers_that_it_has_alone_whichever_is_asked_first(actions, days):
    whole = Ledger((*INSTRUMENTS, *PARTICIPANTS, *actions))
    for day in (*days, *reversed(days)):
        alone = whole.known_at(NOW).as_of(day)  # sees what was recorded by a moment, so it shares nothing
        assert alone.shared_acts("pact") is None
        assert answers(whole.as_of(day)) == answers(alone)


PACT = INSTRUMENTS[0]
TWO = (ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2001-02-01"))


def record(*more):
    return Ledger((PACT, *PARTICIPANTS, *TWO, *more))


def test_a_row_that_stays_the_same_is_one_object_on_all_days():
    whole = record(signed("CCC", "pact", "2000-05-05"))
    one, other = (participant_standing(whole.as_of(date(year, 1, 1)), "pact", "AAA") for year in (2005, 2010))
    assert one is other
    assert one.status is ParticipantStatus.PARTY


def test_a_withdrawal_recorded_later_and_one_taken_back_are_seen_at_once():
    whole, leaving = record(), act(ActionKind.WITHDRAWAL, "AAA", "pact", "2005-01-01")
    day = date(2006, 1, 1)
    assert participant_standing(whole.as_of(day), "pact", "AAA").status is ParticipantStatus.PARTY
    left = whole.renewed([], [leaving])
    assert participant_standing(left.as_of(day), "pact", "AAA").status is ParticipantStatus.WITHDRAWN
    back = left.renewed([replace(leaving, retracted_at=NOW)], [])
    assert participant_standing(back.as_of(day), "pact", "AAA").status is ParticipantStatus.PARTY
    assert participant_standing(left.as_of(day + timedelta(1)), "pact", "AAA").status is ParticipantStatus.WITHDRAWN


def test_other_terms_and_other_participants_have_answers_of_their_own():
    whole, day = record(), date(2006, 1, 1)
    assert entry_into_force(whole.as_of(day), "pact").date == date(2001, 5, 2)
    drafted = whole.with_instrument(replace(PACT, threshold=1))
    assert entry_into_force(drafted.as_of(day), "pact").date == date(2001, 4, 1)
    assert entry_into_force(whole.as_of(day + timedelta(1)), "pact").date == date(2001, 5, 2)
    gone = replace(PARTICIPANTS[0], exists_to=PartialDate.parse("2002-12-31"))
    ended = Ledger((PACT, gone, *PARTICIPANTS[1:], *TWO))
    assert participant_standing(ended.as_of(day), "pact", "AAA").status is ParticipantStatus.NONE


def test_of_a_treaty_with_more_acts_than_are_held_nothing_is_held(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spells, "MAX_ACTS", 1)
    whole = record()
    one, other = (participant_standing(whole.as_of(date(year, 1, 1)), "pact", "AAA") for year in (2005, 2010))
    assert one == other
    assert one is not other
