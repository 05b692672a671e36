"""Whole chapters of the UN Treaty Collection added from a loopback copy with twenty invented treaties."""

import html
from datetime import UTC, datetime

import pytest

from tests.support.invented_treaties import BY_NUMBER, TREATIES, after
from tests.support.status_server import Server
from tracker.cli import main
from tracker.errors import BadQuestion, Refused, TryLater
from tracker.law.model import Action, Instrument, Participant
from tracker.storage import change_log, repository
from tracker.sync.addition import CHAPTERS, MAX_FAILING, AdditionResult, add_treaties, chapter_named, fetch_chapter
from tracker.sync.http_client import HttpClient, HttpLimits
from tracker.sync.sync import SyncContext

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LIST = "/Pages/Treaties.aspx?id=18&subid=A&clang=_en"
MAINTENANCE = b"<html><body>The site is undergoing urgent maintenance and is currently unavailable.</body></html>"
OTHERS = ("XIX-1", "XVIII-bis", "XVIII-31")  # of another chapter, in no known form, and a second time
ADDED, REFUSED, LATER = AdditionResult.ADDED, AdditionResult.REFUSED, AdditionResult.TRY_LATER
EXPECTED = {  # what becomes of each: the result, the threshold that is taken, and whether the date confirms it
    "XVIII-31": (ADDED, 5, True), "XVIII-31-a": (ADDED, 3, True), "XVIII-32": (ADDED, None, None),
    "XVIII-33": (ADDED, None, None), "XVIII-34": (ADDED, None, None), "XVIII-35": (ADDED, 5, True),
    "XVIII-36": (ADDED, None, None), "XVIII-37": (REFUSED, None, None), "XVIII-38": (REFUSED, None, None),
    "XVIII-39": (LATER, None, None), "XVIII-40": (LATER, None, None), "XVIII-41": (ADDED, None, None),
    "XVIII-42": (ADDED, None, None), "XVIII-43": (ADDED, 7, True), "XVIII-44": (ADDED, 2, True),
    "XVIII-45": (ADDED, None, None), "XVIII-46": (ADDED, 6, True), "XVIII-47": (ADDED, None, None),
    "XVIII-47-a": (ADDED, None, None), "XVIII-48": (ADDED, 8, True),
}  # fmt: skip


def chapter_page(numbers):
    """A list of a chapter with these treaties."""
    addresses = [html.escape(f"ViewDetails.aspx?src=TREATY&mtdsg_no={number}&chapter=18") for number in numbers]
    rows = "".join(f'<tr><td>1.</td><td><a href="{each}">Invented. &nbsp;Somewhere</a></td></tr>' for each in addresses)
    table = f'<table id="x_dgSubChapterList">{rows}</table>'
    return f'<!DOCTYPE html><html><body><a href="/">Home</a>{table}</body></html>'.encode()


@pytest.fixture(scope="module")
def names(record):
    return [each.name for each in record.participants.values() if each.kind == "state"]


@pytest.fixture
def copy(names):
    """The loopback copy: one file is missing, one server error, one under maintenance, one contradicts itself."""
    running = Server()
    for treaty in TREATIES:
        running.answers[treaty.path] = (200, {}, treaty.document(names))
    del running.answers[path_of("XVIII-38")]
    running.answers[path_of("XVIII-39")] = (500, {}, b"")
    running.answers[path_of("XVIII-40")] = (200, {}, MAINTENANCE)
    running.answers[LIST] = (200, {}, chapter_page([*(each.number for each in TREATIES), *OTHERS]))
    yield running
    running.stop()


def path_of(number):
    return BY_NUMBER[number].path


@pytest.fixture
def slept():
    return []


@pytest.fixture
def visitor(slept):
    made = HttpClient(
        "treaties@example.org", limits=HttpLimits(attempts=1, pause=2), sleep=slept.append, monotonic=lambda: 0.0
    )
    made.session.trust_env = False
    yield made
    made.close()


@pytest.fixture
def announced():
    return []


@pytest.fixture
def run(engine, record, copy, visitor, announced):
    """Adds treaties to a record of participants alone."""
    people = [each for each in record.participants.values() if isinstance(each, Participant)]
    repository.record_facts(engine, people, what="participants", moment=NOW)
    how = SyncContext(visitor=visitor, announce=lambda _, changes, __: announced.extend(changes), base_url=copy.url)
    return lambda numbers: list(add_treaties(engine, numbers, how, {}, now=lambda: NOW))


def test_a_chapter_names_its_treaties_in_its_order(copy, visitor):
    listed = fetch_chapter(visitor, "XVIII", base_url=copy.url)
    assert listed.numbers == tuple(each.number for each in TREATIES)
    assert listed.unread == ("XVIII-bis",)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [((404, {}, b""), Refused), ((200, {}, b"<html><body>Nothing here</body></html>"), Refused),
     ((200, {}, b""), Refused), ((200, {}, MAINTENANCE), TryLater), ((500, {}, b""), TryLater)],
)  # fmt: skip
def test_what_is_no_list_is_refused_or_tried_later(copy, visitor, answer, trouble):
    copy.answers[LIST] = answer
    with pytest.raises(trouble):
        fetch_chapter(visitor, "XVIII", base_url=copy.url)


def test_the_chapter_with_sections_is_asked_for_each_of_them(copy, visitor):
    for section in "ABCDE":
        page = chapter_page([f"XI-{section}-1"])
        copy.answers[f"/Pages/Treaties.aspx?id=11&subid={section}&clang=_en"] = (200, {}, page)
    assert fetch_chapter(visitor, "XI", base_url=copy.url).numbers == ("XI-A-1", "XI-B-1", "XI-C-1", "XI-D-1", "XI-E-1")


