"""Each view of the network: its page, JSON and table say what the law answers; files can be read by others."""

import csv
import io
from datetime import date

import networkx as nx
import orjson
import pytest
from lxml import etree

from benchmarks import generated_record as made
from tracker.app import assemble_app
from tracker.config import Settings
from tracker.graph.edges import edges, missing_edges
from tracker.law.ledger import Ledger
from tracker.schemas import network as law
from tracker.schemas import network_questions as questions
from tracker.schemas.formats import to_json, value_at
from tracker.storage.revision import RevisionStamp
from tracker.web.context import LedgerCache, get_context
from tracker.web.network import page as network
from tracker.web.network import views
from tracker.web.network.params import NetworkParams

DAY = "as_of=2026-11-22"
GROUPS = {"participant", "instrument", "body"}  # the marks that stand for a node
VIEWS = ["gaps", "profiles", "ego", "backbone", "changes", "ties"]


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
    assert f"view={view}" in tree.cssselect("#static-picture")[0].get("src")


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
    assert "un-cybercrime is not in the record on that day" in tree.cssselect("#summary")[0].text_content()


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


def test_the_shortest_tie_is_told_in_words(words, ledger):
    told = words(f"/network?one=FRA&other=PNG&{DAY}")
    assert as_json(questions.path_answer(ledger, "FRA", "PNG"))["words"] in told


def test_the_most_alike_are_listed(page, ledger):
    rows = page(f"/network?like=AUS&{DAY}").cssselect("[aria-label='The most alike'] tbody th")
    assert [row.text_content().strip() for row in rows] == [
        each["name"] for each in as_json(questions.alike_answer(ledger, "AUS"))["alike"]
    ]


def test_groups_and_the_most_central_are_told(words, ledger):
    groups = as_json(questions.clusters_answer(ledger))["groups"]
    told = words(f"/network?groups=1&central=betweenness&{DAY}")
    assert all(f"Group {each['number']}: {each['size']} participant" in told for each in groups)
    assert "Most central by betweenness" in told


