"""The content of a message: subject and text for people, JSON for programs, with the same facts in both."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from tracker.alerts.deliveries import ClaimedDelivery, MessageType
from tracker.alerts.matching import describe_subscription
from tracker.law.changes import Change

MAX_SUBJECT_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Links:
    """The secret links of one message; empty where it has none. They are never printed."""

    manage: str = field(default="", repr=False)
    unsubscribe: str = field(default="", repr=False)
    confirm: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to go: `body` is the JSON, in UTF-8, that a webhook carries."""

    key: str
    subject: str
    text: str = field(repr=False)
    body: bytes = field(repr=False)
    message_id: str
    unsubscribe: str = field(default="", repr=False)


def compose_message(claimed: ClaimedDelivery, site: str, links: Links) -> Message:
    """The message of a delivery; `site` is the address at which the pages are served."""
    key = key_of(claimed)
    subject = _one_line(_subject(claimed))
    return Message(
        key=key,
        subject=subject,
        text=_text(claimed, site, links),
        body=json.dumps(_data(claimed, site, links, subject), ensure_ascii=False).encode(),
        message_id=f"<{key}@{urlsplit(site).hostname or 'localhost'}>",
        unsubscribe=links.unsubscribe,
    )


def key_of(claimed: ClaimedDelivery) -> str:
    """What receivers tell deliveries apart by: 32 hexadecimal digits, the same at every attempt and replay."""
    owner = claimed.subscription
    said = f"{owner.id} {owner.made_at.isoformat()} {claimed.delivery.key}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def page_of(change: Change, site: str) -> str:
    """The page that shows what the change is about, on its day where it has one."""
    day = f"?as_of={change.day}" if change.day else ""
    if change.instrument:
        return f"{site}/instruments/{quote(change.instrument)}{day}"
    if change.participant:
        return f"{site}/participants/{quote(change.participant)}{day}"
    return f"{site}/bodies/{quote(change.body)}{day}" if change.body else f"{site}/changes"


# -- for people ------------------------------------------------------------------------------------


def _subject(claimed: ClaimedDelivery) -> str:
    changes, sort = claimed.changes, claimed.delivery.sort
    if sort is MessageType.CONFIRM:
        return "Please confirm: do you want to be told by Treaty Tracker?"
    if sort is MessageType.LINK:
        return "Your subscription to Treaty Tracker"
    if sort is MessageType.TEST:
        return "A test message from Treaty Tracker"
    if sort is MessageType.DIGEST:
        return f"Treaty Tracker: {len(changes)} {'change' if len(changes) == 1 else 'changes'}"
    if sort is MessageType.COUNTDOWN:
        return _first_sentence(claimed.delivery.note)
    words = " / ".join(_first_sentence(change.words) for change in changes)
    return f"Correction: {words}" if sort is MessageType.CORRECTION else words


def _first_sentence(words: str) -> str:
    return words.partition(". ")[0].removesuffix(".")


def _one_line(text: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= MAX_SUBJECT_LENGTH else plain[: MAX_SUBJECT_LENGTH - 1].rstrip() + "…"


def _text(claimed: ClaimedDelivery, site: str, links: Links) -> str:
    asked = describe_subscription(claimed.subscription)
    if claimed.delivery.sort is MessageType.CONFIRM:
        return (
            f"Somebody, we hope you, asked to be told {asked}.\n\n"
            f"If that was you, open this page and confirm:\n{links.confirm}\n\n"
            "If it was not, do nothing: you will not be told anything, and the request is deleted in a week.\n"
        )
    parts = [_opening(claimed), *(_paragraph(change, site) for change in claimed.changes), _footer(asked, links)]
    return "\n".join(part for part in parts if part)


def _opening(claimed: ClaimedDelivery) -> str:
    return {
        MessageType.CORRECTION: "This corrects what you were told before.\n",
        MessageType.TEST: "This is the test message that you asked for. Messages about changes will look like it.\n",
        MessageType.LINK: "You have this subscription already. Its link is below.\n",
        MessageType.DIGEST: "What changed since the last digest:\n",
        MessageType.COUNTDOWN: f"{claimed.delivery.note}\n",
    }.get(claimed.delivery.sort, "")


def _paragraph(change: Change, site: str) -> str:
    source = f"Source: {change.source}\n" if change.source else ""
    return f"{change.words}\n{source}More: {page_of(change, site)}\n"


def _footer(asked: str, links: Links) -> str:
    ways = f"See, pause, change or delete this: {links.manage}\nUnsubscribe: {links.unsubscribe}\n"
    return f"-- \nYou asked to be told {asked}.\n{ways}"


# -- for programs ----------------------------------------------------------------------------------


def _data(claimed: ClaimedDelivery, site: str, links: Links, subject: str) -> dict[str, Any]:
    owner = claimed.subscription
    given = {"manage": links.manage, "unsubscribe": links.unsubscribe, "confirm": links.confirm}
    return {
        "id": key_of(claimed),
        "type": claimed.delivery.sort.value,
        "subject": subject,
        "asked": describe_subscription(owner),
        "changes": [change_as_dict(change, site) for change in claimed.changes],
        "note": claimed.delivery.note,
        "links": {name: link for name, link in given.items() if link},
    }


def change_as_dict(change: Change, site: str) -> dict[str, Any]:
    """A change as JSON has it."""
    return {
        "key": change.key,
        "kind": change.kind.value,
        "words": change.words,
        "instrument": change.instrument or None,
        "participant": change.participant or None,
        "body": change.body or None,
        "scheme": change.scheme or None,
        "day": change.day.isoformat() if change.day else None,
        "before": change.before,
        "after": change.after,
        "source": change.source,
        "url": page_of(change, site),
    }
