"""The pages of a treaty: one head, tabs with addresses of their own, one filter and one date in all of them."""

from io import BytesIO

import pytest
from docx import Document

DAY = "as_of=2024-05-04"
FILTER = "group=Latin+American+and+Caribbean+States&standing=signatory"
TABS = ["", "/participants", "/non-parties", "/history", "/map", "/statements", "/network", "/sources"]


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_carries_the_date_and_the_filter_to_the_others(page, tab):
    tree = page(f"/instruments/untoc-firearms{tab}?{DAY}&{FILTER}")
    links = [link.get("href") for link in tree.cssselect("nav.tabs a")]
    assert [link.partition("?")[0].removeprefix("/instruments/untoc-firearms") for link in links] == TABS
    for link in links:
        assert DAY in link
        assert FILTER in link
    [here] = tree.cssselect("nav.tabs a[aria-current=page]")
    assert here.get("href") == links[TABS.index(tab)]
    assert tree.cssselect(".status-line .status-word")


def test_a_pending_treaty_says_until_when_it_can_be_signed_and_what_is_needed(page, words):
    text = words("/instruments/un-cybercrime?as_of=2026-11-22")
    assert "Closes for signature 31 December 2026" in text
    assert "40 required" in text
    head = page("/instruments/untoc").cssselect(".status-line")[0].text_content()
    assert "required" not in head
    assert "Closes" not in head


def test_the_address_of_an_alias_leads_to_the_tab_of_the_treaty(client):
    answer = client.get("/instruments/UNTOC/participants?standing=party")
    assert (answer.status_code, answer.location) == (308, "/instruments/untoc/participants?standing=party")


def test_the_result_can_be_copied_as_a_sentence_and_as_a_list(page, data):
    address = f"/instruments/untoc-firearms/participants?{DAY}&standing=signatory&group=WEOG"
    names = [row["name"] for row in data(address.replace("?", ".json?"))]
    tree = page(address)
    assert tree.get_element_by_id("result-list").text.splitlines() == names
    assert tree.get_element_by_id("result-sentence").text == (
        f"Firearms Protocol, status as at 4 May 2024. WEOG; signed but not ratified ({len(names)}): "
        f"{', '.join(names[:-1])} and {names[-1]}."
    )


def test_the_result_as_a_word_document_has_the_rows_of_the_table(client, data):
    address = f"/instruments/untoc-firearms/participants.docx?{DAY}&standing=signatory"
    answer = client.get(address)
    [table] = Document(BytesIO(answer.data)).tables
    names = [row.cells[0].text for row in table.rows[1:]]
    assert names == [row["name"] for row in data(address.replace("docx", "json"))]
    assert "untoc-firearms-participants-2024-05-04.docx" in answer.headers["Content-Disposition"]


def test_the_map_shows_those_that_the_filter_leaves_and_says_the_status_of_the_others(page, data):
    tree = page(f"/instruments/untoc-firearms/map?{DAY}&group=GRULAC&standing=party")
    rows = data(f"/instruments/untoc-firearms/map.json?{DAY}&group=GRULAC&standing=party")["participants"]
    assert {row["un_group"] for row in rows} == {"Latin American and Caribbean States"}
    assert len(tree.cssselect("table.map-table tr[data-row]")) == len(rows)
    neutral = [title.text for title in tree.cssselect(".world-neutral title")]
    assert any(text.startswith("France") for text in neutral)


def test_statements_are_those_of_the_participants_asked_for(data):
    found = data("/instruments/untoc/statements.json?group=GRULAC")["statements"]
    people = {row["participant"] for row in data("/instruments/untoc.json?group=GRULAC")["participants"]}
    assert found
    assert {each["participant"] for each in found} <= people
