"""What-if scenarios as pages: who deposits when, what follows, what would still be missing, two of them side by side.

A scenario is its address. States are chosen by group, one by one, or as a list; names that are not known are asked
about at the field, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import PlainValidator
from werkzeug.datastructures import MultiDict

from tracker.errors import BadClause, BadQuestion, NotFound, TrackerError
from tracker.law.consents import signatories
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import parties
from tracker.law.gaps import pending_instruments
from tracker.law.ledger import Ledger, memoized, name_of
from tracker.law.model import ParticipantKind
from tracker.law.scenarios import (
    HypotheticalAction,
    HypotheticalTerms,
    ListedState,
    ScenarioResult,
    UnclearName,
    participants_chosen,
    read_states,
    run_scenario,
    stagger,
    under_other_terms,
)
from tracker.law.wording import Alternatives
from tracker.messages import TranslatableText, message
from tracker.schemas.formats import columns_of
from tracker.schemas.history import HistoryStep, history_answer
from tracker.schemas.scenarios_and_claims import (
    Consequence,
    OwnDate,
    ThresholdDrafts,
    WhatIf,
    drafts_answer,
    what_if_answer,
)
from tracker.web.charts import CountsChart, counts_chart
from tracker.web.context import RequestContext, get_context, link_here, whole_link
from tracker.web.errors import wants_json
from tracker.web.forms import (
    NO_FAULTS,
    BadForm,
    Count,
    CountFromOne,
    Day,
    Form,
    faults_of,
    read_form,
    read_sound_fields,
)
from tracker.web.labels import REGIONS
from tracker.web.language import alphabetical
from tracker.web.responses import FORMAT_RULE, PageAnswer, as_page, respond
from tracker.web.search_answers import directory

blueprint = Blueprint("scenarios", __name__)
MAX_THRESHOLDS = 6  # tried side by side
MAX_LIST_LENGTH = 4000  # characters of a list of States, and of a scenario to compare with

Query = MultiDict[str, str]


def _yes_or_no(text: str) -> bool | None:
    if text not in ("", "yes", "no"):
        raise ValueError(f"'{text[:20]}' is neither yes nor no.")
    return text == "yes" if text else None


def _thresholds(text: str) -> tuple[int, ...]:
    try:
        numbers = sorted({int(each) for each in text.replace(",", " ").split()})
    except ValueError:
        numbers = [0]
    if text and (not numbers or numbers[0] < 1 or numbers[-1] > 1000 or len(numbers) > MAX_THRESHOLDS):
        raise ValueError(
            f"'{text[:40]}' is not a list of thresholds: write up to {MAX_THRESHOLDS}, such as 30, 40, 60."
        )
    return tuple(numbers)


class ScenarioForm(Form):
    """A scenario: who deposits and who withdraws, when, under which other terms; and thresholds for drafters.

    `who` are codes and groups, `states` a list of names with dates, `add` one more; `every` the days between deposits.
    """

    instrument: str
    who: tuple[str, ...]
    add: str
    states: str
    on: Day
    every: Count
    leaving: tuple[str, ...]
    leaving_on: Day
    threshold: CountFromOne
    delay: str
    organizations: Annotated[bool | None, PlainValidator(_yes_or_no)]
    thresholds: Annotated[Sequence[int], PlainValidator(_thresholds)]


@blueprint.get("/what-if")
@blueprint.get(f"/what-if.{FORMAT_RULE}")
def what_if(form: str | None = None) -> ResponseReturnValue:
    """A scenario beside the record as it is; one that makes no sense is shown again with its faults."""
    try:
        return respond(what_if_page(get_context(), request.args), "what_if.html", form)
    except (BadQuestion, BadClause, NotFound) as trouble:
        if wants_json():
            raise
        faults = faults_of(trouble)
        if isinstance(trouble, BadClause):  # the waiting period is all that this form has of a clause
            faults = {"delay": str(trouble)}
        return as_page(_page_with_faults(get_context(), faults), "what_if.html"), trouble.status


def _page_with_faults(asked: RequestContext, faults: Mapping[str, str]) -> PageAnswer:
    """The form as it was filled in; nothing is computed of it."""
    named = faults if all(faults) else {**faults, "who": "", "leaving": "", "instrument": ""}
    sound = read_sound_fields(ScenarioForm, request.args, named)
    try:
        return _what_if_page(asked, sound, faults)
    except TrackerError:
        return _what_if_page(asked, read_form(ScenarioForm, MultiDict()), faults)


def what_if_page(asked: RequestContext, query: Query) -> PageAnswer:
    """A scenario's answer, where the address supposes anything; BadQuestion where it makes no sense."""
    return _what_if_page(asked, read_form(ScenarioForm, query), beside=query.get("beside", ""))


