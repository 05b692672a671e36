"""The language of pages: chosen by address, by an earlier choice, by the browser; messages said in each language."""

import pickle
import re
import subprocess
import sys
from datetime import date

import pytest
from lxml import html

from tests.support.paths import ROOT
from tracker.law.dates import PartialDate
from tracker.messages import message, plural
from tracker.translations import LANGUAGES, long_date, short_date, translate


def language(answer):
    text = answer.get_data(as_text=True)
    return text.split('<html lang="')[1][:2]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("", "en"), ("fr", "fr"), ("fr-CA,fr;q=0.9,en;q=0.5", "fr"), ("de", "en"), ("de,es;q=0.3", "es"), ("*", "en")],
)
def test_the_browser_gets_the_language_it_accepts(client, asked, expected):
    answer = client.get("/about", headers={"Accept-Language": asked} if asked else {})
    assert language(answer) == expected
    assert answer.headers["Content-Language"] == expected
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_the_address_decides_and_its_links_keep_the_language(client):
    answer = client.get("/about?lang=es", headers={"Accept-Language": "fr"})
    assert language(answer) == "es"
    assert 'href="/participants?lang=es"' in answer.get_data(as_text=True)


def test_an_unknown_language_is_refused_in_the_language_preferred(client):
    answer = client.get("/about?lang=xx", headers={"Accept-Language": "fr"})
    assert answer.status_code == 400
    assert language(answer) == "fr"
    assert "write en, fr, es" in answer.get_data(as_text=True)


def test_a_choice_is_remembered_and_leads_back_to_the_page(client):
    answer = client.get("/language?to=fr&page=/about?as_of=2003-07-01")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/about?as_of=2003-07-01")
    assert language(client.get("/about")) == "fr"
    assert language(client.get("/about?lang=en")) == "en"


@pytest.mark.parametrize("page", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", ""])
def test_a_choice_leads_nowhere_else(client, page):
    assert client.get("/language", query_string={"to": "fr", "page": page}).headers["Location"] == "/"


def test_each_page_names_itself_in_every_language(client):
    text = client.get("/about?as_of=2003-07-01").get_data(as_text=True)
    for code in LANGUAGES:
        assert f'hreflang="{code}" href="http' in text
        assert f"/about?as_of=2003-07-01&amp;lang={code}" in text


def test_a_page_of_an_error_names_no_other_languages(client):
    assert "hreflang" in client.get("/about").text.partition("</head>")[0]
    assert "hreflang" not in client.get("/nowhere").text.partition("</head>")[0]


def test_the_same_page_has_a_tag_of_its_own_in_each_language(client):
    tags = {client.get(f"/about?lang={code}").headers["ETag"] for code in LANGUAGES}
    by_header = {client.get("/about", headers={"Accept-Language": code}).headers["ETag"] for code in LANGUAGES}
    assert len(tags) == len(by_header) == len(LANGUAGES)


def test_data_are_the_same_whatever_the_language(client):
    answers = {client.get("/?format=json", headers={"Accept-Language": code}).data for code in LANGUAGES}
    assert len(answers) == 1


def test_a_message_is_its_english_text_and_can_be_said_in_another_language():
    said = message("Language")
    assert said == "Language"
    assert [translate(said, code) for code in LANGUAGES] == ["Language", "Langue", "Idioma"]


def test_the_values_of_a_message_are_written_as_each_language_writes_them():
    said = message(
        "{day}: {n} ({who}; {inner})", day=date(2003, 7, 1), n=1234, who=["A", "B", "C"], inner=message("Language")
    )
    assert said == "1 July 2003: 1,234 (A, B and C; Language)"
    assert translate(said, "fr") == "1er juillet 2003: 1\u202f234 (A, B et C; Langue)"
    assert translate(said, "es") == "1 de julio de 2003: 1.234 (A, B y C; Idioma)"


def test_a_plural_is_chosen_by_its_number():
    assert plural("{n} party", "{n} parties", 1) == "1 party"
    assert plural("{n} party", "{n} parties", 0) == "0 parties"
    assert plural("{n} party", "{n} parties", 1200) == "1,200 parties"


def test_a_message_without_values_keeps_its_braces():
    assert message("a {brace}") == "a {brace}"


def test_a_copy_of_a_message_can_still_be_translated():
    copy = pickle.loads(pickle.dumps(message("{what}", what=message("Language"))))
    assert translate(copy, "fr") == "Langue"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2003-09-29", ["29 September 2003", "29 septembre 2003", "29 de septiembre de 2003"]),
        ("1990-09", ["September 1990", "septembre 1990", "septiembre de 1990"]),
        ("1990", ["1990", "1990", "1990"]),
    ],
)
def test_dates_are_written_as_precisely_as_they_are_known(text, written):
    assert [long_date(PartialDate.parse(text), code) for code in LANGUAGES] == written


