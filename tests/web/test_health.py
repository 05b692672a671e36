"""Whether sync and delivery are on time, for whoever watches."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.app import create_app
from tracker.config import Settings
from tracker.maintenance.health import JOBS
from tracker.storage import job_locks
from tracker.sync.sync import record_failure
from tracker.web.health import EXTENSION


@pytest.fixture
def site(engine, database_url):
    app = create_app(Settings(database_url=database_url))
    yield app.test_client()
    app.extensions[EXTENSION].engine.dispose()


def test_a_record_for_which_no_job_has_run_is_not_healthy_and_names_the_late_jobs(site):
    answer = site.get("/health")
    assert answer.status_code == 503
    assert (answer.json["ok"], answer.json["record"], answer.json["late"]) == (False, True, list(JOBS))
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_says_nothing_of_what_went_wrong(site, engine):
    now = datetime.now(UTC)
    record_failure(engine, "untoc", now, "the words of a server")
    claim = job_locks.JobClaim(job="sync", slot=now, every=timedelta(days=1), holder="w", lasting=timedelta(minutes=5))
    assert job_locks.acquire(engine, claim, now)
    job_locks.release(engine, claim, job_locks.JobOutcome.FAILED, "KeyError: the words of a failure", now)
    assert "the words" not in site.get("/health").text


def test_a_record_that_is_gone_is_said_in_plain_json_and_the_process_lives_on(tmp_path):
    client = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'nothing.db'}")).test_client()
    answer = client.get("/health", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert answer.json == {"ok": False, "record": False, "late": [], "jobs": {}}
    alive = client.get("/live")
    assert (alive.status_code, alive.json, alive.headers["Cache-Control"]) == (200, {"ok": True}, "no-store")


def test_a_record_that_cannot_be_had_is_not_named_to_strangers(tmp_path, caplog):
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'nothing.db'}"))
    for path in ("/", "/api/v1/instruments", "/health"):
        answer = app.test_client().get(path)
        assert answer.status_code == 503
        assert "nothing.db" not in answer.text
    assert "nothing.db" in caplog.text


def test_a_record_whose_jobs_have_just_run_is_healthy(site, engine):
    now = datetime.now(UTC)
    for job in JOBS:
        claim = job_locks.JobClaim(
            job=job, slot=now, every=timedelta(days=1), holder="a worker", lasting=timedelta(minutes=5)
        )
        assert job_locks.acquire(engine, claim, now)
        job_locks.release(engine, claim, job_locks.JobOutcome.DONE, "done", now)
    answer = site.get("/health")
    assert (answer.status_code, answer.json["ok"]) == (200, True)
