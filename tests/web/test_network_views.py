"""Each view of the network: its page, JSON and table say what the law answers; files can be read by others."""

import csv
import io
import math
import re
from collections import Counter
from datetime import date

import networkx as nx
import orjson
import pytest
from lxml import etree
from networkx.readwrite import json_graph

from benchmarks import generated_record as made
from tests.support.paths import ROOT
from tracker.app import assemble_app
from tracker.config import Settings
from tracker.graph.cells import participant_order, region_of
from tracker.graph.edges import edges, missing_edges
from tracker.graph.model import REGIONS
from tracker.law.ledger import Ledger
from tracker.schemas import network as law
from tracker.schemas import network_questions as questions
from tracker.schemas.formats import to_json, value_at
from tracker.storage.revision import RevisionStamp
from tracker.web.context import LedgerCache, get_context
from tracker.web.network import page as network
from tracker.web.network import painting, rose, spindle, views
from tracker.web.network.params import NetworkParams

DAY = "as_of=2026-11-22"
GROUPS = {"participant", "instrument", "body"}  # the marks that stand for a node
VIEWS = ["gaps", "spindle", "growth", "clocks", "profiles", "ego", "backbone", "changes", "ties"]


def as_json(answer):
    """An answer as a client reads it."""
    return orjson.loads(to_json(answer))


@pytest.fixture(scope="module")
def ledger(app):
    """The record as of the day that these tests ask about."""
    return app.extensions["tracker.shelf"].view(date(2026, 11, 22), None)[1]


@pytest.fixture
def table(client):
    """The rows of a view's CSV."""

    def get(query):
        answer = client.get(f"/network.csv?{DAY}&{query}")
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))

    return get


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """A site over a record as large as the UN collection."""
    held = Ledger(made.record())
    settings = Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('large') / 'none.db'}")
    app = assemble_app(LedgerCache(lambda: RevisionStamp(1), lambda: held), settings)
    app.add_url_rule(
        "/subscribe", "subscriptions.subscribe", lambda: ""
    )  # what every page links to lives beside a database
    app.add_url_rule("/changes", "changes.changes", lambda: "")
    return app.test_client()


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_whole_in_its_address(page, view):
    tree = page(f"/network?view={view}&{DAY}")
    assert tree.cssselect("#views [aria-current]")[0].get("href").count(f"view={view}") == 1
    assert tree.cssselect("#rows tbody tr")
    assert tree.cssselect("#legend li")
    pictures = tree.cssselect("#painting svg")
    assert len(pictures) == 1


def test_gaps_and_ties_are_the_laws(data, table, ledger):
    gaps = data(f"/network.json?view=gaps&pending=1&{DAY}")["ties"]
    assert len(gaps) == len(table("view=gaps&pending=1")) == len(missing_edges(ledger))
    everything = table("view=ties")
    assert len(everything) == sum(str(tie.kind) != "assessed" for tie in edges(ledger))


def test_one_node_is_shown_with_all_its_ties_and_gaps(data, table, ledger):
    found = as_json(law.ego_answer(ledger, "instrument.untoc"))
    shown = data(f"/network.json?view=ego&focus=untoc&{DAY}")
    assert shown["ties"] == found["ties"]
    assert len(table("view=ego&focus=untoc")) == len(found["ties"]) + len(found["missing"])


def test_a_node_that_the_day_lacks_is_said_not_refused(page):
    tree = page("/network?view=ego&focus=instrument.un-cybercrime&as_of=1999-01-01")
    assert "un-cybercrime is not in our data on this date" in tree.cssselect("#summary")[0].text_content()


def test_profiles_hold_every_participant_once(data, table, ledger):
    found = as_json(law.profiles_answer(ledger))
    assert data(f"/network.json?view=profiles&{DAY}")["profiles"] == found["profiles"]
    rows = table("view=profiles")
    assert [int(row["size"]) for row in rows] == [each["size"] for each in found["profiles"]]
    assert sum(int(row["size"]) for row in rows) == found["participants"]