def test_dates_in_tables_are_short():
    assert [short_date(date(2003, 7, 1), code) for code in LANGUAGES] == ["1 Jul 2003", "1er juil. 2003", "1 jul 2003"]


def test_every_text_is_translated():
    done = subprocess.run(
        [sys.executable, "scripts/update_translations.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("lang", "germany", "protocol"), [
    ("fr", "Allemagne", "Protocole relatif aux armes à feu"), ("es", "Alemania", "Protocolo sobre armas de fuego"),
])  # fmt: skip
def test_pages_name_states_and_treaties_in_their_language(page, lang, germany, protocol):
    profile = page(f"/participants/DEU?lang={lang}")
    assert profile.cssselect("h1")[0].text_content().strip() == germany
    assert protocol in profile.cssselect("main table")[0].text_content()
    assert (
        page(f"/instruments/untoc-firearms?lang={lang}").cssselect("h1")[0].text_content().strip().startswith(protocol)
    )


def test_the_depositarys_title_is_the_official_one_of_the_language(page):
    [title] = page("/instruments/untoc?lang=fr").cssselect(".formal-title")
    assert title.text == "Convention des Nations Unies contre la criminalité transnationale organisée"


def test_rows_stand_in_the_alphabetical_order_of_the_language(page):
    names = [each.text for each in page("/instruments/untoc/participants?lang=fr").cssselect("tbody th a:first-child")]
    assert (
        names.index("Allemagne") < names.index("Égypte") < names.index("États-Unis d’Amérique") < names.index("Zambie")
    )


def test_suggestions_are_in_the_language_that_they_are_asked_in(client):
    [first, *_] = client.get("/search.json?q=Germany&lang=fr").json["data"]["results"]
    assert (first["name"], first["matched"], first["facts"][0]) == ("Allemagne", "Germany", "Europe occidentale")
    assert client.get("/search.json?q=Germany").json["data"]["results"][0]["name"] == "Germany"
    [form] = html.fromstring(client.get("/about?lang=fr").text).cssselect("form[role=search]")
    assert "lang=fr" in form.get("data-suggestions")


def test_names_that_were_typed_are_left_as_they_are(page):
    [box] = page("/search?q=Germany&lang=fr").cssselect("#search")
    assert box.get("value") == "Germany"


SIDES = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)[\w-]*|left|right|text-align: (?:left|right))\s*[:;}]"
)
OF_A_SCRIPT = (".slider-ticks", ".cell-tip")  # placed along the time, or by a script


def test_styles_say_start_and_end_so_that_a_page_can_run_from_right_to_left():
    for path in (ROOT / "static").glob("*.css"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip().startswith(OF_A_SCRIPT):
                assert not SIDES.search(line), f"{path.name}: {line.strip()[:90]}"


@pytest.mark.parametrize(("path", "title", "said"), [
    ("/nowhere", "Page introuvable", "Il n’y a pas de page à cette adresse."),
    ("/instruments/untac", "Page introuvable", "Aucun traité nommé « untac » n’a été trouvé."),
    ("/participants/FRX", "Page introuvable", "Aucun État ni organisation nommé « FRX » n’a été trouvé."),
])  # fmt: skip
def test_what_is_not_there_is_said_in_the_language_of_the_page(client, path, title, said):
    answer = client.get(f"{path}?lang=fr", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    tree = html.fromstring(answer.text)
    assert tree.cssselect("main h1")[0].text == title
    assert tree.cssselect("main .lead")[0].text.replace("\N{NO-BREAK SPACE}", " ") == said
    assert "No instrument" in client.get("/api/v1/instruments/untac").json["error"]["message"]


SEVEN = ("FRA", "DEU", "ITA", "ESP", "GBR", "USA", "CAN")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/deadline?lang=es&instrument=untoc&bound_by=9999-12-31", "Fecha demasiado lejana"),
        ("/compare?lang=fr" + "".join(f"&participant={code}" for code in SEVEN), "Trop d’États"),
        ("/claims?lang=es&instrument=untoc&parties=many", "no es un número entero"),
    ],
)  # fmt: skip
def test_what_is_refused_is_refused_in_the_language_of_the_page(client, address, said):
    assert said in client.get(address).text


def test_programs_are_refused_in_english_whatever_language_they_ask_for(client):
    answer = client.get("/deadline.json?instrument=untoc&bound_by=9999-12-31", headers={"Accept-Language": "fr"})
    assert "is too far in the future" in answer.get_json()["error"]["message"]
