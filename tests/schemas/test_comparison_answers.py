"""Side by side: what differs is said in words, and everybody stands in exactly one group."""

from datetime import date

import pytest

from tests.support.builders import acceded, instrument, ledger, participant, ratified, signed
from tracker.errors import NotFound
from tracker.schemas.comparison import instruments_compared, participants_compared

ASKED = ledger(
    instrument("one", title="One", threshold=1, delay="0d", party_delay="0d"),
    instrument("two", title="Two", threshold=9, delay="0d"),
    instrument("three", title="Three", threshold=9, delay="0d"),
    *(participant(code * 3, name=code) for code in "ABCD"),
    ratified("AAA", "one", "2001-01-01"),
    acceded("BBB", "one", "2001-01-31"),
    ratified("AAA", "two", "2001-01-01"),
    signed("BBB", "two", "2001-01-01"),
    ratified("DDD", "three", "2001-01-01"),
).as_of(date(2005, 1, 1))


def told(*codes, instruments=("one", "two", "three")):
    found = participants_compared(ASKED, codes, instruments)
    return {row.instrument: (row.alike, row.difference) for row in found.instruments}


def test_a_difference_in_status_is_described_in_words():
    assert told("AAA", "BBB")["two"] == (
        False,
        "A is a contracting State, not yet bound; B has signed but not ratified.",
    )
    assert told("AAA", "BBB", "CCC")["one"] == (False, "A and B are parties; C has taken no action.")


def test_participants_of_the_same_status_differ_by_their_dates():
    assert told("AAA", "BBB")["one"] == (True, "A first, on 1 January 2001; B 30 days later.")
    assert told("AAA", "BBB")["three"] == (True, "")


def test_the_instruments_on_which_they_differ_are_counted():
    found = participants_compared(ASKED, ["AAA", "BBB"], ["one", "two", "three"])
    assert (found.alike, found.differ) == (2, 1)


def groups(*ids):
    found = instruments_compared(ASKED, ids).groups
    return {each.words: [row.participant for row in each.participants] for each in found}


def test_everybody_is_in_both_in_one_or_in_neither():
    assert groups("one", "two") == {
        "Party to both": ["AAA"],
        "Party to One only": ["BBB"],
        "Party to neither": ["CCC", "DDD"],
    }


def test_three_instruments_make_a_group_for_each_way_to_stand():
    assert groups("one", "two", "three") == {
        "Party to One and Two only": ["AAA"],
        "Party to One only": ["BBB"],
        "Party to Three only": ["DDD"],
        "Party to none": ["CCC"],
    }


def test_the_groups_of_real_instruments_add_up(record):
    asked = record.as_of(date(2026, 11, 22))
    found = instruments_compared(asked, ["untoc", "uncac"])
    assert [each.words for each in found.groups] == ["Party to both", "Party to UNTOC only", "Party to UNCAC only"]
    both, first, second = (each.count for each in found.groups)
    assert [each.parties for each in found.instruments] == [both + first, both + second]


def test_those_of_which_neither_is_expected_are_left_out(record):
    asked = record.as_of(date(2020, 1, 1))
    found = instruments_compared(asked, ["coe-173", "coe-174"])
    assert not {"JPN", "CHN"} & {row.participant for each in found.groups for row in each.participants}


def test_names_that_are_not_in_the_record_are_refused():
    with pytest.raises(NotFound):
        participants_compared(ASKED, ["AAA", "ZZZ"], ["one"])
    with pytest.raises(NotFound):
        instruments_compared(ASKED, ["one", "none"])
