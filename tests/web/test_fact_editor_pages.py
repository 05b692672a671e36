"""Editors enter, correct and retract facts on pages, and see first what that would change and who would be told."""

import re
from datetime import UTC, datetime

import pytest
from lxml import html

from tests.support.builders import body, instrument, judged, member, participant, ratified, signed
from tests.web.test_review_pages import PASSWORD, sign_in, token
from tracker.accounts import users
from tracker.alerts import subscribers
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState
from tracker.app import create_app
from tracker.config import Settings
from tracker.law.fact_references import FactKind
from tracker.law.model import Action, Assessment, Instrument, Membership
from tracker.law.reference_facts import Statement
from tracker.storage import audit_log, change_log, repository
from tracker.storage.database import write_transaction
from tracker.storage.fact_edits import fact_mark
from tracker.web.pages.review import EXTENSION

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
FACTS = [
    participant("AAA", name="Aland"), participant("BBB", name="Beeland"), participant("CCC", name="Ceeland"),
    instrument("pact", title="Pact on Paper Boats", threshold=2, delay="90d", article="Art. 9"),
    body("club"), member("club", "AAA", "1999-05-01"), judged("grey", "AAA", "listed", "2001"),
    signed("AAA", "pact", "2000-01-01"), ratified("AAA", "pact", "2001-01-01"),
]  # fmt: skip
DEPOSIT = {"treaty": "pact", "participant": "BBB", "action": "ratification", "date": "2002-02-01", "source": "a letter"}


@pytest.fixture
def site(engine, database_url):
    """The application over a small record, with one editor."""
    repository.record_facts(engine, FACTS, what="a test", moment=MOMENT)
    users.add_user(engine, "Ada", PASSWORD, moment=MOMENT)
    app = create_app(Settings(database_url=database_url, secret_key="a test's own key"))
    app.testing = True
    yield app
    app.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def browser(site):
    made = site.test_client()
    sign_in(made)
    return made


@pytest.fixture
def send(browser):
    """Sends the form of a kind of fact, as an editor does."""

    def send(page, /, **values):
        values = {name.rstrip("_"): value for name, value in values.items()}
        given = {"csrf_token": token(browser.get(f"/edit/{page}")), "do": "check", **values}
        return browser.post(f"/edit/{page}", data=given)

    return send


def words(answer):
    return " ".join(" ".join(html.fromstring(answer.text).find(".//main").itertext()).split())


def live(engine, fact_type):
    return [fact for fact in repository.live_facts(engine) if type(fact) is fact_type]


def mark_of(engine, fact_type, **fields):
    [found] = [
        fact
        for fact in live(engine, fact_type)
        if all(str(getattr(fact, name)) == value for name, value in fields.items())
    ]
    return fact_mark(found)


def test_nobody_edits_without_signing_in(site, engine):
    stranger = site.test_client()
    for kind in ("action", "statement", "membership", "assessment", "treaty"):
        assert stranger.get(f"/edit/{kind}").headers["Location"] == "/sign-in"
        form = {"csrf_token": token(stranger.get("/sign-in")), "do": "save", **DEPOSIT}
        assert stranger.post(f"/edit/{kind}", data=form).headers["Location"] == "/sign-in"
    assert stranger.get("/edit/treaty/clause?threshold=3").headers["Location"] == "/sign-in"
    assert len(live(engine, Action)) == 2


def test_a_form_without_its_token_is_refused(browser, engine):
    assert browser.post("/edit/action", data={"do": "save", **DEPOSIT}).status_code == 400
    assert len(live(engine, Action)) == 2


def test_the_effect_of_an_act_is_shown_before_it_is_saved(send, engine):
    before = repository.current_revision(engine)
    shown = words(send("action", **DEPOSIT))
    assert "Then 2 2 1 Feb 2002 2 May 2002 in force" in shown
    assert "Beeland" in shown
    assert "No alerts would be sent." in shown
    assert repository.current_revision(engine) == before


def test_an_act_is_recorded_with_its_source_its_changes_and_the_line_of_the_log(send, browser, engine):
    answer = send("action", do="save", reason="Notified on paper", **DEPOSIT)
    assert answer.status_code == 303
    assert "Saved." in browser.get(answer.headers["Location"]).text
    [act] = [each for each in live(engine, Action) if each.participant == "BBB"]
    assert (act.kind, str(act.date), act.source) == ("ratification", "2002-02-01", "a letter")
    assert any("Beeland" in each.change.words for each in change_log.recent_changes(engine))
    [line] = [each for each in audit_log.recent_entries(engine) if each.action == "record action"]
    assert (line.who, line.role) == ("Ada", "editor")
    assert "pact BBB ratification" in line.subject
    assert "Notified on paper" in line.subject


