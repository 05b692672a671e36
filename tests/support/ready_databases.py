"""Databases that are set up when a test begins: what migrations make is made once, then copied or used again."""

import functools
import secrets
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from tests.support.paths import DATA
from tracker.storage.database import make_engine
from tracker.storage.import_export import import_files
from tracker.storage.schema import TABLES, migrate

RECORDED = datetime(2026, 11, 1, 12, tzinfo=UTC)  # when the shipped data were, in the files of tests
MOST = 4 * 2**20  # bytes of a schema that is used again: what held more is slower to read, though it is empty
# A commit does not wait for the disk: only a crash of the server itself could lose it, and no test crashes the server.
NOT_WRITTEN_THROUGH = "-csynchronous_commit=off"
# What is in a schema, each with the transaction that made it or changed it last.
MADE_OF = """
    SELECT concat_ws(' ', oid, relname, relacl, xmin) FROM pg_class WHERE relnamespace = %(schema)s::regnamespace
    UNION ALL SELECT concat_ws(' ', attrelid, attname, attribute.xmin) FROM pg_attribute attribute
        JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = %(schema)s::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
    UNION ALL SELECT concat_ws(' ', pg_trigger.oid, pg_trigger.xmin) FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = %(schema)s::regnamespace
    UNION ALL SELECT nspacl::text FROM pg_namespace WHERE oid = %(schema)s::regnamespace
"""
ROOM = "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relnamespace = %s::regnamespace"
BEGIN_AGAIN = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = %s::regnamespace"


@functools.cache
def _migrated_file() -> Path:
    """An SQLite file that migrations have set up, and that is only copied."""
    file = Path(tempfile.mkdtemp(prefix="tracker_ready_")) / "record.db"
    engine = make_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


def set_up_file(file: Path) -> None:
    """An empty record in an SQLite file that is not there yet, as `migrate` makes it."""
    shutil.copyfile(_migrated_file(), file)


@functools.cache
def _shipped_file() -> Path:
    """An SQLite file with the shipped data, which is only copied."""
    file = Path(tempfile.mkdtemp(prefix="tracker_shipped_")) / "record.db"
    set_up_file(file)
    engine = make_engine(f"sqlite:///{file}")
    import_files(engine, [DATA], moment=RECORDED)
    engine.dispose()
    return file


def set_up_shipped_record(file: Path) -> str:
    """The address of an SQLite file with the shipped data, recorded at one known moment, that is not there yet."""
    shutil.copyfile(_shipped_file(), file)
    return f"sqlite:///{file}"


def schema_url(server: str, name: str) -> str:
    """The address of a schema of a PostgreSQL server."""
    options = quote(f"{NOT_WRITTEN_THROUGH} -csearch_path={name}")
    return f"{server}{'&' if '?' in server else '?'}options={options}"


class Schemas:
    """Schemas of one PostgreSQL database, one for each test: those that end as they began are used again."""

    def __init__(self, server: str) -> None:
        self._address = server
        self._server = psycopg.connect(server, autocommit=True, options=NOT_WRITTEN_THROUGH)
        self._spare: list[str] = []
        self._made_of: dict[str, list[str]] = {}  # of those that are set up, in the hands of a test

    def close(self) -> None:
        """Drop what is kept."""
        for name in self._spare:
            self._drop(name)
        self._server.close()

    def url(self, name: str) -> str:
        """The address of a schema."""
        return schema_url(self._address, name)

    def create(self) -> str:
        """The name of a new schema, which is empty."""
        name = f"tracker_test_{secrets.token_hex(8)}"
        self._run("CREATE SCHEMA {}", name)
        return name

    def set_up(self, engine: Engine) -> None:
        """Set up the empty schema that an engine works in."""
        name = str(engine.url.query["options"]).rpartition("=")[2]
        if self._spare:
            self._drop(name)
            self._run("ALTER SCHEMA {} RENAME TO {}", self._spare.pop(), name)
        else:
            migrate(engine)
        self._made_of[name] = self._parts(name)

    def give_back(self, name: str) -> None:
        """What a test has done with: kept if it is as it was once its rows are deleted, else dropped."""
        if name in self._made_of and self._emptied(name):
            spare = f"tracker_spare_{secrets.token_hex(8)}"
            self._run("ALTER SCHEMA {} RENAME TO {}", name, spare)
            self._spare.append(spare)
        else:
            self._drop(name)

    def _emptied(self, name: str) -> bool:
        """Delete all rows, if the schema is otherwise as it began and a failed test holds no lock of it."""
        tables = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name, table.name)) for table in TABLES]
        try:
            if self._parts(name) != self._made_of.pop(name):
                return False
            with self._server.transaction():
                self._server.execute("SET LOCAL lock_timeout = '1s'")
                self._server.execute("SET LOCAL session_replication_role = replica")  # whose audit log can be emptied
                self._server.execute(sql.SQL("; ").join(tables))
                self._server.execute(BEGIN_AGAIN, (name,))
        except psycopg.Error:
            return False
        return self._server.execute(ROOM, (name,)).fetchone()[0] < MOST

    def _parts(self, name: str) -> list[str]:
        """What a schema is made of, by the version that migrations have brought it to."""
        version = sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(name, "alembic_version"))
        parts = [*self._server.execute(MADE_OF, {"schema": name}), *self._server.execute(version)]
        return sorted(part or "" for (part,) in parts)

    def _drop(self, name: str) -> None:
        self._run("DROP SCHEMA {} CASCADE", name)

    def _run(self, command: str, *names: str) -> None:
        self._server.execute(sql.SQL(command).format(*map(sql.Identifier, names)))
