"""Commands on the network: paths, similarity, communities, centrality, and export as a file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from tracker.cli import output
from tracker.cli.query_options import (
    DateType,
    MomentType,
    ledger_of,
    partial_option,
    print_answer,
    query_options,
    show_left_out,
)
from tracker.config import Settings
from tracker.errors import BadQuestion
from tracker.graph.model import EdgeKind
from tracker.graph.networkx_graph import FORMATS
from tracker.graph.networkx_graph import build_network as network_of
from tracker.graph.paths import USUAL_EDGES
from tracker.schemas.formats import columns_of
from tracker.schemas.network_questions import (
    AlikeNode,
    CentralNode,
    GroupMember,
    ParticipantGroups,
    Route,
    alike_answer,
    centrality_answer,
    clusters_answer,
    path_answer,
)

FOLLOWED = tuple(kind.value for kind in EdgeKind if not kind.is_absence)
CENTRAL_TABLE = {"": "short", "Links": "degree", "Place": "ranks.degree.place", "Shared by": "ranks.degree.tied",
                 "Closeness": "closeness", "Betweenness": "betweenness", "PageRank": "pagerank"}  # fmt: skip


@click.group()
def network() -> None:
    """Links between participants, treaties and bodies; nodes are codes such as FRA, untoc or greco."""


@network.command()
@click.argument("one")
@click.argument("other")
@click.option("--over", multiple=True, type=click.Choice(FOLLOWED), help="A kind of link to follow; may be repeated.")
@click.option("--most", type=click.IntRange(1), default=10, show_default=True, help="How many paths to show in full.")
@query_options
@click.pass_obj
def path(
    settings: Settings, one: str, other: str, over: tuple[str, ...], most: int,
    as_of: date | None, known_at: datetime | None, form: str,
) -> None:  # fmt: skip
    """The shortest paths from ONE to OTHER, the rarest first."""
    kinds = tuple(map(EdgeKind, over)) or USUAL_EDGES
    answer = path_answer(ledger_of(settings, as_of, known_at), one, other, kinds, most)

    def show() -> None:
        output.line(answer.words, style="bold")
        for route in answer.routes:
            output.line(f"  {route.words}")

    print_answer(form, answer, answer.routes, columns_of(Route), show)


@network.command()
@click.argument("node")
@click.option("--most", type=click.IntRange(1), default=10, show_default=True, help="How many to show.")
@partial_option
@query_options
@click.pass_obj
def alike(
    settings: Settings, node: str, most: int, partial: bool, as_of: date | None, known_at: datetime | None, form: str
) -> None:
    """Those most similar to NODE: participants by their treaties, treaties and bodies by their participants."""
    answer = alike_answer(ledger_of(settings, as_of, known_at), node, most, partial=partial)
    title = f"Similar to {answer.node.short}, as at {answer.as_of}"
    columns = {"": "short", "Similarity": "likeness", "Explanation": "words"}

    def show() -> None:
        output.table(title, answer.alike, columns)
        show_left_out(answer)

    print_answer(form, answer, answer.alike, columns_of(AlikeNode), show)


@network.command()
@partial_option
@query_options
@click.pass_obj
def clusters(settings: Settings, partial: bool, as_of: date | None, known_at: datetime | None, form: str) -> None:
    """Groups of participants that share treaties and bodies, what distinguishes each, and how clear that is."""
    answer = clusters_answer(ledger_of(settings, as_of, known_at), partial=partial)
    rows = [GroupMember(**vars(who), group=group.number) for group in answer.groups for who in group.members]
    print_answer(form, answer, rows, columns_of(GroupMember), lambda: _show_clusters(answer))


def _show_clusters(answer: ParticipantGroups) -> None:
    output.line(answer.certainty, style="bold")
    for group in answer.groups:
        output.line(group.words, style="bold")
        output.line(", ".join(who.name for who in group.members))
    if answer.untied:
        output.line(f"In no group: {', '.join(who.name for who in answer.untied)}.")
    show_left_out(answer)


@network.command()
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="How many of each kind to show.")
@partial_option
@query_options
@click.pass_obj
def central(
    settings: Settings, most: int, partial: bool, as_of: date | None, known_at: datetime | None, form: str
) -> None:
    """Participants and treaties by centrality, with their ranks."""
    answer = centrality_answer(ledger_of(settings, as_of, known_at), partial=partial)
    kinds = {"Participants": answer.participants, "Treaties": answer.instruments}

    def show() -> None:
        for kind, rows in kinds.items():
            output.table(f"{kind}, as of {answer.as_of}", rows[:most], CENTRAL_TABLE)
        show_left_out(answer)

    print_answer(form, answer, [*answer.participants, *answer.instruments], columns_of(CentralNode), show)


ENDINGS = {".graphml": "graphml", ".gexf": "gexf", ".json": "json"}


@network.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "--graph",
    type=click.Choice(tuple(FORMATS)),
    help="The format; by default that of the file's name (.graphml, .gexf, .json), else GraphML.",
)
@click.option("--as-of", type=DateType(), help="The date to draw; default today, in UTC.")
@click.option("--known-at", type=MomentType(), help="The moment whose knowledge to draw from; default now.")
@click.pass_obj
def export(settings: Settings, file: str, graph: str | None, as_of: date | None, known_at: datetime | None) -> None:
    """Write the whole network of a date to FILE (- for the output) as GraphML, GEXF or node-link JSON."""
    form = _format_for(file, graph)
    found = network_of(ledger_of(settings, as_of, known_at))
    with click.open_file(file, "wb", atomic=file != "-") as stream:
        stream.write(FORMATS[form](found))
    click.echo(f"{found.number_of_nodes()} nodes and {found.number_of_edges()} links written.", err=True)


def _format_for(file: str, graph: str | None) -> str:
    """The format of a file: what is asked for, else what its name says; BadQuestion where the two disagree."""
    named = ENDINGS.get(Path(file).suffix.lower())
    if graph and named and graph != named:
        raise BadQuestion(f"{file} is named as {named}, but --graph {graph} was asked for. Change one of the two.")
    return graph or named or "graphml"
