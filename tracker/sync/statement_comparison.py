"""The statements of a status document beside those of the record: which are the same, reworded, further or missing.

Pure. Two are the same if their texts agree but for spaces, quotation marks and capitals. One that the record has in
other words is found by its participant, kind, article and date, and gets the depositary's text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tracker.law.statement_facts import Statement, StatementKind, overlap
from tracker.law.statements import concerns
from tracker.sync.provision_words import provisions_named
from tracker.sync.review_queue import fingerprint

STATUS_FILE = "UN Treaty Collection status file"  # how the source of a fact of a sync begins
ALIKE = 0.6  # share of words in common, from which a text is another wording of an earlier one

_VAGUE = StatementKind.UNSPECIFIED


@dataclass(slots=True)
class StatementComparison:
    """What comparing found: `new`; `corrected` as (before, after); `confirmed`; `doubtful`, printed ones that may be
    one of several of the record; `missing`, of earlier syncs and no longer printed.
    """

    new: list[Statement] = field(default_factory=list)
    corrected: list[tuple[Statement, Statement]] = field(default_factory=list)
    confirmed: list[Statement] = field(default_factory=list)
    doubtful: list[Statement] = field(default_factory=list)
    missing: list[Statement] = field(default_factory=list)


def is_of_a_sync(statement: Statement) -> bool:
    """Does the record have it from a status file, in the depositary's words?"""
    return bool(statement.text) and statement.source.startswith(STATUS_FILE)


def compare_statements(held: Iterable[Statement], printed: Iterable[Statement]) -> StatementComparison:
    """The printed statements of one participant on one treaty beside those that the record has of it."""
    left, found = list(held), StatementComparison()
    rest = [each for each in printed if not _same_text(each, left, found)]
    rest = [each for each in rest if not _own_words(each, left, found)]
    rest = [each for each in rest if not _reworded(each, left, found)]
    for each in rest:
        near = [one for one in left if not one.text and _kinds_agree(one, each) and _same_day(one, each)]
        if near and not each.kind.concerns_another and (not each.article or each.kind is _VAGUE):
            named = [one for one in near if _names(each, one)]
            if len(near) == 1 and named:
                left.remove(named[0])
                found.corrected.append((named[0], _with_text(named[0], each)))
            else:
                found.doubtful.append(each)
        else:
            found.new.append(each)
    withdrawals = [one for one in (*left, *found.confirmed, *found.new) if one.kind is StatementKind.WITHDRAWAL]
    for each in left:
        over = each.withdrawn_on or any(concerns(one, each) for one in withdrawals)
        if is_of_a_sync(each) and not over and not each.kind.concerns_another:
            found.missing.append(each)
    return found


def _same_text(printed: Statement, left: list[Statement], found: StatementComparison) -> bool:
    wanted = fingerprint(printed.text)
    same = next(
        (one for one in left if one.text and fingerprint(one.text) == wanted and _day_may_agree(one, printed)), None
    )
    if same is None:
        return False
    left.remove(same)
    after = _with_dates(same, printed) if is_of_a_sync(same) else same
    if after == same:
        found.confirmed.append(same)
    else:
        found.corrected.append((same, after))
    return True


def _day_may_agree(held: Statement, printed: Statement) -> bool:
    """Two statements in the same words on different dates are two, where both dates are known."""
    return not (held.date and printed.date) or _same_day(held, printed)


def _with_dates(held: Statement, printed: Statement) -> Statement:
    """The same with the dates that the file has and the record lacks, and its new source if there are any."""
    withdrawn = held.withdrawn_on or printed.withdrawn_on
    made = held.made_on or printed.made_on
    if (withdrawn, made) == (held.withdrawn_on, held.made_on):
        return held
    dated = bool(made)
    return replace(
        held, withdrawn_on=withdrawn, made_on=made, source=printed.source,
        known_by=None if dated else held.known_by, doubt=printed.doubt if dated else held.doubt,
    )  # fmt: skip


def _own_words(printed: Statement, left: list[Statement], found: StatementComparison) -> bool:
    """Give the depositary's text to the record's own account of the same statement."""
    for one in left:
        if one.text or not _kinds_agree(one, printed) or not _same_day(one, printed):
            continue
        if printed.article == one.article or _same_provisions(one, printed):
            if one.towards and printed.towards and not set(one.towards) & set(printed.towards):
                continue
            if not one.article and printed.kind is _VAGUE:
                continue  # too little to tell: it is looked at again with the others of its day
            left.remove(one)
            found.corrected.append((one, _with_text(one, printed)))
            return True
    return False


def _same_provisions(held: Statement, printed: Statement) -> bool:
    mine, theirs = held.provisions, printed.provisions
    return bool(mine and theirs) and all(any(overlap(one, other) for other in theirs) for one in mine)


def _with_text(held: Statement, printed: Statement) -> Statement:
    return replace(
        held, text=printed.text, language=printed.language, url=printed.url, source=printed.source, doubt=printed.doubt,
        withdrawn_on=held.withdrawn_on or printed.withdrawn_on, towards=held.towards or printed.towards,
        effect=held.effect or printed.effect, confirmed_on=held.confirmed_on or printed.confirmed_on,
    )  # fmt: skip


def _reworded(printed: Statement, left: list[Statement], found: StatementComparison) -> bool:
    """Take the earlier wording of a statement, of the same date and mostly in the same words, as corrected."""
    earlier = [
        one for one in left if is_of_a_sync(one) and _kinds_agree(one, printed) and _day_may_agree(one, printed)
    ]  # fmt: skip
    nearest = max(earlier, key=lambda one: _likeness(one.text, printed.text), default=None)
    if nearest is None or _likeness(nearest.text, printed.text) < ALIKE:
        return False
    left.remove(nearest)
    found.corrected.append((nearest, _with_text(nearest, printed)))
    return True


def _likeness(one: str, other: str) -> float:
    mine, theirs = ({fingerprint(word) for word in text.split()} for text in (one, other))
    return len(mine & theirs) / max(len(mine | theirs), 1)


def _names(printed: Statement, held: Statement) -> bool:
    """Does the printed text speak of the held statement's provisions?"""
    said = provisions_named(printed.text)
    return not held.provisions or any(held.names(each) for each in said)


def _kinds_agree(held: Statement, printed: Statement) -> bool:
    if held.kind is printed.kind:
        return held.concerns is printed.concerns
    return _VAGUE in (held.kind, printed.kind) and not (held.kind.concerns_another or printed.kind.concerns_another)


def _same_day(held: Statement, printed: Statement) -> bool:
    if not held.date or not printed.date:
        return False
    return printed.date.first <= held.date.first and held.date.last <= printed.date.last