def subscription(**fields):
    return Subscription(
        made_at=MOMENT, state=SubscriptionState.ACTIVE, channel=Channel.EMAIL, address="somebody@example.org",
        confirmed_at=MOMENT, **fields,
    )  # fmt: skip


def test_who_would_be_alerted_is_shown_without_any_address(send, engine):
    with write_transaction(engine) as connection:
        for fields in ({"instrument": "pact"}, {"instrument": "pact"}, {"participant": "CCC"}):
            subscribers.insert_subscription(connection, subscription(**fields))
    answer = send("action", **DEPOSIT)
    assert "2 subscriptions about Pact on Paper Boats: all changes" in words(answer)
    assert "Ceeland: all changes" not in words(answer)
    assert "somebody@example.org" not in answer.text


def test_an_act_is_corrected_only_with_a_reason(send, browser, engine):
    mark = mark_of(engine, Action, kind="ratification")
    changed = {**DEPOSIT, "participant": "AAA", "date": "2001-03-01", "mark": mark}
    refused = send("action", do="save", **changed)
    assert refused.status_code == 422
    assert "say why the entry is changed" in words(refused)
    assert send("action", do="save", reason="Wrong month", **changed).status_code == 303
    [act] = [each for each in live(engine, Action) if each.kind == "ratification"]
    assert str(act.date) == "2001-03-01"
    again = send("action", do="save", reason="Once more", **changed)
    assert "was changed or retracted in the meantime" in words(again)


def test_an_act_is_retracted_after_its_effect_was_shown(send, engine):
    mark = mark_of(engine, Action, kind="ratification")
    shown = send("action", do="check-retract", mark=mark, reason="Never made")
    assert "Then 0 2 not reached" in words(shown)
    assert "Retract the entry" in words(shown)
    assert len(live(engine, Action)) == 2
    assert send("action", do="retract", mark=mark, reason="Never made").status_code == 303
    assert [each.kind for each in live(engine, Action)] == ["signature"]
    assert [each.action for each in audit_log.recent_entries(engine, limit=1)] == ["retract action"]


@pytest.mark.parametrize(
    ("kind", "values", "fact_type"),
    [("statement", {"treaty": "pact", "participant": "AAA", "kind": "reservation", "article": "5",
                    "made_on": "2001-01-01",
                    "summary": "Boats of more than\r\nA4 are excluded.", "source": "a letter"}, Statement),
     ("membership", {"body": "club", "participant": "BBB", "role": "member", "from": "2003-01-01", "source": "a list"},
      Membership),
     ("assessment", {"body": "club", "scheme": "grey", "participant": "BBB", "value": "listed", "from": "2004",
                     "source": "a report"}, Assessment)],
)  # fmt: skip
def test_other_facts_are_entered_corrected_and_retracted_too(send, engine, kind, values, fact_type):
    earlier = {fact_mark(each) for each in live(engine, fact_type)}
    values = {f"{name}_" if name == "from" else name: value for name, value in values.items()}
    assert send(kind, **values).status_code == 200
    assert send(kind, do="save", **values).status_code == 303
    [made] = [each for each in live(engine, fact_type) if fact_mark(each) not in earlier]
    corrected = {**values, "source": "a better source", "mark": fact_mark(made), "reason": "Better source"}
    assert send(kind, do="save", **corrected).status_code == 303
    [now] = [each for each in live(engine, fact_type) if fact_mark(each) not in earlier]
    assert now.source == "a better source"
    assert send(kind, do="retract", mark=fact_mark(now), reason="Mistaken").status_code == 303
    assert {fact_mark(each) for each in live(engine, fact_type)} == earlier


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(send, engine):
    answer = send("action", do="save", **{**DEPOSIT, "date": "2002-02-30", "source": ""})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.get_element_by_id("e-date").get("aria-invalid") == "true"
    assert "2002-02-30" in page.get_element_by_id("e-date-fault").text_content()
    assert page.get_element_by_id("e-source-fault") is not None
    assert page.get_element_by_id("e-date").get("value") == "2002-02-30"
    assert page.xpath("//select[@name='participant']/option[@selected]/@value") == ["BBB"]
    assert len(live(engine, Action)) == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [({"participant": "XXX"}, "XXX"), ({"treaty": "nowhere"}, "nowhere"),
     ({"action": "dance"}, "is not a treaty action"),
     ({"participant": "AAA", "date": "2001-01-01"}, "is in the data already"), ({"source": "  "}, "Name the source.")],
)  # fmt: skip
def test_what_the_record_cannot_hold_is_refused_with_a_reason(send, engine, values, said):
    answer = send("action", do="save", **DEPOSIT | values)
    assert answer.status_code == 422
    assert said in words(answer)
    assert len(live(engine, Action)) == 2


