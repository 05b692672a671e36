"""Injection into every argument and option of every command: answered or refused in words, never a failure.

The walk goes over the commands themselves, so that an option added tomorrow is attacked tomorrow. Only those that
stay (serve, work) or call other servers whatever they are told (sync) are left out; `add` asks a server on loopback.
"""

from datetime import UTC, datetime
from io import StringIO

import click
import pytest

from tests.cli.test_query_commands import run
from tests.support.attacks import SMALL
from tests.support.commands import COMMANDS
from tests.support.status_server import Server
from tracker.storage import repository
from tracker.storage.database import make_engine
from tracker.storage.schema import migrate

LEFT_OUT = {"serve", "work", "sync"}
EVILS = [
    "' OR '1'='1' UNION SELECT password FROM editors--", "<script>alert(1)</script>", "{{7777*1111}}${7777*1111}%s%n",
    "../../../../etc/passwd/x", "x\r\ny\x1b[2J", "9" * 400, "-1", "1e999", "", " ", "A" * 5000, "\u202e\U0010ffff",
    "(" * 900, "=cmd|' /C calc'!A0", "--help=x",
]  # fmt: skip
SAMPLES = {"id": "untoc", "instrument": "untoc", "code": "FRA", "codes": "FRA", "query": "party=untoc",
           "text": "France", "name": "Ada", "one": "FRA", "other": "ITA", "target": "sqlite:///copy.db"}  # fmt: skip
ALWAYS = {"add": ["--pause", "0"]}  # the server is ours: politeness to it would only cost time
ENDS = {0, 1, 2, 64, 65, 69, 74, 75, 77, 78, 130}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('attacked')}/tracker.db"
    engine = make_engine(url)
    migrate(engine)
    repository.record_facts(engine, SMALL, what="a test", moment=datetime(2026, 11, 1, 12, tzinfo=UTC))
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def collection():
    """A treaty collection that has nothing: every list and file is not found."""
    server = Server()
    yield server.url
    server.stop()


def lines(command, attacked, evil):
    """A command's line with the evil in one place, and samples in the others that it needs."""
    options, arguments = [*ALWAYS.get(command.name, ())], []
    for each in command.params:
        value = evil if each is attacked else SAMPLES.get(each.name, "x")
        if isinstance(each, click.Argument):
            arguments += [value] if each.required or each is attacked else []
        elif each is attacked:
            options += [each.opts[0]] if each.is_flag else [each.opts[0], value]
    return [*options, "--", *arguments]


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - LEFT_OUT))
def test_no_argument_of_any_command_breaks_it(database, collection, tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_UNTC_URL", collection)
    monkeypatch.setattr("sys.stdin", StringIO())
    for attacked in COMMANDS[name].params:
        for evil in EVILS[:1] if getattr(attacked, "is_flag", False) else EVILS:  # a flag takes no value
            line = [name, *lines(COMMANDS[name], attacked, evil)]
            assert run(database, *line) in ENDS, line
            said = capsys.readouterr()
            assert "Traceback" not in said.out + said.err, line
            assert "8640247" not in said.out, line
    assert run(database, "status") == 0, "the record is there as before"
