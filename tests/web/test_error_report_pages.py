"""Reporting an error, as readers and editors meet it: a prefilled form, bounded, and the reports beside held acts."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from tests.support.builders import acceded, instrument, member, participant, signed
from tests.support.builders import body as body_of
from tests.web.test_review_pages import MOMENT, PASSWORD, sign_in, token
from tracker.accounts import users
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import error_reports, repository
from tracker.storage.error_reports import ReportState, list_reports
from tracker.web.pages.review import EXTENSION

FACT = "/report?kind=action&treaty=pact&participant=AAA&what=accession&on=2001-01-01"
FACTS = [
    instrument("pact", threshold=2, delay="90d"), participant("AAA", name="Aland"), participant("BBB"),
    body_of("club"), member("club", "AAA", "1999-05-01"),
    acceded("AAA", "pact", "2001-01-01", source="Trb. 2006, 3"), signed("BBB", "pact", "2000-05-05"),
]  # fmt: skip


@pytest.fixture
def made(engine, database_url):
    """An application over a small record with one editor, with settings of a test's own."""
    repository.record_facts(engine, FACTS, what="a test", moment=MOMENT)
    users.add_user(engine, "Ada", PASSWORD, moment=MOMENT)
    apps = []

    def create(**settings):
        app = create_app(Settings(database_url=database_url, secret_key="a test's own key", **settings))
        app.testing = True
        apps.append(app)
        return app.test_client()

    yield create
    for app in apps:
        app.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def browser(made):
    return made()


def send(browser, address=FACT, before="http://localhost/instruments/pact?region=Europe", **fields):
    """Open the form coming from a page, fill it in and send it, hidden fields and all."""
    page = html.fromstring(browser.get(address, headers={"Referer": before}).text)
    [sheet] = page.cssselect("form.subscription-form")
    return browser.post(sheet.get("action"), data={**dict(sheet.form_values()), **fields})


def test_the_form_shows_the_fact_with_its_source_and_the_page_that_the_reader_comes_from(browser):
    answer = browser.get(FACT, headers={"Referer": "http://localhost/instruments/pact"})
    text = " ".join(html.fromstring(answer.text).text_content().split())
    assert "Aland: accession (Treaty pact), 1 Jan 2001" in text
    assert "Source: Trb. 2006, 3. Official secondary source (a State’s own publication)." in text
    assert 'href="/instruments/pact"' in answer.text
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_a_report_reaches_the_editors_who_close_it_with_a_note(browser, engine):
    answer = send(browser, text="It was\r\n2002.", evidence="https://example.org/x", contact="me@example.org")
    assert (answer.status_code, "Report sent" in answer.text) == (200, True)
    [stored] = list_reports(engine, ReportState.OPEN)
    said = stored.report
    assert (said.text, said.evidence, said.contact) == ("It was\n2002.", "https://example.org/x", "me@example.org")
    assert (said.fact, said.source) == ("Aland: accession (Treaty pact), 2001-01-01", "Trb. 2006, 3")
    assert (said.kind, said.treaty, said.participant, said.day) == ("action", "pact", "AAA", "2001-01-01")
    assert (said.page, said.language) == ("/instruments/pact?region=Europe", "en")
    assert browser.get("/held").headers["Location"] == "/sign-in"
    sign_in(browser)
    page = browser.get("/held")
    assert "Reported errors (1)" in page.text
    assert "Aland: accession (Treaty pact), 2001-01-01" in page.text
    number = re.search(r'action="/held/reports/(\d+)"', page.text)[1]
    empty = browser.post(f"/held/reports/{number}", data={"csrf_token": token(page), "note": ""})
    assert (empty.status_code, 'aria-invalid="true"' in empty.text) == (400, True)
    closed = browser.post(f"/held/reports/{number}", data={"csrf_token": token(page), "note": "Corrected"})
    assert (closed.status_code, closed.headers["Location"]) == (303, "/held#reports")
    assert list_reports(engine, ReportState.OPEN) == []
    assert "Corrected" in browser.get("/held").text


