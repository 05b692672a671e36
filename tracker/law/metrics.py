"""What a record counts for a target on a day: one function a metric, each with its sentence and its doubts.

The vocabulary is declared in `goals`. Where the record lacks what is to be counted (an edition of
which it has a part only, a scheme it has never heard of) nothing is guessed: `Unknown` says what is
missing. Whether the number is enough is `targets`' question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.errors import NotFound
from tracker.law import assessments
from tracker.law.binding import bound
from tracker.law.dates import in_words
from tracker.law.deposits import parties, signatories
from tracker.law.goals import Metric, Target
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Assessment, Body
from tracker.law.naming import name_of, names_in
from tracker.law.working import listed


class Unknown(Exception):
    """The record lacks what a target counts; the message says what."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What the record counts for a target: the number, the sentence, whom it counted, what is doubtful."""

    number: int
    words: str
    codes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def count(ledger: Ledger, target: Target, day: date) -> Counted:
    """The target's metric on a day; Unknown where the record cannot tell."""
    assert target.metric is not None
    try:
        return _COUNTING[target.metric](on(ledger, day), target)
    except NotFound as trouble:
        raise Unknown(str(trouble)) from None


@remembered
def on(ledger: Ledger, day: date) -> Ledger:
    """The ledger on a day, kept so that targets for one day share what is worked out for it."""
    return ledger.as_of(day)


# -- instruments -----------------------------------------------------------------------------------


def _of_instrument(what: str, count: Callable[[Ledger, str], frozenset[str]]) -> Callable[[Ledger, Target], Counted]:
    def counted(now: Ledger, target: Target) -> Counted:
        number = len(count(now, now.instrument(target.instrument).id))
        name = names_in(now)(target.instrument)
        return Counted(number, f"On {in_words(now.horizon)} {name} had {number} {what}.")

    return counted


def _added(now: Ledger, target: Target) -> Counted:
    assert target.since is not None
    after = parties(now, now.instrument(target.instrument).id)
    before = parties(on(now, target.since.last), target.instrument)
    more = len(after) - len(before)
    words = (
        f"{_first(names_in(now)(target.instrument))} had {len(before)} parties on {in_words(target.since)} "
        f"and {len(after)} on {in_words(now.horizon)}: {more} more."
    )
    return Counted(more, words, tuple(sorted(after - before)))


def _opened(now: Ledger, target: Target) -> Counted:
    terms = now.instrument(target.instrument)
    opened = terms.opened_on is not None and terms.opened_on.last <= now.horizon
    was = f"was opened for signature on {in_words(terms.opened_on)}" if opened else "was not open for signature by then"
    return Counted(int(opened), f"{_first(names_in(now)(terms.id))} {was}.")


def _first(name: str) -> str:
    """A name as it begins a sentence."""
    return name[0].upper() + name[1:]


# -- lists -----------------------------------------------------------------------------------------


def _list_size(now: Ledger, target: Target) -> Counted:
    here = _list(now, target)
    words = f"On {in_words(now.horizon)} {_called(target)} held {len(here)}{_naming(now, tuple(here))}."
    return Counted(len(here), words, tuple(sorted(here)), _unchecked(here))


def _growth(now: Ledger, target: Target) -> Counted:
    before, after = _both(now, target)
    more = len(after) - len(before)
    assert target.since is not None
    words = (
        f"{_first(_called(target))} held {len(before)} on {in_words(target.since)} "
        f"and {len(after)} on {in_words(now.horizon)}: {more:+d}."
    )
    return Counted(more, words, doubts=_unchecked({**before, **after}))


def _comparing(
    verb: str, choose: Callable[[frozenset[str], frozenset[str]], frozenset[str]]
) -> Callable[[Ledger, Target], Counted]:
    def counted(now: Ledger, target: Target) -> Counted:
        before, after = _both(now, target)
        codes = tuple(sorted(choose(frozenset(before), frozenset(after))))
        assert target.since is not None
        words = (
            f"Between {in_words(target.since)} and {in_words(now.horizon)} {len(codes)} {verb} "
            f"{_called(target)}{_naming(now, codes)}."
        )
        either = {**before, **after}
        return Counted(len(codes), words, codes, _unchecked({code: either[code] for code in codes}))

    return counted


