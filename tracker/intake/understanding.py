"""A file understood: what each column holds, what is open, and the treaty actions as rows of the program's own form.

The rows then pass the same checks as those of `parties.csv`. Nothing is chosen that the file or the profile does not
decide; what is no treaty action is set aside and said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.errors import BadQuestion, NotFound
from tracker.intake import actions, columns, dates
from tracker.intake.actions import NotAnAction
from tracker.intake.columns import FileColumn
from tracker.intake.dates import DateReading, NotADate
from tracker.intake.participants import IdentityColumn, ParticipantNames, scheme_of
from tracker.intake.profile import ACTION_ROLE, ROLES, FileProfile, OpenQuestion
from tracker.intake.sheets import Cell, FileSheet, SheetRow, read_sheet
from tracker.law.dates import PartialDate
from tracker.law.kinds import ActionKind
from tracker.law.ledger import Ledger
from tracker.law.model import Instrument
from tracker.law.names import names_of
from tracker.law.search import SearchKind, fold_text
from tracker.messages import message
from tracker.storage.csv_reader import CsvRow, Faults

CENTURY = 100  # years back from today within which two digits mean one year


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of a file.

    `lines` say it to people, `profile` holds all that was decided, by the file or by its reader. While there are
    `questions` there are no `rows`; with `faults` they are not all.
    """

    lines: tuple[str, ...]
    columns: tuple[FileColumn, ...]
    profile: FileProfile
    questions: tuple[OpenQuestion, ...]
    faults: Faults
    rows: tuple[CsvRow, ...] = ()


def understand(data: bytes, file: str, ledger: Ledger, profile: FileProfile, today: date) -> Understood:
    """What the bytes of a file say, given the answers of a profile; `file` is its name for people.

    Refused for bytes that are no table, BadQuestion for a profile that makes no sense. Faults of single cells are
    collected, not raised.
    """
    names = ParticipantNames(ledger)
    _must_make_sense(profile, names)
    sheet = read_sheet(data, profile, names.is_spelled)
    place = columns.find_headings(sheet.rows, profile)
    if place is None:
        faults = Faults()
        advice = "Let one row name the columns, such as: Country, Action, Date."
        faults.add(file, 0, "has no row that names the columns.", advice)
        return Understood((sheet.form,), (), profile, (), faults)
    head = [str(cell) for cell in sheet.rows[place].cells]
    return _Reader(ledger, names, sheet, columns.file_columns(head, profile), place, file, profile, today).read()


def _must_make_sense(profile: FileProfile, names: ParticipantNames) -> None:
    for role in profile.columns.values():
        if not columns.is_role(role):
            advice = f"Write one of {', '.join(ROLES)}, or {ACTION_ROLE}ratification."
            raise BadQuestion(f"'{role}' is no role of a column. {advice}")
    for meaning in profile.letters.values():
        if meaning not in (actions.IGNORE, *ActionKind):
            raise BadQuestion(f"'{meaning}' is not a treaty action. Write one of {', '.join(ActionKind)}, or ignore.")
    if profile.codes and profile.codes not in names.schemes:
        raise BadQuestion(f"'{profile.codes}' is no scheme of codes. Write one of {', '.join(names.schemes)}.")