def test_nobody_closes_a_report_without_signing_in(browser, engine):
    send(browser, text="wrong")
    form = {"csrf_token": token(browser.get("/sign-in")), "note": "x"}
    number = list_reports(engine, ReportState.OPEN)[0].id
    assert browser.post(f"/held/reports/{number}", data=form).headers["Location"] == "/sign-in"
    assert len(list_reports(engine, ReportState.OPEN)) == 1


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"text": " ", "evidence": "a book"}, "text", "say what is wrong"),
        ({"text": "x" * 2001, "evidence": "a book"}, "text", "2,001 characters; write 2,000 at most"),
        ({"text": "wrong", "evidence": "y" * 501}, "evidence", "write 500 at most"),
        ({"text": "wrong", "evidence": "a book", "contact": "z" * 201}, "contact", "write 200 at most"),
    ],
)
def test_what_was_typed_stays_with_what_is_wrong_beside_its_field(browser, engine, fields, field, words):
    answer = send(browser, **fields)
    assert answer.status_code == 400
    page = html.fromstring(answer.text)
    [bad] = page.cssselect("[aria-invalid=true]")
    assert bad.get("name") == field
    assert words in page.get_element_by_id(bad.get("aria-describedby")).text_content()
    assert page.cssselect("[name=evidence]")[0].get("value") == fields["evidence"]
    assert page.cssselect("input[name=kind]")[0].get("value") == "action"
    assert "Aland: accession" in page.text_content()
    assert list_reports(engine, ReportState.OPEN) == []


def test_too_many_reports_are_refused_and_what_was_typed_stays(browser, engine, monkeypatch):
    monkeypatch.setattr(error_reports, "BY_CLIENT", 1)
    send(browser, text="first")
    answer = send(browser, text="second")
    assert answer.status_code == 429
    assert ">second</textarea>" in answer.text
    assert "Too many requests" in answer.text
    assert len(list_reports(engine, ReportState.OPEN)) == 1


def test_a_form_without_its_token_is_refused(made, engine):
    browser = made()
    browser.application.testing = False
    assert browser.post("/report", data={"text": "spam"}).status_code == 400
    assert list_reports(engine, ReportState.OPEN) == []


@pytest.mark.parametrize(
    "before",
    ["https://evil.example/instruments/pact", "http://localhost//evil.example", "http://localhost/\\evil.example", ""],
)
def test_only_a_page_of_this_site_is_named_as_the_page(browser, before):
    page = html.fromstring(browser.get(FACT, headers={"Referer": before}).text)
    assert page.cssselect("input[name=page]") == []


def test_a_fact_that_is_not_there_any_more_can_be_reported_all_the_same(browser, engine):
    assert "no longer in our data" in browser.get("/report?kind=action&treaty=pact&participant=ZZZ").text
    assert send(browser, "/report?kind=body&body=nothing", text="gone").status_code == 200
    assert send(browser, "/report?kind=nonsense&treaty=" + "x" * 500, text="odd").status_code == 200
    assert {each.report.fact for each in list_reports(engine, ReportState.OPEN)} == {""}


def test_what_no_database_takes_is_left_out_and_markup_stays_text(browser, engine):
    send(browser, text="a\0b <script>alert(1)</script>\x1b[31m")
    assert list_reports(engine, ReportState.OPEN)[0].report.text == "a b <script>alert(1)</script> [31m"
    sign_in(browser)
    assert "<script>alert" not in browser.get("/held").text


def test_by_a_setting_reports_go_to_a_mail_address(made, engine):
    browser = made(report_mail="errors@example.org")
    page = html.fromstring(browser.get(FACT, headers={"Referer": "http://localhost/instruments/pact"}).text)
    assert page.cssselect("form.subscription-form") == []
    [letter] = [each.get("href") for each in page.cssselect("main a") if each.text == "errors@example.org"]
    parts = urlsplit(letter)
    body = parse_qs(parts.query)["body"][0]
    assert (parts.scheme, parts.path) == ("mailto", "errors@example.org")
    assert body.split("\r\n")[:2] == ["Aland: accession (Treaty pact), 2001-01-01", "Trb. 2006, 3"]
    assert body.endswith("/instruments/pact")
    form = {"csrf_token": token(browser.get("/subscribe")), "text": "x"}
    assert browser.post("/report", data=form).status_code == 400


