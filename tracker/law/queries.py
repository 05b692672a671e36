"""Queries across memberships, regions, statuses and assessments: their text form, and the participants that match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.errors import BadQuestion
from tracker.law import assessments
from tracker.law.coverage import missing_of_others, shortfall_in_words
from tracker.law.dates import PartialDate, in_words
from tracker.law.gaps import CONSENTING, is_not_in_data
from tracker.law.kinds import GROUP_ACRONYMS
from tracker.law.ledger import Ledger, names_in, title_of
from tracker.law.measures import ledger_on
from tracker.law.model import Assessment, Participant
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.law.wording import Alternatives, paragraph
from tracker.messages import TranslatableText, message


class ConditionKind(StrEnum):
    """What one condition asks about."""

    MEMBER = "member"
    NOT_MEMBER = "not-member"
    REGION = "region"
    GROUP = "group"
    ANY_OF = "any-of"
    PARTY = "party"
    NOT_PARTY = "not-party"
    SIGNATORY = "signatory"
    NONE = "none"
    WITHDRAWN = "withdrawn"
    ASSESSED = "assessed"
    NOT_ASSESSED = "not-assessed"


STATUS_CONDITIONS = frozenset(
    {
        ConditionKind.PARTY, ConditionKind.NOT_PARTY, ConditionKind.SIGNATORY, ConditionKind.NONE,
        ConditionKind.WITHDRAWN,
    }
)  # fmt: skip
ASSESSMENT_CONDITIONS = frozenset({ConditionKind.ASSESSED, ConditionKind.NOT_ASSESSED})  # they may ask for a value
COMMA = ","  # between the groups of one condition
PLACES = frozenset({ConditionKind.REGION, ConditionKind.GROUP})  # they name a place in words
IN_WORDS = PLACES | {ConditionKind.ANY_OF}  # their names are written with capitals


@dataclass(frozen=True, slots=True)
class QueryCondition:
    """One condition: `what` is asked of `of` (a body, region, instrument or scheme).

    `value` narrows an assessment to one value. `at` is the date asked about, or a scheme's edition; empty
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
        raise BadQuestion(f"The query '{text}' has an empty condition between two semicolons. {_EXAMPLE}")
    conditions = tuple(map(_condition, parts))
    for place, each in enumerate(conditions):
        if each in conditions[:place]:
            raise BadQuestion(f"The condition '{each}' is repeated in the query. Remove one.")
    return conditions


def format_query(conditions: tuple[QueryCondition, ...]) -> str:
    """The query in its text form; `parse` gives the same conditions back."""
    return ";".join(map(str, conditions))


_EXAMPLE = "Enter conditions such as member=greco;not-party=coe-173."


def _condition(text: str) -> QueryCondition:
    what, equals, rest = text.partition("=")
    if not equals:
        raise BadQuestion(f"The condition '{text}' has no '='. {_EXAMPLE}")
    if what not in set(ConditionKind):
        raise BadQuestion(f"'{what}' is not a supported condition. Choose one of {', '.join(ConditionKind)}.")
    asking = ConditionKind(what)
    rest, at_sign, at = rest.rpartition("@") if "@" in rest else (rest, "", "")
    of, colon, value = rest.partition(":")
    if not of or (at_sign and not at) or (colon and not value):
        raise BadQuestion(f"The condition '{text}' is incomplete. Enter {asking}=NAME{_tail(asking)}.")
    if colon and asking not in ASSESSMENT_CONDITIONS:
        raise BadQuestion(f"The condition '{text}' cannot have ':{value}': only an assessment has a value.")
    return QueryCondition(asking, of if asking in IN_WORDS else of.lower(), value, at)


def _tail(asking: ConditionKind) -> str:
    return ", NAME:VALUE or NAME:VALUE@EDITION" if asking in ASSESSMENT_CONDITIONS else " or NAME@DATE"


