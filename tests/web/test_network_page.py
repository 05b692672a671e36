"""The network page without its script: the table, the choices, the data and the script it hands out."""

import csv
import io

import pytest


def shown(tree):
    """The rows of the table as (from, what, to)."""
    return [
        tuple(" ".join(cell.text_content().split()) for cell in row)[:3] for row in tree.cssselect("#rows tbody tr")
    ]


@pytest.fixture
def listed(page):
    """The rows of the whole table, page after page."""

    def get(path):
        rows, there = [], path
        while there:
            tree = page(there)
            rows += shown(tree)
            there = next((link.get("href") for link in tree.cssselect("#rows a[rel=next]")), None)
        return rows

    return get


def test_the_table_holds_the_gaps_of_the_day(listed):
    rows = listed("/network?as_of=2026-11-22")
    assert ("Congo", "Signed but not ratified", "UNTOC") in rows
    assert ("Papua New Guinea", "Eligible, no action", "UNTOC") in rows
    assert not [row for row in rows if row[2] == "UN Cybercrime Convention"]


def test_gaps_in_an_instrument_not_in_force_are_there_for_the_asking(listed):
    asked = listed("/network?pending=1&as_of=2026-11-22")
    chosen = listed("/network?instrument=un-cybercrime&as_of=2026-11-22")
    assert chosen == [row for row in asked if row[2] == "UN Cybercrime Convention"]
    assert len(chosen) > 100


def test_the_choices_work_together(listed):
    rows = listed("/network?instrument=untoc-firearms&region=Europe&standing=signed-only&as_of=2026-11-22")
    assert [row[0] for row in rows] == ["Iceland", "Monaco", "United Kingdom of Great Britain and Northern Ireland"]


def test_all_ties_are_the_other_view(listed):
    rows = listed("/network?view=ties&focus=FRA&as_of=2026-11-22")
    assert ("France", "Party", "UNTOC") in rows
    assert ("France", "Member of a body", "GRECO") in rows
    assert all("France" in (row[0], row[2]) for row in rows)


@pytest.mark.parametrize("text", ["participant.COG", "cog", "Congo", "congo "])
def test_a_participant_is_found_by_id_code_and_name(listed, text):
    rows = listed(f"/network?focus={text}&as_of=2026-11-22")
    assert {row[0] for row in rows} == {"Congo"}


def test_a_body_misses_nothing_so_its_ties_are_shown(listed):
    rows = listed("/network?focus=body.greco&as_of=2026-11-22")
    assert ("GRECO", "Body and treaty", "Criminal Law Convention on Corruption") in rows


def test_the_day_counts_and_stays_in_the_links(page):
    tree = page("/network?as_of=2003-09-30")
    assert ("France", "Party", "UNTOC") not in shown(tree)
    assert not [row for row in shown(tree) if row[2] == "UN Cybercrime Convention"]
    links = [a.get("href") for a in tree.cssselect("#rows tbody a")]
    assert links
    assert all("as_of=2003-09-30" in link for link in links)
    assert tree.cssselect("#network")[0].get("data-source") == "/network/drawing"


