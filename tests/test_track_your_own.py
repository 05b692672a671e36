"""The chapter "Track your own treaties", executed: from nothing to an alert, with its own files and commands."""

import re
import shlex
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.alert_story import Inbox
from tests.support.paths import ROOT
from tests.support.subscription_app import SITE, Visitor
from tracker.alerts import sending
from tracker.alerts.sending import senders_for
from tracker.app import create_app
from tracker.cli import cli
from tracker.config import Settings
from tracker.storage.database import open_engine

CHAPTER = (ROOT / "docs" / "treaties" / "track-your-own.md").read_text()


@pytest.fixture
def inbox():
    with Inbox() as found:
        yield found


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs commands of the chapter in a folder that has its files and nothing else."""
    monkeypatch.chdir(tmp_path)
    Path("mine").mkdir()
    for name, content in re.findall(r'```csv title="(.*?)"\n(.*?)```', CHAPTER, re.DOTALL):
        Path(name).write_text(content)

    def run(command):
        environment = {"COLUMNS": "200", "TRACKER_DATABASE_URL": "sqlite:///mine.db"}
        return CliRunner().invoke(cli, shlex.split(command)[1:], env=environment, catch_exceptions=False).output

    return run


def test_the_chapter_leads_from_nothing_to_an_alert(run, inbox):
    begin, describe, news = re.findall(
        r"^tracker .*", "".join(re.findall(r"```sh\n(.*?)```", CHAPTER, re.DOTALL)), re.MULTILINE
    )
    assert "0 acts" not in run(begin)
    assert run("tracker status --format csv").count("\n") == 1
    assert "1 recorded" in run(describe)
    shown = re.search(r"```console\n\$ (.*?)\n(.*?)```", CHAPTER, re.DOTALL)
    assert run(shown[1]) == shown[2]
    assert "2 deposits count, 3 required" in run("tracker status lake-water")

    settings = Settings(database_url="sqlite:///mine.db", base_url=SITE, smtp_url=inbox.url, mail_from="t@example.org")
    moments = iter(datetime.now(UTC) + timedelta(seconds=each) for each in range(1, 100))
    with open_engine(settings.database_url) as engine:

        def letters():
            at = next(moments)
            sending.deliver_due(engine, lambda: at, senders_for(settings), "w", site=SITE, jitter=lambda: 0.0)
            return [message_from_bytes(content, policy=SMTP) for _, content in inbox.letters]

        visitor = Visitor(create_app(settings))
        wish = {"channel": "email", "address": "me@example.org", "instrument": "lake-water", "kind": "date-fixed"}
        assert visitor.send("/subscribe", wish).status_code in (200, 303)
        link = re.search(rf"{SITE}(/confirm/[\w-]+)", letters()[-1].get_body(("plain",)).get_content())[1]
        visitor.send(link, {})
        assert "1 recorded" in run(news)
        text = " ".join(letters()[-1].get_body(("plain",)).get_content().split())
    assert "Brazil" in text
    assert "15 September 2025" in text
    assert "15 September 2025" in " ".join(run("tracker status lake-water").split())
