"""The record, and its treaties, participants and bodies, as objects that answer questions by themselves.

Every answer is that of the pages and the API (`tracker.schemas`); the law underneath is `tracker.law`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from html import escape

from tracker.errors import BadQuestion, NotFound
from tracker.law.clause_parser import clause_of
from tracker.law.consents import signatories
from tracker.law.dates import in_words
from tracker.law.ledger import Ledger, names_in
from tracker.law.names import names_of
from tracker.law.relations import Relation, relations
from tracker.law.scenarios import HypotheticalAction, HypotheticalTerms, run_scenario
from tracker.law.search import SearchEntry, SearchKind
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.library.tables import Answer, AnswerTable, day_of
from tracker.schemas.bodies import BodyDetail, body_answer
from tracker.schemas.instruments import (
    InstrumentStatusLine,
    Participation,
    instrument_rows,
    status_answer,
)
from tracker.schemas.overview import statuses_answer
from tracker.schemas.participants import ParticipantSummary, ProfileRow, participant_rows, participants_answer
from tracker.schemas.scenarios_and_claims import WhatIf, what_if_answer
from tracker.schemas.standings import Standing, standing_answer
from tracker.schemas.values import TreatyAction, action_answer

Day = str | date
PARTIES = frozenset({ParticipantStatus.PARTY, ParticipantStatus.CONTRACTING_PARTY})
_ACTIONS_SHOWN = ("date", "instrument_name", "name", "action", "source")


class UnknownName(NotFound, KeyError):
    """A name that nothing in the record bears; the message proposes names that are like it."""

    def __init__(self, kind: str, name: str, nearest: Iterable[str]) -> None:
        super().__init__(kind, name)
        near = ", ".join(nearest)
        self.args = (f"{self.args[0]} Did you mean {near}?" if near else self.args[0],)

    def __str__(self) -> str:
        return str(self.args[0])


class Record:
    """The record as of a day. `record["untoc"]`, `record["France"]` and `record["greco"]` are what is in it.

    `ledger` is the same record for the functions of `tracker.law`.
    """

    def __init__(self, ledger: Ledger, source: str) -> None:
        self.ledger, self.source = ledger, source

    @property
    def day(self) -> date:
        """The day for which the record answers."""
        return self.ledger.horizon

    def as_of(self, day: Day) -> Record:
        """The record without what was done after a day, which is not later than its own."""
        return Record(self.ledger.as_of(day_of(day)), self.source)

    def known_at(self, moment: datetime) -> Record:
        """The record as it was known at an aware moment: only a database remembers that."""
        return Record(self.ledger.known_at(moment), self.source)

    def __getitem__(self, name: str) -> TreatyView | ParticipantView | BodyView:
        """What bears the name: an id, a code (ISO 3166 alpha-3 or alpha-2), a number, a name or an alias.

        UnknownName (a KeyError) if nothing does, BadQuestion if several things do.
        """
        found = _one(self.ledger, name)
        match found.kind:
            case SearchKind.INSTRUMENT:
                return TreatyView(self.ledger, found.id)
            case SearchKind.PARTICIPANT:
                return ParticipantView(self.ledger, found.id)
        return BodyView(self.ledger, found.id)

    def treaty(self, name: str) -> TreatyView:
        """The treaty of that id, number, name or alias; errors as for `record[name]`."""
        return TreatyView(self.ledger, _one(self.ledger, name, SearchKind.INSTRUMENT).id)

    def participant(self, name: str) -> ParticipantView:
        """The participant of that code, name or alias; errors as for `record[name]`."""
        return ParticipantView(self.ledger, _one(self.ledger, name, SearchKind.PARTICIPANT).id)

    def body(self, name: str) -> BodyView:
        """The body of that id, acronym or name; errors as for `record[name]`."""
        return BodyView(self.ledger, _one(self.ledger, name, SearchKind.BODY).id)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(names_of(self.ledger).named(name))

    def __iter__(self) -> Iterator[TreatyView]:
        return (TreatyView(self.ledger, id) for id in self.ledger.instruments)

    def __len__(self) -> int:
        return len(self.ledger.instruments)

    @property
    def treaties(self) -> AnswerTable[InstrumentStatusLine]:
        """The status of every treaty."""
        shown = ("instrument", "name", "signatories", "parties", "entry_into_force.status", "entry_into_force.date")
        return AnswerTable(f"Treaties as of {self.day}", InstrumentStatusLine, statuses_answer(self.ledger), shown)

    @property
    def participants(self) -> AnswerTable[ParticipantSummary]:
        """Every participant in a few figures."""
        shown = ("participant", "name", "kind", "region", "party", "signatory")
        return AnswerTable(
            f"Participants as of {self.day}", ParticipantSummary, participants_answer(self.ledger), shown
        )

    @property
    def actions(self) -> AnswerTable[TreatyAction]:
        """Every treaty action up to the day, treaty by treaty."""
        acts = (act for id in self.ledger.instruments for act in (*self.ledger.acts(id), *self.ledger.undated(id)))
        rows = (action_answer(self.ledger, act) for act in acts)
        return AnswerTable(f"Treaty actions up to {self.day}", TreatyAction, rows, _ACTIONS_SHOWN)

    def __repr__(self) -> str:
        ledger = self.ledger
        return (
            f"Record of {len(ledger.instruments)} treaties, {len(ledger.participants)} participants and "
            f"{len(ledger.bodies)} bodies as of {self.day}, from {self.source}"
        )

    def _repr_html_(self) -> str:
        """The record for a notebook: what it is, and its treaties."""
        return f"<p>{escape(repr(self))}</p>{self.treaties._repr_html_()}"


class TreatyView:
    """A treaty as of a day."""

    def __init__(self, ledger: Ledger, id: str) -> None:
        self.ledger, self.id = ledger, id
        terms = ledger.instrument(id)
        self.name, self.title, self.reference = terms.name, terms.title, terms.reference

    def as_of(self, day: Day | None) -> TreatyView:
        """The treaty as of an earlier day; None leaves the day as it is."""
        return TreatyView(self.ledger.as_of(day_of(day)), self.id)

    @property
    def status(self) -> Answer[InstrumentStatusLine]:
        """The counts, the threshold and the entry into force, with the reason."""
        found = status_answer(self.ledger, self.id)
        entry = found.entry_into_force
        lines = (
            f"{found.signatories_in_words} signatories, {found.parties_in_words} parties",
            f"In force for {found.bound_in_words}",
            f"Entry into force: {entry.status}" + (f", {in_words(entry.date)}" if entry.date else ""),
            entry.why,
            found.completeness,
        )
        return Answer(f"{self.name} as of {self.ledger.horizon}", lines, found)

    @property
    def clause(self) -> str:
        """The final clauses in English."""
        return clause_of(self.ledger.instrument(self.id)).sentence(names_in(self.ledger))

    def participants(self, on: Day | None = None) -> AnswerTable[Participation]:
        """Everyone that has acted on the treaty by a day, with status, dates and reasons."""
        return self._rows("Participants in", on, frozenset(ParticipantStatus))

    def parties(self, on: Day | None = None) -> AnswerTable[Participation]:
        """Those that are parties on a day, as the depositary counts them: consented and not withdrawn."""
        return self._rows("Parties to", on, PARTIES)

    def signatories(self, on: Day | None = None) -> AnswerTable[Participation]:
        """Those that had signed by a day, parties or not."""
        view = self.as_of(on)
        signed = signatories(view.ledger, self.id)
        found = (row for row in instrument_rows(view.ledger, self.id) if row.participant in signed)
        shown = ("participant", "name", "signature", "status")
        return AnswerTable(f"Signatories of {self.name} as of {view.ledger.horizon}", Participation, found, shown)

    def _rows(self, what: str, on: Day | None, statuses: frozenset[ParticipantStatus]) -> AnswerTable[Participation]:
        view = self.as_of(on)
        found = (row for row in instrument_rows(view.ledger, self.id) if row.status in statuses)
        shown = ("participant", "name", "status", "signature", "consent", "action", "bound_since")
        return AnswerTable(f"{what} {self.name} as of {view.ledger.horizon}", Participation, found, shown)

    @property
    def actions(self) -> AnswerTable[TreatyAction]:
        """The treaty actions on it up to the day, in date order, those without a date last."""
        acts = (*self.ledger.acts(self.id), *self.ledger.undated(self.id))
        rows = (action_answer(self.ledger, act) for act in acts)
        return AnswerTable(f"Treaty actions on {self.name}", TreatyAction, rows, _ACTIONS_SHOWN)

    def standing(self, participant: str, on: Day | None = None) -> Answer[Standing]:
        """The status of one participant on a day, with the reason."""
        ledger = self.as_of(on).ledger
        code = _one(ledger, participant, SearchKind.PARTICIPANT).id
        found = standing_answer(ledger, participant_standing(ledger, self.id, code))
        title = f"{found.name}, {self.name}, as of {ledger.horizon}: {found.status}"
        return Answer(title, (found.why, *found.doubts), found)

    def between(self, one: str, other: str, on: Day | None = None) -> Answer[Relation]:
        """Whether the treaty is in force between two participants on a day, since when and on what ground."""
        ledger = self.as_of(on).ledger
        codes = [_one(ledger, name, SearchKind.PARTICIPANT).id for name in (one, other)]
        found = relations(ledger, self.id, *codes)
        since = f", since {in_words(found.since)}" if found.since else ""
        names = " and ".join(ledger.participants[code].name for code in found.participants)
        texts = [step.text for step in found.steps] + [each.why for each in found.effects] + list(found.unknown)
        return Answer(f"{self.name} between {names} on {found.on}: {found.state}{since}", dict.fromkeys(texts), found)

    def what_if(
        self,
        deposits: Mapping[str, Day] | Iterable[str] = (),
        withdrawals: Mapping[str, Day] | Iterable[str] = (),
        *,
        on: Day | None = None,
        threshold: int | None = None,
        delay: str | None = None,
        organizations_count: bool | None = None,
    ) -> Answer[WhatIf]:
        """What would follow from deposits, withdrawals or other terms.

        `deposits` and `withdrawals` map participants to days, or list participants that act `on` one day (by default
        the record's). BadQuestion for a deposit by a party or a withdrawal by another, BadClause for senseless terms.
        """
        then = day_of(on) or self.ledger.horizon
        acts = [
            HypotheticalAction(_one(self.ledger, name, SearchKind.PARTICIPANT).id, day, withdraws)
            for given, withdraws in ((deposits, False), (withdrawals, True))
            for name, day in _days(given, then)
        ]
        terms = HypotheticalTerms(threshold, delay, organizations_count)
        found = what_if_answer(self.ledger, run_scenario(self.ledger, self.id, acts, terms))
        after = found.after
        entry = after.entry_into_force
        lines = (
            f"{found.before.parties} parties before, {after.parties} after",
            f"Entry into force: {entry.status}" + (f", {in_words(entry.date)}" if entry.date else ""),
            entry.why,
            *(f"{own.name}: {own.why}" for own in found.own_dates),
            *(f"{each.name}, {each.instrument_name}: {each.status}" for each in found.consequences),
        )
        return Answer(f"{self.name} with {len(found.acts)} hypothetical treaty actions", lines, found)

    def __repr__(self) -> str:
        return repr(self.status)

    def _repr_html_(self) -> str:
        """The treaty for a notebook."""
        return self.status._repr_html_()


class ParticipantView:
    """A State or other participant as of a day."""

    def __init__(self, ledger: Ledger, code: str) -> None:
        self.ledger, self.code = ledger, code
        who = ledger.participant(code)
        self.name, self.kind, self.iso2, self.region = who.name, who.kind, who.iso2, who.region

    def treaties(self, on: Day | None = None) -> AnswerTable[ProfileRow]:
        """Where it stands on every treaty on a day."""
        ledger = self.ledger.as_of(day_of(on))
        shown = ("instrument", "instrument_name", "status", "signature", "consent", "bound_since")
        return AnswerTable(
            f"{self.name} as of {ledger.horizon}", ProfileRow, participant_rows(ledger, self.code), shown
        )

    @property
    def actions(self) -> AnswerTable[TreatyAction]:
        """Its treaty actions up to the day, in date order."""
        rows = (action_answer(self.ledger, act) for act in self.ledger.acts_by(self.code))
        return AnswerTable(f"Treaty actions of {self.name}", TreatyAction, rows, _ACTIONS_SHOWN)

    def __repr__(self) -> str:
        return f"{self.name} ({self.code}), {self.kind}\n{self._treaties_with_status()!r}"

    def _repr_html_(self) -> str:
        """The participant for a notebook."""
        return f"<p><strong>{escape(self.name)}</strong> ({self.code})</p>{self._treaties_with_status()._repr_html_()}"

    def _treaties_with_status(self) -> AnswerTable[ProfileRow]:
        return self.treaties().where(lambda row: row.status is not ParticipantStatus.NONE)


class BodyView:
    """An organization or other body as of a day."""

    def __init__(self, ledger: Ledger, id: str) -> None:
        self.ledger, self.id = ledger, id
        self.name = ledger.body(id).name

    def members(self, on: Day | None = None) -> tuple[str, ...]:
        """The codes of its members on a day."""
        return tuple(sorted(self.ledger.members(self.id, on=day_of(on))))

    @property
    def answer(self) -> BodyDetail:
        """All that the record has on it."""
        return body_answer(self.ledger, self.id)

    def __repr__(self) -> str:
        return f"{self.name} ({self.id}): {len(self.members())} members as of {self.ledger.horizon}"

    def _repr_html_(self) -> str:
        """The body for a notebook."""
        return f"<p>{escape(repr(self))}</p>"


def _days(given: Mapping[str, Day] | Iterable[str], then: date) -> Iterator[tuple[str, date]]:
    if isinstance(given, Mapping):
        yield from ((name, day_of(day) or then) for name, day in given.items())
    else:
        yield from ((name, then) for name in ([given] if isinstance(given, str) else given))


def _one(ledger: Ledger, name: str, kind: SearchKind | None = None) -> SearchEntry:
    """The one thing that bears the name; written exactly as a code or id, it is that and nothing else."""
    index = names_of(ledger, kind)
    found = index.named(name)
    exact = [each for each in found if each.id == name]
    if len(found) == 1 or exact:
        return (exact or found)[0]
    if not found:
        raise UnknownName(kind or "treaty, participant or body", name, index.nearest(name))
    several = " or ".join(f"'{each.id}' ({each.title})" for each in found)
    raise BadQuestion(f"'{name}' may mean {several}. Write one of the codes.")
