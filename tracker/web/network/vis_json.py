"""A node-link view for moving by hand: pyvis's nodes, edges and options, as JSON that vis-network draws."""

from __future__ import annotations

import orjson
from pyvis.network import Network

from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.painting import STYLES
from tracker.web.network.params import NetworkParams
from tracker.web.network.questions import Highlights
from tracker.web.network.scene import build_scene

MAX_LINES_WHILE_MOVING = 1200  # lines; beyond these they are hidden while the picture is moved
SHAPES = {"participant": "dot", "instrument": "box", "body": "triangle"}
OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "edges": {"smooth": False, "arrows": {"to": {"enabled": False}}},
}


def scene_as_vis_json(asked: RequestContext, wanted: NetworkParams, marked: Highlights) -> bytes:
    """The nodes where they stand, coloured by region and as large as the answers say; the page resolves the inks."""
    drawn = build_scene(asked, wanted)
    net = Network(directed=True)
    swift = len(drawn.lines) > MAX_LINES_WHILE_MOVING
    net.options = {**OPTIONS, "interaction": {"hover": True, "hideEdgesOnDrag": swift, "hideEdgesOnZoom": swift}}
    for mark in drawn.marks:
        region = mark["node"].region.lower().replace(" ", "-")
        look = {"ink": f"band-{region}" if region else "soft", "size": 4 + 12 * marked.sizes.get(mark["id"], 0.2)}
        place = {"x": mark["x"], "y": mark["y"], "widthConstraint": {"maximum": 110}}
        net.add_node(mark["id"], mark["label"], SHAPES[mark["group"]], title=mark["name"], **look, **place)
    for line in drawn.lines:
        style = STYLES[line["kind"]]
        net.add_edge(
            line["from"], line["to"], arrows="", title=say(line["title"]), ink=style.ink, width=style.width,
            dashes=[float(each) for each in style.dashes.split()] or False,
        )  # fmt: skip
    nodes, edges, _heading, _height, _width, options = net.get_network_data()
    return orjson.dumps({"nodes": nodes, "edges": edges, "options": orjson.Fragment(options)})
