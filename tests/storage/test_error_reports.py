"""Readers' reports of errors as they are kept: limited, closed once with a note, forgotten by age."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.errors import BadQuestion, NotFound, TooMany
from tracker.maintenance import integrity
from tracker.maintenance.retention import delete_expired
from tracker.storage import audit_log, error_reports
from tracker.storage.audit_log import Actor
from tracker.storage.error_reports import (
    BY_CLIENT,
    CLOSED_FOR,
    OPEN_FOR,
    ErrorReport,
    ReportState,
    add_report,
    close_report,
    list_reports,
)  # fmt: skip

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADA = Actor(name="Ada", role="editor")
REPORT = ErrorReport(
    text="It was 2002.\nSee the depositary.", kind="action", treaty="untoc", participant="FRA", what="ratification",
    day="2003", fact="France: ratification (UNTOC), 2003", source="a list", page="/instruments/untoc", language="fr",
)  # fmt: skip


def numbered(number: int) -> ErrorReport:
    return replace(REPORT, text=f"error {number}")


def open_reports(engine):
    return list_reports(engine, ReportState.OPEN)


def test_a_report_is_kept_as_it_was_made_and_the_same_again_is_one(engine):
    number = add_report(engine, REPORT, "192.0.2.1", NOW)
    assert add_report(engine, REPORT, "192.0.2.2", NOW + DAY) == number
    [found] = open_reports(engine)
    assert (found.id, found.made_at, found.report, found.note) == (number, NOW, REPORT, "")
    assert integrity.integrity_faults(engine) == []


def test_one_place_reports_so_much_an_hour_and_no_more(engine):
    for number in range(BY_CLIENT):
        add_report(engine, numbered(number), "192.0.2.1", NOW)
    with pytest.raises(TooMany):
        add_report(engine, numbered(99), "192.0.2.1", NOW + HOUR / 2)
    add_report(engine, numbered(99), "192.0.2.2", NOW + HOUR / 2)
    add_report(engine, numbered(100), "192.0.2.1", NOW + HOUR + timedelta(seconds=1))


def test_all_places_together_are_limited_by_the_day_and_by_what_is_open(engine, monkeypatch):
    monkeypatch.setattr(error_reports, "IN_ALL", 2)
    for number in (1, 2):
        add_report(engine, numbered(number), f"192.0.2.{number}", NOW)
    with pytest.raises(TooMany, match="few minutes"):
        add_report(engine, numbered(3), "192.0.2.3", NOW)
    monkeypatch.setattr(error_reports, "MAX_OPEN", 2)
    with pytest.raises(TooMany, match="waiting for the editors"):
        add_report(engine, numbered(3), "192.0.2.3", NOW + 2 * DAY)
    close_report(engine, open_reports(engine)[0].id, "right", actor=ADA, moment=NOW + 2 * DAY)
    assert add_report(engine, numbered(3), "192.0.2.3", NOW + 2 * DAY)


def test_a_report_is_closed_once_with_a_note_and_the_log_says_by_whom(engine):
    number = add_report(engine, REPORT, "192.0.2.1", NOW)
    close_report(engine, number, "corrected", actor=ADA, moment=NOW + DAY)
    [closed] = list_reports(engine, ReportState.CLOSED)
    assert (closed.closed_by, closed.closed_at, closed.note) == ("Ada", NOW + DAY, "corrected")
    assert open_reports(engine) == []
    [entry] = audit_log.recent_entries(engine)
    assert (entry.who, entry.action) == ("Ada", "close error report")
    assert entry.subject == f"{number} (France: ratification (UNTOC), 2003)"
    with pytest.raises(BadQuestion, match="closed by Ada already"):
        close_report(engine, number, "again", actor=ADA, moment=NOW + DAY)
    for missing in (number + 1, 0, 2**40):
        with pytest.raises(NotFound):
            close_report(engine, missing, "x", actor=ADA, moment=NOW + DAY)
    assert add_report(engine, REPORT, "192.0.2.1", NOW + 2 * DAY) != number


def test_closed_reports_are_forgotten_after_half_a_year_and_open_ones_after_two(engine):
    first, second = (add_report(engine, numbered(each), "192.0.2.1", NOW) for each in (1, 2))
    close_report(engine, first, "right", actor=ADA, moment=NOW)
    assert delete_expired(engine, NOW + CLOSED_FOR).reports == 0
    assert delete_expired(engine, NOW + CLOSED_FOR + DAY).reports == 1
    assert [each.id for each in open_reports(engine)] == [second]
    assert delete_expired(engine, NOW + OPEN_FOR + DAY).reports == 1
