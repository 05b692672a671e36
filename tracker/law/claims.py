"""On which dates a published count was true, whether it can be refuted, or how near it came and which part fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tracker.errors import BadQuestion
from tracker.law.counts import ConsentsOnDate, CountSpan, counts_at_most, counts_over_time
from tracker.law.ledger import Ledger


class ClaimVerdict(StrEnum):
    """What the record says to a figure: true on some day, possibly true, or contradicted."""

    FITS = "fits"
    NOT_REFUTED = "cannot be refuted"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A figure held against the record: the spans on which all of it was true, and each part alone.

    `possible` are the spans on which it may have been true because days are not known, where none is certain.
    `nearest` is empty when some day fits; otherwise the spans on which the record came closest.
    """

    instrument: str
    signatories: int | None
    parties: int | None
    verdict: ClaimVerdict
    spans: tuple[CountSpan, ...]
    possible: tuple[CountSpan, ...]
    signatories_spans: tuple[CountSpan, ...]
    parties_spans: tuple[CountSpan, ...]
    nearest: tuple[ConsentsOnDate, ...]
    why: str


def check_claim(
    ledger: Ledger, instrument: str, *, signatories: int | None = None, parties: int | None = None
) -> ClaimResult:
    """The days on which a published count was true, up to the ledger's day.

    NotFound for an unknown instrument; BadQuestion where no figure, or a negative one, is given.
    """
    terms = ledger.instrument(instrument)
    if signatories is None and parties is None:
        raise BadQuestion("A claim needs a figure: give signatories, parties or both.")
    if min(signatories or 0, parties or 0) < 0:
        raise BadQuestion("A count of signatories or parties cannot be negative.")
    held = counts_over_time(ledger, terms.id)
    signed = _joined([h.span for h in held if h.signatories == signatories]) if signatories is not None else ()
    bound = _joined([h.span for h in held if h.parties == parties]) if parties is not None else ()
    both = _joined([h.span for h in held if _off(h, signatories, parties) == 0])
    open_to = () if both else _possible(ledger, terms.id, signatories, parties)
    verdict = ClaimVerdict.FITS if both else ClaimVerdict.NOT_REFUTED if open_to else ClaimVerdict.CONTRADICTED
    nearest = () if both else _nearest(held, signatories, parties)
    spans = tuple(each.span for each in open_to)
    if open_to:
        why = _why_possible(terms.name, open_to[-1], signatories, parties)
    else:
        why = _why(terms.name, both, nearest, signatories, parties, signed, bound)
    return ClaimResult(terms.id, signatories, parties, verdict, both, _joined(list(spans)), signed, bound, nearest, why)


@dataclass(frozen=True, slots=True)
class _Open:
    """What there certainly was and what there may have been over a span of days."""

    span: CountSpan
    signatories: tuple[int, int]
    parties: tuple[int, int]


def _possible(ledger: Ledger, instrument: str, signed: int | None, bound: int | None) -> tuple[_Open, ...]:
    """The spans on which the figure lies between what is certain and what may be."""
    return tuple(
        _Open(most.span, (least.signatories, most.signatories), (least.parties, most.parties))
        for least, most in counts_at_most(ledger, instrument)
        if (signed is None or least.signatories <= signed <= most.signatories)
        and (bound is None or least.parties <= bound <= most.parties)
    )


def _why_possible(name: str, found: _Open, signed: int | None, bound: int | None) -> str:
    parts = [
        f"{least} {what} whose day is known by then and {most - least} whose day is not make {most}"
        for figure, what, (least, most) in (
            (signed, "signatories", found.signatories), (bound, "parties", found.parties),
        )
        if figure is not None and most > least
    ]  # fmt: skip
    return f"{name}: cannot be refuted {found.span.words}: {'; '.join(parts)}."


def _joined(spans: list[CountSpan]) -> tuple[CountSpan, ...]:
    """Spans that follow each other without a gap, as one."""
    joined: list[CountSpan] = []
    for span in spans:
        if joined and joined[-1].last and joined[-1].last + timedelta(days=1) == span.first:
            joined[-1] = CountSpan(joined[-1].first, span.last)
        else:
            joined.append(span)
    return tuple(joined)


def _off(held: ConsentsOnDate, signed: int | None, bound: int | None) -> int:
    """By how much the claim misses what was held."""
    return (0 if signed is None else abs(held.signatories - signed)) + (
        0 if bound is None else abs(held.parties - bound)
    )


def _nearest(held: tuple[ConsentsOnDate, ...], signed: int | None, bound: int | None) -> tuple[ConsentsOnDate, ...]:
    least = min((_off(each, signed, bound) for each in held), default=None)
    return tuple(each for each in held if _off(each, signed, bound) == least)


def _why(
    name: str, spans: tuple[CountSpan, ...], nearest: tuple[ConsentsOnDate, ...], signed: int | None, bound: int | None,
    signed_on: tuple[CountSpan, ...], bound_on: tuple[CountSpan, ...],
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