def _what_if_page(
    asked: RequestContext, form: ScenarioForm, faults: Mapping[str, str] = NO_FAULTS, beside: str = ""
) -> PageAnswer:
    ledger = asked.ledger
    question = _scenario(asked, form, lenient=bool(faults))
    answer = _answer(ledger, question) if not faults else None
    data = answer.data if answer else None
    first = _other_scenario(asked, beside) if data and beside else None
    extra = {
        "instruments": [(terms.id, terms.name) for terms in ledger.instruments.values()],
        "question": question,
        "choices": _choices(ledger, question.instrument),
        "names": _names(ledger, question.instrument, held=False),
        "held": _names(ledger, question.instrument, held=True),
        "drafts": _drafts(ledger, form.thresholds),
        "first": first,
        "picture": answer.picture if answer else None,
        "groups": _by_dates(data.own_dates) if data else [],
        "effects": _by_status(data.consequences) if data else [],
        "share": _address(request.args),
        "mends": list(_mends(ledger)) if {"states", "add"} & set(faults) else [],
        "faults": faults,
    }
    return PageAnswer("what-if", data, data.own_dates if data else [], columns_of(OwnDate), extra)


@dataclass(frozen=True, slots=True)
class Question:
    """A scenario as an address states it. `lines` is its list of States, `chips` each of them with what removes it."""

    instrument: str
    groups: tuple[str, ...]
    lines: str
    chips: tuple[StateChip, ...]
    left_out: tuple[str, ...]
    day: date
    leaving: tuple[str, ...]
    leaving_day: date
    terms: HypotheticalTerms
    supposed: tuple[HypotheticalAction, ...]

    @property
    def supposes(self) -> bool:
        """Does it suppose anything at all?"""
        return bool(self.supposed) or self.terms.changes

    @property
    def depositors(self) -> list[str]:
        """Who deposits, where the scenario is of deposits alone under the treaty's own terms."""
        alone = not self.terms.changes and not any(each.withdraws for each in self.supposed)
        return sorted({each.participant for each in self.supposed}) if alone else []


@dataclass(frozen=True, slots=True)
class StateChip:
    """A State of the list, the date of its own if it has one, and the address of the scenario without it."""

    name: str
    day: date | None
    without: str


@dataclass(frozen=True, slots=True)
class ScenarioPicture:
    """The counts until the last date of a scenario: a chart, and the steps that are supposed as a table."""

    chart: CountsChart
    since: date
    steps: tuple[HistoryStep, ...]


@dataclass(frozen=True, slots=True)
class AnsweredScenario:
    """A scenario's answer and its picture; `address` is that of the scenario alone, where it stands beside another."""

    data: WhatIf
    picture: ScenarioPicture | None
    address: str = ""


def _answer(ledger: Ledger, question: Question) -> AnsweredScenario | None:
    if not question.supposes:
        return None
    found = run_scenario(ledger, question.instrument, question.supposed, question.terms)
    return AnsweredScenario(what_if_answer(ledger, found), _picture(found, ledger.horizon))


def _picture(found: ScenarioResult, today: date) -> ScenarioPicture | None:
    """The picture of a scenario whose dates are still to come; what is supposed lies on a shaded ground."""
    history, last = history_answer(found.ledger, found.after.instrument.id), found.ledger.horizon
    chart = counts_chart(history, last, today)
    steps = tuple(each for each in history.steps if each.from_ > today and each.actions)
    if chart is None or not steps:
        return None
    begins = chart.axis.share(today)
    supposed = (f"{begins * 100:.2f}%", f"{(1 - begins) * 100:.2f}%")
    return ScenarioPicture(replace(chart, gone=supposed), today, steps)