def test_profiles_are_made_of_the_instruments_asked_for(data):
    shown = data(f"/network.json?view=profiles&of=untoc&of=uncac&{DAY}")
    assert [each["instrument"] for each in shown["instruments"]] == ["untoc", "uncac"]
    assert len(shown["profiles"]) <= 4


def test_too_many_instruments_for_profiles_are_refused(client, ledger):
    many = "&".join(f"of={id}" for id in list(ledger.instruments)[:13])
    assert client.get(f"/network?view=profiles&{many}").status_code == 400


def test_the_backbone_is_the_laws(data, table, ledger):
    found = as_json(law.backbone_answer(ledger))
    assert data(f"/network.json?view=backbone&{DAY}")["ties"] == found["ties"]
    assert [(row["from"], row["to"]) for row in table("view=backbone")] == [
        (each["one"], each["other"]) for each in found["ties"]
    ]


def test_two_days_are_compared_with_the_acts_that_made_the_difference(data, table, app, ledger):
    then = app.extensions["tracker.shelf"].view(date(2026, 1, 1), None)[1]
    found = as_json(law.difference_answer(then, ledger))
    shown = data(f"/network.json?view=changes&from=2026-01-01&{DAY}")
    assert {turn: shown[turn] for turn in ("gained", "lost", "changed")} == {
        turn: found[turn] for turn in ("gained", "lost", "changed")
    }
    rows = table("view=changes&from=2026-01-01")
    assert len(rows) == sum(len(found[turn]) for turn in ("gained", "lost", "changed")) > 0
    assert all(row["acts"] for row in rows if row["before"] == "" and row["after"] == "contracting-party")


def test_the_days_may_be_given_the_other_way_round(data):
    forth = data("/network.json?view=changes&from=2002-01-01&as_of=2004-01-01")
    back = data("/network.json?view=changes&from=2004-01-01&as_of=2002-01-01")
    assert len(forth["gained"]) == len(back["lost"]) > 0


def test_the_shortest_path_is_described_in_words(words, ledger):
    told = words(f"/network?one=FRA&other=PNG&{DAY}")
    assert as_json(questions.path_answer(ledger, "FRA", "PNG"))["words"] in told


def test_the_most_alike_are_listed(page, ledger):
    rows = page(f"/network?like=AUS&{DAY}").cssselect("[aria-label^='Similar '] tbody th")
    assert [row.text_content().strip() for row in rows] == [
        each["name"] for each in as_json(questions.alike_answer(ledger, "AUS"))["alike"]
    ]


def test_groups_and_the_most_central_are_described(words, ledger):
    groups = as_json(questions.clusters_answer(ledger))["groups"]
    told = words(f"/network?groups=1&central=betweenness&{DAY}")
    assert all(f"Group {each['number']}: {each['size']} participant" in told for each in groups)
    assert "Centrality: Betweenness" in told


def test_a_question_about_a_node_of_another_day_is_answered_in_words(words):
    assert "was found." in words("/network?one=instrument.un-cybercrime&other=FRA&as_of=1999-01-01")


@pytest.mark.parametrize("view", VIEWS)
def test_graphs_are_read_back_by_networkx(client, table, view):
    query = f"view={view}&focus=untoc" if view == "ego" else f"view={view}"
    rows = table(query)
    written = client.get(f"/network.graphml?{DAY}&{query}")
    graph = nx.parse_graphml(written.text, force_multigraph=True)
    expected = (
        sum(len(row["instruments"].split("; ")) for row in rows if row["instruments"])
        if view == "profiles"
        else len(rows)
    )
    assert graph.number_of_edges() == expected
    again = nx.read_gexf(io.BytesIO(client.get(f"/network.gexf?{DAY}&{query}").data))
    assert set(again) == set(graph)
    linked = json_graph.node_link_graph(client.get(f"/network.node-link.json?{DAY}&{query}").json, edges="edges")
    assert set(linked) == set(graph)
    assert linked.number_of_edges() == expected
    assert "attachment" in written.headers["Content-Disposition"]


GEXF = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"


