"""Stories of the network: a few steps each, with captions from the data, every step an address of its own.

A step is a view with its date and filters. Figures and dates are worked out from today's data; a step whose figures
the data do not give is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.graph.edges import missing_edges
from tracker.graph.growth import GrowthKind, growth_marks
from tracker.graph.membership_sets import eligible_for, statuses_on
from tracker.graph.model import REGIONS, EdgeKind, NodeKind, node_id
from tracker.graph.networkx_graph import by_id
from tracker.law.consents import signatures
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, memoized, name_of, title_of
from tracker.law.wording import Ordinal
from tracker.messages import TranslatableText, message, plural
from tracker.web.labels import LABELS

UNTOC, FIREARMS, CYBERCRIME = "untoc", "untoc-firearms", "un-cybercrime"
OPENING = timedelta(days=3)  # that a conference for signature lasts
A_MONTH, A_YEAR = timedelta(days=30), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step: what is said, and the part of the address that shows it (a date only where it is not today)."""

    caption: TranslatableText
    shown: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A story by its id, with its title and its steps."""

    id: str
    title: TranslatableText
    steps: tuple[StoryStep, ...]


TITLES = {
    "forty": message("How UNTOC reached forty"),
    "firearms": message("Who is outside the Firearms Protocol"),
    "cybercrime": message("The first year of the UN Cybercrime Convention"),
}


@memoized
def story(today: Ledger, id: str) -> Story | None:
    """The story of that id, from today's data; None where there is none, or nothing to tell."""
    if id not in TELLERS or not {UNTOC, FIREARMS, CYBERCRIME} <= today.instruments.keys():
        return None
    steps = tuple(TELLERS[id](today))
    return Story(id, TITLES[id], steps) if steps else None


def _on(day: date, treaty: str) -> dict[str, Sequence[str]]:
    return {"view": ["growth"], "instrument": [treaty], "as_of": [day.isoformat()]}


def _signed_by(today: Ledger, treaty: str, day: date) -> int:
    acts = signatures(today, treaty).values()
    return sum(act.counts_from is not None and act.counts_from <= day for act in acts)


def _consents(today: Ledger, treaty: str) -> list[tuple[date, str]]:
    """The dated consents, the earliest first."""
    marks = growth_marks(today, treaty)
    return sorted((mark.on.last, mark.participant) for mark in marks if mark.kind is GrowthKind.CONSENT and mark.on)


def _forty(today: Ledger) -> Iterator[StoryStep]:
    opened, consents = today.instrument(UNTOC).opened_on, _consents(today, UNTOC)
    entry = entry_into_force(today, UNTOC)
    reached = entry.threshold.reached_on
    if opened is None or opened.exact is None or reached is None or not entry.date:
        return
    day = opened.exact + OPENING
    yield StoryStep(
        plural("{date}: {n} participant has signed UNTOC.", "{date}: {n} participants have signed UNTOC.",
               _signed_by(today, UNTOC, day), date=day), _on(day, UNTOC),
    )  # fmt: skip
    first, who = consents[0]
    yield StoryStep(
        message("{date}: {name} is the first to ratify.", date=first, name=name_of(today, who)), _on(first, UNTOC)
    )
    for number in (10, 20, 30):
        if number < len(consents) and consents[number - 1][0] < reached:
            on = consents[number - 1][0]
            so_far = sum(each <= on for each, _ in consents)
            yield StoryStep(message("{date}: {n} consents to be bound.", date=on, n=so_far), _on(on, UNTOC))
    names = [name_of(today, code) for code in entry.threshold.reached_by]
    required = Ordinal(entry.threshold.required or 0)
    yield StoryStep(
        message("{date}: the {nth} instrument is deposited ({names}).", date=reached, nth=required, names=names),
        _on(reached, UNTOC),
    )
    yield StoryStep(message("{date}: entry into force.", date=entry.date), _on(entry.date, UNTOC))
    yield StoryStep(_parties_today(today, UNTOC), {"view": ["growth"], "instrument": [UNTOC]})


def _parties_today(today: Ledger, treaty: str) -> TranslatableText:
    name = title_of(today, treaty)
    return plural("{treaty} today: {n} party.", "{treaty} today: {n} parties.",
                  len(statuses_on(today, treaty).consented), treaty=name)  # fmt: skip


def _firearms(today: Ledger) -> Iterator[StoryStep]:
    hub, known = node_id(NodeKind.INSTRUMENT, FIREARMS), by_id(today)
    missing = [tie for tie in missing_edges(today) if tie.target == hub]
    shown = {"view": ["gaps"], "instrument": [FIREARMS]}
    yield StoryStep(
        message("{eligible} participants may be party to the Firearms Protocol; {missing} are not.",
                eligible=len(eligible_for(today, FIREARMS)), missing=len(missing)), shown,
    )  # fmt: skip
    signed = sum(tie.kind is EdgeKind.SIGNED_ONLY for tie in missing)
    yield StoryStep(
        plural("{n} of them has signed but not ratified.", "{n} of them have signed but not ratified.", signed),
        {**shown, "standing": [EdgeKind.SIGNED_ONLY]},
    )
    alone = sum(tie.source in {node_id(NodeKind.PARTICIPANT, who) for who in statuses_on(today, UNTOC).consented}
                for tie in missing)  # fmt: skip
    yield StoryStep(
        plural("{n} of them is party to UNTOC, its convention.", "{n} of them are party to UNTOC, their convention.",
               alone), {**shown, "instrument": [UNTOC, FIREARMS]},
    )  # fmt: skip
    by_region = Counter(known[tie.source].region for tie in missing)
    for region in REGIONS:
        if by_region[region]:
            words = message("{region}: {n} outstanding.", region=LABELS.get(region, region), n=by_region[region])
            yield StoryStep(words, {**shown, "view": ["spindle"], "region": [region]})
    yield StoryStep(message("All {n}, by region.", n=len(missing)), {"view": ["spindle"], "instrument": [FIREARMS]})


def _cybercrime(today: Ledger) -> Iterator[StoryStep]:
    opened = today.instrument(CYBERCRIME).opened_on
    if opened is None or opened.exact is None:
        return
    first = opened.exact
    for day in (first, first + A_MONTH, first + 3 * A_MONTH, first + 6 * A_MONTH, first + A_YEAR):
        if day <= today.horizon:
            number = _signed_by(today, CYBERCRIME, day)
            said = plural("{date}: {n} signatory.", "{date}: {n} signatories.", number, date=day)
            yield StoryStep(said, _on(day, CYBERCRIME))
    threshold = entry_into_force(today, CYBERCRIME).threshold
    if threshold.required and threshold.remaining:
        yield StoryStep(
            message("Today: {counted} of the {required} instruments required are deposited.",
                    counted=threshold.counted, required=threshold.required),
            {"view": ["growth"], "instrument": [CYBERCRIME]},
        )  # fmt: skip


TELLERS: Mapping[str, Callable[[Ledger], Iterator[StoryStep]]] = {
    "forty": _forty, "firearms": _firearms, "cybercrime": _cybercrime,
}  # fmt: skip
