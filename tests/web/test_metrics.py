"""The figures, and who may read them."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.builders import instrument, participant
from tracker.config import Settings
from tracker.storage import job_locks, repository
from tracker.sync.sync import record_failure

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN = "a token for the figures"


@pytest.fixture
def site(engine, database_url, opened):
    repository.record_facts(
        engine, [participant("FRA"), instrument("untoc", threshold=2, delay="90d")], what="x", moment=NOW
    )
    return opened(Settings(database_url=database_url, metrics_token=TOKEN))


def figures(app, **rest):
    answer = app.test_client().get("/metrics", buffered=True, **rest)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


def test_requests_are_counted_by_endpoint_and_status_and_the_kept_ones_apart(site):
    for path in ("/instruments/untoc", "/instruments/untoc", "/nothing", "/confirm/whatever"):
        site.test_client().get(path, buffered=True)
    found = figures(site)
    assert found["tracker_requests_total", "record.instrument", "GET", "200"] == 2
    assert found["tracker_requests_total", "none", "GET", "404"] == 1
    assert found["tracker_kept_answers_total",] == 1
    assert found["tracker_request_seconds_count", "record.instrument"] == 2
    assert found["tracker_ledger_load_seconds_count",] == 1
    assert found["tracker_revision",] == 1
    assert not [name for name in found if "whatever" in name or "untoc" in name]


def test_figures_of_jobs_and_syncs_come_from_the_record(site, engine):
    now = datetime.now(UTC)
    record_failure(engine, "untoc", now, "Down.")
    claim = job_locks.JobClaim(job="turn", slot=now, every=NOW - NOW.replace(hour=0), holder="w", lasting=NOW - NOW)
    job_locks.acquire(engine, claim, now)
    job_locks.release(engine, claim, job_locks.JobOutcome.DONE, "done", now)
    found = figures(site)
    assert (found["tracker_job_late", "turn"], found["tracker_job_late", "sync"]) == (0, 1)
    assert found["tracker_job_last_done_timestamp_seconds", "turn"] == pytest.approx(now.timestamp())
    assert found["tracker_sync_ok", "untoc"] == 0
    assert found["tracker_deliveries", "waiting"] == found["tracker_oldest_due_message_seconds",] == 0


def test_a_record_that_is_gone_is_a_figure_too(tmp_path, opened):
    app = opened(Settings(database_url=f"sqlite:///{tmp_path}/nothing.db"))
    assert figures(app)["tracker_record_up",] == 0


@pytest.mark.parametrize(
    ("remote", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.9", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("203.0.113.9", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("203.0.113.9", {"Authorization": "Bearer another token"}, 403),
        ("203.0.113.9", {"Authorization": "Bearer "}, 403),
    ],
)
def test_the_figures_are_for_this_machine_or_for_who_bears_the_token(site, remote, headers, status):
    environ = {"REMOTE_ADDR": remote}
    answer = site.test_client().get("/metrics", headers=headers, environ_overrides=environ, buffered=True)
    assert answer.status_code == status
    assert ("tracker_revision" in answer.text) is (status == 200)


def test_without_a_token_nobody_far_away_reads_them(engine, database_url, opened):
    app = opened(Settings(database_url=database_url))
    for given in ("Bearer ", "Bearer none", ""):
        far = {"REMOTE_ADDR": "203.0.113.9"}
        answer = app.test_client().get("/metrics", headers={"Authorization": given}, environ_overrides=far)
        assert answer.status_code == 403


TWO = """
import os, sys
from tracker.app import create_app
from tracker.config import Settings
app = create_app(Settings(database_url=sys.argv[1]))
for _ in range(3):
    app.test_client().get("/instruments/untoc", buffered=True)
    if os.fork() == 0:
        app.test_client().get("/instruments/untoc", buffered=True)
        os._exit(0)
    os.wait()
print(app.test_client().get("/metrics").text)
"""


def test_several_processes_count_together_where_they_are_given_a_folder(site, database_url, tmp_path):
    folder = tmp_path / "figures"
    folder.mkdir()
    environ, program = (
        {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)},
        [sys.executable, "-c", TWO, database_url],
    )
    told = subprocess.run(program, env=environ, capture_output=True, text=True, check=True)
    assert re.search(r'requests_total\{endpoint="record.instrument",method="GET",status="200"\} 6.0', told.stdout)
    assert "tracker_revision 1.0" in told.stdout
