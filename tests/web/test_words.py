"""The words of the pages: none of the phrases that a treaty officer would not write, complete in three languages."""

import re
from urllib.parse import urlsplit

import pytest
from lxml import html

from tests.support.attacks import filled, reading
from tests.support.words import PHRASES, banned_in, own_words, seen
from tracker.accounts import users
from tracker.accounts.users import Role
from tracker.translations import LANGUAGES, read_catalogues
from tracker.web.context import utc_now

APART = ("/network", "/api")  # pages whose words are written elsewhere
UNFINISHED = ("/subscribe",)  # names of conditions of alerts are not rewritten yet
FURTHER = (
    "/?as_of=2003-07-01",
    "/?as_of=2030-01-01",
    "/?known_at=2026-11-02T08:30:00Z",
    "/instruments/un-cybercrime",
    "/instruments/untoc?region=Africa&standing=signatory",
    "/participants?region=Africa",
    "/participants/YUG",
    "/participants/EU",
    "/bodies/fatf",
    "/assessments/tip-tier?as_of=2009-07-01",
    "/assessments/fatf-grey",
    "/assessments/greco-round",
    "/compare?participant=FRA&participant=USA&participant=IRN",
    "/compare?instrument=untoc&instrument=uncac",
    "/map?instrument=untoc",
    "/deadline?instrument=untoc&bound_by=2027-06-01",
    "/deadline?instrument=untoc&bound_by=soon",
    "/what-if?instrument=un-cybercrime&who=signatories",
    "/what-if?thresholds=30,40",
    "/what-if?threshold=x",
    "/claims?instrument=untoc&parties=40",
    "/claims?instrument=untoc&signatories=147&parties=190",
    "/select?q=member=greco;not-party=coe-173",
    "/select?q=nonsense",
    "/search?q=france",
    "/search?q=zzzz",
    "/nothing-here",
)


def addresses(app):
    """Every page of the application about something that is there, and further views of some."""
    for rule, path in reading(app):
        page = filled(path).replace("/assessments/grey", "/assessments/fatf-grey")
        if not rule.endpoint.startswith(
            (
                "static",
                "health",
                "language",
                "api.",
                "network",
                "downloads.download",
                "subscriptions.confirm",
                "subscriptions.manage",
                "subscriptions.leaving",
            )
        ):
            yield page
    yield from FURTHER


def text_of(client, address):
    """The words that a reader of a page sees, None where the address is not a page."""
    answer = client.get(address, follow_redirects=True)
    if answer.mimetype not in ("text/html", "image/svg+xml"):
        return None
    return list(seen(html.fromstring(answer.get_data())))


@pytest.fixture(scope="module")
def operator(app):
    """The browser of an operator, who may see every page."""
    engine = app.extensions["tracker.editors"].engine
    users.add_user(engine, "ada", "a password of some length", role=Role.OPERATOR, moment=utc_now())
    client = app.test_client()
    form = html.fromstring(client.get("/sign-in").text)
    token = form.xpath("//input[@name='csrf_token']/@value")[0]
    given = {"name": "ada", "password": "a password of some length", "csrf_token": token}
    assert client.post("/sign-in", data=given).status_code == 303
    return client


def test_no_page_holds_a_phrase_that_must_not_appear(app, operator):
    pages = 0
    for address in addresses(app):
        if address.startswith((*APART, *UNFINISHED)) or (said := text_of(operator, address)) is None:
            continue
        faults = {text: banned_in(own_words(text)) for text in said}
        assert not {text: found for text, found in faults.items() if found}, address
        pages += 1
    assert pages > 40


def test_the_check_finds_each_phrase_wherever_a_reader_meets_it():
    for phrase in PHRASES:
        ways = f"<p>Now {phrase.upper()}, here.</p>", f'<img alt="{phrase}">', f'<b data-tooltip="{phrase}">x</b>'
        for markup in ways:
            assert any(map(banned_in, seen(html.fromstring(f"<main>{markup}</main>")))), markup
        assert not banned_in(f"x{phrase}x")
        assert not any(map(banned_in, seen(html.fromstring(f"<main><p><code>{phrase}</code></p></main>"))))


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_pages_in_other_languages_hold_no_english_text_of_the_templates(app, operator, language):
    known = read_catalogues(language)
    english = {
        entry.id for entry in known if isinstance(entry.id, str) and " " in entry.id and entry.string != entry.id
    }
    for address in ("/", "/instruments/untoc", "/participants/FRA", "/matrix", "/what-if", "/about", "/held"):
        said = text_of(operator, f"{address}?lang={language}")
        assert not english & {" ".join(text.split()) for text in said}, address


def test_the_menu_has_seven_entries_and_none_changes_with_the_page(page):
    shown = {}
    for address in ("/", "/compare", "/needed", "/about"):
        menu = page(address).xpath("//ul[@class='menu']")[0]
        shown[address] = [
            " ".join(item.xpath("string(.//summary | ./a)").split())
            for item in menu.xpath("./li[not(contains(@class, 'narrow-menu-item'))]")
        ]
    assert shown["/"] == ["Treaties", "States", "Bodies", "Explore", "Analyse", "Alerts", "Data"]
    assert all(entries == shown["/"] for entries in shown.values())


def test_french_sets_no_break_spaces_and_the_typographic_apostrophe():
    for entry in read_catalogues("fr"):
        for text in (entry.string,) if isinstance(entry.string, str) else entry.string:
            prose = re.sub(r"<[^>]*>|'\{\w+\}'", "", text)  # neither markup nor a value in quotes, as an address has it
            assert not re.search(r" [:;?!»]|« ", prose), text
            assert "'" not in prose, text


def test_the_language_chosen_by_an_address_stays_when_a_form_is_sent(page):
    for address in ("/instruments/untoc", "/matrix", "/deadline", "/what-if", "/claims", "/select", "/targets", "/map"):
        forms = page(f"{address}?lang=fr").xpath("//main//form[translate(@method, 'GET', 'get') = 'get']")
        assert forms, address
        for form in forms:
            here = urlsplit(form.get("action")).query
            assert "lang=fr" in here or form.xpath("./input[@name='lang']/@value") == ["fr"], address
