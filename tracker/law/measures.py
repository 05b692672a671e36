"""The figure that a target counts, on one date: the number, a sentence, whom it counted and what is uncertain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.errors import NotFound
from tracker.law import assessments
from tracker.law.coverage import range_in_words
from tracker.law.dates import when
from tracker.law.entry_into_force import parties
from tracker.law.ledger import Ledger, memoized_recent, name_of, names_in
from tracker.law.model import Assessment, Body
from tracker.law.reference_facts import Metric, Target
from tracker.law.status import InstrumentStatus, status
from tracker.law.wording import SentenceStart, paragraph, shorten_names, with_sign
from tracker.messages import TranslatableText, message


class UnknownValue(Exception):
    """The data lack what a target counts; the message says what."""


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """What is counted for a target: the number, the sentence, whom it counted, what is uncertain.

    `more` is how many more there may be, where a date or an act is not in the data.
    """

    number: int
    words: str
    codes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    more: int = 0


def measure(ledger: Ledger, target: Target, day: date) -> MeasuredValue:
    """The target's metric on a date; UnknownValue where it cannot be computed."""
    assert target.metric is not None
    try:
        return _COUNTING[target.metric](ledger_on(ledger, day), target)
    except NotFound as trouble:
        raise UnknownValue(str(trouble)) from None


@memoized_recent(64)
def ledger_on(ledger: Ledger, day: date) -> Ledger:
    """The ledger on a day, kept so that targets for one day share what is worked out for it."""
    return ledger.as_of(day)


# -- instruments -----------------------------------------------------------------------------------


def _of_instrument(
    what: TranslatableText, count: Callable[[InstrumentStatus], tuple[int, int]]
) -> Callable[[Ledger, Target], MeasuredValue]:
    def measure_of(now: Ledger, target: Target) -> MeasuredValue:
        least, most = count(status(now, now.instrument(target.instrument).id))
        words = message(
            "{date}: {instrument}, {what}: {number}.",
            date=now.horizon, instrument=names_in(now)(target.instrument), what=what,
            number=range_in_words(least, most),
        )  # fmt: skip
        return MeasuredValue(least, words, more=most - least)

    return measure_of


def _parties_added(now: Ledger, target: Target) -> MeasuredValue:
    assert target.since is not None
    after = parties(now, now.instrument(target.instrument).id)
    before = parties(ledger_on(now, target.since.last), target.instrument)
    more = len(after) - len(before)
    words = message(
        "{instrument}, parties: {before} on {since}, {after} on {date} ({more}).",
        instrument=_name_at_start(now, target), before=len(before), since=target.since, after=len(after),
        date=now.horizon, more=with_sign(more),
    )  # fmt: skip
    return MeasuredValue(more, words, tuple(sorted(after - before)))


def _opening(now: Ledger, target: Target) -> MeasuredValue:
    terms = now.instrument(target.instrument)
    opened = terms.opened_on is not None and terms.opened_on.last <= now.horizon
    name = _name_at_start(now, target)
    if opened:
        return MeasuredValue(
            1, message("{instrument}: opened for signature {when}.", instrument=name, when=when(terms.opened_on))
        )
    return MeasuredValue(
        0, message("{instrument}: not open for signature by {date}.", instrument=name, date=now.horizon)
    )


def _name_at_start(ledger: Ledger, target: Target) -> SentenceStart:
    """The name of a target's instrument as it begins a sentence."""
    return SentenceStart(names_in(ledger)(target.instrument))


# -- lists -----------------------------------------------------------------------------------------


def _list_size(now: Ledger, target: Target) -> MeasuredValue:
    here = _list(now, target)
    words = _with_names(
        message("{date}, {list}: {number}", date=now.horizon, list=_list_name(target), number=len(here)),
        now,
        tuple(here),
    )
    return MeasuredValue(len(here), words, tuple(sorted(here)), _unverified_note(here))


def _growth(now: Ledger, target: Target) -> MeasuredValue:
    before, after = _both(now, target)
    more = len(after) - len(before)
    assert target.since is not None
    words = message(
        "{list}: {before} on {since}, {after} on {date} ({more}).",
        list=_list_name(target), before=len(before), since=target.since, after=len(after),
        date=now.horizon, more=with_sign(more),
    )  # fmt: skip
    return MeasuredValue(more, words, doubts=_unverified_note({**before, **after}))


def _comparing(
    what: TranslatableText, choose: Callable[[frozenset[str], frozenset[str]], frozenset[str]]
) -> Callable[[Ledger, Target], MeasuredValue]:
    def measure_of(now: Ledger, target: Target) -> MeasuredValue:
        before, after = _both(now, target)
        codes = tuple(sorted(choose(frozenset(before), frozenset(after))))
        assert target.since is not None
        counts = message(
            "{since} to {date}, {list}, {what}: {number}",
            since=target.since, date=now.horizon, list=_list_name(target), what=what, number=len(codes),
        )  # fmt: skip
        words = _with_names(counts, now, codes)
        either = {**before, **after}
        return MeasuredValue(len(codes), words, codes, _unverified_note({code: either[code] for code in codes}))

    return measure_of