class _Reader:
    """Reads one sheet whose headings are found."""

    def __init__(
        self,
        ledger: Ledger,
        names: ParticipantNames,
        sheet: FileSheet,
        found: list[FileColumn],
        place: int,
        file: str,
        profile: FileProfile,
        today: date,
    ) -> None:
        self._ledger, self._names, self._sheet, self._file, self._today = ledger, names, sheet, file, today
        self._columns, self._profile = found, profile
        self._head, self._body = sheet.rows[place], sheet.rows[place + 1 :]
        self._faults, self._questions = Faults(), list(sheet.questions)
        self._aside: dict[str, set[int]] = defaultdict(set)  # what is set aside, and in which lines
        self._reading = DateReading()
        self._identity: list[IdentityColumn] = []
        self._chart, self._short_years = _is_chart(found), False

    def read(self) -> Understood:
        """What the sheet says."""
        self._check_columns()
        self._decide_participants()
        self._decide_dates()
        self._decide_letters()
        if not self._profile.treaty and not self._with("treaty"):
            known = ", ".join(list(self._ledger.instruments)[:6])
            text = message("The file does not say which treaty it is about. Treaties are: {known} ...", known=known)
            self._questions.append(OpenQuestion("treaty", "", text))
        rows = () if self._questions else tuple(row for each in self._body for row in self._row(each))
        decided = replace(self._profile, columns={c.heading: _role(c) for c in self._columns if c.heading})
        lines = (*self._lines(), *(f"Set aside: {len(found)} x {what}" for what, found in sorted(self._aside.items())))
        return Understood(lines, tuple(self._columns), decided, tuple(self._questions), self._faults, rows)

    # -- the columns -------------------------------------------------------------------------------

    def _with(self, role: str) -> list[FileColumn]:
        return [column for column in self._columns if column.role == role]

    def _values(self, column: FileColumn) -> list[str]:
        return [text for row in self._body if (text := _text(row, column)) and text.casefold() not in dates.EMPTY]

    def _check_columns(self) -> None:
        """Columns whose values are not what their heading says are left out; two for one thing are asked about."""
        for place, column in enumerate(self._columns):
            if column.role == "action" and not any(self._is_action(each) for each in self._values(column)):
                self._columns[place] = replace(column, role="ignore")
            if self._chart and column.role == "note":
                self._columns[place] = replace(column, role="action")
        for role in ("treaty", "action", "effective_on", "territory", "note", "source", "doubt"):
            self._one_only(role, self._with(role))
        dated = self._with("date")
        if not dated:
            text = message("No column holds dates of treaty actions.")
            self._questions.append(
                OpenQuestion("columns", self._unread_heading(), text, ("date", "date: ratification"))
            )
        self._one_only("date", [each for each in dated if each.actions is None])
        if any(each.actions is None for each in dated) and not self._with("action") and not self._letters(dated):
            text = message("No column says which treaty action a date is of.")
            heading = next(each.heading for each in dated if each.actions is None)
            self._questions.append(OpenQuestion("columns", heading, text, ("date: ratification", "date: accession")))

    def _one_only(self, role: str, found: Sequence[FileColumn]) -> None:
        if len(found) > 1:
            several = [f"'{each.heading}'" for each in found]
            text = message("The columns {columns} may each be '{role}'.", columns=several, role=role)
            self._questions.append(OpenQuestion("columns", found[1].heading, text, ("ignore", role)))

    def _unread_heading(self) -> str:
        return next((each.heading for each in self._columns if each.role == "ignore" and each.heading), "HEADING")

    def _is_action(self, text: str) -> bool:
        return actions.is_action(text, self._profile.letters) or (
            self._chart and text.rstrip(".") in actions.CHART_LETTERS
        )

    def _decide_participants(self) -> None:
        self._find_participants()
        for column in self._with("participant"):
            values = [_text(row, column) for row in self._dated_rows() if _text(row, column)]
            scheme, asked = scheme_of(self._names, column.heading, values, self._profile.codes)
            self._identity.append(IdentityColumn(column.heading, column.place, scheme))
            self._questions += [asked] if asked else []
        self._identity.sort(key=lambda each: each.scheme != "iso3")
        if not self._identity:
            text = message("No column names States or other participants.")
            self._questions.append(OpenQuestion("columns", self._unread_heading(), text, ("participant",)))

    def _find_participants(self) -> None:
        """Where no heading says it, the one column that holds names of participants and nothing else."""
        if self._with("participant"):
            return
        rows = self._dated_rows()
        places = [
            place for place, column in enumerate(self._columns)
            if column.role == "ignore" and rows and all(self._names.is_name(_text(row, column)) for row in rows)
        ]  # fmt: skip
        if len(places) == 1:
            self._columns[places[0]] = replace(self._columns[places[0]], role="participant")

    def _dated_rows(self) -> list[SheetRow]:
        """The rows that say anything of an action: section titles and totals between them do not."""
        telling = [*self._with("date"), *self._with("action")]
        return [row for row in self._body if not _is_total(row) and any(_is_filled(row, each) for each in telling)]

    def _decide_dates(self) -> None:
        held = [*self._with("date"), *self._with("effective_on")]
        cells = [_split(row.cells[c.place])[0] for row in self._body for c in held if c.place < len(row.cells)]
        order = self._profile.dates or columns.order_of_headings([c.heading for c in held])
        possible = dates.order_of(cells)
        if not order and len(possible) == 1:
            order = next(iter(possible))
        if not order and len(possible) > 1:
            text = message(
                "No date of the file shows whether the day or the month stands first: '{date}'.",
                date=dates.undecided(cells),
            )
            self._questions.append(OpenQuestion("dates", "", text, ("dmy", "mdy")))
        self._reading = DateReading(order or "dmy", range(self._today.year - CENTURY + 1, self._today.year + 1))
        self._short_years = any(map(dates.has_short_year, cells))
        self._profile = replace(self._profile, dates=order)

    def _letters(self, dated: Sequence[FileColumn]) -> list[str]:
        """The letters behind dates."""
        found = (_split(row.cells[c.place])[1] for row in self._body for c in dated if c.place < len(row.cells))
        return [letter for letter in found if letter]

    def _decide_letters(self) -> None:
        if self._chart:
            return
        used = [text for column in self._with("action") for text in self._values(column)]
        stated = [c for c in self._with("date") if c.actions and c.actions.codes]
        used += self._letters([c for c in self._with("date") if c not in stated or not self._legend(c)])
        self._questions += actions.letter_questions(used, self._profile.letters)

    def _legend(self, column: FileColumn) -> bool:
        """Does the heading itself say what letters mean, as `Accession(a)` does?"""
        return "(" in column.heading

    # -- the rows ----------------------------------------------------------------------------------

    def _row(self, row: SheetRow) -> Iterator[CsvRow]:
        """The treaty actions of a row, in the program's own form; what cannot be read is a fault of its cell."""
        filled = [column for column in self._with("date") if _is_filled(row, column)]
        if _is_total(row) or not (filled or any(_is_filled(row, column) for column in self._with("action"))):
            self._aside["without a date and an action, or a total"].add(row.line)
            return
        before = self._faults.count
        shared = {role: _text(row, column) for role in ("territory", "note", "source", "doubt")
                  for column in self._with(role)}  # fmt: skip
        shared["source"] = shared.get("source") or self._profile.source or self._file
        shared["treaty"] = self._treaty(row)
        for column in filled or [c for c in self._with("date") if not c.signs][:1]:
            if found := self._action(row, column):
                values = shared | found
                values["participant"] = self._participant(row, found["date"])
                if self._faults.count == before:
                    yield CsvRow(row.line, values)

    def _action(self, row: SheetRow, column: FileColumn) -> dict[str, str] | None:
        """The action, date and effect of a column of dates; None where there is none, or it is set aside or faulty."""
        cell, letter = _split(row.cells[column.place] if column.place < len(row.cells) else "")
        kind = self._kind(row, column, letter)
        if kind is None:
            return None
        values = {"action": kind, "date": self._day(row, column, cell)}
        if not column.signs:
            for other in self._with("effective_on"):
                values["effective_on"] = self._day(row, other, row.cells[other.place])
        return values

    def _kind(self, row: SheetRow, column: FileColumn, letter: str) -> str | None:
        """The action, as the file of actions writes it; None where it is set aside or a fault was noted."""
        said = "" if column.signs else next((_text(row, each) for each in self._with("action")), "")
        text = letter or said
        try:
            if self._chart and not column.signs:
                return self._kind_of_chart(row, text, column)
            if column.actions and letter and self._profile.letters.get(letter) is None:
                found = column.actions.act(letter)
            else:
                found = actions.action_of(text, self._profile.letters) if text else column.bare
                if found is None and text:
                    self._aside[f"'{text}', to be ignored"].add(row.line)
                    return None
        except NotAnAction as trouble:
            if trouble.known:
                self._aside[f"'{trouble.text}', which is no treaty action"].add(row.line)
                return None
            found = None
        if found is None:
            shown = text or str(row.cells[column.place])
            advice = f"Say what it means with --letter '{shown}=ratification', or --letter '{shown}=ignore'."
            problem = "is not a treaty action that is known."
            self._faults.add(self._file, row.line, problem, advice, column=column.heading, value=shown)
        return found

    def _kind_of_chart(self, row: SheetRow, text: str, column: FileColumn) -> str | None:
        """In a chart of the Council of Europe one column holds every consent, and letters beside it say which."""
        letters = text.replace(".", "").split()
        known = [each for each in letters if each in actions.CHART_LETTERS]
        if not known:
            merged = column.bare is ActionKind.RATIFICATION  # the chart does not tell the three apart
            return ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL if merged else column.bare
        kind = actions.CHART_LETTERS[known[0]]
        if kind is None:
            self._aside[f"'{text}', a signature that is still to be confirmed"].add(row.line)
        return kind

    def _day(self, row: SheetRow, column: FileColumn, cell: Cell) -> str:
        try:
            day = self._reading.read(cell)
        except NotADate as trouble:
            advice = "Write 12 Dec 2000 or 2000-12-12."
            shown = str(row.cells[column.place])
            self._faults.add(self._file, row.line, f"{trouble}.", advice, column=column.heading, value=shown)
            return ""
        return str(day) if day else ""

    def _treaty(self, row: SheetRow) -> str:
        column = next(iter(self._with("treaty")), None)
        text = (_text(row, column) if column else "") or self._profile.treaty
        try:
            return self._instrument(text).id
        except NotFound as trouble:
            near = names_of(self._ledger, SearchKind.INSTRUMENT).nearest(text)
            advice = f"Did you mean {', '.join(near)}?" if near else "Add the treaty first, or correct the name."
            heading = column.heading if column else "treaty"
            self._faults.add(self._file, row.line, f"{trouble.args[0]}", advice, column=heading, value=text)
            return text

    def _instrument(self, text: str) -> Instrument:
        found = names_of(self._ledger, SearchKind.INSTRUMENT).named(text)
        if len(found) != 1:
            raise NotFound("treaty", text) if not found else NotFound("one treaty", text)
        return self._ledger.instrument(found[0].id)

    def _participant(self, row: SheetRow, day: str) -> str:
        """The code of the participant that every column of the row means; a fault where there is none or several."""
        when = PartialDate.parse(day).first if day else None
        meant, heading, shown, unknown = set[str](), "", "", list[str]()
        for each in self._identity:
            text = str(row.cells[each.place]) if each.place < len(row.cells) else ""
            heading, shown = heading or each.heading, shown or text
            found = self._names.alive(self._names.meanings(each.scheme, text), when) if text else ()
            if len(found) == 1:
                meant |= set(found)
            elif text:
                unknown.append(f"'{text}', which is not known as a participant; another column says who it is")
        if len(meant) == 1:
            for what in unknown:
                self._aside[what].add(row.line)
            return next(iter(meant))
        near = self._names.nearest(shown)
        advice = f"Did you mean {', '.join(near)}?" if near else "Correct the name, or add the participant first."
        problem = "means different participants in its columns." if meant else "is not the name of one participant."
        self._faults.add(self._file, row.line, problem, advice, column=heading, value=shown)
        return ""

    # -- what is said ------------------------------------------------------------------------------

    def _lines(self) -> Iterator[str]:
        yield f"{self._file}: {self._sheet.form}, columns named in line {self._head.line}, {len(self._body)} rows"
        schemes = {each.place: each.scheme for each in self._identity}
        for column in self._columns:
            if column.heading or column.place in schemes:
                yield f"  {column.heading or '(no heading)'} -> {_role(column)}" + (
                    f" ({schemes[column.place]})" if column.place in schemes else ""
                )
        if self._profile.dates:
            yield f"  Dates in numbers: {'day' if self._profile.dates == 'dmy' else 'month'} first"
        if self._short_years:
            yield f"  Years of two digits: {self._reading.years[0]} to {self._reading.years[-1]}"
        if not self._with("treaty") and self._profile.treaty:
            yield f"  Treaty: {self._profile.treaty}"
        if not self._with("source"):
            yield f"  Source: {self._profile.source or self._file}"


