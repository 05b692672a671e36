"""`tracker doctor` looks at the real parts of an installation and says what is wrong and what to do."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from tests.support.alert_story import Inbox
from tests.support.ready_databases import set_up_shipped_record
from tests.support.status_server import Server
from tracker.cli import cli
from tracker.config import Settings
from tracker.maintenance import doctor
from tracker.maintenance.doctor import installation_report
from tracker.maintenance.health import JOBS
from tracker.storage import job_locks
from tracker.storage.database import write_transaction
from tracker.sync.sync import record_failure

NOW = datetime.now(UTC)
KEY = "a key of many different characters 0123456789"


def now():
    return datetime.now(UTC)


@pytest.fixture
def server():
    running = Server()
    running.answers["/robots.txt"] = (200, {}, b"")
    yield running
    running.stop()


def report(url, clock=now, *, network=False, **given):
    """What the doctor says of an installation that is otherwise in order: by name, the outcomes and the words."""
    usual = {"secret_key": KEY, "contact": "editors@example.org"}
    made = installation_report(Settings(database_url=url, **usual | given), clock, network=network)
    return made, [(each.name, each.outcome.value, f"{each.found} {each.advice}") for each in made.checks]


def said(lines, name):
    return [(outcome, words) for each, outcome, words in lines if each == name]


def run_all_jobs(engine):
    for name in JOBS:
        claim = job_locks.JobClaim(
            job=name, slot=now(), every=timedelta(days=1), holder="w", lasting=timedelta(minutes=5)
        )
        assert job_locks.acquire(engine, claim, now())
        job_locks.release(engine, claim, job_locks.JobOutcome.DONE, "", now())


def test_an_installation_in_order_has_no_warnings(engine: Engine, database_url, server):
    run_all_jobs(engine)
    with Inbox() as inbox:
        made, lines = report(
            database_url, network=True, smtp_url=inbox.url, mail_from="tracker@treaties.example", untc_url=server.url
        )
    assert made.ok
    assert [line for line in lines if line[1] != "ok"] == [
        ("data", "warn", "The database is empty. Run `tracker init`, or `tracker import` with your own files.")
    ]
    assert {"database", "integrity", "clock", "disk", "jobs", "mail", "network"} <= {name for name, *_ in lines}
    assert [path for path, _ in server.asked] == ["/robots.txt"]
    assert inbox.letters == []


def test_a_database_that_is_missing_or_of_another_version_is_a_failure_with_what_to_do(tmp_path, engine, database_url):
    missing, lines = report(f"sqlite:///{tmp_path}/nothing.db")
    assert not missing.ok
    assert "Run `tracker init`" in said(lines, "database")[0][1]
    assert not (tmp_path / "nothing.db").exists()
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    older, lines = report(database_url)
    assert not older.ok
    assert "Run `tracker init`" in said(lines, "database")[0][1]


def test_a_damaged_file_is_found(tmp_path):
    file = tmp_path / "record.db"
    url = set_up_shipped_record(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(file.read_bytes())
    for page in range(20, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    file.write_bytes(content)
    made, lines = report(url)
    assert not made.ok
    assert "damaged" in said(lines, "integrity")[0][1]


def test_clocks_that_differ_are_said(engine: Engine, database_url):
    _, lines = report(database_url, lambda: now() - timedelta(seconds=20))
    assert said(lines, "clock")[0][0] == "warn"
    made, lines = report(database_url, lambda: now() - timedelta(hours=2))
    assert not made.ok
    assert "NTP" in said(lines, "clock")[0][1]


def test_the_clock_of_another_server_is_compared_too(database_url, engine, server):
    def ahead(handler):
        handler.send_response_only(404)
        handler.send_header("Date", format_datetime(now() + timedelta(hours=1)))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.answers["/robots.txt"] = ahead
    made, lines = report(database_url, network=True, untc_url=server.url)
    assert not made.ok
    assert said(lines, "clock")[-1][1].startswith("3")  # 3600 seconds, or a few less


def test_little_space_is_a_warning_and_next_to_none_a_failure(database_url, engine, monkeypatch):
    monkeypatch.setattr(doctor, "LITTLE_SPACE", 2**62)
    assert {outcome for outcome, _ in said(report(database_url)[1], "disk")} == {"warn"}
    monkeypatch.setattr(doctor, "NO_SPACE", 2**62)
    assert {outcome for outcome, _ in said(report(database_url)[1], "disk")} == {"fail"}


def test_a_mail_server_that_is_not_there_or_offers_no_encryption_is_a_failure(database_url, engine, server):
    for smtp in ("smtp://127.0.0.1:9", server.url.replace("http:", "smtp:")):
        server.answers.clear()
        made, lines = report(database_url, network=True, smtp_url=smtp, mail_from="a@example.org", untc_url=server.url)
        assert not made.ok
        assert "TRACKER_SMTP_URL" in said(lines, "mail")[0][1]
    with Inbox() as inbox:
        secret = inbox.url.replace("smtp://", "smtp+tls://user:a-password@")
        made, lines = report(database_url, network=True, smtp_url=secret, untc_url=server.url)
    assert not made.ok
    assert [outcome for outcome, _ in said(lines, "mail")] == ["warn", "fail"]  # the sender, and no STARTTLS
    assert "a-password" not in str(lines)


def test_a_site_that_is_not_reached_is_a_warning_and_offline_nothing_is_asked(database_url, engine, server):
    made, lines = report(database_url, network=True, untc_url="http://127.0.0.1:9")
    assert made.ok
    assert said(lines, "network")[0][0] == "warn"
    _, lines = report(database_url, smtp_url="smtp://127.0.0.1:9", mail_from="a@example.org", untc_url=server.url)
    assert said(lines, "network") == said(lines, "mail") == []
    assert server.asked == []


def test_late_jobs_are_a_failure_and_files_in_trouble_a_warning(engine: Engine, database_url):
    assert said(report(database_url)[1], "jobs")[0][1].startswith("No worker has ever run")
    run_all_jobs(engine)
    record_failure(engine, "untoc", now(), "the file has no table")
    lines = report(database_url)[1]
    assert said(lines, "jobs") == [("ok", "All are on time. ")]
    assert "untoc: the file has no table" in said(lines, "synchronization")[0][1]
    made, lines = report(database_url, lambda: now() + timedelta(days=10))
    assert not made.ok
    assert "Late: turn, sync, delivery, outlook, pruning." in said(lines, "jobs")[0][1]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"host": "0.0.0.0"}, "TRACKER_BASE_URL"),
        ({"base_url": "http://treaties.example"}, "not encrypted"),
        ({"base_url": "https://treaties.example"}, "TRACKER_PROXIES"),
        ({"secret_key": "0" * 40}, "TRACKER_SECRET_KEY"),
        ({"secret_key": "abcdefgh-1234567"}, "TRACKER_SECRET_KEY"),
        ({"limits_storage": "redis://127.0.0.1:9/0"}, "TRACKER_LIMITS_STORAGE"),
    ],
)
def test_settings_that_do_not_fit_a_public_site_are_said(tmp_path, given, words):
    _, lines = report(f"sqlite:///{tmp_path}/nothing.db", **given)
    assert [text for _, outcome, text in lines if outcome != "ok" and words in text]


def test_the_command_prints_a_line_for_each_check_or_json_and_exits_with_1_for_a_failure(tmp_path):
    url = f"sqlite:///{tmp_path}/nothing.db"
    run = CliRunner().invoke(cli, ["--database", url, "doctor", "--offline"], standalone_mode=False)
    assert run.return_value == 1
    assert "fail  database: There is no record at" in run.output
    assert "warn  secret key:" in run.output
    CliRunner().invoke(cli, ["--database", url, "init"], catch_exceptions=False)
    run = CliRunner().invoke(cli, ["--database", url, "doctor", "--offline", "--json"], standalone_mode=False)
    answer = json.loads(run.output)
    assert (run.return_value, answer["ok"]) == (0, True)
    assert {"name", "outcome", "found", "advice"} == set(answer["checks"][0])


def test_settings_that_are_refused_are_its_only_lines():
    environ = {"TRACKER_PORT": "x", "TRACKER_SYNC_HOURS": "never"}
    run = CliRunner().invoke(cli, ["doctor", "--json"], env=environ, standalone_mode=False)
    assert run.return_value == 1
    assert [each["found"].partition("=")[0] for each in json.loads(run.output)["checks"]] == list(environ)
