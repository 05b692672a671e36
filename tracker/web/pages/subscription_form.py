"""The form of a subscription: of what, on which condition, how soon and where to; each rule with its field."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar, cast

from pydantic import PlainValidator, ValidationInfo

from tracker.alerts import chat
from tracker.alerts.address_safety import check_email, check_url
from tracker.alerts.matching import GROUPS, STATEMENT_KINDS, AlertCondition
from tracker.alerts.subscribers import Channel, Frequency, Subscription
from tracker.errors import BadQuestion, NotFound
from tracker.law.changes import ChangeKind
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.reference_facts import is_provision, provisions_in
from tracker.law.threshold import ForceStatus
from tracker.messages import message
from tracker.web.forms import Form

MAX_ARTICLE_LENGTH = 40
MAX_LEVELS = {
    AlertCondition.REACHES: 1000, AlertCondition.TO_GO: 999, AlertCondition.COUNTDOWN: 366,
    AlertCondition.OUTLOOK_MOVES: 60, AlertCondition.OUTLOOK_CHANCE: 99,
}  # fmt: skip
_OF_INSTRUMENTS = (
    AlertCondition.REACHES,
    AlertCondition.TO_GO,
    AlertCondition.THRESHOLD,
    AlertCondition.DATE,
    AlertCondition.COUNTDOWN,
    AlertCondition.OUTLOOK_MOVES,
    AlertCondition.OUTLOOK_CHANCE,
)
_KINDS = {kind.value: frozenset({kind.value}) for kind in ChangeKind} | {
    group: frozenset(kind.value for kind in kinds) for group, (_, kinds) in GROUPS.items()
}
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FormContext:
    """What a subscription's form is read against: the record, and which ways and addresses there are to be told."""

    ledger: Ledger
    ways: Sequence[Channel]
    private_webhooks: bool


def _instrument(name: str, info: ValidationInfo) -> str:
    return _check_name(name, lambda: _context(info).ledger.instrument(name).id)


def _participant(name: str, info: ValidationInfo) -> str:
    return _check_name(name, lambda: _context(info).ledger.participant(name).code)


def _body(name: str, info: ValidationInfo) -> str:
    if name and info.data.get("instrument"):
        raise ValueError(message("Choose a treaty or a body, not both: a body's assessments are not about a treaty."))
    return _check_name(name, lambda: _context(info).ledger.body(name).id)


def _condition(name: str, info: ValidationInfo) -> AlertCondition | None:
    if not name:
        return None
    condition, about = _one_of(AlertCondition, name, "condition"), info.data
    if condition in _OF_INSTRUMENTS and (about.get("participant") or about.get("body")):
        raise ValueError(message("That condition is about an instrument: leave participant and body open."))
    if condition is AlertCondition.TO_GO and about.get("instrument") == "":
        raise ValueError(message("Choose the treaty that is N deposits from entry into force."))
    if condition.is_of_outlook:
        _check_outlook(_context(info).ledger, about.get("instrument"))
    if condition is AlertCondition.ACTS and (about.get("body") or about.get("participant") == ""):
        raise ValueError(message("Choose the participant whose acts you want to hear of, and leave the body open."))
    return condition


def _check_outlook(ledger: Ledger, instrument: str | None) -> None:
    """A ValueError unless the treaty, where one is named that there is, waits for a number of deposits."""
    if instrument == "":
        raise ValueError(message("Choose the treaty whose outlook you want to follow."))
    if instrument is None:  # a name that nothing is called, which is said at its own field
        return
    entry = entry_into_force(ledger, instrument)
    if entry.status is not ForceStatus.PENDING or entry.threshold.required is None:
        raise ValueError(message("This treaty does not wait for a number of deposits: it has no such outlook."))


def _number(text: str, info: ValidationInfo) -> int:
    """The number of a condition that has one, else 0."""
    condition = info.data.get("condition")
    if not (condition and condition.numbered):
        return 0
    most = MAX_LEVELS[condition]
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= most):
        raise ValueError(message("Give a whole number from 1 to {n}.", n=most))
    number = int(text)
    if condition is AlertCondition.TO_GO and info.data.get("instrument"):
        required = _required_number(_context(info).ledger, info.data["instrument"])
        if required is None or required <= number:
            raise ValueError(
                message("The terms of this instrument state no number of deposits greater than {n}.", n=number)
            )
    return number


