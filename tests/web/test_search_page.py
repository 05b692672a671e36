"""The search page, its suggestions and its box on every page."""

import pytest

from tests.web.test_pages import PAGES


def finds(data, text, **more):
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return [each["id"] for each in data(f"/search.json?q={text}{query}")["results"]]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("France", "FRA"), ("فرنسا", "FRA"), ("法国", "FRA"), ("Франция", "FRA"), ("Francia", "FRA"), ("fr", "FRA"),
        ("Allemagne", "DEU"), ("Ivory Coast", "CIV"), ("DPRK", "PRK"), ("Zaire", "COD"), ("الاتحاد الأوروبي", "EU"),
        ("XVIII-12", "untoc"), ("ETS 185", "coe-185"), ("UNCAC", "uncac"), ("OECD/LEGAL/0293", "oecd-bribery"),
        ("Palermo Convention", "untoc"), ("Palermo Protocol", "untoc-tip"), ("merida", "uncac"),
        ("IACAC", "oas-corruption"), ("Hanoi", "un-cybercrime"), ("1988 Convention", "drugs-1988"),
        ("OECD Bribery Convention", "oecd-bribery"),
        ("greco", "greco"), ("Financial Action Task Force", "fatf"), ("UNODC", "unodc"), ("CIFTA", "oas-cifta"),
    ],
)  # fmt: skip
def test_anything_is_found_by_any_of_its_names(data, text, first):
    assert finds(data, text)[0] == first


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_box_that_works_without_script(page, path):
    [form] = page(f"{path}{'&' if '?' in path else '?'}as_of=2003-07-01").cssselect("form[role=search]")
    assert form.get("method") == "get"
    assert form.get("action").startswith("/search")
    assert form.cssselect("input[name=as_of]")[0].get("value") == "2003-07-01"
    assert form.cssselect("input[name=q][id=search]")
    assert form.cssselect("label[for=search]")
    assert form.cssselect("button")


def test_finds_stand_under_their_kind_with_facts_of_the_day(page):
    tree = page("/search?q=traff&as_of=2003-12-24")
    [row] = tree.cssselect("li[data-row=untoc-tip]")
    assert "enters into force on 25 December 2003" in row.text_content()
    assert row.cssselect("a")[0].get("href") == "/instruments/untoc-tip?as_of=2003-12-24"
    assert [each.text for each in tree.cssselect("main h2")] == ["Treaties ", "Bodies "]


def test_a_name_in_arabic_is_marked_as_arabic_from_right_to_left(page, data):
    [name] = page("/search?q=مصر").cssselect("li[data-row=EGY] bdi")
    assert (name.text, name.get("lang"), name.get("dir")) == ("مصر", "ar", "rtl")
    [found] = data("/search.json?q=مصر")["results"]
    assert (found["language"], found["direction"]) == ("ar", "rtl")


def test_a_find_tells_where_its_page_is(data, client):
    for each in data("/search.json?q=corruption&as_of=2020-01-01")["results"]:
        assert client.get(each["address"]).status_code == 200
        assert "as_of=2020-01-01" in each["address"]


def test_suggestions_are_few_and_say_how_many_there_are(data, client):
    answer = data("/search.json?q=a&limit=8")
    assert len(answer["results"]) == 8
    assert answer["count"] == sum(answer["counts"].values()) > 8
    assert len(client.get("/search.json?q=a&limit=8").data) < 5000


def test_a_typing_error_is_answered_with_the_names_that_may_be_meant(words, data):
    assert finds(data, "Nigerai") == ["NGA"]
    assert data("/search.json?q=Nigerai")["similar"]
    assert "No exact match. Names with a similar spelling:" in words("/search?q=Nigerai")


def test_nothing_found_is_said(words):
    assert "Enter part of a name, code or number." in words("/search?q=zzzzzz")
    assert "No results" in words("/search?q=zzzzzz")


