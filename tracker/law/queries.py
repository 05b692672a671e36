"""Queries across memberships, regions, statuses and assessments: their text form, and the participants that match."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.errors import BadQuestion
from tracker.law import assessments
from tracker.law.dates import PartialDate, in_words
from tracker.law.gaps import CONSENTING
from tracker.law.ledger import Ledger, names_in, title_of
from tracker.law.model import Assessment, Participant
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.law.targets import ledger_on


class ConditionKind(StrEnum):
    """What one condition asks about."""

    MEMBER = "member"
    NOT_MEMBER = "not-member"
    REGION = "region"
    GROUP = "group"
    PARTY = "party"
    NOT_PARTY = "not-party"
    SIGNATORY = "signatory"
    NONE = "none"
    WITHDRAWN = "withdrawn"
    ASSESSED = "assessed"
    NOT_ASSESSED = "not-assessed"


ASSESSMENT_CONDITIONS = frozenset({ConditionKind.ASSESSED, ConditionKind.NOT_ASSESSED})  # they may ask for a value
PLACES = frozenset({ConditionKind.REGION, ConditionKind.GROUP})  # they name a place in words


@dataclass(frozen=True, slots=True)
class QueryCondition:
    """One condition: `what` is asked of `of` (a body, region, instrument or scheme).

    `value` narrows a judgement to one value. `at` is the day asked about, or a scheme's edition; empty
    for the ledger's own day.
    """

    what: ConditionKind
    of: str
    value: str = ""
    at: str = ""

    def __str__(self) -> str:
        return f"{self.what}={self.of}" + (f":{self.value}" if self.value else "") + (f"@{self.at}" if self.at else "")


def parse_query(text: str) -> tuple[QueryCondition, ...]:
    """The query written as `member=greco;not-party=coe-173` or `assessed=tip-tier:3@2010`.

    BadQuestion, with the place, for anything that is not such a query. Names are not looked up yet.
    """
    parts = [part.strip() for part in text.split(";")]
    if not any(parts):
        raise BadQuestion(f"The query is empty. {_EXAMPLE}")
    if "" in parts:
        raise BadQuestion(f"The query '{text}' has an empty condition between its semicolons. {_EXAMPLE}")
    conditions = tuple(map(_condition, parts))
    for place, each in enumerate(conditions):
        if each in conditions[:place]:
            raise BadQuestion(f"The condition '{each}' stands in the query twice.")
    return conditions


def format_query(conditions: tuple[QueryCondition, ...]) -> str:
    """The query in its text form; `parse` gives the same conditions back."""
    return ";".join(map(str, conditions))


_EXAMPLE = "Write conditions such as member=greco;not-party=coe-173."


def _condition(text: str) -> QueryCondition:
    what, equals, rest = text.partition("=")
    if not equals:
        raise BadQuestion(f"The condition '{text}' has no '='. {_EXAMPLE}")
    if what not in set(ConditionKind):
        raise BadQuestion(f"'{what}' is nothing that can be asked. Ask one of {', '.join(ConditionKind)}.")
    asking = ConditionKind(what)
    rest, at_sign, at = rest.rpartition("@") if "@" in rest else (rest, "", "")
    of, colon, value = rest.partition(":")
    if not of or (at_sign and not at) or (colon and not value):
        raise BadQuestion(f"The condition '{text}' is not finished: write {asking}=NAME{_tail(asking)}.")
    if colon and asking not in ASSESSMENT_CONDITIONS:
        raise BadQuestion(f"The condition '{text}' takes no ':{value}': only a judgement has a value.")
    return QueryCondition(asking, of if asking in PLACES else of.lower(), value, at)


def _tail(asking: ConditionKind) -> str:
    return ", NAME:VALUE or NAME:VALUE@EDITION" if asking in ASSESSMENT_CONDITIONS else " or NAME@DAY"


@dataclass(frozen=True, slots=True)
class QueryMatch:
    """A participant that meets every condition, and for each condition the fact that shows it."""

    participant: Participant
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Who meets a query, by name, and of whom the record cannot tell (an undated act, a part of an edition lacking)."""

    matches: tuple[QueryMatch, ...]
    undecided: tuple[QueryMatch, ...]


def query_in_words(ledger: Ledger, conditions: tuple[QueryCondition, ...]) -> str:
    """The query as a sentence with the record's names; NotFound for names that the record does not hold."""
    said = [_RULES[each.what].words(ledger, _checked(ledger, each)) for each in conditions]
    return f"Participants that {' and '.join(said)}"