@pytest.mark.parametrize("view", VIEWS)
def test_gexf_is_of_version_1_3_with_colours_places_and_time(client, view):
    """What https://gexf.net/schema.html asks of a file; its XSD names two name spaces for one and cannot be applied."""
    query = f"view={view}&focus=untoc" if view == "ego" else f"view={view}"
    tree = etree.fromstring(client.get(f"/network.gexf?{DAY}&{query}").data)
    assert (tree.tag, tree.get("version")) == (f"{GEXF}gexf", "1.3")
    assert tree.findtext(f"{GEXF}meta/{GEXF}creator") == "Treaty Tracker"
    assert "2026-11-22" in tree.findtext(f"{GEXF}meta/{GEXF}description")
    graph = tree.find(f"{GEXF}graph")
    assert [etree.QName(each).localname for each in graph if each.tag != f"{GEXF}attributes"] == ["nodes", "edges"]
    for node in graph.iter(f"{GEXF}node"):
        colour, place = node.find(f"{VIZ}color"), node.find(f"{VIZ}position")
        assert all(0 <= int(colour.get(channel)) <= 255 for channel in "rgb")
        assert float(node.find(f"{VIZ}size").get("value")) > 0
        assert place is not None or node.get("id").startswith("body."), "bodies are not in every picture"
        assert place is None or all(math.isfinite(float(place.get(axis))) for axis in "xyz")
    ids = {node.get("id") for node in graph.iter(f"{GEXF}node")}
    edges = list(graph.iter(f"{GEXF}edge"))
    assert {end for edge in edges for end in (edge.get("source"), edge.get("target"))} <= ids
    parallel = Counter((edge.get("source"), edge.get("target"), edge.get("kind")) for edge in edges)
    assert max(parallel.values()) == 1, "parallel links are told apart by their kind"


@pytest.mark.parametrize("view", VIEWS)
def test_gexf_has_the_time_in_which_nodes_exist_and_links_hold(client, view):
    query = f"view={view}&focus=untoc" if view == "ego" else f"view={view}"
    graph = etree.fromstring(client.get(f"/network.gexf?{DAY}&{query}").data).find(f"{GEXF}graph")
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    spells = list(graph.iter(f"{GEXF}spell"))
    assert spells
    for spell in spells:
        days = [date.fromisoformat(spell.get(end)) for end in ("start", "end") if spell.get(end)]
        assert days
        assert days == sorted(days)


