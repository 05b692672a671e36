"""Crossing queries as pages: a link is a query, the form leads to the link, nonsense is refused in words."""

import csv
import io

import pytest
from lxml import html

TODAY = "2026-11-22"


def shown(tree, label="Results"):
    return [row.get("data-row") for row in tree.cssselect(f"[aria-label='{label}'] tbody tr")]


@pytest.mark.parametrize(
    ("query", "day", "codes"),
    [
        ("member=greco;not-party=coe-173", TODAY, ["KAZ", "USA"]),
        ("assessed=fatf-grey;not-party=uncac", TODAY, ["VGB", "MCO", "SYR"]),
        ("assessed=tip-tier:3@2010;party=untoc-tip", TODAY,
         ["CUB", "COD", "DOM", "ERI", "KWT", "MRT", "MMR", "SAU", "SDN", "ZWE"]),
    ],
)  # fmt: skip
def test_a_link_is_a_query(page, data, query, day, codes):
    assert shown(page(f"/select?q={query}&as_of={day}")) == codes
    found = data(f"/api/v1/select?q={query}&as_of={day}")
    assert [row["participant"] for row in found["participants"]] == codes
    assert found["query"] == query


def test_the_query_is_printed_back_in_words_with_the_facts_behind_each_find(words):
    text = words(f"/select?q=member=greco;not-party=coe-173&as_of={TODAY}")
    assert (
        "meeting all conditions: member of GRECO and not a party to the Criminal Law Convention on Corruption, "
        "22 November 2026: 2." in text
    )
    assert "Member of GRECO since 1 January 2020." in text
    assert "Criminal Law Convention on Corruption: No action in our data." in text


def test_the_day_changes_the_answer(page):
    then = shown(page("/select?q=member=greco;not-party=coe-173&as_of=2002-09-30"))
    assert {"FRA", "DEU", "USA"} <= set(then)
    assert len(then) == 17


def test_those_of_whom_the_record_cannot_tell_stand_apart(page):
    tree = page(f"/select?q=assessed=tip-tier:2@2017;region=Oceania&as_of={TODAY}")
    found, apart = shown(tree), shown(tree, "Undetermined")
    assert apart
    assert not set(found) & set(apart)


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ("member_of=greco&member_how=member", "member=greco"),
        ("member_of=&standing_of=uncac&standing_how=signatory&standing_at=2005-01-01", "signatory=uncac@2005-01-01"),
        ("q=member=greco&standing_of=coe-173&standing_how=not-party", "member=greco;not-party=coe-173"),
        ("q=member=greco&member_of=greco&member_how=member", "member=greco"),
        ("judged_of=tip-tier:Tier+3&judged_how=assessed&judged_at=2010", "assessed=tip-tier:Tier 3@2010"),
        ("region_of=Africa&group_of=African+States", "region=Africa;group=African States"),
    ],
)
def test_the_form_leads_to_the_address_of_the_query(client, fields, query):
    answer = client.get(f"/select?{fields}&as_of={TODAY}")
    assert answer.status_code == 302
    there = client.get(answer.headers["Location"])
    assert there.status_code == 200
    assert f">{query}</textarea>".replace(" ", "%20") not in there.text  # the address is written as a link
    asked = client.get(answer.headers["Location"].replace("/select?", "/select.json?")).json
    assert (asked["data"]["query"], asked["meta"]["as_of"]) == (query, TODAY)


def test_a_condition_can_be_taken_away(page):
    tree = page(f"/select?q=member=greco;not-party=coe-173&as_of={TODAY}")
    links = [a.get("href") for a in tree.cssselect(".query-conditions a")]
    assert links == [f"/select?as_of={TODAY}&q=not-party%3Dcoe-173", f"/select?as_of={TODAY}&q=member%3Dgreco"]


@pytest.mark.parametrize(
    ("query", "status", "trouble"),
    [
        ("friend=greco", 400, "not a supported condition"),
        ("member=greco;", 400, "empty condition"),
        ("member=lost", 404, "No body named"),
        ("region=Mars", 400, "is not an option for region. Choose one of Africa"),
        ("party=uncac@2999-01-01", 400, "asks about a later date"),
        ("assessed=tip-tier:9", 400, "is not a value of"),
        ("region=Africa;" * 80, 400, "characters"),
        (";".join(f"party=uncac@20{n}-01-01" for n in range(10, 24)), 400, "14 conditions"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_in_words(client, query, status, trouble):
    for path in ("/select", "/api/v1/select", "/select.csv"):
        answer = client.get(f"{path}?q={query}&as_of={TODAY}")
        assert answer.status_code == status
        assert trouble in answer.text


def test_a_query_that_makes_no_sense_stays_in_its_field_with_what_is_wrong_beside_it(client):
    tree = html.fromstring(client.get("/select?q=friend%3Dgreco&as_of=2003-07-01").text)
    typed = tree.get_element_by_id("typed")
    assert typed.get("value") == "friend=greco"
    said = tree.get_element_by_id(typed.get("aria-describedby")).text_content()
    assert "'friend' is not a supported condition" in said
    assert said in tree.cssselect("[role=alert]")[0].text_content()


def test_a_form_that_asks_nonsense_is_refused(client):
    assert "not a supported condition" in client.get("/select?member_of=greco&member_how=friend").text
    assert client.get("/select?judged_of=tip-tier&judged_how=assessed&judged_at=a;b").status_code in (302, 400)


def test_the_empty_page_offers_choices_and_examples_that_can_be_asked(page, client):
    tree = page("/select?as_of=2003-07-01")
    examples = [a.get("href") for a in tree.cssselect(".examples a")]
    assert len(examples) >= 3
    assert not [each for each in examples if "2010" in each]
    assert all(client.get(each).status_code == 200 for each in examples)
    labels = {label.get("for") for label in tree.cssselect("label")}
    fields = tree.cssselect("form.query-builder select, form.query-builder input[id]")
    within = {field.get("id") for field in tree.cssselect("label input[id]")}
    assert {field.get("id") for field in fields} <= labels | within


def test_without_a_query_the_data_is_nothing(data):
    assert data("/api/v1/select") is None


def test_the_finds_are_there_as_csv(client):
    rows = list(
        csv.DictReader(io.StringIO(client.get(f"/select.csv?q=member=greco;not-party=coe-173&as_of={TODAY}").text))
    )
    assert [(row["participant"], row["decided"]) for row in rows] == [("KAZ", "yes"), ("USA", "yes")]
    assert "Member of GRECO" not in rows[0]["facts"]
    assert rows[0]["facts"].startswith("member of GRECO since 1 January 2020;")


def test_conditions_and_columns_are_in_words_in_the_language_of_the_page(page):
    tree = page(f"/select?q=member=greco;not-party=coe-224&as_of={TODAY}&lang=fr")
    conditions = [each.text for each in tree.cssselect(".query-conditions li > span")]
    protocol = "Deuxième Protocole additionnel à la Convention sur la cybercriminalité"
    assert conditions == ["Membre (GRECO).", f"Non partie ({protocol})."]
    heads = [each.text_content() for each in tree.cssselect("[aria-labelledby], .scroller thead th")]
    assert "Membre (GRECO)" in heads


def test_every_example_of_how_a_query_is_written_can_be_asked(page, client):
    texts = [each.text_content() for each in page("/select").cssselect("details .definitions code")]
    assert len(texts) > 12
    for text in texts:
        assert client.get("/select.json", query_string={"q": text, "as_of": TODAY}).status_code == 200, text
