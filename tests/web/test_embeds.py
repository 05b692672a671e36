"""What other sites may frame: four small parts, with their own policy; nothing else of ours."""

from xml.etree import ElementTree as ET

import pytest

from tracker.web.pages.embeds import fit_text
from tracker.web.security import POLICY

PARTS = ["badge.svg", "progress.svg", "map", "table"]
ELSEWHERE = ["/", "/map", "/embed", "/instruments/untoc", "/instruments/untoc/history", "/timeline", "/timeline.json",
             "/api/v1/map", "/embed/none/badge.svg", "/embed/untoc/nothing", "/nowhere"]  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_a_part_may_be_framed_and_shown_anywhere_and_runs_nothing(client, part):
    answer = client.get(f"/embed/untoc/{part}")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'none'" in policy
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_kept_for_an_hour(client, part):
    assert client.get(f"/embed/untoc/{part}").headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("part", ["map", "table"])
def test_a_framed_page_has_no_script_form_or_field(page, part):
    tree = page(f"/embed/untoc/{part}")
    assert not tree.xpath("//script | //form | //input | //button | //iframe | //*[@style]")
    assert all(link.get("target") == "_blank" and link.get("rel") == "noopener" for link in tree.xpath("//a[@href]"))


@pytest.mark.parametrize("path", ELSEWHERE)
def test_every_other_page_stays_out_of_frames(client, path):
    answer = client.get(path)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("instrument", ["untoc", "un-cybercrime", "drugs-1988", "coe-197"])
@pytest.mark.parametrize("part", ["badge.svg", "progress.svg"])
def test_the_drawings_are_well_formed_and_stand_alone(client, instrument, part):
    answer = client.get(f"/embed/{instrument}/{part}")
    assert answer.mimetype == "image/svg+xml"
    root = ET.fromstring(answer.text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not [
        each for each in root.iter() if "style" in each.attrib or each.tag.endswith(("style", "script", "image"))
    ]


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-11-22", ["UNTOC", "195 parties", "in force since 29 Sep 2003"]),
        ("2003-07-01", ["UNTOC", "40 parties", "in force from 29 Sep 2003"]),
        ("2003-06-01", ["UNTOC", "37 parties", "not yet in force: 3 more needed"]),
    ],
)
def test_the_badge_says_the_status_of_its_day(client, day, says):
    root = ET.fromstring(client.get(f"/embed/untoc/badge.svg?as_of={day}").text)
    assert [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")] == says


def test_the_bar_runs_to_the_threshold_while_it_is_not_met(client):
    assert "37 of 40" in client.get("/embed/untoc/progress.svg?as_of=2003-06-01").text
    assert "194 deposits counted, 40 needed" in client.get("/embed/untoc/progress.svg?as_of=2026-11-22").text


def test_the_table_lists_all_that_have_acted_as_of_the_day(page, data):
    rows = page("/embed/untoc/table?as_of=2003-07-01").xpath("//tbody/tr")
    counts = data("/map.json?instrument=untoc&as_of=2003-07-01")["counts"]
    assert len(rows) == sum(number for status, number in counts.items() if status != "none")


def test_the_snippets_keep_the_instrument_and_the_day(page):
    snippets = [code.text_content() for code in page("/embed?instrument=uncac&as_of=2010-01-01").cssselect("pre code")]
    assert len(snippets) == len(PARTS)
    for part, snippet in zip(PARTS, snippets, strict=True):
        assert f"http://127.0.0.1:8000/embed/uncac/{part}?as_of=2010-01-01" in snippet


@pytest.mark.parametrize("part", PARTS)
def test_a_site_that_holds_a_part_gets_304_and_may_still_frame_it(client, part):
    first = client.get(f"/embed/untoc/{part}")
    again = client.get(f"/embed/untoc/{part}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("Content-Security-Policy", "Cross-Origin-Resource-Policy", "Cache-Control", "ETag"):
        assert again.headers[name] == first.headers[name]
    assert client.get(f"/embed/untoc/{part}?as_of=2003-07-01").headers["ETag"] != first.headers["ETag"]


def test_another_spelling_leads_to_the_proper_address(client):
    assert client.get("/embed/UNTOC/badge.svg").headers["Location"] == "/embed/untoc/badge.svg"


def test_words_are_given_room_for_their_letters():
    assert fit_text("WWW").width > fit_text("iii").width
    assert fit_text("").width == 0
