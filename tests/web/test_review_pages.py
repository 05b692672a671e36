"""The editors' desk: nobody decides without signing in, and what is decided is kept with its reason."""

import re
from datetime import UTC, datetime

import pytest
from lxml import html

from tests.support.builders import acceded, instrument, participant
from tracker.accounts import sessions, users
from tracker.app import create_app
from tracker.config import Settings
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.storage import repository
from tracker.storage.database import write_transaction
from tracker.sync import reasons, review_queue
from tracker.web.pages.review import EXTENSION

PASSWORD = "correct horse battery staple"
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def site(engine, database_url):
    """The application over a small record in which one act is held, with one editor."""
    facts = [instrument("pact", threshold=2, delay="90d"), participant("AAA"), participant("BBB")]
    repository.record_facts(engine, [*facts, acceded("AAA", "pact", "2001-01-01")], what="a test", moment=MOMENT)
    doubt = review_queue.Discrepancy(
        proposal=review_queue.Proposal.RECORD, instrument="pact", name="Beeland", kind=ActionKind.ACCESSION,
        date=PartialDate.parse("2002-02-02"), reason=str(reasons.UNKNOWN), raw="2 Feb 2002 a",
    )  # fmt: skip
    with write_transaction(engine) as connection:
        review_queue.hold_discrepancies(connection, "pact", [doubt], MOMENT)
    users.add_user(engine, "Ada", PASSWORD, moment=MOMENT)
    app = create_app(Settings(database_url=database_url, secret_key="a test's own key"))
    app.testing = True
    yield app
    app.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def browser(site):
    return site.test_client()


def token(answer):
    return re.search(r'name="csrf_token" value="([^"]+)"', answer.text)[1]


def sign_in(browser, name="Ada", password=PASSWORD):
    form = {"csrf_token": token(browser.get("/sign-in")), "name": name, "password": password}
    return browser.post("/sign-in", data=form)


def decide(browser, **form):
    page = browser.get("/held")
    number = re.search(r'action="/held/(\d+)"', page.text)[1]
    return browser.post(f"/held/{number}", data={"csrf_token": token(page), **form})


def test_what_is_held_is_explained_in_the_language_of_the_editor(browser):
    sign_in(browser)
    text = " ".join(html.fromstring(browser.get("/held?lang=fr").text).text_content().split())
    assert "Nos données n’ont aucun participant de ce nom, ou en ont deux." in text
    assert "enregistrer la formalité" in text


def test_without_a_session_there_is_only_the_way_to_sign_in(browser):
    assert browser.get("/held").headers["Location"] == "/sign-in"
    form = {"csrf_token": token(browser.get("/sign-in")), "decision": "accept", "note": "x", "code": "BBB"}
    assert browser.post("/held/1", data=form).headers["Location"] == "/sign-in"


def test_an_editor_accepts_a_held_act_and_it_is_recorded_with_the_reason(browser, engine):
    assert sign_in(browser).headers["Location"] == "/held"
    assert "Beeland" in browser.get("/held").text
    assert decide(browser, decision="accept", code="bbb", note="Renamed in 2001").status_code == 303
    [act] = [a for a in repository.load_ledger(engine).acts("pact") if a.participant == "BBB"]
    assert "accepted by Ada: Renamed in 2001" in act.source
    assert "Renamed in 2001" in browser.get("/held").text


