"""On which days a published figure was true, and why no day fits where none does."""

from datetime import date

import pytest

from tests.support.builders import instrument, ledger, participant, ratified, signed, withdrew
from tracker.errors import BadQuestion, NotFound
from tracker.law.claims import check_claim
from tracker.law.counts import CountSpan, counts_over_time

PACT = instrument("pact", threshold=1, delay="0d", opened_on="2000-06-01", withdrawal_delay="0d")
STATES = tuple(participant(code) for code in ("AAA", "BBB", "CCC"))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("treaty", "signatories", "parties", "first", "last"),
    [
        ("untoc-tip", 107, 14, "2002-08-08", "2002-08-14"),
        ("untoc-firearms", 35, 2, "2002-07-22", "2002-08-05"),
    ],
)
def test_a_real_figure_is_true_on_the_days_the_deposits_give(record, treaty, signatories, parties, first, last):
    found = check_claim(record, treaty, signatories=signatories, parties=parties)
    assert found.spans == (CountSpan(day(first), day(last)),)
    assert found.nearest == ()


def test_a_real_figure_that_was_never_true_is_told_with_the_part_that_fails(record):
    found = check_claim(record, "untoc", signatories=141, parties=24)
    assert found.spans == ()
    assert found.signatories_spans == (CountSpan(day("2002-04-10"), day("2002-07-23")),)
    assert found.parties_spans == (CountSpan(day("2002-09-19"), day("2002-10-06")),)
    assert [(held.signatories, held.parties) for held in found.nearest] == [(142, 24)]
    assert "no matching date" in found.why
    assert "Closest from 19 September 2002 to 25 September 2002" in found.why


def made(*acts):
    return ledger(PACT, *STATES, *acts)


def test_a_count_holds_from_one_change_to_the_day_before_the_next():
    whole = made(ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2002-01-01"))
    assert check_claim(whole, "pact", parties=0).spans == (CountSpan(day("2000-06-01"), day("2000-12-31")),)
    assert check_claim(whole, "pact", parties=1).spans == (CountSpan(day("2001-01-01"), day("2001-12-31")),)
    assert check_claim(whole, "pact", parties=2).spans == (CountSpan(day("2002-01-01"), None),)


def test_a_count_that_came_back_is_true_in_two_spans():
    whole = made(
        ratified("AAA", "pact", "2001-01-01"),
        ratified("BBB", "pact", "2002-01-01"),
        withdrew("AAA", "pact", "2003-01-01"),
    )
    found = check_claim(whole, "pact", parties=1)
    assert found.spans == (CountSpan(day("2001-01-01"), day("2001-12-31")), CountSpan(day("2003-01-01"), None))
    assert "from 1 January 2001 to 31 December 2001 and since 1 January 2003" in found.why


def test_days_on_which_only_another_count_changed_do_not_break_a_span():
    whole = made(ratified("AAA", "pact", "2001-01-01"), signed("BBB", "pact", "2001-06-01"))
    assert check_claim(whole, "pact", parties=1).spans == (CountSpan(day("2001-01-01"), None),)


def test_one_that_ceased_to_exist_leaves_the_count():
    gone = participant("OLD", exists_to="1990-10-02")
    whole = ledger(instrument("pact", opened_on="1989-01-01"), gone, ratified("OLD", "pact", "1990-01-01"))
    assert check_claim(whole, "pact", parties=1).spans == (CountSpan(day("1990-01-01"), day("1990-10-02")),)


def test_the_counts_over_time_are_the_counts_of_each_day(record):
    for held in counts_over_time(record, "untoc-firearms")[::20]:
        then = record.as_of(held.span.first)
        assert check_claim(then, "untoc-firearms", signatories=held.signatories, parties=held.parties).spans


def test_a_claim_looks_no_further_than_the_ledgers_day():
    whole = made(ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2002-01-01"))
    assert check_claim(whole.as_of(day("2001-06-01")), "pact", parties=2).spans == ()


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (CountSpan(date(2001, 1, 1), None), "since 1 January 2001"),
        (CountSpan(date(2001, 1, 1), date(2001, 1, 1)), "on 1 January 2001"),
        (CountSpan(date(2001, 1, 1), date(2001, 2, 1)), "from 1 January 2001 to 1 February 2001"),
    ],
)
def test_a_span_is_said_as_people_say_it(span, words):
    assert span.words == words


@pytest.mark.parametrize("figures", [{}, {"signatories": -1}, {"parties": -2, "signatories": 3}])
def test_a_claim_without_a_figure_or_with_a_negative_one_is_refused(figures):
    with pytest.raises(BadQuestion):
        check_claim(made(), "pact", **figures)


def test_a_claim_about_an_unknown_instrument_is_not_found():
    with pytest.raises(NotFound):
        check_claim(made(), "nothing", parties=1)


def test_a_figure_that_acts_without_a_day_could_make_true_is_not_refuted():
    facts = (PACT, *STATES, signed("AAA", "pact", "2001-01-01"), signed("BBB", "pact"))
    assert check_claim(ledger(*facts).as_of(day("2010-01-01")), "pact", signatories=2).why == (
        "Treaty pact: the figure cannot be ruled out since 1 January 2001: signatories 1, and one action with date not "
        "known."
    )
    assert (
        "cannot be ruled out"
        not in check_claim(ledger(*facts[:-1]).as_of(day("2010-01-01")), "pact", signatories=2).why
    )