def _both(now: Ledger, target: Target) -> tuple[Mapping[str, Assessment], Mapping[str, Assessment]]:
    assert target.since is not None
    return _list(ledger_on(now, target.since.last), target), _list(now, target)


def _list(now: Ledger, target: Target) -> dict[str, Assessment]:
    """Who is on the list (with the value asked for) on the ledger's day; UnknownValue where our data lack it."""
    edition = assessments.edition_on(now, target.scheme, now.horizon)
    lacking = [value for value in edition.absent if target.among in ("", value)] if edition else []
    if edition and lacking:
        raise UnknownValue(
            message(
                "Not in our data: {values} of {list} ({edition} edition).",
                values=shorten_names(lacking), list=target.scheme, edition=edition.name,
            )
        )  # fmt: skip
    here = assessments.assessments_in_force(now, target.scheme)
    return {code: judged for code, judged in here.items() if target.among in ("", judged.value)}


def _list_name(target: Target) -> TranslatableText:
    if target.among:
        return message("“{list}” ({value})", list=target.scheme, value=target.among)
    return message("“{list}”", list=target.scheme)


def _with_names(counts: TranslatableText, ledger: Ledger, codes: tuple[str, ...]) -> TranslatableText:
    """A count with the names of those counted in brackets."""
    if not codes:
        return message("{counts}.", counts=counts)
    names = shorten_names(sorted(name_of(ledger, code) for code in codes))
    return message("{counts} ({names}).", counts=counts, names=names)


def _unverified_note(found: Mapping[str, Assessment]) -> tuple[str, ...]:
    unverified = sum(judged.unverified for judged in found.values())
    if not unverified:
        return ()
    return (message("unverified in part: {number} of {total} entries", number=unverified, total=len(found)),)


# -- bodies ----------------------------------------------------------------------------------------


def _members(now: Ledger, target: Target) -> MeasuredValue:
    codes = frozenset().union(*(now.members(now.body(body).id) for body in target.bodies))
    names = shorten_names([now.body(body).short_name for body in target.bodies])
    words = message("{date}: {bodies}, members: {number}.", date=now.horizon, bodies=names, number=len(codes))
    return MeasuredValue(len(codes), words, tuple(sorted(codes)))


def _frameworks(now: Ledger, target: Target) -> MeasuredValue:
    bodies = [now.body(body) for body in target.bodies]
    if target.value is not None and target.value > len(bodies):
        raise UnknownValue(message("Only {number} of the bodies counted are in our data.", number=len(bodies)))
    there = [b for b in bodies if _lives(b, now.horizon)]
    missing = [
        message("{body} (established {when})", body=b.short_name, when=when(b.established_on))
        for b in bodies
        if b not in there
    ]
    counts = message("{date}: {number} of {total} in existence", date=now.horizon, number=len(there), total=len(bodies))
    named = shorten_names([b.short_name for b in there])
    words = [
        message("{counts} ({names}).", counts=counts, names=named) if there else message("{counts}.", counts=counts)
    ]
    words += [message("Not among them: {bodies}.", bodies=shorten_names(missing))] if missing else []
    unverified = sum(b.unverified for b in bodies)
    part = message("unverified in part: {number} of {total} bodies", number=unverified, total=len(bodies))
    return MeasuredValue(len(there), paragraph(words), doubts=(part,) if unverified else ())


def _lives(body: Body, day: date) -> bool:
    begun = body.established_on is None or body.established_on.last <= day
    return begun and (body.dissolved_on is None or day < body.dissolved_on.last)


_COUNTING: Mapping[Metric, Callable[[Ledger, Target], MeasuredValue]] = {
    Metric.PARTIES: _of_instrument(message("parties"), lambda now: (now.parties, now.parties_at_most)),
    Metric.SIGNATORIES: _of_instrument(message("signatories"), lambda now: (now.signatories, now.signatories_at_most)),
    Metric.BOUND: _of_instrument(message("in force for"), lambda now: (now.bound, now.bound_at_most)),
    Metric.ADDED_PARTIES: _parties_added,
    Metric.OPENED: _opening,
    Metric.LIST_SIZE: _list_size,
    Metric.LIST_GROWTH: _growth,
    Metric.ADDED_TO_LIST: _comparing(message("added"), lambda before, after: after - before),
    Metric.REMOVED_FROM_LIST: _comparing(message("removed"), lambda before, after: before - after),
    Metric.STILL_LISTED: _comparing(message("still listed"), lambda before, after: before & after),
    Metric.MEMBERS: _members,
    Metric.FRAMEWORKS: _frameworks,
}