def test_an_editor_rejects_a_held_act_and_nothing_is_recorded(browser, engine):
    sign_in(browser)
    before = repository.current_revision(engine)
    decide(browser, decision="reject", note="Not a State")
    assert repository.current_revision(engine) == before
    assert not review_queue.list_items(engine)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"decision": "accept", "note": "", "code": "BBB"}, "Say why"),
        ({"decision": "accept", "note": "why"}, "not known who"),
        ({"decision": "dance", "note": "why"}, "Accept or reject"),
        ({"decision": "accept", "note": "w\0hy", "code": "BBB"}, "printable"),
        ({"decision": "accept", "note": "why", "on": "2002-02-30"}, "not a date in the calendar"),
        ({"decision": "accept", "note": "why", "code": "BBB", "on": "2999-01-01"}, "yet to come"),
        ({"decision": "accept", "note": "why", "code": "BBB", "on": "2002-03-01", "effective": "9999-12-31"}, "slip"),
        ({"decision": "accept", "note": "why", "code": "BBB", "on": "2002-03-01", "effective": "2002-02-01"}, "before"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_beside_its_form(browser, engine, form, words):
    sign_in(browser)
    answer = decide(browser, **form)
    assert answer.status_code == 400
    assert words in answer.text
    assert len(review_queue.list_items(engine)) == 1


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(browser):
    answers = [sign_in(browser, password="wrong password"), sign_in(browser, name="Eve", password="wrong password")]
    assert [each.status_code for each in answers] == [400, 400]
    said = {re.search(r'role="alert">(.*?)</p>', each.text)[1] for each in answers}
    assert len(said) == 1


def test_a_name_that_a_database_would_not_take_is_as_wrong_as_any_other(browser):
    assert sign_in(browser, name="A\0da").status_code == 400


def test_there_is_no_held_act_of_a_number_beyond_all_numbers(browser):
    sign_in(browser)
    form = {"csrf_token": token(browser.get("/held")), "decision": "accept", "note": "why"}
    assert browser.post("/held/99999999999999999999", data=form).status_code == 404


def test_guessing_is_stopped_even_for_the_right_password(browser):
    for _ in range(sessions.BY_NAME_AND_PLACE):
        assert sign_in(browser, password="a wrong guess").status_code == 400
    assert sign_in(browser).status_code == 429


def test_a_form_without_its_token_is_refused(browser):
    sign_in(browser)
    for path, form in (("/sign-in", {"name": "Ada", "password": PASSWORD}), ("/sign-out", {}), ("/held/1", {})):
        assert browser.post(path, data=form).status_code == 400


def test_a_session_is_new_at_every_sign_in_and_over_after_signing_out(browser, engine):
    sign_in(browser)
    with browser.session_transaction() as kept:
        first = kept["editor"]
    browser.post("/sign-out", data={"csrf_token": token(browser.get("/held"))})
    assert sessions.current_session(engine, first, moment=MOMENT) is None
    sign_in(browser)
    with browser.session_transaction() as kept:
        assert kept["editor"] != first


def test_an_editor_who_is_retired_is_out_at_once(browser, engine):
    sign_in(browser)
    users.retire_user(engine, "Ada", moment=MOMENT)
    assert browser.get("/held").headers["Location"] == "/sign-in"
    assert sign_in(browser).status_code == 400


def test_a_session_ends_by_itself(engine, site):
    kept = sessions.sign_in(engine, "Ada", PASSWORD, place="here", moment=MOMENT)
    step, moment = sessions.IDLE_TIMEOUT * 0.9, MOMENT
    while moment < MOMENT + sessions.SESSION_LIFETIME:
        assert sessions.current_session(engine, kept, moment=moment).name == "Ada"
        moment += step
    assert sessions.current_session(engine, kept, moment=MOMENT + sessions.SESSION_LIFETIME) is None
    idle = sessions.sign_in(engine, "Ada", PASSWORD, place="here", moment=MOMENT)
    assert sessions.current_session(engine, idle, moment=MOMENT + sessions.IDLE_TIMEOUT) is None


def test_passwords_and_tokens_are_kept_only_as_hashes_that_take_long_to_make(costly_passwords, engine, site):
    kept = sessions.sign_in(engine, "Ada", PASSWORD, place="here", moment=MOMENT)
    with engine.connect() as connection:
        rows = [
            str(row)
            for table in ("editors", "sessions")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    assert not any(PASSWORD in row or kept in row for row in rows)
    assert any("$argon2id$v=19$m=65536,t=3,p=4$" in row for row in rows)


def test_pages_of_the_desk_are_never_cached(browser):
    assert browser.get("/sign-in").headers["Cache-Control"] == "no-store"


def set_target(browser, **form):
    given = {"instrument": "pact", "metric": "parties", "value": "2", "on": "2028-06-30"} | form
    return browser.post("/set-targets", data={"csrf_token": token(browser.get("/set-targets")), **given})


def test_a_target_of_ones_own_is_set_held_against_the_record_and_taken_back(browser):
    assert browser.get("/set-targets").headers["Location"] == "/sign-in"
    sign_in(browser)
    assert set_target(browser, text="Two at last").status_code == 303
    [row] = browser.get("/targets.json?as_of=2026-11-01").json["data"]["targets"]
    assert (row["target"], row["computed"], row["source"]) == (2, 1, "set by Ada")
    assert row["pace"]["needed"] > 0
    page = browser.get("/set-targets")
    [id] = re.findall(r'name="take_back" value="([^"]+)"', page.text)
    assert browser.post("/set-targets", data={"csrf_token": token(page), "take_back": id}).status_code == 303
    assert not browser.get("/targets.json").json["data"]["targets"]


def test_a_target_of_an_instrument_with_the_longest_id_leaves_the_record_readable(browser, engine):
    longest = "a" * 40
    repository.record_facts(engine, [instrument(longest, threshold=2, delay="90d")], what="a test", moment=MOMENT)
    sign_in(browser)
    given = {"instrument": longest, "metric": "signatories", "value": "9999"}
    assert set_target(browser, **given).status_code == 303
    assert [browser.get(path).status_code for path in ("/", "/targets", "/api/v1/targets")] == [200, 200, 200]
    page = browser.get("/set-targets")
    [id] = re.findall(r'name="take_back" value="([^"]+)"', page.text)
    assert browser.post("/set-targets", data={"csrf_token": token(page), "take_back": id}).status_code == 303


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"value": "many"}, "not a number to reach"),
        ({"value": "0"}, "not a number to reach"),
        ({"on": "soon"}, "not a day"),
        ({"metric": "dances"}, "Choose what"),
        ({"take_back": "own-nothing"}, "was not set here"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_beside_its_form(browser, form, words):
    sign_in(browser)
    answer = set_target(browser, **form)
    assert answer.status_code == 400
    assert words in answer.text


def test_every_faulty_field_of_a_target_is_named_at_once_beside_what_was_typed(browser):
    sign_in(browser)
    page = html.fromstring(set_target(browser, value="many", on="soon", text="Two at last").text)
    said = {}
    for name in ("value", "on"):
        [field] = page.cssselect(f"[name={name}]")
        said[field.get("value")] = page.get_element_by_id(field.get("aria-describedby")).text_content()
    assert said == {
        "many": "'many' is not a number to reach: write a whole number from 1 to 9999.",
        "soon": "'soon' is not a day: write it like 2003-09-29.",
    }
    assert page.get_element_by_id("t-text").get("value") == "Two at last"


def test_a_decision_that_makes_no_sense_keeps_what_was_typed(browser):
    sign_in(browser)
    page = html.fromstring(decide(browser, decision="dance", code="BBB", note="why").text)
    assert {field.get("value") for field in page.cssselect("section.held input[size]")} == {"BBB", "why"}


def test_the_name_stays_after_a_wrong_password_and_the_password_does_not(browser):
    page = html.fromstring(sign_in(browser, password="a wrong guess").text)
    assert page.get_element_by_id("s-name").get("value") == "Ada"
    assert page.get_element_by_id("s-password").get("value") is None
