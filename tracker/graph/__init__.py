"""Participants, instruments and bodies as one graph: who is tied to what, since when, and what is missing.

`network` holds the ties that are there, `absences` those that are not; both speak of nodes by ids
such as `participant.FRA`, `instrument.untoc` and `body.greco`. Where a node stands is `layout`'s
question, how it is drawn the web's. Each question put to the graph has a file of its own.
"""

from __future__ import annotations

from tracker.graph.backbone import Alike, Backbone, Hub, backbone
from tracker.graph.centrality import Centrality, Rank, centrality
from tracker.graph.communities import Cluster, Clusters, Mark, clusters
from tracker.graph.diff import Change, Difference, TieTurn, Turn, between, between_days
from tracker.graph.edges import absences, ties
from tracker.graph.ego import Ego, Ring, ego
from tracker.graph.model import Node, NodeKind, Tie, TieKind, node_id
from tracker.graph.networkx_graph import FORMATS, by_id, gexf, graphml, network, node_link, node_of, subgraph
from tracker.graph.nodes import nodes
from tracker.graph.paths import STRONG, Paths, Route, path
from tracker.graph.profiles import Profile, core, profile_places, profiles
from tracker.graph.similarity import Neighbour, alike

__all__ = [
    "FORMATS",
    "STRONG",
    "Alike",
    "Backbone",
    "Centrality",
    "Change",
    "Cluster",
    "Clusters",
    "Difference",
    "Ego",
    "Hub",
    "Mark",
    "Neighbour",
    "Node",
    "NodeKind",
    "Paths",
    "Profile",
    "Rank",
    "Ring",
    "Route",
    "Tie",
    "TieKind",
    "TieTurn",
    "Turn",
    "absences",
    "alike",
    "backbone",
    "between",
    "between_days",
    "by_id",
    "centrality",
    "clusters",
    "core",
    "ego",
    "gexf",
    "graphml",
    "network",
    "node_id",
    "node_link",
    "node_of",
    "nodes",
    "path",
    "profile_places",
    "profiles",
    "subgraph",
    "ties",
]