@pytest.mark.parametrize(
    ("text", "answer", "fact", "address"),
    [
        ("France UNTOC", "France, UNTOC: party", "Ratification on 29 October 2002",
         "/participants/FRA?as_of=2026-11-01#treaty-untoc"),
        ("entry into force UN cybercrime convention", "UN Cybercrime Convention: not yet in force", "40 more needed",
         "/instruments/un-cybercrime?as_of=2026-11-01#working"),
        ("GRULAC África UE no ratificado protocolo sobre armas de fuego",
         ("Firearms Protocol, Latin American and Caribbean States, Africa and members of European Union: "
          "signed but not ratified (1)"), "Seychelles", None),
        ("entry into force", "Entry into force: pending treaties", "", "/needed?as_of=2026-11-01"),
        ("France Allemagne", "Compare: France and Germany", "",
         "/compare?as_of=2026-11-01&participant=FRA&participant=DEU"),
    ],
)  # fmt: skip
def test_a_question_is_answered_before_the_names(page, client, text, answer, fact, address):
    [first] = page(f"/search?q={text}&as_of=2026-11-01").cssselect(".search-answers li")
    assert first[0].text == answer
    assert fact in first.text_content()
    assert address in (None, first[0].get("href"))
    assert client.get(first[0].get("href")).status_code == 200


def test_the_number_in_an_answer_is_that_of_the_table_it_leads_to(data, client):
    for text in (
        "GRULAC UNTOC parties",
        "African States UNCAC not ratified",
        "EU UN cybercrime signatories",
    ):
        [answer] = data(f"/search.json?q={text}&as_of=2026-11-01")["answers"]
        rows = client.get(answer["address"].replace("/participants?", "/participants.json?")).json["data"]
        if "signatories" in text:
            rows = [row for row in rows if row["signature"]]
        assert f"({len(rows)})" in answer["text"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("A/RES/58/4", "uncac"), ("UNTS 2225", "untoc"), ("1582 UNTS 95", "drugs-1988"), ("CETS 197", "coe-197"),
        ("GRULAC", "Latin American and Caribbean States"), ("Groupe africain", "African States"),
        ("ONUDC", "unodc"), ("GAFI", "fatf"), ("OEA", "oas"), ("Conseil de l'Europe", "coe"),
        ("Holanda", "NLD"), ("EE. UU.", "USA"), ("République tchèque", "CZE"), ("Convenio de Budapest", "coe-185"),
        ("criminalité transnationale organisée", "untoc"), ("UN", "un-cybercrime"),
    ],
)  # fmt: skip
def test_names_of_other_languages_groups_and_citations_are_known(data, text, first):
    assert finds(data, text)[0] == first


@pytest.mark.parametrize(
    ("path", "near"),
    [("/participants/Frnace", "France"), ("/instruments/untco", "UNTOC"), ("/bodies/grecco", "GRECO"),
     ("/corruption", "Criminal Law Convention on Corruption")],
)  # fmt: skip
def test_an_address_that_leads_nowhere_offers_the_nearest(client, path, near):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Similar names" in answer.text
    assert near in answer.text
    assert client.get(f"{path}x/zzzzzzz").status_code == 404


def test_an_empty_box_explains_itself(words):
    assert "reference number" in words("/search")
    assert "reference number" in words("/search?q=+")


@pytest.mark.parametrize("query", [f"q={'a' * 101}", "q=a&limit=0", "q=a&limit=x", "q=a&limit=201"])
def test_what_makes_no_sense_is_refused(client, query):
    assert client.get(f"/search?{query}").status_code == 400
    assert client.get(f"/search.json?{query}").json["error"]["code"] == "bad-question"


def test_the_page_the_json_and_the_csv_have_the_same_finds(page, data, client):
    told = [each["id"] for each in data("/search.json?q=cor")["results"]]
    assert sorted(row.get("data-row") for row in page("/search?q=cor").cssselect("[data-row]")) == sorted(told)
    assert [line.split(",")[1] for line in client.get("/search.csv?q=cor").text.splitlines()[1:]] == told
    assert data("/api/v1/search?q=cor") == data("/search.json?q=cor")


def test_a_participants_page_names_it_in_six_languages(page):
    names = page("/participants/EGY").cssselect("dd bdi[lang]")
    assert [each.get("lang") for each in names] == ["ar", "en", "es", "fr", "ru", "zh"]
    assert (names[0].text, names[0].get("dir")) == ("مصر", "rtl")
    assert not page("/participants/CSK").cssselect("dd bdi[lang]")
