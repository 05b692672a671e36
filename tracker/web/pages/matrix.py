"""The matrix of participants by instruments: filtered, sorted, drawn, and saved exactly as shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.law.gaps import CONSENTING
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind
from tracker.law.status import ParticipantStatus
from tracker.schemas.matrix import Matrix, MatrixCell, MatrixLine, MatrixRow, matrix_answer, matrix_rows
from tracker.web.context import RequestContext, get_context, iso_moment
from tracker.web.responses import PageAnswer, Sheet, as_xlsx, day_or_text, respond
from tracker.web.table_filters import TableChoice, options, table_choice
from tracker.web.template_filters import act_words, short_day

blueprint = Blueprint("matrix", __name__)
FORM = "<any(json, csv, xlsx):form>"
PERSON = ("participant", "name", "kind", "region", "un_group", "consented", "signed_only")
MOST, ALL = 60, "all"  # columns shown when none is named, and the word that asks for every one
SORTS = ("name", "region", "consented", "signed_only")
RANKS = {
    status: rank
    for rank, status in enumerate(
        (
            ParticipantStatus.PARTY,
            ParticipantStatus.CONTRACTING_PARTY,
            ParticipantStatus.PROVISIONAL,
            ParticipantStatus.SIGNATORY,
            ParticipantStatus.WITHDRAWN,
        )
    )
}
LETTERS = {  # as the depositary's own tables abbreviate them; a ratification goes without
    ActionKind.ACCEPTANCE: "A", ActionKind.APPROVAL: "AA", ActionKind.ACCESSION: "a", ActionKind.SUCCESSION: "d",
    ActionKind.FORMAL_CONFIRMATION: "c", ActionKind.DEFINITIVE_SIGNATURE: "s", ActionKind.CONSENT_TO_BE_BOUND: "b",
    ActionKind.SIMPLIFIED_PROCEDURE: "p", ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL: "r",
}  # fmt: skip

Query = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class MatrixParams:
    """What an address asks of the matrix: participants by `choice`, the instruments, a standing towards one."""

    choice: TableChoice
    instruments: tuple[str, ...]
    towards: str


@blueprint.get("/matrix")
@blueprint.get(f"/matrix.{FORM}")
def page(form: str | None = None) -> ResponseReturnValue:
    """Participants by instruments."""
    asked, form = get_context(), form or request.args.get("format")
    answer = matrix_page(asked, request.args)
    if form == "xlsx":
        return as_xlsx(answer.name, asked.day, matrix_workbook(asked, answer.data))
    return respond(answer, "matrix.html", form)


def matrix_page(asked: RequestContext, query: Query) -> PageAnswer:
    """The matrix that an address asks for; BadQuestion or NotFound for what is not there to choose."""
    wanted, everyone = _wanted(asked.ledger, query), matrix_rows(asked.ledger)
    found = matrix_answer(asked.ledger, _chosen(wanted, everyone), wanted.instruments)
    data = replace(found, participants=_sorted(found.participants, wanted.choice.sort))
    columns = {name: name for name in PERSON} | cell_columns(wanted.instruments, ("status", "act", "date"))
    terms = [(each.id, each.name) for each in asked.ledger.instruments.values()]
    extra = {
        "wanted": wanted,
        "choice": wanted.choice,
        "options": options(asked.ledger),
        "terms": terms,
        "everyone": len(everyone),
        "cell": drawn_cell,
        "letters": {letter: kind.words for kind, letter in LETTERS.items()},
    }
    return PageAnswer("matrix", data, data.participants, columns, extra)


def cell_columns(keys: Iterable[str], parts: Sequence[str]) -> dict[str, str]:
    """The columns of cells, which stand in their rows by these keys."""
    return {f"{key}.{part}": f"cells.{key}.{part}" for key in keys for part in parts}


def matrix_workbook(asked: RequestContext, data: Matrix) -> list[Sheet]:
    """The matrix as a sheet of participants by instruments, and one that says what it is."""
    heads = ["Code", "Participant", "Kind", "Region", "UN regional group", "Consented", "Signed only"]
    columns = [each.name for each in data.instruments]
    heads += [f"{name}: {part}" for name in columns for part in ("status", "act", "date")]
    lines = [[*(getattr(row, key) for key in PERSON), *_of_cells(row.cells.values())] for row in data.participants]
    about: list[list[Any]] = [
        ["As of", asked.day],
        ["As known at", iso_moment(asked.known_at) or "now"],
        ["Revision of the record", asked.revision],
        ["Choices", request.query_string.decode("ascii", "replace") or "none"],
        ["Participants", len(lines)],
        ["Instruments", len(columns)],
    ]
    return [Sheet("Matrix", heads, lines, kept=2), Sheet("About", ["What", "Value"], about)]


def drawn_cell(cell: MatrixCell) -> dict[str, str]:
    """A cell as it is drawn: its mark, the letter of its act, its day, and all of it in words."""
    status, act = cell.status, cell.act
    mark = status.replace(" ", "-") if status != ParticipantStatus.NONE else "none" if cell.expected else "out"
    if act is None:
        return {"mark": mark, "letter": "", "day": "", "words": "none" if cell.expected else "not expected"}
    doubt = ", in doubt" if cell.doubts else ""
    said = "its day not known" if status == ParticipantStatus.NONE else status
    return {
        "mark": "no-day" if status == ParticipantStatus.NONE else mark,
        "letter": LETTERS.get(act, "") + ("?" if doubt else ""),
        "day": short_day(cell.date, "no day"),
        "words": f"{act_words(act)}, {said}{doubt}",
    }


def _wanted(ledger: Ledger, query: Query) -> MatrixParams:
    given = [id for id in query.getlist("instrument") if id]
    named = set(ledger.instruments) if ALL in given else {ledger.instrument(id).id for id in given} or _fullest(ledger)
    instruments = tuple(id for id in ledger.instruments if id in named)
    chosen = table_choice(query, ledger, (*SORTS, *ledger.instruments))
    return MatrixParams(chosen, instruments, ledger.instrument(query["towards"]).id if query.get("towards") else "")


def _fullest(ledger: Ledger) -> set[str]:
    """The instruments shown when none is named: all, or of very many those that most have consented to."""
    consents = Counter(id for row in matrix_rows(ledger) for id, cell in row.cells.items() if cell.status in CONSENTING)
    return set(sorted(ledger.instruments, key=lambda name: -consents[name])[:MOST])


def _chosen(wanted: MatrixParams, rows: Sequence[MatrixLine]) -> list[MatrixLine]:
    """The participants asked for; a standing counts towards one instrument, or towards any of those shown."""
    held = wanted.choice.people(rows)
    if not wanted.choice.standing:
        return held
    towards = (wanted.towards,) if wanted.towards else wanted.instruments
    return [row for row in held if any(row.cells[id].status == wanted.choice.standing for id in towards)]


def _sorted(rows: list[MatrixRow], sort: str) -> list[MatrixRow]:
    key, backwards = sort.removeprefix("-"), sort.startswith("-")
    if not key:
        return rows
    if key in SORTS:
        return sorted(rows, key=lambda row: getattr(row, key), reverse=backwards)
    acted = [row for row in rows if _acted(row, key)]
    acted.sort(key=lambda row: _place(row.cells[key]), reverse=backwards)
    return [*acted, *(row for row in rows if not _acted(row, key))]


def _acted(row: MatrixRow, instrument: str) -> bool:
    return instrument in row.cells and row.cells[instrument].status in RANKS


def _place(cell: MatrixCell) -> tuple[int, str]:
    return RANKS[cell.status], str(cell.date or "")


def _of_cells(cells: Iterable[MatrixCell]) -> list[Any]:
    found: list[Any] = []
    for cell in cells:
        act = act_words(cell.act) if cell.act else None
        found += [cell.status if cell.status != ParticipantStatus.NONE else None, act, day_or_text(cell.date)]
    return found