def _role(column: FileColumn) -> str:
    """The role as a profile writes it."""
    return f"date: {column.bare}" if column.role == "date" and column.bare else column.role


def _is_chart(found: Sequence[FileColumn]) -> bool:
    """Is it a chart of signatures of the Council of Europe, told by its columns for reservations, declarations ...?"""
    return {"R.", "D.", "A.", "T.", "C.", "O."} <= {column.heading for column in found}


def _text(row: SheetRow, column: FileColumn) -> str:
    return str(row.cells[column.place]).strip() if column.place < len(row.cells) else ""


def _is_filled(row: SheetRow, column: FileColumn) -> bool:
    return _text(row, column).casefold() not in dates.EMPTY


def _is_total(row: SheetRow) -> bool:
    """Is it a line that sums the others up?"""
    return any(fold_text(str(cell)).startswith(("total", "number of ")) for cell in row.cells[:2])


def _split(cell: Cell) -> tuple[Cell, str]:
    """A date and the letters behind it, as depositaries print them: `12 Dec 2000 a`."""
    if not isinstance(cell, str):
        return cell, ""
    rest, space, letters = cell.strip().rpartition(" ")
    if space and letters.isalpha() and len(letters) <= 2 and dates.looks_like_date(rest.strip()):
        return rest.strip(), letters
    return cell.strip(), ""
