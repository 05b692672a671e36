"""Each fault that `tracker verify` looks for, made in a real database, is named; a sound one has none."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, inspect, text

from tests.support.builders import participant
from tests.support.full_record import BEGUN, begin, fill_rest
from tracker.maintenance import integrity
from tracker.storage import repository
from tracker.storage.schema import TABLES
from tracker.storage.tables import FACT_TABLES


@pytest.fixture
def filled(engine: Engine) -> Engine:
    begin(engine)
    repository.record_facts(engine, [participant("CAX")], what="more", moment=BEGUN + timedelta(days=2))
    fill_rest(engine, [table for table in TABLES if table not in FACT_TABLES.values()])
    return engine


def _trusting(connection, _) -> None:
    """Let the database believe whatever it is told."""
    server = not isinstance(connection, sqlite3.Connection)
    connection.execute("SET session_replication_role = replica" if server else "PRAGMA foreign_keys = OFF")
    if server:
        connection.commit()


@pytest.fixture
def spoil(filled: Engine):
    """Do to the database what its own rules forbid, as a hand or a failing disk would; what is found afterwards."""

    def do(*statements: str, **values):
        filled.dispose()
        event.listen(filled, "connect", _trusting)
        with filled.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values if ":" in statement else {})
        event.remove(filled, "connect", _trusting)
        filled.dispose()
        return integrity.integrity_faults(filled)

    return do


def test_a_sound_record_has_no_fault(filled):
    assert integrity.integrity_faults(filled) == []


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["DELETE FROM revisions WHERE number = 2"], "names no row of revisions: 2"),
        (["UPDATE told SET delivery = 999 WHERE id = 7"], "told.delivery names no row of deliveries: 999."),
        (["UPDATE attempts SET delivery = 999 WHERE id = 7"], "attempts.delivery names no row of deliveries: 999."),
        (
            [
                "UPDATE revisions SET number = 9 WHERE number = 3",
                "UPDATE participants SET recorded_in = 9 WHERE recorded_in = 3",
            ],
            "Revision 3 is missing: the next is 9.",
        ),
        (["UPDATE revisions SET made_at = :before WHERE number = 3"], "Revision 3 was made before the one"),
        (["UPDATE participants SET recorded_at = :before WHERE id = 1"], "participants has rows that disagree"),
        (["UPDATE participants SET retracted_at = :later WHERE id = 1"], "participants has rows that disagree"),
        (
            ["UPDATE actions SET retracted_in = 1, retracted_at = recorded_at WHERE id = 1"],
            "actions has rows that disagree with their revisions: 1.",
        ),
        (["UPDATE revisions SET recorded = 99 WHERE number = 1"], "Revision 1 says 99 facts recorded; there are 5."),
        (["UPDATE revisions SET retracted = 7 WHERE number = 2"], "Revision 2 says 7 facts retracted; there are 1."),
        (["DELETE FROM actions WHERE retracted_in = 2"], "Revision 1 says"),
        (["UPDATE told SET subscription = 11 WHERE id = 7"], "whose delivery goes to another subscription: 7."),
        (["UPDATE attempts SET number = 99 WHERE id = 7"], "that their delivery does not know of: 7."),
        (["UPDATE deliveries SET state = 'sent' WHERE id = 7"], "whose state and moment of settling disagree: 7."),
        (["UPDATE fetches SET revision = 99"], "fetches has rows of a revision that does not exist"),
        (["UPDATE actions SET kind = 'ratified-perhaps' WHERE id = 1"], "A fact cannot be read:"),
        (["UPDATE instruments SET conditions = 'no such clause' WHERE id = 1"], "A fact cannot be read:"),
        *(
            ([f"UPDATE {table} SET {column} = 'perhaps'"], f"{table}.{column} has values that the program")
            for table, column in [
                ("deliveries", "state"), ("deliveries", "sort"), ("subscriptions", "state"),
                ("subscriptions", "channel"), ("subscriptions", "pace"), ("changes", "kind"), ("held", "state"),
                ("runs", "outcome"),
            ]
        ),
    ],
    ids=lambda value: value[0][:60] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_fault_is_named(spoil, statements, named):
    found = spoil(*statements, before=BEGUN - timedelta(days=9), later=BEGUN + timedelta(days=9))
    assert [each for each in found if named in each], found


def test_a_table_that_lost_its_rule_and_holds_the_same_twice_is_named(filled):
    """Two live rows of one fact, which no database lets in while its index is there."""
    with filled.begin() as connection:
        found = inspect(connection).get_indexes("actions")
        for index in found:
            if index["unique"]:
                connection.execute(text(f'DROP INDEX "{index["name"]}"'))
        names = [column["name"] for column in inspect(connection).get_columns("actions") if column["name"] != "id"]
        same = ", ".join(f'"{name}"' for name in names)
        connection.execute(text(f"INSERT INTO actions ({same}) SELECT {same} FROM actions WHERE retracted_at IS NULL"))
    assert [each for each in integrity.integrity_faults(filled) if "several rows that are live of the same" in each]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_rule_that_the_server_does_not_enforce_is_named(filled):
    with filled.begin() as connection:
        connection.execute(text("ALTER TABLE told DROP CONSTRAINT IF EXISTS of_a_test"))
        connection.execute(text("ALTER TABLE told ADD CONSTRAINT of_a_test CHECK (id > 8) NOT VALID"))
    assert "The database does not enforce its rule 'of_a_test'." in integrity.integrity_faults(filled)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_whose_pages_are_overwritten_is_said_to_be_damaged(filled):
    """A page that only an index needs: everything is read as before, and still the damage is found."""
    with filled.begin() as connection:
        page = connection.scalar(text("SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'held'"))
        size = connection.scalar(text("PRAGMA page_size"))
    filled.dispose()
    file = Path(filled.url.database)
    with closing(sqlite3.connect(file)) as last:
        last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sound, place = file.read_bytes(), (page - 1) * size + 8
    file.write_bytes(sound[:place] + b"\xa5" * (size - 8) + sound[place + size - 8 :])
    assert integrity.integrity_faults(filled)[0].startswith("The file is damaged: ")
