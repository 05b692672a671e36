"""Commands that ask the network of participants, instruments and bodies, and write it as a file for other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO

import click

from tracker.cli import output
from tracker.cli.queries import DateType, MomentType, ledger_of, print_answer, query_options
from tracker.config import Settings
from tracker.graph import FORMATS, STRONG, EdgeKind
from tracker.graph import build_network as network_of
from tracker.schemas.network import alike_answer, centrality_answer, clusters_answer, path_answer
from tracker.schemas.plain import Plain

FOLLOWED = tuple(kind.value for kind in EdgeKind if not kind.is_absence)
ALIKE_CSV = ("id", "name", "likeness", "shared", "only_one", "only_other", "words")
CENTRAL_CSV = ("id", "kind", "name", "degree", "possible", "closeness", "betweenness", "pagerank",
               "ranks.degree.place", "ranks.degree.tied", "words")  # fmt: skip
CENTRAL_TABLE = {"": "short", "Ties": "degree", "Place": "ranks.degree.place", "Shared by": "ranks.degree.tied",
                 "Closeness": "closeness", "Betweenness": "betweenness", "PageRank": "pagerank"}  # fmt: skip


@click.group()
def network() -> None:
    """How participants, instruments and bodies are tied; nodes are codes such as FRA, untoc or greco."""


@network.command()
@click.argument("one")
@click.argument("other")
@click.option("--over", multiple=True, type=click.Choice(FOLLOWED), help="A kind of tie to follow; may be repeated.")
@click.option("--most", type=click.IntRange(1), default=10, show_default=True, help="How many ways to tell in full.")
@query_options
@click.pass_obj
def path(
    settings: Settings, one: str, other: str, over: tuple[str, ...], most: int,
    as_of: date | None, known_at: datetime | None, form: str,
) -> None:  # fmt: skip
    """The shortest ways from ONE to OTHER, the rarest first."""
    kinds = tuple(map(EdgeKind, over)) or STRONG
    answer = path_answer(ledger_of(settings, as_of, known_at), one, other, kinds, most)

    def show() -> None:
        output.line(answer["words"], style="bold")
        for route in answer["routes"]:
            output.line(f"  {route['words']}")

    print_answer(form, answer, answer["routes"], ("rarity", "words"), show)


@network.command()
@click.argument("node")
@click.option("--most", type=click.IntRange(1), default=10, show_default=True, help="How many to tell.")
@query_options
@click.pass_obj
def alike(settings: Settings, node: str, most: int, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Those most like NODE: participants by what they consented to, instruments and bodies by who joined."""
    answer = alike_answer(ledger_of(settings, as_of, known_at), node, most)
    title = f"Most like {answer['node']['short']}, as of {answer['as_of']}"
    columns = {"": "short", "Likeness": "likeness", "Because": "words"}
    print_answer(form, answer, answer["alike"], ALIKE_CSV, lambda: output.table(title, answer["alike"], columns))


@network.command()
@query_options
@click.pass_obj
def clusters(settings: Settings, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Groups of participants that share instruments and bodies, what marks each off, and how sure that is."""
    answer = clusters_answer(ledger_of(settings, as_of, known_at))
    rows = [{**who, "group": group["number"]} for group in answer["groups"] for who in group["members"]]
    print_answer(form, answer, rows, ("group", "participant", "name"), lambda: _show_clusters(answer))


def _show_clusters(answer: Plain) -> None:
    output.line(answer["certainty"], style="bold")
    for group in answer["groups"]:
        output.line(group["words"], style="bold")
        output.line(", ".join(who["name"] for who in group["members"]))
    if answer["untied"]:
        output.line(f"Tied to nobody: {', '.join(who['name'] for who in answer['untied'])}.")


@network.command()
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="How many of each kind to tell.")
@query_options
@click.pass_obj
def central(settings: Settings, most: int, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Participants and instruments by how central they are, with ranks and ties in rank."""
    answer = centrality_answer(ledger_of(settings, as_of, known_at))
    kinds = ("participants", "instruments")
    rows = [row for kind in kinds for row in answer[kind]]

    def show() -> None:
        for kind in kinds:
            output.table(f"{kind.capitalize()}, as of {answer['as_of']}", answer[kind][:most], CENTRAL_TABLE)

    print_answer(form, answer, rows, CENTRAL_CSV, show)


@network.command()
@click.argument("file", type=click.File("wb", atomic=True))
@click.option("--graph", type=click.Choice(tuple(FORMATS)), default="graphml", show_default=True)
@click.option("--as-of", type=DateType(), help="The day to draw; default today, in UTC.")
@click.option("--known-at", type=MomentType(), help="The moment whose knowledge to draw from; default now.")
@click.pass_obj
def export(settings: Settings, file: IO[bytes], graph: str, as_of: date | None, known_at: datetime | None) -> None:
    """Write the whole network of a day to FILE (- for the output) as GraphML, GEXF or node-link JSON."""
    found = network_of(ledger_of(settings, as_of, known_at))
    file.write(FORMATS[graph](found))
    click.echo(f"{found.number_of_nodes()} nodes and {found.number_of_edges()} ties written.", err=True)


COMMANDS: tuple[click.Command, ...] = (network,)
