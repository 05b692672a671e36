"""On which days a published figure was true, or how near it came and which part fails.

A claim gives signatories, parties or both for an instrument. The record's counts change only on
some days; between them they stand still, so the answer is a list of spans of days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import BadQuestion
from tracker.law.dates import in_words
from tracker.law.deposits import consents, parties, signatories, signatures
from tracker.law.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included; `last` None for as long as the record goes."""

    first: date
    last: date | None

    @property
    def words(self) -> str:
        """The span as people say it."""
        if self.last is None:
            return f"since {in_words(self.first)}"
        if self.first == self.last:
            return f"on {in_words(self.first)}"
        return f"from {in_words(self.first)} to {in_words(self.last)}"


@dataclass(frozen=True, slots=True)
class Held:
    """What the record holds over a span of days."""

    span: Span
    signatories: int
    parties: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure held against the record: the spans on which all of it was true, and each part alone.

    `nearest` is empty when some day fits; otherwise the spans on which the record came closest.
    """

    instrument: str
    signatories: int | None
    parties: int | None
    spans: tuple[Span, ...]
    signatories_spans: tuple[Span, ...]
    parties_spans: tuple[Span, ...]
    nearest: tuple[Held, ...]
    why: str


def claim(ledger: Ledger, instrument: str, *, signatories: int | None = None, parties: int | None = None) -> Claim:
    """The days on which a published count was true, up to the ledger's day.

    NotFound for an unknown instrument; BadQuestion where no figure, or a negative one, is given.
    """
    terms = ledger.instrument(instrument)
    if signatories is None and parties is None:
        raise BadQuestion("A claim needs a figure: give signatories, parties or both.")
    if min(signatories or 0, parties or 0) < 0:
        raise BadQuestion("A count of signatories or parties cannot be negative.")
    held = history(ledger, terms.id)
    signed = _joined([h.span for h in held if h.signatories == signatories]) if signatories is not None else ()
    bound = _joined([h.span for h in held if h.parties == parties]) if parties is not None else ()
    both = _joined([h.span for h in held if _off(h, signatories, parties) == 0])
    nearest = () if both else _nearest(held, signatories, parties)
    why = _why(terms.name, both, nearest, signatories, parties, signed, bound)
    if lost := ledger.undated(terms.id):
        why += f" The record also has {len(lost)} {'act' if len(lost) == 1 else 'acts'} without a day, counted on none."
    return Claim(terms.id, signatories, parties, both, signed, bound, nearest, why)


def history(ledger: Ledger, instrument: str) -> tuple[Held, ...]:
    """The counts of an instrument over time, as spans between the days on which they changed."""
    days = _turns(ledger, instrument)
    ends: list[date | None] = [day - timedelta(days=1) for day in days[1:]]
    if not days:  # nothing has been done yet, and it is not open
        return ()
    return tuple(
        Held(Span(day, end), len(signatories(ledger, instrument, day)), len(parties(ledger.as_of(day), instrument)))
        for day, end in zip(days, [*ends, None], strict=True)
    )


def _turns(ledger: Ledger, instrument: str) -> list[date]:
    days: set[date | None] = {act.known_by for act in signatures(ledger, instrument).values()}
    codes = set(signatures(ledger, instrument))
    for code, spells in consents(ledger, instrument).items():
        codes.add(code)
        days |= {spell.action.known_by for spell in spells} | {spell.ends_on for spell in spells}
    days |= {ledger.endings.get(code) for code in codes}
    terms = ledger.instrument(instrument)
    opened = terms.opened_on or terms.adopted_on
    days.add(opened.first if opened else None)
    return sorted(day for day in days if day and day <= ledger.horizon)


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Spans that follow each other without a gap, as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].last and joined[-1].last + timedelta(days=1) == span.first:
            joined[-1] = Span(joined[-1].first, span.last)
        else:
            joined.append(span)
    return tuple(joined)


def _off(held: Held, signed: int | None, bound: int | None) -> int:
    """By how much the claim misses what was held."""
    return (0 if signed is None else abs(held.signatories - signed)) + (
        0 if bound is None else abs(held.parties - bound)
    )


def _nearest(held: tuple[Held, ...], signed: int | None, bound: int | None) -> tuple[Held, ...]:
    least = min((_off(each, signed, bound) for each in held), default=None)
    return tuple(each for each in held if _off(each, signed, bound) == least)


def _why(
    name: str, spans: tuple[Span, ...], nearest: tuple[Held, ...], signed: int | None, bound: int | None,
    signed_on: tuple[Span, ...], bound_on: tuple[Span, ...],
) -> str:  # fmt: skip
    if spans:
        return f"{name}: true {' and '.join(span.words for span in spans)}."
    sentences = [f"{name}: no single day fits."]
    for count, what, when in ((signed, "signatories", signed_on), (bound, "parties", bound_on)):
        if count is not None:
            found = " and ".join(span.words for span in when) or "on no day"
            sentences.append(f"The record has {count} {what} {found}.")
    if nearest:
        near = nearest[0]
        sentences.append(
            f"It came nearest {near.span.words}, with {near.signatories} signatories and {near.parties} parties."
        )
    return " ".join(sentences)
