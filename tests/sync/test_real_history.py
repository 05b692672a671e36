"""What happens to the depositary's tables over the years: a return, a slip mended, a page that is old, a name in
brackets. Each is recorded and announced once, or waits for an editor; nothing of it changes the record in silence.
"""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from tests.support.builders import act, instrument, participant, ratified, signed
from tests.support.status_documents import page_2018, xml
from tracker.app import create_app
from tracker.cli import cli
from tracker.config import Settings
from tracker.law.changes import ChangeKind
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import parties_on
from tracker.law.model import ActionKind
from tracker.storage import repository
from tracker.sync import review, review_queue
from tracker.sync.mtdsg_numbers import MtdsgNumber
from tracker.sync.review import ReviewDecision
from tracker.sync.review_queue import Proposal
from tracker.sync.sync import SyncContext, SyncResult, list_fetches, sync

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
UN = "UN Treaty Collection status table as at 2014-01-27"
NAMES = {"ARM": "Armenia", "BEL": "Belgium", "KEN": "Kenya", "NER": "Niger", "USA": "United States of America"}
FACTS = [
    *(participant(code, name=name) for code, name in NAMES.items()),
    instrument(
        "untoc", reference="XVIII-12", threshold=1, delay="90d", party_delay="30d", withdrawal_delay="1y",
        adopted_on="2000-11-15",
    ),
    *(signed(code, "untoc", "2000-12-12", source=UN) for code in NAMES if code != "ARM"),
    *(ratified(code, "untoc", "2003-01-15", source=UN) for code in ("BEL", "NER", "KEN")),
    act(ActionKind.ACCEPTANCE, "USA", "untoc", "2012-09-03", source=UN),
    act(ActionKind.ACCESSION, "ARM", "untoc", "2013-03-05", source=UN),
]  # fmt: skip


@pytest.fixture
def days(engine: Engine, un, announce):
    """Publish rows, or the row of one participant without its consent, and sync on the next day."""
    repository.record_facts(engine, FACTS, what="the beginning", moment=MONDAY - timedelta(days=1))
    number = iter(range(1000))

    def look(**cells):
        for name, cell in cells.items():
            un.rows["untoc"][NAMES[name]][1] = cell
        un.publish("untoc")
        how = SyncContext(visitor=un.visitor, base_url=un.server.url, announce=announce)
        return sync(engine, ["untoc"], how, moment=MONDAY + timedelta(days=next(number)))[0]

    return look


def consents(engine, code):
    acts = repository.load_ledger(engine).acts_of("untoc", code)
    return [(each.kind.value, str(each.date)) for each in acts if not each.kind.signs]


def kinds(changes):
    return [change.kind for change in changes]


# -- who comes back --------------------------------------------------------------------------------


def test_a_return_after_brackets_is_a_new_act_and_the_first_membership_stays(engine, days, announced, announce):
    days()
    days(USA="[ 3 Sep\t 2012 A]")
    announced.clear()
    report = days(USA="20 Jan\t 2015 A")
    assert report.corrected == ()
    assert consents(engine, "USA") == [("acceptance", "2012-09-03"), ("acceptance", "2015-01-20")]
    assert ChangeKind.ACT_RECORDED in kinds(announced)
    (end,) = review_queue.list_items(engine)
    assert (end.doubt.proposal, str(end.doubt.date)) == (Proposal.END, "2012-09-03")
    word = ReviewDecision(who="Ada", note="C.N.1", on=PartialDate.parse("2013-11-04"))
    review.accept(engine, end.id, word, moment=MONDAY + timedelta(days=9), announce=announce)
    assert consents(engine, "USA")[1] == ("withdrawal", "2013-11-04")
    ledger = repository.load_ledger(engine)
    on = [datetime(year, 7, 1, tzinfo=UTC).date() for year in (2013, 2014, 2016)]
    assert ["USA" in parties_on(ledger.as_of(day), "untoc", day) for day in on] == [True, True, True]
    assert days(USA="20 Jan\t 2015 A").held == ()


