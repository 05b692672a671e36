"""Goals and reported figures on their page: by goal and indicator, each with its verdict and working.

The verdicts are `tracker.law.targets`' business; here the address chooses among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from tracker.errors import BadQuestion
from tracker.law import answers
from tracker.law.answers.plain import Plain
from tracker.law.ledger import remembered
from tracker.law.targets import Outcome
from tracker.web import Asked, ask
from tracker.web.figures import charts
from tracker.web.formats import Answer, answered
from tracker.web.pages import FORM
from tracker.web.schemes import called

aims = Blueprint("aims", __name__)
COLUMNS = (
    "id", "goal", "indicator", "measure", "unit", "kind", "fiscal_year", "on", "reported", "target", "computed",
    "computed_on", "verdict", "reached_on", "working", "text", "metric", "instrument", "scheme", "among", "bodies",
    "aim", "since", "source", "doubts",
)  # fmt: skip
VERDICTS = tuple(outcome.value for outcome in Outcome)
COMPUTED = "computed"  # chooses all that the record can compute

_targets = remembered(answers.targets_answer)


@aims.get("/targets")
@aims.get(f"/targets.{FORM}")
def page(form: str | None = None) -> ResponseReturnValue:
    """Every goal and figure against the record."""
    return answered(targets_page(ask(), request.args), "targets.html", form)


def targets_page(asked: Asked, query: Mapping[str, str]) -> Answer:
    """The figures that the address chooses, with their verdicts; BadQuestion for a choice there is none of."""
    whole = _targets(asked.ledger)
    goals = list(dict.fromkeys(row["goal"] for row in whole["targets"]))
    chosen = {
        "goal": _one_of(query, "goal", goals),
        "instrument": _one_of(query, "instrument", sorted({r["instrument"] or "" for r in whole["targets"]})),
        "verdict": _one_of(query, "verdict", (COMPUTED, *VERDICTS)),
    }
    rows = [row for row in whole["targets"] if _wants(row, chosen)]
    numbers = Counter(row["verdict"] for row in rows)
    data = {
        "as_of": whole["as_of"],
        "count": len(rows),
        "verdicts": {verdict: numbers[verdict] for verdict in VERDICTS},
        "targets": rows,
    }
    extra = {
        "chosen": chosen,
        "goals": goals,
        "instruments": _instruments(whole["targets"]),
        "everything": whole,
        "tree": _tree(rows),
        "charts": charts,
        "called": called,
        "bodies": asked.ledger.bodies,
    }
    return Answer("targets", data, rows, COLUMNS, extra)


def _wants(row: Plain, chosen: Mapping[str, str]) -> bool:
    return (
        chosen["goal"] in ("", row["goal"])
        and chosen["instrument"] in ("", row["instrument"])
        and (chosen["verdict"] in ("", row["verdict"], COMPUTED))
        and (chosen["verdict"] != COMPUTED or row["computed"] is not None)
    )


def _instruments(rows: Sequence[Plain]) -> list[tuple[str, str]]:
    found = {row["instrument"]: row["instrument_name"] for row in rows if row["instrument"]}
    return sorted(found.items(), key=lambda pair: pair[1])


def _tree(rows: Sequence[Plain]) -> dict[str, dict[str, list[Plain]]]:
    """The rows by goal and indicator: indicators as they are numbered, rows by their day."""
    found: dict[str, dict[str, list[Plain]]] = {}
    for row in sorted(rows, key=lambda each: str(each["on"])):
        found.setdefault(row["goal"], {}).setdefault(row["indicator"], []).append(row)
    return {goal: dict(sorted(found[goal].items(), key=_place)) for goal in dict.fromkeys(r["goal"] for r in rows)}


def _place(item: tuple[str, Any]) -> tuple[bool, str]:
    """Numbered indicators first, by their number; what stands beside the plan's indicators last."""
    head = item[0].partition(" ")[0]
    return "." not in head, item[0]


def _one_of(query: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    value = query.get(name, "")
    if value and value not in known:
        shown = ", ".join(filter(None, known))
        raise BadQuestion(f"{name}='{value[:40]}' is not there to choose; choose one of: {shown}.")
    return value