@pytest.mark.parametrize(
    ("page", "row"),
    [
        ("/instruments/pact", "tr[data-row=AAA]"),
        ("/participants/AAA", "tr[data-row=pact]"),
        ("/participants/AAA", "ul.acts li"),
        ("/participants/AAA", "#bodies ~ ul li"),
        ("/bodies/club", "li[data-row=AAA]"),
        ("/map?instrument=pact", "tr[data-row=AAA]"),
        ("/instruments/pact/history", "tr[data-from='2001-01-01']"),
        ("/compare?participant=AAA&participant=BBB", "tr[data-row=pact] td:nth-of-type(1)"),
        ("/select?q=party=pact;member=club", "tr[data-row=AAA] td:nth-of-type(2)"),
        ("/select?q=party=pact;member=club", "tr[data-row=AAA] td:nth-of-type(3)"),
        ("/network?view=ties", "#rows tr:has(a[href*='/instruments/pact']):has(a[href*='/participants/AAA'])"),
        ("/network?view=ties", "#rows tr:has(a[href*='/bodies/club'])"),
        ("/network?view=growth", "#rows tr:has(a[href*='/participants/AAA'])"),
        ("/network?view=changes&from=2000-01-01", "#rows tr:has(a[href*='participant.AAA']):has(a[href*='pact'])"),
    ],
)
def test_every_fact_has_a_link_to_a_form_that_knows_it(browser, page, row):
    address = f"{page}{'&' if '?' in page else '?'}as_of=2010-01-01"
    [link] = html.fromstring(browser.get(address).text).cssselect(f"{row} a.report-link")
    assert link.get("title").startswith("Report an error: ")
    assert "as_of=2010-01-01" in link.get("href")
    text = html.fromstring(browser.get(link.get("href")).text).cssselect("#about ~ ul")[0].text_content()
    assert "Aland: accession (Treaty pact)" in text or "Aland: member" in text


def test_a_row_of_the_matrix_leads_to_a_form_that_asks_which_treaty(browser, engine):
    [link] = html.fromstring(browser.get("/matrix").text).cssselect("tr[data-row=AAA] a.report-link")
    page = html.fromstring(browser.get(link.get("href")).text)
    assert [each.get("value") for each in page.cssselect("select[name=treaty] option")] == ["", "pact"]
    send(browser, link.get("href"), text="It was 2002.", treaty="pact")
    [stored] = list_reports(engine, ReportState.OPEN)
    assert (stored.report.treaty, stored.report.fact) == ("pact", "Aland: accession (Treaty pact), 2001-01-01")


@pytest.mark.parametrize("page", ["/timeline", "/matrix", "/map", "/network", "/instruments/pact/history", "/needed"])
def test_every_view_has_one_link_that_names_the_view_and_its_date(browser, page):
    [link] = html.fromstring(browser.get(f"{page}?as_of=2010-01-01").text).cssselect("footer a[href*='/report']")
    form = html.fromstring(browser.get(link.get("href")).text)
    assert form.cssselect("input[name=page]")[0].get("value") == f"{page}?as_of=2010-01-01"


def test_a_pending_treaty_and_each_signatory_that_it_waits_for_have_links(browser):
    page = html.fromstring(browser.get("/needed?as_of=2010-01-01").text)
    [treaty] = page.cssselect("h2 a.report-link")
    described = html.fromstring(browser.get(treaty.get("href")).text).cssselect("#about ~ ul")[0].text_content()
    assert "Treaty pact" in described
    [waiting] = page.cssselect("li[data-row=BBB] a.report-link")
    text = html.fromstring(browser.get(waiting.get("href")).text).cssselect("#about ~ ul")[0].text_content()
    assert "signature (Treaty pact), 5 May 2000" in text


def test_what_a_check_finds_leads_to_the_action_that_it_rests_on(browser, engine):
    late = acceded("BBB", "pact", "2010-01-01", source="a list"), signed("BBB", "pact", "2011-02-01", source="a list")
    repository.record_facts(engine, late, what="a test", moment=MOMENT)
    found = html.fromstring(browser.get("/findings").text).cssselect("ul.findings li:has(a[href*='participants/BBB'])")
    links = [each.get("href") for each in found[0].cssselect("a.report-link")]
    assert links
    for link in links:
        said = html.fromstring(browser.get(link).text).cssselect("#about ~ ul")[0].text_content()
        assert "(Treaty pact)" in said


def test_a_report_of_an_absence_says_that_there_is_no_action(browser):
    page = html.fromstring(browser.get("/select?q=none=pact&as_of=1999-01-01").text)
    link = page.cssselect("tr[data-row=AAA] a.report-link")[0].get("href")
    text = " ".join(html.fromstring(browser.get(link).text).text_content().split())
    assert "Aland: no action on Treaty pact in our data. You can report what is missing." in text


def test_who_is_similar_or_central_has_a_link(browser):
    page = html.fromstring(browser.get("/network?view=ties&central=degree&as_of=2010-01-01").text)
    links = [each.get("href") for each in page.cssselect("#answers a.report-link")]
    assert any("kind=participant" in each and "participant=AAA" in each for each in links)
    assert any("kind=treaty" in each and "treaty=pact" in each for each in links)


def test_the_forms_of_administration_have_no_such_link(browser):
    assert html.fromstring(browser.get("/sign-in").text).cssselect("footer a[href*='/report']") == []
