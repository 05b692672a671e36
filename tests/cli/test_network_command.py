"""`tracker network` as people use it: ways, likeness, clusters, ranks and files, over a real database."""

import csv
import io
import json

import networkx as nx
import pytest

from tests.support.ready_databases import set_up_shipped_record
from tracker.cli import main

DAY = ("--as-of", "2026-11-01")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return set_up_shipped_record(tmp_path_factory.mktemp("network") / "tracker.db")


@pytest.fixture
def network(database, capsys):
    """Ask the network and give back (exit code, output, complaints)."""

    def call(*arguments):
        code = run(database, "network", *arguments)
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def run(database, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["--database", database, *map(str, arguments)])
    return stopped.value.code


def test_the_way_between_two_states_is_told_the_rarest_first(network):
    code, out, _ = network("path", "fra", "DEU", *DAY)
    assert code == 0
    assert "Both are members of G7; it links 7 participants." in " ".join(out.split())
    answer = json.loads(network("path", "FRA", "DEU", "--most", "2", *DAY, "--format", "json")[1])
    assert (answer["length"], len(answer["routes"]), answer["routes"][0]["rarity"]) == (2, 2, 7)


def test_the_kinds_of_tie_to_follow_may_be_chosen(network):
    answer = json.loads(network("path", "COG", "untoc", "--over", "signatory", *DAY, "--format", "json")[1])
    assert (answer["kinds"], answer["length"]) == (["signatory"], 1)


def test_a_node_that_is_not_there_is_an_unanswerable_question(network):
    code, _, complaint = network("path", "FRA", "XXX")
    assert code == 2
    assert "XXX" in complaint


def test_the_most_alike_are_told_with_the_reason(network):
    rows = list(csv.DictReader(io.StringIO(network("alike", "untoc", "--most", "3", *DAY, "--format", "csv")[1])))
    assert len(rows) == 3
    assert all(" are party to both" in row["words"] for row in rows)
    assert "Similar to UNTOC, as at 2026-11-01" in network("alike", "untoc", *DAY)[1]


def test_clusters_are_told_with_how_sure_they_are(network):
    _, out, _ = network("clusters", *DAY)
    assert out.startswith("Modularity 0.27: weak")
    assert "are party to CoE Anti-Trafficking Convention" in " ".join(out.split())
    rows = list(csv.DictReader(io.StringIO(network("clusters", *DAY, "--format", "csv")[1])))
    assert "In no group" not in out
    assert len({row["participant"] for row in rows}) == len(rows) == 198


def test_ranks_are_told_for_both_kinds(network):
    _, out, _ = network("central", "--most", "3", *DAY)
    assert "Participants, as of 2026-11-01" in out
    assert "UNTOC" in out
    answer = json.loads(network("central", *DAY, "--format", "json")[1])
    assert answer["instruments"][0]["code"] == "untoc"


@pytest.mark.parametrize("graph", ["graphml", "gexf", "json"])
def test_the_network_is_written_as_a_file_that_other_programs_read(network, tmp_path, graph):
    file = tmp_path / f"network.{graph}"
    code, _, said = network("export", file, "--graph", graph, *DAY)
    read = {
        "graphml": nx.read_graphml, "gexf": nx.read_gexf,
        "json": lambda path: nx.node_link_graph(json.loads(path.read_bytes()), edges="edges"),
    }  # fmt: skip
    found = read[graph](file)
    assert code == 0
    assert said == f"{found.number_of_nodes()} nodes and {found.number_of_edges()} links written.\n"
    assert found.nodes["participant.FRA"]["name"] == "France"


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_left(network, tmp_path):
    code, _, complaint = network("export", tmp_path / "nowhere" / "network.graphml", *DAY)
    assert code != 0
    assert "nowhere" in complaint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "begins"), [("full.gexf", b"<gexf"), ("full.graphml", b"<graphml"), ("f.json", b"{")])
def test_the_name_of_the_file_decides_its_format(network, tmp_path, name, begins):
    assert network("export", tmp_path / name, *DAY)[0] == 0
    assert begins in (tmp_path / name).read_bytes()[:400]


def test_a_name_that_contradicts_the_format_asked_for_is_refused_and_nothing_written(network, tmp_path):
    code, _, complaint = network("export", tmp_path / "full.gexf", "--graph", "graphml", *DAY)
    assert code == 2
    assert "full.gexf is named as gexf, but --graph graphml was asked for" in complaint
    assert not list(tmp_path.glob("*.gexf"))
