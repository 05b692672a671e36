"""One filter for patterns, similarity and the connections of one: headline, picture, panel and data follow it."""

import pytest

DAY = "as_of=2026-11-22"


def data(client, query):
    return client.get(f"/network.json?{query}&{DAY}").json["data"]


def drawn(client, query):
    return client.get(f"/network/drawing?{query}&{DAY}").json


def headline(page, query):
    return " ".join(page(f"/network?{query}&{DAY}").cssselect("#summary p")[0].text_content().split())


def test_patterns_are_those_of_the_participants_chosen(client, page):
    whole, part = (data(client, f"view=profiles{more}") for more in ("", "&region=Africa"))
    members, everyone = (
        {who["participant"] for each in found["profiles"] for who in each["members"]} for found in (part, whole)
    )
    africans = {who["participant"] for who in client.get(f"/participants.json?region=Africa&{DAY}").json["data"]}
    assert members == everyone & africans
    assert 50 < len(members) < len(everyone)
    assert part["participants"] == len(members) == sum(each["size"] for each in part["profiles"])
    assert headline(page, "view=profiles&region=Africa").startswith(f"{len(members)} participants.")
    rows = [node for node in drawn(client, "view=profiles&region=Africa")["nodes"] if node["group"] == "profile"]
    assert rows[0]["label"] == f"{part['profiles'][0]['size']} participants"


def test_similar_treaties_are_compared_by_the_parties_chosen_and_stay_in_their_places(client):
    whole, part = (data(client, f"view=backbone{more}") for more in ("", "&group=GRULAC"))
    parties = {each["instrument"]: each["parties"] for each in part["instruments"]}
    latin = client.get(f"/instruments/untoc/participants.json?group=GRULAC&status=party&{DAY}").json["data"]
    assert parties["untoc"] == len(latin)
    assert all(each["shared"] <= parties[each["one"]] for each in part["ties"])
    places = [{node["id"]: (node["x"], node["y"]) for node in drawn(client, q)["nodes"]}
              for q in ("view=backbone", "view=backbone&group=GRULAC")]  # fmt: skip
    assert places[0] == places[1]
    assert len(whole["instruments"]) == len(part["instruments"])


def test_only_the_treaties_chosen_are_compared(client, page):
    chosen = "instrument=untoc&instrument=uncac&instrument=untoc-firearms"
    found = data(client, f"view=backbone&{chosen}")
    assert {each["instrument"] for each in found["instruments"]} == {"untoc", "uncac", "untoc-firearms"}
    assert headline(page, f"view=backbone&{chosen}").startswith("3 treaties")
    assert len(drawn(client, f"view=backbone&{chosen}")["nodes"]) == 3


def test_the_connections_of_a_treaty_are_those_to_the_participants_chosen(client, page):
    query = "view=ego&focus=instrument.untoc&region=Oceania"
    found, whole = data(client, query), data(client, "view=ego&focus=instrument.untoc")
    regions = {each["region"] for each in found["nodes"] if each["kind"] == "participant"}
    assert regions == {"Oceania"}
    assert 0 < len(found["ties"]) < len(whole["ties"])
    assert f"{len(found['ties'])} links" in headline(page, query)
    ends = {end for each in drawn(client, query)["edges"] for end in (each["from"], each["to"])}
    assert ends == {node["id"] for node in found["nodes"]} | {"instrument.untoc"}
    listed = page(f"/network?{query}&{DAY}").cssselect("#panel details li")
    assert len(listed) == len(found["ties"]) + len(found["missing"])


def test_the_connections_of_a_state_are_those_to_the_treaties_chosen(client):
    found = data(client, "view=ego&focus=participant.FRA&instrument=uncac")
    assert [each["code"] for each in found["nodes"] if each["kind"] == "instrument"] == ["uncac"]


@pytest.mark.parametrize("view", ["profiles", "backbone", "ego"])
def test_the_groups_can_be_chosen_in_every_view(page, view):
    tree = page(f"/network?view={view}&region=Africa&{DAY}")
    assert tree.cssselect("#network-form input[name=region][value=Africa][checked]")
    assert [link.text_content().split()[0] for link in tree.cssselect("#chosen a")] == ["Africa"]
