"""Lists of States for a scenario: names in any spelling, dates of their own, and names that are asked about."""

from datetime import date

import pytest

from tests.support.builders import instrument, ledger, participant
from tracker.law.names import NameIndex
from tracker.law.scenarios import MAX_LINES, ListedState, read_states, stagger
from tracker.law.search import search_entries

FACTS = ledger(
    participant("FRA", name="France", iso2="FR"),
    participant("KOR", name="Republic of Korea", aliases=("Korea, Republic of", "South Korea")),
    participant("NGA", name="Nigeria"),
    participant("NER", name="Niger"),
    participant("SCG", name="Serbia and Montenegro", exists_to="2006-06-03", aliases=("Serbia",)),
    participant("SRB", name="Republic of Serbia", aliases=("Serbia",)),
    instrument("untoc", title="France"),
)
INDEX = NameIndex(search_entries(FACTS, {"FR": (("es", "Francia"),)}))
MARCH = date(2027, 3, 1)


def read(text, known=FACTS):
    return read_states(known, INDEX, text)


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("France", [ListedState("FRA")]),
        ("fra\nNigeria", [ListedState("FRA"), ListedState("NGA")]),
        ("France; Nigeria ;", [ListedState("FRA"), ListedState("NGA")]),
        ("France, Nigeria, Niger", [ListedState("FRA"), ListedState("NGA"), ListedState("NER")]),
        ("Korea, Republic of", [ListedState("KOR")]),
        ("Korea, Republic of, 2027-03-01", [ListedState("KOR", MARCH)]),
        ("Francia 2027-03-01\nNiger: 2027-03-01", [ListedState("FRA", MARCH), ListedState("NER", MARCH)]),
        ("France, Niger 2027-03-01", [ListedState("FRA", MARCH), ListedState("NER", MARCH)]),
        ("- France (2027-03-01)\n2. Niger", [ListedState("FRA", MARCH), ListedState("NER")]),
        ("France\nFRA\nFrancia", [ListedState("FRA")]),
        ("Serbia", [ListedState("SRB")]),
    ],
)
def test_names_codes_and_dates_are_read_as_people_write_them(text, states):
    found = read(text, FACTS.as_of(date(2026, 11, 1)))
    assert (list(found.states), found.unclear) == (states, ())


def test_a_name_that_is_not_known_is_asked_about_and_not_guessed():
    found = read("France\nNigerai\nAtlantis")
    assert found.states == (ListedState("FRA"),)
    assert [each.text for each in found.unclear] == ["Nigerai", "Atlantis"]
    assert found.unclear[0].nearest[0] == "Nigeria"


def test_a_line_with_a_date_that_is_none_is_asked_about():
    assert [each.text for each in read("France 2027-02-31").unclear] == ["France 2027-02-31"]


def test_a_list_is_read_up_to_its_bound():
    assert len(read("x\n" * MAX_LINES + "France").states) == 0


def test_dates_are_staggered_and_a_date_of_its_own_stays():
    listed = [ListedState("FRA"), ListedState("KOR", MARCH), ListedState("NGA")]
    assert stagger(listed, date(2027, 1, 1), 30) == [
        ("FRA", date(2027, 1, 1)), ("KOR", MARCH), ("NGA", date(2027, 1, 31)),
    ]  # fmt: skip
