"""Commands on days on which the database cannot serve: one line says why and what to do, and nothing is half done.

What pages say on such days is tested in tests/web/test_bad_days.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from string import ascii_uppercase

import pytest

from tests.conftest import POSTGRES
from tests.support.broken_databases import UNREAD, UNWRITTEN, File, Server
from tests.support.builders import instrument, participant, ratified
from tests.support.commands import COMMANDS  # noqa: F401 - loaded before a test gives up the right to read files
from tests.support.un_site import published
from tracker.cli import main
from tracker.maintenance import integrity
from tracker.storage import database as ways
from tracker.storage import repository
from tracker.storage.database import open_engine
from tracker.storage.schema import migrate

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
MANY = [f"Q{one}{two}" for one in ascii_uppercase for two in "ABCDEFGH"]  # more than a full database has room for
FACTS = [
    instrument("untoc", reference="XVIII-12", threshold=2, delay="90d", adopted_on="2000-11-15"),
    *(participant(code) for code in ["ZZZ", *MANY]),
    ratified("ZZZ", "untoc", "2003-06-01"),
]
PRINTED = [ratified(code, "untoc", "2003-07-01") for code in MANY]
BUSY, LATER, DAMAGED = "is being written by someone else", "Try again", "is damaged. Move it away"
SAID = {  # what is wrong, and what mends it
    ("sqlite", "full"): ("has no room left", "Free some space"),
    ("sqlite", "read_only"): ("may only be read", "Give this user leave to write"),
    ("sqlite", "locked"): (BUSY, LATER),
    ("sqlite", "gone"): ("There is no record at", "Run `tracker init`"),
    ("sqlite", "damaged"): (DAMAGED, "`tracker restore`"),
    ("postgresql", "full"): ("has no room left", "Free some space"),
    ("postgresql", "read_only"): ("may only be read now", "Writing waits"),
    ("postgresql", "locked"): (BUSY, LATER),
    ("postgresql", "gone"): ("cannot be reached", "See that the database server runs"),
    ("postgresql", "damaged"): (DAMAGED, "`tracker restore`"),
}
WRITING = {"import": ("import", "{files}"), "sync": ("sync",)}
READING = {
    "status": ("status", "untoc", "--format", "json"),
    "participant": ("participant", "ZZZ"),
    "held": ("held",),
    "dry run": ("import", "{files}", "--dry-run"),
    "verify": ("verify",),
    "backup": ("backup", "{room}/backup.db"),
    "export": ("export", "{room}/export"),
}
COPY = ("copy", "sqlite:///{room}/copy.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request):
    return request.param


@pytest.fixture
def unmade(kind):
    """A database in which nothing has been set up."""
    found = File() if kind == "sqlite" else Server(POSTGRES)
    yield found
    found.close()


@pytest.fixture
def database(unmade):
    with open_engine(unmade.url) as engine:
        migrate(engine)
        repository.record_facts(engine, FACTS, what="a test", moment=MOMENT)
    return unmade


@pytest.fixture
def room():
    """A folder that everybody may write into, whoever runs the program."""
    folder = Path(tempfile.mkdtemp(prefix="tracker_bad_days_room_"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def files(room):
    """Acts to import, one for each participant."""
    folder = room / "files"
    folder.mkdir(mode=0o755)
    acts = "".join(f"untoc,{code},ratification,2003-07-01,test\n" for code in MANY)
    (folder / "parties.csv").write_text(f"treaty,participant,action,date,source\n{acts}")
    return folder


@pytest.fixture
def tracker(unmade, room, files, capsys, monkeypatch):
    """Run a command on the database and give back (exit code, output, complaints); what it names is filled in."""
    monkeypatch.setenv("TRACKER_UNTC_URL", "http://127.0.0.1:9")

    def run(*words, database=unmade):
        with pytest.raises(SystemExit) as stopped:
            main(["--database", database.url, *(word.format(room=room, files=files) for word in words)])
        for engine in list(ways._ENGINES):
            engine.dispose()  # as the end of a process does
        return stopped.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def un(monkeypatch):
    """The UN Treaty Collection, which prints an act of each participant."""
    for found in published([*FACTS, *PRINTED]):
        monkeypatch.setenv("TRACKER_UNTC_URL", found.server.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield found


def contents(database):
    """What the record says, and its revision; it is whole."""
    with open_engine(database.url) as engine:
        assert integrity.integrity_faults(engine) == []
        return repository.current_revision(engine), repository.live_facts(engine)


def says_so(answer, kind, trouble):
    code, out, err = answer
    assert (code, out) == (75, "")
    assert len(err.splitlines()) == 1
    assert [words for words in SAID[kind, trouble] if words not in err] == []
    assert "hunter2" not in err


@pytest.mark.parametrize("trouble", UNWRITTEN)
@pytest.mark.parametrize("command", WRITING)
def test_a_command_that_cannot_write_says_why_changes_nothing_and_works_afterwards(
    database, kind, tracker, un, command, trouble
):
    before = contents(database)
    with getattr(database, trouble)():
        says_so(tracker(*WRITING[command]), kind, trouble)
    assert contents(database) == before
    code, _, err = tracker(*WRITING[command])
    assert (code, err) == (0, "")
    revision, facts = contents(database)
    assert (revision, len(facts)) == (2, len(FACTS) + len(MANY))


@pytest.mark.parametrize("trouble", UNWRITTEN)
def test_commands_that_only_read_do_so_where_nothing_can_be_written(database, tracker, trouble):
    before = contents(database)
    with getattr(database, trouble)():
        answers = {command: tracker(*words) for command, words in READING.items()}
    assert {command: (code, err) for command, (code, _, err) in answers.items()} == dict.fromkeys(READING, (0, ""))
    assert contents(database) == before


@pytest.mark.parametrize("trouble", UNREAD)
def test_commands_on_a_record_that_cannot_be_read_say_why_and_leave_nothing_behind(
    database, kind, tracker, un, room, trouble
):
    before = contents(database)
    commands = READING | {"copy": COPY} | WRITING
    if (kind, trouble) == ("postgresql", "damaged"):
        del commands["held"]  # it reads another table, which is sound
    with getattr(database, trouble)():
        for words in commands.values():
            says_so(tracker(*words), kind, trouble)
    assert [each.name for each in room.iterdir() if not each.match("copy.db*")] == ["files"]  # an empty copy may stay
    assert contents(database) == before
    assert {command: tracker(*words)[0] for command, words in commands.items()} == dict.fromkeys(commands, 0)


@pytest.mark.parametrize("trouble", ["full", "read_only", "locked"])
def test_a_copy_into_a_database_that_cannot_be_written_leaves_it_empty_and_works_afterwards(
    database, kind, tracker, room, trouble
):
    other = File() if kind == "sqlite" else Server(POSTGRES)
    try:
        with open_engine(other.url) as engine:
            migrate(engine)
        with getattr(other, trouble)():
            says_so(tracker("copy", other.url), kind, trouble)
        assert contents(other) == (0, [])
        assert tracker("copy", other.url)[0] == 0
        assert contents(other) == contents(database)
    finally:
        other.close()


@pytest.mark.parametrize("trouble", ["full", "locked", "gone"])
def test_an_init_that_could_not_be_done_is_done_afterwards(unmade, kind, tracker, trouble):
    if (kind, trouble) == ("postgresql", "full"):
        with open_engine(unmade.url) as engine:
            migrate(engine)  # only in tables that are there can there be no room
    with getattr(unmade, trouble)():
        code, out, err = tracker("init")
    assert (code, out, len(err.splitlines())) == (75, "", 1)
    code, out, err = tracker("init")
    assert (code, "recorded from" in out, err) == (0, True, "")
    assert contents(unmade)[0] == 1
    assert tracker("init")[1] == "The database is ready; its record was left as it is.\n"


@pytest.mark.parametrize("kind", ["sqlite"])  # a server's files are its own affair
def test_a_damaged_file_is_mended_as_the_message_says(database, kind, tracker, room):
    before = contents(database)
    assert tracker("backup", "{room}/backup.db")[0] == 0
    with database.damaged():
        says_so(tracker("verify"), kind, "damaged")
        for rest in database.folder.glob("record.db*"):
            rest.rename(room / rest.name)
        assert tracker("restore", "{room}/backup.db")[0] == 0
        assert contents(database) == before


@pytest.mark.parametrize("command", [("work",), ("serve", "--port", "1")])
def test_what_runs_for_long_does_not_begin_on_a_record_that_is_gone(database, kind, tracker, command):
    with database.gone():
        says_so(tracker(*command), kind, "gone")


def test_a_database_that_was_never_set_up_is_said_to_be_so(unmade, kind, tracker):
    if kind == "sqlite":
        unmade.file.touch()
    for words in [*WRITING.values(), *READING.values(), COPY]:
        code, out, err = tracker(*words)
        assert (code, out, "is not set up for this version" in err) == (75, "", True)