@pytest.mark.parametrize(
    "query",
    [
        "view=everything",
        "page=0",
        "page=one",
        "central=luck",
        "from=soon&view=changes",
        "one=zzzz",
        "instrument=nothing",
        "region=Atlantis",
        "standing=sitting",
        "focus=zzzz",
    ],
)
def test_a_choice_that_is_not_there_is_refused_by_name(client, query):
    answer = client.get(f"/network?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[2].partition("&")[0] in answer.text


def test_the_drawing_is_plain_and_whole(client, page):
    drawing = client.get("/network/drawing?view=ties&as_of=2026-11-22").json
    assert {node["group"] for node in drawing["nodes"]} == {"participant", "instrument", "body"}
    ids = {node["id"] for node in drawing["nodes"]}
    assert all(edge["from"] in ids and edge["to"] in ids for edge in drawing["edges"])
    painted = page("/network?view=ties&as_of=2026-11-22")
    assert {mark.get("data-id") for mark in painted.cssselect("#scene-marks > g")} == ids
    words = [text.text for text in painted.cssselect("#painting svg > text")]
    assert words == ["Europe", "Asia", "Oceania", "Africa", "Americas"]


def test_nodes_to_be_moved_are_those_of_the_picture_as_pyvis_has_them(client):
    query = "view=ego&focus=participant.FRA&as_of=2026-11-22"
    moved, drawn = (client.get(f"/network/drawing?{query}{more}").json for more in ("&movable=1", ""))
    assert moved["options"]["physics"] == {"enabled": False}
    assert {node["id"]: node["x"] for node in moved["nodes"]} == {node["id"]: node["x"] for node in drawn["nodes"]}
    assert len(moved["edges"]) == len(drawn["edges"])
    assert not [node for node in moved["nodes"] if "<" in node["label"] + node["title"]]


def test_the_drawing_is_small_enough_for_a_slow_line(client):
    for view in ("gaps", "ties"):
        answer = client.get(f"/network/drawing?view={view}&as_of=2026-11-22", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.data) < 60_000


def test_the_table_and_the_picture_choose_alike(client, listed):
    for query in ("", "pending=1", "region=Africa", "instrument=untoc-firearms&region=Europe"):
        places = client.get(f"/network/drawing?view=gaps&{query}&as_of=2026-11-22").json
        counted = sum(len(each) for each in places["outstanding"])
        assert counted == sum(each["count"] for each in places["participants"])
        assert counted == len(listed(f"/network?view=gaps&{query}&as_of=2026-11-22")) > 0
    for query in ("", "standing=assessed&", "region=Asia&"):  # assessments come with a focus, or alone
        edges = client.get(f"/network/drawing?view=ties&{query}as_of=2026-11-22").json["edges"]
        assert len(listed(f"/network?view=ties&{query}as_of=2026-11-22")) == len(edges) > 50


def test_judgements_stand_among_the_ties_of_whoever_is_focused(page, listed):
    assert ("FATF", "Assessed by a body", "Myanmar") in listed("/network?focus=body.fatf&as_of=2026-11-22")
    tree = page("/network?view=ties&focus=MMR&as_of=2026-11-22")
    rows = {tuple(" ".join(c.text_content().split()) for c in row)[:4] for row in tree.cssselect("#rows tbody tr")}
    assert ("FATF", "Assessed by a body", "Myanmar", "call-for-action of 'fatf-black'") in rows
    assert ("J/TIP", "Assessed by a body", "Myanmar", "Tier 3 of 'tip-tier' (2025 edition)") in rows
    then = page("/network?view=ties&focus=MMR&as_of=2002-09-30")
    assert "listed of 'fatf-ncct', unverified" in then.text_content()
    assert "Assessed by a body" in tree.cssselect(".legend")[0].text_content()


def test_judgements_are_chosen_by_the_region_of_who_is_judged(listed):
    rows = listed("/network?view=ties&standing=assessed&region=Oceania&as_of=2026-11-22")
    assert rows
    assert {row[2] for row in rows} <= {"Fiji", "Papua New Guinea", "Solomon Islands", "Vanuatu"}


def test_the_rows_are_there_as_csv(client):
    answer = client.get("/network.csv?instrument=untoc&as_of=2026-11-22")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["from"], row["tie"], row["to"]) for row in rows] == [
        ("COG", "signed-only", "untoc"), ("PNG", "never-signed", "untoc"), ("TUV", "never-signed", "untoc"),
    ]  # fmt: skip
    assert rows[0]["since"] == "2000-12-14"


def test_the_drawing_script_comes_from_the_installed_package(client):
    answer = client.get("/vendor/vis-network.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert b"vis-network" in answer.data[:200]
    again = client.get("/vendor/vis-network.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_holds_no_inline_script_or_style(page):
    tree = page("/network")
    assert not tree.cssselect("style, [style], script:not([src])")
    assert not [a for a in tree.iter() for name in a.keys() if name.startswith("on")]  # noqa: SIM118
