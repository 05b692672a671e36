"""Bad days of a database, made real on SQLite and on PostgreSQL: full, read-only, locked, gone, damaged.

Each is a context: what is inside happens on the bad day, and afterwards the database is as it was before.
"""

import os
import secrets
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Pool, event, make_url

from tests.support.ready_databases import NOT_WRITTEN_THROUGH

UNWRITTEN = ("full", "read_only", "locked")  # days on which the record can be read
UNREAD = ("gone", "damaged")
NOBODY = 65534
ADVISORY = "SELECT pg_advisory_lock(hashtext('tracker ' || current_schema()))"


class File:
    """An SQLite file in a folder that everybody may enter, whose writers wait a tenth of a second."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tracker_bad_days_"))
        self.folder.chmod(0o755)
        self.file = self.folder / "record.db"
        self.url = f"sqlite:///{self.file}?timeout=0.1"
        self._most = 2**32 - 2
        event.listen(Pool, "checkout", self._limit)

    def close(self) -> None:
        event.remove(Pool, "checkout", self._limit)
        shutil.rmtree(self.folder)

    @property
    def unspoken(self) -> list[str]:
        """What no reader may be told."""
        return [str(self.file), self.folder.name, "record.db"]

    def _limit(self, connection, *_) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA max_page_count = {self._most}")

    @contextmanager
    def full(self):
        """No page can be added: those that are there have room for a few rows still."""
        self._most = 1
        try:
            yield
        finally:
            self._most = 2**32 - 2

    @contextmanager
    def read_only(self):
        """Neither the file nor its folder may be written by whoever runs the program; another user has it open."""
        with closing(sqlite3.connect(self.file)) as other:
            other.execute("SELECT * FROM revisions").fetchall()
            with self.shut_to_writers():
                yield

    @contextmanager
    def shut_to_writers(self):
        """The same, where nobody has it open: what SQLite needs beside the file to read it cannot be made."""
        self._all_may(0o444, 0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(NOBODY)
        try:
            yield
        finally:
            if root:
                os.seteuid(0)
            self._all_may(0o644, 0o755)

    def _all_may(self, files: int, folder: int) -> None:
        self.folder.chmod(folder)
        for each in self.folder.iterdir():
            each.chmod(files)

    @contextmanager
    def locked(self):
        """Another process writes, for longer than anybody waits."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                other.execute("ROLLBACK")

    @contextmanager
    def gone(self):
        """The folder is not where it was, as if its disk had been taken away."""
        away = self.folder.with_name(f"{self.folder.name}_away")
        self.folder.rename(away)
        try:
            yield
        finally:
            away.rename(self.folder)

    @contextmanager
    def damaged(self):
        """The middle of the file is overwritten."""
        with closing(sqlite3.connect(self.file)) as last:
            last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sound = self.file.read_bytes()
        third = len(sound) // 3
        self._put(sound[:third] + b"\xa5" * third + sound[2 * third :])
        try:
            yield
        finally:
            self._put(sound)

    def _put(self, content: bytes) -> None:
        """In the place of the file, as a failing disk or a restored copy does."""
        for rest in self.folder.glob("record.db-*"):
            rest.unlink()
        self.file.write_bytes(content)


class Server:
    """A database of its own on the PostgreSQL server, whose writers wait a tenth of a second."""

    def __init__(self, server: str) -> None:
        self.name = f"tracker_bad_days_{secrets.token_hex(6)}"
        self._server = psycopg.connect(server, autocommit=True, options=NOT_WRITTEN_THROUGH)
        self._server.execute(f"CREATE DATABASE {self.name}")
        self._plain = make_url(server).set(database=self.name)
        url = self._plain.set(password="hunter2").update_query_dict(
            {"options": f"{NOT_WRITTEN_THROUGH} -clock_timeout=100ms"}
        )
        self.url = url.render_as_string(hide_password=False)

    def close(self) -> None:
        self._server.execute(f"DROP DATABASE {self.name} WITH (FORCE)")
        self._server.close()

    @property
    def unspoken(self) -> list[str]:
        """What no reader may be told."""
        return [self.name, "hunter2", str(self._plain.host)]

    def _own(self):
        return psycopg.connect(self._plain.render_as_string(hide_password=False), autocommit=True)

    @contextmanager
    def full(self):
        """The server says what it says when its disk is full, to whoever adds a change, a delivery or a deposit."""
        fails = "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END"
        with self._own() as own:
            own.execute(f"CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $${fails}$$")
            tables = ("changes", "deliveries", "actions", "targets")
            for table in tables:
                own.execute(f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION fails()")
            try:
                yield
            finally:
                own.execute("DROP FUNCTION fails CASCADE")

    @contextmanager
    def read_only(self):
        """Every transaction is read-only, as on a standby."""
        self._alter("SET default_transaction_read_only = on")
        try:
            yield
        finally:
            self._alter("RESET default_transaction_read_only")

    @contextmanager
    def locked(self):
        """Another process writes, for longer than anybody waits."""
        with self._own() as other:
            other.execute(ADVISORY)
            yield

    @contextmanager
    def gone(self):
        """The server lets nobody in, and has put everybody out."""
        self._alter("ALLOW_CONNECTIONS false")
        try:
            yield
        finally:
            self._alter("ALLOW_CONNECTIONS true")

    @contextmanager
    def damaged(self):
        """The server says what it says of a page that it cannot make sense of, to whoever reads an instrument."""
        fails = "BEGIN RAISE EXCEPTION 'invalid page in block 0' USING ERRCODE = 'data_corrupted'; END"
        with self._own() as own:
            own.execute("ALTER TABLE instruments RENAME TO sound")
            own.execute(f"CREATE FUNCTION fails() RETURNS SETOF sound LANGUAGE plpgsql AS $${fails}$$")
            own.execute("CREATE VIEW instruments AS SELECT * FROM fails()")
            try:
                yield
            finally:
                own.execute("DROP VIEW instruments")
                own.execute("DROP FUNCTION fails")
                own.execute("ALTER TABLE sound RENAME TO instruments")

    def _alter(self, how: str) -> None:
        """Change the database, and let everybody connect anew."""
        self._server.execute(f"ALTER DATABASE {self.name} {how}")
        self._server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (self.name,))
