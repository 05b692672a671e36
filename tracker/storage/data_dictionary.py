"""The data dictionary: what each file and column means, and on which terms the data are offered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.storage import codecs
from tracker.storage.facts import FACT_SCHEMAS, SCHEMA_BY_TYPE, Column, FactSchema

LICENCE = "CC0-1.0"
LICENCE_TITLE = "Creative Commons CC0 1.0 Universal"
LICENCE_PATH = "https://creativecommons.org/publicdomain/zero/1.0/"
TERMS = (
    "That a State did a treaty action on a day is a fact, and facts as such are nobody's property. The maintainers of "
    "Treaty Tracker declare that, as far as they hold any right in the selection and arrangement of these facts, they "
    "give it up under CC0 1.0. This is their declaration and no more: it grants nothing of anybody else's. Each row "
    "names its source, and the sources keep their own terms; where their text is quoted, as in targets, it remains "
    "theirs. The outlines of the map are Natural Earth's, in the public domain, and are not part of these files."
)
TITLE = "The record of Treaty Tracker"
ABOUT = (
    "Who did which treaty action when, the instruments' final clauses, the bodies around them and their judgements. "
    "One file a noun, one row a fact, with its source and, where it is not certain, its doubt. Empty means unknown or "
    "none. Days are ISO 8601, a month or a year alone where no more is known. Lists have bars between. The cells are "
    "exactly as recorded, not altered for spreadsheets."
)
FILES = {
    "participants.csv": "States, former States, organizations and territories that can act on treaties.",
    "treaties.csv": "Instruments with their final clauses.",
    "bodies.csv": "Bodies that live around the instruments.",
    "parties.csv": "Treaty actions: who did what towards which instrument, and when.",
    "memberships.csv": "Who belongs to which body, in which role, from when to when.",
    "mandates.csv": "What a body has to do with an instrument.",
    "assessments.csv": "Judgements of bodies on participants under their schemes.",
    "targets.csv": "Goals and reported figures to hold against the record.",
    "counts.csv": "Status counts as somebody published them.",
    "weights.csv": "Participants' figures in tables by which a clause weighs deposits.",
}
COMMON = {
    "source": "Where the fact comes from.",
    "doubt": "Why the fact is not certain, in words.",
    "note": "A remark.",
    "url": "A web address about it.",
    "from": "The first day.",
    "to": "The day on which it was no longer so.",
}
MEANINGS: dict[str, dict[str, str]] = {
    "participants.csv": {
        "code": "The participant's code: ISO 3166-1 alpha-3 for States, one of its own for others.",
        "name": "The name in English.",
        "kind": "What sort of participant it is.",
        "iso2": "The ISO 3166-1 alpha-2 code.",
        "region": "The region.",
        "subregion": "The part of the region.",
        "un_group": "The regional group of the United Nations.",
        "un_member_since": "The day of admission to the United Nations.",
        "exists_from": "The day since which it exists.",
        "exists_to": "The day on which it ceased to exist.",
        "successors": "The codes of the States that came after it.",
        "aliases": "Other names that sources use.",
    },
    "treaties.csv": {
        "id": "The instrument's id.",
        "reference": "The number in the UN Treaty Collection or another collection.",
        "short_name": "The usual short name.",
        "title": "The full title.",
        "aliases": "Other names that people use for it.",
        "kind": "What sort of instrument it is.",
        "parent": "The id of the convention that it belongs to.",
        "subject": "What it is about.",
        "adopted_on": "The day of adoption.",
        "adopted_at": "The place of adoption.",
        "opened_on": "The first day for signing.",
        "closed_on": "The last day for signing.",
        "depositary": "With whom instruments of consent are deposited.",
        "threshold": "The number of deposits needed for entry into force.",
        "delay": "The period from the threshold to entry into force, such as 90d.",
        "party_delay": "The period from a later deposit until it binds.",
        "conditions": "Further conditions of the final clauses, in the grammar of the chapter on clauses.",
        "withdrawal_delay": "The period from notice of withdrawal until it takes effect.",
        "article": "The article on entry into force.",
        "in_force_on": "The day of entry into force as the depositary states it.",
        "registration": "The registration number with the UN Secretariat.",
    },
    "bodies.csv": {
        "id": "The body's id.",
        "name": "The name in English.",
        "acronym": "The usual acronym.",
        "kind": "What sort of body it is.",
        "parent": "The id of the body that it is part of.",
        "established_on": "The day on which it was set up.",
        "dissolved_on": "The day on which it came to an end.",
    },
    "parties.csv": {
        "treaty": "The id of the instrument.",
        "participant": "The code of the participant that acted.",
        "action": "The kind of treaty action.",
        "date": "The day of the act; of a deposit, the day of the deposit.",
        "effective_on": "The day on which the act took effect, where a source states it.",
        "territory": "The territory that the act is for, where it is not for all.",
    },
    "memberships.csv": {
        "body": "The id of the body.",
        "participant": "The code of the participant.",
        "role": "The role: member, observer, suspended ...",
    },
    "mandates.csv": {
        "body": "The id of the body.",
        "treaty": "The id of the instrument.",
        "relation": "What the body has to do with it.",
        "basis": "On what that rests.",
    },
    "assessments.csv": {
        "body": "The id of the body that judged.",
        "scheme": "The id of the scheme of judgements.",
        "participant": "The code of the participant judged; empty for a round of the scheme itself.",
        "value": "The judgement.",
        "edition": "The edition of the list or report.",
    },
    "targets.csv": {
        "id": "The figure's id.",
        "goal": "The goal or plan that it belongs to.",
        "indicator": "The indicator.",
        "measure": "What is measured.",
        "unit": "The unit.",
        "metric": "What the record counts for it; empty where it cannot.",
        "treaty": "The id of the instrument that is counted.",
        "scheme": "The scheme whose list is counted.",
        "among": "The value in that list which is counted.",
        "bodies": "The ids of the bodies that are counted.",
        "kind": "Reported or to be reached.",
        "aim": "Whether the figure is to be reached or not to be passed.",
        "value": "The figure.",
        "on": "The day that it is for.",
        "since": "The day that it is compared with.",
        "fiscal_year": "The fiscal year that it is for.",
        "text": "The source's own words.",
    },
    "counts.csv": {
        "treaty": "The id of the instrument.",
        "on": "The day that the count is for.",
        "signatories": "How many signatories were published.",
        "parties": "How many parties were published.",
    },
    "weights.csv": {
        "table": "The id of the table of weights.",
        "participant": "The code of the participant.",
        "value": "The participant's figure.",
        "on": "The day that the figure is of.",
    },
}
TYPES = {codecs.NUMBER: "integer", codecs.DECIMAL: "number"}
PATTERNS = {
    codecs.DAY: r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?",
    codecs.CODE: r"[A-Z][A-Z0-9-]{0,39}",
    codecs.ID: r"[a-z][a-z0-9-]{0,39}",
    codecs.LONG_ID: r"[a-z][a-z0-9-]{0,79}",
}


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    """One column of one file: what it means, its type in a table, what it must look like, what it refers to."""

    file: str
    column: str
    type: str
    meaning: str
    required: bool
    pattern: str
    values: tuple[str, ...]
    refers: str
    several: bool


def entries(noun: FactSchema) -> Iterator[DictionaryEntry]:
    """The columns of a noun, in the order of its file."""
    for column in noun.columns:
        yield DictionaryEntry(
            file=noun.file,
            column=column.name,
            type=TYPES.get(column.form, "string"),
            meaning=MEANINGS[noun.file].get(column.name, COMMON.get(column.name, "")),
            required=column.required,
            pattern=PATTERNS.get(column.form, ""),
            values=_values(column),
            refers=SCHEMA_BY_TYPE[column.refers].file if column.refers else "",
            several=column.form is codecs.NAMES,
        )


def everything() -> list[DictionaryEntry]:
    """Every column of every file."""
    return [entry for noun in FACT_SCHEMAS for entry in entries(noun)]


def _values(column: Column) -> tuple[str, ...]:
    """The words that a column may hold, as its form lists them."""
    return tuple(column.form.mend.removeprefix(_CHOICE).removesuffix(".").split(", ")) if _is_choice(column) else ()


_CHOICE = "Write one of "


def _is_choice(column: Column) -> bool:
    return column.form.mend.startswith(_CHOICE)