def test_a_link_of_the_gexf_begins_when_its_act_was_done_and_ends_with_its_withdrawal(client):
    tree = etree.fromstring(client.get(f"/network.gexf?{DAY}&view=growth&instrument=uncac").data)
    spells = {
        (edge.get("source"), edge.get("kind")): dict(edge.find(f".//{GEXF}spell").attrib)
        for edge in tree.iter(f"{GEXF}edge")
        if edge.find(f".//{GEXF}spell") is not None
    }
    assert spells["participant.THA", "consent"] == {"start": "2011-03-01"}
    left = [source for source, kind in spells if kind == "withdrawal"]
    assert len(left) == 1
    assert spells[left[0], "consent"]["end"] == spells[left[0], "withdrawal"]["start"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_still_picture_stands_alone(client, view):
    answer = client.get(f"/network.svg?view={view}&{DAY}")
    assert answer.mimetype == "image/svg+xml"
    tree = etree.fromstring(answer.data)
    assert not tree.xpath("//*[@style or @class or (@href and not(starts-with(@href, '#')))]")
    assert not tree.xpath("//*[local-name()='script' or local-name()='style' or local-name()='foreignObject']")
    assert "22 Nov 2026" in tree.findtext("{*}title")
    ground = tree.find("{*}rect")
    assert ground.get("fill") == "#ffffff"


def test_the_picture_of_gaps_says_how_many_and_names_each_ring(client, table):
    rows = table("view=gaps&region=Europe")
    words = etree.fromstring(client.get(f"/network.svg?view=gaps&region=Europe&{DAY}").data).itertext()
    said = [text.strip() for text in words if text.strip()]
    assert str(len(rows)) in said
    assert {"UNTOC", "Firearms Protocol", "Incomplete data"} <= set(said)
    assert "Asia" not in said, "what is not asked for is not drawn"


def test_the_drawing_of_a_view_holds_what_its_table_holds(client, table):
    for query in ("view=ego&focus=untoc", "view=backbone"):
        edges = client.get(f"/network/drawing?{DAY}&{query}").json["edges"]
        drawn = [row for row in table(query) if "assessed" not in (row.get("before"), row.get("after"))]
        assert len(edges) == len(drawn) > 0, "what bodies have judged is in the table and not drawn"


def test_every_view_gives_the_api_an_answer(app):
    with app.test_request_context(f"/network?{DAY}"):
        asked = get_context()
        for view, answer in views.ANSWERS.items():
            found = answer(asked, NetworkParams(view=view, first=date(2026, 1, 1)))
            assert found.rows
            assert [[value_at(row, column) for column in found.columns] for row in found.rows]


# -- a collection of the size of the UN's ------------------------------------------------------------------


def test_a_large_collection_opens_on_its_backbone(collection):
    answer = collection.get("/network", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert len(answer.data) < 60_000
    drawing = collection.get("/network/drawing", headers={"Accept-Encoding": "gzip"})
    assert len(drawing.data) < 40_000


def test_of_a_large_collection_lines_are_drawn_only_where_they_are_asked_for(collection):
    whole = collection.get("/network/drawing?view=ties").json
    assert whole["edges"] == []
    assert not whole["complete"]
    assert whole["total"] > 10_000
    focused = collection.get("/network/drawing?view=ties&focus=participant.S001").json
    assert 0 < len(focused["edges"]) < 400
    assert "Too many links to draw" in collection.get("/network?view=ties").text


def test_of_a_large_collection_the_rose_draws_the_treaties_with_most_outstanding(collection):
    places = collection.get("/network/drawing?view=gaps&as_of=2013-07-06").json
    gaps = collection.get("/network.json?view=gaps&as_of=2013-07-06").json["data"]["ties"]
    counts = Counter(f"instrument.{gap['to']}" for gap in gaps)
    assert len(places["treaties"]) == rose.MAX_RINGS
    drawn = {each["id"]: each["count"] for each in places["treaties"]}
    assert sorted(drawn.values()) == sorted(number for _, number in counts.most_common(rose.MAX_RINGS))
    assert all(counts[id] == number for id, number in drawn.items())
    chosen = collection.get("/network/drawing?view=gaps&instrument=treaty-150&as_of=2013-07-06").json
    assert [each["id"] for each in chosen["treaties"]] == ["instrument.treaty-150"]


def test_the_table_of_a_large_collection_comes_in_pages_and_whole_as_csv(collection):
    answer = collection.get("/network?view=ties", headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) < 60_000
    text = collection.get("/network?view=ties").text
    assert text.count('<th scope="row">') == network.ROWS
    total = collection.get("/network.csv?view=ties").text.count("\r\n") - 1
    last = -(-total // network.ROWS)
    assert f"Page 1 of {last}" in text
    rest = collection.get(f"/network?view=ties&page={last}").text
    assert rest.count('<th scope="row">') == total - (last - 1) * network.ROWS


ASKED = "one=instrument.untoc&other=instrument.uncac&like=FRA&groups=1&central=degree"


@pytest.mark.parametrize("view", VIEWS)
def test_an_answer_is_said_to_be_drawn_only_where_it_is(page, view):
    tree = page(f"/network?view={view}&{DAY}&{ASKED}")
    legend = tree.cssselect("#legend")[0].text_content()
    for drawn, answer, sign in (
        ("#scene-links [data-kind=way]", "a-path", "Shortest path"),
        ("#scene-marks circle[r='6.2']", "a-groups", "Group, by its number"),
        ("#scene-marks rect[fill-opacity]", "a-central", "Larger for more: Links"),
    ):
        told = tree.cssselect(f"section[aria-labelledby={answer}]")[0].text_content()
        is_drawn = bool(tree.cssselect(drawn))
        assert is_drawn == (sign in legend) == ("picture of this view does not show it" not in told), answer
    told = tree.cssselect("#answers")[0].text_content()
    assert ("Drawn in the picture" in told) == bool(tree.cssselect("#scene-links [data-kind=way]"))


def test_the_picture_of_all_links_marks_every_answer(page):
    tree = page(f"/network?view=ties&{DAY}&{ASKED}")
    for mark in ("[data-kind=way]", "circle[r='6.2']", "rect[fill-opacity]", "circle[r='9']"):
        assert tree.cssselect(f"#painting {mark}"), mark


def test_the_still_picture_marks_the_answers_too(client):
    def count(query, what):
        tree = etree.fromstring(client.get(f"/network.svg?view=ties&{DAY}{query}").data)
        return len(tree.xpath(what, namespaces={"s": "http://www.w3.org/2000/svg"}))

    way, number, halo = "//s:path[@stroke-width='3.5']", "//s:circle[@r='6.2']", "//s:rect[@fill-opacity]"
    assert [count("", each) for each in (way, number, halo)] == [0, 0, 0]
    assert count("&one=instrument.untoc&other=instrument.uncac", way) == 2  # both steps as one, and the legend
    assert count("&groups=1", number) > 150
    assert count("&central=degree", halo) > 10


# -- two days far apart --------------------------------------------------------------------------------

FAR = "view=changes&from=2000-01-01&as_of=2020-01-01"


def test_of_two_days_one_kind_of_change_can_be_chosen(data, table, client):
    every = [turn for kind in ("gained", "lost", "changed") for turn in data(f"/network.json?{FAR}")[kind]]
    signed = list(csv.DictReader(io.StringIO(client.get(f"/network.csv?{FAR}&change=signed").text)))
    assert len(signed) == sum(turn["change"] == "signed" for turn in every) > 0
    assert {row["after"] for row in signed} == {"signatory"}


def test_a_change_that_is_none_is_refused(client):
    refused = client.get(f"/network.json?{FAR}&change=vanished")
    assert (refused.status_code, "vanished" in refused.text) == (400, True)


def test_the_changes_of_status_are_counted_by_participant_and_treaty(client, data):
    turns = [turn for kind in ("gained", "lost", "changed") for turn in data(f"/network.json?{FAR}")[kind]]
    status = Counter(
        turn["target"]
        for turn in turns
        if turn["target"].startswith("instrument.") and turn["source"].startswith("participant.")
    )
    places = client.get(f"/network/drawing?{FAR}").json
    assert {each["id"]: each["count"] for each in places["treaties"] if each["count"]} == status
    assert f">{sum(status.values()):,}<" in client.get(f"/network?{FAR}").text


def test_what_changed_is_described_beside_the_picture_without_a_script(page, data):
    turns = [turn for kind in ("gained", "lost", "changed") for turn in data(f"/network.json?{FAR}")[kind]]
    tree = page(f"/network?{FAR}&change=consented")
    kinds = {
        each.cssselect("a, strong")[0].text: each.cssselect("span")[0].text
        for each in tree.cssselect(".ranking:not(.with-bars) li")
    }
    assert kinds["Signature"] == f"{sum(turn['change'] == 'signed' for turn in turns):,}", "of the kinds not chosen too"
    first = tree.cssselect(".with-bars li")[0]
    assert "focus=instrument.untoc" in first.cssselect("a")[0].get("href")
    joined = sum(turn["target"] == "instrument.untoc" and turn["change"] == "consented" for turn in turns)
    assert first.cssselect("span")[0].text == f"+{joined}"
    assert tree.cssselect("#f-change option[selected]")[0].get("value") == "consented"


# -- the rose ------------------------------------------------------------------------------------------


def test_a_cell_says_the_status_and_never_takes_incomplete_data_for_no_action(client):
    places = client.get(f"/network/drawing?{DAY}").json
    codes = [each["id"].partition(".")[2] for each in places["participants"]]

    def said(treaty, code):
        ring = [each["id"] for each in places["treaties"]].index(f"instrument.{treaty}")
        return places["sentences"][places["words"][ring][codes.index(code)]]

    assert said("untoc", "FRA").startswith("party since")
    assert said("untoc", "COG") == "signed on 14 December 2000, not ratified"
    assert said("untoc", "PNG") == "eligible, no action"
    assert said("oas-corruption", "FRA") == "not eligible"
    partial = [each for each in places["treaties"] if each["id"] == "instrument.coe-174"]
    assert partial, "a treaty with incomplete data is drawn too"
    civil_law = [each["id"] for each in places["treaties"]].index("instrument.coe-174")
    rest = {places["sentences"][number] for number in places["words"][civil_law]}
    assert "not in our data, which are incomplete for this treaty" in rest
    assert "eligible, no action" not in rest


def test_what_a_link_says_is_in_the_language_of_the_page(client):
    said = client.get(f"/network/drawing?view=ego&focus=participant.FRA&lang=fr&{DAY}").json["edges"]
    assert "partie depuis le 29 septembre 2003" in {edge["title"] for edge in said}
    cells = client.get(f"/network/drawing?view=gaps&lang=es&{DAY}").json["sentences"]
    assert "firmado el 14 de diciembre de 2000, no ratificado" in cells


def test_places_are_the_same_on_every_date(client):
    def places(day):
        found = client.get(f"/network/drawing?as_of={day}").json
        return (
            [(each["id"], each["start"], each["end"]) for each in found["participants"]],
            [(each["id"], each["inner"], each["outer"]) for each in found["treaties"]],
        )

    assert places("1989-06-01") == places("2003-07-01") == places("2026-11-22")


def test_who_may_join_follows_the_date(client):
    def words(day):
        found = client.get(f"/network/drawing?as_of={day}").json
        ring = [each["id"] for each in found["treaties"]].index("instrument.uncac")
        return {each["id"]: number for each, number in zip(found["participants"], found["words"][ring], strict=True)}

    before, after = words("2003-01-01"), words("2026-11-22")
    assert set(before.values()) == {-1}, "before its adoption there is no cell"
    assert before["participant.SSD"] == -1
    assert after["participant.SSD"] >= 0


def test_those_that_lack_the_same_stand_together(app):
    with app.test_request_context(f"/network?{DAY}"):
        order = participant_order(views.today_of(get_context()))
    pacific = [who.code for who in order if who.subregion == "Polynesia"]
    gaps = {"NIU", "COK", "TON", "WSM", "TUV"}
    assert set(pacific) == gaps
    regions = [region_of(who) for who in order]
    assert [*dict.fromkeys(regions)] == [region for region in REGIONS if region in regions]


def test_every_reader_can_distinguish_hue_and_darkness():
    """WCAG contrast of 3 : 1 for graphics, in the light and in the dark."""
    style = (ROOT / "static/network.css").read_text() + (ROOT / "static/style.css").read_text()
    light, dark = (tokens(style, mode) for mode in ("light", "dark"))
    for mode in (light, dark):
        cells = [value for name, value in mode.items() if name.startswith("cell-")]
        assert len(cells) == 6
        for cell in cells:
            assert contrast(cell, mode["paper"]) >= 3.1
            assert contrast(cell, mode["gap"]) >= 3.6
            for seen in (MACHADO_DEUTAN, MACHADO_PROTAN, MACHADO_TRITAN):
                assert distance(as_seen(cell, seen), as_seen(mode["gap"], seen)) >= 26
    assert {name: light[name] for name in painting.INKS} == painting.INKS


def tokens(style, mode):
    """The colours of the style sheets by name; in the dark those that are set for it replace the others."""
    lighted = re.sub(r"@media \(prefers-color-scheme: dark\) \{.*?\n\}", "", style, flags=re.DOTALL)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", lighted))
    if mode == "dark":
        for block in re.findall(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", style, flags=re.DOTALL):
            found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    return found


def linear(colour):
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]


def contrast(one, other):
    """The contrast of two colours as WCAG 2.2 defines it."""
    dark, bright = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(linear, (one, other)))
    return (bright + 0.05) / (dark + 0.05)


# Machado, Oliveira and Fernandes (2009), severity 1.0, in linear RGB
MACHADO_PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
MACHADO_DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
MACHADO_TRITAN = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))


