"""What a database reports when it cannot serve becomes one sentence that says what to do, on both databases."""

import sqlite3
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import update

from tests.conftest import POSTGRES
from tests.support.builders import participant
from tracker.accounts import api_tokens
from tracker.accounts.api_tokens import Scope
from tracker.cli import main
from tracker.errors import Unavailable
from tracker.storage import repository
from tracker.storage.audit_log import Actor
from tracker.storage.database import make_engine, read_transaction, write_transaction, write_unless_busy
from tracker.storage.operational_tables import TokenRow
from tracker.storage.schema import migrate

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
TOKENS = TokenRow.__table__


def complaint(url):
    engine = make_engine(url)
    with pytest.raises(Unavailable) as trouble, read_transaction(engine):
        pass
    engine.dispose()
    return str(trouble.value)


def postgres(**changed):
    return psycopg.conninfo.conninfo_to_dict(POSTGRES) | changed


def address(**changed):
    parts = postgres(**changed)
    return f"postgresql://{parts['user']}@{parts['host']}:{parts.get('port', 5432)}/{parts['dbname']}"


def test_a_user_that_the_server_does_not_know_is_not_reported_as_a_missing_database():
    assert "does not know the database user" in complaint(address(user="nobody_of_this_name"))


def test_a_missing_database_is_reported_as_one():
    assert "does not exist on its server" in complaint(address(dbname="no_database_of_this_name"))


@pytest.fixture
def damaged(tmp_path):
    """An SQLite file in whose schema a byte is no UTF-8: the driver cannot even decode its own report."""
    path = tmp_path / "record.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    repository.record_facts(engine, [participant("FRA")], what="a test", moment=NOON)
    engine.dispose()
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    content = path.read_bytes()
    assert b"CREATE TABLE participants" in content
    path.write_bytes(content.replace(b"CREATE TABLE participants", b"CREATE TABLE \xff\xfearticipants", 1))
    return f"sqlite:///{path}"


def test_damage_that_the_driver_cannot_decode_is_reported_as_damage(damaged):
    assert "is damaged" in complaint(damaged)


@pytest.mark.parametrize("command", [["status"], ["verify"], ["backup", "FILE"]], ids=lambda words: words[0])
def test_commands_on_such_a_file_end_with_the_advice(damaged, command, tmp_path, capsys):
    words = [str(tmp_path / "copy.db") if each == "FILE" else each for each in command]
    with pytest.raises(SystemExit) as ended:
        main(["--database", damaged, *words])
    assert ended.value.code
    assert "damaged" in "".join(capsys.readouterr())


def seen(engine, id):
    with read_transaction(engine) as connection:
        return connection.execute(TOKENS.select().where(TOKENS.c.id == id)).one().used_at


@pytest.fixture
def token(engine):
    made, secret = api_tokens.create_token(
        engine, "reader", Scope.READ, actor=Actor(name="ada", role="operator"), moment=NOON
    )
    return made, secret


def test_a_reader_with_a_token_does_not_wait_for_a_writer(engine, token):
    made, secret = token
    later = NOON + timedelta(minutes=5)
    with write_transaction(engine):  # were it to wait, it would wait for this for ever
        assert api_tokens.token_for_secret(engine, secret, moment=later)
    assert seen(engine, made.id) is None
    assert api_tokens.token_for_secret(engine, secret, moment=later)
    assert seen(engine, made.id) == later


def test_a_write_that_may_be_left_out_is_left_out_while_somebody_writes(engine, token):
    made, _ = token
    statement = update(TOKENS).where(TOKENS.c.id == made.id).values(used_at=NOON)
    with write_transaction(engine):
        assert not write_unless_busy(engine, statement)
    assert write_unless_busy(engine, statement)
    assert seen(engine, made.id) == NOON


def test_writers_wait_for_one_another_afterwards_as_before(engine, token):
    made, _ = token
    statement = update(TOKENS).where(TOKENS.c.id == made.id).values(used_at=NOON)
    with write_transaction(engine):
        write_unless_busy(engine, statement)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() > 1000
