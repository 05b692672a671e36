"""The ledger's two clocks and its views: what is seen up to a day, what was known at a moment, what is supposed."""

import gc
from dataclasses import replace
from datetime import UTC, date, datetime
from weakref import ref

import pytest

from tests.support.builders import acceded, body, instrument, ledger, participant, ratified, signed
from tracker.errors import NotFound
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import parties
from tracker.law.ledger import Ledger, memoized, memoized_recent
from tracker.law.model import Assessment, Mandate, Membership, PublishedCount, Weight

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
TUESDAY = datetime(2024, 1, 2, tzinfo=UTC)
FRIDAY = datetime(2024, 1, 5, tzinfo=UTC)
WORLD = (instrument("pact", threshold=2, delay="30d"), participant("AAA"), participant("BBB"), participant("CCC"))


def day(text: str) -> date:
    return date.fromisoformat(text)


def codes(view: Ledger) -> set[str]:
    return {act.participant for act in view.acts("pact")}


def test_acts_later_than_the_day_are_not_there():
    whole = ledger(*WORLD, ratified("AAA", "pact", "2001-05-01"), ratified("BBB", "pact", "2002-05-01"))
    assert codes(whole.as_of(day("2001-05-01"))) == {"AAA"}
    assert codes(whole.as_of(day("2001-04-30"))) == set()
    assert codes(whole) == {"AAA", "BBB"}


def test_a_view_never_looks_beyond_its_own_day():
    whole = ledger(*WORLD, ratified("AAA", "pact", "2001-05-01"), ratified("BBB", "pact", "2002-05-01"))
    assert codes(whole.as_of(day("2001-06-01")).as_of(day("2003-01-01"))) == {"AAA"}
    assert whole.as_of(None) is whole


def test_acts_are_read_in_date_order_however_they_were_recorded():
    acts = [ratified("CCC", "pact", "2003-01-01"), signed("AAA", "pact", "2001-01-01"), acceded("BBB", "pact", "2002")]
    assert [act.participant for act in ledger(*WORLD, *acts).acts("pact")] == ["AAA", "BBB", "CCC"]


@pytest.mark.parametrize(
    ("known", "unseen", "seen"),
    [
        ("2002", "2002-12-30", "2002-12-31"),
        ("2002-02", "2002-02-27", "2002-02-28"),
        ("2002-02-03", "2002-02-02", "2002-02-03"),
    ],
)
def test_an_inexact_act_is_seen_only_once_it_had_certainly_been_done(known, unseen, seen):
    whole = ledger(*WORLD, ratified("AAA", "pact", known))
    assert codes(whole.as_of(day(unseen))) == set()
    assert codes(whole.as_of(day(seen))) == {"AAA"}


def test_an_undated_act_is_shown_and_dated_nowhere():
    act = ratified("AAA", "pact")
    whole = ledger(*WORLD, act)
    assert whole.acts("pact") == ()
    assert whole.undated("pact") == (act,)
    assert whole.undated("pact", "AAA") == (act,)
    assert whole.undated("pact", "BBB") == ()
    assert whole.actors("pact") == ("AAA",)


def test_acts_are_found_by_participant_and_by_both():
    one, other = ratified("AAA", "pact", "2001-05-01"), signed("BBB", "pact", "2001-05-01")
    whole = ledger(*WORLD, one, other)
    assert whole.acts_by("AAA") == (one,)
    assert whole.acts_of("pact", "BBB") == (other,)
    assert whole.acts_of("pact", "CCC") == ()


# -- what was known ---------------------------------------------------------------------------------


def recorded(act, at, until=None):
    return replace(act, recorded_at=at, retracted_at=until)


def test_a_correction_shows_the_old_fact_at_the_old_moment_and_the_new_one_since():
    old = recorded(ratified("AAA", "pact", "2001-05-01"), MONDAY, FRIDAY)
    new = recorded(ratified("AAA", "pact", "2001-06-01"), FRIDAY)
    whole = ledger(*WORLD, old, new)
    assert [act.day for act in whole.known_at(TUESDAY).acts("pact")] == [day("2001-05-01")]
    assert [act.day for act in whole.known_at(FRIDAY).acts("pact")] == [day("2001-06-01")]
    assert [act.day for act in whole.acts("pact")] == [day("2001-06-01")]


