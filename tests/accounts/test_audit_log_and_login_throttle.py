"""The log of who did what is only added to; guessing passwords is slowed, and shuts nobody out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from tracker.accounts import api_tokens, sessions, users
from tracker.accounts.api_tokens import Scope
from tracker.errors import BadQuestion, NotFound, TooMany
from tracker.maintenance.integrity import integrity_faults
from tracker.storage import audit_log
from tracker.storage.audit_log import Actor
from tracker.storage.database import write_transaction

PASSWORD, WRONG = "correct horse battery staple", "a wrong password"
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
CHIEF = Actor(name="a test", role="operator")
SECOND = timedelta(seconds=1)


@pytest.fixture
def ada(engine):
    users.add_user(engine, "Ada", PASSWORD, moment=MOMENT)
    return engine


def attempt(engine, password=WRONG, *, place="203.0.113.1", moment=MOMENT):
    """What came of an attempt: `in`, `wrong` or `shut`."""
    try:
        sessions.sign_in(engine, "Ada", password, place=place, moment=moment)
    except BadQuestion:
        return "wrong"
    except TooMany as trouble:
        return "shut" if trouble.after >= 1 else "shut without a word when to come again"
    return "in"


def test_a_line_of_the_log_is_neither_altered_nor_taken_out_while_it_is_young(engine):
    now = datetime.now(UTC)
    audit_log.log_refusal(engine, CHIEF, "sign in", "", moment=now, outcome="done")
    for statement in ("UPDATE audit SET who = 'nobody'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match=r"only added to|younger than"), write_transaction(engine) as connection:
            connection.exec_driver_sql(statement)
    assert [each.who for each in audit_log.recent_entries(engine)] == ["a test"]


def add_lines(engine, number):
    for each in range(number):
        audit_log.log_refusal(engine, CHIEF, "write", str(each), moment=datetime.now(UTC), outcome="done")


def columns_of_a_line(**fields):
    """A statement's names and values for a line that the program did not write."""
    given = {"at": "'2020-01-01 00:00:00+00'", "who": "'x'", "role": "''", "place": "''", "action": "'x'"}
    given |= {"subject": "''", "outcome": "'done'", "request": "''"} | fields
    return f"({', '.join(given)}) VALUES ({', '.join(given.values())})"


def test_no_line_can_be_put_in_another_ones_place_or_all_be_taken_out(engine):
    add_lines(engine, 3)
    statement = "TRUNCATE audit" if engine.dialect.name == "postgresql" else (
        f"INSERT OR REPLACE INTO audit {columns_of_a_line(id='1')}"
    )  # fmt: skip
    with pytest.raises(DBAPIError, match="only added to"), write_transaction(engine) as connection:
        connection.exec_driver_sql(statement)
    assert [each.subject for each in audit_log.recent_entries(engine)] == ["2", "1", "0"]
    assert integrity_faults(engine) == []


@pytest.mark.parametrize("chain", ["''", "'" + "0" * 64 + "'"], ids=["no chain", "another chain"])
def test_verify_names_a_line_that_was_added_under_an_earlier_date(engine, chain):
    add_lines(engine, 3)
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(f"INSERT INTO audit {columns_of_a_line(chain=chain)}")
    add_lines(engine, 1)
    (said,) = integrity_faults(engine)
    assert said.startswith("The audit log was altered: lines that do not follow the one before them: 4")


def test_verify_names_the_line_after_one_that_was_taken_out(engine):
    add_lines(engine, 5)
    drop = (
        "ALTER TABLE audit DISABLE TRIGGER USER" if engine.dialect.name == "postgresql"
        else "DROP TRIGGER audit_keeps_the_young"
    )  # fmt: skip
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(drop)
        connection.exec_driver_sql("DELETE FROM audit WHERE id = 3")
        assert audit_log.broken_links(connection) == [4]
        connection.rollback()


def test_refused_sign_ins_do_not_fill_the_log(engine):
    for number in range(audit_log.MAX_REFUSALS + 50):
        stranger = Actor(name=f"name {number}", role="")
        audit_log.log_refusal(engine, stranger, "sign in", "", moment=MOMENT + number * SECOND, outcome="failed: wrong")
    audit_log.log_refusal(engine, CHIEF, "sign in", "", moment=MOMENT + 200 * SECOND, outcome="done")
    audit_log.log_refusal(engine, CHIEF, "write", "", moment=MOMENT + 200 * SECOND, outcome="refused")
    lines = audit_log.recent_entries(engine, limit=500)
    assert len(lines) == audit_log.MAX_REFUSALS + 2
    assert lines[2].outcome == "failed: wrong; no more such lines within the hour"
    later = MOMENT + timedelta(hours=2)
    audit_log.log_refusal(engine, CHIEF, "sign in", "", moment=later, outcome="failed: wrong")
    assert audit_log.recent_entries(engine)[0].at == later


def test_old_lines_are_forgotten_but_never_the_newest(engine, monkeypatch):
    monkeypatch.setattr(audit_log, "MAX_ENTRIES", 2)
    for number in range(4):
        audit_log.log_refusal(
            engine, CHIEF, "write", str(number), moment=datetime(2020, 1, 1, tzinfo=UTC), outcome="done"
        )
    audit_log.log_refusal(engine, CHIEF, "write", "now", moment=datetime(2026, 11, 1, tzinfo=UTC), outcome="done")
    assert [each.subject for each in audit_log.recent_entries(engine)] == ["now", "3"]


