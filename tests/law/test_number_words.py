"""Numbers as treaties write them."""

import re
from fractions import Fraction

import pytest

from tracker.law.clause_text import CARDINAL, FRACTION, ORDINAL, fraction_of, number_of, without_repetition
from tracker.law.wording import Ordinal
from tracker.messages import in_english


@pytest.mark.parametrize("number", range(1, 100))
def test_every_ordinal_that_a_clause_prints_in_words_is_read_back(number):
    words = in_english(Ordinal(number, spelled=True))
    assert re.fullmatch(ORDINAL, words)
    assert number_of(words) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("forty", 40), ("twenty-two", 22), ("one hundred and twenty", 120), ("a hundred", 100), ("10", 10)],
)
def test_cardinals_are_read(text, number):
    assert re.fullmatch(CARDINAL, text)
    assert number_of(text) == number


@pytest.mark.parametrize(("text", "number"), [("one hundred and eightieth", 180), ("hundredth", 100), ("60th", 60)])
def test_ordinals_above_a_hundred_and_in_figures_are_read(text, number):
    assert re.fullmatch(ORDINAL, text)
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "part"),
    [("two thirds", "2/3"), ("two-thirds", "2/3"),
     ("three fourths", "3/4"), ("three quarters", "3/4"),
     ("half", "1/2"), ("one half", "1/2"), ("a third", "1/3"), ("3/4", "3/4")],
)  # fmt: skip
def test_parts_of_a_whole_are_read(text, part):
    assert re.fullmatch(FRACTION, text)
    assert fraction_of(text) == Fraction(part)


@pytest.mark.parametrize("text", ["", "several", "fortieth and more", "a few"])
def test_other_words_are_no_numbers(text):
    with pytest.raises(ValueError, match="is not a number written out"):
        number_of(text or "none")


def test_figures_behind_their_words_are_dropped_and_references_stay():
    assert without_repetition("thirty (30) days after article 14 (1)") == "thirty days after article 14 (1)"