def as_seen(colour, matrix):
    rgb = linear(colour)
    return [min(1.0, max(0.0, sum(weight * share for weight, share in zip(row, rgb, strict=True)))) for row in matrix]


def distance(one, other):
    """The distance of two linear colours in CIELAB (CIE76, white D65)."""
    return math.dist(lab(one), lab(other))


def lab(rgb):
    to_xyz = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    x, y, z = (
        sum(weight * share for weight, share in zip(row, rgb, strict=True)) / white
        for row, white in zip(to_xyz, (0.95047, 1.0, 1.08883), strict=True)
    )
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


# -- the tree rings ------------------------------------------------------------------------------------


def acts(client, query):
    """The drawing of one treaty's growth."""
    return client.get(f"/network/drawing?view=growth&{query}").json


def test_the_tree_rings_count_what_the_treatys_own_page_counts(client, data):
    for treaty in ("untoc", "uncac", "coe-174", "oas-cifta"):
        parties = data(f"/instruments/{treaty}.json?{DAY}")["parties"]
        drawn = acts(client, f"instrument={treaty}&{DAY}")
        assert drawn["treaties"][0]["count"] == parties
        assert drawn["treaties"][0]["count"] == sum(each["count"] for each in drawn["participants"])


def test_years_hold_every_consent_whose_date_is_known(client, data):
    drawn = acts(client, f"instrument=untoc&{DAY}")
    rows = data(f"/network.json?view=growth&instrument=untoc&{DAY}")["acts"]
    years = Counter(row["date"][:4] for row in rows if row["kind"] == "consent")
    counts = {ring["name"]: ring["count"] for ring in drawn["treaties"][1:]}
    assert {year: number for year, number in counts.items() if number} == years
    for ring, found in zip(drawn["treaties"][1:], drawn["outstanding"][1:], strict=True):
        assert len(found) == ring["count"]