@dataclass(frozen=True, slots=True)
class QueryMatch:
    """A participant that meets every condition, and for each condition the fact that shows it."""

    participant: Participant
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Who meets a query, by name, and for whom it is undetermined (a date or a part of an edition not in the data).

    `missing` consents to the treaties asked about are not in the data, and nobody knows whose they are: so many of the
    others may be parties. `shortfall` says it in words. Between `at_least` and `at_most` participants meet the query,
    whatever the dates that are open and whosever the missing consents are.
    """

    matches: tuple[QueryMatch, ...]
    undecided: tuple[QueryMatch, ...]
    at_least: int
    at_most: int
    missing: int
    shortfall: str


def query_in_words(ledger: Ledger, conditions: tuple[QueryCondition, ...]) -> str:
    """The query as a sentence with names; NotFound for unknown names."""
    said = [condition_in_words(ledger, each) for each in conditions]
    return message("Participants meeting all conditions: {conditions}", conditions=said)


def condition_in_words(ledger: Ledger, condition: QueryCondition) -> TranslatableText:
    """One condition in words, such as "not a party to UNTOC"; NotFound for unknown names."""
    return _RULES[condition.what].words(ledger, _check_condition(ledger, condition))


def run_query(ledger: Ledger, conditions: tuple[QueryCondition, ...]) -> QueryResult:
    """The participants that meet all the conditions, and those for which it is undetermined.

    Those that do not exist on the ledger's day are left out; territories and organizations that never
    acted are included only where a membership or an assessment is asked for. NotFound for unknown
    names, BadQuestion for a day after the ledger's own.
    """
    checked = [_check_condition(ledger, each) for each in conditions]
    everyone = any(each.what in (ConditionKind.MEMBER, ConditionKind.ASSESSED) for each in checked)
    matches: list[QueryMatch] = []
    undecided: list[QueryMatch] = []
    missing = _missing(ledger, checked)
    sure_unless_missing = surely_not_unless_missing = 0
    for who in sorted(ledger.participants.values(), key=lambda each: each.name):
        if ledger.existed_on(who.code, ledger.horizon) and (everyone or who.is_state or ledger.acts_by(who.code)):
            answers = [_RULES[each.what].answer(ledger, each, who.code) for each in checked]
            if all(answer.met is not False for answer in answers):
                sure = all(answer.met for answer in answers)
                (matches if sure else undecided).append(QueryMatch(who, tuple(answer.fact for answer in answers)))
                sure_unless_missing += sure and _may_differ(checked, answers, missing, met=True)
            else:
                surely_not_unless_missing += _may_differ(checked, answers, missing, met=False)
    number = sum(missing.number.values())
    return QueryResult(
        matches=tuple(matches),
        undecided=tuple(undecided),
        at_least=len(matches) - min(sure_unless_missing, number),
        at_most=len(matches) + len(undecided) + min(surely_not_unless_missing, number),
        missing=number,
        shortfall=missing.words,
    )


@dataclass(frozen=True, slots=True)
class _Missing:
    """Consents to the treaties asked about that are missing and nobody's: how many of each treaty, the conditions that
    they may decide, and the same in words.
    """

    number: Mapping[str, int]
    conditions: frozenset[QueryCondition]
    words: str


def _missing(ledger: Ledger, conditions: Iterable[QueryCondition]) -> _Missing:
    number: dict[str, int] = {}
    concerned: set[QueryCondition] = set()
    words: dict[str, None] = {}
    for each in conditions:
        if each.what not in STATUS_CONDITIONS:
            continue
        day = _day(ledger, each)
        then = ledger_on(ledger, day) if day < ledger.horizon else ledger
        words[shortfall_in_words(then, [each.of])] = None
        if lacking := missing_of_others(then, each.of):
            number[each.of] = max(lacking, number.get(each.of, 0))
            concerned.add(each)
    return _Missing(number, frozenset(concerned), paragraph(words))


def _may_differ(
    conditions: Sequence[QueryCondition], answers: Sequence[_Answer], missing: _Missing, *, met: bool
) -> bool:
    """Whether somebody who meets the query (or not) would not (or would), if a missing consent were theirs.

    It would make a party of whoever is none: that alone can turn a condition.
    """
    turned = [
        each in missing.conditions and answer.met is (each.what is not ConditionKind.PARTY)
        for each, answer in zip(conditions, answers, strict=True)
    ]
    if met:
        return any(turned)
    return all(turns or answer.met is not False for turns, answer in zip(turned, answers, strict=True))


# -- names and days --------------------------------------------------------------------------------


def _check_condition(ledger: Ledger, condition: QueryCondition) -> QueryCondition:
    """The condition with its names as the data write them."""
    what, of = condition.what, condition.of
    if what in ASSESSMENT_CONDITIONS:
        value = _value(ledger, of, condition.value)
        _check_edition(ledger, condition)
        return QueryCondition(what, of, value, condition.at)
    if condition.at:
        _day(ledger, condition)
    if what in PLACES:
        return QueryCondition(what, _place(ledger, condition), at=condition.at)
    if what is ConditionKind.ANY_OF:
        return QueryCondition(
            what, COMMA.join(_group(ledger, name) for name in condition.of.split(COMMA)), at=condition.at
        )
    if what in (ConditionKind.MEMBER, ConditionKind.NOT_MEMBER):
        return QueryCondition(what, ledger.body(of).id, at=condition.at)
    return QueryCondition(what, ledger.instrument(of).id, at=condition.at)


def _group(ledger: Ledger, name: str) -> str:
    """A UN regional group (by its acronym as well), a region or a body as the data write it."""
    people = ledger.participants.values()
    known = {each.casefold(): each for who in people for each in (who.un_group, who.region) if each}
    known |= {acronym.casefold(): group for group, acronym in GROUP_ACRONYMS.items()}
    return known.get(name.strip().casefold()) or ledger.body(name.strip().lower()).id


def _place(ledger: Ledger, condition: QueryCondition) -> str:
    field = "region" if condition.what is ConditionKind.REGION else "un_group"
    names = {str(getattr(each, field)) for each in ledger.participants.values()} - {""}
    acronyms = {acronym.casefold(): group for group, acronym in GROUP_ACRONYMS.items()}
    wanted = acronyms.get(condition.of.casefold(), condition.of).casefold()
    found = next((name for name in names if name.casefold() == wanted), None)
    if found is None:
        raise BadQuestion(
            f"'{condition.of}' is not an option for {condition.what}. Choose one of {', '.join(sorted(names))}."
        )
    return found


def _value(ledger: Ledger, scheme: str, value: str) -> str:
    """The value as the scheme writes it; `3` is enough where one of its values ends in it."""
    assessments.assessments_in_force(ledger, scheme)  # NotFound for a scheme that there is not
    values = sorted({judged.value for judged in ledger.schemes[scheme] if judged.participant})
    plain = value.casefold().replace("-", " ")
    found = [each for each in values if each.casefold().replace("-", " ") == plain]
    found = found or [each for each in values if each.casefold().endswith(" " + plain)]
    if value and len(found) != 1:
        raise BadQuestion(f"'{value}' is not a value of '{scheme}'. Choose one of {', '.join(values)}.")
    return found[0] if value else ""


def _is_edition(ledger: Ledger, condition: QueryCondition) -> bool:
    """Does the condition ask about an edition of the scheme, rather than a day?"""
    return any(judged.edition == condition.at for judged in ledger.schemes[condition.of]) if condition.at else False


def _check_edition(ledger: Ledger, condition: QueryCondition) -> None:
    if not _is_edition(ledger, condition):
        _day(ledger, condition)
    elif condition.at not in {each.name for each in assessments.editions(ledger, condition.of)}:
        raise BadQuestion(f"'{condition}' asks for a later edition. Choose one up to {in_words(ledger.horizon)}.")


def _day(ledger: Ledger, condition: QueryCondition) -> date:
    if not condition.at:
        return ledger.horizon
    try:
        day = PartialDate.parse(condition.at).exact
    except ValueError:
        day = None
    if day is None:
        kind = "an edition or a date" if condition.what in ASSESSMENT_CONDITIONS else "a date"
        raise BadQuestion(f"'{condition.at}' in '{condition}' is not {kind}. Enter a date such as 2010-06-30.")
    if day > ledger.horizon:
        raise BadQuestion(f"'{condition}' asks about a later date. Choose a date up to {in_words(ledger.horizon)}.")
    return day


# -- the rules -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """Is the condition met (None: undetermined), and by what fact."""

    met: bool | None
    fact: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """How one sort of condition is answered for a participant, and how it is written."""

    answer: Callable[[Ledger, QueryCondition, str], _Answer]
    words: Callable[[Ledger, QueryCondition], TranslatableText]


def _then(ledger: Ledger, condition: QueryCondition, said: TranslatableText) -> TranslatableText:
    """A condition with the date it asks about, where it gives one."""
    return message("{condition} on {date}", condition=said, date=_day(ledger, condition)) if condition.at else said


def _membership(*, wanted: bool) -> _Rule:
    def answer(ledger: Ledger, condition: QueryCondition, code: str) -> _Answer:
        body, day = ledger.body(condition.of), _day(ledger, condition)
        if code not in ledger.members(body.id, on=day):
            return _Answer(not wanted, message("not a member of {body}", body=body.short_name))
        spells = (m for m in ledger.memberships(body.id) if m.participant == code and m.holds_on(day))
        since = next((m.start for m in spells if m.start), None)
        if since:
            return _Answer(wanted, message("member of {body} since {date}", body=body.short_name, date=since))
        return _Answer(wanted, message("member of {body}", body=body.short_name))

    def said(ledger: Ledger, condition: QueryCondition) -> TranslatableText:
        body = ledger.body(condition.of).short_name
        member = message("member of {body}", body=body) if wanted else message("not a member of {body}", body=body)
        return _then(ledger, condition, member)

    return _Rule(answer, said)


def _any_of() -> _Rule:
    """In at least one of several groups: UN regional groups, regions and bodies, with commas between."""

    def answer(ledger: Ledger, condition: QueryCondition, code: str) -> _Answer:
        who, day = ledger.participants[code], _day(ledger, condition)
        there = {who.un_group, who.region, *(body for body in ledger.bodies if code in ledger.members(body, on=day))}
        found = [name for name in condition.of.split(COMMA) if name in there]
        if not found:
            return _Answer(met=False, fact=message("in none of the groups"))
        return _Answer(met=True, fact=message("{names}", names=[_name_of_group(ledger, name) for name in found]))

    def said(ledger: Ledger, condition: QueryCondition) -> TranslatableText:
        names = tuple(_name_of_group(ledger, name) for name in condition.of.split(COMMA))
        return _then(ledger, condition, message("in any of: {names}", names=Alternatives(names)))

    return _Rule(answer, said)


def _name_of_group(ledger: Ledger, name: str) -> TranslatableText:
    if name in ledger.bodies:
        return message("member of {body}", body=ledger.body(name).short_name)
    return message("{place}", place=name)


def _lying_in(field: str) -> _Rule:
    def answer(ledger: Ledger, condition: QueryCondition, code: str) -> _Answer:
        here = str(getattr(ledger.participants[code], field))
        return _Answer(here == condition.of, here)

    return _Rule(answer, lambda _, condition: message("{place}", place=condition.of))


def _status(allowed: frozenset[ParticipantStatus], phrase: Callable[[str], TranslatableText]) -> _Rule:
    def answer(ledger: Ledger, condition: QueryCondition, code: str) -> _Answer:
        then = ledger_on(ledger, _day(ledger, condition)) if condition.at else ledger
        where = participant_standing(then, condition.of, code)
        name = title_of(ledger, condition.of)
        if where.possible and (where.possible in allowed) is not (where.status in allowed):
            either = {"instrument": name, "status": where.status.words, "other": where.possible.words}
            return _Answer(None, message("{instrument}: {status} or {other}, date not known", **either))
        if ParticipantStatus.NONE in allowed and is_not_in_data(then, where):
            return _Answer(None, message("{treaty}: not in our data, which are incomplete", treaty=name))
        if where.status is ParticipantStatus.NONE:
            return _Answer(
                where.status in allowed, message("{instrument}: {reason}", instrument=name, reason=where.why)
            )
        said = message("{instrument}: {status}.", instrument=name, status=where.status.words)
        return _Answer(where.status in allowed, paragraph([said, where.why]))

    return _Rule(answer, lambda ledger, each: _then(ledger, each, phrase(names_in(ledger)(each.of))))


def _assessment(*, wanted: bool) -> _Rule:
    def answer(ledger: Ledger, condition: QueryCondition, code: str) -> _Answer:
        assessed, absent = _assessments_asked_about(ledger, condition)
        found = assessed.get(code)
        if found is None:
            unknown = bool(absent) and condition.value in ("", *absent)
            return _Answer(None if unknown else not wanted, message("not on {list} in our data", list=condition.of))
        return _Answer((condition.value in ("", found.value)) is wanted, _entry(condition, found))

    def said(ledger: Ledger, condition: QueryCondition) -> TranslatableText:
        named = {"list": condition.of, "value": condition.value}
        if condition.value:
            on = message("on {list}: {value}", **named) if wanted else message("not on {list}: {value}", **named)
        else:
            on = message("on {list}", **named) if wanted else message("not on {list}", **named)
        if _is_edition(ledger, condition):
            return message("{condition} ({edition} edition)", condition=on, edition=condition.at)
        return _then(ledger, condition, on)

    return _Rule(answer, said)


def _entry(condition: QueryCondition, found: Assessment) -> TranslatableText:
    """An entry in a list, with its edition or its date."""
    said = {"list": condition.of, "value": found.value, "edition": found.edition, "date": found.start}
    if found.edition:
        entry = message("{list} ({edition} edition): {value}", **said)
    elif found.start:
        entry = message("{list}: {value} since {date}", **said)
    else:
        entry = message("{list}: {value}", **said)
    return message("{entry} (unverified)", entry=entry) if found.unverified else entry


def _assessments_asked_about(
    ledger: Ledger, condition: QueryCondition
) -> tuple[Mapping[str, Assessment], tuple[str, ...]]:
    """The assessments that a condition asks about, and the values of them that are not in the data."""
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
    ConditionKind.ANY_OF: _any_of(),
    ConditionKind.PARTY: _status(CONSENTING, lambda name: message("party to {instrument}", instrument=name)),
    ConditionKind.NOT_PARTY: _status(
        frozenset(ParticipantStatus) - CONSENTING, lambda name: message("not a party to {instrument}", instrument=name)
    ),
    ConditionKind.SIGNATORY: _status(
        frozenset({ParticipantStatus.SIGNATORY}),
        lambda name: message("{instrument} signed but not ratified", instrument=name),
    ),
    ConditionKind.NONE: _status(
        frozenset({ParticipantStatus.NONE}), lambda name: message("no action on {instrument}", instrument=name)
    ),
    ConditionKind.WITHDRAWN: _status(
        frozenset({ParticipantStatus.WITHDRAWN}), lambda name: message("withdrawn from {instrument}", instrument=name)
    ),
    ConditionKind.ASSESSED: _assessment(wanted=True),
    ConditionKind.NOT_ASSESSED: _assessment(wanted=False),
}