def _scenario(asked: RequestContext, form: ScenarioForm, *, lenient: bool = False) -> Question:
    """The scenario of a form; BadForm for names that are not known, which a `lenient` reading leaves out."""
    ledger = asked.ledger
    if not ledger.instruments:
        raise BadQuestion(message("There are no treaties in the data. Add one before you make a scenario."))
    pending = next((each.status.instrument.id for each in pending_instruments(ledger)), "")
    instrument = ledger.instrument(form.instrument or pending or next(iter(ledger.instruments))).id
    day, leaving_day = form.on or asked.day, form.leaving_on or asked.day
    groups = tuple(each for each in form.who if ":" in each or each == "signatories")
    listed = _listed_states(ledger, form, lenient=lenient)
    already = parties(ledger, instrument) - {code for code in form.who if code not in groups}
    kept = [each for each in listed if each.participant not in already]
    codes = dict.fromkeys(code for choice in groups for code in participants_chosen(ledger, instrument, choice))
    together = (*kept, *(ListedState(code) for code in codes if code not in {each.participant for each in kept}))
    supposed = [
        *(HypotheticalAction(code, on) for code, on in stagger(together, day, form.every or 0)),
        *(HypotheticalAction(ledger.participant(code).code, leaving_day, withdraws=True) for code in form.leaving),
    ]
    terms = HypotheticalTerms(
        threshold=form.threshold, delay=form.delay or None, organizations_count=form.organizations
    )
    return Question(
        instrument, groups, _lines(ledger, kept), tuple(_chips(ledger, kept, groups)),
        tuple(name_of(ledger, each.participant) for each in listed if each.participant in already),
        day, form.leaving, leaving_day, terms, tuple(supposed),
    )  # fmt: skip


def _listed_states(ledger: Ledger, form: ScenarioForm, *, lenient: bool) -> list[ListedState]:
    """The States chosen by code, those of the list, and the one that is added to it."""
    codes = [ledger.participant(each).code for each in form.who if ":" not in each and each != "signatories"]
    lists = {"states": _checked_list(form.states), "add": form.add}
    found = {name: read_states(ledger, directory(ledger).index, text) for name, text in lists.items() if text}
    faults = {name: _not_known(each.unclear) for name, each in found.items() if each.unclear}
    if faults and not lenient:
        raise BadForm(faults)
    states = {state.participant: state for each in found.values() for state in each.states}.values()
    return [ListedState(code) for code in dict.fromkeys(codes)] + [s for s in states if s.participant not in codes]


def _checked_list(text: str) -> str:
    if len(text) > MAX_LIST_LENGTH:
        raise BadForm({"states": message("Enter a list of at most {n} characters.", n=MAX_LIST_LENGTH)})
    return text


def _not_known(unclear: Sequence[UnclearName]) -> TranslatableText:
    said = [
        message("{name} (did you mean {others}?)", name=each.text[:60], others=Alternatives(each.nearest))
        if each.nearest
        else each.text[:60]
        for each in unclear[:10]
    ]
    return message("Names not known: {names}. Correct or remove them.", names=said)


def _mends(ledger: Ledger) -> Iterator[tuple[str, str, str]]:
    """For each name that is not known and each that may be meant: both, and the address with the one for the other."""
    text = f"{request.args.get('states', '')}\n{request.args.get('add', '')}"[:MAX_LIST_LENGTH]
    found = read_states(ledger, directory(ledger).index, text)
    for each in found.unclear[:10]:
        for name in each.nearest:
            yield each.text, name, link_here(states=text.strip().replace(each.text, name), add=None)


def _lines(ledger: Ledger, listed: Sequence[ListedState]) -> str:
    names = ((name_of(ledger, each.participant), each.day) for each in listed)
    return "\n".join(f"{name} {day}" if day else name for name, day in names)


def _chips(ledger: Ledger, listed: Sequence[ListedState], groups: Sequence[str]) -> Iterator[StateChip]:
    for each in listed:
        rest = _lines(ledger, [other for other in listed if other is not each])
        without = link_here(states=rest or None, add=None, who=list(groups) or None)
        yield StateChip(name_of(ledger, each.participant), each.day, without)


def _other_scenario(asked: RequestContext, text: str) -> AnsweredScenario | None:
    """The scenario that an address carries beside its own; None for one that makes no sense."""
    query = MultiDict(parse_qsl(text[:MAX_LIST_LENGTH]))
    try:
        found = _answer(asked.ledger, _scenario(asked, read_form(ScenarioForm, query)))
    except TrackerError:
        return None
    return replace(found, address=whole_link("scenarios.what_if", **query.to_dict(flat=False))) if found else None


def _address(query: Mapping[str, str]) -> str:
    """What another address carries to be compared with this scenario; empty where it would be too long."""
    given = query.items(multi=True) if isinstance(query, MultiDict) else query.items()
    kept = [(name, value) for name, value in given if value and name in ScenarioForm.model_fields]
    text = urlencode([pair for pair in kept if pair[0] != "thresholds"])
    return text if len(text) <= MAX_LIST_LENGTH // 2 else ""


