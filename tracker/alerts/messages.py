"""The content of a message: subject, text and HTML for people, JSON for programs, with the same facts in all.

The HTML part of a letter: plain elements and one style sheet, no picture, nothing loaded; light and dark.

Mail programs know little of CSS: what is said must be plain without any of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from tracker.alerts.deliveries import ClaimedDelivery, MessageType
from tracker.alerts.matching import STATEMENT_KINDS, describe_subscription
from tracker.law.changes import Change
from tracker.law.dates import in_words

STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 16px; background: #ffffff; color: #1b1b1b;
  font: 16px/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 640px; margin: 0 auto; }
h1 { font-size: 20px; line-height: 1.3; margin: 0 0 16px; }
h2 { font-size: 17px; margin: 24px 0 8px; padding-bottom: 4px; border-bottom: 1px solid #c9c9c9; }
ul { margin: 0; padding-left: 20px; }
li { margin: 0 0 12px; overflow-wrap: anywhere; }
small, footer { color: #595959; font-size: 14px; }
footer { margin-top: 32px; padding-top: 12px; border-top: 1px solid #c9c9c9; }
a { color: #0b57a4; }
@media (prefers-color-scheme: dark) {
  body { background: #16181b; color: #e8e8e8; }
  h2, footer { border-color: #4a4d52; }
  small, footer { color: #b4b7bc; }
  a { color: #8ab8f0; }
}
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address and what it leads to."""

    words: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One change: what is said of it, where it is from, and the page that shows it."""

    words: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; none where it is empty."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a message says to people, however it is shown."""

    opening: tuple[str, ...] = ()
    action: Link | None = None
    sections: tuple[Section, ...] = ()
    closing: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


def html_of(letter: Letter, title: str) -> str:
    """The letter as an HTML document."""
    body = [f"<h1>{escape(title)}</h1>", *(f"<p>{escape(said)}</p>" for said in letter.opening)]
    if letter.action:
        body.append(f"<p><strong>{_anchor(letter.action)}</strong></p>")
    body += map(_section, letter.sections)
    ending = [*(f"<p>{escape(said)}</p>" for said in letter.closing)]
    if letter.links:
        ending.append(f"<p>{' · '.join(map(_anchor, letter.links))}</p>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + f"\n<footer>\n{chr(10).join(ending)}\n</footer>\n</main>\n</body>\n</html>\n"
    )


def _section(section: Section) -> str:
    heading = f"<h2>{escape(section.heading)}</h2>\n" if section.heading else ""
    return f"{heading}<ul>\n{chr(10).join(map(_item, section.lines))}\n</ul>"


def _item(line: Line) -> str:
    source = f"<br><small>Source: {escape(line.source)}</small>" if line.source else ""
    return f"<li>{escape(line.words)}{source}<br>{_anchor(Link('Details', line.url))}</li>"


def _anchor(link: Link) -> str:
    return f'<a href="{escape(link.url)}">{escape(link.words)}</a>'


MAX_SUBJECT_LENGTH = 120
NAMED = 3  # instruments that a subject names
EVENT_TYPE = "treaty-tracker.alert"  # of the CloudEvents, before the type of the message


