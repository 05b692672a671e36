"""What somebody asks for in a form, read and judged: a subscription that makes sense, or BadQuestion in plain words.

Nothing is kept here; who may ask how often is `subscriptions`' question.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from tracker.alerts.addresses import checked_email, checked_url
from tracker.alerts.matching import GROUPS, Condition
from tracker.errors import BadQuestion, NotFound
from tracker.law.change import ChangeKind
from tracker.law.force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.record.subscribers import Channel, Pace, Subscription

MOST = {Condition.REACHES: 1000, Condition.TO_GO: 999, Condition.COUNTDOWN: 366}
_OF_INSTRUMENTS = (Condition.REACHES, Condition.TO_GO, Condition.THRESHOLD, Condition.DATE, Condition.COUNTDOWN)

Form = Mapping[str, str]
Choice = TypeVar("Choice", bound=StrEnum)


def wanted(form: Form, kinds: Collection[str], ledger: Ledger, moment: datetime, *, private: bool) -> Subscription:
    """The subscription that a form asks for, not yet confirmed. `private` lets webhooks lead inside a network."""
    channel = _one_of(Channel, form.get("channel", ""), "way of being told")
    address = form.get("address", "")
    to = checked_email(address) if channel is Channel.EMAIL else checked_url(address, private=private)
    return Subscription(
        made_at=moment,
        channel=channel,
        address=to,
        secret=secrets.token_urlsafe(32) if channel is Channel.WEBHOOK else "",
        instrument=_known(form, "instrument", lambda name: ledger.instrument(name).id),
        participant=_known(form, "participant", lambda name: ledger.participant(name).code),
        body=_known(form, "body", lambda name: ledger.body(name).id),
        **asked(form, kinds, ledger),
    )


def asked(form: Form, kinds: Collection[str], ledger: Ledger) -> dict[str, Any]:
    """Of what, on which condition and how soon: what may be changed afterwards, too."""
    name = form.get("condition", "")
    condition = _one_of(Condition, name, "condition") if name else None
    number = _number(form.get("number", ""), condition) if condition and condition.numbered else 0
    if condition:
        _makes_sense(condition, form)
    elif not kinds:
        raise BadQuestion("Choose one kind of change or more, or a condition.")
    return {
        "pace": _one_of(Pace, form.get("pace") or Pace.IMMEDIATE.value, "pace"),
        "kinds": frozenset() if condition else _kinds(kinds),
        "condition": condition.value if condition else "",
        "number": number,
        "level": _level(condition, number, form.get("instrument", "").strip(), ledger),
    }


def _known(form: Form, field: str, proper: Callable[[str], str]) -> str:
    name = form.get(field, "").strip()
    if field == "body" and name and form.get("instrument", "").strip():
        raise BadQuestion("Choose an instrument or a body, not both: a body's judgements are not about an instrument.")
    try:
        return proper(name) if name else ""
    except NotFound as lack:
        raise BadQuestion(str(lack)) from lack


def _makes_sense(condition: Condition, form: Form) -> None:
    if condition in _OF_INSTRUMENTS and (form.get("participant") or form.get("body")):
        raise BadQuestion("That condition is about an instrument: leave participant and body open.")
    if condition is Condition.TO_GO and not form.get("instrument"):
        raise BadQuestion("Choose the instrument that has so many to go.")
    if condition is Condition.ACTS and (form.get("body") or not form.get("participant")):
        raise BadQuestion("Choose the participant whose acts you want to hear of, and leave the body open.")


def _number(text: str, condition: Condition) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST[condition]):
        raise BadQuestion(f"Give a whole number from 1 to {MOST[condition]}.")
    return int(text)


def _level(condition: Condition | None, number: int, instrument: str, ledger: Ledger) -> int:
    """The count at which a condition on a count is met; 0 for any other."""
    if condition is Condition.REACHES:
        return number
    if condition is not Condition.TO_GO:
        return 0
    required = entry_into_force(ledger, ledger.instrument(instrument).id).threshold.required
    if required is None or required <= number:
        raise BadQuestion(f"The terms of this instrument state no number of deposits greater than {number}.")
    return required - number


def _kinds(names: Collection[str]) -> frozenset[str]:
    """Kinds by their own names or those of their groups."""
    known = {kind.value: frozenset({kind.value}) for kind in ChangeKind}
    known |= {group: frozenset(kind.value for kind in kinds) for group, (_, kinds) in GROUPS.items()}
    for name in names:
        if name not in known:
            raise BadQuestion(f"'{name[:40]}' is not a kind of change.")
    return frozenset().union(*(known[name] for name in names))


def _one_of(kind: type[Choice], name: str, what: str) -> Choice:
    try:
        return kind(name)
    except ValueError:
        raise BadQuestion(f"'{name[:40]}' is not a {what}.") from None