def test_a_mark_lies_on_the_ring_of_its_year(client, data):
    drawn = acts(client, f"instrument=untoc&{DAY}")
    rings = {ring["name"]: ring for ring in drawn["treaties"][1:]}
    dates = {row["from"]: row["date"] for row in data(f"/network.json?view=growth&instrument=untoc&{DAY}")["acts"]}
    for who, found in zip(drawn["participants"], drawn["acts"], strict=True):
        for first, last, _ in found:
            ring = rings[dates[who["id"].partition(".")[2]][:4]]
            assert ring["inner"] - 0.1 <= first <= last <= ring["outer"] + 0.1


def test_nothing_moves_while_time_runs(client):
    def places(day):
        drawn = acts(client, f"instrument=uncac&as_of={day}")
        return [(each["id"], each["inner"], each["outer"]) for each in drawn["treaties"]], {
            who["id"]: found for who, found in zip(drawn["participants"], drawn["acts"], strict=True) if found
        }

    before, after = places("2006-01-01"), places("2026-11-22")
    assert before[0] == after[0]
    same = [who for who, found in before[1].items() if found[0][2] == "consent" and who in after[1]]
    assert len(same) > 30
    assert all(before[1][who][0] == after[1][who][0] for who in same)


def test_a_date_that_is_not_known_is_neither_left_out_nor_invented(client, page):
    drawn = acts(client, f"instrument=coe-174&{DAY}")
    undated = [found for found in drawn["acts"] if found and found[0][2] == "undated"]
    assert len(undated) == 34
    edge = drawn["treaties"][1]["outer"]
    assert all(found[0][0] > edge for found in undated), "they have a ring of their own, outside the years"
    tree = page(f"/network?view=growth&instrument=coe-174&{DAY}")
    assert "The dates of 34 consents are not known." in tree.cssselect("#summary")[0].text_content()
    assert "The data on this treaty are incomplete." in tree.cssselect("#summary")[0].text_content()
    assert sum("date not known" in row.text_content() for row in tree.cssselect("#rows tbody tr")) == 34


