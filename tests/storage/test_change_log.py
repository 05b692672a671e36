"""The log of changes: each noted once, told once, in the transaction that made it; and the turn of the day."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.builders import acceded, instrument, participant, ratified
from tests.support.data_files import sound_folder, with_line
from tracker.law.changes import ChangeKind
from tracker.law.ledger import Ledger
from tracker.storage import change_log, repository
from tracker.storage.database import write_transaction
from tracker.storage.import_export import import_files

CODES = ["ALB", "BEL", "CAN"]
FACTS = [
    *(participant(code) for code in CODES),
    instrument("untoc", threshold=2, delay="90d", party_delay="30d", withdrawal_delay="1y"),
    ratified("ALB", "untoc", "2003-05-01"),
    ratified("BEL", "untoc", "2003-07-01"),
]
BEGUN = datetime(2003, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def told():
    """Each announcement: the moment, and the changes."""
    return []


@pytest.fixture
def turn(engine: Engine, told):
    """Turn the record to a day, at noon of that day."""
    repository.record_facts(engine, FACTS, what="the beginning", moment=BEGUN)

    def to(year, month, day):
        today = date(year, month, day)
        moment = datetime(year, month, day, 12, tzinfo=UTC)

        def announce(connection, changes, at):
            told.append((at, [change.kind for change in changes]))

        return change_log.run_day_turn(engine, today, moment=moment, announce=announce)

    return to


def test_an_entry_into_force_that_falls_due_is_announced_on_its_day_and_once(engine, turn, told):
    assert turn(2003, 9, 28) == ()
    found = turn(2003, 9, 29)
    assert [change.day for change in found if change.kind is ChangeKind.ENTERED_INTO_FORCE] == [date(2003, 9, 29)]
    assert len(told) == 1
    assert turn(2003, 9, 29) == turn(2003, 9, 30) == ()
    assert len(told) == 1


def test_missed_days_are_made_up_once_and_in_order(engine, turn, told):
    third = acceded("CAN", "untoc", "2003-09-20")
    repository.record_facts(engine, [third], what="a sync", moment=BEGUN)
    turn(2003, 12, 24)
    noted = [each.change for each in reversed(change_log.recent_changes(engine))]
    forces = [c.day for c in noted if c.kind in (ChangeKind.ENTERED_INTO_FORCE, ChangeKind.BOUND)]
    assert forces == sorted(forces)
    assert {c.participant: c.day for c in noted if c.kind is ChangeKind.BOUND} == {
        "ALB": date(2003, 9, 29), "BEL": date(2003, 9, 29), "CAN": date(2003, 10, 20),
    }  # fmt: skip
    assert len(told) == 3
    assert turn(2003, 12, 24) == ()


def test_a_clock_that_goes_back_does_nothing_twice(engine, turn, told):
    turn(2003, 9, 29)
    once = list(told)
    assert turn(2003, 9, 1) == turn(2003, 9, 29) == ()
    assert told == once


def test_an_empty_record_turns_to_no_day(engine, told):
    assert change_log.run_day_turn(engine, date(2026, 1, 1), moment=BEGUN, announce=change_log.announce_nothing) == ()


def test_a_turn_whose_announcement_fails_is_made_again(engine, turn, told):
    def fail(connection, changes, moment):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        change_log.run_day_turn(engine, date(2003, 9, 29), moment=BEGUN, announce=fail)
    assert change_log.recent_changes(engine) == []
    assert turn(2003, 9, 29)


def test_a_change_is_noted_once_by_its_key(engine, turn):
    changes = turn(2003, 9, 29)
    with write_transaction(engine) as connection:
        assert change_log.log_changes(connection, changes, 1, BEGUN) == ()
    assert len(change_log.recent_changes(engine)) == len(changes)


def test_the_log_gives_back_what_was_noted_newest_first_by_page_and_by_filter(engine, turn):
    changes = turn(2003, 9, 29)
    log = change_log.recent_changes(engine)
    assert tuple(each.change for each in reversed(log)) == changes
    assert {(each.revision, each.recorded_at) for each in log} == {(1, datetime(2003, 9, 29, 12, tzinfo=UTC))}
    first = change_log.recent_changes(engine, limit=2)
    assert first + change_log.recent_changes(engine, before=first[-1].number) == log
    assert {each.change.participant for each in change_log.recent_changes(engine, participant="ALB")} == {"ALB"}
    (force,) = change_log.recent_changes(engine, instrument="untoc", kinds=[ChangeKind.ENTERED_INTO_FORCE])
    assert force.change.day == date(2003, 9, 29)
    assert (
        change_log.recent_changes(engine, instrument="nothing") == change_log.recent_changes(engine, body="greco") == []
    )


def test_loading_history_notes_and_tells_nothing(engine: Engine, tmp_path: Path, told):
    import_files(engine, [sound_folder(tmp_path)], moment=BEGUN, announce=lambda *given: told.append(given))
    assert (change_log.recent_changes(engine), told) == ([], [])


@pytest.mark.parametrize("announced", [False, True])
def test_a_later_import_is_recorded_and_announced_only_if_asked(engine: Engine, tmp_path: Path, told, announced):
    import_files(engine, [sound_folder(tmp_path)], moment=BEGUN)
    sound_folder(tmp_path, **with_line("parties", "untoc,EU,approval,2003-06-30,,,,test,"))
    options = {"announce": lambda _, changes, __: told.extend(changes)} if announced else {}
    import_files(engine, [tmp_path], moment=BEGUN, dry_run=True, **options)
    assert (change_log.recent_changes(engine), told) == ([], [])
    import_files(engine, [tmp_path], moment=BEGUN + timedelta(days=1), **options)
    noted = [each.change for each in reversed(change_log.recent_changes(engine))]
    assert (noted[0].kind, noted[0].participant) == (ChangeKind.ACT_RECORDED, "EU")
    assert told == (noted if announced else [])


def test_an_act_that_takes_effect_later_is_announced_when_it_does(engine, turn):
    turn(2003, 9, 29)
    moment = datetime(2003, 9, 30, 12, tzinfo=UTC)
    with write_transaction(engine) as connection:
        before = Ledger(repository.live_facts_in(connection))
        outcome = repository.replace_facts(
            connection, [], [acceded("CAN", "untoc", "2003-09-30")], what="x", moment=moment
        )
        kinds = [
            c.kind
            for c in change_log.log_differences(
                connection, before, outcome, moment=moment, announce=change_log.announce_nothing
            )
        ]
    assert ChangeKind.CONSENTED in kinds
    assert ChangeKind.BOUND not in kinds
    assert not [change for change in turn(2003, 9, 30) if change.kind is ChangeKind.CONSENTED]
    assert [c.day for c in turn(2003, 10, 30) if c.kind is ChangeKind.BOUND] == [date(2003, 10, 30)]
