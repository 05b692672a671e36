"""Each step of the schema, down and up again, on a database with something in every table."""

import shutil
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, literal_column, select, text

from tests.support.full_record import begin, fill
from tracker.errors import Unavailable
from tracker.maintenance import integrity
from tracker.storage import repository
from tracker.storage.database import (
    exclusive_transaction,
    known_versions,
    open_engine,
    read_transaction,
    write_transaction,
)
from tracker.storage.schema import TABLES, alembic_config, migrate, schema_is_current

STEPS = [step.revision for step in ScriptDirectory.from_config(alembic_config(None)).walk_revisions()]


def counted(engine: Engine) -> dict[str, int]:
    """The rows of every table that is there."""
    with read_transaction(engine) as connection:
        there = set(inspect(connection).get_table_names())
        found = (table for table in TABLES if table.name in there)
        return {table.name: connection.scalar(select(func.count()).select_from(table)) for table in found}


def said(engine: Engine) -> dict[str, set[tuple]]:
    """What the rows of every table that is there say, column by column, as (column, every row's value in order)."""
    with read_transaction(engine) as connection:
        found = {}
        for name in set(inspect(connection).get_table_names()) & {table.name for table in TABLES}:
            columns = [column["name"] for column in inspect(connection).get_columns(name)]
            keys = inspect(connection).get_pk_constraint(name)["constrained_columns"]
            query = select(*map(literal_column, (f'"{column}"' for column in columns))).select_from(text(f'"{name}"'))
            rows = connection.execute(query.order_by(*(text(f'"{key}"') for key in keys))).all()
            found[name] = {(column, *map(_plain, values)) for column, *values in zip(columns, *rows, strict=True)}
        return found


def _plain(value):
    return str(value.astimezone(UTC)) if isinstance(value, datetime) else str(value)


def kept(before: dict[str, set[tuple]], after: dict[str, set[tuple]]) -> None:
    """What both have is the same in every row; who was signed in signs in again."""
    for name in before.keys() & after.keys() - {"sessions"}:
        columns = {column for column, *_ in before[name]} & {column for column, *_ in after[name]}
        assert {each for each in before[name] if each[0] in columns} == {
            each for each in after[name] if each[0] in columns
        }, name


def step(engine: Engine, move, to: str) -> None:
    with write_transaction(engine) as connection:
        move(alembic_config(connection), to)


def test_the_steps_are_one_chain_named_in_order():
    assert sorted(STEPS, reverse=True) == STEPS
    assert [number for number in STEPS if not number.isdecimal()] == []


def test_each_step_down_keeps_the_rows_of_the_tables_that_stay(engine: Engine):
    fill(engine)
    whole = counted(engine)
    contents = said(engine)
    assert all(whole.values())
    for to in [*STEPS[1:], "base"]:
        step(engine, command.downgrade, to)
        left = counted(engine)
        kept(contents, said(engine))
        emptied = {"sessions"} if to < "0006" else set()  # who was signed in signs in again
        assert {name: left[name] for name in left if name not in emptied} == {
            name: whole[name] for name in left if name not in emptied
        }
    assert counted(engine) == {}
    for to in reversed(STEPS):
        step(engine, command.upgrade, to)
    assert schema_is_current(engine)
    assert integrity.integrity_faults(engine) == []


def test_each_step_up_keeps_the_rows_that_were_there(engine: Engine):
    fill(engine)
    for to in STEPS[1:-1]:
        step(engine, command.downgrade, to)
    before, contents = counted(engine), said(engine)
    for to in reversed(STEPS[:-2]):
        step(engine, command.upgrade, to)
        kept(contents, said(engine))
        now = counted(engine)
        assert {name: now[name] for name in before if name != "sessions"} == {
            name: number for name, number in before.items() if name != "sessions"
        }
    assert schema_is_current(engine)


def upgraded_as_documented(url: str, whole: list) -> None:
    """A database of an earlier version is refused by this one until `tracker init`, and then says the same."""
    with open_engine(url) as installed:
        with pytest.raises(Unavailable, match="Run `tracker init`"):
            repository.current_revision(installed)
        migrate(installed)  # `tracker init`
        assert integrity.integrity_faults(installed) == []  # `tracker verify`
        assert repository.live_facts(installed) == whole


def test_a_file_of_each_earlier_version_is_refused_until_it_is_upgraded_and_then_whole(tmp_path):
    file, older = tmp_path / "record.db", tmp_path / "older.db"
    with open_engine(f"sqlite:///{file}") as engine:
        migrate(engine)
        begin(engine)
        whole = repository.live_facts(engine)
    for version in STEPS[1:]:
        with open_engine(f"sqlite:///{file}") as engine, exclusive_transaction(engine) as connection:
            command.downgrade(alembic_config(connection), version)
        shutil.copyfile(file, older)  # closed: nothing is left beside it
        upgraded_as_documented(f"sqlite:///{older}", whole)


def test_a_database_of_the_first_and_of_a_later_version_is_upgraded_on_a_server_too(engine, database_url):
    begin(engine)
    whole = repository.live_facts(engine)
    for version in (STEPS[-1], STEPS[len(STEPS) // 2]):
        step(engine, command.downgrade, version)
        engine.dispose()
        upgraded_as_documented(database_url, whole)


def test_the_program_knows_the_migrations_that_alembic_finds():
    assert list(known_versions()) == sorted(STEPS)
