"""The territories to which a status document says that a treaty was made to apply, beside those of the record. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind
from tracker.law.reference_facts import StatementKind
from tracker.law.search import name_key
from tracker.sync import reasons
from tracker.sync.cell_text import Unreadable, dates_in
from tracker.sync.participant_names import Names
from tracker.sync.review_queue import Discrepancy, EarlierDecision, Proposal
from tracker.sync.status_table import StatusFile
from tracker.sync.text_sections import TerritoryRow

_ONE_NAME = re.compile(
    r"(?:Turks and Caicos|Trinidad and Tobago|Antigua and Barbuda|Gilbert and Ellice|Wallis and Futuna"
    r"|Heard and McDonald|South Georgia and the South Sandwich|S(?:ain)?t\.? Pierre and Miquelon|Ascension and Tristan"
    r"|Ashmore and Cartier|S(?:ain)?t\.? Kitts and Nevis"
    r"|Falkland Islands \(Malvinas\) and Dependencies|Falkland Islands and Dependencies)",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(r"\b(?:reservations?|all|whole|for|withdraw\w*|except\w*|which|responsible)\b", re.IGNORECASE)
_BETWEEN = re.compile(r",\s*(?:and\s+)?|;\s*(?:and\s+)?|\s+and\s+(?:the\s+)?(?=[A-Z])")
_INSIDE = re.compile(r"\([^()]*\)")
_JOINED = "\ufffc"  # stands for a separator that separates nothing


def territories_in(text: str) -> tuple[str, ...]:
    """The names of the territories in a cell, each by itself."""
    guarded = text
    for pattern in (_ONE_NAME, _INSIDE):
        guarded = pattern.sub(lambda found: found[0].replace(" and ", f" {_JOINED} ").replace(",", "\ufffd"), guarded)
    parts = (part.replace(_JOINED, "and").replace("\ufffd", ",").strip(" .") for part in _BETWEEN.split(guarded))
    return tuple(dict.fromkeys(part for part in parts if part))


def extensions(
    ledger: Ledger, instrument: str, file: StatusFile, said: EarlierDecision, source: str
) -> tuple[list[Action], list[Discrepancy]]:
    """The territorial extensions that the record lacks, and the rows that an editor has to read."""
    names, coming, doubts = Names(ledger.participants.values()), list[Action](), list[Discrepancy]()
    acts = (*ledger.acts(instrument), *ledger.undated(instrument))
    known = {(act.participant, name_key(act.territory)) for act in acts if act.territory}
    for row in file.territories:
        code = names.resolve(row.name) or said.names.get(row.name, "")
        found = list(_acts(row, code, instrument, source))
        if not found:
            doubts.append(_doubt(row, code, instrument, file))
        for act in found:
            key = (code, name_key(act.territory))
            if key not in known:
                known.add(key)
                coming.append(act)
    return coming, _not_recorded(doubts, ledger, instrument)


def _acts(row: TerritoryRow, code: str, instrument: str, source: str) -> Iterator[Action]:
    try:
        days = dates_in(row.date)
    except Unreadable:
        return
    if not code or len(days) != 1 or not row.territories or _NOT_A_NAME.search(row.territories):
        return
    for place in territories_in(row.territories):
        yield Action(
            instrument=instrument, participant=code, kind=ActionKind.TERRITORIAL_EXTENSION, date=days[0].date,
            territory=place, source=source,
        )  # fmt: skip


def _doubt(row: TerritoryRow, code: str, instrument: str, file: StatusFile) -> Discrepancy:
    return Discrepancy(
        proposal=Proposal.RECORD, instrument=instrument, name=row.name, kind=StatementKind.UNSPECIFIED, date=None,
        reason=reasons.TERRITORIES,
        participant=code, raw=f"Territorial application, {row.date or 'no date'}: {row.territories}", url=file.url,
    )  # fmt: skip


def _not_recorded(doubts: list[Discrepancy], ledger: Ledger, instrument: str) -> list[Discrepancy]:
    """Those that no editor has taken into the record as a statement."""
    texts = {each.text for each in ledger.every_statement(instrument)}
    return [doubt for doubt in doubts if doubt.raw not in texts]