def _kinds(names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """Kinds by their own names or those of their groups; none where there is a condition."""
    if info.data.get("condition", AlertCondition.ACTS):  # a condition, if only one that made no sense
        return ()
    if not names:
        raise ValueError(message("Choose one kind of change or more, or a condition."))
    if unknown := next((name for name in names if name not in _KINDS), None):
        raise ValueError(message("'{name}' is not a kind of change.", name=unknown[:40]))
    return tuple(sorted(frozenset().union(*(_KINDS[name] for name in names))))


def _article(text: str, info: ValidationInfo) -> str:
    """The provisions of a treaty to which alerts on statements are limited; of the fields above, those that are sound.

    Several stand with semicolons between them.
    """
    provisions, about = provisions_in(text), info.data
    if not text:
        return ""
    if len(text) > MAX_ARTICLE_LENGTH or not (provisions and all(map(is_provision, provisions))):
        raise ValueError(message("Write an article such as 35(2), several with semicolons between them."))
    if about.get("condition"):
        raise ValueError(message("An article is for alerts on statements: choose their kinds, and no condition."))
    if about.get("instrument") == "":
        raise ValueError(message("Choose the treaty to which the article belongs."))
    if about.get("kind") and not STATEMENT_KINDS & set(about["kind"]):
        raise ValueError(message("Choose a kind of statement for the article, such as reservations."))
    return "; ".join(provisions)


def _pace(name: str) -> Frequency:
    return _one_of(Frequency, name or Frequency.IMMEDIATE.value, "pace")


def _channel(name: str, info: ValidationInfo) -> Channel:
    channel = _one_of(Channel, name, "way of being told")
    if channel not in _context(info).ways:
        raise ValueError(message("This site does not send that way: choose one of the channels below, or a feed."))
    return channel


def _address(text: str, info: ValidationInfo) -> str:
    if "channel" not in info.data:
        return text
    try:
        if info.data["channel"] is Channel.EMAIL:
            return check_email(text)
        if info.data["channel"] is Channel.CHAT:
            return chat.check_address(text, private=_context(info).private_webhooks)
        return check_url(text, private=_context(info).private_webhooks)
    except BadQuestion as trouble:
        raise ValueError(str(trouble)) from None


class WishForm(Form):
    """Of what somebody wants to be told, on which condition and how soon."""

    instrument: Annotated[str, PlainValidator(_instrument)]
    participant: Annotated[str, PlainValidator(_participant)]
    body: Annotated[str, PlainValidator(_body)]
    condition: Annotated[AlertCondition | None, PlainValidator(_condition)]
    number: Annotated[int, PlainValidator(_number)]
    kind: Annotated[tuple[str, ...], PlainValidator(_kinds)]
    article: Annotated[str, PlainValidator(_article)]
    pace: Annotated[Frequency, PlainValidator(_pace)]

    def conditions(self, ledger: Ledger) -> dict[str, Any]:
        """The fields of a subscription that may be changed afterwards."""
        level = self.number if self.condition is AlertCondition.REACHES else 0
        if self.condition is AlertCondition.TO_GO:
            level = (_required_number(ledger, self.instrument) or 0) - self.number
        return {
            "pace": self.pace,
            "kinds": frozenset(self.kind),
            "condition": self.condition.value if self.condition else "",
            "number": self.number,
            "article": self.article,
            "level": level,  # the count at which a condition on a count is met
        }


class SubscriptionForm(WishForm):
    """A wish, and where to be told of it."""

    channel: Annotated[Channel, PlainValidator(_channel)]
    address: Annotated[str, PlainValidator(_address)]

    def subscription(self, ledger: Ledger, moment: datetime) -> Subscription:
        """The subscription that is asked for, not yet confirmed."""
        return Subscription(
            made_at=moment,
            channel=self.channel,
            address=self.address,
            secret=secrets.token_urlsafe(32) if self.channel is Channel.WEBHOOK else "",
            instrument=self.instrument,
            participant=self.participant,
            body=self.body,
            **self.conditions(ledger),
        )


def _context(info: ValidationInfo) -> FormContext:
    return cast(FormContext, info.context)


def _required_number(ledger: Ledger, instrument: str) -> int | None:
    return entry_into_force(ledger, instrument).threshold.required


def _check_name(name: str, proper: Callable[[], str]) -> str:
    try:
        return proper() if name else ""
    except NotFound as lack:
        raise ValueError(str(lack)) from None


def _one_of(kind: type[Choice], name: str, what: str) -> Choice:
    try:
        return kind(name)
    except ValueError:
        raise ValueError(f"'{name[:40]}' is not a {what}.") from None