def test_a_question_about_a_node_of_another_day_is_answered_in_words(words):
    assert "The record holds no" in words("/network?one=instrument.un-cybercrime&other=FRA&as_of=1999-01-01")


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
    assert "attachment" in written.headers["Content-Disposition"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_still_picture_stands_alone(client, view):
    answer = client.get(f"/network.svg?view={view}&{DAY}")
    assert answer.mimetype == "image/svg+xml"
    tree = etree.fromstring(answer.data)
    assert not tree.xpath("//*[@style or @class or @href]")
    assert not tree.xpath("//*[local-name()='script' or local-name()='style' or local-name()='foreignObject']")
    assert "22 Nov 2026" in tree.findtext("{*}title")
    ground = tree.find("{*}rect")
    assert ground.get("fill") == "#ffffff"


def test_the_still_picture_draws_each_gap_once(client, table):
    drawn = etree.fromstring(client.get(f"/network.svg?view=gaps&region=Europe&{DAY}").data)
    assert len(drawn.xpath("//*[local-name()='path'][@stroke-opacity]")) == len(table("view=gaps&region=Europe"))


def test_the_drawing_of_a_view_holds_what_its_table_holds(client, table):
    for query in ("view=ego&focus=untoc", "view=backbone", "view=changes&from=2026-01-01"):
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
    assert len(answer.data) < 40_000
    drawing = collection.get("/network/drawing", headers={"Accept-Encoding": "gzip"})
    assert len(drawing.data) < 40_000


@pytest.mark.parametrize("view", ["gaps", "ties"])
def test_of_a_large_collection_lines_are_drawn_only_where_they_are_asked_for(collection, view):
    whole = collection.get(f"/network/drawing?view={view}").json
    assert whole["edges"] == []
    assert not whole["complete"]
    assert whole["total"] > 10_000
    focused = collection.get(f"/network/drawing?view={view}&focus=participant.S001").json
    assert 0 < len(focused["edges"]) < 400
    assert "too many to draw at a time" in collection.get(f"/network?view={view}").text


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
def test_an_answer_is_said_to_be_drawn_only_where_it_is(page, client, view):
    query = f"view={view}&{DAY}&{ASKED}"
    tree = page(f"/network?{query}")
    marked = orjson.loads(tree.cssselect("#answers")[0].get("data-highlights"))
    drawn = {node["id"] for node in client.get(f"/network/drawing?{query}").json["nodes"] if node["group"] in GROUPS}
    assert {*marked["path"], *marked["alike"], *marked["groups"], *marked["sizes"]} <= drawn
    told, legend = tree.cssselect("#answers")[0].text_content(), tree.cssselect("#legend")[0].text_content()
    for mark, words, sign in (
        ("steps", "does not draw every step", "The shortest way"),
        ("groups", "does not number the participants", "Group, by its number"),
        ("sizes", "does not draw marks larger", "Larger for more ties"),
    ):
        assert bool(marked[mark]) == (sign in legend) == (words not in told), mark
    assert ("Drawn in the picture" in told) == bool(marked["steps"])


@pytest.mark.parametrize("view", ["gaps", "ties", "changes"])
def test_pictures_of_everybody_mark_every_answer(page, view):
    marked = orjson.loads(page(f"/network?view={view}&{DAY}&{ASKED}").cssselect("#answers")[0].get("data-highlights"))
    assert all(marked.values())


def test_neither_profiles_nor_likeness_mark_a_participant(page):
    for view in ("profiles", "backbone"):
        answers = page(f"/network?view={view}&{DAY}&{ASKED}").cssselect("#answers")[0]
        marked = orjson.loads(answers.get("data-highlights"))
        assert not [id for found in marked.values() for id in found if id.startswith("participant.")]
        assert not marked["steps"]


def test_the_still_picture_marks_the_answers_too(client):
    def count(query, what):
        tree = etree.fromstring(client.get(f"/network.svg?view=ties&{DAY}{query}").data)
        return len(tree.xpath(what, namespaces={"s": "http://www.w3.org/2000/svg"}))

    way, number, halo = "//s:path[@stroke-width='3.5']", "//s:circle[@r='6.2']", "//s:rect[@fill-opacity]"
    assert [count("", each) for each in (way, number, halo)] == [0, 0, 0]
    assert count("&one=instrument.untoc&other=instrument.uncac", way) == 3  # two steps and the legend
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


def test_many_changes_are_counted_at_the_marks_and_drawn_for_whoever_is_chosen(client):
    whole = client.get(f"/network/drawing?{FAR}").json
    assert not whole["complete"]
    assert whole["edges"] == []
    untoc = next(node for node in whole["nodes"] if node["id"] == "instrument.untoc")
    assert (untoc["tally"], untoc["share"], untoc["most"]) == (f"+{untoc['facts']['parties']}", 1, "gained")
    chosen = client.get(f"/network/drawing?{FAR}&focus=participant.FRA").json
    assert chosen["edges"]
    assert all("participant.FRA" in (edge["from"], edge["to"]) for edge in chosen["edges"])
    assert chosen["total"] == whole["total"]


def test_few_changes_are_all_drawn_but_for_judgements(client, data):
    few = "view=changes&from=2024-01-01&as_of=2026-11-01"
    drawn, turns = client.get(f"/network/drawing?{few}").json, data(f"/network.json?{few}")
    judged = [
        turn
        for kind in ("gained", "lost", "changed")
        for turn in turns[kind]
        if turn["after"] == "assessed" or turn["before"] == "assessed"
    ]
    assert drawn["complete"]
    assert len(drawn["edges"]) == drawn["total"] - len(judged) > 0
    assert len(client.get(f"/network/drawing?{few}&change=other").json["edges"]) >= len(judged) > 0


def test_what_changed_is_told_beside_the_picture_without_a_script(page, data):
    turns = [turn for kind in ("gained", "lost", "changed") for turn in data(f"/network.json?{FAR}")[kind]]
    tree = page(f"/network?{FAR}&change=consented")
    kinds = {
        each.cssselect("a, strong")[0].text: each.cssselect("span")[0].text
        for each in tree.cssselect(".ranking:not(.with-bars) li")
    }
    assert kinds["Signed"] == f"{sum(turn['change'] == 'signed' for turn in turns):,}", "of the kinds not chosen too"
    first = tree.cssselect(".with-bars li")[0]
    assert "focus=instrument.untoc" in first.cssselect("a")[0].get("href")
    joined = sum(turn["target"] == "instrument.untoc" and turn["change"] == "consented" for turn in turns)
    assert first.cssselect("span")[0].text == f"+{joined}"
    assert tree.cssselect("#f-change option[selected]")[0].get("value") == "consented"


def test_of_a_large_collection_gaps_are_counted_at_the_marks(collection):
    drawn = collection.get("/network/drawing?view=gaps&as_of=2013-07-06").json
    gaps = collection.get("/network.json?view=gaps&as_of=2013-07-06").json["data"]["ties"]
    assert drawn["edges"] == []
    counts = {node["id"]: node["count"] for node in drawn["nodes"] if "count" in node}
    assert sum(count for id, count in counts.items() if id.startswith("instrument.")) == len(gaps) == drawn["total"]
    still = etree.fromstring(collection.get("/network.svg?view=gaps&as_of=2013-07-06").data)
    assert len({circle.get("r") for circle in still.iter("{http://www.w3.org/2000/svg}circle")}) > 5
