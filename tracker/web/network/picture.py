"""The network as its script draws it: pyvis's nodes, edges and options, with the places from `layout`.

pyvis's own pages are never made: they load other hosts and break under our policy. Labels and titles
are plain text. Which of the edges are shown is the script's and `wanted`'s business, how they look the
style sheet's.
"""

from __future__ import annotations

from typing import Any

import orjson
from pyvis.network import Network

from tracker.law.ledger import Ledger, remembered
from tracker.law.network import Node, Tie, absences, nodes, ties
from tracker.law.network.layout import RING, Arc, Place, arcs, positions
from tracker.web.network.wanted import WORDS

OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "dragNodes": False, "multiselect": False, "tooltipDelay": 120, "zoomSpeed": 0.6},
    "nodes": {"shape": "custom", "fixed": True, "chosen": False},
    "edges": {"smooth": False, "chosen": False, "arrows": {"to": {"enabled": False}}, "hoverWidth": 0},
}


@remembered
def drawing(ledger: Ledger) -> bytes:
    """Everything that is drawn of the ledger's day, as JSON: nodes, edges of both views, options, regions."""
    net = Network(directed=True)
    net.options = OPTIONS
    places = positions(ledger)
    for node in nodes(ledger):
        net.add_node(node.id, **_drawn_node(node, places[node.id]))
    for view, found in (("ties", ties(ledger)), ("gaps", absences(ledger))):
        for tie in found:
            net.add_edge(tie.source, tie.target, **_drawn_edge(view, tie))
    drawn, edges, _heading, _height, _width, options = net.get_network_data()
    return orjson.dumps({
        "as_of": ledger.day,
        "nodes": drawn,
        "edges": edges,
        "options": orjson.Fragment(options),
        "kinds": {str(kind): words for kind, words in WORDS.items()},
        "tall": RING[1] / RING[0],
        "regions": [_region(arc) for arc in arcs(ledger)],
    })  # fmt: skip


def _drawn_node(node: Node, place: Place) -> dict[str, Any]:
    """The node's options; a `group` keeps pyvis from adding its own colour."""
    return {
        "label": node.short,
        "group": str(node.kind),
        "code": node.code,
        "name": node.name,
        "region": node.region,
        "facts": {**({"region": node.region, "UN group": node.un_group} if node.region else {}), **node.counts},
        **_at(place),
    }


def _drawn_edge(view: str, tie: Tie) -> dict[str, Any]:
    pending = {"pending": True} if tie.pending else {}
    return {"arrows": "", "view": view, "kind": str(tie.kind), "title": tie.words, **pending}


def _region(arc: Arc) -> dict[str, Any]:
    return {
        "name": arc.region,
        "count": len(arc.places),
        **_at(arc.heading),
        "arc": [[round(place.x), round(place.y)] for place in arc.places],
    }


def _at(place: Place) -> dict[str, float]:
    return {"x": round(place.x, 1), "y": round(place.y, 1), "angle": round(place.angle, 3)}
