"""Being told, as people meet it: sign up, confirm, look after it, leave; and nobody can misuse the forms."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html
from sqlalchemy import text, update

from tests.support.alert_story import record_and_announce
from tests.support.builders import body, instrument, participant, stated
from tests.support.subscription_app import SITE, Visitor, made
from tracker.alerts import outbox, sending
from tracker.alerts.subscribers import Channel
from tracker.law.changes import Change, ChangeKind
from tracker.storage import change_log, repository
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import LinkRow

EMAIL = {
    "channel": "email",
    "address": "someone@example.org",
    "condition": "reaches",
    "number": "40",
    "instrument": "untoc",
}
HOOK = EMAIL | {"channel": "webhook", "address": "https://hooks.example.org/in"}
TO_35 = EMAIL | {"condition": "", "kind": "reservation-made", "article": "35"}
NOW = datetime.now(UTC)


class Kept:
    """Both channels at once: keeps what it is given."""

    def __init__(self):
        self.messages = []

    def __call__(self, to, message, moment):
        self.messages.append((to.address, message))

    def link(self, name):
        return re.findall(rf"{SITE}(/{name}/[\w-]+)", self.messages[-1][1].text)[-1]


@pytest.fixture
def app(engine):
    repository.record_facts(
        engine,
        [instrument("untoc", threshold=40, delay="90d"), instrument("free"), participant("FRA"), body("watch")],
        what="x",
        moment=NOW,
    )
    return made(engine)


@pytest.fixture
def visitor(app):
    return Visitor(app)


@pytest.fixture
def post(engine):
    """Send what is due and keep it; moments go on so that nothing waits."""
    kept = Kept()

    def send(moment=None):
        kept.messages.clear()
        ways = {Channel.EMAIL: kept, Channel.WEBHOOK: kept}
        at = moment or datetime.now(UTC) + timedelta(seconds=1)
        sending.deliver_due(engine, lambda: at, ways, "w", site=SITE, jitter=lambda: 0.0)
        return kept

    return send


@pytest.fixture
def happened(engine):
    def note(after=40):
        change = Change(
            kind=ChangeKind.PARTIES, words="UNTOC has 40 parties.", instrument="untoc", before="39", after=str(after)
        )
        moment = datetime.now(UTC)
        with write_transaction(engine) as connection:
            outbox.enqueue_alerts(connection, change_log.log_changes(connection, [change], 1, moment), moment)

    return note


def tokens_of(visitor, page):
    return re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(page).text)[1]


@pytest.fixture
def manage(visitor, post):
    """Sign up, confirm, and give the address of the manage page."""
    assert visitor.send("/subscribe", EMAIL).status_code == 200
    link = post().link("confirm")
    return visitor.send(link, {}).headers["Location"].removeprefix(SITE)


def test_the_form_is_filled_in_from_the_address(visitor):
    tree = html.fromstring(visitor.get("/subscribe?instrument=untoc&condition=reaches&number=40").text)
    assert tree.xpath("//select[@name='instrument']/option[@selected]/@value") == ["untoc"]
    assert tree.xpath("//select[@name='condition']/option[@selected]/@value") == ["reaches"]
    assert tree.xpath("//input[@name='number']/@value") == ["40"]


def test_nobody_hears_anything_before_the_address_has_confirmed(visitor, post, happened):
    page = visitor.send("/subscribe", EMAIL)
    assert "someone@example.org" in page.text
    assert "/subscriptions/" not in page.text
    happened()
    kept = post()
    assert [to for to, _ in kept.messages] == ["someone@example.org"]
    assert kept.messages[0][1].subject.startswith("Please confirm")
    assert "/unsubscribe/" in kept.messages[0][1].unsubscribe  # by which its reader is never written to again
    assert post().messages == []


def test_opening_the_link_confirms_nothing_and_the_button_does(visitor, post, happened, app):
    visitor.send("/subscribe", EMAIL)
    link = post().link("confirm")
    assert "Confirm alert" in Visitor(app).get(link).text
    happened()
    assert post().messages == []
    answer = visitor.send(link, {})
    assert answer.status_code == 303
    assert "Active" in visitor.get(answer.headers["Location"]).text
    happened(41)
    (told,) = [message for _, message in post().messages]
    assert told.subject == "UNTOC has 40 parties"
    assert visitor.send(link, {}).status_code == 303  # once more changes nothing


def test_who_never_asked_says_so_on_a_page_and_is_left_alone(visitor, post):
    visitor.send("/subscribe", EMAIL)
    link = post().link("unsubscribe")
    page = visitor.get(link).text
    assert "has not been confirmed" in page
    assert "Never write to this address again" in page
    assert "No message will be sent to" in visitor.client.post(link, base_url=SITE).text
    visitor.send("/subscribe", EMAIL)
    assert post().messages == []


def test_a_link_to_confirm_works_for_a_week(visitor, post, engine):
    visitor.send("/subscribe", EMAIL)
    link = post().link("confirm")
    links = LinkRow.__table__
    with write_transaction(engine) as connection:
        connection.execute(update(links).values(made_at=datetime.now(UTC) - timedelta(days=7) + timedelta(minutes=1)))
    assert visitor.get(link).status_code == 200
    with write_transaction(engine) as connection:
        connection.execute(update(links).values(made_at=datetime.now(UTC) - timedelta(days=7)))
    assert visitor.get(link).status_code == 404


def test_asking_again_resends_the_link_and_makes_no_second_subscription(visitor, post, engine):
    for _ in range(2):
        visitor.send("/subscribe", EMAIL)
    assert len(post().messages) == 2
    with read_transaction(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM subscriptions")).scalar() == 1


def test_who_has_it_already_gets_the_link_to_it_and_the_page_tells_nobody(manage, visitor, post):
    page = visitor.send("/subscribe", EMAIL)
    assert "Confirm your alert" in page.text
    kept = post()
    assert kept.messages[0][1].subject == "Your subscription to Treaty Tracker"
    assert visitor.get(kept.link("subscriptions")).status_code == 200


def test_a_webhook_gets_its_key_by_what_it_receives_and_whoever_asks_learns_nothing(visitor, post):
    first, kept = visitor.send("/subscribe", HOOK), post()
    assert kept.messages[0][0] == HOOK["address"]
    again = visitor.send("/subscribe", HOOK)
    assert re.findall(r"<main.*</main>", first.text, re.DOTALL) == re.findall(r"<main.*</main>", again.text, re.DOTALL)
    assert not re.search(r"/subscriptions/[\w-]{43}|<code>[\w-]{43}</code>", first.text)
    link = re.search(rb"https://treaties.example(/confirm/[\w-]{43})", kept.messages[0][1].body)[1].decode()
    manage = visitor.send(link, {})
    page = visitor.get(manage.headers["Location"]) if manage.status_code == 303 else manage
    assert re.search(r"<code>[\w-]{43}</code>", page.text)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "someone"}, "not an e-mail address"),
        ({"address": "a@b.example\r\nBcc: c@d.example"}, "not an e-mail address"),
        ({"address": "a@b.example, c@d.example"}, "not an e-mail address"),
        ({"channel": "webhook", "address": "http://127.0.0.1/x"}, "inside a network"),
        ({"channel": "pigeon"}, "not a way of being told"),
        ({"number": "0"}, "whole number from 1 to 1,000"),
        ({"number": "\u0664"}, "whole number from 1 to 1,000"),
        ({"instrument": "none"}, "No instrument named"),
        ({"participant": "FRA"}, "leave participant and body open"),
        ({"condition": "acts"}, "Choose the participant"),
        ({"condition": "acts", "instrument": "", "participant": "FRA", "body": "watch"}, "leave the body open"),
        ({"condition": "moon"}, "not a condition"),
        ({"condition": "to-go", "number": "40", "instrument": " untoc"}, "no number of deposits greater than 40"),
        ({"condition": "outlook-moves", "number": "61"}, "whole number from 1 to 60"),
        ({"condition": "outlook-chance", "number": "100"}, "whole number from 1 to 99"),
        ({"condition": "outlook-chance", "number": "80", "instrument": ""}, "Choose the treaty whose outlook"),
        ({"condition": "outlook-chance", "number": "80", "instrument": "free"}, "does not wait for a number"),
        ({"condition": "outlook-moves", "number": "3", "participant": "FRA"}, "leave participant and body open"),
        ({"condition": ""}, "Choose one kind of change"),
        ({"condition": "", "kind": "gossip"}, "not a kind of change"),
        ({"pace": "hourly"}, "not a pace"),
        ({"article": "35(2)"}, "choose their kinds, and no condition"),
        (TO_35 | {"article": "about extradition"}, "Write an article such as 35(2)"),
        (TO_35 | {"article": "1" * 41}, "Write an article such as 35(2)"),
        (TO_35 | {"instrument": ""}, "Choose the treaty to which the article belongs"),
        (TO_35 | {"kind": "acts"}, "Choose a kind of statement for the article"),
    ],
)
def test_a_subscription_that_makes_no_sense_gets_its_form_back_with_the_reason(visitor, wrong, said, post):
    answer = visitor.send("/subscribe", EMAIL | wrong)
    assert answer.status_code == 400
    assert said in html.fromstring(answer.text).text_content()
    assert post().messages == []


@pytest.mark.parametrize(
    ("condition", "number", "said"),
    [
        ("outlook-moves", "6", "when the median date in the outlook of Treaty untoc moves by more than 6 months"),
        ("outlook-chance", "80", "when the chance that Treaty untoc meets its threshold within a year passes 80 %"),
    ],
)
def test_an_outlook_can_be_followed_and_another_number_set_later(visitor, post, condition, number, said):
    page = visitor.send("/subscribe", EMAIL | {"condition": condition, "number": number})
    assert said in " ".join(html.fromstring(page.text).text_content().split())
    manage = visitor.send(post().link("confirm"), {}).headers["Location"]
    changed = visitor.send(manage, {"do": "change", "condition": condition, "number": "7", "pace": "daily"})
    assert changed.status_code == 303
    assert f"{said.replace(number, '7')}" in " ".join(html.fromstring(visitor.get(manage).text).text_content().split())


def test_e_mail_is_not_offered_where_there_is_no_mail_server(engine):
    visitor = Visitor(made(engine, smtp_url=""))
    repository.record_facts(engine, [instrument("untoc")], what="x", moment=NOW)
    assert "E-mail" not in html.fromstring(visitor.get("/subscribe").text).cssselect("main form")[0].text_content()
    assert visitor.send("/subscribe", EMAIL).status_code == 400


# -- looking after it ------------------------------------------------------------------------------


def test_all_that_an_address_confirmed_is_listed_and_opens_as_my_treaties(manage, visitor, post):
    visitor.send("/subscribe", TO_35 | {"article": "", "instrument": "", "participant": "FRA"})
    assert "/watchlist?instrument=untoc&amp;participant=FRA" not in visitor.get(manage).text  # not confirmed yet
    visitor.send(post().link("confirm"), {})
    page = html.fromstring(visitor.get(manage).text)
    assert len(page.cssselect("section[aria-labelledby=watched] li")) == 2
    assert page.xpath("//a[@href='/watchlist?instrument=untoc&participant=FRA']")


def test_what_another_address_watches_is_not_listed(manage, visitor, post):
    visitor.send("/subscribe", EMAIL | {"address": "other@example.org"})
    visitor.send(post().link("confirm"), {})
    assert len(html.fromstring(visitor.get(manage).text).cssselect("section[aria-labelledby=watched] li")) == 1


def test_paused_it_hears_nothing_and_resumed_it_hears_again(manage, visitor, post, happened):
    visitor.send(manage, {"do": "pause"})
    happened()
    assert post().messages == []
    visitor.send(manage, {"do": "resume"})
    assert post().messages == []
    happened(41)
    assert len(post().messages) == 1


def test_a_test_message_comes_on_request_and_not_without_end(manage, visitor, post):
    for _ in range(5):
        assert visitor.send(manage, {"do": "test"}).status_code == 303
    assert visitor.send(manage, {"do": "test"}).status_code == 429
    assert {message.subject for _, message in post().messages} == {"A test message from Treaty Tracker"}


def test_what_was_sent_is_shown_and_can_be_sent_again_under_its_own_key(manage, visitor, post, happened):
    happened()
    (first,) = [message for _, message in post().messages]
    page = visitor.get(manage).text
    assert "UNTOC has 40 parties." in page
    number = re.search(r'name="delivery" value="(\d+)"', page)[1]
    visitor.send(manage, {"do": "replay", "delivery": number})
    (again,) = [message for _, message in post().messages]
    assert again.key == first.key
    assert again.message_id == first.message_id
    assert visitor.send(manage, {"do": "replay", "delivery": "999"}).status_code == 404
    assert visitor.send(manage, {"do": "replay", "delivery": "x"}).status_code == 400


def test_every_faulty_field_of_a_subscription_is_named_at_once_beside_what_was_typed(visitor):
    page = html.fromstring(visitor.send("/subscribe", EMAIL | {"number": "0", "address": "someone"}).text)
    said = {}
    for name in ("number", "address"):
        [field] = page.cssselect(f"[name={name}]")
        assert field.get("aria-invalid") == "true"
        said[field.get("value")] = page.get_element_by_id(field.get("aria-describedby")).text_content()
    assert said == {
        "0": "Give a whole number from 1 to 1,000.",
        "someone": "That is not an e-mail address: write one like name@example.org.",
    }
    assert page.cssselect("#f-condition option[selected]")[0].get("value") == EMAIL["condition"]


def test_a_change_that_makes_no_sense_keeps_what_was_typed(manage, visitor):
    page = html.fromstring(visitor.send(manage, {"do": "change", "condition": "reaches", "number": "many"}).text)
    assert page.get_element_by_id("f-number").get("value") == "many"
    assert page.cssselect("#f-condition option[selected]")[0].get("value") == "reaches"


def test_of_what_and_how_soon_can_be_changed(manage, visitor, post, happened):
    visitor.send(manage, {"do": "change", "condition": "reaches", "number": "50", "pace": "daily"})
    page = visitor.get(manage).text
    assert "reaches 50 parties" in page
    assert "Daily digest" in page
    happened()
    assert post().messages == []
    wrong = visitor.send(manage, {"do": "change", "condition": "reaches", "number": "many"})
    assert wrong.status_code == 400
    assert "Not changed" in wrong.text


def reservation(article, code="FRA"):
    return stated("reservation", code, "untoc", "2003-01-01", article=article, summary="Not bound by it.")


def test_somebody_who_asks_for_an_article_hears_of_reservations_to_it_and_of_no_others(visitor, post, engine):
    assert "reservation (statements: only on article 35)" in visitor.send("/subscribe", TO_35).text
    visitor.send(post().link("confirm"), {})
    to_35 = reservation("35(2)")
    record_and_announce(engine, [reservation("10"), stated("declaration", "FRA", "untoc", "2003-01-01", article="35")],
                        at=datetime.now(UTC))  # fmt: skip
    assert post().messages == []
    record_and_announce(engine, [to_35], at=datetime.now(UTC))
    [(_, told)] = post().messages
    assert told.subject == "Republic of FRA: reservation, the Treaty untoc, article 35(2), 1 January 2003"
    assert "Not bound by it." in told.text
    assert f"{SITE}/instruments/untoc/statements?as_of=2003-01-01" in told.text
    assert b'"article": "35(2)"' in told.body
    record_and_announce(engine, retracted=[to_35], at=datetime.now(UTC))
    [(_, corrected)] = post().messages
    assert corrected.subject.startswith("Correction: Removed from our data")


def test_the_article_is_changed_on_the_page_of_the_subscription(visitor, post):
    visitor.send("/subscribe", TO_35)
    manage = visitor.send(post().link("confirm"), {}).headers["Location"].removeprefix(SITE)
    form = html.fromstring(visitor.get(manage).text)
    assert form.get_element_by_id("f-article").get("value") == "35"
    assert form.xpath("//input[@name='kind'][@checked]/@value") == ["reservation-made"]
    wish = {"do": "change", "pace": "daily", "kind": ["reservation-made", "objection-made"]}
    assert visitor.send(manage, wish | {"article": "35(2);18"}).status_code == 303
    assert "only on article 35(2); 18" in visitor.get(manage).text
    wrong = visitor.send(f"{manage}?lang=fr", wish | {"article": "?"})
    assert wrong.status_code == 400
    assert "Indiquez un article" in html.fromstring(wrong.text).get_element_by_id("f-article-fault").text_content()


def test_a_stopped_subscription_says_why_on_its_page(manage, visitor, engine):
    with write_transaction(engine) as connection:
        connection.execute(
            text("UPDATE subscriptions SET state = 'stopped', stopped_why = 'The receiver answered 410.'")
        )
    assert "The receiver answered 410." in visitor.get(manage).text


def test_deleting_it_deletes_everything_kept_of_it(manage, visitor, post, happened, engine):
    happened()
    post()
    assert "Alert deleted" in visitor.send(manage, {"do": "delete"}).text
    assert visitor.get(manage).status_code == 404
    with read_transaction(engine) as connection:
        for table in ("subscriptions", "deliveries", "attempts", "told", "links"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_what_is_not_on_the_page_cannot_be_done(manage, visitor):
    assert visitor.send(manage, {"do": "promote"}).status_code == 400


# -- leaving ---------------------------------------------------------------------------------------


def test_one_click_unsubscribes_without_cookie_login_or_token_of_a_form(manage, app, post, happened):
    happened()
    (told,) = [message for _, message in post().messages]
    path = told.unsubscribe.removeprefix(SITE)
    stranger = app.test_client()
    assert stranger.get(path, base_url=SITE).status_code == 200
    happened(41)
    answer = stranger.post(path, data={"List-Unsubscribe": "One-Click"}, base_url=SITE)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert post().messages == []  # what still waited is dropped
    assert "Unsubscribed" in Visitor(app).get(manage).text


def test_opening_the_link_in_a_message_ends_nothing(manage, visitor, post, happened):
    happened()
    path = post().messages[0][1].unsubscribe.removeprefix(SITE)
    assert "Unsubscribe" in visitor.get(path).text
    happened(41)
    assert len(post().messages) == 1


# -- misuse ----------------------------------------------------------------------------------------


def test_a_form_without_its_token_or_with_another_is_refused(manage, visitor, app, post):
    own = visitor.client
    for path in ("/subscribe", manage):
        for fields in ({}, {"csrf_token": "forged"}, {"csrf_token": tokens_of(Visitor(app), "/subscribe")}):
            assert own.post(path, data=EMAIL | {"do": "delete"} | fields, base_url=SITE).status_code == 400
    assert visitor.get(manage).status_code == 200


def test_one_place_can_ask_only_so_often(visitor):
    for number in range(20):
        assert visitor.send("/subscribe", EMAIL | {"address": f"a{number}@example.org"}).status_code == 200
    assert visitor.send("/subscribe", EMAIL | {"address": "b@example.org"}).status_code == 429


def test_nobody_can_be_flooded_by_asking_in_their_name(visitor, post):
    spellings = ["x@example.org", "X@example.org", "x+1@example.org", "x+2@Example.org"]
    answers = [visitor.send("/subscribe", EMAIL | {"address": each}).status_code for each in spellings]
    assert answers == [200, 200, 200, 429]
    assert len(post().messages) == 3


def test_pages_behind_a_secret_are_kept_by_nobody_and_named_to_nobody(manage, visitor):
    for path in (manage, "/subscribe"):
        answer = visitor.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "ETag" not in answer.headers


@pytest.mark.parametrize("page", ["subscriptions", "confirm", "unsubscribe"])
@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 5000, "%00", "' OR 1=1 --"])
def test_a_link_that_was_never_given_opens_nothing(visitor, page, token):
    assert visitor.get(f"/{page}/{token}").status_code == 404


def test_a_link_opens_only_what_it_is_for(manage, visitor, post, happened):
    happened()
    leave = post().messages[0][1].unsubscribe.removeprefix(SITE)
    assert visitor.get(leave.replace("unsubscribe", "subscriptions")).status_code == 404
    assert visitor.get(manage.replace("subscriptions", "unsubscribe")).status_code == 404


def test_tokens_and_keys_are_never_kept_nor_logged(visitor, post, engine, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    visitor.send("/subscribe", EMAIL)
    link = post().link("confirm")
    visitor.send(link, {})
    token = link.rpartition("/")[2]
    with read_transaction(engine) as connection:
        assert token not in str(connection.execute(text("SELECT * FROM links")).all())
    assert token not in caplog.text
