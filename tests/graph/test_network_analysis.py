"""The questions put to the network: profiles, backbone, ego, likeness, ways, clusters, centrality, two days, files."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from itertools import chain, pairwise
from math import dist, hypot
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.law.test_properties import CODES, INSTRUMENTS, acts, days
from tests.law.test_properties import ledger as made
from tests.support.builders import acceded, body, instrument, ledger, member, participant, ratified, signed, withdrew
from tracker.errors import BadQuestion, NotFound
from tracker.graph.backbone import backbone
from tracker.graph.centrality import centrality
from tracker.graph.communities import find_communities
from tracker.graph.diff import EdgeChangeKind, EdgeChangeReason, between_days, diff_networks
from tracker.graph.edges import edges, edges_between, edges_of, missing_edges, missing_edges_of
from tracker.graph.ego import ego_network
from tracker.graph.membership_sets import absent_from, members_by_node, participants_of_day, statuses_on
from tracker.graph.model import EdgeKind, NodeKind
from tracker.graph.networkx_graph import build_network, by_id, gexf, graphml, node_link, node_of, subgraph
from tracker.graph.nodes import nodes
from tracker.graph.paths import shortest_paths
from tracker.graph.profiles import core_instruments, group_profiles, profile_places
from tracker.graph.similarity import most_similar
from tracker.law.coverage import missing_acts
from tracker.law.gaps import gaps_of_participant
from tracker.law.status import ParticipantStatus, participant_standing, status
from tracker.schemas import network as answers
from tracker.schemas import network_questions as questions
from tracker.schemas.formats import to_json

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
SIX = ("untoc", "untoc-tip", "untoc-som", "untoc-firearms", "uncac", "drugs-1988")
CONSENT = {EdgeKind.PARTY, EdgeKind.CONTRACTING_PARTY}
many = st.lists(acts, max_size=25)
brief = settings(deadline=None, max_examples=50)


@pytest.fixture(scope="module")
def today(record):
    return record.as_of(TODAY)


def parties_drawn(view, id):
    return {tie.source[12:] for tie in edges(view) if tie.kind in CONSENT and tie.target == f"instrument.{id}"}


def small(*facts):
    """Three States: AAA and BBB have joined c and d, CCC only d; a club of AAA and CCC."""
    return ledger(
        *(participant(code, name=code.title(), region="Asia") for code in ("AAA", "BBB", "CCC")),
        *(instrument(id, threshold=1, delay="0d", party_delay="0d", opened_on="2000-01-01") for id in ("c", "d", "e")),
        body("club", acronym="Club"), member("club", "AAA"), member("club", "CCC"),
        ratified("AAA", "c", "2001-01-01"), ratified("BBB", "c", "2001-02-01"),
        ratified("AAA", "d", "2001-01-01"), ratified("BBB", "d", "2001-02-01"), ratified("CCC", "d", "2001-03-01"),
        *facts,
    )  # fmt: skip


# -- the sets that everything starts from ------------------------------------------------------------


@given(many, days)
@brief
def test_the_sets_say_what_the_standings_say(actions, day):
    view = made(actions).as_of(day)
    for each in INSTRUMENTS:
        found, where = (
            statuses_on(view, each.id),
            {code: participant_standing(view, each.id, code) for code in participants_of_day(view)},
        )
        assert found.consented == {
            c for c, s in where.items() if s.status in (ParticipantStatus.PARTY, ParticipantStatus.CONTRACTING_PARTY)
        }
        assert found.signed == {c for c, s in where.items() if s.status is ParticipantStatus.SIGNATORY}
        assert found.withdrawn == {c for c, s in where.items() if s.status is ParticipantStatus.WITHDRAWN}
        assert (
            found.undated
            == {
                c
                for c, s in where.items()
                if s.possible in (ParticipantStatus.PARTY, ParticipantStatus.CONTRACTING_PARTY)
            }
            - found.consented
        )
        assert found.provisional == {c for c, s in where.items() if s.status is ParticipantStatus.PROVISIONAL}
        gaps = {
            c for c in participants_of_day(view) if each.id in {gap.instrument for gap in gaps_of_participant(view, c)}
        }
        assert absent_from(view, each.id) == gaps


@given(many, days)
@brief
def test_a_nodes_own_ties_are_its_part_of_all_ties(actions, day):
    view = made(actions).as_of(day)
    for node in nodes(view):
        assert edges_of(view, node) == tuple(tie for tie in edges(view) if node.id in (tie.source, tie.target))
        assert missing_edges_of(view, node) == tuple(
            tie for tie in missing_edges(view) if node.id in (tie.source, tie.target)
        )


def test_a_nodes_own_ties_are_its_part_of_the_real_network(today):
    for node in nodes(today):
        assert edges_of(today, node) == tuple(tie for tie in edges(today) if node.id in (tie.source, tie.target))
    known = by_id(today)
    for tie in edges(today)[::50]:
        assert tie in edges_between(today, known[tie.target], known[tie.source])


# -- profiles ----------------------------------------------------------------------------------------


def test_the_core_is_the_six_un_instruments_in_force_though_two_lack_one_known_act(today, record):
    assert core_instruments(today) == core_instruments(today, partial=True) == SIX
    assert {id for id in SIX if missing_acts(today, id)} == {"untoc-som", "uncac"}
    assert core_instruments(record.as_of(date(2003, 7, 1))) == ("drugs-1988",)
    assert core_instruments(record.as_of(date(1980, 1, 1))) == ()


@pytest.mark.parametrize("day", [date(2003, 9, 29), date(2012, 1, 1), TODAY])
def test_profiles_are_the_exact_sets_that_the_record_holds(record, day):
    view = record.as_of(day)
    drawn = {id: parties_drawn(view, id) for id in SIX}
    for each in group_profiles(view, SIX):
        for code in each.members:
            assert {id for id in SIX if code in drawn[id]} == set(each.instruments)


def test_most_are_party_to_all_six_and_fourteen_profiles_hold_everyone(today):
    found = group_profiles(today, SIX)
    assert len(found) == 14
    assert (found[0].size, found[0].instruments) == (118, SIX)
    assert sum(each.size for each in found) == len(participants_of_day(today)) == 198
    assert [each.size for each in found] == sorted((each.size for each in found), reverse=True)
    assert [each.members for each in found if "TUV" in each.members] == [("PNG", "TUV")]


@given(many, days, st.lists(st.sampled_from([i.id for i in INSTRUMENTS]), unique=True, max_size=3))
@brief
def test_profiles_part_the_participants(actions, day, ids):
    view = made(actions).as_of(day)
    found = group_profiles(view, tuple(ids))
    members = [code for each in found for code in each.members]
    assert sorted(members) == sorted(participants_of_day(view))
    assert len({each.instruments for each in found}) == len(found)
    places = profile_places(view, tuple(ids))
    assert set(places) >= {f"instrument.{id}" for id in ids}
    assert len(places) == len(ids) + len(found)


def test_profiles_stand_apart_and_the_fullest_at_the_centre(today):
    places = profile_places(today)
    assert (places["profile.1"].x, places["profile.1"].y) == (0, 0)
    spots = [(place.x, place.y) for place in places.values()]
    assert min(dist(a, b) for i, a in enumerate(spots) for b in spots[:i]) > 20


def test_too_many_instruments_for_a_picture_are_refused(today):
    with pytest.raises(BadQuestion, match="at most 12 treaties; 13"):
        group_profiles(today, tuple(today.instruments)[:13])
    with pytest.raises(BadQuestion, match="twice"):
        group_profiles(today, ("untoc", "UNTOC"))
    with pytest.raises(NotFound, match="nothing"):
        group_profiles(today, ("nothing",))


# -- the backbone ------------------------------------------------------------------------------------


def test_each_instrument_is_tied_to_its_two_most_alike(today):
    found = backbone(today)
    drawn = {hub.id: parties_drawn(today, hub.id) for hub in found.hubs}
    for tie in found.ties:
        one, other = drawn[tie.one], drawn[tie.other]
        assert (tie.shared, tie.total) == (len(one & other), len(one | other))
    for id, parties in drawn.items():
        likeness = sorted((len(parties & o) / len(parties | o) for n, o in drawn.items() if n != id and parties | o))
        own = {tie.likeness for tie in found.ties if id in (tie.one, tie.other)}
        assert {each for each in likeness[-2:] if each} <= own


@given(many, days)
@brief
def test_a_backbone_has_few_ties_and_leaves_none_out_that_shares_a_party(actions, day):
    view = made(actions).as_of(day)
    found = backbone(view)
    assert len(found.ties) <= 2 * len(found.hubs)
    tied = {id for tie in found.ties for id in (tie.one, tie.other)}
    parties = {hub.id: statuses_on(view, hub.id).consented for hub in found.hubs}
    for id, those in parties.items():
        assert (id in tied) == any(those & others for other, others in parties.items() if other != id)
    assert set(found.places) == {f"instrument.{hub.id}" for hub in found.hubs}
    assert all(place.x == place.x and abs(place.x) <= 560 and abs(place.y) <= 360 for place in found.places.values())


def test_instruments_of_the_backbone_stand_apart_grouped_by_subject(today):
    found = backbone(today)
    assert found.groups[0] == "corruption"
    spots = [(place.x, place.y) for place in found.places.values()]
    assert min(dist(a, b) for i, a in enumerate(spots) for b in spots[:i]) > 60


# -- one node ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["FRA", "untoc", "greco", "us-state-tip"])
def test_everything_tied_to_a_node_stands_once_round_it(record, name):
    view = record.as_of(date(2004, 6, 1))
    found = ego_network(view, name)
    assert set(found.ties) == {tie for tie in edges(view) if found.node.id in (tie.source, tie.target)}
    tied = {id for tie in (*found.ties, *found.missing) for id in (tie.source, tie.target)}
    assert {found.node.id, *(node.id for node in found.others)} == tied == set(found.places)
    assert sum(len(ring.ids) for ring in found.rings) == len(found.others)
    for ring in found.rings:
        assert {round(hypot(found.places[id].x, found.places[id].y), 6) for id in ring.ids} == {round(ring.radius, 6)}
        assert ring.radius * 6.2832 / len(ring.ids) >= 14.9


def test_the_ego_of_congo_shows_what_it_has_signed_and_not_consented_to(today):
    found = ego_network(today, "cog")
    ring = next(ring for ring in found.rings if ring.words.startswith("Signed but not ratified"))
    assert {"instrument.untoc", "instrument.untoc-tip", "instrument.untoc-som"} <= set(ring.ids)
    assert {tie.kind for tie in found.missing if tie.target == "instrument.untoc"} == {EdgeKind.SIGNED_ONLY}


def test_a_name_is_an_id_or_a_code_and_a_stranger_is_refused(today):
    assert node_of(today, "participant.fra") == node_of(today, "FRA") == node_of(today, " fra ")
    assert node_of(today, "UNTOC").kind is NodeKind.INSTRUMENT
    with pytest.raises(NotFound, match="Atlantis"):
        ego_network(today, "Atlantis")


# -- likeness ----------------------------------------------------------------------------------------


def test_likeness_counts_only_what_both_may_join():
    view = small()
    [bbb, ccc] = most_similar(view, "AAA")
    assert (bbb.id, bbb.likeness, bbb.shared) == ("participant.BBB", 1.0, ("c", "d"))
    assert (ccc.shared, ccc.only_one, ccc.only_other, ccc.likeness) == (("d",), ("c",), (), 0.5)
    assert ccc.words == (
        "Both are party to 1 of the 2 treaties that either is party to and both may join; only Aaa to Treaty c."
    )


def test_a_french_likeness_leaves_out_what_the_other_may_not_join(today):
    brazil = next(each for each in most_similar(today, "FRA", 200) if each.id == "participant.BRA")
    assert not {"oas-corruption", "oas-cifta"} & {*brazil.only_other, *brazil.shared}
    assert set(brazil.shared) <= {*SIX, "coe-185", "oecd-bribery"}


@given(many, days)
@brief
def test_likeness_is_mutual(actions, day):
    view = made(actions).as_of(day)
    for one in CODES:
        if f"participant.{one}" not in by_id(view):
            continue
        for found in most_similar(view, one):
            back = {each.id: each for each in most_similar(view, found.id)}
            if f"participant.{one}" in back:
                mirrored = back[f"participant.{one}"]
                assert (found.shared, found.only_one) == (mirrored.shared, mirrored.only_other)
        got = most_similar(view, one)
        assert [e.likeness for e in got] == sorted((e.likeness for e in got), reverse=True)


def test_instruments_and_bodies_have_neighbours_too(today):
    assert most_similar(today, "coe-173", 1)[0].id in {"instrument.coe-141", "instrument.coe-197", "instrument.coe-191"}
    assert most_similar(today, "greco", 1)[0].id == "body.coe"
    with pytest.raises(BadQuestion, match="1 neighbour or more"):
        most_similar(today, "FRA", 0)


# -- ways --------------------------------------------------------------------------------------------


def test_two_states_are_tied_through_what_both_belong_to_the_rarest_first():
    found = shortest_paths(small(), "AAA", "CCC")
    assert (found.length, found.number, found.first_steps) == (2, 2, 2)
    assert [route.nodes[1].id for route in found.routes] == ["body.club", "instrument.d"]
    assert found.routes[0].words == "Both are members of Club; it links 2 participants."
    assert found.routes[1].words == "Both are contracting parties to Treaty d; it links 3 participants."


def test_france_and_germany_are_tied_most_tellingly_by_the_g7(today):
    found = shortest_paths(today, "FRA", "DEU")
    assert (found.length, found.routes[0].nodes[1].code, found.routes[0].rarity) == (2, "g7", 7)
    assert found.number == sum({"FRA", "DEU"} <= codes for codes in members_by_node(today).values())


def test_who_is_tied_to_nothing_has_no_way_and_it_is_said():
    found = shortest_paths(small(participant("DDD", name="Ddd")), "AAA", "DDD")
    assert (found.length, found.number, found.routes) == (None, 0, ())
    assert found.words == "No path between Aaa and Ddd over these links."


def test_the_kinds_of_tie_are_a_choice(today):
    assert shortest_paths(small(signed("CCC", "e", "2002-02-02")), "CCC", "e", {EdgeKind.SIGNATORY}).length == 1
    assert shortest_paths(small(), "AAA", "BBB", {EdgeKind.MEMBER}).length is None
    for wrong in ((), {EdgeKind.NEVER_SIGNED}):
        with pytest.raises(BadQuestion, match="kinds of link"):
            shortest_paths(today, "FRA", "DEU", wrong)


@given(many, days, st.sampled_from(CODES), st.sampled_from(CODES))
@brief
def test_a_way_is_as_long_and_as_manifold_backwards_and_as_networkx_finds_it(actions, day, one, other):
    view = made(actions).as_of(day)
    if not {f"participant.{one}", f"participant.{other}"} <= set(by_id(view)):
        return
    there, back = shortest_paths(view, one, other), shortest_paths(view, other, one)
    assert (there.length, there.number) == (back.length, back.number)
    graph = nx.Graph((tie.source, tie.target) for tie in edges(view) if tie.kind in CONSENT)
    graph.add_nodes_from(by_id(view))
    ends = f"participant.{one}", f"participant.{other}"
    if there.length is None:
        assert not nx.has_path(graph, *ends)
        return
    ways = list(nx.all_shortest_paths(graph, *ends))
    assert (there.length, there.number) == (len(ways[0]) - 1, len(ways))
    assert {tuple(n.id for n in route.nodes) for route in shortest_paths(view, one, other, most=1000).routes} == set(
        map(tuple, ways)
    )
    assert [r.rarity for r in there.routes] == sorted(r.rarity for r in there.routes)
    for route in there.routes:
        for tie, step in zip(route.ties, pairwise(n.id for n in route.nodes), strict=True):
            assert {tie.source, tie.target} == set(step)


# -- clusters and centrality -------------------------------------------------------------------------


def test_the_clusters_of_the_shipped_record_are_regions_and_said_to_be_weak(today):
    found = find_communities(today, partial=True)
    assert sorted(code for group in found.groups for code in group.members) == sorted(participants_of_day(today).keys())
    home = {code: group.number for group in found.groups for code in group.members}
    assert home["FRA"] == home["DEU"] == home["ALB"] != home["BRA"] == home["MEX"] == home["JAM"]
    assert home["NGA"] == home["KEN"] not in (home["FRA"], home["BRA"])
    assert 0.1 < found.modularity < 0.3
    assert "weak" in found.certainty
    europe = found.groups[home["FRA"] - 1]
    assert "body.coe" in {mark.id for mark in europe.marks}


@given(many, days)
@brief
def test_clusters_hold_everyone_that_is_tied_once(actions, day):
    view = made(actions).as_of(day)
    found = find_communities(view)
    held = [code for group in found.groups for code in group.members]
    assert sorted([*held, *found.untied]) == sorted(participants_of_day(view))
    assert -0.5 <= found.modularity <= 1


def test_two_separate_clubs_are_two_strong_clusters():
    codes = [f"S{number:02}" for number in range(10)]
    found = find_communities(ledger(
        *(participant(code) for code in codes), body("left"), body("right"),
        *(member("left", code) for code in codes[:5]), *(member("right", code) for code in codes[5:]),
    ))  # fmt: skip
    assert [group.members for group in found.groups] == [tuple(codes[:5]), tuple(codes[5:])]
    assert found.modularity == pytest.approx(0.5)
    assert "strong" in found.certainty
    assert found.groups[0].marks[0].words == "5 of its 5 belong to Body left; of the other 5, 0"


def bipartite(view):
    graph = nx.Graph((tie.source, tie.target) for tie in edges(view) if tie.kind in CONSENT)
    graph.add_nodes_from(node.id for node in nodes(view) if node.kind is not NodeKind.BODY)
    return graph


def check_centrality(view):
    graph, found = bipartite(view), {each.id: each for each in centrality(view, partial=True)}
    measures = {
        "degree": dict(graph.degree()), "closeness": nx.closeness_centrality(graph),
        "betweenness": nx.betweenness_centrality(graph),
    }  # fmt: skip
    for name, values in measures.items():
        assert {id: getattr(each, name) for id, each in found.items()} == pytest.approx(values, abs=1e-8), name
    if graph.number_of_edges():
        google = nx.google_matrix(graph, alpha=0.85, nodelist=list(found))
        ranks = [each.pagerank for each in found.values()]
        stepped = sum(ranks[i] * google[i, :] for i in range(len(ranks)))
        assert ranks == pytest.approx(stepped.tolist(), abs=1e-7)


def test_measures_are_those_of_networkx_on_the_real_record(today):
    check_centrality(today)


@given(many, days)
@brief
def test_measures_are_those_of_networkx_on_any_record(actions, day):
    check_centrality(made(actions).as_of(day))


def test_a_rank_says_with_how_many_it_is_shared(today):
    found = centrality(today)
    degrees = [each.degree for each in found if each.id.startswith("participant.")]
    for each in found:
        if each.id.startswith("participant."):
            rank = each.ranks["degree"]
            assert rank.place == 1 + sum(other > each.degree for other in degrees)
            assert rank.tied == degrees.count(each.degree)
    untoc = next(each for each in found if each.id == "instrument.untoc")
    what = f"{untoc.degree} of the 198 participants eligible for UNTOC are party to it"
    assert untoc.words == f"{what}: place 1 of 15, alone."


# -- two days ----------------------------------------------------------------------------------------


def test_the_ninetieth_day_turns_contracting_parties_into_parties(record):
    found = between_days(record, date(2003, 9, 28), date(2003, 9, 29))
    turned = [turn for turn in found.turns if turn.target == "instrument.untoc"]
    bound = [turn for turn in turned if turn.after.kind is EdgeKind.PARTY]
    assert len(bound) == status(record.as_of(date(2003, 9, 29)), "untoc").bound == 41
    france = next(turn for turn in turned if turn.source == "participant.FRA")
    assert (france.before.kind, france.after.kind) == (EdgeKind.CONTRACTING_PARTY, EdgeKind.PARTY)
    assert france.words == "France, UNTOC: contracting party since 29 October 2002 → party since 29 September 2003."
    assert [act.kind.value for act in france.acts] == ["signature", "ratification"]


def test_a_deposit_is_a_tie_gained_with_its_act_and_a_withdrawal_a_tie_changed():
    whole = small(acceded("CCC", "c", "2002-02-02"), withdrew("BBB", "c", "2003-03-03", effective_on="2004-03-03"))
    [gained] = between_days(whole, date(2002, 2, 1), date(2002, 2, 2)).turns
    assert (gained.turn, gained.source, gained.target) == (EdgeChangeKind.GAINED, "participant.CCC", "instrument.c")
    assert [str(act.date) for act in gained.acts] == ["2002-02-02"]
    [left] = between_days(whole, date(2004, 3, 2), date(2004, 3, 3)).turns
    assert (left.turn, left.before.kind, left.after.kind) == (
        EdgeChangeKind.CHANGED,
        EdgeKind.PARTY,
        EdgeKind.WITHDRAWN,
    )
    assert "withdrawal" in {act.kind.value for act in left.acts}


def test_a_change_says_what_it_means_for_the_participant():
    pact = instrument("pact", threshold=1, delay="0d", party_delay="1y", withdrawal_delay="0d", opened_on="2000-01-01")
    whole = ledger(
        pact, *(participant(code) for code in ("AAA", "BBB", "CCC")),
        ratified("AAA", "pact", "2000-02-01"), withdrew("AAA", "pact", "2004-01-01"),
        signed("BBB", "pact", "2001-01-01"), ratified("BBB", "pact", "2002-01-01"),
    )  # fmt: skip

    def changes(first, second):
        return [
            turn.change for turn in between_days(whole, date.fromisoformat(first), date.fromisoformat(second)).turns
        ]

    assert changes("2000-12-31", "2001-01-01") == [EdgeChangeReason.SIGNED]
    assert changes("2001-12-31", "2002-01-01") == [EdgeChangeReason.CONSENTED]
    assert changes("2002-12-31", "2003-01-01") == [EdgeChangeReason.BOUND]
    assert changes("2003-12-31", "2004-01-01") == [EdgeChangeReason.WITHDREW]
    assert changes("2001-01-01", "2000-12-31") == [EdgeChangeReason.OTHER], (
        "what is lost on the way back is no withdrawal"
    )


def test_states_come_and_go_between_two_days(record):
    found = between_days(record, date(1989, 1, 1), date(2000, 1, 1))
    assert "DDR" in {node.code for node in found.went}
    assert {"SVN", "HRV"} <= {node.code for node in found.came}


def test_what_was_learnt_later_differs_between_two_moments():
    first, second = (datetime(2020, month, 1, tzinfo=UTC) for month in (1, 6))
    late = acceded("CCC", "c", "2002-02-02", recorded_at=second)
    others = chain.from_iterable(small()._others.values())
    whole = ledger(*others, *small().acts("c"), *small().acts("d"), late).as_of(date(2010, 1, 1))
    [learnt] = diff_networks(whole.known_at(first), whole.known_at(second)).turns
    assert (learnt.turn, learnt.source, learnt.acts) == (EdgeChangeKind.GAINED, "participant.CCC", (late,))


@given(many, days, days)
@brief
def test_backwards_gains_are_losses_and_nothing_is_left_out(actions, one, other):
    whole = made(actions)
    there, back = between_days(whole, one, other), between_days(whole, other, one)
    mirrored = {
        EdgeChangeKind.GAINED: EdgeChangeKind.LOST,
        EdgeChangeKind.LOST: EdgeChangeKind.GAINED,
        EdgeChangeKind.CHANGED: EdgeChangeKind.CHANGED,
    }
    assert [(mirrored[t.turn], t.source, t.target, t.after, t.before, t.acts) for t in there.turns] == [
        (t.turn, t.source, t.target, t.before, t.after, t.acts) for t in back.turns
    ]
    assert (there.came, there.went) == (back.went, back.came)
    was, now = ({(t.source, t.target, t.kind, t.words) for t in edges(whole.as_of(day))} for day in (one, other))
    told = {(x.source, x.target, x.kind, x.words) for t in there.turns for x in (t.before, t.after) if x}
    assert told == was ^ now


def test_a_day_that_the_ledger_does_not_reach_is_refused(today):
    with pytest.raises(BadQuestion, match="2026-11-22"):
        between_days(today, date(2020, 1, 1), date(2027, 1, 1))


# -- files -------------------------------------------------------------------------------------------


def read_back(graph, folder):
    """The graph as each of the three files holds it."""
    paths = {name: folder / f"network.{name}" for name in ("graphml", "gexf", "json")}
    for write, file in zip((graphml, gexf, node_link), paths.values(), strict=True):
        file.write_bytes(write(graph))
    yield nx.read_graphml(paths["graphml"], force_multigraph=True)
    yield nx.read_gexf(paths["gexf"])
    yield nx.node_link_graph(json.loads(paths["json"].read_bytes()), edges="edges")


def test_each_file_reads_back_with_every_node_tie_and_attribute(today, tmp_path):
    graph = build_network(today)
    for found in read_back(graph, tmp_path):
        assert set(found.nodes) == set(graph.nodes)
        assert found.number_of_edges() == graph.number_of_edges()
        untoc = found.nodes["instrument.untoc"]
        assert (untoc["parties"], untoc["name"]) == (graph.nodes["instrument.untoc"]["parties"], untoc["name"])
        [tie] = [d for _, _, d in found.out_edges("participant.FRA", data=True) if "29 September 2003" in d["words"]]
        assert tie["kind"] == "party"


def test_characters_that_xml_cannot_hold_are_taken_out(tmp_path):
    odd = participant("ODD", name="O\x00d\x1bd <&\"'> \ufffe\U0001f600")
    for found in read_back(build_network(small(odd)), tmp_path):
        assert found.nodes["participant.ODD"]["name"] == "Odd <&\"'> \U0001f600"


def test_a_file_does_not_depend_on_the_day_it_is_written(today):
    assert b"lastmodified" not in gexf(build_network(today))
    assert gexf(build_network(today)) == gexf(build_network(today))


def test_a_part_of_the_network_has_the_nodes_and_kinds_asked_for(today):
    part = subgraph(today, ("participant.FRA", "participant.COG", "instrument.untoc", "body.greco"), CONSENT)
    assert part.number_of_nodes() == 4
    assert list(part.edges()) == [("participant.FRA", "instrument.untoc")]
    assert subgraph(today).number_of_edges() == len(edges(today))
    with pytest.raises(NotFound, match=r"body\.nobody"):
        subgraph(today, ("body.nobody",))


# -- as plain data, the same wherever it is asked ----------------------------------------------------

ASKED = {
    "profiles": lambda record, view: answers.profiles_answer(view),
    "backbone": lambda record, view: answers.backbone_answer(view),
    "ego": lambda record, view: answers.ego_answer(view, "FRA"),
    "alike": lambda record, view: questions.alike_answer(view, "FRA"),
    "path": lambda record, view: questions.path_answer(view, "FRA", "DEU"),
    "clusters": lambda record, view: questions.clusters_answer(view),
    "centrality": lambda record, view: questions.centrality_answer(view),
    "between": lambda record, view: answers.between_days_answer(record, date(2003, 6, 1), date(2003, 9, 30)),
}


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize("day", [date(1985, 1, 1), date(2003, 7, 1), TODAY])
def test_every_answer_is_plain_data_on_any_day(record, question, day):
    if question == "between" or (question, day.year) != ("path", 1985):
        answer = ASKED[question](record, record.as_of(day))
        json.dumps(asdict(answer), allow_nan=False, default=str)
        assert json.loads(to_json(answer))


PRINTED = """
import hashlib, sys
sys.path[:0] = sys.argv[1:2]
from tests.graph.test_network_analysis import ASKED, TODAY
from tests.support.paths import DATA
from tracker.law.ledger import Ledger
from tracker.graph.networkx_graph import build_network, gexf
from tracker.schemas.formats import to_json
from tracker.storage import import_export
record = Ledger(import_export.read_facts([DATA]))
view = record.as_of(TODAY)
for name, ask in ASKED.items():
    print(name, hashlib.sha256(to_json(ask(record, view))).hexdigest())
print("gexf", hashlib.sha256(gexf(build_network(view))).hexdigest())
"""


def test_every_process_gives_the_same_answers_to_the_last_figure():
    printed = []
    for seed in ("0", "1", "2026"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}"}
        command = [sys.executable, "-c", PRINTED, str(ROOT)]
        printed.append(subprocess.run(command, check=True, capture_output=True, env=environment, text=True).stdout)
    assert len(printed[0].splitlines()) == len(ASKED) + 1
    assert printed[0] == printed[1] == printed[2]