def test_a_deposit_after_a_disappearance_is_always_told(engine, days, announced):
    days(ARM="")
    announced.clear()
    report = days(ARM="19 May\t 2014 a")
    assert ([str(each.date) for each in report.recorded], report.corrected) == (["2014-05-19"], ())
    assert [change.day.isoformat() for change in announced if change.kind is ChangeKind.ACT_RECORDED] == ["2014-05-19"]


def test_a_consent_that_moves_far_forward_is_held_with_both_readings(engine, days, announced, announce):
    report = days(USA="20 Jan\t 2015 A")
    assert (report.recorded, report.corrected, announced) == ((), (), [])
    assert consents(engine, "USA") == [("acceptance", "2012-09-03")]
    assert [each.proposal for each in report.held] == [Proposal.RECORD, Proposal.CORRECT]
    record, correct = review_queue.list_items(engine)
    assert "acceptance, 3 September 2012" in record.doubt.reason
    word = ReviewDecision(who="Ada", note="C.N.1")
    review.accept(engine, record.id, word, moment=MONDAY + timedelta(days=1), announce=announce)
    assert consents(engine, "USA") == [("acceptance", "2012-09-03"), ("acceptance", "2015-01-20")]
    assert [each.proposal for each in days(USA="20 Jan\t 2015 A").held] == [Proposal.END]
    assert correct.id not in {each.id for each in review_queue.list_items(engine)}


def test_the_other_reading_puts_the_act_in_the_place_of_the_earlier_one(engine, days, announce):
    days(USA="20 Jan\t 2015 A")
    correct = review_queue.list_items(engine)[1]
    review.accept(
        engine, correct.id, ReviewDecision(who="Ada", note="a slip"), moment=MONDAY + timedelta(days=1),
        announce=announce,
    )  # fmt: skip
    assert consents(engine, "USA") == [("acceptance", "2015-01-20")]
    assert days(USA="20 Jan\t 2015 A").held == ()


# -- what is corrected -----------------------------------------------------------------------------


def test_date_and_kind_corrected_together_leave_one_consent_and_are_told_once(engine, days, announced):
    days()
    announced.clear()
    report = days(ARM="16 Sep\t 2012")
    assert [(str(before.date), str(after.date)) for before, after in report.corrected] == [("2013-03-05", "2012-09-16")]
    assert consents(engine, "ARM") == [("ratification", "2012-09-16")]
    assert [kind for kind in kinds(announced) if kind.value.startswith("act-")] == [ChangeKind.ACT_CORRECTED]


def test_a_corrected_kind_is_one_message(engine, days, announced):
    days()
    announced.clear()
    days(KEN="15 Jan\t 2003 a")
    (change,) = [each for each in announced if each.kind.value.startswith("act-")]
    assert change.kind is ChangeKind.ACT_CORRECTED
    assert "Corrected – Kenya, the Treaty untoc: accession, 15 January 2003" in change.words
    assert "taken out" not in change.words


def test_the_note_of_an_act_that_flips_does_not_grow(engine, days):
    lengths = []
    for cell in ("16 Jan\t 2003", "15 Jan\t 2003") * 4:
        days(KEN=cell)
        (held,) = [each for each in repository.load_ledger(engine).acts_of("untoc", "KEN") if not each.kind.signs]
        lengths.append(len(held.note))
    assert held.note.count("corrects ") == 1
    assert len(set(lengths[1:])) == 1


# -- what cannot be announced from the table alone ------------------------------------------------------


def test_two_dates_in_a_cell_wait_for_an_editor(engine, days, un):
    un.rows["untoc"][NAMES["ARM"]][0] = "12 Dec\t 2000, 14 Dec\t 2000"
    before = repository.live_facts(engine)
    report = days()
    assert repository.live_facts(engine) == before
    assert [(each.proposal, str(each.date)) for each in report.held] == [
        (Proposal.RECORD, "2000-12-12"),
        (Proposal.RECORD, "2000-12-14"),
    ]
    assert "several dates" in report.held[0].reason
    assert review_queue.open_counts(engine) == {"untoc": 2}