def test_what_was_recorded_later_was_not_known_before():
    whole = ledger(*WORLD, recorded(ratified("AAA", "pact", "2001-05-01"), TUESDAY))
    assert whole.known_at(MONDAY).acts("pact") == ()
    assert len(whole.known_at(TUESDAY).acts("pact")) == 1


def test_terms_that_were_corrected_come_back_at_the_old_moment():
    old = recorded(instrument("pact", threshold=2, delay="30d"), MONDAY, FRIDAY)
    new = recorded(instrument("pact", threshold=3, delay="30d"), FRIDAY)
    assert ledger(old, new).known_at(TUESDAY).instrument("pact").threshold == 2
    assert ledger(old, new).instrument("pact").threshold == 3


@pytest.mark.parametrize("moment", [MONDAY, TUESDAY, FRIDAY])
@pytest.mark.parametrize("on", ["2001-04-30", "2001-05-01", "2001-06-01", "2003-01-01"])
def test_the_two_clocks_are_independent_and_their_order_does_not_matter(moment, on):
    whole = ledger(
        *WORLD,
        recorded(ratified("AAA", "pact", "2001-05-01"), MONDAY, FRIDAY),
        recorded(ratified("AAA", "pact", "2001-06-01"), FRIDAY),
        recorded(ratified("BBB", "pact", "2000-01-01"), TUESDAY),
    )
    one, other = whole.as_of(day(on)).known_at(moment), whole.known_at(moment).as_of(day(on))
    assert one.acts("pact") == other.acts("pact")
    assert parties(one, "pact") == parties(other, "pact")


def test_going_back_twice_goes_back_to_the_earlier_moment():
    whole = ledger(*WORLD, recorded(ratified("AAA", "pact", "2001-05-01"), TUESDAY))
    assert whole.known_at(MONDAY).known_at(FRIDAY).acts("pact") == ()
    assert whole.known_at(None) is whole


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        ledger().known_at(datetime(2024, 1, 1))  # noqa: DTZ001


# -- what is supposed -------------------------------------------------------------------------------


def test_supposed_acts_are_added_to_a_view_and_not_to_the_ledger():
    whole = ledger(*WORLD, ratified("AAA", "pact", "2001-05-01"))
    supposed = whole.with_actions([acceded("BBB", "pact", "2001-04-01")])
    assert codes(supposed) == {"AAA", "BBB"}
    assert codes(whole) == {"AAA"}
    assert [act.participant for act in supposed.acts("pact")] == ["BBB", "AAA"]


def test_supposed_acts_after_the_day_wait_for_it():
    then = ledger(*WORLD).as_of(day("2001-01-01")).with_actions([acceded("BBB", "pact", "2002-01-01")])
    assert codes(then) == set()


def test_supposing_a_future_shows_the_supposed_and_not_the_records_own_later_acts():
    whole = ledger(*WORLD, ratified("AAA", "pact", "2001-05-01"), ratified("CCC", "pact", "2001-12-01"))
    future = whole.as_of(day("2001-06-01")).with_actions(
        [acceded("BBB", "pact", "2002-01-01")], until=day("2002-01-01")
    )
    assert codes(future) == {"AAA", "BBB"}
    assert future.day == day("2002-01-01")
    assert codes(future.as_of(day("2001-12-31"))) == {"AAA"}


def test_supposing_twice_adds_both():
    view = ledger(*WORLD).with_actions([acceded("AAA", "pact", "2001-01-01")])
    assert codes(view.with_actions([acceded("BBB", "pact", "2001-01-02")])) == {"AAA", "BBB"}


def test_other_terms_can_be_tried_without_touching_the_record():
    whole = ledger(*WORLD)
    tried = whole.with_instrument(replace(whole.instrument("pact"), threshold=1))
    assert (tried.instrument("pact").threshold, whole.instrument("pact").threshold) == (1, 2)
    assert "other" in whole.with_instrument(instrument("other")).instruments


