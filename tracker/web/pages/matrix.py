"""The matrix of participants by instruments: filtered, sorted, drawn, and saved exactly as shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.law.gaps import consented_by_participant
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind
from tracker.law.status import ParticipantStatus
from tracker.messages import message
from tracker.schemas.matrix import Matrix, MatrixCell, MatrixLine, MatrixRow, matrix_answer, matrix_rows
from tracker.schemas.participant_filter import TreatyFacts
from tracker.schemas.statements import LETTER_WORDS
from tracker.web.context import RequestContext, get_context
from tracker.web.labels import STATUSES, label
from tracker.web.language import say
from tracker.web.responses import FORMAT_RULE, PageAnswer, Sheet, about_sheet, as_xlsx, day_or_text, respond
from tracker.web.table_filters import TableChoice, facets, table_choice
from tracker.web.template_filters import DATE_NOT_KNOWN, short_day

blueprint = Blueprint("matrix", __name__)
PERSON = ("participant", "name", "kind", "region", "un_group", "consented", "signed_only")
CELL_PARTS = ("status", "act", "date", "statements")
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

    def facts(self, row: MatrixLine) -> list[TreatyFacts]:
        """What the filter looks at: the cell of one treaty, else those of every treaty shown."""
        cells = (row.cells[id] for id in ([self.towards] if self.towards else self.instruments))
        return [TreatyFacts(cell.status, _consent_of(cell), cell.date) for cell in cells]


def _consent_of(cell: MatrixCell) -> str:
    """The kind of consent that a cell shows, empty for any other action."""
    return str(cell.act) if cell.act and ActionKind(cell.act).consents else ""


@blueprint.get("/matrix")
@blueprint.get(f"/matrix.{FORMAT_RULE}")
def page(form: str | None = None) -> ResponseReturnValue:
    """Participants by instruments."""
    asked, form = get_context(), form or request.args.get("format")
    answer = matrix_page(asked, request.args)
    if form == "xlsx":
        return as_xlsx(answer.name, asked.day, matrix_workbook(asked, answer.data))
    return respond(answer, "matrix.html", form)


def matrix_page(asked: RequestContext, query: Query) -> PageAnswer:
    """The matrix that an address asks for; BadQuestion or NotFound for what is not there to choose."""
    wanted = _read_params(asked.ledger, query)
    everyone = matrix_rows(asked.ledger, dict.fromkeys((*wanted.instruments, *filter(None, (wanted.towards,)))))
    rows = wanted.choice.filter.apply(everyone, wanted.facts)
    found = matrix_answer(asked.ledger, rows, wanted.instruments)
    data = replace(found, participants=_sort_rows(found.participants, wanted.choice.sort))
    columns = {name: name for name in PERSON} | cell_columns(wanted.instruments, CELL_PARTS)
    terms = [(each.id, each.name) for each in asked.ledger.instruments.values()]
    extra = {
        "wanted": wanted,
        "choice": wanted.choice,
        "facets": facets(asked.ledger, wanted.choice.filter, everyone, wanted.facts),
        "terms": terms,
        "everyone": len(everyone),
        "cell": _draw_once(),
        "letter_words": LETTER_WORDS,
        "letters": {letter: kind.words for kind, letter in LETTERS.items()},
    }
    return PageAnswer("matrix", data, data.participants, columns, extra)


def cell_columns(keys: Iterable[str], parts: Sequence[str]) -> dict[str, str]:
    """The columns of cells, which stand in their rows by these keys."""
    return {f"{key}.{part}": f"cells.{key}.{part}" for key in keys for part in parts}


def matrix_workbook(asked: RequestContext, data: Matrix) -> list[Sheet]:
    """The matrix as a sheet of participants by instruments, and one that says what it is."""
    heads = ["Code", "Participant", "Kind", "Region", "UN regional group", "Party to", "Signed but not ratified"]
    columns = [each.name for each in data.instruments]
    heads += [f"{name}: {part}" for name in columns for part in CELL_PARTS]
    lines = [[*(getattr(row, key) for key in PERSON), *_of_cells(row.cells.values())] for row in data.participants]
    about: list[list[Any]] = [
        ["Participants", len(lines)],
        ["Treaties", len(columns)],
        *([f"Letter {letter}", str(words)] for letter, words in LETTER_WORDS.items()),
    ]
    return [Sheet("Matrix", heads, lines, kept=2), about_sheet(asked, about)]


def drawn_cell(cell: MatrixCell) -> dict[str, str]:
    """A cell as it is drawn: its mark, the letter of its act, its day, and all of it in words."""
    status, act = cell.status, cell.act
    mark = status.replace(" ", "-") if status != ParticipantStatus.NONE else "none" if cell.expected else "out"
    if cell.not_in_data:
        return {"mark": mark, "letter": "?", "day": "", "words": say(message("not in our data"))}
    if act is None:
        words = label(status) if cell.expected else say(message("not eligible"))
        return {"mark": mark, "letter": "", "day": "", "words": words}
    said = [ActionKind(act).words, DATE_NOT_KNOWN if status == ParticipantStatus.NONE else STATUSES[status]]
    if cell.status_doubts:
        said.append(message("uncertain"))
    return {
        "mark": "no-day" if status == ParticipantStatus.NONE else mark,
        "letter": LETTERS.get(act, "") + ("?" if cell.status_doubts else ""),
        "day": short_day(cell.date, "?"),
        "words": ", ".join(map(say, said)),
    }


def _draw_once() -> Callable[[MatrixCell], dict[str, str]]:
    """`drawn_cell` for one page, where very many cells are one and the same."""
    drawn: dict[int, dict[str, str]] = {}

    def draw(cell: MatrixCell) -> dict[str, str]:
        found = drawn.get(id(cell))
        if found is None:
            found = drawn[id(cell)] = drawn_cell(cell)
        return found

    return draw


def _read_params(ledger: Ledger, query: Query) -> MatrixParams:
    given = [id for id in query.getlist("instrument") if id]
    named = set(ledger.instruments) if ALL in given else {ledger.instrument(id).id for id in given} or _fullest(ledger)
    instruments = tuple(id for id in ledger.instruments if id in named)
    chosen = table_choice(query, ledger, (*SORTS, *ledger.instruments))
    return MatrixParams(chosen, instruments, ledger.instrument(query["towards"]).id if query.get("towards") else "")


def _fullest(ledger: Ledger) -> set[str]:
    """The instruments shown when none is named: all, or of very many those that most have consented to."""
    consents = Counter(id for ids in consented_by_participant(ledger).values() for id in ids)
    return set(sorted(ledger.instruments, key=lambda name: -consents[name])[:MOST])


def _sort_rows(rows: list[MatrixRow], sort: str) -> list[MatrixRow]:
    key, backwards = sort.removeprefix("-"), sort.startswith("-")
    if not key:
        return rows
    if key in SORTS:
        return sorted(rows, key=lambda row: getattr(row, key), reverse=backwards)
    acted = [row for row in rows if _has_status(row, key)]
    acted.sort(key=lambda row: _place(row.cells[key]), reverse=backwards)
    return [*acted, *(row for row in rows if not _has_status(row, key))]


def _has_status(row: MatrixRow, instrument: str) -> bool:
    return instrument in row.cells and row.cells[instrument].status in RANKS


def _place(cell: MatrixCell) -> tuple[int, str]:
    return RANKS[cell.status], str(cell.date or "")


def _of_cells(cells: Iterable[MatrixCell]) -> list[Any]:
    found: list[Any] = []
    for cell in cells:
        act = str(ActionKind(cell.act).words) if cell.act else None
        status = cell.status if cell.status != ParticipantStatus.NONE else None
        found += ["not in our data" if cell.not_in_data else status, act, day_or_text(cell.date), cell.statements]
    return found
