"""How participants fared under schemes, and how bodies' members came and went, as plain data."""

from datetime import date

import pytest

from tests.support.builders import body, instrument, judged, ledger, member, participant, target
from tracker.errors import NotFound
from tracker.law.model import Mandate
from tracker.law.reference_facts import Metric
from tracker.law.targets import TargetOutcome, evaluate_target
from tracker.schemas.assessments import courses_answer
from tracker.schemas.bodies import body_answer, membership_turns

PEOPLE = [participant(code) for code in ("AAA", "BBB", "CCC")]
TODAY = date(2010, 1, 1)


def tiers(*rows):
    """A yearly scheme: (participant, value, year) in each row."""
    return [judged("tier", c, v, f"{y}-06-01", f"{y + 1}-06-01", edition=str(y)) for c, v, y in rows]


def course(record, code, day=TODAY):
    return {each.scheme: each.spells for each in courses_answer(record.as_of(day), code)}


# -- judgements through time ---------------------------------------------------------------------------


def test_editions_of_one_value_in_a_row_are_one_spell():
    rows = [("AAA", "one", 2001), ("AAA", "one", 2002), ("AAA", "two", 2003), ("AAA", "one", 2004)]
    spells = course(ledger(*PEOPLE, body("judge"), *tiers(*rows)), "AAA")["tier"]
    assert [(each.value, each.editions) for each in spells] == [
        ("one", ["2001", "2002"]), ("two", ["2003"]), ("one", ["2004"]),
    ]  # fmt: skip
    assert (str(spells[0].from_), str(spells[0].to)) == ("2001-06-01", "2003-06-01")


def test_an_edition_that_the_record_has_a_part_of_is_a_spell_without_a_value():
    rows = [
        ("AAA", "one", 2001),
        ("BBB", "two", 2001),
        ("BBB", "two", 2002),
        ("AAA", "one", 2003),
        ("BBB", "two", 2003),
    ]
    spells = course(ledger(*PEOPLE, body("judge"), *tiers(*rows)), "AAA")["tier"]
    assert [(each.value, each.absent) for each in spells] == [("one", []), (None, ["one"]), ("one", [])]


def test_a_whole_edition_that_the_record_lacks_is_missing_too():
    rows = [("AAA", "one", 2001), ("AAA", "one", 2003)]
    spells = course(ledger(*PEOPLE, body("judge"), *tiers(*rows)), "AAA")["tier"]
    assert [(each.value, each.editions) for each in spells] == [
        ("one", ["2001"]), (None, ["2002"]), ("one", ["2003"]),
    ]  # fmt: skip


def test_two_stays_on_a_list_are_two_spells_and_later_ones_are_left_out():
    stays = [judged("list", "AAA", "grey", "2001-01-01", "2002-01-01"), judged("list", "AAA", "grey", "2005-01-01")]
    record = ledger(*PEOPLE, body("judge"), *stays)
    assert [each.current for each in course(record, "AAA")["list"]] == [False, True]
    assert len(course(record, "AAA", date(2004, 1, 1))["list"]) == 1
    assert course(record, "BBB") == {}


def test_a_stranger_has_no_course():
    with pytest.raises(NotFound):
        courses_answer(ledger(*PEOPLE), "ZZZ")


# -- members through time --------------------------------------------------------------------------------


def test_the_days_on_which_members_came_and_went():
    record = ledger(
        *PEOPLE,
        body("club"),
        member("club", "AAA"),
        member("club", "BBB", "2001-01-01", "2005-01-01"),
        member("club", "CCC", "2001-01-01"),
        member("club", "AAA", "2003-01-01", role="suspended"),
    )
    turns = membership_turns(record.as_of(TODAY), "club")
    told = [(str(t.date), t.size, [w.participant for w in t.joined], [w.participant for w in t.left])
            for t in turns]  # fmt: skip
    assert told == [
        ("2001-01-01", 3, ["BBB", "CCC"], []), ("2003-01-01", 2, [], ["AAA"]), ("2005-01-01", 1, [], ["BBB"]),
    ]  # fmt: skip
    assert len(membership_turns(record.as_of(date(2002, 1, 1)), "club")) == 1


def test_nobody_is_missing_from_an_instrument_before_its_adoption():
    watched = Mandate(body="club", instrument="pact", relation="reviews-implementation", source="test")
    record = ledger(*PEOPLE, body("club"), member("club", "AAA"), watched, instrument("pact", opened_on="2005-01-01"))
    (before,) = body_answer(record.as_of(date(2004, 12, 31)), "club").mandates
    (after,) = body_answer(record.as_of(date(2005, 1, 1)), "club").mandates
    assert (before.to_come, before.members, before.not_party) == (True, 0, [])
    assert (after.to_come, after.members, len(after.not_party)) == (False, 1, 1)


def test_a_pace_can_be_asked_for_on_the_first_day_of_the_calendar():
    aim = target(Metric.PARTIES, 2, "2004", instrument="pact")
    found = evaluate_target(ledger(*PEOPLE, instrument("pact")).as_of(date.min), aim)
    assert found.outcome is TargetOutcome.NOT_YET
