"""The network: every node and tie of a day, what is missing, and where it all stands."""

from collections import Counter
from datetime import date
from math import cos, dist, hypot, sin

import networkx as nx
import pytest

from tests.support.builders import acceded, body, instrument, ledger, participant, ratified, signed, stated, withdrew
from tracker.graph.edges import edges, missing_edges
from tracker.graph.layout import HUBS, RING, positions, region_arcs
from tracker.graph.model import REGIONS, EdgeKind, NodeKind
from tracker.graph.networkx_graph import build_network
from tracker.graph.nodes import nodes
from tracker.law.gaps import eligible_participants, gaps_of_instrument
from tracker.law.model import Mandate, Membership, ParticipantKind
from tracker.law.reference_facts import ObjectionEffect
from tracker.law.status import status

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def today(record):
    return record.as_of(TODAY)


def small(*facts):
    """One convention in force since 2001 among three States, its protocol, and a body that watches it."""
    return ledger(
        *(participant(code, name=code.title(), region="Asia") for code in ("AAA", "BBB", "CCC")),
        instrument("c", threshold=1, delay="0d", party_delay="0d", withdrawal_delay="0d", opened_on="2000-01-01"),
        instrument("p", parent="c", threshold=9, delay="0d", opened_on="2000-01-01"),
        body("watch"),
        Mandate(body="watch", instrument="c", relation="reviews-implementation"),
        Membership(body="watch", participant="AAA"),
        signed("AAA", "c", "2000-02-01"), ratified("AAA", "c", "2001-01-01"), signed("BBB", "c", "2000-03-01"), *facts,
    )  # fmt: skip


def said(found):
    return {(tie.source.partition(".")[2], tie.kind.value, tie.target.partition(".")[2]) for tie in found}


def test_each_standing_is_a_tie_with_its_day():
    found = {tie.source: tie for tie in edges(small()) if tie.target == "instrument.c" and tie.source[0] == "p"}
    assert found["participant.AAA"].words == "party since 1 January 2001"
    assert str(found["participant.AAA"].since) == "2001-01-01"
    assert found["participant.BBB"].words == "signatory since 1 March 2000"
    assert "participant.CCC" not in found


def test_bodies_protocols_and_members_are_tied_too():
    assert said(edges(small())) >= {("watch", "watches", "c"), ("AAA", "member", "watch"), ("p", "protocol-of", "c")}


def test_an_objection_ties_its_author_to_the_reserving_state_until_it_is_withdrawn():
    said_of = {"towards": ("AAA",), "article": "10"}
    facts = ledger(
        participant("AAA"), participant("BBB"), instrument("c", delay="0d", threshold=1),
        acceded("AAA", "c", "2001-01-01"), acceded("BBB", "c", "2001-01-01"),
        stated("reservation", "AAA", "c", "2001-01-01", article="10"),
        stated("objection", "BBB", "c", "2001-06-01", effect=ObjectionEffect.EXCLUDES_TREATY,
               withdrawn_on="2003-01-01", **said_of),
        stated("objection", "", "c", "2001-06-01", **said_of),
    )  # fmt: skip
    before, then, after = (facts.as_of(date(year, 6, 1)) for year in (2000, 2002, 2003))
    [tie] = [each for each in edges(then) if each.kind is EdgeKind.OBJECTION]
    assert (tie.source, tie.target) == ("participant.BBB", "participant.AAA")
    assert tie.words.endswith("c, article 10, treaty not in force between the two")
    assert str(tie.since) == "2001-06-01"
    assert not any(each.kind is EdgeKind.OBJECTION for ledger in (before, after) for each in edges(ledger))


def test_the_objection_of_germany_is_drawn(today):
    found = {(tie.source, tie.target): tie for tie in edges(today) if tie.kind is EdgeKind.OBJECTION}
    assert "article 18" in found["participant.DEU", "participant.AFG"].words


def test_what_is_missing_says_how():
    assert said(missing_edges(small())) == {
        ("AAA", "convention-alone", "p"),
        ("BBB", "signed-only", "c"), ("BBB", "never-signed", "p"),
        ("CCC", "never-signed", "c"), ("CCC", "never-signed", "p"),
    }  # fmt: skip


def test_one_that_left_is_a_withdrawal_among_the_ties_and_among_the_gaps():
    left = small(withdrew("AAA", "c", "2005-05-05"))
    assert ("AAA", "withdrawn", "c") in said(edges(left))
    assert ("AAA", "left", "c") in said(missing_edges(left))


def test_a_protocol_without_its_convention_is_missing_its_convention():
    assert ("CCC", "protocol-alone", "p") in said(missing_edges(small(acceded("CCC", "p", "2002-02-02"))))


def test_gaps_in_an_instrument_not_in_force_are_marked():
    assert {(tie.target, tie.pending) for tie in missing_edges(small())} == {
        ("instrument.c", False),
        ("instrument.p", True),
    }


def test_an_instrument_is_drawn_from_the_day_it_could_be_signed():
    early = small().as_of(date(1999, 12, 31))
    assert not [node for node in nodes(early) if node.kind is NodeKind.INSTRUMENT]
    assert not missing_edges(early)


