"""Stories of the network: every step is an address whose page says and shows what the caption says."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from tracker.law.entry_into_force import entry_into_force
from tracker.web.network import stories

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def ledger(app):
    return app.extensions["tracker.shelf"].view(DAY, None)[1]


def steps(page, id):
    """Every step of a story, followed by its links."""
    found = []
    address = f"/network/story/{id}"
    while address:
        tree = page(address)
        found.append(tree)
        address = next((link.get("href") for link in tree.cssselect("#story a[rel=next]")), None)
    return found


@pytest.fixture
def page(client):
    def get(path):
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return html.fromstring(answer.text)

    return get


@pytest.mark.parametrize("id", stories.TITLES)
def test_a_story_leads_from_step_to_step_to_its_end(page, id):
    found = steps(page, id)
    assert len(found) >= 5
    captions = [tree.cssselect("#story .caption")[0].text_content() for tree in found]
    assert len(set(captions)) == len(captions)
    assert all(tree.cssselect("#painting") for tree in found), "each has a picture, without script too"


def test_the_fortieth_deposit_is_that_of_the_law(page, ledger):
    reached = entry_into_force(ledger, "untoc").threshold.reached_on
    told = [step for step in stories.story(ledger, "forty").steps if "40th" in step.caption]
    assert [step.shown["as_of"] for step in told] == [[reached.isoformat()]]
    for tree, step in zip(steps(page, "forty"), stories.story(ledger, "forty").steps, strict=True):
        number = re.search(r": (\d+) consents to be bound", step.caption)
        if number:
            assert tree.cssselect("#rose-middle text")[0].text == number[1], "caption and picture agree"


def test_who_is_outside_is_what_the_picture_counts(page):
    for tree in steps(page, "firearms"):
        caption = tree.cssselect("#story .caption")[0].text_content()
        number = re.search(r"(?:: |All |^)(\d+)", caption)[1]
        if "its convention" not in caption and "their convention" not in caption and "may be party" not in caption:
            assert tree.cssselect("#painting")[0].get("data-links") == number, caption


def test_another_choice_leaves_the_story_and_says_the_way_back(page):
    tree = page("/network?story=forty&step=2&view=growth&instrument=uncac")
    assert not tree.cssselect("#story .caption")
    back = tree.xpath("//section[@id='story']//a[text()='Back to the story']/@href")[0]
    assert parse_qs(urlsplit(back).query)["instrument"] == ["untoc"]


@pytest.mark.parametrize("query", ["story=nothing", "story=forty&step=99", "story=forty&step=x", "story=forty&step=0"])
def test_a_story_or_step_that_is_not_there_is_left_out(page, query):
    assert "How UNTOC reached forty" in page(f"/network?{query}").cssselect("#story")[0].text_content()


def test_an_unknown_story_is_not_found(client):
    assert client.get("/network/story/nothing").status_code == 404