def run_query(ledger: Ledger, conditions: tuple[QueryCondition, ...]) -> QueryResult:
    """The participants that meet all the conditions, and those of which the record cannot tell.

    Those that do not exist on the ledger's day are left out; territories and organizations that never
    acted are looked at only where a membership or a judgement is asked for. NotFound for names that
    the record does not hold, BadQuestion for a day after the ledger's own.
    """
    checked = [_checked(ledger, each) for each in conditions]
    everyone = any(each.what in (ConditionKind.MEMBER, ConditionKind.ASSESSED) for each in checked)
    matches: list[QueryMatch] = []
    undecided: list[QueryMatch] = []
    for who in sorted(ledger.participants.values(), key=lambda each: each.name):
        if ledger.existed_on(who.code, ledger.horizon) and (everyone or who.is_state or ledger.acts_by(who.code)):
            answers = [_RULES[each.what].answer(ledger, each, who.code) for each in checked]
            if all(answer.met is not False for answer in answers):
                sure = all(answer.met for answer in answers)
                (matches if sure else undecided).append(QueryMatch(who, tuple(answer.fact for answer in answers)))
    return QueryResult(tuple(matches), tuple(undecided))


# -- names and days --------------------------------------------------------------------------------


def _checked(ledger: Ledger, condition: QueryCondition) -> QueryCondition:
    """The condition with its names as the record writes them."""
    what, of = condition.what, condition.of
    if what in ASSESSMENT_CONDITIONS:
        value = _value(ledger, of, condition.value)
        _check_edition(ledger, condition)
        return QueryCondition(what, of, value, condition.at)
    if condition.at:
        _day(ledger, condition)
    if what in PLACES:
        return QueryCondition(what, _place(ledger, condition), at=condition.at)
    if what in (ConditionKind.MEMBER, ConditionKind.NOT_MEMBER):
        return QueryCondition(what, ledger.body(of).id, at=condition.at)
    return QueryCondition(what, ledger.instrument(of).id, at=condition.at)


def _place(ledger: Ledger, condition: QueryCondition) -> str:
    field = "region" if condition.what is ConditionKind.REGION else "un_group"
    names = {str(getattr(each, field)) for each in ledger.participants.values()} - {""}
    found = next((name for name in names if name.casefold() == condition.of.casefold()), None)
    if found is None:
        raise BadQuestion(f"'{condition.of}' is no {condition.what}: write one of {', '.join(sorted(names))}.")
    return found


def _value(ledger: Ledger, scheme: str, value: str) -> str:
    """The judgement as the scheme writes it; `3` is enough where one of its values ends in it."""
    assessments.assessments_in_force(ledger, scheme)  # NotFound for a scheme that there is not
    values = sorted({judged.value for judged in ledger.schemes[scheme] if judged.participant})
    plain = value.casefold().replace("-", " ")
    found = [each for each in values if each.casefold().replace("-", " ") == plain]
    found = found or [each for each in values if each.casefold().endswith(" " + plain)]
    if value and len(found) != 1:
        raise BadQuestion(f"'{value}' is no value of '{scheme}': write one of {', '.join(values)}.")
    return found[0] if value else ""


def _is_edition(ledger: Ledger, condition: QueryCondition) -> bool:
    """Does the condition ask about an edition of the scheme, rather than a day?"""
    return any(judged.edition == condition.at for judged in ledger.schemes[condition.of]) if condition.at else False


def _check_edition(ledger: Ledger, condition: QueryCondition) -> None:
    if not _is_edition(ledger, condition):
        _day(ledger, condition)
    elif condition.at not in {each.name for each in assessments.editions(ledger, condition.of)}:
        raise BadQuestion(f"'{condition}' asks for an edition after {in_words(ledger.horizon)}, the record's own day.")


def _day(ledger: Ledger, condition: QueryCondition) -> date:
    if not condition.at:
        return ledger.horizon
    try:
        day = PartialDate.parse(condition.at).exact
    except ValueError:
        day = None
    if day is None:
        kind = "an edition or a day" if condition.what in ASSESSMENT_CONDITIONS else "a day"
        raise BadQuestion(f"'{condition.at}' in '{condition}' is not {kind}: write 2010-06-30.")
    if day > ledger.horizon:
        raise BadQuestion(f"'{condition}' asks about a day after {in_words(ledger.horizon)}, the record's own.")
    return day


# -- the rules -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """Is the condition met (None: the record cannot tell), and by what fact."""

    met: bool | None
    fact: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """How one sort of condition is answered for a participant, and how it is said."""

    answer: Callable[[Ledger, QueryCondition, str], _Answer]
    words: Callable[[Ledger, QueryCondition], str]


def _when(ledger: Ledger, condition: QueryCondition) -> str:
    return f" on {in_words(_day(ledger, condition))}" if condition.at else ""


