"""The editors' page for a treaty of the UN Treaty Collection, from a loopback copy of invented treaties."""

import pytest
from lxml import html

from tests.support.invented_treaties import TREATIES
from tests.support.status_server import Server
from tests.web.test_review_pages import MOMENT, PASSWORD, sign_in, token
from tracker.accounts import users
from tracker.app import create_app
from tracker.config import Settings
from tracker.law.model import Participant
from tracker.storage import audit_log, repository
from tracker.web.pages.review import EXTENSION


@pytest.fixture
def copy(record):
    running = Server()
    names = [each.name for each in record.participants.values() if each.kind == "state"]
    for treaty in TREATIES:
        running.answers[treaty.path] = (200, {}, treaty.document(names))
    yield running
    running.stop()


@pytest.fixture
def browser(engine, database_url, record, copy):
    people = [each for each in record.participants.values() if isinstance(each, Participant)]
    repository.record_facts(engine, people, what="participants", moment=MOMENT)
    users.add_user(engine, "Ada", PASSWORD, moment=MOMENT)
    app = create_app(Settings(database_url=database_url, secret_key="a test's own key", untc_url=copy.url))
    app.testing = True
    made = app.test_client()
    sign_in(made)
    yield made
    app.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def add(browser):
    return lambda number: browser.post(
        "/add-treaty", data={"csrf_token": token(browser.get("/add-treaty")), "number": number}
    )


def words(answer):
    return " ".join(" ".join(html.fromstring(answer.text).find(".//main").itertext()).split())


def links(answer):
    return html.fromstring(answer.text).xpath("//main//a/@href")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_adds_without_signing_in(browser, copy):
    stranger = browser.application.test_client()
    assert stranger.get("/add-treaty").headers["Location"] == "/sign-in"
    form = {"csrf_token": token(stranger.get("/sign-in")), "number": "XVIII-31"}
    assert stranger.post("/add-treaty", data=form).headers["Location"] == "/sign-in"
    assert browser.post("/add-treaty", data={"number": "XVIII-31"}).status_code == 400, "without the token of the form"
    assert copy.asked == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_treaty_is_added_by_its_number_with_the_clause_that_its_text_quotes(add, browser, engine):
    said = words(add("xviii-31"))
    assert "Added: Convention on Lost Umbrellas" in said
    assert "Actions recorded: 10." in said
    assert "The clause gives the depositary's date." in said
    assert "It was read from the depositary's text and confirmed by the date." in said
    assert "In force since" in browser.get("/instruments/xviii-31").text
    assert [each.who for each in audit_log.recent_entries(engine) if each.action == "import"] == ["Ada"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_clause_that_the_date_does_not_confirm_is_offered_and_saved_only_by_the_editor(add, browser, engine):
    answer = add("XVIII-32")
    said = words(answer)
    assert "The final clause is not on file." in said
    assert "The clause as it was read gives another date than the depositary's." in said
    assert "sixth instrument" in said
    assert repository.load_ledger(engine).instrument("xviii-32").threshold is None
    [offer] = [link for link in links(answer) if "threshold=6" in link]
    form = browser.get(offer)
    assert "Correct an entry" in form.text
    page = html.fromstring(form.text)
    values = {
        name: page.get_element_by_id(f"e-{name}").value for name in ("title", "id", "threshold", "delay", "source")
    }
    values |= {"kind": "convention", "mark": page.xpath("//input[@name='mark']/@value")[0]}
    values |= {"csrf_token": token(form), "reason": "Read in article 9", "do": "save"}
    assert browser.post("/edit/treaty", data=values).status_code == 303
    terms = repository.load_ledger(engine).instrument("xviii-32")
    assert (terms.threshold, terms.delay) == (6, "90d")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_fits_the_date_is_shown_as_candidates(add):
    answer = add("XVIII-33")
    assert "Candidates only" in words(answer)
    assert [link for link in links(answer) if "threshold=6&delay=30d" in link]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_not_understood_is_shown(add):
    said = words(add("XVIII-36"))
    assert "Not everything in the text was understood." in said
    assert "Not understood: This Convention shall enter into force on the thirtieth day" in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("number", "status", "said"),
    [("", 422, "Write the number of a treaty"), ("ETS-173", 422, "is not a number of the UN Treaty Collection"),
     ("IV-4", 502, "has no status file of IV-4"), ("XVIII-37", 502, "99 parties"),
     ("<script>alert(1)</script>", 422, "is not a number")],
)  # fmt: skip
def test_what_cannot_be_added_is_said_at_the_field_and_the_number_stays(add, engine, number, status, said):
    answer = add(number)
    assert answer.status_code == status
    page = html.fromstring(answer.text)
    assert said in page.get_element_by_id("a-number-fault").text_content()
    assert page.get_element_by_id("a-number").get("value", "") == number
    assert not repository.load_ledger(engine).instruments


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_treaty_that_is_there_is_named(add):
    add("XVIII-42")
    assert "is in the data already, as 'xviii-42'" in words(add("XVIII-42"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_server_that_is_down_is_to_be_tried_later(add, copy):
    copy.answers = dict.fromkeys(copy.answers, (503, {}, b""))
    assert add("XVIII-42").status_code == 503
