"""Final clauses read from the words of treaties, as headers of status files quote them; the treaties are invented."""

import csv
from pathlib import Path

import pytest

from tracker.law.clause_parser import parse_clause
from tracker.law.clause_reader import article_in, quoted_in, read_clause, sentences_of
from tracker.law.clause_text import Surroundings

SUPPORT = Path(__file__).parents[1] / "support"
COLUMNS = ("threshold", "delay", "party_delay", "conditions")
with (SUPPORT / "clause_wordings.csv").open(encoding="utf-8", newline="") as stream:
    READINGS = [(row["words"], tuple(row[name] for name in COLUMNS)) for row in csv.DictReader(stream)]
UNREAD = (SUPPORT / "unread_wordings.txt").read_text(encoding="utf-8").splitlines()
ABOUT = Surroundings("lake", bodies={"council of lakes": "col"})


def as_columns(reading):
    return tuple(reading.columns[name] for name in COLUMNS)


@pytest.mark.parametrize(("words", "columns"), READINGS, ids=[words[:60] for words, _ in READINGS])
def test_the_usual_wordings_are_read_whole(words, columns):
    reading = read_clause(f'see article 9 which reads as follows: "1. {words}".', ABOUT)
    assert reading is not None
    assert reading.unread == ()
    assert as_columns(reading) == columns
    assert reading.whole


@pytest.mark.parametrize("words", [words for words, _ in READINGS], ids=[words[:60] for words, _ in READINGS])
def test_what_is_read_is_a_clause_that_the_grammar_reads_to_the_same(words):
    reading = read_clause(f'"{words}"', ABOUT)
    columns = reading.columns
    again = parse_clause(
        columns["conditions"], threshold=int(columns["threshold"] or 0) or None, delay=columns["delay"],
        party_delay=columns["party_delay"],
    )  # fmt: skip
    assert again == reading.clause


@pytest.mark.parametrize("words", UNREAD, ids=[words[:60] for words in UNREAD])
def test_what_is_not_understood_is_said_and_no_whole_clause_is_made_of_it(words):
    reading = read_clause(f'"{words}"', ABOUT)
    assert reading is not None
    assert not reading.whole
    assert reading.unread


def test_a_condition_on_parties_to_another_treaty_needs_that_treaty():
    words = (
        '"This Protocol shall enter into force on the ninetieth day after the deposit of the tenth instrument of '
        'ratification or accession by Parties to the Convention."'
    )
    assert not read_clause(words).whole
    assert str(read_clause(words, Surroundings("lake")).clause.by) == "parties(lake)"


def test_in_the_treaty_that_is_amended_this_convention_is_the_other_one():
    words = (
        '"The proposed amendment shall enter into force for all parties to this Charter on the thirtieth day after '
        "the deposit of instruments of acceptance of the proposed amendment by two thirds of the parties to this "
        'Charter."'
    )
    assert not read_clause(words, Surroundings("lake")).whole
    reading = read_clause(words, Surroundings("lake", amends=True))
    assert as_columns(reading) == ("", "30d", "", "parties(lake)>=2/3; binds=all")


def test_a_sentence_on_a_single_provision_is_set_aside_and_does_not_spoil_the_reading():
    reading = read_clause(
        '"1. The Protocol shall enter into force on the ninetieth day after the date of deposit of the sixteenth '
        "instrument of ratification, acceptance, approval or accession. 2. Article 2, paragraph 2(e)(iii), shall take "
        'effect when limits of liability are set in annexes I and II."'
    )
    assert reading.whole
    assert [each[:9] for each in reading.aside] == ["Article 2"]


@pytest.mark.parametrize(
    "header",
    ["", "24 October 1945, in accordance with article 110.", "provisionally on 1 January 1948.", "26 October 1939.",
     ("26 September 2012, in accordance with article 121(5). The Amendment first entered into force in regard to "
     "Exampleland one year after the deposit of its instrument of ratification.")],
)  # fmt: skip
def test_a_header_that_quotes_nothing_is_read_as_nothing(header):
    assert read_clause(header) is None


@pytest.mark.parametrize(
    ("header", "article"),
    [("14 September 2011, in accordance with article 14(1)which reads as follows: ...", "Art. 14(1)"),
     ("Article 45: 1. This Protocol shall ...", "Art. 45"), ("7 July 1954, in accordance with article VI.", "Art. VI"),
     ("17 September 1946, in accordance with section 32.", "Section 32"),
     ("1 May 2001, in accordance with article 8 (2).", "Art. 8(2)"),
     ("3 February 2008, in accordance with article 6.5.3.", "Art. 6.5.3"), ("25 September 1928.", "")],
)  # fmt: skip
def test_the_article_is_the_one_that_the_header_names(header, article):
    assert article_in(header) == article


def test_only_the_quoted_words_are_read():
    header = (
        '1 May 2001, in accordance with article 3 which reads as follows: "The Pact shall enter into force on the '
        'deposit of the third instrument of ratification or accession." The Pact shall enter into force again.'
    )
    assert quoted_in(header).startswith("The Pact")
    assert quoted_in(header).endswith("accession.")


def test_sentences_lose_the_numbers_of_their_paragraphs():
    assert sentences_of("1. This holds. (b) That holds; so 2 of them. 3. And this.") == [
        "This holds.", "That holds; so 2 of them.", "And this.",
    ]  # fmt: skip


def test_a_hostile_header_is_read_in_bounded_time():
    for part in ("deposit of the ", "on the first day of the month ", "twenty-", "(a) ", '"', "for each State of "):
        read_clause('"This Pact shall enter into force ' + part * 3_000)
