"""What each page shows, as one answer for HTML, JSON and CSV alike.

The rules are asked through `tracker.law.answers`, each question once for each view of the record;
choosing and sorting happen here, drawing in the templates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tracker.law import answers
from tracker.law.answers.plain import Plain
from tracker.law.dates import PartialDate
from tracker.law.gaps import GapKind
from tracker.law.ledger import remembered
from tracker.web import Asked, charts
from tracker.web.belonging import around
from tracker.web.choosing import choice, options
from tracker.web.citing import citation
from tracker.web.formats import Answer
from tracker.web.schemes import called
from tracker.web.tongues import tongues_of
from tracker.web.wording import Footnotes

Query = Mapping[str, str]

_instrument = remembered(answers.instrument_answer)
_participants = remembered(answers.participants_answer)
_participant = remembered(answers.participant_answer)
_check = remembered(answers.check_answer)
_overview = remembered(answers.statuses_answer)
_status = remembered(answers.status_answer)
_body = remembered(answers.body_answer)
_courses = remembered(answers.courses_answer)

STATUS_COLUMNS = (
    "instrument", "name", "title", "reference", "subject", "signatories", "parties", "bound", "undated",
    "signed_undated", "threshold.required", "threshold.counted", "threshold.remaining", "threshold.reached_on",
    "threshold.reached_by", "entry_into_force.status", "entry_into_force.date", "entry_into_force.official",
    "entry_into_force.article", "entry_into_force.why", "adopted_on", "opened_on", "closed_on", "depositary",
    "registration", "url", "source", "doubt",
)  # fmt: skip
STANDING_COLUMNS = (
    "participant", "name", "kind", "region", "un_group", "status", "since", "signature", "consent", "action",
    "bound_since", "bound_until", "bound_why", "withdrawal", "withdrawal_effective", "territories", "undated",
    "counted", "not_counted", "why", "notes", "doubts", "sources",
)  # fmt: skip
PROFILE_COLUMNS = ("instrument", "instrument_name", "expected", *STANDING_COLUMNS[5:17], *STANDING_COLUMNS[19:])
PARTICIPANT_COLUMNS = (
    "participant", "name", "kind", "region", "un_group", "exists_to", "consented", "party", "signatory", "withdrawn",
    "absent", "last_act",
)  # fmt: skip
BODY_COLUMNS = (
    "body", "name", "acronym", "kind", "parent", "established_on", "dissolved_on", "members", "instruments", "url",
    "source", "doubt",
)  # fmt: skip
MEMBER_COLUMNS = ("participant", "name", "region", "role", "from", "to", "current", "note", "source", "doubt")
FINDING_COLUMNS = ("check", "severity", "words", "instrument", "participants", "names", "text", "source")
STANDING_SORTS = ("name", "region", "status", "signature", "consent", "bound_since", "withdrawal")
PARTICIPANT_SORTS = ("name", "region", "consented", "signatory", "absent", "last_act")


def home(asked: Asked) -> Answer:
    """Every instrument, what happened last, what comes next, how many findings there are."""
    rows, ledger = _overview(asked.ledger), asked.ledger
    data = {
        "instruments": rows,
        "latest": answers.latest_answer(ledger),
        "upcoming": answers.upcoming_answer(ledger),
        "findings": {"count": _check(ledger, asked.today)["count"]},
    }
    coming = [{**row, "days_left": _days_left(row, asked.day)} for row in rows if _coming(row)]
    return Answer("instruments", data, rows, STATUS_COLUMNS, {"families": _families(rows), "pending": coming})


def instrument(asked: Asked, id: str, query: Query) -> Answer:
    """One instrument with the participants asked for; NotFound for an unknown one."""
    ledger = asked.ledger
    chosen = choice(query, ledger, STANDING_SORTS)
    whole = _instrument(ledger, id)
    rows = chosen.of(whole["participants"])
    data = {**whole, "participants": rows, "missing": chosen.people(whole["missing"])}
    extra = {"choice": chosen, "everyone": len(whole["participants"]), "reasons": query.get("reasons") == "yes"}
    return Answer(id, data, rows, STANDING_COLUMNS, extra, drawn=lambda: _drawn(asked, data))


def _drawn(asked: Asked, data: Plain) -> dict[str, Any]:
    """What the page of an instrument shows beside the data: charts, notes, and what else there is to choose or see."""
    id = data["instrument"]
    return {
        "options": options(asked.ledger),
        "citation": citation(asked, data),
        **charts.of_instrument(asked, id),
        "doubts": Footnotes("doubt"),
        "sources": Footnotes("source"),
        "notes": Footnotes("note"),
        "gaps": _by(data["missing"], "gap", GapKind),
        "family": [_overview_of(asked, each) for each in [data["parent"], *data["protocols"]] if each],
        "findings": _check(asked.ledger, asked.today, id)["findings"],
    }


def participants(asked: Asked, query: Query) -> Answer:
    """Every participant asked for, with how many instruments it is party to."""
    chosen = choice({k: v for k, v in query.items() if k != "standing"}, asked.ledger, PARTICIPANT_SORTS)
    rows = chosen.of(_participants(asked.ledger))
    extra = {"choice": chosen, "options": options(asked.ledger), "instruments": len(asked.ledger.instruments)}
    return Answer("participants", rows, rows, PARTICIPANT_COLUMNS, extra)


def participant(asked: Asked, code: str) -> Answer:
    """One participant on every instrument; NotFound for an unknown one."""
    data = _participant(asked.ledger, code)
    numbers = Counter(row["status"] for row in data["instruments"])
    gaps, drawn = _by(data["gaps"], "gap", GapKind), charts.of_participant(asked, data)
    extra = {"doubts": Footnotes("doubt"), "gaps": gaps, "numbers": numbers, "lanes": drawn}
    extra["tongues"] = tongues_of(data["iso2"]) if not data["exists_to"] else []
    data = {**data, "assessments": [{"name": called(c["scheme"]).name, **c} for c in _courses(asked.ledger, code)]}
    return Answer(code, data, data["instruments"], PROFILE_COLUMNS, extra)


def bodies(asked: Asked) -> Answer:
    """Every body, with its members and what it watches."""
    rows = answers.bodies_answer(asked.ledger)
    names = {id: terms.name for id, terms in asked.ledger.instruments.items()}
    return Answer("bodies", rows, rows, BODY_COLUMNS, {"names": names})


def body(asked: Asked, id: str) -> Answer:
    """One body: members, instruments watched, members missing there; NotFound for an unknown one."""
    data = _body(asked.ledger, id)
    rows = [*data["members"], *data["other_members"]]
    return Answer(id, data, rows, MEMBER_COLUMNS, around(asked, data))


def findings(asked: Asked, query: Query) -> Answer:
    """Everything the checks find, on one instrument where the address names it; NotFound for an unknown one."""
    about = asked.ledger.instrument(query["instrument"]) if query.get("instrument") else None
    data = _check(asked.ledger, asked.today, about.id if about else "")
    extra = {"by_check": _by(data["findings"], "check"), "about": about}
    return Answer("findings", data, data["findings"], FINDING_COLUMNS, extra)


def _by(rows: list[Plain], key: str, order: Iterable[str] = ()) -> dict[str, list[Plain]]:
    """The rows by what they say under a key, in the order given, else as they come."""
    found: dict[str, list[Plain]] = {name: [] for name in order}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return {name: each for name, each in found.items() if each}


def _coming(row: Plain) -> bool:
    """Is the instrument there and not in force yet?"""
    ahead = row["entry_into_force"]["status"] in ("pending", "will-enter-into-force")
    return ahead and row["signature_period"] != "not-open"


def _days_left(row: Plain, day: date) -> int | None:
    """How many days for signing are left, the day itself included; None where no exact last day is ahead."""
    last = PartialDate.parse(row["closed_on"]).exact if row["closed_on"] else None
    return (last - day).days + 1 if last and row["signature_period"] == "open" else None


def _families(rows: list[Plain]) -> list[tuple[str, list[Plain]]]:
    """Instruments by subject in the order of the record, each protocol right after its convention."""
    there = {row["instrument"] for row in rows}
    families: dict[str, list[Plain]] = {}
    for row in rows:
        if row["parent"] not in there:
            families.setdefault(row["subject"], []).extend(_with_protocols(row, rows))
    return [(name.replace("-", " ") or "other", found) for name, found in families.items()]


def _with_protocols(row: Plain, rows: list[Plain]) -> list[Plain]:
    below = [each for each in rows if each["parent"] == row["instrument"] != each["instrument"]]
    return [row, *(found for each in below for found in _with_protocols(each, rows))]


def _overview_of(asked: Asked, id: str) -> dict[str, Any]:
    return _status(asked.ledger, id) if id in asked.ledger.instruments else {"instrument": id, "name": id}
