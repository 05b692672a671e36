"""Each treaty as a small clock: its figures are those of the rose and of the treaty's page."""

import re

from lxml import etree

DAY = "as_of=2026-11-22"


def clocks(client, query=""):
    """Of each clock the middle, the name and the words, by node id."""
    text = client.get(f"/network.svg?view=clocks&{query}&{DAY}").text
    tree = etree.fromstring(text.encode())
    found = tree.iterfind(".//{*}g[@data-id]")
    return {each.get("data-id"): [" ".join(t.itertext()) for t in each.iterfind("{*}text")] for each in found}


def test_every_treaty_has_a_clock_with_the_number_of_the_rose(client):
    rose = client.get(f"/network/drawing?view=gaps&{DAY}").json["treaties"]
    assert {id: int(words[0]) for id, words in clocks(client).items()} == {each["id"]: each["count"] for each in rose}


def test_the_words_under_a_clock_are_the_parties_of_the_treatys_page(client):
    found = clocks(client)
    assert found["instrument.untoc"][1:] == ["UNTOC", "195 parties"]
    assert ["Smuggling of Migrants", "Protocol", "151 to 152 parties"] in [words[1:] for words in found.values()]


def test_clocks_follow_the_filter_and_their_numbers_the_headline(client, page):
    query = "region=Africa&instrument=untoc-firearms&instrument=uncac"
    found = clocks(client, query)
    assert set(found) == {"instrument.untoc-firearms", "instrument.uncac"}
    tree = page(f"/network?view=clocks&{query}&{DAY}")
    headline = tree.cssselect("#summary p")[0].text_content()
    assert int(re.search(r"\d+", headline)[0]) == sum(int(words[0]) for words in found.values())
    assert len(tree.cssselect("#rows tbody tr")) == sum(int(words[0]) for words in found.values())


def test_a_treaty_that_is_not_there_yet_keeps_its_place_and_has_no_number(client):
    early = client.get("/network/drawing?view=clocks&as_of=2001-01-01").json["nodes"]
    late = client.get(f"/network/drawing?view=clocks&{DAY}").json["nodes"]
    assert [(each["id"], each["x"], each["y"]) for each in early] == [
        (each["id"], each["x"], each["y"]) for each in late
    ]
    text = client.get("/network.svg?view=clocks&as_of=2001-01-01").text
    assert "–</text>" in text


def test_clocks_say_how_many_are_outstanding(client):
    nodes = client.get(f"/network/drawing?view=clocks&{DAY}").json["nodes"]
    told = next(each["told"] for each in nodes if each["id"] == "instrument.untoc")
    assert "Parties: 195" in told