def _both(now: Ledger, target: Target) -> tuple[Mapping[str, Assessment], Mapping[str, Assessment]]:
    assert target.since is not None
    return _list(on(now, target.since.last), target), _list(now, target)


def _list(now: Ledger, target: Target) -> dict[str, Assessment]:
    """Who is on the list (with the value asked for) on the ledger's day; Unknown where the record lacks that part."""
    edition = assessments.edition_on(now, target.scheme, now.horizon)
    lacking = [value for value in edition.absent if target.among in ("", value)] if edition else []
    if edition and lacking:
        raise Unknown(f"The record lacks {listed(lacking)} of the {edition.name} edition of '{target.scheme}'.")
    here = assessments.held(now, target.scheme)
    return {code: judged for code, judged in here.items() if target.among in ("", judged.value)}


def _called(target: Target) -> str:
    return f"{target.among} of '{target.scheme}'" if target.among else f"the list '{target.scheme}'"


def _naming(ledger: Ledger, codes: tuple[str, ...]) -> str:
    return f": {listed(sorted(name_of(ledger, code) for code in codes))}" if codes else ""


def _unchecked(found: Mapping[str, Assessment]) -> tuple[str, ...]:
    loose = sum(judged.unverified for judged in found.values())
    return (f"unverified in part: {loose} of the {len(found)} entries",) if loose else ()


# -- bodies ----------------------------------------------------------------------------------------


def _members(now: Ledger, target: Target) -> Counted:
    codes = frozenset().union(*(now.members(now.body(body).id) for body in target.bodies))
    names = listed([now.body(body).short_name for body in target.bodies])
    return Counted(len(codes), f"On {in_words(now.horizon)} {names} had {len(codes)} members.", tuple(sorted(codes)))


def _frameworks(now: Ledger, target: Target) -> Counted:
    bodies = [now.body(body) for body in target.bodies]
    if target.value is not None and target.value > len(bodies):
        raise Unknown(f"the record has only {len(bodies)} of the bodies that the figure counts")
    there = [b for b in bodies if _lives(b, now.horizon)]
    missing = [f"{b.short_name} (set up {in_words(b.established_on)})" for b in bodies if b not in there]
    words = f"On {in_words(now.horizon)} there were {len(there)} of the {len(bodies)} named"
    words += f": {listed([b.short_name for b in there])}" if there else ""
    words += f"; not {listed(missing)}." if missing else "."
    loose = sum(b.unverified for b in bodies)
    doubts = (f"unverified in part: {loose} of the {len(bodies)} bodies",) if loose else ()
    return Counted(len(there), words, doubts=doubts)


def _lives(body: Body, day: date) -> bool:
    begun = body.established_on is None or body.established_on.last <= day
    return begun and (body.dissolved_on is None or day < body.dissolved_on.last)


_COUNTING: Mapping[Metric, Callable[[Ledger, Target], Counted]] = {
    Metric.PARTIES: _of_instrument("parties", parties),
    Metric.SIGNATORIES: _of_instrument("signatories", signatories),
    Metric.BOUND: _of_instrument("parties bound by it", bound),
    Metric.ADDED_PARTIES: _added,
    Metric.OPENED: _opened,
    Metric.LIST_SIZE: _list_size,
    Metric.LIST_GROWTH: _growth,
    Metric.ADDED_TO_LIST: _comparing("came on", lambda before, after: after - before),
    Metric.REMOVED_FROM_LIST: _comparing("went off", lambda before, after: before - after),
    Metric.STILL_LISTED: _comparing("stayed on", lambda before, after: before & after),
    Metric.MEMBERS: _members,
    Metric.FRAMEWORKS: _frameworks,
}