def test_a_date_known_to_the_month_is_drawn_over_the_whole_month(client):
    drawn = acts(client, f"instrument=oas-cifta&{DAY}")
    spans = [last - first for found in drawn["acts"] for first, last, kind in found if kind == "consent"]
    assert len(spans) == 30
    assert sum(span > 0 for span in spans) == 29


def test_words_say_who_did_what_and_when(client):
    drawn = acts(client, f"instrument=uncac&{DAY}&lang=fr")
    who = [each["id"] for each in drawn["participants"]].index("participant.THA")
    assert drawn["sentences"][drawn["words"][3][who]] == "Ratification\u00a0: 1er mars 2011"


# -- the spindle and the filter ------------------------------------------------------------------------


def test_the_spindle_draws_the_rows_of_its_table_bundled(client, table):
    places = client.get(f"/network/drawing?view=spindle&{DAY}").json
    rows = Counter(row["to"] for row in table("view=spindle"))
    drawn = {ring["id"].partition(".")[2]: ring["count"] for ring in places["treaties"]}
    assert drawn == {f"{id}": rows[id] for id in drawn}
    assert sum(drawn.values()) == sum(rows.values())
    tree = etree.fromstring(client.get(f"/network.svg?view=spindle&{DAY}").data)
    groups = tree.findall(".//{*}g[@id='spindle-links']/{*}g")
    assert [len(group) for group in groups] == [len(found) for found in places["outstanding"]]


