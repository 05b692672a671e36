"""The frames that the date slider plays: each makes of one date's picture and words those of the next date's page."""

import copy
import re

import pytest
from lxml import etree, html

from tracker.web.network import frames

DAYS = ["2003-09-28", "2003-09-29", "2003-12-25", "2010-06-01", "2021-03-01"]
VIEWS = [
    "view=gaps", "view=gaps&standing=signed-only", "view=growth&instrument=uncac", "view=spindle", "view=clocks",
    "view=ties", "view=ego&focus=participant.FRA", "view=profiles", "view=backbone", "view=changes&from=2001-01-01",
]  # fmt: skip


def address(view, days):
    return f"/network/frames?{view}&" + "&".join(f"date={day}" for day in days)


def changed(element, change):
    """The element after a change, as the script changes it."""
    for name, value in change.get("set", {}).items():
        if value is None:
            del element.attrib[name]
        else:
            element.set(name, value)
    if "children" in change:
        before = list(element)
        after = []
        for each in change["children"]:
            if isinstance(each, str):
                after.append(etree.fromstring(each))
            else:
                place, own = each if isinstance(each, list) else (each, {})
                after.append(changed(copy.deepcopy(before[place]), own))
        element[:] = after
    return element


def written(element):
    """Name, attributes in order, words and children of an element: equal for elements that look alike."""
    words = " ".join((element.text or "").split())
    return element.tag, sorted(element.attrib.items()), words, [written(each) for each in element]


def picture_of(text):
    """The picture in a page's source."""
    begin = text.index('<svg class="painting"')
    inner = text[text.index(">", begin) + 1 : text.index("</svg>\n</div>", begin)]
    return etree.fromstring(f"<svg>{inner}</svg>")


@pytest.mark.parametrize("view", VIEWS)
def test_frames_make_the_picture_of_each_date_of_the_one_before(client, view):
    shown = picture_of(client.get(f"/network?{view}&as_of={DAYS[0]}").text)
    found = client.get(address(view, DAYS)).json["frames"]
    assert [each["as_of"] for each in found] == DAYS[1:]
    for frame in found:
        shown = changed(shown, frame["picture"])
        shown.attrib.clear()  # of the root only its box changes
        assert written(shown) == written(picture_of(client.get(f"/network?{view}&as_of={frame['as_of']}").text))


@pytest.mark.parametrize("view", VIEWS[:2])
def test_the_words_of_a_frame_are_those_of_the_page_of_its_date(client, view):
    for frame in client.get(address(view, DAYS)).json["frames"]:
        page = html.fromstring(client.get(f"/network?{view}&as_of={frame['as_of']}").text)
        for id in ("status-date", "summary", "details"):
            part = html.fragment_fromstring(frame["parts"][id], create_parent="div")
            assert part.text_content().split() == page.get_element_by_id(id).text_content().split()
        painted = page.get_element_by_id("painting")
        assert frame["painting"] == {name: painted.get(name) for name in frame["painting"]}


def test_frames_are_in_the_language_of_the_page(client):
    for frame in client.get(address("view=gaps&lang=fr", DAYS[:3])).json["frames"]:
        assert re.search("29 septembre 2003|25 décembre 2003", frame["parts"]["status-date"])


def test_a_frame_of_few_changes_is_small_beside_the_picture(client):
    frame = client.get(address("view=gaps", DAYS[2:4]))
    neighbours = client.get(address("view=gaps", ["2010-06-01", "2010-06-08"]))
    whole = etree.tostring(picture_of(client.get("/network?view=gaps&as_of=2010-06-08").text))
    assert len(neighbours.data) < len(frame.data)
    assert len(neighbours.data) < len(whole) / 4


@pytest.mark.parametrize("dates", [[], DAYS[:1], ["2003-09-28"] * (frames.MAX_DATES + 1), ["2003-09-28", "yesterday"]])
def test_too_few_dates_too_many_and_what_is_none_are_refused(client, dates):
    assert client.get(address("view=gaps", dates)).status_code == 400


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """A busy machine may take its time, but where that is what is tried."""
    monkeypatch.setattr(frames, "MAX_SECONDS", 600)


def test_an_answer_ends_before_it_costs_too_much(client, monkeypatch):
    monkeypatch.setattr(frames, "MAX_SECONDS", 0)
    found = client.get(address("view=gaps&pending=1", DAYS)).json["frames"]
    assert [each["as_of"] for each in found] == DAYS[1:2]


def test_an_answer_ends_before_it_gets_too_long(client, monkeypatch):
    monkeypatch.setattr(frames, "MAX_BYTES", 10_000)
    found = client.get(address("view=gaps&pending=1", DAYS)).json["frames"]
    assert 1 <= len(found) < len(DAYS) - 1
    assert [each["as_of"] for each in found] == DAYS[1 : 1 + len(found)]
