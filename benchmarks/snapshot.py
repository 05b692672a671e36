"""A snapshot of a treaty collection as facts: a CSV with the columns mtdsg_no, participant, action and date.

Participants are the shipped record's where it knows their names, so that they have codes and regions; others get a
code made of their name. A snapshot has no final clauses, so every instrument is given a usual one, open since its
first act: what a rule costs does not hang on the number it counts to.
"""

import csv
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.common import ROOT
from tracker.law.dates import PartialDate
from tracker.law.model import Action, ActionKind, Fact, Instrument, InstrumentKind, Participant, ParticipantKind
from tracker.storage import import_export

SOURCE = "a snapshot of a treaty collection"
LONGEST = 32  # of a made code; the record takes 40, and a number may follow
ORGANIZATIONS = ("Union", "Organization", "Community", "Communities", "Commission")

Row = Mapping[str, str]


def record(path: Path) -> Iterator[Fact]:
    """The facts of the snapshot, fit to be imported; an unknown name that is no organization's counts as a State's."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    people = participants(sorted({row["participant"] for row in rows}))
    yield from people.values()
    yield from _instruments(rows)
    yield from actions(rows, people)


def actions(
    rows: Iterable[Row], people: Mapping[str, Participant], instrument_ids: Mapping[str, str] | None = None
) -> Iterator[Action]:
    """The acts of the rows; instruments are named by their number, or as `instrument_ids` names that."""
    ids = instrument_ids or {}
    yield from (_act(row, people, ids.get(row["mtdsg_no"], row["mtdsg_no"].lower())) for row in rows)


def participants(names: Iterable[str]) -> Mapping[str, Participant]:
    """A participant for each name: the shipped record's of that name or alias, else a made one; each code once."""
    known = _known()
    found = {name: known.get(name.casefold()) for name in names}
    taken = {who.code for who in found.values() if who}
    people = {}
    for name, who in found.items():
        people[name] = who or Participant(code=_code(name, taken), name=name, kind=_kind(name), source=SOURCE)
        taken.add(people[name].code)
    return {name: _among(who, taken) for name, who in people.items()}


def _among(who: Participant, known: Container[str]) -> Participant:
    """The participant without its ties to those whom the snapshot does not name."""
    ties = {tie: tuple(code for code in getattr(who, tie) if code in known) for tie in ("successors", "continues")}
    return replace(who, **ties)


def _known() -> Mapping[str, Participant]:
    people = [
        fact for fact in import_export.read_facts([ROOT / "data" / "participants.csv"]) if isinstance(fact, Participant)
    ]
    return {name.casefold(): who for who in people for name in (*who.aliases, who.name)}


def _code(name: str, taken: set[str]) -> str:
    """A code made of the name, as a record may hold it: a letter, then capital letters, digits and single hyphens."""
    plain = re.sub("[^A-Z0-9]+", "-", name.upper()).strip("-")[:LONGEST].strip("-")
    code = plain if plain[:1].isalpha() else f"P-{plain}".strip("-")
    others = (f"{code}-{number}" for number in range(2, len(taken) + 3))
    return code if code not in taken else next(each for each in others if each not in taken)


def _kind(name: str) -> ParticipantKind:
    organization = any(word in name for word in ORGANIZATIONS)
    return ParticipantKind.ORGANIZATION if organization else ParticipantKind.STATE


def _instruments(rows: Iterable[Row]) -> Iterator[Instrument]:
    opened: dict[str, str] = {}
    for row in rows:
        opened[row["mtdsg_no"]] = min(filter(None, (opened.get(row["mtdsg_no"]), row["date"])), default="")
    for number, day in sorted(opened.items()):
        yield Instrument(
            id=number.lower(), title=number, kind=InstrumentKind.CONVENTION, reference=number, threshold=20,
            delay="90d", party_delay="30d", withdrawal_delay="1y", opened_on=_day(day), source=SOURCE,
        )  # fmt: skip


def _act(row: Row, people: Mapping[str, Participant], instrument: str) -> Action:
    return Action(
        instrument=instrument, participant=people[row["participant"]].code,
        kind=ActionKind(row["action"]), date=_day(row["date"]), source=SOURCE,
    )  # fmt: skip


def _day(text: str) -> PartialDate | None:
    return PartialDate.parse(text) if text else None
