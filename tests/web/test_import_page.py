"""The page for files in any form: an editor sees what was understood, decides what is open, and records it."""

import io
import re

import pytest

from tests.support.builders import instrument, participant
from tests.web.test_review_pages import MOMENT, browser, sign_in, site, token  # noqa: F401 - fixtures
from tracker.law.model import Action
from tracker.storage import repository

LIST = "Country,Action,Date\nFrance,Signature,05/06/2001\n"


@pytest.fixture
def send(browser, engine):  # noqa: F811 - the fixture
    """Sends the form as an editor does: a file at first, then what the page holds with the answers given."""
    facts = [participant("FRA", name="France", iso2="FR"), instrument("lake", title="Lake Treaty")]
    repository.record_facts(engine, facts, what="a test", moment=MOMENT)
    sign_in(browser)

    def send(file="", page=None, **answers):
        given = {"csrf_token": token(page or browser.get("/import")), "treaty": "lake", **answers}
        if page is not None:
            kept = re.findall(r'<input type="hidden" name="(kept|name|heading-\d+)" value="([^"]*)"', page.text)
            given = dict(kept) | given
        elif file:
            given["file"] = (io.BytesIO(file.encode()), "list.csv")
        return browser.post("/import", data=given, content_type="multipart/form-data")

    return send


def acts(engine):
    found = [fact for fact in repository.live_facts(engine) if isinstance(fact, Action) and fact.instrument == "lake"]
    return [(act.participant, act.kind.value, str(act.date), act.source) for act in found]


def test_nobody_imports_without_signing_in(browser):  # noqa: F811 - the fixture
    assert browser.get("/import").headers["Location"] == "/sign-in"
    assert browser.post("/import").status_code in (302, 303, 400, 401, 403)


def test_what_is_open_is_asked_and_the_answer_leads_on_to_what_would_be_recorded(send, engine):
    asked = send(LIST)
    assert asked.status_code == 422
    assert "whether the day or the month stands first" in asked.text
    assert "Record these changes" not in asked.text
    shown = send(page=asked, dates="dmy")
    assert shown.status_code == 200
    assert "lake FRA signature 2001-06-05" in " ".join(shown.text.split())
    assert acts(engine) == []
    done = send(page=shown, dates="dmy", source="a letter", record="yes")
    assert "Imported." in done.text
    assert acts(engine) == [("FRA", "signature", "2001-06-05", "a letter")]


def test_what_a_column_was_taken_for_can_be_corrected(send):
    first = send("Country,When\nFrance,2001-06-05\n")
    assert first.status_code == 422
    heading = re.search(r'name="heading-(\d+)" value="When"', first.text)[1]
    shown = send(page=first, **{f"role-{heading}": "date: accession"})
    assert shown.status_code == 200
    assert "lake FRA accession 2001-06-05" in " ".join(shown.text.split())


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("Country,Action,Date\nUtopia,Signature,2001-01-01\n", "Utopia"),
        ("Country,Action,Date\nFrance,Signature,2001-06-31\n", "not a day of the calendar"),
        ("<script>alert()</script>,Action\nFrance,Signature\n", "&lt;script&gt;"),
        ("no table at all\n", "columns"),
        ("", "Choose a file"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_records_nothing(send, engine, file, words):
    answer = send(file)
    assert answer.status_code == 422
    assert words in answer.text
    assert acts(engine) == []


def test_a_file_that_was_tampered_with_on_its_way_is_refused(send):
    page = send(LIST)
    answer = send(page=page, dates="dmy", kept="????")
    assert (answer.status_code, "Choose a file." in answer.text) == (422, True)
