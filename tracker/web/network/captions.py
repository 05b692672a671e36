"""What each view shows on its date, as sentences with its figures, in the language of the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from tracker.graph.diff import EdgeChangeKind
from tracker.graph.growth import GrowthKind, GrowthMark, growth_marks
from tracker.graph.membership_sets import in_force
from tracker.graph.model import NodeKind, node_id
from tracker.graph.nodes import short_of
from tracker.law.coverage import CONSENTS, is_open_ended, is_partial
from tracker.law.ledger import Ledger
from tracker.law.status import parties_in_words, status
from tracker.messages import TranslatableText, message, plural
from tracker.web.context import RequestContext
from tracker.web.language import say
from tracker.web.network.clocks import MAX_CLOCKS
from tracker.web.network.panel import summary
from tracker.web.network.params import NetworkParams
from tracker.web.network.rose import MAX_RINGS
from tracker.web.network.scene import MAX_PROFILE_ROWS
from tracker.web.network.views import (
    backbone_shown,
    before,
    ego_asked,
    ego_shown,
    profiles_shown,
    today_of,
    treaty_shown,
    turns,
)
from tracker.web.template_filters import act_words, initial, short_day

Sentences = list[TranslatableText | str]


def describe_view(asked: RequestContext, wanted: NetworkParams) -> str:
    """What the view shows, in figures of the day."""
    return " ".join(say(each) for each in DESCRIBED.get(wanted.view, _gaps)(asked, wanted) if each)


def _gaps(asked: RequestContext, wanted: NetworkParams) -> Sentences:
    found = summary(asked.ledger, wanted)
    complete = (
        plural(
            "{complete} of {n} participant is party to all of these treaties that are open to it.",
            "{complete} of {n} participants are party to all of these treaties that are open to them.",
            found["people"],
            complete=found["complete"],
        )
        if wanted.instruments
        else plural(
            "{complete} of {n} participant is party to all that are open to it.",
            "{complete} of {n} participants are party to all that are open to them.",
            found["people"],
            complete=found["complete"],
        )
    )
    most = MAX_CLOCKS if wanted.view == "clocks" else MAX_RINGS
    all_drawn = len(wanted.instruments or asked.ledger.instruments) <= most
    part = message("The {number} treaties with most outstanding are drawn; the table has all.", number=most)
    return [
        plural("{n} outstanding.", "{n} outstanding.", found["missing"])
        if wanted.instruments or wanted.pending
        else plural("{n} outstanding on treaties in force.", "{n} outstanding on treaties in force.", found["missing"]),
        complete,
        "" if all_drawn else part,
    ]


def _spindle(asked: RequestContext, wanted: NetworkParams) -> Sentences:
    if not wanted.standing:
        return _gaps(asked, wanted)
    number = len(replace(wanted, focus="").of(asked.ledger))
    return [
        plural("{n} link between participants and treaties.", "{n} links between participants and treaties.", number)
    ]


def _ties(asked: RequestContext, wanted: NetworkParams) -> Sentences:
    number = len(replace(wanted, focus="").of(asked.ledger))
    return [
        plural(
            "{n} link between participants, treaties and bodies.",
            "{n} links between participants, treaties and bodies.",
            number,
        )
    ]


def _growth(asked: RequestContext, wanted: NetworkParams) -> Sentences:
    treaty = treaty_shown(asked.ledger, wanted)
    name = short_of(today_of(asked), node_id(NodeKind.INSTRUMENT, treaty))
    kinds = Counter(
        mark.kind for mark in growth_marks(asked.ledger, treaty) if wanted.shows(f"participant.{mark.participant}")
    )
    total, undated = growth_total(asked.ledger, wanted), kinds[GrowthKind.UNDATED]
    words = growth_label(asked.ledger, treaty, total, with_number=True)
    if wanted.people is None and in_force(asked.ledger, treaty):
        open_ended = is_open_ended(asked.ledger, treaty, CONSENTS)
        words = parties_in_words(total, status(asked.ledger, treaty).parties_at_most, open_ended=open_ended)
    known = message("{name}: {words}.", name=name, words=words)
    signed, left = kinds[GrowthKind.SIGNATURE], kinds[GrowthKind.WITHDRAWAL]
    return [
        known,
        plural("{n} signed but not ratified.", "{n} signed but not ratified.", signed) if signed else "",
        plural("{n} withdrawal.", "{n} withdrawals.", left) if left else "",
        plural("The date of {n} consent is not known.", "The dates of {n} consents are not known.", undated)
        if undated
        else "",
        message("The data on this treaty are incomplete.") if is_partial(asked.ledger, treaty) else "",
    ]


def growth_total(ledger: Ledger, wanted: NetworkParams) -> int:
    """How many of those asked for have consented to be bound by the treaty shown, as its own page counts them."""
    marks = [
        mark
        for mark in growth_marks(ledger, treaty_shown(ledger, wanted))
        if wanted.shows(f"participant.{mark.participant}")
    ]
    return len(holding(marks))


def holding(marks: list[GrowthMark]) -> set[str]:
    """Those whose consent holds, its date known or not; those that may have consented are not counted."""
    ended = {mark.participant for mark in marks if mark.kind is GrowthKind.WITHDRAWAL}
    consents = (GrowthKind.CONSENT, GrowthKind.UNDATED)
    return {m.participant for m in marks if m.kind in consents and m.certain} - ended


def growth_label(ledger: Ledger, treaty: str, total: int, *, with_number: bool = False) -> TranslatableText:
    """What the consents counted are called: parties once the treaty is in force."""
    if treaty in ledger.instruments and in_force(ledger, treaty):
        return plural("{n} party", "{n} parties", total) if with_number else message("parties")
    if with_number:
        return plural("{n} consent to be bound", "{n} consents to be bound", total)
    return message("consents to be bound")


def acts_in_words(marks: tuple[GrowthMark, ...]) -> str:
    """What a participant did, act by act, with dates as the data have them."""
    return ". ".join(say(message("{act}: {date}", act=_act(mark), date=_date(mark))) for mark in marks)


def _act(mark: GrowthMark) -> str:
    return initial(act_words(mark.act)) if mark.act else say(message("Perhaps consent to be bound"))


def _date(mark: GrowthMark) -> str:
    return short_day(mark.on) if mark.on else say(message("date not known"))


def _ego(asked: RequestContext, wanted: NetworkParams) -> Sentences:
    data = ego_shown(asked.ledger, wanted)
    if data is None:
        name = ego_asked(asked.ledger, wanted).partition(".")[2]
        return [message("{name} is not in our data on this date.", name=name) if name else message("No data.")]
    missing = len(data.missing)
    return [
        plural("{name}: {n} link.", "{name}: {n} links.", len(data.ties), name=data.node.name),
        plural("{n} outstanding.", "{n} outstanding.", missing) if missing else "",
    ]


def _profiles(asked: RequestContext, wanted: NetworkParams) -> Sentences:
    data = profiles_shown(asked.ledger, wanted)
    every = sum(each.size for each in data.profiles if len(each.instruments) == len(data.instruments))
    most = MAX_PROFILE_ROWS
    return [
        plural("{n} participant.", "{n} participants.", data.participants),
        plural("{n} pattern of participation.", "{n} patterns of participation.", data.count),
        plural("{n} treaty.", "{n} treaties.", len(data.instruments)),
        message("Party to all of them: {number}.", number=every),
        message("The {number} largest are drawn; the table has all.", number=most) if data.count > most else "",
        data.left_out_words,
        data.shortfall_words,
    ]


def _backbone(asked: RequestContext, wanted: NetworkParams) -> Sentences:
    number = len(backbone_shown(asked.ledger, wanted).instruments)
    return [
        plural(
            "{n} treaty, linked to the two with which it shares most of its parties.",
            "{n} treaties, each linked to the two with which it shares most of its parties.",
            number,
        )
    ]


def _changes(asked: RequestContext, wanted: NetworkParams) -> Sentences:
    found = Counter(turn.turn for turn in turns(asked, wanted))
    dates = {"first": short_day(before(asked, wanted).day), "last": short_day(asked.day)}
    return [
        message(
            "From {first} to {last}: {gained} links gained, {lost} lost, {changed} changed in kind.",
            **dates,
            gained=found[EdgeChangeKind.GAINED],
            lost=found[EdgeChangeKind.LOST],
            changed=found[EdgeChangeKind.CHANGED],
        )
    ]


DESCRIBED: Mapping[str, Callable[[RequestContext, NetworkParams], Sentences]] = {
    "gaps": _gaps, "ego": _ego, "profiles": _profiles, "backbone": _backbone, "changes": _changes, "ties": _ties,
    "growth": _growth, "spindle": _spindle, "clocks": _gaps,
}  # fmt: skip