def test_a_clock_far_ahead_does_not_empty_the_log(engine):
    audit_log.log_refusal(engine, CHIEF, "write", "before", moment=MOMENT, outcome="done")
    audit_log.log_refusal(engine, CHIEF, "write", "ahead", moment=MOMENT.replace(year=2999), outcome="done")
    assert [each.subject for each in audit_log.recent_entries(engine)] == ["ahead", "before"]


def test_what_is_written_down_is_one_line_that_a_terminal_shows_as_it_is(engine):
    evil = Actor(name="Eve\r\n\x1b[31m\0" + "x" * 9999, role="")
    audit_log.log_refusal(engine, evil, "sign in", "\u202e", moment=MOMENT, outcome="done")
    (line,) = audit_log.recent_entries(engine)
    assert line.who.isprintable()
    assert line.subject.isprintable()
    assert len(line.who) == audit_log.MAX_FIELD_LENGTH


def test_five_wrong_passwords_shut_the_name_at_that_place_and_nowhere_else(ada):
    assert [attempt(ada) for _ in range(6)] == ["wrong"] * 5 + ["shut"]
    assert attempt(ada, PASSWORD) == "shut"
    assert attempt(ada, PASSWORD, place="203.0.113.2") == "in"
    assert attempt(ada, PASSWORD, moment=MOMENT + sessions.THROTTLE_WINDOW + SECOND) == "in"


def test_an_ipv6_network_is_one_place_however_many_addresses_it_has(ada):
    said = [attempt(ada, place=f"2001:db8:1:2::{number:x}") for number in range(6)]
    assert said == ["wrong"] * 5 + ["shut"]
    assert attempt(ada, place="2001:db8:1:3::1") == "wrong"


def test_one_place_tries_no_more_than_so_many_names(ada):
    said = []
    for number in range(sessions.BY_PLACE + 1):
        try:
            sessions.sign_in(ada, f"name {number}", WRONG, place="203.0.113.1", moment=MOMENT)
        except BadQuestion:
            said.append("wrong")
        except TooMany:
            said.append("shut")
    assert said == ["wrong"] * sessions.BY_PLACE + ["shut"]


def test_strangers_everywhere_make_a_name_wait_and_never_shut_out_its_owner(ada):
    home = "198.51.100.7"
    assert attempt(ada, PASSWORD, place=home) == "in"
    moment = MOMENT
    for number in range(sessions.MAX_FAILURES_BY_NAME):
        assert attempt(ada, place=f"203.0.113.{number}", moment=moment) == "wrong"
    assert attempt(ada, place="203.0.113.200", moment=moment) == "shut"
    assert attempt(ada, PASSWORD, place=home, moment=moment) == "in"
    assert attempt(ada, PASSWORD, place="192.0.2.1", moment=moment + sessions.MAX_THROTTLE_WAIT) == "in"


def test_attempts_at_the_same_time_do_not_pass_together(ada):
    with ThreadPoolExecutor(12) as at_once:
        said = list(at_once.map(lambda _: attempt(ada), range(12)))
    assert sorted(said) == ["shut"] * 7 + ["wrong"] * 5


def test_the_right_password_takes_back_what_was_counted(ada):
    for _ in range(3):
        assert [attempt(ada) for _ in range(4)] == ["wrong"] * 4
        assert attempt(ada, PASSWORD) == "in"


def test_a_clock_that_ran_far_ahead_locks_nobody_out_and_lets_nobody_stay(ada):
    ahead = MOMENT.replace(year=2999)
    for _ in range(sessions.BY_NAME_AND_PLACE):
        attempt(ada, moment=ahead)
    kept = sessions.sign_in(ada, "Ada", PASSWORD, place="192.0.2.1", moment=ahead)
    assert attempt(ada, PASSWORD) == "in"
    assert sessions.current_session(ada, kept, moment=MOMENT) is None


def test_passwords_of_many_are_checked_a_few_at_a_time(costly_passwords, ada, monkeypatch):
    running, most = [], []
    verify = sessions.HASHER.verify

    class Watched:
        def verify(self, kept, password):
            running.append(1)
            most.append(len(running))
            try:
                return verify(kept, password)
            finally:
                running.pop()

    monkeypatch.setattr(sessions, "HASHER", Watched())
    monkeypatch.setattr(sessions, "MAX_HASHING_WAIT", 120)  # a slow machine takes long over eight passwords
    with ThreadPoolExecutor(8) as at_once:
        list(at_once.map(lambda number: attempt(ada, place=f"203.0.113.{number}"), range(8)))
    assert len(most) == 8
    assert max(most) <= sessions.MAX_CONCURRENT_HASHES


@pytest.mark.parametrize(("name", "days"), [("", 1), (" x", 1), ("a\nb", 1), ("x" * 81, 1), ("x", 0), ("x", 10**9)])
def test_a_token_of_a_bad_name_or_lifetime_is_not_made(engine, name, days):
    with pytest.raises(BadQuestion):
        api_tokens.create_token(engine, name, Scope.READ, actor=CHIEF, moment=MOMENT, days=days)


@pytest.mark.parametrize("number", [0, -1, 7, 2**31, 10**30])
def test_there_is_no_token_of_a_number_that_was_not_given(engine, number):
    with pytest.raises(NotFound):
        api_tokens.revoke_token(engine, number, actor=CHIEF, moment=MOMENT)