def _membership(*, wanted: bool) -> _Rule:
    def answer(ledger: Ledger, condition: QueryCondition, code: str) -> _Answer:
        body, day = ledger.body(condition.of), _day(ledger, condition)
        if code not in ledger.members(body.id, on=day):
            return _Answer(not wanted, f"not a member of {body.short_name}")
        spells = (m for m in ledger.memberships(body.id) if m.participant == code and m.holds_on(day))
        since = next((m.start for m in spells if m.start), None)
        return _Answer(wanted, f"member of {body.short_name}" + (f" since {in_words(since)}" if since else ""))

    def said(ledger: Ledger, condition: QueryCondition) -> str:
        verb = "are" if wanted else "are not"
        return f"{verb} members of {ledger.body(condition.of).short_name}{_when(ledger, condition)}"

    return _Rule(answer, said)


def _lying_in(field: str) -> _Rule:
    def answer(ledger: Ledger, condition: QueryCondition, code: str) -> _Answer:
        here = str(getattr(ledger.participants[code], field))
        return _Answer(here == condition.of, here)

    return _Rule(answer, lambda _, condition: f"are in {condition.of}")


def _standing(allowed: frozenset[ParticipantStatus], phrase: str) -> _Rule:
    def answer(ledger: Ledger, condition: QueryCondition, code: str) -> _Answer:
        then = ledger_on(ledger, _day(ledger, condition)) if condition.at else ledger
        where = participant_standing(then, condition.of, code)
        name = title_of(ledger, condition.of)
        if where.possible and (where.possible in allowed) is not (where.status in allowed):
            return _Answer(None, f"{name}: {where.status} or {where.possible}, the day not known")
        return _Answer(where.status in allowed, f"{name}: {where.status}. {where.why}")

    return _Rule(answer, lambda ledger, c: f"{phrase} {names_in(ledger)(c.of)}{_when(ledger, c)}")


def _judgement(*, wanted: bool) -> _Rule:
    def answer(ledger: Ledger, condition: QueryCondition, code: str) -> _Answer:
        judged, absent = _judged(ledger, condition)
        found = judged.get(code)
        if found is None:
            unknown = bool(absent) and condition.value in ("", *absent)
            return _Answer(None if unknown else not wanted, f"not on '{condition.of}' as the record has it")
        edition = f", {found.edition} edition" if found.edition else ""
        since = f" since {in_words(found.start)}" if found.start and not edition else ""
        doubt = " (unverified)" if found.unverified else ""
        met = condition.value in ("", found.value)
        return _Answer(met is wanted, f"'{condition.of}'{edition}: {found.value}{since}{doubt}")

    def said(ledger: Ledger, condition: QueryCondition) -> str:
        value = f"{condition.value} of " if condition.value else ""
        edition = _is_edition(ledger, condition)
        when = f" in its {condition.at} edition" if edition else _when(ledger, condition)
        return f"are {'' if wanted else 'not '}on {value}'{condition.of}'{when}"

    return _Rule(answer, said)


def _judged(ledger: Ledger, condition: QueryCondition) -> tuple[Mapping[str, Assessment], tuple[str, ...]]:
    """The judgements that a condition asks about, and the values of them that the record lacks."""
    if _is_edition(ledger, condition):
        name, judged = condition.at, assessments.in_edition(ledger, condition.of, condition.at)
    else:
        day = _day(ledger, condition)
        judged, now = (
            assessments.assessments_in_force(ledger, condition.of, day),
            assessments.edition_on(ledger, condition.of, day),
        )
        name = now.name if now else ""
    absent = (each.absent for each in assessments.editions(ledger, condition.of) if each.name == name)
    return judged, next(absent, ())


_RULES: Mapping[ConditionKind, _Rule] = {
    ConditionKind.MEMBER: _membership(wanted=True),
    ConditionKind.NOT_MEMBER: _membership(wanted=False),
    ConditionKind.REGION: _lying_in("region"),
    ConditionKind.GROUP: _lying_in("un_group"),
    ConditionKind.PARTY: _standing(CONSENTING, "are parties to"),
    ConditionKind.NOT_PARTY: _standing(frozenset(ParticipantStatus) - CONSENTING, "are not parties to"),
    ConditionKind.SIGNATORY: _standing(frozenset({ParticipantStatus.SIGNATORY}), "have signed and no more"),
    ConditionKind.NONE: _standing(frozenset({ParticipantStatus.NONE}), "have neither signed nor joined"),
    ConditionKind.WITHDRAWN: _standing(frozenset({ParticipantStatus.WITHDRAWN}), "have withdrawn from"),
    ConditionKind.ASSESSED: _judgement(wanted=True),
    ConditionKind.NOT_ASSESSED: _judgement(wanted=False),
}
