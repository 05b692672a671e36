"""Backups: one file that is proved, never written over anything, and puts back what it held, under running readers."""

import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.support.broken_databases import File
from tests.support.builders import participant, ratified
from tests.support.full_record import BEGUN, begin, database, fill, held_by, rows
from tracker.cli import main
from tracker.errors import BadQuestion, Damaged, Unavailable
from tracker.maintenance import backup, integrity
from tracker.storage import repository
from tracker.storage.database import open_engine, read_transaction, write_transaction
from tracker.storage.revision import RevisionProbe
from tracker.storage.schema import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, tmp_path):
    """An empty database, not set up, of each kind."""
    with database(request.param, tmp_path) as url, open_engine(url) as engine:
        yield engine


def test_what_was_backed_up_is_what_is_restored(engine: Engine, target: Engine, tmp_path):
    fill(engine)
    made = backup.write_backup(engine, tmp_path / "kept")
    assert made == held_by(engine)
    assert backup.restore_backup(tmp_path / "kept", target) == made == held_by(target)
    assert rows(target, "sessions") == 0


def test_a_backup_is_one_file_that_only_its_owner_may_read(engine: Engine, tmp_path):
    begin(engine)
    (tmp_path / "folder").mkdir()
    backup.write_backup(engine, tmp_path / "folder" / "kept")
    (file,) = (tmp_path / "folder").iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("kept", 0o600)


KILLED = """
import os, signal, sys
from pathlib import Path
from tracker.maintenance import backup
from tracker.storage.database import make_engine
def die(table, rows):
    os.kill(os.getpid(), signal.SIGKILL)
backup.write_backup(make_engine(sys.argv[1]), Path(sys.argv[2]), progress=die)
"""


