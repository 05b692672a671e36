"""What the columns of a file hold: told by their headings, in the words of many lists, and checked by their values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.intake.profile import ACTION_ROLE, ROLES, FileProfile
from tracker.intake.sheets import SheetRow
from tracker.law.kinds import ActionKind
from tracker.law.search import fold_text
from tracker.sync.cell_text import TableColumn, column_of

LOOKED_AT = 40  # rows among which the headings are looked for
_HEADINGS = {
    "participant": """participant, participants, country, countries, state, states, state party, states parties, party,
        parties, contracting party, contracting parties, contracting state, member, member state, member
        states, nation, country name, name of country, name of state, state name, name, entity, signatory,
        jurisdiction, country or organization, code, iso, iso2, iso3, iso code, iso 2, iso 3, alpha 2, alpha
        3, country code, iso3 code, iso2 code, iso a2, iso a3, iso alpha 3, iso 3166 1 alpha 3, cow, cow
        code, cowcode, ccode, stateabb, gw, gwno, gwcode, gw code, m49, m49 code, un code, pays, etat,
        partie, estado, pais, parte, staat, land, vertragspartei, stato, paese""",
    "treaty": """treaty, convention, instrument, agreement, treaty id, treaty name, treaty number, treaty title,
        mtdsg, mtdsg no, mtdsg number, ets, cets, ets no, cets no, traite, tratado, vertrag""",
    "action": """action, act, type, kind, type of action, action type, kind of action, treaty action, mode, form,
        form of consent, method, type of consent, means of consent, status, acte, accion, handlung""",
    "date": """date, date of action, action date, date of deposit, deposit, deposit date, deposited, date
        deposited, deposited on, date of notification deposit, date of notification or deposit, date of
        notification, date of receipt, taken on, on, day, date of act, date de depot, fecha, fecha de
        deposito, datum""",
    "effective_on": """date of effect, effective on, effective date, effective from, effect, entry into force, eif, in
        force, in force from, in force since, date of entry into force, entree en vigueur, entrada en vigor,
        inkrafttreten""",
    "territory": "territory, territories, territorial scope, territorial application",
    "note": "note, notes, remark, remarks, comment, comments",
    "source": "source, sources, quelle, fuente",
    "doubt": "doubt, uncertainty",
}
_ROLES = {heading.strip(): role for role, text in _HEADINGS.items() for heading in text.split(",")}
_VERBS = {
    "signed": "signature", "ratified": "ratification", "acceded": "accession", "accepted": "acceptance",
    "approved": "approval", "succeeded": "succession", "withdrawn": "withdrawal", "denounced": "denunciation",
    "adhesion": "accession", "firma": "signature", "ratificacion": "ratification", "unterzeichnung": "signature",
}  # fmt: skip
_SAID_ORDER = re.compile(r"\b(dd|mm)\s*[/.-]\s*(dd|mm)\s*[/.-]\s*yy(?:yy)?\b", re.IGNORECASE)
_THREE = re.compile(r"(?<=[a-z])\s*[-\u2013]\s*(?=acceptance|approval|accession|succession)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column: its heading, its place, its role, and for dates of a stated action what bare dates and letters mean."""

    heading: str
    place: int
    role: str
    actions: TableColumn | None = None

    @property
    def bare(self) -> ActionKind | None:
        """The action of a date in this column that has no letter."""
        return self.actions.bare if self.actions else None

    @property
    def signs(self) -> bool:
        """Does it hold the dates of signatures?"""
        return bool(self.bare and self.bare.signs)


def order_of_headings(headings: Sequence[str]) -> str:
    """The order of day and month that headings state, such as `Signature (mm/dd/yy)`; empty where none does."""
    orders = {"dmy" if found[1].lower() == "dd" else "mdy" for each in headings if (found := _SAID_ORDER.search(each))}
    return next(iter(orders)) if len(orders) == 1 else ""


def find_headings(rows: Sequence[SheetRow], profile: FileProfile) -> int | None:
    """The place of the row that names the columns: the first with the most known headings.

    Where only one heading is known, the row must look like headings: several words and no digit. None if none does.
    """
    known = [sum(bool(_role(str(cell), profile)) for cell in row.cells) for row in rows[:LOOKED_AT]]
    if not known or not max(known):
        return None
    place = known.index(max(known))
    return place if max(known) > 1 or _has_only_words(rows[place]) else None


def _has_only_words(row: SheetRow) -> bool:
    texts = [str(cell) for cell in row.cells if cell != ""]
    return len(texts) > 1 and not any(each.isdigit() for text in texts for each in text)


def file_columns(headings: Sequence[str], profile: FileProfile) -> list[FileColumn]:
    """What each column holds, by its heading or by the profile; `ignore` for one of which nothing is known."""
    return [_column(heading.strip(), place, profile) for place, heading in enumerate(headings)]


def _column(heading: str, place: int, profile: FileProfile) -> FileColumn:
    role = _role(heading, profile) or "ignore"
    if role.startswith(ACTION_ROLE):
        kind = ActionKind(role.removeprefix(ACTION_ROLE))
        found = _actions(heading)
        return FileColumn(heading, place, "date", TableColumn(kind, found.codes if found else {}, kind.signs))
    return FileColumn(heading, place, role, _actions(heading) if role == "date" else None)


def _role(heading: str, profile: FileProfile) -> str:
    if given := profile.columns.get(heading.strip()):
        return given
    plain = fold_text(_SAID_ORDER.sub("", heading))
    if role := _ROLES.get(plain):
        return role
    return "date" if _actions(heading) and len(plain.split()) <= 16 else ""


def _actions(heading: str) -> TableColumn | None:
    """The actions whose dates stand under a heading; the dates of actions and the years of them are named alike."""
    plain = _THREE.sub(", ", _SAID_ORDER.sub("", heading).replace("_", " "))
    for verb, noun in _VERBS.items():
        plain = re.sub(rf"\b{verb}\b", noun, plain, flags=re.IGNORECASE)
    plain = re.sub(r"^\W*(?:date|day)s?(?: of| de)?\s+", "", plain.strip(), flags=re.IGNORECASE)
    return column_of(re.sub(r"\s+(?:date|on)\W*$", "", plain, flags=re.IGNORECASE))


def is_role(text: str) -> bool:
    """May a profile give a column this role?"""
    kinds = {f"{ACTION_ROLE}{kind}" for kind in ActionKind}
    return text in ROLES or text in kinds