# -- look-ups ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ask", ["participant", "instrument", "body"])
def test_a_name_the_record_does_not_hold_is_not_found(ask):
    with pytest.raises(NotFound, match=f"(?i)No {ask} named 'nobody' was found"):
        getattr(ledger(*WORLD), ask)("nobody")


def test_names_are_found_whatever_their_case():
    whole = ledger(*WORLD, body("club"))
    assert whole.participant("aaa").code == "AAA"
    assert whole.instrument("PACT").id == "pact"
    assert whole.body("CLUB").id == "club"


def test_members_are_those_of_the_day_and_not_the_suspended():
    def membership(code, start, end=None, role="member"):
        dates = {"start": PartialDate.parse(start), "end": PartialDate.parse(end) if end else None}
        return Membership(body="club", participant=code, role=role, **dates)

    whole = ledger(
        body("club"),
        membership("AAA", "2000-01-01", "2010-01-01"),
        membership("BBB", "2005-01-01"),
        membership("CCC", "2000-01-01"),
        membership("CCC", "2006-01-01", "2007-01-01", role="suspended"),
    )
    assert whole.members("club", day("2004-12-31")) == {"AAA", "CCC"}
    assert whole.members("club", day("2006-06-01")) == {"AAA", "BBB"}
    assert whole.members("club", day("2010-01-01")) == {"BBB", "CCC"}
    assert whole.as_of(day("2006-06-01")).members("club", role="suspended") == {"CCC"}


def test_the_rest_of_the_record_is_found_by_what_it_is_about():
    whole = ledger(
        *WORLD,
        instrument("protocol", parent="pact"),
        participant("OLD", successors=("AAA", "BBB"), exists_to="1990-10-02"),
        Mandate(body="club", instrument="pact", relation="depositary"),
        Assessment(body="club", scheme="round", participant="AAA", value="good"),
        PublishedCount(instrument="pact", on=PartialDate.parse("2005-01-01"), parties=2),
        PublishedCount(instrument="pact", on=PartialDate.parse("2001-01-01"), parties=1),
        Weight(table="ships", participant="AAA", value=2.5),
    )
    assert [each.id for each in whole.protocols("pact")] == ["protocol"]
    assert whole.predecessors("BBB") == ("OLD",)
    assert whole.endings == {"OLD": day("1990-10-03")}
    assert [count.parties for count in whole.counts("pact")] == [1, 2]
    assert [count.parties for count in whole.as_of(day("2004-01-01")).counts("pact")] == [1]
    assert whole.weights_on("ships", day("2001-01-01"))["AAA"].value == 2.5
    assert whole.weights("none") == ()
    assert (len(whole.mandates), len(whole.assessments)) == (1, 1)


class Remembered:
    """An answer of which can be told whether anybody still holds it, and which may hold the ledger it is about."""

    def __init__(self, about=None):
        self.about = about


def test_what_forgets_its_answers_is_freed_without_a_search_for_garbage():
    @memoized
    def part(view):
        return view.as_of(day("2001-01-01"))

    @memoized
    def answer(view):
        return Remembered(view)

    view = ledger(*WORLD)
    gone = [ref(answer(view)), ref(answer(part(view)))]
    gc.disable()
    try:
        view.forget()
        del view
        assert [each() for each in gone] == [None, None]
    finally:
        gc.enable()


def test_answers_that_readers_choose_are_remembered_up_to_a_number():
    asked = []

    @memoized_recent(2)
    def answer(view, question):
        asked.append(question)
        return Remembered()

    view = ledger(*WORLD)
    first = answer(view, "a")
    assert answer(view, "a") is first
    gone = ref(answer(view, "b"))
    answer(view, "a"), answer(view, "c")
    gc.collect()
    assert gone() is None
    assert answer(view, "a") is first
    assert asked == ["a", "b", "c"]
    assert answer(view.as_of(day("2001-01-01")), "a") is not first
