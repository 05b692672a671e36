"""`tracker serve`: links name the address that is served, and a taken port is reported in one line."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.ready_databases import set_up_shipped_record
from tracker.config import Settings

TRACKER = Path(sys.executable).with_name("tracker")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return set_up_shipped_record(tmp_path_factory.mktemp("serve") / "record.db")


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def serving(database, *options, **environ):
    command = [TRACKER, "--database", database, "serve", *options]
    env = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")} | environ
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process.stdout.readline()
        finally:
            process.terminate()


def fetched(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()


@pytest.mark.parametrize("by_option", [True, False], ids=["option", "environment"])
def test_feed_calendar_and_embeds_name_the_port_that_is_served(database, port, by_option):
    given = (["--port", str(port)], {}) if by_option else ([], {"TRACKER_PORT": str(port)})
    with serving(database, *given[0], **given[1]) as said:
        assert f"http://127.0.0.1:{port}" in said
        for path in ("/changes.atom", "/calendar.ics", "/embed?instrument=untoc"):
            named = set(re.findall(r"http://127\.0\.0\.1:(\d+)", fetched(port, path)))
            assert named == {str(port)}, path


def test_an_address_that_was_set_stays():
    settings = Settings(database_url="sqlite:///x.db", base_url="https://treaties.example")
    assert settings.serving_at("127.0.0.1", 8123).base_url == "https://treaties.example"


def test_an_address_that_was_set_stays_even_if_it_is_the_usual_one():
    usual = Settings().base_url
    given = Settings.from_environment({"TRACKER_BASE_URL": usual, "TRACKER_HOST": "0.0.0.0"})
    assert given.serving_at("0.0.0.0", 80).base_url == usual


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8123"),
        ("::1", "http://[::1]:8123"),
        ("treaties.local", "http://treaties.local:8123"),
    ],
)
def test_links_name_an_address_that_can_be_reached(host, url):
    assert Settings(database_url="sqlite:///x.db").serving_at(host, 8123).base_url == url


def test_a_port_in_use_is_said_with_what_to_do_and_no_traceback(database):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        command = [TRACKER, "--database", database, "serve", "--port", str(number)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 78
    assert f"Port {number} is in use on 127.0.0.1." in ended.stderr
    assert "--port" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Serving on" not in ended.stdout


def test_an_export_to_a_full_disk_is_said_in_one_line(database, tmp_path):
    (tmp_path / "participants.csv.part").symlink_to("/dev/full")
    command = [TRACKER, "--database", database, "export", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 74
    assert ended.stderr.strip() == "No space left on device. Free some space, or name another file or folder."
