"""What differs between two ledgers in the judgements of bodies: who was listed, delisted or judged anew.

Where the record lacks a part of an edition, it cannot tell who is in that part: a participant missing
from such an edition is not called delisted, nor one that is back in the next called new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from tracker.law import assessments
from tracker.law.change import Change, ChangeKind
from tracker.law.dates import in_words
from tracker.law.ledger import Ledger
from tracker.law.model import Assessment
from tracker.law.naming import name_of
from tracker.law.touched import Window, window


def judgement_changes(before: Ledger, after: Ledger) -> Iterator[Change]:
    """The changes in every scheme whose judgements, or whose day, differ; by scheme, then participant."""
    span, same = window(before, after), before.is_view_of_same_record(after)
    for scheme in dict.fromkeys((*after.schemes, *before.schemes)):
        was, now = before.schemes.get(scheme, ()), after.schemes.get(scheme, ())
        if (same or was == now) and not _turns(now, span):
            continue
        yield from _in_lists(before, after, scheme)
        yield from _in_rounds(before, after, scheme)


def _turns(judged: tuple[Assessment, ...], span: Window) -> bool:
    """Does any of these judgements begin or end between the two days?"""
    return any(span.has(day) for each in judged for day in assessments.turning_days(each))


def _in_lists(before: Ledger, after: Ledger, scheme: str) -> Iterator[Change]:
    was, now = (_held(ledger, scheme) for ledger in (before, after))
    unknown = _lacks_a_part(before, scheme) or _lacks_a_part(after, scheme)
    for code in sorted(was.keys() | now.keys()):
        old, new = was.get(code), now.get(code)
        if old and new:
            if old.value != new.value:
                yield _change(after, ChangeKind.REASSESSED, new, old.value, new.value, _begins(new))
        elif new and not unknown:
            yield _change(after, ChangeKind.LISTED, new, "", new.value, _begins(new))
        elif old and not unknown:
            ended = _ended(after, old) or (old.end.last if old.end else None)
            yield _change(after, ChangeKind.DELISTED, old, old.value, "", ended)


def _held(ledger: Ledger, scheme: str) -> Mapping[str, Assessment]:
    return assessments.held(ledger, scheme) if scheme in ledger.schemes else {}


def _lacks_a_part(ledger: Ledger, scheme: str) -> bool:
    if scheme not in ledger.schemes:
        return False
    edition = assessments.edition_on(ledger, scheme, ledger.horizon)
    return edition is not None and not edition.complete


def _ended(after: Ledger, old: Assessment) -> date | None:
    """The day on which the judgement ended, as the later record has it."""
    theirs = (j for j in after.schemes.get(old.scheme, ()) if j.subject == old.subject)
    return next((judged.end.last for judged in theirs if judged.end), None)


def _in_rounds(before: Ledger, after: Ledger, scheme: str) -> Iterator[Change]:
    was, now = (_running(ledger, scheme) for ledger in (before, after))
    for name, begun in now.items():
        if name not in was:
            yield _change(after, ChangeKind.ROUND_BEGUN, begun, "", begun.value, _begins(begun))
    for name, over in was.items():
        if name not in now:
            yield _change(after, ChangeKind.ROUND_ENDED, over, over.value, "", over.end.last if over.end else None)


def _running(ledger: Ledger, scheme: str) -> dict[tuple[str, ...], Assessment]:
    rounds = assessments.rounds(ledger, scheme) if scheme in ledger.schemes else ()
    return {each.subject: each for each in rounds if assessments.holds_on(each, ledger.horizon)}


def _begins(judged: Assessment) -> date | None:
    return judged.start.last if judged.start else None


def _change(ledger: Ledger, kind: ChangeKind, judged: Assessment, before: str, after: str, day: date | None) -> Change:
    edition = f", {judged.edition} edition" if judged.edition else ""
    body = ledger.bodies.get(judged.body)
    whose = f"'{judged.scheme}' of {body.short_name if body else judged.body}{edition}"
    said = {
        ChangeKind.LISTED: f"is on {whose}: {after}",
        ChangeKind.DELISTED: f"is no longer on {whose}; it was {before}",
        ChangeKind.REASSESSED: f"is {after}, before {before}, on {whose}",
        ChangeKind.ROUND_BEGUN: f"{after} of {whose} has begun",
        ChangeKind.ROUND_ENDED: f"{before} of {whose} has ended",
    }[kind]
    who = f"{name_of(ledger, judged.participant)} " if judged.participant else ""
    since = f" ({in_words(day)})" if day else ""
    words = f"{who}{said}{since}." + (" Unverified." if judged.unverified else "")
    return Change(
        kind=kind, words=words[0].upper() + words[1:], participant=judged.participant, body=judged.body,
        scheme=judged.scheme, day=day, before=before, after=after, source=judged.source, about=judged.edition,
    )  # fmt: skip
