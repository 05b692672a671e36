"""The schema and the transactions: migrations that agree with the tables, and trouble that says what mends it."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.support.processes import PROCESSES
from tracker.errors import BadSettings, Unavailable
from tracker.storage import database, repository
from tracker.storage.database import make_engine, read_transaction, write_transaction
from tracker.storage.schema import alembic_config, migrate, schema_is_current
from tracker.storage.tables import METADATA, REVISIONS, Moment


def test_migrations_and_tables_agree(engine: Engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_schema_goes_down_and_up_again(engine: Engine):
    with write_transaction(engine) as connection:
        command.downgrade(alembic_config(connection), "base")
    assert not schema_is_current(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(engine)
    assert schema_is_current(engine)
    assert repository.current_revision(engine) == 0


def test_setting_up_twice_is_the_same_as_once(unmigrated: Engine):
    assert not schema_is_current(unmigrated)
    migrate(unmigrated)
    migrate(unmigrated)
    assert schema_is_current(unmigrated)


def _set_up(url: str, barrier) -> None:
    barrier.wait()
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()


def test_several_processes_may_set_up_the_same_database_at_once(database_url: str):
    barrier = PROCESSES.Barrier(3)
    workers = [PROCESSES.Process(target=_set_up, args=(database_url, barrier)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    engine = make_engine(database_url)
    assert schema_is_current(engine)
    engine.dispose()


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=11))])
def test_a_moment_comes_back_as_the_same_moment_in_utc(engine: Engine, zone: timezone):
    moment = datetime(2003, 9, 29, 23, 59, 59, 123456, tzinfo=zone)
    with write_transaction(engine) as connection:
        connection.execute(insert(REVISIONS).values(number=1, made_at=moment, what="x", recorded=0, retracted=0))
    with read_transaction(engine) as connection:
        kept = connection.scalar(select(REVISIONS.c.made_at))
    assert kept == moment
    assert kept.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        Moment().process_bind_param(datetime(2003, 9, 29), None)  # noqa: DTZ001


def test_a_row_cannot_name_a_revision_that_does_not_exist(engine: Engine):
    row = dict.fromkeys(("code", "name", "acronym", "kind", "parent", "established_on", "dissolved_on"), "")
    row |= {"url": "", "note": "", "source": "", "doubt": "", "recorded_at": datetime.now(UTC), "recorded_in": 99}
    with pytest.raises(IntegrityError), write_transaction(engine) as connection:
        connection.execute(insert(METADATA.tables["bodies"]).values(**row))


def test_a_failure_in_a_transaction_leaves_nothing(engine: Engine):
    def fail() -> None:
        with write_transaction(engine) as connection:
            values = {"number": 1, "made_at": datetime.now(UTC), "what": "x", "recorded": 0, "retracted": 0}
            connection.execute(insert(REVISIONS).values(**values))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail()
    assert repository.current_revision(engine) == 0


def test_a_reader_sees_one_unmoving_picture_and_does_not_wait_for_a_writer(engine: Engine):
    values = {"made_at": datetime.now(UTC), "what": "x", "recorded": 0, "retracted": 0}
    with read_transaction(engine) as reader:
        assert reader.scalar(select(REVISIONS.c.number)) is None
        with write_transaction(engine) as writer:
            writer.execute(insert(REVISIONS).values(number=1, **values))
        assert reader.scalar(select(REVISIONS.c.number)) is None
    assert repository.current_revision(engine) == 1


def test_a_database_not_set_up_says_what_to_run(unmigrated: Engine):
    with pytest.raises(Unavailable, match="tracker init"):
        repository.load_ledger(unmigrated)
    with pytest.raises(Unavailable, match="tracker init"):
        repository.current_revision(unmigrated)


def test_asking_a_missing_file_does_not_make_one(tmp_path: Path):
    engine = make_engine(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(Unavailable, match=r"There is no record at .*none\.db. Run `tracker init`"):
        repository.load_ledger(engine)
    with pytest.raises(Unavailable, match="tracker init"), write_transaction(engine):
        pass
    assert not schema_is_current(engine)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path):
    file = tmp_path / "letter.db"
    file.write_text("Dear Secretary-General, " * 100)
    engine = make_engine(f"sqlite:///{file}")
    with pytest.raises(Unavailable, match="not an SQLite database"):
        repository.load_ledger(engine)
    with pytest.raises(Unavailable, match="not an SQLite database"):
        migrate(engine)
    engine.dispose()


def test_a_missing_folder_is_not_made_in_passing(tmp_path: Path):
    engine = make_engine(f"sqlite:///{tmp_path / 'none' / 'record.db'}")
    with pytest.raises(Unavailable, match="See that the file and its folder exist"):
        migrate(engine)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer_is_unavailable_and_keeps_its_password():
    engine = make_engine("postgresql://me:hunter2@127.0.0.1:9/none")
    with pytest.raises(Unavailable, match="cannot be reached") as refused:
        repository.load_ledger(engine)
    assert "hunter2" not in str(refused.value)


def test_a_writer_that_waits_too_long_is_told_to_come_again(database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "WRITE_LOCK_TIMEOUT", 1)
    engine = make_engine(database_url)
    migrate(engine)
    with write_transaction(engine), pytest.raises(Unavailable, match="Try again"), write_transaction(engine):
        pass
    engine.dispose()


def test_a_mistake_in_a_query_is_not_taken_for_an_absent_database(engine: Engine):
    with pytest.raises(Exception, match=r"nonsense|syntax"), read_transaction(engine) as connection:
        connection.execute(text("SELEKT nonsense"))


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_way_of_writing_a_postgresql_address_works(url: str):
    assert make_engine(url).url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "oracle://me:pw@h"])
def test_other_addresses_are_refused(url: str):
    with pytest.raises(BadSettings, match="Write sqlite:///"):
        make_engine(url)
