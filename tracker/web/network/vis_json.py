"""A scene as its script draws it: pyvis's nodes, edges and options, as JSON."""

from __future__ import annotations

import orjson
from pyvis.network import Network

from tracker.web.context import RequestContext
from tracker.web.network.params import WORDS, NetworkParams
from tracker.web.network.scene import Scene, build_scene

MAX_LINES_WHILE_MOVING = 1200  # lines; beyond these they are hidden while the picture is moved
OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"shape": "custom", "fixed": True, "chosen": False},
    "edges": {"smooth": False, "chosen": False, "arrows": {"to": {"enabled": False}}, "hoverWidth": 0},
}
INTERACTION = {"hover": True, "dragNodes": False, "multiselect": False, "tooltipDelay": 120, "zoomSpeed": 0.6}


def scene_as_vis_json(asked: RequestContext, wanted: NetworkParams) -> bytes:
    """The picture of what is wanted, as JSON; of a small record's ring all ties, whatever is chosen."""
    drawn = build_scene(asked, wanted, whole=True)
    found, edges, _heading, _height, _width, options = _built(drawn).get_network_data()
    return orjson.dumps({
        "view": wanted.view,
        "as_of": asked.day,
        "nodes": found,
        "edges": edges,
        "options": orjson.Fragment(options),
        "kinds": {str(kind): words for kind, words in WORDS.items()},
        "half": drawn.half,
        "middle": drawn.middle,
        "regions": drawn.regions,
        "rings": drawn.rings,
        "complete": drawn.complete,
        "total": drawn.total,
        **drawn.extra,
    })  # fmt: skip


def _built(drawn: Scene) -> Network:
    net = Network(directed=True)
    swift = len(drawn.lines) > MAX_LINES_WHILE_MOVING
    net.options = {**OPTIONS, "interaction": {**INTERACTION, "hideEdgesOnDrag": swift, "hideEdgesOnZoom": swift}}
    for mark in drawn.marks:
        net.add_node(mark["id"], **{name: value for name, value in mark.items() if name != "id"})
    for line in drawn.lines:
        more = {name: value for name, value in line.items() if name not in ("from", "to")}
        net.add_edge(line["from"], line["to"], arrows="", **more)
    return net