def test_a_bundle_begins_and_ends_where_its_link_does():
    points = [(0.0, 0.0), (40.0, 0.0), (60.0, 30.0), (100.0, 100.0)]
    for tightness in (0.0, 0.5, 0.93, 1.0):
        path = spindle.bundle_path(points, tightness)
        assert path.startswith("M0 0L")
        assert path.endswith("L100 100")
    straight = [float(each) for each in re.findall(r"-?[0-9.]+", spindle.bundle_path(points, 0.0))]
    assert all(abs(x - y) <= 1 for x, y in zip(straight[::2], straight[1::2], strict=True))


@pytest.mark.parametrize("view", ["gaps", "spindle"])
def test_several_treaties_statuses_and_groups_narrow_headline_table_and_picture_alike(client, page, table, view):
    treaties, groups = "instrument=untoc&instrument=untoc-firearms", "region=Europe&group=GRULAC&match=any"
    query = f"{treaties}&{groups}&standing=signed-only&standing=left"
    rows = table(f"view={view}&{query}")
    assert {row["to"] for row in rows} <= {"untoc", "untoc-firearms"}
    assert {row["tie"] for row in rows} == {"signed-only"}
    tree = page(f"/network?view={view}&{DAY}&{query}")
    assert tree.cssselect("#painting")[0].get("data-links") == str(len(rows))
    if view == "gaps":
        assert tree.cssselect("#summary p")[0].text_content().startswith(f"{len(rows)} outstanding.")
    places = client.get(f"/network/drawing?view={view}&{DAY}&{query}").json
    assert sum(len(found) for found in places["outstanding"]) == len(rows)
    regions = {who["region"] for who in places["participants"]}
    assert regions == {"Europe", "Americas"}


def test_a_filter_says_how_many_links_each_choice_would_show(page, table):
    tree = page(f"/network?{DAY}&region=Africa")
    for box in tree.cssselect("#facet-treaties label"):
        treaty = box.cssselect("input")[0].get("value")
        rows = table(f"region=Africa&instrument={treaty}")
        in_force = [row for row in rows if treaty not in ("un-cybercrime", "coe-224")]
        assert int(box.cssselect(".count")[0].text) == len(in_force)


def test_another_site_may_show_the_picture_as_it_is_filtered(client, page):
    tree = page(f"/network?{DAY}&region=Africa&instrument=untoc")
    snippet = tree.cssselect("#embed code")[0].text_content()
    source = re.search(r'src="https?://[^/"]+(/network\.svg[^"]+)"', snippet)[1]
    answer = client.get(source)
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert client.get(f"/network?{DAY}").headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "region=Africa" in source
    assert "instrument=untoc" in source
