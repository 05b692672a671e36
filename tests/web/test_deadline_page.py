"""Deadlines as a page, as data and as a command: when to deposit, and when a denunciation takes effect."""

import pytest
from lxml import html

DAY = "as_of=2026-11-01"


def test_the_page_asks_before_it_answers(words):
    text = words(f"/deadline?{DAY}")
    assert "To be bound by" in text
    assert "Takes effect" not in text


def test_the_last_day_to_deposit_and_the_effect_of_a_denunciation_are_said_with_their_reasons(words):
    text = words(f"/deadline?{DAY}&instrument=untoc&bound_by=2027-01-01&notified_on=2026-12-01")
    assert "Last date of deposit 2 December 2026" in text
    assert "A deposit on 2 December 2026 takes effect on 1 January 2027; a later one, only after" in text
    assert "Takes effect 1 December 2027" in text


@pytest.mark.parametrize("address", ["/deadline.json", "/api/v1/deadline"])
def test_the_same_as_data(data, address):
    answer = data(f"{address}?{DAY}&instrument=untoc&bound_by=2027-01-01&notified_on=2026-12-01")
    assert (answer["deposit"]["last_day"], answer["deposit"]["binds_on"]) == ("2026-12-02", "2027-01-01")
    assert answer["withdrawal"]["effect"] == "2027-12-01"


def test_as_csv_a_part_that_was_not_asked_for_is_empty(client):
    lines = client.get(f"/deadline.csv?{DAY}&instrument=untoc").text.splitlines()
    assert lines[1].startswith("untoc,UNTOC,,,,,2026-11-01,2026-11-01,,2027-11-01,,")


def test_no_deposit_binds_by_a_day_while_the_treaty_is_pending(words):
    assert "no date of entry into force yet" in words(f"/deadline?{DAY}&instrument=un-cybercrime&bound_by=2027-01-01")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("instrument=nothing", 404),
        ("instrument=untoc&bound_by=soon", 400),
        ("instrument=untoc&bound_by=9999-12-31", 400),
        ("instrument=untoc&notified_on=9999-12-31", 400),
        ("instrument=untoc&bound_by=0001-01-01", 200),
    ],
)
def test_what_makes_no_sense_is_refused(client, query, status):
    assert client.get(f"/deadline?{query}").status_code == status


def test_a_supposed_withdrawal_from_the_convention_shows_what_becomes_of_its_protocols(words, data):
    question = f"{DAY}&instrument=untoc&leaving=FRA&leaving_on=2026-12-01"
    answer = data(f"/api/v1/what-if?{question}")
    assert [(each["instrument"], each["status"], each["since"]) for each in answer["consequences"]] == [
        (protocol, "withdrawn", "2027-12-01") for protocol in ("untoc-tip", "untoc-som", "untoc-firearms")
    ]
    assert "Effects on other treaties" in words(f"/what-if?{question}")


def test_every_day_that_is_none_is_named_at_once_beside_what_was_typed(client):
    tree = html.fromstring(client.get(f"/deadline?{DAY}&instrument=untoc&bound_by=soon&notified_on=2026-02-30").text)
    said = {}
    for id in ("d-bound", "d-notified"):
        field = tree.get_element_by_id(id)
        said[field.get("value")] = tree.get_element_by_id(field.get("aria-describedby")).text_content()
    assert said == {
        "soon": "'soon' is not a day: write it like 2003-09-29.",
        "2026-02-30": "'2026-02-30' is not a day: write it like 2003-09-29.",
    }
    assert tree.cssselect("#d-instrument option[selected]")[0].get("value") == "untoc"
