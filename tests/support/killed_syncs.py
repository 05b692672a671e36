"""A sync that dies by kill -9 at a chosen step, in a process of its own; and what must hold afterwards.

Each round publishes a deposit on a convention and on its protocol, kills a sync at one of its
steps, looks at what is there, and syncs to the end. Announcing is writing rows, as the outbox does.
"""

import os
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from tests.support.builders import instrument, participant
from tests.support.processes import PROCESSES
from tests.support.un_site import Published
from tracker.law.changes import ChangeKind
from tracker.storage import change_log, repository
from tracker.storage.database import make_engine, read_transaction, write_transaction
from tracker.sync.http_client import HttpClient, HttpLimits
from tracker.sync.sync import SyncContext, list_fetches, sync

BEGUN = datetime(2026, 11, 16, 12, tzinfo=UTC)
TERMS = {"threshold": 5, "delay": "90d", "party_delay": "30d", "withdrawal_delay": "1y", "adopted_on": "2000-11-15"}
STEPS = ["asking", "read", "compared", "begun", "held", "recorded", "announced", "about to be committed", "done"]
ALL_STEPS = ["turn of the day", *(f"{name}: {step}" for name in ("untoc", "untoc-tip") for step in STEPS)]
CODES = [f"{first}{second}X" for first in "ABCDEFGHIJKLMNOP" for second in "ABCDEFGHIJKLMNOP"]
FACTS = [
    *(participant(code) for code in CODES),
    instrument("untoc", reference="XVIII-12", **TERMS),
    instrument("untoc-tip", reference="XVIII-12-a", parent="untoc", conditions="requires=untoc", **TERMS),
]


def begin(engine: Engine) -> None:
    """The record before the first round, and the table that stands for the outbox."""
    repository.record_facts(engine, FACTS, what="the beginning", moment=BEGUN)
    with write_transaction(engine) as connection:
        connection.execute(text("CREATE TABLE announced (key VARCHAR)"))


def announce(connection, changes, moment):
    connection.execute(text("INSERT INTO announced VALUES (:key)"), [{"key": change.key} for change in changes])


def crash_and_recover(engine: Engine, url: str, un: Published, number: int, step: str) -> None:
    """One round: the deposit of the participant of that number, a sync killed at the step, and one to the end."""
    for name in ("untoc", "untoc-tip"):
        un.rows.setdefault(name, {})[f"Republic of {CODES[number]}"] = ["", " 1 Jul\t 2003 a"]
        un.publish(name)
    moment = BEGUN + timedelta(hours=number)
    dying = PROCESSES.Process(target=_sync, args=(url, un.server.url, moment, step))
    dying.start()
    dying.join()
    assert dying.exitcode == -signal.SIGKILL, f"it was to die at '{step}'"
    _nothing_is_half_there(engine)
    _sync(url, un.server.url, moment, "")
    _nothing_is_half_there(engine)
    _nothing_is_lost(engine, number)


def _sync(url: str, server: str, moment: datetime, dies_at: str) -> None:
    def step(name: str) -> None:
        if name == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = make_engine(url)
    with HttpClient("treaties@example.org", limits=HttpLimits(attempts=1, pause=0)) as visitor:
        visitor.session.trust_env = False
        reports = sync(
            engine, [], SyncContext(visitor=visitor, base_url=server, announce=announce, step=step), moment=moment
        )
    assert all(report.went_well for report in reports), [report.why for report in reports]
    engine.dispose()


def _nothing_is_half_there(engine: Engine) -> None:
    """What is recorded, what is noted and what is announced are the same, and each is there once."""
    with read_transaction(engine) as connection:
        announced = Counter(connection.scalars(text("SELECT key FROM announced")))
    log = change_log.recent_changes(engine, limit=100_000)
    assert announced == Counter(each.change.key for each in log)
    assert set(announced.values()) <= {1}
    ledger = repository.load_ledger(engine)
    acts = Counter((act.instrument, act.participant) for name in ledger.instruments for act in ledger.acts(name))
    noted = [each.change for each in log if each.change.kind is ChangeKind.ACT_RECORDED]
    assert acts == Counter((change.instrument, change.participant) for change in noted)
    revisions = repository.recent_revisions(engine, newest=100_000)
    assert sum(each.recorded for each in revisions) == len(repository.live_facts(engine))
    assert {each.revision for each in log} <= {each.number for each in revisions}


def _nothing_is_lost(engine: Engine, number: int) -> None:
    ledger = repository.load_ledger(engine)
    for name in ("untoc", "untoc-tip"):
        assert [act.participant for act in ledger.acts(name)] == CODES[: number + 1]
    assert [each.error for each in list_fetches(engine)] == ["", ""]
