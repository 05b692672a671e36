"""Facts in few words, for tests: every builder fills in what a test does not care about."""

from typing import Any

from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.law.model import (
    Action,
    ActionKind,
    Assessment,
    Body,
    Fact,
    Instrument,
    InstrumentKind,
    Membership,
    Participant,
    ParticipantKind,
)
from tracker.law.reference_facts import Metric, Statement, StatementKind, Target, TargetKind

SOURCE = "test"
DATES = {
    "adopted_on", "opened_on", "closed_on", "in_force_on", "exists_from", "exists_to", "un_member_since",
    "date", "effective_on", "not_before", "known_by", "established_on", "dissolved_on", "start", "end", "on", "since",
    "made_on", "received_on", "confirmed_on", "withdrawn_on",
}  # fmt: skip


def participant(code: str, **fields: Any) -> Participant:
    """A State, unless `kind` says otherwise."""
    given = {"name": f"Republic of {code}", "kind": ParticipantKind.STATE, "source": SOURCE}
    return Participant(code=code, **given | _dated(fields))


def instrument(id: str, **fields: Any) -> Instrument:
    """A convention without a parent; a protocol with one."""
    kind = InstrumentKind.PROTOCOL if fields.get("parent") else InstrumentKind.CONVENTION
    return Instrument(id=id, **{"title": f"Treaty {id}", "kind": kind, "source": SOURCE} | _dated(fields))


def body(id: str, **fields: Any) -> Body:
    """A body of that id."""
    return Body(id=id, **{"name": f"Body {id}", "source": SOURCE} | _dated(fields))


def act(kind: ActionKind, code: str, treaty: str, date: str | None = None, **fields: Any) -> Action:
    """An act of any kind; without a date it is undated."""
    given = {"date": date, "source": SOURCE} | fields
    return Action(kind=kind, participant=code, instrument=treaty, **_dated(given))


def signed(code: str, treaty: str, date: str | None = None, **fields: Any) -> Action:
    """A signature."""
    return act(ActionKind.SIGNATURE, code, treaty, date, **fields)


def ratified(code: str, treaty: str, date: str | None = None, **fields: Any) -> Action:
    """A ratification."""
    return act(ActionKind.RATIFICATION, code, treaty, date, **fields)


def acceded(code: str, treaty: str, date: str | None = None, **fields: Any) -> Action:
    """An accession."""
    return act(ActionKind.ACCESSION, code, treaty, date, **fields)


def withdrew(code: str, treaty: str, date: str | None = None, **fields: Any) -> Action:
    """A withdrawal."""
    return act(ActionKind.WITHDRAWAL, code, treaty, date, **fields)


def stated(kind: str, code: str, treaty: str, made_on: str | None = None, **fields: Any) -> Statement:
    """A statement of any kind (`reservation`, `objection` ...); without a date it is undated."""
    given = {"made_on": made_on, "source": SOURCE} | fields
    for name in ("kind", "concerns"):
        given |= {name: StatementKind(given[name])} if name in given else {}
    return Statement(kind=StatementKind(kind), participant=code, instrument=treaty, **_dated(given))


def member(body: str, code: str, start: str | None = None, end: str | None = None, **fields: Any) -> Membership:
    """A membership; with `role`, of another sort."""
    given = {"start": start, "end": end, "source": SOURCE} | fields
    return Membership(body=body, participant=code, **_dated(given))


def judged(
    scheme: str, code: str, value: str, start: str | None = None, end: str | None = None, **fields: Any
) -> Assessment:
    """A judgement of the body `judge`, unless told otherwise."""
    given = {"body": "judge", "start": start, "end": end, "source": SOURCE} | fields
    return Assessment(scheme=scheme, participant=code, value=value, **_dated(given))


def target(metric: Metric | None = None, value: int | None = None, on: str = "2010-12-31", **fields: Any) -> Target:
    """A target, not a result, unless told otherwise."""
    given = {"id": "aim", "goal": "A plan", "kind": TargetKind.TARGET, "on": on, "source": SOURCE} | fields
    return Target(metric=metric, value=value, **_dated(given))


def ledger(*facts: Fact) -> Ledger:
    """The ledger of these facts."""
    return Ledger(facts)


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: PartialDate.parse(value) if name in DATES and isinstance(value, str) else value
        for name, value in fields.items()
    }
