"""Participants, instruments and bodies as one graph: who is tied to what, since when, and what is missing.

`network` holds the ties that are there, `absences` those that are not; both speak of nodes by ids
such as `participant.FRA`, `instrument.untoc` and `body.greco`. Where a node stands is `layout`'s
question, how it is drawn the web's. Each question put to the graph has a file of its own.
"""

from __future__ import annotations

from tracker.graph.backbone import Backbone, Hub, SimilarInstrument, backbone
from tracker.graph.centrality import Centrality, CentralityRank, centrality
from tracker.graph.communities import Communities, Community, DistinguishingFeature, find_communities
from tracker.graph.diff import EdgeChange, EdgeChangeKind, EdgeChangeReason, NetworkDiff, between_days, diff_networks
from tracker.graph.edges import edges, missing_edges
from tracker.graph.ego import EgoNetwork, EgoRing, ego_network
from tracker.graph.model import Edge, EdgeKind, Node, NodeKind, node_id
from tracker.graph.networkx_graph import FORMATS, build_network, by_id, gexf, graphml, node_link, node_of, subgraph
from tracker.graph.nodes import nodes
from tracker.graph.paths import STRONG, PathBetween, ShortestPaths, shortest_paths
from tracker.graph.profiles import ProfileGroup, core_instruments, group_profiles, profile_places
from tracker.graph.similarity import SimilarNode, most_similar

__all__ = [
    "FORMATS",
    "STRONG",
    "Backbone",
    "Centrality",
    "CentralityRank",
    "Communities",
    "Community",
    "DistinguishingFeature",
    "Edge",
    "EdgeChange",
    "EdgeChangeKind",
    "EdgeChangeReason",
    "EdgeKind",
    "EgoNetwork",
    "EgoRing",
    "Hub",
    "NetworkDiff",
    "Node",
    "NodeKind",
    "PathBetween",
    "ProfileGroup",
    "ShortestPaths",
    "SimilarInstrument",
    "SimilarNode",
    "backbone",
    "between_days",
    "build_network",
    "by_id",
    "centrality",
    "core_instruments",
    "diff_networks",
    "edges",
    "ego_network",
    "find_communities",
    "gexf",
    "graphml",
    "group_profiles",
    "missing_edges",
    "most_similar",
    "node_id",
    "node_link",
    "node_of",
    "nodes",
    "profile_places",
    "shortest_paths",
    "subgraph",
]
