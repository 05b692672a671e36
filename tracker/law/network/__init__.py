"""Participants, instruments and bodies as one graph: who is tied to what, since when, and what is missing.

`network` holds the ties that are there, `absences` those that are not; both speak of nodes by ids
such as `participant.FRA`, `instrument.untoc` and `body.greco`. Where a node stands is `layout`'s
question, how it is drawn the web's. Each question put to the graph has a file of its own.
"""

from __future__ import annotations

from tracker.law.network.communities import Cluster, Clusters, Mark, clusters
from tracker.law.network.compared import Change, Difference, TieTurn, Turn, between, between_days
from tracker.law.network.formats import FORMATS, gexf, graphml, node_link
from tracker.law.network.graph import by_id, network, node_of, subgraph
from tracker.law.network.grouping import Profile, core, profile_places, profiles
from tracker.law.network.likeness import Neighbour, alike
from tracker.law.network.lines import absences, ties
from tracker.law.network.measures import Centrality, Rank, centrality
from tracker.law.network.near import Ego, Ring, ego
from tracker.law.network.parts import Node, NodeKind, Tie, TieKind, node_id
from tracker.law.network.points import nodes
from tracker.law.network.routes import STRONG, Paths, Route, path
from tracker.law.network.spine import Alike, Backbone, Hub, backbone

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