@pytest.mark.slow
def test_the_draft_of_a_killed_backup_is_removed_by_the_next_one(engine: Engine, database_url: str, tmp_path):
    fill(engine)
    folder = tmp_path / "backups"
    folder.mkdir()
    killed = subprocess.run([sys.executable, "-c", KILLED, database_url, folder / "first"], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert [each.name.endswith(".part") for each in folder.glob(".first.*.part")] == [True]
    (folder / ".mine.part").touch()
    backup.write_backup(engine, folder / "second")
    assert sorted(each.name for each in folder.iterdir()) == [".mine.part", "second"]


def test_the_draft_of_a_backup_that_goes_on_stays(engine: Engine, tmp_path):
    fill(engine)
    begun: list[Path] = []

    def another(table: str, rows: int) -> None:
        if not begun:
            begun.extend(tmp_path.glob(".first.*.part"))
            backup.write_backup(engine, tmp_path / "second")

    backup.write_backup(engine, tmp_path / "first", progress=another)
    assert len(begun) == 1
    assert {"first", "second"} <= {each.name for each in tmp_path.iterdir()}


@pytest.fixture
def shared():
    """A folder in which every user may write."""
    with tempfile.TemporaryDirectory(prefix="tracker_backups_") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def test_a_record_that_nobody_writes_is_read_verified_and_backed_up_where_nothing_can_be_written(shared):
    record = File()
    with open_engine(record.url) as engine:
        migrate(engine)
        begin(engine)
        held = held_by(engine)
    with record.shut_to_writers(), open_engine(f"{record.url}&immutable=1") as engine:
        assert held_by(engine) == held
        assert integrity.integrity_faults(engine) == []
        assert backup.write_backup(engine, shared / "backup") == held
        with pytest.raises(Unavailable), write_transaction(engine) as connection:
            connection.execute(text("DELETE FROM revisions"))
        assert [each.name for each in record.folder.iterdir()] == ["record.db"]
    record.close()


def test_a_backup_overwrites_nothing(engine: Engine, tmp_path):
    begin(engine)
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(BadQuestion, match="overwrites nothing"):
        backup.write_backup(engine, tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "mine"
    with pytest.raises(BadQuestion, match="no folder"):
        backup.write_backup(engine, tmp_path / "none" / "kept")


def test_a_restored_record_is_sound_and_goes_on(engine: Engine, target: Engine, tmp_path):
    begin(engine)
    backup.write_backup(engine, tmp_path / "kept")
    backup.restore_backup(tmp_path / "kept", target)
    assert integrity.integrity_faults(target) == []
    assert repository.record_facts(target, [participant("NEW")], what="later", moment=BEGUN).revision == 3


def test_a_database_that_is_not_empty_is_replaced_only_if_asked(engine: Engine, tmp_path):
    begin(engine)
    backup.write_backup(engine, tmp_path / "kept")
    before = held_by(engine)
    repository.record_facts(engine, [ratified("GBX", "untoc", "2003-07-03")], what="later", moment=BEGUN)
    with pytest.raises(BadQuestion, match="not empty"):
        backup.restore_backup(tmp_path / "kept", engine)
    assert repository.current_revision(engine) == 3
    backup.restore_backup(tmp_path / "kept", engine, replace=True)
    assert held_by(engine) == before


def test_who_reads_while_it_is_replaced_sees_the_one_record_or_the_other(engine: Engine, tmp_path):
    begin(engine)
    backup.write_backup(engine, tmp_path / "kept")
    repository.record_facts(engine, [participant("NEW")], what="later", moment=BEGUN)
    seen = []
    with read_transaction(engine) as reader:
        assert repository.revision_number(reader) == 3
        backup.restore_backup(
            tmp_path / "kept",
            engine,
            replace=True,
            progress=lambda *_: seen.append(repository.current_revision(engine)),
        )
        assert repository.revision_number(reader) == 3
    assert set(seen) == {3}
    assert repository.current_revision(engine) == 2


def test_another_record_of_the_same_number_has_another_mark(engine: Engine, tmp_path):
    begin(engine)
    backup.write_backup(engine, tmp_path / "kept")
    look = RevisionProbe(engine)
    repository.record_facts(engine, [participant("ONE")], what="later", moment=BEGUN.replace(year=2027))
    before = look()
    backup.restore_backup(tmp_path / "kept", engine, replace=True)
    assert look() != before
    repository.record_facts(engine, [participant("TWO")], what="otherwise", moment=BEGUN.replace(year=2028))
    assert (look().number, look() == before) == (before.number, False)
    look.close()


def test_who_did_what_is_not_set_back(engine: Engine, tmp_path):
    fill(engine)
    backup.write_backup(engine, tmp_path / "kept")
    later = "INSERT INTO audit (at, who, role, place, action, subject, outcome, request) "
    with write_transaction(engine) as connection:
        connection.execute(
            text(f"{later} SELECT at, 'later', role, place, action, subject, outcome, request FROM audit")
        )
    backup.restore_backup(tmp_path / "kept", engine, replace=True)
    assert rows(engine, "audit") == 4


@pytest.mark.parametrize("harm", ["row", "page", "short", "letter"])
def test_a_damaged_backup_changes_nothing(harm, engine: Engine, tmp_path):
    begin(engine)
    file = tmp_path / "kept"
    backup.write_backup(engine, file)
    if harm == "row":
        with closing(sqlite3.connect(file)) as made, made:
            made.execute("UPDATE actions SET date = '2003-07-09'")
    elif harm == "page":
        page = bytearray(file.read_bytes())
        page[len(page) // 2 :] = b"x" * (len(page) - len(page) // 2)
        file.write_bytes(page)
    else:
        file.write_bytes(file.read_bytes()[:5000] if harm == "short" else b"Dear Secretary-General, " * 100)
    before = held_by(engine)
    with pytest.raises(Damaged, match=r"damaged|not what it was"):
        backup.restore_backup(file, engine, replace=True)
    assert held_by(engine) == before


def test_an_sqlite_record_is_not_taken_for_a_backup(tmp_path, engine: Engine):
    with database("sqlite", tmp_path) as url, open_engine(url) as other:
        migrate(other)
        file = Path(str(other.url.database))
    with pytest.raises(BadQuestion, match="is no backup"):
        backup.restore_backup(file, engine)


def test_a_database_of_a_newer_version_is_refused(engine: Engine, tmp_path):
    begin(engine)
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with open_engine(engine.url.render_as_string(hide_password=False)) as again:
        with pytest.raises(Unavailable, match="newer version"):
            repository.current_revision(again)
        with pytest.raises(Unavailable, match="newer version"):
            migrate(again)


def test_the_commands_back_up_restore_and_verify(engine: Engine, database_url: str, tmp_path, capsys):
    begin(engine)

    def tracker(*arguments) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["--database", database_url, *map(str, arguments)])
        said = capsys.readouterr()
        return stopped.value.code, " ".join((said.out + said.err).split())

    assert tracker("backup", tmp_path / "kept")[0] == 0
    assert tracker("backup", tmp_path / "kept")[0] == 2
    assert tracker("restore", tmp_path / "kept")[0] == 2
    assert tracker("restore", tmp_path / "kept", "--replace")[0] == 0
    assert tracker("verify") == (0, "The database is intact.")
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE revisions SET recorded = 9 WHERE number = 2"))
    assert tracker("verify") == (1, "Revision 2 says 9 facts recorded; there are 1. 1 fault.")