@dataclass(frozen=True, slots=True)
class GroupedDates:
    """Those for whom a treaty would be in force from the same date, by name, with the reason that they share."""

    since: date | None
    why: str
    rows: tuple[OwnDate, ...]

    @property
    def deposit(self) -> PartialDate | None:
        """The one date on which all of them deposit; None where they deposit on several."""
        days = {row.deposit for row in self.rows}
        return next(iter(days)) if len(days) == 1 else None


def _by_dates(rows: Sequence[OwnDate]) -> list[GroupedDates]:
    """Participants grouped by the date from which the treaty would be in force for them, earliest first."""
    found: dict[date | None, list[OwnDate]] = {}
    for row in alphabetical(rows, lambda each: each.name):
        found.setdefault(row.bound_since, []).append(row)
    ordered = sorted(found.items(), key=lambda each: (each[0] is None, each[0] or date.max))
    return [
        GroupedDates(
            day,
            same[0].why if len({row.why for row in same}) == 1 else "",
            tuple(same),
        )
        for day, same in ordered
    ]


def _by_status(rows: Sequence[Consequence]) -> list[tuple[Consequence, list[Consequence]]]:
    """What becomes of participants on other treaties, together where it is the same; the first stands for all."""
    found: dict[Any, list[Consequence]] = {}
    for row in rows:
        found.setdefault((row.instrument, row.status), []).append(row)
    return [(same[0], same) for same in found.values()]


def _drafts(ledger: Ledger, numbers: Sequence[int]) -> ThresholdDrafts | None:
    """For every instrument, the day it would have entered into force under several thresholds."""
    if not numbers:
        return None
    days = under_other_terms(ledger, [HypotheticalTerms(threshold=number) for number in numbers])
    return drafts_answer(ledger, numbers, days)


def _names(ledger: Ledger, instrument: str, *, held: bool) -> list[tuple[str, str]]:
    """Those that could deposit, or those that could withdraw, by name."""
    party = parties(ledger, instrument) if instrument else frozenset()
    codes = party if held else {code for code in ledger.participants if _could_deposit(ledger, code)} - party
    return alphabetical(((code, ledger.participants[code].name) for code in codes), lambda pair: pair[1])


def _could_deposit(ledger: Ledger, code: str) -> bool:
    who = ledger.participants[code]
    return (who.is_state or who.kind is ParticipantKind.REIO) and ledger.existed_on(who.code, ledger.horizon)


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group whose members can deposit together, and how many of them are not parties yet."""

    value: str
    words: TranslatableText


@memoized
def _choices(ledger: Ledger, instrument: str) -> tuple[list[GroupChoice], list[GroupChoice]]:
    """The groups of which some have signed and not ratified, and those of which some are not parties."""
    absent = {code for code, _ in _names(ledger, instrument, held=False)}
    signed = signatories(ledger, instrument) & absent
    groups = list(_groups(ledger))
    waiting = [
        GroupChoice(f"signed:{value}", message("{group} ({n})", group=words, n=number))
        for value, words, codes in groups
        if (number := len(codes & signed))
    ]
    everyone = message("All signatories that have not ratified")
    if signed:
        waiting.insert(0, GroupChoice("signatories", message("{group} ({n})", group=everyone, n=len(signed))))
    others = [
        GroupChoice(value, message("{group} ({n})", group=words, n=number))
        for value, words, codes in groups
        if (number := len(codes & absent))
    ]
    return waiting, others


def _groups(ledger: Ledger) -> Iterator[tuple[str, TranslatableText, frozenset[str]]]:
    """Every group of participants: the value of an address, its words and its members."""
    states = [each for each in ledger.participants.values() if each.is_state]
    for kind, field, template in (("group", "un_group", "{name}"), ("region", "region", "Region: {name}")):
        for name in sorted({str(getattr(each, field)) for each in states} - {""}):
            codes = frozenset(each.code for each in states if getattr(each, field) == name)
            words = REGIONS.get(name, message("{name}", name=name))
            yield f"{kind}:{name}", words if template == "{name}" else message("Region: {name}", name=words), codes
    for body in sorted(ledger.bodies.values(), key=lambda each: each.name):
        if codes := ledger.members(body.id):
            yield f"body:{body.id}", message("Members: {body}", body=body.name), codes