def test_territories_and_organizations_are_drawn_once_they_have_acted():
    who = participant("ORG-X", kind=ParticipantKind.ORGANIZATION), participant("HKG", kind=ParticipantKind.TERRITORY)
    assert {n.code for n in nodes(small(*who)) if n.kind is NodeKind.PARTICIPANT} == {"AAA", "BBB", "CCC"}
    acted = small(*who, acceded("ORG-X", "c", "2003-03-03"))
    assert "ORG-X" in {node.code for node in nodes(acted)}


def test_a_former_state_is_drawn_on_its_own_days(record):
    drawn = [{node.code for node in nodes(record.as_of(date(year, 6, 1)))} for year in (1989, 2000)]
    assert "DDR" in drawn[0] - drawn[1]


def test_congo_has_signed_the_convention_and_two_protocols_and_is_party_to_none(today):
    congo = {
        (tie.kind.value, tie.target.partition(".")[2])
        for tie in missing_edges(today)
        if tie.source == "participant.COG"
    }
    assert congo >= {
        ("signed-only", "untoc"),
        ("signed-only", "untoc-tip"),
        ("signed-only", "untoc-som"),
        ("never-signed", "untoc-firearms"),
    }


def test_the_convention_misses_three(today):
    found = [tie.source.partition(".")[2] for tie in missing_edges(today) if tie.target == "instrument.untoc"]
    assert sorted(found) == ["COG", "PNG", "TUV"]


def test_the_gaps_drawn_are_the_gaps_there_are(today):
    drawn = Counter(
        tie.target.partition(".")[2] for tie in missing_edges(today) if tie.kind is not EdgeKind.PROTOCOL_ALONE
    )
    for each in today.instruments:
        there = [
            gap
            for gap in gaps_of_instrument(today, each)
            if gap.participant in eligible_participants(today, each) or not gap.standing.undated
        ]
        assert drawn[each] == len(there), each


def test_the_parties_drawn_are_the_parties_counted(today):
    consenting = {EdgeKind.PARTY, EdgeKind.CONTRACTING_PARTY}
    drawn = Counter(tie.target.partition(".")[2] for tie in edges(today) if tie.kind in consenting)
    for each in today.instruments:
        assert drawn[each] == status(today, each).parties


def test_the_graph_holds_every_node_and_tie_and_survives_graphml(today, tmp_path):
    graph = build_network(today)
    assert graph.number_of_nodes() == len(nodes(today))
    assert graph.number_of_edges() == len(edges(today))
    assert graph.nodes["instrument.untoc"]["parties"] == status(today, "untoc").parties
    nx.write_graphml(graph, tmp_path / "network.graphml")
    assert nx.read_graphml(tmp_path / "network.graphml").number_of_edges() == graph.number_of_edges()


def test_short_names_fit_beside_a_mark(today):
    short = {node.code: node.short for node in nodes(today) if node.kind is NodeKind.PARTICIPANT}
    assert short["GBR"] == "United Kingdom"
    assert short["PRK"] == "Dem. People's Rep. of Korea"
    assert len(set(short.values())) == len(short)
    assert max(map(len, short.values())) <= 27


# -- places ------------------------------------------------------------------------------------------


def test_everything_has_a_place_and_it_is_always_the_same(record):
    first, again = (positions(record.as_of(TODAY)) for _ in range(2))
    assert first == again
    assert {node.id for node in nodes(record.as_of(TODAY))} <= set(first)


def test_states_keep_their_place_when_the_day_changes(record):
    now, then = positions(record.as_of(TODAY)), positions(record.as_of(date(2007, 1, 1)))
    assert {each: now[each] for each in now if each.startswith(("p", "i"))} == {
        each: then[each] for each in then if each.startswith(("p", "i"))
    }


def test_participants_stand_on_the_ring_apart_with_names_pointing_outwards(today):
    ring = [place for node, place in positions(today).items() if node.startswith("participant.")]
    for place in ring:
        assert hypot(place.x / RING[0], place.y / RING[1]) == pytest.approx(1)
        assert place.x * cos(place.angle) + place.y * sin(place.angle) > 0
    assert min(dist((a.x, a.y), (b.x, b.y)) for i, a in enumerate(ring) for b in ring[:i]) > 10


def test_regions_follow_each_other_with_europe_on_top(today):
    found = region_arcs(today)
    assert [arc.region for arc in found] == [region for region in REGIONS if region != "No region"]
    assert abs(sum(place.x for place in found[0].places)) < 1e-6 * RING[0] * len(found[0].places)
    assert all(place.y < 0 for place in found[0].places)


def test_regional_instruments_face_their_region(today):
    places = positions(today)
    assert all(places[f"instrument.coe-{n}"].y < 0 for n in (141, 173, 174, 185, 191, 197))
    assert all(places[f"instrument.oas-{n}"].x < 0 for n in ("corruption", "cifta"))


def test_bodies_stand_at_the_centre_instruments_between(today):
    share = {
        kind: [hypot(p.x / HUBS[0], p.y / HUBS[1]) for n, p in positions(today).items() if n.startswith(kind)]
        for kind in ("body", "instrument")
    }
    assert max(share["body"]) < min(share["instrument"])


def test_an_empty_record_has_an_empty_picture():
    assert not nodes(ledger())
    assert not positions(ledger())
    assert not missing_edges(ledger())
