"""The head that all pages of a treaty share: its status line, and its tabs, which carry the date and the filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracker.law.ledger import memoized, memoized_recent
from tracker.law.status import parties_in_words, signatories_in_words
from tracker.messages import TranslatableText, message
from tracker.schemas.instruments import InstrumentDetail, InstrumentStatusLine, instrument_answer, status_answer
from tracker.schemas.participant_filter import ParticipantFilter
from tracker.web import freshness
from tracker.web.context import RequestContext, link
from tracker.web.labels import FORCE
from tracker.web.table_filters import filter_in_words

_detail = memoized_recent(32)(instrument_answer)
_status = memoized(status_answer)
TABS = (
    ("status", message("Status"), "record.instrument"),
    ("participants", message("Participants"), "treaty.participants"),
    ("non-parties", message("Non-parties"), "treaty.non_parties"),
    ("history", message("Over time"), "timeline.history"),
    ("map", message("Map"), "treaty.map_of_treaty"),
    ("statements", message("Reservations and declarations"), "statements.of_treaty"),
    ("network", message("Network"), "treaty.network_of_treaty"),
    ("sources", message("Sources"), "treaty.sources"),
)


def instrument_detail(asked: RequestContext, id: str) -> InstrumentDetail:
    """Everything about a treaty on the day, and when its data were last compared with the depositary."""
    return _detail(asked.ledger, id, freshness.compared_on(asked, id))


def force_in_words(data: InstrumentStatusLine) -> TranslatableText:
    """The entry into force as part of a sentence."""
    entry = data.entry_into_force
    if entry.status == "in-force" and entry.date:
        return message("in force since {date}", date=entry.date)
    if entry.status == "will-enter-into-force" and entry.date:
        return message("enters into force on {date}", date=entry.date)
    return FORCE[entry.status]


def treaty_in_words(data: InstrumentStatusLine) -> TranslatableText:
    """A treaty in one sentence: its title, the counts, the entry into force."""
    return message(
        "{treaty}: {parties}, {signatories}; {force}.",
        treaty=data.title,
        parties=parties_in_words(data.parties, data.parties_at_most, open_ended=data.parties_open_ended),
        signatories=signatories_in_words(
            data.signatories, data.signatories_at_most, open_ended=data.signatories_open_ended
        ),
        force=force_in_words(data),
    )


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages of a treaty, with its address on the date and with the filter asked for."""

    name: TranslatableText
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class TreatyHead:
    """What the head of a treaty's pages shows: the status line, the tabs, and the filter as an address has it."""

    line: InstrumentStatusLine
    tabs: list[Tab]
    tab: str
    filter: dict[str, list[str]]
    filter_words: TranslatableText | None

    @property
    def description(self) -> TranslatableText:
        """What search engines and messengers show below the name."""
        return treaty_in_words(self.line)

    @property
    def decided(self) -> bool:
        """Has it entered into force, so that the deposits towards the threshold no longer matter?"""
        return self.line.entry_into_force.status in ("in-force", "terminated")


def treaty_head(asked: RequestContext, id: str, tab: str, wanted: ParticipantFilter | None = None) -> dict[str, Any]:
    """The head of one tab of a treaty, as the template's `head`; NotFound for an unknown treaty."""
    carried: dict[str, list[str]] = {}
    for name, value in wanted.pairs() if wanted else ():
        carried.setdefault(name, []).append(value)
    of_statements = {name: values for name, values in carried.items() if name != "kind"}  # theirs is another kind
    tabs = [
        Tab(name, link(endpoint, id=id, **(of_statements if key == "statements" else carried)), key == tab)
        for key, name, endpoint in TABS
    ]
    words = filter_in_words(asked.ledger, wanted) if wanted and wanted.narrows else None
    return {"head": TreatyHead(_status(asked.ledger, id), tabs, tab, carried, words)}
