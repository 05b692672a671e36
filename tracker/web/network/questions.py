"""The questions beside the picture, answered, and what of the answers is highlighted in it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from tracker.errors import NotFound
from tracker.law.ledger import Ledger, memoized, memoized_recent
from tracker.schemas.network import Plain, alike_answer, centrality_answer, clusters_answer, path_answer
from tracker.web.network.params import NetworkParams

MAX_CENTRAL = 15  # of each kind in the table beside the picture

path_of = memoized_recent(64)(path_answer)
alike_of = memoized_recent(64)(alike_answer)
groups_of = memoized(clusters_answer)
centrality_of = memoized(centrality_answer)


def answer_questions(ledger: Ledger, wanted: NetworkParams) -> Plain:
    """The answers to what is asked, by question: `path`, `alike`, `groups`, `central`; None for what is not asked.

    An answer that the day cannot give is `{"refused": why}`.
    """
    return {
        "path": _given(lambda: path_of(ledger, wanted.one, wanted.other)) if wanted.one and wanted.other else None,
        "alike": _given(lambda: alike_of(ledger, wanted.like)) if wanted.like else None,
        "groups": groups_of(ledger) if wanted.groups else None,
        "central": _central(ledger, wanted.central) if wanted.central else None,
    }


def highlights(found: Mapping[str, Any], ledger: Ledger, measure: str, drawn: Container[str]) -> Plain:
    """What the picture marks of the answers: the nodes and ties of the first way, those alike, group numbers, sizes.

    Only what stands on the nodes (ids) that the picture has `drawn`, and a way whole or not at all. Sizes are shares
    of the largest, 0 to 1.
    """
    path, alike, groups = found["path"] or {}, found["alike"] or {}, found["groups"] or {}
    routes = [way for way in path.get("routes", [])[:1] if all(node["id"] in drawn for node in way["nodes"])]
    near = [alike["node"]["id"], *(each["id"] for each in alike["alike"])] if "alike" in alike else []
    numbers = {
        f"participant.{who['participant']}": group["number"]
        for group in groups.get("groups", [])
        for who in group["members"]
    }
    shares = node_sizes(ledger, measure) if measure else {}
    return {
        "path": [node["id"] for route in routes for node in route["nodes"]],
        "steps": [
            {"from": tie["source"], "to": tie["target"], "title": tie["words"]} for way in routes for tie in way["ties"]
        ],
        "alike": [id for id in near if id in drawn],
        "groups": {id: number for id, number in numbers.items() if id in drawn},
        "sizes": {id: share for id, share in shares.items() if id in drawn},
    }


def node_sizes(ledger: Ledger, measure: str) -> dict[str, float]:
    """Each node's share of the largest of its kind by a measure."""
    found: dict[str, float] = {}
    for rows in _kinds(ledger).values():
        most = max((row[measure] for row in rows), default=0) or 1
        found |= {row["id"]: round(row[measure] / most, 3) for row in rows}
    return found


def _central(ledger: Ledger, measure: str) -> Plain:
    kinds = _kinds(ledger)
    return {
        "measure": measure,
        **{kind: sorted(rows, key=lambda row: -row[measure])[:MAX_CENTRAL] for kind, rows in kinds.items()},
    }


def _kinds(ledger: Ledger) -> dict[str, list[Plain]]:
    found = centrality_of(ledger)
    return {kind: found[kind] for kind in ("participants", "instruments")}


def _given(ask: Callable[[], Plain]) -> Plain:
    try:
        return ask()
    except NotFound as lacking:
        return {"refused": str(lacking)}