def test_chapters_are_named_in_roman_or_in_figures():
    assert [chapter_named(each) for each in ("xviii", "18", " XXIX ", "1")] == ["XVIII", "XVIII", "XXIX", "I"]
    assert len(CHAPTERS) == 29
    for wrong in ("XXX", "0", "30", "", "penal"):
        with pytest.raises(BadQuestion, match="is not a chapter of the UN Treaty Collection"):
            chapter_named(wrong)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_twenty_treaties_of_different_kinds_each_come_to_their_own_end(run, engine, announced):
    found = {each.reference: each for each in run([each.number for each in TREATIES])}
    came = {
        number: (each.result, each.added and each.added.instrument.threshold, each.added and each.added.confirmed)
        for number, each in found.items()
    }
    assert came == EXPECTED
    assert "99 parties" in str(found["XVIII-37"].trouble)
    assert found["XVIII-31-a"].added.instrument.parent == "xviii-31"
    assert found["XVIII-31-a"].added.entry.date == after(5, 90), "not before its convention"
    assert [each.name for each in found["XVIII-41"].added.report.held] == ["Ruritania", "Elbonia"]
    assert announced == [], "history is announced to nobody"
    facts = repository.live_facts(engine)
    assert {fact.reference for fact in facts if isinstance(fact, Instrument)} == {
        number for number, (result, *_) in EXPECTED.items() if result is ADDED
    }
    assert len([fact for fact in facts if isinstance(fact, Action)]) == 13 * 10 + 12 - 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_second_run_leaves_alone_what_is_there_and_goes_on_where_the_first_stopped(run, copy, names):
    numbers = ["XVIII-31", "XVIII-39", "XVIII-42"]
    run(numbers)
    del copy.asked[:]
    copy.answers[path_of("XVIII-39")] = (200, {}, BY_NUMBER["XVIII-39"].document(names))
    again = run(numbers)
    assert [each.result for each in again] == [AdditionResult.HELD, ADDED, AdditionResult.HELD]
    assert [path for path, _ in copy.asked] == [path_of("XVIII-39")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_file_is_asked_for_once_with_a_pause_between_two_requests(run, copy, slept):
    run(["XVIII-31", "XVIII-42", "XVIII-45"])
    assert [path for path, _ in copy.asked] == [path_of(each) for each in ("XVIII-31", "XVIII-42", "XVIII-45")]
    assert len(slept) == 2
    assert all(seconds >= 2 for seconds in slept)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_server_that_is_down_is_not_asked_for_everything(run, copy):
    copy.answers = dict.fromkeys(copy.answers, (503, {}, b""))
    found = run([each.number for each in TREATIES])
    assert [each.result for each in found] == [LATER] * MAX_FAILING


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_number_that_is_none_does_not_stop_the_others(run):
    assert [each.result for each in run(["ETS-173", "XVIII-42"])] == [REFUSED, ADDED]


@pytest.fixture
def tracker(engine, record, copy, monkeypatch, capsys):
    """The command: (exit code, output by line)."""
    people = [each for each in record.participants.values() if isinstance(each, Participant)]
    repository.record_facts(engine, people, what="participants", moment=NOW)
    monkeypatch.setenv("TRACKER_UNTC_URL", copy.url)

    def call(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main(["--database", engine.url.render_as_string(hide_password=False), "add", "--pause", "0", *arguments])
        return stopped.value.code, capsys.readouterr().out.splitlines()

    return call


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_adds_a_chapter_and_says_how_it_went(tracker, copy, engine):
    numbers = ["XVIII-31", "XVIII-32", "XVIII-33", "XVIII-36", "XVIII-37"]
    copy.answers[LIST] = (200, {}, chapter_page(numbers))
    code, out = tracker("--chapter", "xviii")
    text = "\n".join(out)
    assert code == 65
    assert out[0] == "Chapter XVIII: 5 listed."
    assert "[1/5] XVIII-31: Convention on Lost Umbrellas, added as 'xviii-31'." in out
    assert (
        "Final clause: Art. 9(1) (read from the depositary's text). It gives the depositary's date, 11 May 2001."
        in text
    )
    assert "was read so, and not taken (it gives another date)" in text
    assert "In treaties.csv: threshold=6; article=Art. 9; delay=90d" in text
    assert "would give that date: 6 with 30d" in text
    assert "Not understood: This Convention shall enter into force on the thirtieth day" in text
    assert "[5/5] XVIII-37: not added." in text
    assert out[-1] == "4 added, 1 refused."
    code, out = tracker("--chapter", "18")
    assert out[-1] == "4 in the data already, 1 refused."
    assert change_log.recent_changes(engine) is not None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_all_goes_through_every_chapter_and_past_a_list_that_cannot_be_had(tracker, copy):
    copy.answers[LIST] = (200, {}, chapter_page(["XVIII-42"]))
    code, out = tracker("--all")
    assert code == 65
    assert "Chapter XVIII: 1 listed." in out
    assert " ".join(" ".join(out).split()).count("there is no list of chapter") == 28
    asked = [path for path, _ in copy.asked if "Treaties.aspx" in path]
    assert len(asked) == len(CHAPTERS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_a_number_or_a_chapter_the_command_asks_for_one(tracker):
    assert tracker()[0] == 2
    assert tracker("--chapter", "penal")[0] == 2