def test_entries_are_found_by_what_they_are_about(browser):
    found = browser.get("/edit/action?treaty=pact&participant=AAA")
    assert "Entries found (2)" in found.text
    one = browser.get("/edit/action?treaty=pact&participant=AAA&what=signature")
    assert "Correct an entry" in one.text
    assert 'value="2000-01-01"' in one.text
    link = re.search(r'href="(/edit/action\?mark=[0-9a-f]+)"', found.text)[1]
    assert "Correct an entry" in browser.get(link).text
    assert browser.get("/edit/action?mark=none").status_code == 400


OWN = {"title": "Convention on Quiet Bells", "kind": "convention", "opened_on": "2020-01-01", "threshold": "2",
       "delay": "3m", "source": "its text"}  # fmt: skip


def test_a_treaty_of_ones_own_is_read_back_in_words_with_a_test_date(send, engine):
    answer = send("treaty", test_on="2021-01-31", **OWN)
    assert answer.status_code == 200
    assert "three months after the date of deposit of the second instrument" in words(answer).replace(
        "3 months", "three months"
    )
    assert "All required deposits on 31 January 2021: entry into force on 30 April 2021." in words(answer)
    assert not [each for each in live(engine, Instrument) if each.id != "pact"]
    assert send("treaty", do="save", **OWN).status_code == 303
    [made] = [each for each in live(engine, Instrument) if each.id != "pact"]
    assert (made.id, made.threshold, made.delay, str(made.opened_on)) == (
        "convention-on-quiet-bells",
        2,
        "3m",
        "2020-01-01",
    )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("threshold", "many", "whole number"), ("delay", "3 months", "is not a waiting period"),
     ("conditions", "boats>=3", "cannot be read"), ("conditions", "requires=nowhere", "nowhere"),
     ("title", "", "Fill in this field."), ("opened_on", "January", "is not a date")],
)  # fmt: skip
def test_the_form_of_a_treaty_keeps_what_was_typed_and_says_what_is_wrong_at_the_field(
    send, engine, field, value, said
):
    answer = send("treaty", do="save", **OWN | {field: value})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    place = page.get_element_by_id(f"e-{field}-fault", None)
    assert place is not None
    assert said in place.text_content()
    assert "Convention on Quiet Bells" in answer.text or field == "title"
    assert len(live(engine, Instrument)) == 1


def test_the_live_reading_gives_the_same_words(browser):
    answer = browser.get("/edit/treaty/clause?threshold=2&delay=3m&test_on=2021-01-31").json
    assert "second instrument" in answer["words"]
    assert answer["trial"] == "All required deposits on 31 January 2021: entry into force on 30 April 2021."
    assert answer["faults"] == {}
    wrong = browser.get("/edit/treaty/clause?threshold=2&delay=soon").json
    assert wrong["words"] == ""
    assert "is not a waiting period" in wrong["faults"]["delay"]
    assert browser.get("/edit/treaty/clause").json == {"words": "", "trial": "", "faults": {}}


def test_the_terms_of_a_treaty_are_corrected_and_the_old_ones_kept_in_the_past(send, engine):
    mark = mark_of(engine, Instrument, id="pact")
    values = {"title": "Pact on Paper Boats", "id": "pact", "kind": "convention", "threshold": "1", "delay": "90d",
              "article": "Art. 9", "source": "its text", "mark": mark, "reason": "The text says one"}  # fmt: skip
    shown = words(send("treaty", **values))
    assert "Now 1 2" in shown
    assert "Then 1 1 1 Jan 2001 1 Apr 2001" in shown
    assert send("treaty", do="save", **values).status_code == 303
    assert [each.threshold for each in live(engine, Instrument)] == [1]
    renamed = send("treaty", do="save", **values | {"id": "treaty", "mark": mark_of(engine, Instrument, id="pact")})
    assert "cannot be changed" in words(renamed)


def test_a_treaty_that_others_name_is_not_retracted(send, engine):
    answer = send("treaty", do="retract", mark=mark_of(engine, Instrument, id="pact"), reason="Away with it")
    assert "Other entries name this treaty" in words(answer)
    assert len(live(engine, Instrument)) == 1


def test_kinds_that_are_not_edited_have_no_page(browser):
    assert browser.get(f"/edit/{FactKind.COVERAGE}").status_code == 404
