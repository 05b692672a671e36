"""For which territories a State has made an instrument apply, from when and until when.

An act for a territory never changes the standing of the State itself: only the State's own acts do. Where another State
becomes responsible for a territory and extends the instrument to it (Hong Kong 1997, Macao 1999), the first extension
ends on that day. When a State's own consent ends, so do its extensions, which do not outlive it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import consents
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Action, ActionKind

_ENDING = (ActionKind.WITHDRAWAL, ActionKind.REVOCATION, ActionKind.TERRITORIAL_EXCLUSION)


@dataclass(frozen=True, slots=True)
class TerritorialScope:
    """One territory for which a participant has acted: the act, its first day of effect, and how it ended.

    `excluded`: the State's consent does not extend to the territory. `since` is the stated day of effect, None where
    the source states none; the instrument then applies from the notification (`action.date`) at the earliest. `until`
    is the first day on which it no longer holds.
    """

    territory: str
    participant: str
    action: Action
    excluded: bool = False
    since: PartialDate | None = None
    ended_by: Action | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Had it been notified, taken effect as far as that is stated, and not ended by that day?"""
        begun = self.since.last if self.since else self.action.counts_from
        return begun is not None and begun <= day and (self.until is None or day < self.until)


@memoized
def territorial_scopes(ledger: Ledger, instrument: str) -> Mapping[str, tuple[TerritorialScope, ...]]:
    """Every participant's territorial extensions and exclusions up to the ledger's day, past and present, in order."""
    scopes: list[TerritorialScope] = []
    for act in ledger.acts(instrument):
        if act.territory:
            _apply(scopes, act, ledger.continuing(act.participant))
    found: dict[str, list[TerritorialScope]] = {}
    for each in scopes:
        found.setdefault(each.participant, []).append(_with_the_state(ledger, instrument, each))
    return {code: tuple(each) for code, each in found.items()}


def territories_on(ledger: Ledger, instrument: str, participant: str, day: date | None = None) -> tuple[str, ...]:
    """The territories to which the participant has made the instrument apply on a day (the ledger's by default)."""
    on = day or ledger.horizon
    found = territorial_scopes(ledger, instrument).get(participant, ())
    return tuple(each.territory for each in found if not each.excluded and each.holds_on(on))


def _apply(scopes: list[TerritorialScope], act: Action, participant: str) -> None:
    """Take an act for a territory into the scopes so far."""
    place = act.territory.casefold()
    current = [each for each in scopes if each.territory.casefold() == place and each.until is None]
    ends = act.kind in _ENDING
    for each in current:
        if (ends and each.participant == participant and not each.excluded) or (
            not ends and not act.kind.signs and (each.participant != participant or each.excluded)
        ):
            scopes[scopes.index(each)] = replace(each, ended_by=act, until=_effect(act))
    begun = any(each.participant == participant and not each.excluded for each in current)
    if act.kind is ActionKind.TERRITORIAL_EXCLUSION and not begun:
        scopes.append(TerritorialScope(act.territory, participant, act, excluded=True, since=act.effective_on))
    elif (act.kind is ActionKind.TERRITORIAL_EXTENSION or act.kind.consents) and not begun:
        scopes.append(TerritorialScope(act.territory, participant, act, since=act.effective_on))


def _effect(act: Action) -> date | None:
    return act.effective_on.last if act.effective_on else act.counts_from


def _with_the_state(ledger: Ledger, instrument: str, scope: TerritorialScope) -> TerritorialScope:
    """The scope with its end where the State's own consent, under which it stood, has ended before it."""
    begun = scope.action.counts_from
    theirs = consents(ledger, instrument).get(scope.participant, ())
    ends = [
        s for s in theirs if s.ends_on and begun and s.action.counts_from and s.action.counts_from <= begun < s.ends_on
    ]
    last = ends[-1] if ends else None
    if last is None or last.ends_on is None or (scope.until and scope.until <= last.ends_on):
        return scope
    returned = any(each.follows == last.ends_on for each in theirs)
    return scope if returned else replace(scope, ended_by=last.ended_by, until=last.ends_on)
