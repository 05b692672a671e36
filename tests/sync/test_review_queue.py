"""What a sync held back: an editor's word, written down, does what the file asked for or puts it aside."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.support.builders import participant
from tests.sync.test_sync import FACTS
from tracker.errors import BadQuestion, NotFound
from tracker.law.changes import ChangeKind
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.law.status import status
from tracker.storage import change_log, repository
from tracker.storage.database import write_transaction
from tracker.sync import reasons, review, review_queue
from tracker.sync.review import ReviewDecision
from tracker.sync.review_queue import ReviewState
from tracker.sync.sync import SyncContext, sync
from tracker.translations import translate

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = TUESDAY + timedelta(days=1)
WORD = ReviewDecision(who="Ada", note="seen in C.N.123")


@pytest.fixture
def syncs(engine: Engine, un, announce):
    """Sync UNTOC and give back what is held then."""
    repository.record_facts(engine, FACTS, what="the beginning", moment=MONDAY - timedelta(days=1))

    def run(moment=MONDAY):
        how = SyncContext(visitor=un.visitor, base_url=un.server.url, announce=announce)
        run.report = sync(engine, ["untoc"], how, moment=moment)[0]
        return review_queue.list_items(engine)

    return run


@pytest.fixture
def unknown(syncs, un):
    """A State that the record does not know has acceded and signed."""
    un.rows["untoc"]["Federation of Niger"] = ["12 Dec\t 2000", "30 Sep\t 2004"]
    un.publish("untoc")
    return syncs()


DAY = PartialDate.parse("2003-09")
REASONS = [
    reasons.UNKNOWN, reasons.LEAGUE, reasons.TABLE, reasons.in_the_future(DAY), reasons.before_adoption("UNTOC", DAY),
    reasons.author_ceased("Yugoslavia"), reasons.without_convention("UNTOC"), reasons.not_checked(1200, 190, 4),
    reasons.two_readings(ActionKind.RATIFICATION.words, DAY, review_queue.Proposal.CORRECT.words),
    reasons.later_consent(ActionKind.ACCESSION.words, None), reasons.unreadable_date("32 Brumaire"),
    reasons.with_text(reasons.NOT_PLAIN, "A text {with} braces."),
]  # fmt: skip


@pytest.mark.parametrize("reason", REASONS, ids=lambda each: each.template[:40])
def test_a_reason_that_was_kept_in_english_is_said_in_the_language_of_the_editor(reason):
    kept = reasons.recognize(str(reason))
    assert kept == reason
    for language in ("fr", "es"):
        assert translate(kept, language) == translate(reason, language) != reason


def test_a_reason_that_nobody_knows_stays_as_it_is():
    assert reasons.recognize("Something else.") == "Something else."


def test_accepting_records_the_act_as_the_participants_the_editor_names(engine, syncs, unknown, announced, announce):
    announced.clear()
    signature, consent = unknown
    word = ReviewDecision(who="Ada", note="seen in C.N.123", code="nga")
    kept, outcome = review.accept(engine, consent.id, word, moment=TUESDAY, announce=announce)
    (act,) = outcome.recorded
    assert (act.participant, str(act.date)) == ("NGA", "2004-09-30")
    assert act.source.endswith("accepted by Ada: seen in C.N.123")
    assert (kept.state, kept.decided_by, kept.decided_at, kept.note) == (
        ReviewState.ACCEPTED,
        "Ada",
        TUESDAY,
        word.note,
    )
    assert ChangeKind.BOUND in [change.kind for change in announced]
    assert [each.change for each in reversed(change_log.recent_changes(engine))][-len(announced) :] == announced
    assert repository.recent_revisions(engine)[0].what == f"held act {consent.id} accepted by Ada: seen in C.N.123"
    assert review_queue.list_items(engine) == [signature]


def test_a_name_once_explained_is_known_in_that_file(engine, syncs, unknown, announce):
    word = ReviewDecision(who="Ada", note="seen", code="NGA")
    review.accept(engine, unknown[0].id, word, moment=TUESDAY, announce=announce)
    assert syncs(WEDNESDAY) == []
    assert [(each.participant, each.kind) for each in syncs.report.recorded] == [("NGA", "ratification")]


def test_rejecting_leaves_the_record_and_is_remembered(engine, syncs, un, unknown):
    before = repository.live_facts(engine)
    for each in unknown:
        kept = review.reject(engine, each.id, WORD, moment=TUESDAY)
        assert (kept.state, kept.decided_by, kept.note) == (ReviewState.REJECTED, "Ada", WORD.note)
    assert repository.live_facts(engine) == before
    un.publish("untoc")
    assert syncs(WEDNESDAY) == []
    assert syncs.report.put_aside == 2


def test_what_is_decided_is_decided_once(engine, unknown, announce):
    first = unknown[0].id
    review.reject(engine, first, WORD, moment=TUESDAY)
    with pytest.raises(BadQuestion, match="rejected by Ada already"):
        review.accept(engine, first, WORD, moment=TUESDAY, announce=announce)
    with pytest.raises(NotFound):
        review.reject(engine, 99, WORD, moment=TUESDAY)


@pytest.mark.parametrize(
    ("fields", "error", "words"),
    [({}, BadQuestion, "not known who"), ({"code": "XXX"}, NotFound, "No participant named 'XXX'")],
)
def test_accepting_needs_to_know_whose_act_it_is(engine, unknown, announce, fields, error, words):
    before = repository.live_facts(engine)
    with pytest.raises(error, match=words):
        review.accept(
            engine, unknown[0].id, ReviewDecision(who="Ada", note="x", **fields), moment=TUESDAY, announce=announce
        )
    assert repository.live_facts(engine) == before
    assert len(review_queue.list_items(engine)) == 2


@pytest.mark.parametrize(("who", "note"), [("", "why"), ("Ada", " ")])
def test_a_decision_needs_a_name_and_a_reason(who, note):
    with pytest.raises(BadQuestion, match="a name and a note"):
        ReviewDecision(who=who, note=note)


def test_an_act_in_brackets_ends_on_the_day_that_the_editor_gives(engine, syncs, un, announced, announce):
    un.rows["untoc"]["Bhutan"][1] = "[15 Mar\t 2003]"
    un.publish("untoc")
    (each,) = syncs()
    with pytest.raises(BadQuestion, match="say the day of its withdrawal"):
        review.accept(engine, each.id, WORD, moment=TUESDAY, announce=announce)
    parties = status(repository.load_ledger(engine), "untoc").parties
    days = {"on": PartialDate.parse("2022-10-27"), "effective": PartialDate.parse("2023-10-27")}
    review.accept(engine, each.id, ReviewDecision(who="Ada", note="C.N.1", **days), moment=TUESDAY, announce=announce)
    assert status(repository.load_ledger(engine), "untoc").parties == parties - 1
    assert ChangeKind.WITHDREW in [change.kind for change in announced]
    assert syncs(WEDNESDAY) == []


def test_an_act_that_the_file_lacks_is_taken_out_when_the_editor_agrees(engine, syncs, un, announce):
    del un.rows["untoc"]["Kenya"]
    un.publish("untoc")
    (each,) = syncs()
    _, outcome = review.accept(engine, each.id, WORD, moment=TUESDAY, announce=announce)
    assert [act.participant for act in outcome.retracted] == ["KEN"]
    assert syncs(WEDNESDAY) == []


def test_a_decision_that_would_do_nothing_is_refused_and_the_question_stays(engine, syncs, un, announce):
    del un.rows["untoc"]["Kenya"]
    un.rows["untoc"]["Bhutan"][1] = "[15 Mar\t 2003]"
    un.publish("untoc")
    lacking, ended = sorted(syncs(), key=lambda each: each.doubt.proposal is review_queue.Proposal.END)
    another = ReviewDecision(who="Ada", note="why", code="ITA")
    early = ReviewDecision(who="Ada", note="why", on=PartialDate.parse("2003-03-14"))
    for each, word, said in ((lacking, another, "in its place"), (ended, early, "earlier than the act")):
        with pytest.raises(BadQuestion, match=said):
            review.accept(engine, each.id, word, moment=TUESDAY, announce=announce)
    assert len(review_queue.list_items(engine)) == 2
    (gone,) = (
        act for act in repository.load_ledger(engine).acts("untoc") if act.participant == "KEN" and act.kind.signs
    )
    with write_transaction(engine) as connection:
        repository.replace_facts(connection, [gone], [], what="out already", moment=TUESDAY)
    with pytest.raises(BadQuestion, match="nothing to take out"):
        review.accept(engine, lacking.id, WORD, moment=TUESDAY, announce=announce)


def test_an_act_that_the_file_lacks_and_the_editor_keeps_is_no_longer_missed(engine, syncs, un):
    for name in ("Kenya", "Niger", "Japan"):
        del un.rows["untoc"][name]
    un.publish("untoc")
    for each in syncs():
        review.reject(engine, each.id, WORD, moment=TUESDAY)
    del un.rows["untoc"]["France"]
    un.publish("untoc")
    assert [each.doubt.participant for each in syncs(WEDNESDAY)] == ["FRA", "FRA"]
    assert syncs.report.put_aside == 3


def test_what_was_accepted_and_undone_since_waits_again(engine, syncs, unknown, announce):
    for each in unknown:
        word = ReviewDecision(who="Ada", note="x", code="NGA")
        _, outcome = review.accept(engine, each.id, word, moment=TUESDAY, announce=announce)
        repository.retract_facts(engine, outcome.recorded, reason="a mistake", moment=TUESDAY)
    repository.record_facts(
        engine, [participant("NGA", name="Nigeria", exists_to="1999-01-01")], what="x", moment=TUESDAY
    )
    assert [each.id for each in syncs(WEDNESDAY)] == [each.id for each in unknown]
    assert {each.doubt.reason for each in review_queue.list_items(engine)} == {"Nigeria had ceased to exist by then."}
