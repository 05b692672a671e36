"""What the network says of paths, likeness, groups, centrality, links and changes, in French and Spanish."""

import re

import pytest

DAY = "as_of=2026-11-22"
ENGLISH = re.compile(r"\b(the|are|is|both|either|through|place|shared|party|nothing|since|only)\b", re.IGNORECASE)
ASKED = {
    "path": "one=participant.BTN&other=participant.FRA",
    "far": "one=participant.PNG&other=body.greco",
    "direct": "one=participant.FRA&other=instrument.untoc",
    "alike": "like=participant.FRA",
    "alike-treaty": "like=instrument.untoc",
    "alike-body": "like=body.greco",
    "groups": "groups=1",
    "central": "central=degree",
}


def words(tree):
    return [
        " ".join(each.text_content().split())
        for each in tree.cssselect(
            "#answers .answer > p, #answers .paths li, #answers details > p:first-of-type, #answers td:last-child"
        )
        if "small" not in (each.get("class") or "")
    ]


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("asked", ASKED)
def test_answers_are_in_the_language_of_the_page(page, language, asked):
    said = words(page(f"/network?{ASKED[asked]}&lang={language}&{DAY}"))
    assert said
    for sentence in said:
        assert not ENGLISH.search(sentence.replace("PageRank", "")), sentence


def test_a_path_is_said_in_french(page):
    said = words(page(f"/network?{ASKED['direct']}&lang=fr&{DAY}"))
    assert said[0].startswith("France et Convention de Palerme sont liés directement.")


@pytest.mark.parametrize("language", ["fr", "es"])
def test_changes_and_objections_are_in_the_language_of_the_page(page, language):
    for query in ("view=changes&from=2003-09-01&as_of=2003-10-01", f"view=ties&standing=objection&{DAY}"):
        rows = page(f"/network?{query}&lang={language}").cssselect("#rows tbody tr")
        assert rows
        for row in rows[:60]:
            explained = row.cssselect("td")[2].text_content()
            assert not ENGLISH.search(explained), explained


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_names_of_rings_can_be_told_apart(client, language):
    text = client.get(f"/network?view=gaps&lang={language}&{DAY}").text
    ring = text[text.index('<g id="rose-treaties">') : text.index('<g id="rose-names">')]
    names = [each for each in re.findall(r">([^<>]+)</text>", ring) if not each.isdigit()]
    assert len(names) > 16
    assert len(set(names)) == len(names)
    assert not [
        each
        for each in names
        if re.fullmatch(r"(Conv\S*|Prot\S*) (de|des|relatif|relative|contra|contre)\S* ?\S*…", each)
    ]