def test_readers_see_that_changes_await_review_and_not_which(engine, days, database_url):
    app = create_app(Settings(database_url=database_url, secret_key="a test's own key"))
    reader = app.test_client()
    assert "await" not in reader.get("/instruments/untoc").text
    days(USA="[ 3 Sep\t 2012 A]")
    first = reader.get("/instruments/untoc")
    assert "1 change awaits review." in first.text
    days(USA="[ 3 Sep\t 2012 A]", KEN="[15 Jan\t 2003]")
    assert "2 changes await review." in reader.get("/instruments/untoc").text
    assert reader.get("/instruments/untoc", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    app.extensions["tracker.shelf"]._look.close()
    app.extensions["tracker.operations"].engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_check_says_that_changes_await_review(days, database_url):
    days(USA="[ 3 Sep\t 2012 A]", KEN="[15 Jan\t 2003]")
    said = CliRunner().invoke(cli, ["--database", database_url, "check", "untoc"]).output
    assert "untoc: 2 changes await review." in said


def _serve(un, document):
    un.serve("untoc", document)


def _rows(un, **other):
    return [(other.get(name, name), *cells) for name, cells in un.rows["untoc"].items()]


NOTE = (
    "<EndNotes><Note><index>4</index><text>In a communication received on 2 May 2024, the Government of Niger "
    "notified the Secretary-General of its withdrawal{which}, with effect from 2 May 2025.</text></Note></EndNotes>"
)


@pytest.mark.parametrize(("which", "recorded"), [("", True), (" for its territories overseas", False)])
def test_a_name_in_brackets_has_left_on_the_day_that_its_footnote_plainly_says(engine, days, un, which, recorded):
    days()
    rows = _rows(un, Niger="[Niger]<superscript>4</superscript>")
    document = xml("XVIII-12", rows, signatories=3, parties=4, after=NOTE.format(which=which))
    un.publish = lambda _id: _serve(un, document)
    report = days()
    assert bool(report.held) is not recorded
    found = consents(engine, "NER")
    assert (("withdrawal", "2024-05-02") in found) is recorded
    assert ("ratification", "2003-01-15") in found
    assert days().recorded == ()


# -- which page it is ------------------------------------------------------------------------------


def _page(un, as_at):
    path = MtdsgNumber.of("XVIII-12").page
    document = page_2018("XVIII-12", _rows(un), signatories=4, parties=5).replace(b"04-05-2024", as_at)
    un.server.answers = {path: lambda handler: handler.answer(200, {}, document)}


def test_a_page_older_than_the_one_taken_in_last_is_refused(engine, days, un):
    un.publish = lambda _id: None
    _page(un, b"04-05-2024")
    assert days().result is SyncResult.TAKEN_IN
    _page(un, b"03-05-2024")
    stale = days(KEN="16 Jan\t 2003")
    assert stale.result is SyncResult.REFUSED
    assert "as at 3 May 2024, older than the one taken in last, as at 4 May 2024" in stale.why
    _page(un, b"05-05-2024")
    assert days().result is SyncResult.TAKEN_IN
    assert list_fetches(engine)[0].as_at == "2024-05-05"


# -- a file that prints no numbers -----------------------------------------------------------------


def test_a_file_without_numbers_that_agrees_with_the_record_is_taken_in(engine, days, un):
    rows = [*_rows(un)]
    un.publish = lambda _id: _serve(un, xml("XVIII-12", rows, signatories=None, parties=None))
    report = days()
    assert (report.result, report.held) == (SyncResult.TAKEN_IN, ())
    assert "not self-checked" in report.remarks[0]


def test_a_file_without_numbers_that_says_much_more_is_held_whole_until_one_confirmation(engine, days, un, announce):
    with_more = [*_rows(un), *((f"Newland {letter}", "", "7 Oct 2002 a") for letter in "ABCDE")]
    un.publish = lambda _id: _serve(un, xml("XVIII-12", with_more, signatories=None, parties=None))
    before = repository.live_facts(engine)
    for _ in range(2):
        (whole,) = days().held
        assert (whole.proposal, whole.words) == (Proposal.TAKE_IN, "the whole file")
        assert "of which 9 are in our data" in whole.reason
    assert repository.live_facts(engine) == before
    (item,) = review_queue.list_items(engine)
    review.accept(
        engine, item.id, ReviewDecision(who="Ada", note="read"), moment=MONDAY + timedelta(days=5), announce=announce
    )
    assert [each.proposal for each in days().held] == [Proposal.RECORD] * 5
