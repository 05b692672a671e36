"""A whole record copied from one database into another: nothing lost, nothing half there, and it goes on from there."""

import tracemalloc
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, inspect, text

from tests.support.builders import participant, ratified
from tests.support.full_record import BEGUN, MANY, begin, database, fill, held_by, rows
from tracker.cli import main
from tracker.errors import BadQuestion, Damaged, Unavailable
from tracker.maintenance import backup, integrity
from tracker.storage import repository
from tracker.storage.database import open_engine, read_transaction, write_transaction
from tracker.storage.schema import TABLES, migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, tmp_path):
    """An empty database, not set up, of each kind."""
    with database(request.param, tmp_path) as url, open_engine(url) as engine:
        yield engine


def test_every_table_of_the_database_is_known(engine: Engine):
    assert {table.name for table in TABLES} == set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_a_copy_holds_what_the_record_holds_in_every_table(engine: Engine, target: Engine):
    fill(engine)
    told = []
    found = backup.copy_database(engine, target, progress=lambda doing, number: told.append((doing, number)))
    assert found == held_by(engine) == held_by(target)
    assert all(each.rows for each in found)
    assert rows(target, "sessions") == 0
    assert ("Copying participants", MANY + 3) in told
    assert repository.recent_revisions(target) == repository.recent_revisions(engine)


def test_there_and_back_again_nothing_has_changed(engine: Engine, target: Engine, tmp_path):
    fill(engine)
    with database(engine.dialect.name, tmp_path) as url, open_engine(url) as back:
        backup.copy_database(engine, target)
        assert backup.copy_database(target, back) == held_by(engine)


def test_a_copied_record_is_sound_and_says_the_same(engine: Engine, target: Engine):
    begin(engine)
    backup.copy_database(engine, target)
    assert integrity.integrity_faults(target) == []
    assert repository.live_facts(target) == repository.live_facts(engine)
    (was,) = [act for act in repository.load_ledger(target).known_at(BEGUN).acts("untoc") if act.participant == "FRX"]
    assert str(was.date) == "2003-07-01"


def test_a_copy_goes_on_from_there(engine: Engine, target: Engine):
    fill(engine)
    backup.copy_database(engine, target)
    outcome = repository.record_facts(target, [participant("NEW")], what="later", moment=BEGUN)
    assert outcome.revision == 4
    with write_transaction(target) as connection:
        for table in [
            table for table in TABLES if table.autoincrement_column is not None and table.name != "revisions"
        ]:
            said = ", ".join(f'"{column.name}"' for column in table.columns if column.name != "id")
            row = connection.execute(table.select().order_by(table.c.id.desc()).limit(1)).mappings().one()
            unique = {
                "key",
                "fingerprint",
                "digest",
                "code",
                "slot",
                "subscription",
                "number",
                "table",
                "event",
                "aspect",
            }
            new = {name: _other(value) if name in unique else value for name, value in row.items() if name != "id"}
            if table.name in ("told", "attempts"):
                continue  # what they are unique in refers to other rows
            made = connection.execute(table.insert().values(**new)).inserted_primary_key
            assert made[0] == row["id"] + 1, said


def _other(value):
    if isinstance(value, datetime):
        return value + timedelta(hours=1)
    return f"{value}!" if isinstance(value, str) else value


def test_a_database_that_holds_anything_is_not_filled(engine: Engine, target: Engine):
    begin(engine)
    migrate(target)
    repository.record_facts(target, [participant("OWN")], what="its own", moment=BEGUN)
    before = held_by(target)
    with pytest.raises(BadQuestion, match="not empty"):
        backup.copy_database(engine, target)
    assert held_by(target) == before


def test_what_the_other_database_cannot_hold_stops_the_copy_and_leaves_nothing(tmp_path):
    with (
        database("sqlite", tmp_path) as url,
        open_engine(url) as source,
        database("postgresql", tmp_path) as other,
        open_engine(other) as target,
    ):
        migrate(source)
        begin(source)
        with write_transaction(source) as connection:
            connection.execute(text("UPDATE participants SET note = 'a' || char(0) || 'b'"))
        with pytest.raises(BadQuestion, match="cannot hold what participants says"):
            backup.copy_database(source, target)
        assert inspect(target).get_table_names() == []


def test_rows_that_do_not_arrive_as_they_were_stop_the_copy_and_leave_nothing(tmp_path):
    with database("sqlite", tmp_path) as url, open_engine(url) as source, database("sqlite", tmp_path) as other:
        migrate(source)
        begin(source)
        with open_engine(other) as target:
            migrate(target)
            with write_transaction(target) as connection:  # as a fault of the disk or the program would
                connection.execute(
                    text("CREATE TRIGGER worm AFTER INSERT ON actions BEGIN UPDATE actions SET note = 'eaten'; END")
                )
            with pytest.raises(Damaged, match="actions did not arrive as it was"):
                backup.copy_database(source, target)
            assert rows(target, "participants") == 0


def test_the_source_is_one_picture_whoever_writes_meanwhile(engine: Engine, target: Engine):
    begin(engine)
    before = held_by(engine)

    def write(doing: str, number: int) -> None:
        if doing == "Copying revisions":
            repository.record_facts(engine, [ratified("GBX", "untoc", "2003-07-03")], what="meanwhile", moment=BEGUN)

    assert backup.copy_database(engine, target, progress=write) == before
    assert repository.current_revision(engine) == 3


def test_memory_does_not_grow_with_the_record(engine: Engine, target: Engine):
    migrate(engine)
    for part in range(6):
        many = [participant(f"P{part}-{number}", note="x" * 2000) for number in range(2000)]
        repository.record_facts(engine, many, what="many", moment=BEGUN)
    tracemalloc.start()
    backup.copy_database(engine, target)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 14_000_000, "of 24 MB of notes, a few batches"


def test_a_record_that_is_not_there_is_not_copied(target: Engine, tmp_path):
    with open_engine(f"sqlite:///{tmp_path / 'none.db'}") as source, pytest.raises(Unavailable, match="tracker init"):
        backup.copy_database(source, target)


def test_the_command_copies_and_says_how_much(engine: Engine, target: Engine, database_url: str, capsys):
    begin(engine)
    where = target.url.render_as_string(hide_password=False)
    with pytest.raises(SystemExit) as stopped:
        main(["--database", database_url, "copy", where])
    assert stopped.value.code == 0
    assert "Copied and verified: 8 rows in 4 tables." in " ".join(capsys.readouterr().out.split())
    with read_transaction(target) as connection:
        assert repository.revision_number(connection) == 2
    with pytest.raises(SystemExit) as stopped:
        main(["--database", database_url, "copy", where])
    assert (stopped.value.code, "not empty" in capsys.readouterr().err) == (2, True)
