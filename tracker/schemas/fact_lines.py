"""Single facts as lines: what a fact says in a few words, with its grade, its source and what is uncertain about it."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.law.assessments import assessments_of
from tracker.law.evidence import EvidenceGrade, grade_of
from tracker.law.fact_references import FactReference, reference_of
from tracker.law.findings import ASPECTS
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import (
    Action,
    Assessment,
    Body,
    Coverage,
    Fact,
    Instrument,
    InstrumentEvent,
    Mandate,
    Membership,
    Participant,
    ParticipantCode,
    PublishedCount,
    Weight,
)
from tracker.law.reference_facts import Statement, Target
from tracker.law.requirements import figures_weighed
from tracker.messages import TranslatableText, message
from tracker.schemas.statements import KIND_WORDS
from tracker.schemas.values import PartDay, answer_model

FINAL_CLAUSES = message("final clauses")
DESCRIPTION = message("description")


@answer_model
class FactLine:
    """A fact: of whom or what (`who`), what it says (`what`, `about`), its date, and what it rests on."""

    who: str
    what: str
    about: str
    date: PartDay | None
    grade: EvidenceGrade
    source: str
    doubt: str
    reference: FactReference

    @property
    def words(self) -> TranslatableText:
        """The same in a line without its date: `France: ratification (UNTOC)`."""
        if self.about:
            return message("{state}: {action} ({instrument})", state=self.who, action=self.what, instrument=self.about)
        return message("{name}: {text}", name=self.who, text=self.what)


def fact_lines(ledger: Ledger, facts: Iterable[Fact]) -> list[FactLine]:
    """The facts as lines, in their order; those of kinds that no page shows one by one are left out."""
    return [line for fact in facts if (line := _line(ledger, fact))]


def unverified_lines(ledger: Ledger, facts: Iterable[Fact]) -> list[FactLine]:
    """Those of the facts that are unverified, as lines."""
    return fact_lines(ledger, (fact for fact in facts if grade_of(fact) is EvidenceGrade.UNVERIFIED))


def unverified_on_instrument(ledger: Ledger, id: str) -> list[FactLine]:
    """The unverified among the facts that the page of a treaty shows."""
    mandates = (each for each in ledger.mandates if each.instrument == id)
    acts = (*ledger.acts(id), *ledger.undated(id))
    return unverified_lines(
        ledger,
        [
            ledger.instruments[id], *acts, *ledger.coverage(id), *ledger.counts(id), *mandates, *ledger.events(id),
            *figures_weighed(ledger, id),
        ],
    )  # fmt: skip


def unverified_on_participant(ledger: Ledger, code: str) -> list[FactLine]:
    """The unverified among the facts that the page of a participant shows."""
    undated = (act for id in ledger.instruments for act in ledger.undated(id, code))
    judged = assessments_of(ledger, code)
    facts = [
        ledger.participants[code],
        *ledger.acts_by(code),
        *undated,
        *ledger.memberships_of(code),
        *judged,
        *ledger.codes(code),
    ]
    return unverified_lines(ledger, facts)


def unverified_on_body(ledger: Ledger, id: str) -> list[FactLine]:
    """The unverified among the facts that the page of a body shows."""
    mandates = (each for each in ledger.mandates if each.body == id)
    return unverified_lines(ledger, [ledger.bodies[id], *ledger.memberships(id), *mandates])


def _line(ledger: Ledger, fact: Fact) -> FactLine | None:
    reference = reference_of(fact)
    if reference is None:
        return None
    who, what, about, day = _parts(ledger, fact)
    return FactLine(
        who=who, what=what, about=about, date=day, grade=grade_of(fact), source=fact.source, doubt=fact.doubt,
        reference=reference,
    )  # fmt: skip


def _parts(ledger: Ledger, fact: Fact) -> tuple[str, str, str, PartDay | None]:
    """Of whom or what, what, about what, and when."""
    match fact:
        case Action():
            return name_of(ledger, fact.participant), fact.kind.words, title_of(ledger, fact.instrument), fact.date
        case Statement():
            who = name_of(ledger, fact.participant) if fact.participant else message("Author not known")
            return who, KIND_WORDS[fact.kind], title_of(ledger, fact.instrument), fact.made_on
        case Membership():
            return name_of(ledger, fact.participant), fact.role, _body(ledger, fact.body), fact.start
        case Assessment():
            about = " ".join(filter(None, (_body(ledger, fact.body), fact.edition)))
            return name_of(ledger, fact.participant) if fact.participant else about, fact.value, about, fact.start
        case Mandate():
            return _body(ledger, fact.body), fact.relation, title_of(ledger, fact.instrument), None
        case PublishedCount():
            return title_of(ledger, fact.instrument), message("published count"), "", fact.on
        case Coverage():
            return title_of(ledger, fact.instrument), message("completeness"), ASPECTS[fact.aspect], fact.as_of
        case Instrument():
            return fact.name, FINAL_CLAUSES, "", None
        case Participant() | Body():
            return fact.name, DESCRIPTION, "", None
    return _parts_of_reference_facts(ledger, fact)


def _parts_of_reference_facts(ledger: Ledger, fact: Fact) -> tuple[str, str, str, PartDay | None]:
    """The same of facts beside the actions: events, figures, codes, targets."""
    match fact:
        case InstrumentEvent():
            return title_of(ledger, fact.instrument), fact.event, "", fact.on
        case Weight():
            return name_of(ledger, fact.participant), message("{value}", value=_whole(fact.value)), fact.table, fact.on
        case ParticipantCode():
            return name_of(ledger, fact.participant), fact.code, fact.scheme, fact.start
        case Target():
            return (
                fact.measure or fact.text or fact.goal,
                message("{value}", value=fact.value or "–"),
                fact.goal,
                fact.on,
            )
    raise AssertionError(f"{type(fact).__name__} has a reference and no words")


def _whole(value: float) -> float | int:
    return int(value) if value.is_integer() else value


def _body(ledger: Ledger, id: str) -> str:
    found = ledger.bodies.get(id)
    return found.short_name if found else id