@dataclass(frozen=True, slots=True)
class Links:
    """The secret links of one message; empty where it has none. They are never printed."""

    manage: str = field(default="", repr=False)
    unsubscribe: str = field(default="", repr=False)
    confirm: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to go: `body` is the JSON, in UTF-8, that a webhook carries.

    `event` are the attributes of the CloudEvent (CNCF CloudEvents 1.0.2) that the call is as well.
    """

    key: str
    subject: str
    text: str = field(repr=False)
    body: bytes = field(repr=False)
    message_id: str
    unsubscribe: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    event: Mapping[str, str] = field(default_factory=dict)


def compose_message(
    claimed: ClaimedDelivery, site: str, links: Links, names: Mapping[str, str] | None = None
) -> Message:
    """The message of a delivery; `site` is the address at which the pages are served, `names` what ids are called."""
    key, called = key_of(claimed), names or {}
    subject = _one_line(_subject(claimed, called))
    letter = _letter(claimed, site, links, called)
    return Message(
        key=key,
        subject=subject,
        text=_text_of(letter),
        body=json.dumps(_data(claimed, site, links, subject, called), ensure_ascii=False).encode(),
        message_id=f"<{key}@{urlsplit(site).hostname or 'localhost'}>",
        unsubscribe=links.unsubscribe,
        html=html_of(letter, subject),
        event=_event(claimed, key, site),
    )


def ids_in(claimed: ClaimedDelivery) -> set[str]:
    """The instruments, participants and bodies that the message speaks of, by id or code."""
    owner = claimed.subscription
    about = {owner.instrument, owner.participant, owner.body, *(change.instrument for change in claimed.changes)}
    return about - {""}


def key_of(claimed: ClaimedDelivery) -> str:
    """What receivers tell deliveries apart by: 32 hexadecimal digits, the same at every attempt and replay."""
    owner = claimed.subscription
    said = f"{owner.id} {owner.made_at.isoformat()} {claimed.delivery.key}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def page_of(change: Change, site: str) -> str:
    """The page that shows what the change is about, on its day where it has one."""
    day = f"?as_of={change.day}" if change.day else ""
    if change.instrument:
        part = "/statements" if change.kind in STATEMENT_KINDS else ""
        return f"{site}/instruments/{quote(change.instrument)}{part}{day}"
    if change.participant:
        return f"{site}/participants/{quote(change.participant)}{day}"
    return f"{site}/bodies/{quote(change.body)}{day}" if change.body else f"{site}/changes"


def headline(words: str) -> str:
    """The first sentence of what is said of a change, without its full stop."""
    return words.partition(". ")[0].removesuffix(".")


# -- for people ------------------------------------------------------------------------------------


def _subject(claimed: ClaimedDelivery, names: Mapping[str, str]) -> str:
    """In one line, with names: what happened where it is one change, else how many, and to which treaties."""
    changes, sort = claimed.changes, claimed.delivery.sort
    if sort is MessageType.CONFIRM:
        return "Please confirm your alerts from Treaty Tracker"
    if sort is MessageType.LINK:
        return "Your subscription to Treaty Tracker"
    if sort is MessageType.TEST:
        return "A test message from Treaty Tracker"
    if sort in (MessageType.COUNTDOWN, MessageType.OUTLOOK):
        return headline(claimed.delivery.note)
    number = f"{len(changes)} {'change' if len(changes) == 1 else 'changes'}"
    if sort is MessageType.DIGEST:
        return f"{number} since {in_words(claimed.delivery.made_at.astimezone(UTC).date())}"
    said = headline(changes[0].words) if len(changes) == 1 else f"{_list(changes, names)}{number}"
    return f"Correction: {said}" if sort is MessageType.CORRECTION else said


def _list(changes: Sequence[Change], names: Mapping[str, str]) -> str:
    called = list(dict.fromkeys(names.get(each.instrument, each.instrument) for each in changes if each.instrument))
    more = f" and {len(called) - NAMED} more" if len(called) > NAMED else ""
    return f"{', '.join(called[:NAMED])}{more}: " if called else ""


def _one_line(text: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= MAX_SUBJECT_LENGTH else plain[: MAX_SUBJECT_LENGTH - 1].rstrip() + "…"


def _letter(claimed: ClaimedDelivery, site: str, links: Links, names: Mapping[str, str]) -> Letter:
    asked = describe_subscription(claimed.subscription, names)
    if claimed.delivery.sort is MessageType.CONFIRM:
        return Letter(
            opening=(f"This address was entered at Treaty Tracker to receive alerts {asked}.",),
            action=Link("Confirm these alerts", links.confirm),
            closing=(_NOT_ASKED,),
            links=(Link("Never write to this address again", links.unsubscribe),),
        )
    return Letter(
        opening=_opening(claimed),
        action=_outlook_link(claimed, site),
        sections=_sections(claimed.changes, site, names),
        closing=(f"You subscribed to alerts {asked}.",),
        links=(Link("Manage my alerts", links.manage), Link("Unsubscribe", links.unsubscribe)),
    )


def _outlook_link(claimed: ClaimedDelivery, site: str) -> Link | None:
    """The page of the outlook that the message is about; None where it is about something else."""
    if claimed.delivery.sort is not MessageType.OUTLOOK:
        return None
    return Link("The whole outlook", f"{site}/instruments/{quote(claimed.subscription.instrument)}/outlook")


_NOT_ASKED = (
    "If you did not ask for this, do nothing: no alerts will be sent, and the request is deleted within eight days."
)


def _opening(claimed: ClaimedDelivery) -> tuple[str, ...]:
    said = {
        MessageType.CORRECTION: "This message corrects an earlier one.",
        MessageType.TEST: "This is the test message that you asked for. Alerts will look like it.",
        MessageType.LINK: "You have this subscription already. The link to it is below.",
        MessageType.COUNTDOWN: claimed.delivery.note,
        MessageType.OUTLOOK: claimed.delivery.note,
    }.get(claimed.delivery.sort, "")
    return (said,) if said else ()


def _sections(changes: Sequence[Change], site: str, names: Mapping[str, str]) -> tuple[Section, ...]:
    """The changes by instrument, each instrument in the place of its first; a single one needs no heading."""
    groups: dict[str, list[Line]] = {}
    for change in changes:
        groups.setdefault(change.instrument, []).append(Line(change.words, change.source, page_of(change, site)))
    if len(changes) == 1:
        return tuple(Section("", tuple(lines)) for lines in groups.values())
    return tuple(
        Section(f"{names.get(id, id) if id else 'Lists and other changes'} ({len(lines)})", tuple(lines))
        for id, lines in groups.items()
    )


def _text_of(letter: Letter) -> str:
    parts = [f"{said}\n" for said in letter.opening]
    if letter.action:
        parts.append(f"{letter.action.words}:\n{letter.action.url}\n")
    for section in letter.sections:
        if section.heading:
            parts.append(f"{section.heading}\n{'-' * len(section.heading)}\n")
        parts += [_paragraph(line) for line in section.lines]
    ending = "".join(f"{said}\n" for said in letter.closing)
    ending += "".join(f"{link.words}: {link.url}\n" for link in letter.links)
    return "\n".join([*parts, f"-- \n{ending}"])


def _paragraph(line: Line) -> str:
    source = f"Source: {line.source}\n" if line.source else ""
    return f"{line.words}\n{source}Details: {line.url}\n"


# -- for programs ----------------------------------------------------------------------------------


def _data(claimed: ClaimedDelivery, site: str, links: Links, subject: str, names: Mapping[str, str]) -> dict[str, Any]:
    owner = claimed.subscription
    given = {name: getattr(links, name) for name in Links.__slots__}
    return {
        "id": key_of(claimed),
        "type": claimed.delivery.sort.value,
        "subject": subject,
        "asked": describe_subscription(owner, names),
        "changes": [change_as_dict(change, site) for change in claimed.changes],
        "note": claimed.delivery.note,
        "links": {name: link for name, link in given.items() if link},
    }


def _event(claimed: ClaimedDelivery, key: str, site: str) -> dict[str, str]:
    """The attributes of the CloudEvent, of which the message's JSON is the data."""
    about = {change.instrument for change in claimed.changes}
    subject = {"subject": quote(next(iter(about)))} if len(about) == 1 and about != {""} else {}
    made = claimed.delivery.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    kind = f"{EVENT_TYPE}.{claimed.delivery.sort.value}"
    return {"specversion": "1.0", "id": key, "source": site, "type": kind, "time": made, **subject}


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
        "article": change.article or None,
        "source": change.source,
        "url": page_of(change, site),
    }
