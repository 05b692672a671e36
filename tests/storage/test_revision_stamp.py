"""One look at the record's last revision sees every commit, and notices a record that was put in another's place."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.builders import signed
from tracker.errors import Unavailable
from tracker.storage import repository
from tracker.storage.database import make_engine, write_transaction
from tracker.storage.revision import RevisionProbe, RevisionStamp, revision_stamp
from tracker.storage.schema import migrate

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANOTHER_PROCESS = """
import sys
from datetime import UTC, datetime
from tracker.law.model import Participant, ParticipantKind
from tracker.storage import repository
from tracker.storage.database import make_engine
who = Participant(code="FRA", name="France", kind=ParticipantKind.STATE, source="told")
repository.record_facts(make_engine(sys.argv[1]), [who], what="from elsewhere", moment=datetime.now(UTC))
"""


@pytest.fixture
def look(engine):
    glance = RevisionProbe(engine)
    yield glance
    glance.close()


def record(engine, participant="FRA", moment=MOMENT):
    repository.record_facts(engine, [signed(participant, "untoc", "2000-12-12")], what="a test", moment=moment)


def test_an_empty_record_has_a_mark(look):
    assert look() == RevisionStamp(0, None)


def test_a_commit_is_seen_by_the_next_look(engine, look):
    for number, code in enumerate(("FRA", "DEU", "ITA"), start=1):
        record(engine, code)
        assert look().number == number


def test_a_commit_of_another_process_is_seen_by_the_next_look(engine, database_url, look):
    before = look()
    subprocess.run([sys.executable, "-W", "ignore", "-c", ANOTHER_PROCESS, database_url], check=True)
    assert look().number == before.number + 1


def test_what_is_not_committed_is_not_seen(engine, look):
    record(engine)
    before = look()
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE revisions SET number = 7 WHERE number = 99"))
        connection.execute(text("INSERT INTO revisions VALUES (2, '2026-11-02 00:00:00.000000', 'a test', 0, 0)"))
        assert look() == before
    assert look().number == 2


def test_the_long_way_gives_the_same_mark(engine, look):
    record(engine)
    assert look() == revision_stamp(engine)


def test_nobody_else_is_kept_waiting_by_the_held_connection(engine, look):
    look()
    record(engine)
    with write_transaction(engine) as connection:
        connection.execute(text("ALTER TABLE revisions RENAME TO others"))


def test_a_held_connection_that_broke_is_replaced(engine, look):
    record(engine)
    before = look()
    look._held.cursor.connection.close()
    assert look() == before
    record(engine, "DEU")
    assert look().number == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_ended_the_connection_is_asked_anew(engine, look):
    record(engine)
    before = look()
    number = look._held.cursor.connection.info.backend_pid
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
    assert look() == before


def copy_with(tmp_path, name, *codes):
    """Another record, in a file of its own, with nothing beside it."""
    engine = make_engine(f"sqlite:///{tmp_path / name}")
    migrate(engine)
    for code in codes:
        record(engine, code, MOMENT.replace(hour=13))
    engine.dispose()
    return tmp_path / name


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_put_in_anothers_place_is_noticed_by_the_look_and_by_all_who_read(engine, look, tmp_path):
    record(engine, "FRA")
    record(engine, "DEU")
    before = look()
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    copy_with(tmp_path, "copy.db", "ITA", "ESP").replace(engine.url.database)
    after = look()
    assert after.number == before.number
    assert after != before
    assert {each.participant for each in repository.live_facts(engine)} == {"ITA", "ESP"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_is_gone_is_noticed_and_is_not_made_anew(engine, look):
    record(engine)
    look()
    Path(engine.url.database).unlink()
    with pytest.raises(Unavailable, match="There is no record"):
        look()
    assert not Path(engine.url.database).exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_record_that_is_not_set_up_is_said_to_be_so(unmigrated):
    unmigrated.connect().close()
    with pytest.raises(Unavailable, match="tracker init"):
        RevisionProbe(unmigrated)()
