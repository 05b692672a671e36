"""On which dates a published count matches the data, whether it can be ruled out, or the closest dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tracker.errors import BadQuestion
from tracker.law.counts import ConsentsOnDate, CountSpan, counts_at_most, counts_over_time, missing_on
from tracker.law.coverage import data_limit
from tracker.law.ledger import Ledger
from tracker.law.wording import list_in_words, paragraph
from tracker.messages import TranslatableText, message, plural


class ClaimVerdict(StrEnum):
    """What the data say of a figure: it matches on some date, cannot be ruled out, or is contradicted."""

    FITS = "fits"
    NOT_REFUTED = "cannot be refuted"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A figure compared with the data: the spans on which all of it matches, and each part alone.

    `possible` are the spans on which it may have been true because days are not known, where none is certain.
    `nearest` is empty when some day fits; otherwise the closest spans.
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
    """The dates on which a published count matches, up to the ledger's day.

    NotFound for an unknown instrument; BadQuestion where no figure, or a negative one, is given.
    """
    terms = ledger.instrument(instrument)
    if signatories is None and parties is None:
        raise BadQuestion(message("Enter a figure: signatories, parties or both."))
    if min(signatories or 0, parties or 0) < 0:
        raise BadQuestion(message("Signatories and parties cannot be negative: enter a number from 0."))
    held = counts_over_time(ledger, terms.id)
    signed = _join_spans([h.span for h in held if h.signatories == signatories]) if signatories is not None else ()
    bound = _join_spans([h.span for h in held if h.parties == parties]) if parties is not None else ()
    both = _join_spans([h.span for h in held if _off(h, signatories, parties) == 0])
    open_to = () if both else _possible(ledger, terms.id, signatories, parties)
    verdict = ClaimVerdict.FITS if both else ClaimVerdict.NOT_REFUTED if open_to else ClaimVerdict.CONTRADICTED
    nearest = () if both else _nearest(held, signatories, parties)
    spans = tuple(each.span for each in open_to)
    if open_to:
        why = _why_possible(terms.name, open_to[-1], signatories, parties)
    else:
        why = _why(terms.name, both, nearest, signatories, parties, signed, bound)
        why = why if both else paragraph([why, data_limit(ledger, terms.id)])
    return ClaimResult(
        terms.id, signatories, parties, verdict, both, _join_spans(list(spans)), signed, bound, nearest, why
    )


@dataclass(frozen=True, slots=True)
class _Open:
    """What there certainly was and what there may have been over a span of days, and how many acts are missing."""

    span: CountSpan
    signatories: tuple[int, int]
    parties: tuple[int, int]
    missing: tuple[int, int]


def _possible(ledger: Ledger, instrument: str, signed: int | None, bound: int | None) -> tuple[_Open, ...]:
    """The spans on which the figure lies between what is certain and what may be."""
    return tuple(
        _Open(
            most.span,
            (least.signatories, most.signatories),
            (least.parties, most.parties),
            missing_on(ledger, instrument, most.span.first),
        )
        for least, most in counts_at_most(ledger, instrument)
        if (signed is None or least.signatories <= signed <= most.signatories)
        and (bound is None or least.parties <= bound <= most.parties)
    )


def _why_possible(name: str, found: _Open, signed: int | None, bound: int | None) -> str:
    parts: list[TranslatableText] = []
    if signed is not None and found.signatories[1] > found.signatories[0]:
        parts.append(_with_others(message("signatories"), *found.signatories, found.missing[0]))
    if bound is not None and found.parties[1] > found.parties[0]:
        parts.append(_with_others(message("parties"), *found.parties, found.missing[1]))
    return message(
        "{instrument}: the figure cannot be ruled out {when}: {counts}.",
        instrument=name, when=found.span.words, counts=parts,
    )  # fmt: skip


def _with_others(what: TranslatableText, least: int, most: int, missing: int) -> TranslatableText:
    """What is counted, and the acts beyond it that may be: those whose date is not known, those that our data lack."""
    if missing >= most - least:
        return plural(
            "{what} {least}, and one action not in our data", "{what} {least}, and {n} actions not in our data",
            most - least, least=least, what=what,
        )  # fmt: skip
    if missing:
        return message(
            "{what} {least}, and {n} actions with date not known or not in our data",
            n=most - least, least=least, what=what,
        )  # fmt: skip
    return plural(
        "{what} {least}, and one action with date not known", "{what} {least}, and {n} actions with date not known",
        most - least, least=least, what=what,
    )  # fmt: skip


def _join_spans(spans: list[CountSpan]) -> tuple[CountSpan, ...]:
    """Spans that follow each other without a gap, as one."""
    joined: list[CountSpan] = []
    for span in spans:
        if joined and joined[-1].last and joined[-1].last + timedelta(days=1) == span.first:
            joined[-1] = CountSpan(joined[-1].first, span.last)
        else:
            joined.append(span)
    return tuple(joined)


def _off(held: ConsentsOnDate, signed: int | None, bound: int | None) -> int:
    """By how much the claim differs from the counts."""
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
        return message("{instrument}: matches {when}.", instrument=name, when=[span.words for span in spans])
    sentences = [message("{instrument}: no matching date.", instrument=name)]
    if signed is not None:
        when = list_in_words([span.words for span in signed_on]) if signed_on else message("never")
        sentences.append(plural("One signatory: {when}.", "{n} signatories: {when}.", signed, when=when))
    if bound is not None:
        when = list_in_words([span.words for span in bound_on]) if bound_on else message("never")
        sentences.append(plural("One party: {when}.", "{n} parties: {when}.", bound, when=when))
    if nearest:
        near = nearest[0]
        sentences.append(
            message(
                "Closest {when}: signatories {signatories}, parties {parties}.",
                when=near.span.words,
                signatories=near.signatories,
                parties=near.parties,
            )
        )
    return paragraph(sentences)
