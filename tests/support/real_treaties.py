"""Real treaties for tests: the rows of `real_clauses.csv`, instruments with their terms, deposits in few words."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from tests.support.builders import act, instrument, ledger, ratified
from tracker.law.entry_into_force import entry_into_force
from tracker.law.model import Action, ActionKind, Fact, Instrument
from tracker.law.threshold import EntryIntoForce

ROWS = list(csv.DictReader(Path(__file__).with_name("real_clauses.csv").read_text(encoding="utf-8").splitlines()))
TERMS = ("delay", "party_delay", "conditions", "withdrawal_delay")


def row_of(treaty: str, kind: str = "entry_into_force") -> dict[str, str]:
    """The row of that treaty; each treaty has one for each kind of clause."""
    [found] = [row for row in ROWS if row["treaty"] == treaty and row["kind"] == kind]
    return found


def real(id: str, treaty: str, **more: Any) -> Instrument:
    """An instrument with that treaty's clause on entry into force, and its withdrawal clause if there is one."""
    row = row_of(treaty)
    terms = {name: row[name] for name in TERMS}
    leaving = [r["withdrawal_delay"] for r in ROWS if r["treaty"] == treaty and r["kind"] == "withdrawal"]
    if leaving:
        terms["withdrawal_delay"] = leaving[0]
    threshold = int(row["threshold"]) if row["threshold"] else None
    return instrument(
        id, **{"title": treaty, "threshold": threshold, "in_force_on": row["in_force_on"], **terms, **more}
    )


def day(text: str) -> date:
    """The day written so."""
    return date.fromisoformat(text)


def deposits(treaty: str, text: str, kind: ActionKind = ActionKind.RATIFICATION) -> list[Action]:
    """Deposits written as `CODE:day`."""
    return [act(kind, code, treaty, on) for code, _, on in (each.partition(":") for each in text.split())]


def made(treaty: str, count: int, on: str) -> list[Action]:
    """So many made deposits on one day, by M00, M01 ..."""
    return [ratified(f"M{number:02}", treaty, on) for number in range(count)]


def entry(*facts: Fact, treaty: str = "it", on: str | None = None) -> EntryIntoForce:
    """The entry into force of a treaty as these facts give it."""
    return entry_into_force(ledger(*facts).as_of(day(on) if on else None), treaty)
