"""Status files into the record: each kind of file has its outcome, and nothing else changes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.support.builders import act, instrument, participant, ratified, signed, withdrew
from tests.support.status_documents import file as saved
from tests.support.un_site import Published
from tracker.errors import BadQuestion, NotFound
from tracker.law.changes import ChangeKind
from tracker.law.model import ActionKind
from tracker.law.status import status
from tracker.storage import change_log, repository
from tracker.storage.revision import comparison_day, revision_stamp
from tracker.sync import review_queue
from tracker.sync.review_queue import Proposal, ReviewState
from tracker.sync.sync import SyncContext, SyncResult, list_fetches, sync

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
UNCLEAR = ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL
UN = "UN Treaty Collection status table as at 2014-01-27"
NAMES = {
    "ALB": "Albania", "ARM": "Armenia", "BEL": "Belgium", "BTN": "Bhutan", "CAN": "Canada", "DNK": "Denmark",
    "FRA": "France", "ITA": "Italy", "JPN": "Japan", "KEN": "Kenya", "NER": "Niger", "NGA": "Nigeria",
}  # fmt: skip
SIGNERS = ["ALB", "BEL", "BTN", "CAN", "DNK", "FRA", "ITA", "JPN", "KEN", "NER"]
TERMS = {"threshold": 3, "delay": "90d", "party_delay": "30d", "withdrawal_delay": "1y", "adopted_on": "2000-11-15"}
FACTS = [
    *(participant(code, name=name) for code, name in NAMES.items()),
    participant("DDR", name="German Democratic Republic", exists_to="1990-10-02"),
    instrument("untoc", reference="XVIII-12", short_name="UNTOC", **TERMS),
    instrument("untoc-tip", reference="XVIII-12-a", parent="untoc", conditions="requires=untoc", **TERMS),
    instrument("coe-173", reference="ETS 173", **TERMS),
    *(signed(code, "untoc", "2000-12-12", source=UN) for code in SIGNERS),
    *(ratified(code, "untoc", f"2003-0{number}-15", source=UN) for number, code in enumerate(SIGNERS[:6], start=1)),
    signed("DDR", "untoc", "1989-06-21", source="a footnote"),
    act(UNCLEAR, "ITA", "untoc", "2006-08-02", source="a Swiss list", effective_on="2006-09-01"),
    signed("ALB", "untoc-tip", "2000-12-12", source=UN),
    ratified("ALB", "untoc-tip", "2003-01-15", source=UN),
    ratified("ALB", "coe-173", "2003-01-15"),
]  # fmt: skip


@pytest.fixture
def syncs(engine: Engine, un: Published, announce):
    """Sync the record, which begins as `FACTS`; gives back the reports by instrument."""
    repository.record_facts(engine, FACTS, what="the beginning", moment=MONDAY - timedelta(days=1))

    def run(*wanted, moment=MONDAY, **options):
        how = SyncContext(visitor=un.visitor, base_url=un.server.url, announce=announce, **options)
        return {report.instrument: report for report in sync(engine, wanted, how, moment=moment)}

    return run


def state(engine):
    """Everything that a sync may not touch when it refuses: facts, changes, held acts."""
    return (
        repository.live_facts(engine),
        change_log.recent_changes(engine),
        review_queue.list_items(engine, states=list(ReviewState)),
    )


def kinds(changes):
    return [change.kind for change in changes]


def acts(engine, id, code):
    return repository.load_ledger(engine).acts_of(id, code)


def test_the_first_sync_of_a_record_that_agrees_changes_no_act(engine, syncs, un, announced):
    un.rows["untoc"]["Italy"][1] = " 2 Aug\t 2006"
    un.publish("untoc")
    syncs("untoc")
    before = state(engine)
    reports = syncs(moment=TUESDAY)
    assert state(engine) == before
    assert list(reports) == ["untoc", "untoc-tip"]
    assert [report.result for report in reports.values()] == [SyncResult.NOT_MODIFIED, SyncResult.TAKEN_IN]
    assert (reports["untoc-tip"].unchanged, reports["untoc-tip"].lines[1:]) == (2, [])


def test_an_unchanged_file_is_not_sent_twice_and_its_look_is_noted(engine, syncs, un):
    syncs()
    syncs(moment=TUESDAY)
    first, second = (headers.get("If-None-Match") for path, headers in un.server.asked if path.endswith("12-a.en.xml"))
    assert (first, bool(second)) == (None, True)
    (look,) = [each for each in list_fetches(engine) if each.instrument == "untoc-tip"]
    assert (look.done_at, look.tried_at, look.error) == (TUESDAY, TUESDAY, "")


def test_the_day_of_the_last_comparison_is_known_and_moves_what_caches_go_by(engine, syncs):
    before = revision_stamp(engine)
    syncs()
    first = revision_stamp(engine)
    syncs(moment=MONDAY + timedelta(hours=1))
    again = revision_stamp(engine)
    syncs(moment=TUESDAY)
    assert comparison_day(engine, "untoc-tip") == TUESDAY.date()
    assert comparison_day(engine, "coe-173") is None
    assert first.compared == again.compared
    assert len({before.compared, first.compared, revision_stamp(engine).compared}) == 3


def test_a_refused_file_is_no_comparison(engine, syncs, un):
    un.serve("untoc-tip", b"<html>nothing of the kind</html>")
    syncs()
    assert comparison_day(engine, "untoc-tip") is None


def test_a_file_is_read_again_when_the_record_changed_since(engine, syncs, un):
    syncs()
    repository.record_facts(engine, [ratified("KEN", "untoc-tip", "2004-06-16")], what="an import", moment=MONDAY)
    assert syncs(moment=TUESDAY)["untoc-tip"].result is SyncResult.TAKEN_IN


def test_an_accession_is_recorded_with_its_changes_and_told_once(engine, syncs, un, announced):
    un.rows["untoc"]["Nigeria"] = ["", "28 Jun\t 2001 a"]
    un.publish("untoc")
    report = syncs("untoc")["untoc"]
    (recorded,) = report.recorded
    assert (recorded.participant, recorded.kind, str(recorded.date)) == ("NGA", ActionKind.ACCESSION, "2001-06-28")
    assert recorded.source.startswith("UN Treaty Collection status file, retrieved 2026-11-16, http://127.0.0.1")
    assert kinds(announced)[0] is ChangeKind.ACT_RECORDED
    assert ChangeKind.BOUND in kinds(announced)
    assert (
        tuple(each.change for each in reversed(change_log.recent_changes(engine))) == tuple(announced) == report.changes
    )
    assert {each.revision for each in change_log.recent_changes(engine)} == {repository.current_revision(engine)}
    once = list(announced)
    assert not syncs("untoc", moment=TUESDAY)["untoc"].recorded
    assert announced == once


def test_a_vague_act_becomes_exact_and_keeps_its_effect(engine, syncs, un):
    un.rows["untoc"]["Italy"][1] = " 2 Aug\t 2006 A"
    un.publish("untoc")
    (((before, after)),) = syncs("untoc")["untoc"].corrected
    assert (before.kind, after.kind) == (UNCLEAR, ActionKind.ACCEPTANCE)
    assert (after.effective_on, after.date) == (before.effective_on, before.date)
    assert "a Swiss list" in after.note
    assert [each.kind for each in acts(engine, "untoc", "ITA")] == [ActionKind.SIGNATURE, ActionKind.ACCEPTANCE]


def test_what_another_source_gave_and_the_file_confirms_stays(engine, syncs, un):
    report = syncs("untoc")["untoc"]
    assert not report.recorded
    assert [before.participant for before, _ in report.corrected] == ["ITA"]  # whose kind the file makes exact
    assert [each.source for each in acts(engine, "untoc", "BEL")] == [UN, UN]


def test_a_corrected_date_retracts_one_act_and_records_another_in_one_revision(engine, syncs, un, announced):
    syncs("untoc")
    announced.clear()
    un.rows["untoc"]["Belgium"][1] = "16 Feb\t 2003"
    un.publish("untoc")
    revision = repository.current_revision(engine)
    (((before, after)),) = syncs("untoc", moment=TUESDAY)["untoc"].corrected
    assert (str(before.date), str(after.date)) == ("2003-02-15", "2003-02-16")
    assert repository.current_revision(engine) == revision + 1
    assert len(acts(engine, "untoc", "BEL")) == 2
    assert ChangeKind.ACT_CORRECTED in kinds(announced)
    assert not {ChangeKind.PARTIES, ChangeKind.BOUND} & set(kinds(announced))


def test_an_act_without_a_day_gets_the_day_of_the_file(engine, syncs, un):
    repository.record_facts(
        engine, [signed("NGA", "untoc", source="the press", doubt="no day")], what="x", moment=MONDAY
    )
    un.rows["untoc"]["Nigeria"] = ["13 Dec\t 2000", ""]
    un.publish("untoc")
    report = syncs("untoc")["untoc"]
    assert [(before.date, str(after.date)) for before, after in report.corrected][-1] == (None, "2000-12-13")
    assert not repository.load_ledger(engine).undated("untoc", "NGA")


def test_an_act_in_brackets_waits_for_the_day_of_its_withdrawal(engine, syncs, un, announced):
    un.rows["untoc"]["Bhutan"][1] = "[15 Mar\t 2003]"
    un.publish("untoc")
    parties = status(repository.load_ledger(engine), "untoc").parties
    (doubt,) = syncs("untoc")["untoc"].held
    assert (doubt.proposal, doubt.participant, doubt.kind) == (Proposal.END, "BTN", ActionKind.RATIFICATION)
    assert status(repository.load_ledger(engine), "untoc").parties == parties
    assert all(change.participant != "BTN" for change in announced)


def test_brackets_of_whose_end_the_record_knows_change_nothing_and_a_new_accession_is_recorded(engine, syncs, un):
    repository.record_facts(
        engine, [withdrew("BTN", "untoc", "2022-10-27", effective_on="2023-10-27")], what="x", moment=MONDAY
    )
    un.rows["untoc"]["Bhutan"][1] = "[15 Mar\t 2003] 5 Jan\t 2025 a"
    un.publish("untoc")
    report = syncs("untoc")["untoc"]
    assert [(each.participant, str(each.date)) for each in report.recorded] == [("BTN", "2025-01-05")]
    assert report.held == ()
    assert [each.kind for each in acts(engine, "untoc", "BTN")][1:] == ["ratification", "withdrawal", "accession"]


def test_a_new_accession_after_a_known_withdrawal_is_no_correction(engine, syncs, un):
    repository.record_facts(engine, [withdrew("BTN", "untoc", "2022-10-27")], what="x", moment=MONDAY)
    un.rows["untoc"]["Bhutan"][1] = " 5 Jan\t 2025 a"
    un.publish("untoc")
    report = syncs("untoc")["untoc"]
    assert [str(each.date) for each in report.recorded] == ["2025-01-05"]
    assert report.held == ()


def test_an_unknown_state_is_held_and_never_becomes_a_participant(engine, syncs, un, announced):
    un.rows["untoc"]["Ruritania"] = ["", " 1 Jul\t 2003 a"]
    un.publish("untoc")
    for moment in (MONDAY, TUESDAY):
        (doubt,) = syncs("untoc", moment=moment)["untoc"].held
        assert (doubt.name, doubt.participant, doubt.raw) == ("Ruritania", "", " 1 Jul\t 2003 a")
    (kept,) = review_queue.list_items(engine)
    assert (kept.doubt, kept.seen_at, kept.last_seen_at, kept.state) == (doubt, MONDAY, TUESDAY, ReviewState.OPEN)
    assert len(repository.load_ledger(engine).participants) == len(NAMES) + 1
    assert "No participant in our data" in kept.doubt.reason


def test_what_is_held_is_recorded_by_itself_once_the_record_knows_the_name(engine, syncs, un):
    un.rows["untoc"]["Ruritania"] = ["", " 1 Jul\t 2003 a"]
    un.publish("untoc")
    syncs("untoc")
    repository.record_facts(engine, [participant("RUR", name="Ruritania")], what="an import", moment=MONDAY)
    assert [each.participant for each in syncs("untoc", moment=TUESDAY)["untoc"].recorded] == ["RUR"]
    assert review_queue.list_items(engine) == []
    assert [each.state for each in review_queue.list_items(engine, states=list(ReviewState))] == [ReviewState.SETTLED]


def test_a_protocol_before_its_convention_is_held_until_the_convention_comes(engine, syncs, un):
    un.rows["untoc-tip"]["Nigeria"] = ["", " 1 Jul\t 2003 a"]
    un.publish("untoc-tip")
    (doubt,) = syncs()["untoc-tip"].held
    assert (doubt.participant, "without any consent to its convention, UNTOC" in doubt.reason) == ("NGA", True)
    un.rows["untoc"]["Nigeria"] = ["", " 1 Jul\t 2003 a"]
    un.publish("untoc")
    reports = syncs(moment=TUESDAY)
    assert [len(report.recorded) for report in reports.values()] == [1, 1]
    assert review_queue.list_items(engine) == []


def test_an_act_before_the_adoption_is_held(engine, syncs, un):
    un.rows["untoc"]["Nigeria"] = ["", " 1 Jul\t 1999 a"]
    un.publish("untoc")
    (doubt,) = syncs("untoc")["untoc"].held
    assert "before the adoption" in doubt.reason


def test_an_act_of_tomorrow_is_held_until_tomorrow(engine, syncs, un):
    un.rows["untoc"]["Nigeria"] = ["", "17 Nov\t 2026 a"]
    un.publish("untoc")
    (doubt,) = syncs("untoc")["untoc"].held
    assert "dated in the future" in doubt.reason
    assert len(syncs("untoc", moment=TUESDAY)["untoc"].recorded) == 1


def test_an_act_that_one_file_lacks_waits_and_is_settled_when_it_is_back(engine, syncs, un):
    cells = un.rows["untoc"].pop("Kenya")
    un.publish("untoc")
    (doubt,) = syncs("untoc")["untoc"].held
    assert (doubt.proposal, doubt.participant) == (Proposal.RETRACT, "KEN")
    assert acts(engine, "untoc", "KEN")
    un.rows["untoc"]["Kenya"] = cells
    un.publish("untoc")
    assert syncs("untoc", moment=TUESDAY)["untoc"].held == ()


def _truncated(un):
    un.rows["untoc"]["Nigeria"] = ["", "28 Jun\t 2001 a"]
    document = un.document("untoc")
    un.serve("untoc", document[: len(document) * 2 // 3])


def _maintenance(un):
    un.serve("untoc", saved("maintenance.html"))


def _overloaded(un):
    un.serve("untoc", b"", status=503)


def _wrong_count(un):
    un.rows["untoc"]["Nigeria"] = ["", "28 Jun\t 2001 a"]
    un.publish("untoc", parties=40)


def _many_vanished(un):
    for name in ("Albania", "Belgium", "Canada"):
        del un.rows["untoc"][name]
    un.rows["untoc"]["Nigeria"] = ["", "28 Jun\t 2001 a"]
    un.publish("untoc")


def _another(un):
    un.serve("untoc", saved("XVIII-14.en.xml"))


@pytest.mark.parametrize(
    ("spoil", "result", "words"),
    [
        (_truncated, SyncResult.REFUSED, ""),
        (_wrong_count, SyncResult.REFUSED, "prints 10 signatories and 40 parties"),
        (_many_vanished, SyncResult.REFUSED, "6 of the 17 acts in our data are not in the file"),
        (_another, SyncResult.REFUSED, "not XVIII-12"),
        (_maintenance, SyncResult.TRY_LATER, "maintenance"),
        (_overloaded, SyncResult.TRY_LATER, "503"),
    ],
)
def test_a_bad_file_changes_nothing_and_the_others_go_on(engine, syncs, un, announced, spoil, result, words):
    un.rows["untoc-tip"]["Belgium"] = ["", "28 Jun\t 2004 a"]
    un.publish("untoc-tip")
    spoil(un)
    before = state(engine)
    report = syncs("untoc")["untoc"]
    assert (report.result, words in report.why) == (result, True)
    assert state(engine) == before
    assert announced == []
    (look,) = list_fetches(engine)
    assert (look.done_at, look.error) == (None, report.why)
    assert [each.result for each in syncs().values()] == [result, SyncResult.TAKEN_IN]
    assert [change.instrument for change in announced][:1] == ["untoc-tip"]


def test_after_a_bad_file_a_good_one_is_taken_in(engine, syncs, un):
    _many_vanished(un)
    syncs("untoc")
    un.rows["untoc"] |= {name: ["12 Dec\t 2000", f"15 {month}\t 2003"] for name, month in
                         [("Albania", "Jan"), ("Belgium", "Feb"), ("Canada", "Apr")]}  # fmt: skip
    un.publish("untoc")
    assert [each.participant for each in syncs("untoc", moment=TUESDAY)["untoc"].recorded] == ["NGA"]
    assert [each.error for each in list_fetches(engine)] == [""]


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(engine, syncs, un, announced):
    un.rows["untoc"]["Nigeria"] = ["", "28 Jun\t 2001 a"]
    un.rows["untoc"]["Ruritania"] = ["", " 1 Jul\t 2003 a"]
    un.publish("untoc")
    before = state(engine)
    report = syncs("untoc", dry_run=True, moment=TUESDAY)["untoc"]
    assert state(engine) == before
    assert (announced, list_fetches(engine)) == ([], [])
    assert report.lines == [
        "untoc (XVIII-12): 1 would be recorded, 1 would be corrected, 16 unchanged, 1 held.",
        "  + Nigeria: accession, 28 June 2001",
        "  ~ Italy: ratification, 2 August 2006; before: ratification, acceptance or approval, 2 August 2006",
        "  ? Ruritania: accession, 1 July 2003: held. No participant in our data has that name, or two have it.",
    ]


def test_conventions_come_before_their_protocols_and_only_what_the_un_keeps(engine, syncs):
    assert list(syncs("untoc-tip", "untoc")) == ["untoc", "untoc-tip"]
    with pytest.raises(BadQuestion, match="ETS 173"):
        syncs("coe-173")
    with pytest.raises(NotFound):
        syncs("nothing")


def test_an_announcement_that_fails_leaves_nothing_of_the_file(engine, un):
    repository.record_facts(engine, FACTS, what="the beginning", moment=MONDAY)
    un.rows["untoc"]["Nigeria"] = ["", "28 Jun\t 2001 a"]
    un.publish("untoc")
    before = state(engine)

    def fail(connection, changes, moment):
        raise RuntimeError("no")

    how = SyncContext(visitor=un.visitor, base_url=un.server.url, announce=fail)
    with pytest.raises(RuntimeError):
        sync(engine, ["untoc"], how, moment=MONDAY)
    assert state(engine) == before
    assert list_fetches(engine) == []
