"""What people do on the site from end to end, in a real browser and with a real mail server."""

import re
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect
from waitress.server import create_server

from tests.browser.test_every_page import BEHIND_SIGN_IN
from tests.support.alert_story import Inbox
from tests.support.browser_checks import PHONE, clipped, looked, moves, opened, spills, stops, violations
from tests.support.builders import acceded, instrument, participant
from tracker.accounts import users
from tracker.alerts import sending
from tracker.alerts.sending import EmailSender
from tracker.alerts.subscribers import Channel
from tracker.app import create_app
from tracker.config import Settings
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.storage import repository
from tracker.storage.database import make_engine, write_transaction
from tracker.storage.schema import migrate
from tracker.sync import review_queue

PASSWORD = "correct horse battery staple"
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
KEYS = 60  # stops of the Tab key that are looked at on a page


@pytest.fixture(scope="module")
def inbox():
    with Inbox() as found:
        yield found


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """A small record: one treaty, two acts that are held back, an operator, who may do all that an editor may."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('flows') / 'record.db'}")
    migrate(engine)
    facts = [instrument("pact", short_name="Pact", threshold=2, delay="90d"), participant("AAA"), participant("BBB")]
    repository.record_facts(engine, [*facts, acceded("AAA", "pact", "2001-01-01")], what="a test", moment=MOMENT)
    doubts = [
        review_queue.Discrepancy(
            proposal=review_queue.Proposal.RECORD, instrument="pact", name=name, kind=ActionKind.ACCESSION,
            date=PartialDate.parse(day), reason="the record knows nobody of that name", raw=f"{day} a",
        )
        for name, day in (("Beeland", "2002-02-02"), ("Ceeland", "2003-03-03"))
    ]  # fmt: skip
    with write_transaction(engine) as connection:
        review_queue.hold_discrepancies(connection, "pact", doubts, MOMENT)
    users.add_user(engine, "Ada", PASSWORD, moment=MOMENT, role=users.Role.OPERATOR)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def site(engine, inbox):
    """The address of the application over that record, with e-mail."""
    waiting = create_server(lambda *_: [], host="127.0.0.1", port=0)
    settings = Settings(
        database_url=engine.url.render_as_string(hide_password=False),
        base_url=f"http://127.0.0.1:{waiting.effective_port}",
        smtp_url=inbox.url,
        secret_key="a test's own key",
    )
    waiting.application = create_app(settings)
    thread = threading.Thread(target=waiting.run, daemon=True)
    thread.start()
    yield settings.base_url
    waiting.close()
    thread.join(timeout=10)


@pytest.fixture
def window(browser, site):
    """A window of one reader; at the end nothing may have gone wrong in any page that was looked at in it."""
    found, sights = browser.new_context(viewport={"width": 1440, "height": 1000}), []

    def look(path):
        sights.append(looked(found, path if path.startswith("http") else site + path))
        return sights[-1].page

    yield look
    found.close()
    assert [fault for sight in sights for fault in sight.faults] == []


@pytest.fixture
def delivered(engine, inbox, site):
    """Send what is due, and give the letters that arrived since."""

    def send():
        before = len(inbox.letters)
        channels = {Channel.EMAIL: EmailSender(inbox.url, "tracker@treaties.example")}
        sending.deliver_due(engine, lambda: datetime.now(UTC), channels, "one", site=site, jitter=lambda: 0.0)
        return [message_from_bytes(content, policy=policy.default) for _, content in inbox.letters[before:]]

    return send


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


def sound(page):
    """Everything that a page owes its readers, of the one that is shown."""
    assert moves(page)[0] < 0.01
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    walked = list(stops(page, KEYS))
    assert [at["html"] for at in walked if not (at["ringed"] and at["there"])] == []
    page.emulate_media(media="print")
    assert page.locator(".menu:visible").count() == 0
    assert clipped(page) == []
    page.emulate_media(media="screen")
    for width in (360, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert not spills(page)
    page.set_viewport_size({"width": 1440, "height": 1000})


def link(text, part):
    return re.search(rf"http://\S+/{part}/[^\s>]+", text)[0]


def test_a_reader_subscribes_confirms_changes_and_deletes_the_subscription(window, delivered):
    page = window("/subscribe?instrument=pact")
    sound(page)
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label(re.compile("^E-mail address")).fill("reader@example.org")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    sound(page)
    [letter] = delivered()
    assert letter["To"] == "reader@example.org"

    page = window(link(text_of(letter), "confirm"))
    sound(page)
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url("**/subscriptions/*")
    sound(page)
    expect(page.locator("main")).to_contain_text("Pact")
    manage = page.url

    page = window(manage)
    page.get_by_label("Weekly digest").check()
    page.get_by_role("button", name="Save changes", exact=True).click()
    expect(page.locator(".facts")).to_contain_text("Weekly digest")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".facts")).to_contain_text("Paused")
    page.get_by_role("button", name="Delete this alert").click()
    expect(page.locator("main")).to_contain_text(re.compile("deleted", re.IGNORECASE))
    sound(page)


def test_the_link_in_every_message_ends_it(window, delivered):
    page = window("/subscribe?instrument=pact")
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label(re.compile("^E-mail address")).fill("leaver@example.org")
    page.get_by_role("button", name="Subscribe").click()
    [letter] = delivered()
    page = window(link(text_of(letter), "confirm"))
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url("**/subscriptions/*")
    page.get_by_role("button", name="Send a test message").click()
    [letter] = delivered()
    page = window(link(str(letter["List-Unsubscribe"]), "unsubscribe"))
    sound(page)
    page.locator("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    sound(page)


@pytest.fixture
def desk(window):
    """Sign in by keyboard alone, and open a page behind the sign-in."""
    page = window("/sign-in")
    page.get_by_label("Name").focus()
    page.keyboard.insert_text("Ada")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/held")
    return window


def test_an_editor_signs_in_and_accepts_and_rejects_what_is_held(desk, engine):
    page = desk("/held")
    sound(page)
    [beeland] = page.locator("section.held", has_text="Beeland").all()
    beeland.get_by_label("State (code)").fill("BBB")
    beeland.get_by_label("Reason").fill("Renamed in 2001")
    beeland.get_by_role("button", name="Accept").click()
    expect(page.locator("section.held")).to_have_count(1)
    assert [act.participant for act in repository.load_ledger(engine).acts("pact")] == ["AAA", "BBB"]
    page.locator("section.held").get_by_label("Reason").fill("Not a State")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("section.held")).to_have_count(0)
    expect(page.get_by_role("table")).to_contain_text("Not a State")
    sound(page)
    page = desk("/instruments/pact")
    expect(page.locator("tr[data-row=BBB]")).to_contain_text("2 Feb 2002")


def test_every_page_behind_the_sign_in_is_sound(desk, engine):
    app = create_app(Settings(database_url=engine.url.render_as_string(hide_password=False)))
    own = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in BEHIND_SIGN_IN]
    paths = {rule.rule for rule in own if "GET" in rule.methods and "<" not in rule.rule} - {"/sign-in"}
    assert paths >= {"/held", "/set-targets", "/add-treaty"}
    kinds = {f"/edit/{kind}" for kind in ("action", "statement", "membership", "assessment", "treaty")}
    for path in sorted(paths - {"/edit/treaty/clause"} | kinds):
        page = desk(path)
        assert page.url.endswith(path)
        sound(page)


def test_the_clause_of_a_treaty_is_written_out_while_it_is_typed(desk):
    page = desk("/edit/treaty")
    page.get_by_label("Threshold").fill("2")
    page.get_by_label("Waiting period").fill("3m")
    page.get_by_label("Test date").fill("2027-01-31")
    expect(page.locator("[data-words]")).to_contain_text("second instrument")
    expect(page.locator("[data-trial]")).to_contain_text("entry into force on 30 April 2027")
    page.get_by_label("Waiting period").fill("soon")
    expect(page.locator("[data-faults]")).to_contain_text("is not a waiting period")
    sound(page)


def test_an_editor_enters_an_act_by_keyboard_and_sees_its_effect_before_saving_it(desk):
    page = desk("/edit/action")
    page.get_by_label("Treaty (required)").select_option("pact")
    page.get_by_label("State or participant").select_option("BBB")
    page.get_by_label("Treaty action (required)").select_option("accession")
    page.get_by_label("Date", exact=True).fill("2002-03-03")
    page.get_by_label("Source").fill("a letter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Effect")).to_be_visible()
    sound(page)
    page.get_by_label("Source").press("Enter")
    expect(page.get_by_role("heading", name="Effect")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("Saved.")
    sound(page)


def test_an_editor_sets_a_target_and_takes_it_back(desk):
    page = desk("/set-targets")
    sound(page)
    page.get_by_label("Number").fill("2")
    page.get_by_label("Date", exact=True).fill("2028-06-30")
    page.get_by_role("button", name="Save target", exact=True).click()
    expect(page.get_by_role("table")).to_contain_text("30 Jun 2028")
    sound(page)
    expect(desk("/targets").locator("main")).to_contain_text("30 Jun 2028")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("table")).to_have_count(0)


def test_where_there_is_no_record_the_page_says_so_and_is_sound(windows, tmp_path):
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'not' / 'there.db'}"))
    served = create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    try:
        with opened(windows, f"http://127.0.0.1:{served.effective_port}/", viewport=PHONE) as sight:
            assert sight.answer.status == 503
            expect(sight.page.get_by_role("heading", level=1)).to_have_text("Service Unavailable")
            expect(sight.page.locator("main")).to_contain_text("Try again in a minute")
            sound(sight.page)
    finally:
        served.close()
        thread.join(timeout=10)


FRAMES = """<!doctype html><html lang="en"><title>Another site</title><main><h1>Another site</h1>
<iframe title="map" width="700" height="500" src="{site}/embed/untoc/map?as_of=2005-01-01"></iframe>
<iframe title="table" width="360" height="400" src="{site}/embed/untoc/table?as_of=2005-01-01"></iframe>
<img alt="badge" src="{site}/embed/untoc/badge.svg"><img alt="progress" src="{site}/embed/untoc/progress.svg">
<iframe title="page" width="360" height="400" src="{site}/about"></iframe></main></html>"""


def test_another_site_may_frame_the_parts_and_nothing_else(windows, server):
    body = FRAMES.format(site=server).encode()

    def elsewhere(_, answer):
        answer("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
        return [body]

    served = create_server(elsewhere, host="127.0.0.1", port=0)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    try:
        with opened(windows, f"http://127.0.0.1:{served.effective_port}/") as sight:
            page = sight.page
            for part in ("map", "table"):
                frame = page.frame_locator(f"iframe[title={part}]")
                expect(frame.get_by_role("heading", level=1)).to_contain_text("UNTOC")
                expect(frame.locator("main")).to_contain_text("1 January 2005")
            for image in page.get_by_role("img", name=re.compile("badge|progress")).all():
                assert image.evaluate("(image) => image.complete && image.naturalWidth > 50")
            assert violations(page) == []
            assert page.frame_locator("iframe[title=page]").get_by_text("Methods and glossary").count() == 0
            refused = [fault for fault in sight.faults if "frame-ancestors" in fault]
            assert refused
    finally:
        served.close()
        thread.join(timeout=10)
