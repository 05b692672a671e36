"""What a view says in one sentence: the line under the title, on the page and in the saved pictures alike."""

from __future__ import annotations

from tracker.law.network import by_id
from tracker.web import Asked
from tracker.web.network.panel import summary, tied
from tracker.web.network.picture import MOST_ROWS
from tracker.web.network.views import before, difference, ego_asked, ego_shown, profiles_of
from tracker.web.network.wanted import Wanted
from tracker.web.wording import count, short_day


def told(asked: Asked, wanted: Wanted) -> str:
    """What the view shows, in figures of the day."""
    return {"ego": _ego, "profiles": _profiles, "backbone": _backbone, "changes": _changes, "ties": _ties}.get(
        wanted.view, _gaps
    )(asked, wanted)


def _gaps(asked: Asked, _wanted: Wanted) -> str:
    found = summary(asked.ledger)
    are = "is" if found["missing"] == 1 else "are"
    return (
        f"{count(found['missing'], 'tie')} to instruments in force {are} missing; {found['complete']} of "
        f"{count(found['people'], 'participant')} miss none."
    )


def _ties(asked: Asked, _wanted: Wanted) -> str:
    return f"{count(tied(asked.ledger), 'tie')} of participants, instruments and bodies."


def _ego(asked: Asked, wanted: Wanted) -> str:
    data = ego_shown(asked.ledger, wanted)
    if data is None:
        return f"{ego_asked(asked.ledger, wanted).partition('.')[2] or 'Nothing'} is not in the record on that day."
    missing = f", and {count(len(data['missing']), 'tie')} missing" if data["missing"] else ""
    return f"{data['node']['name']}: {count(len(data['ties']), 'tie')}{missing}."


def _profiles(asked: Asked, wanted: Wanted) -> str:
    data = profiles_of(asked.ledger, wanted.compared or None)
    every = sum(each["size"] for each in data["profiles"] if not each["missing"])
    shown = f" The {MOST_ROWS} largest are drawn; the table has all." if data["count"] > MOST_ROWS else ""
    return (
        f"{count(data['participants'], 'participant')} share {count(data['count'], 'profile')} of these "
        f"{count(len(data['instruments']), 'instrument')}; {every} have consented to all of them.{shown}"
    )


def _backbone(asked: Asked, _wanted: Wanted) -> str:
    number = sum(node.kind == "instrument" for node in by_id(asked.ledger).values())
    return f"{count(number, 'instrument')}, each tied to the two with which it shares most of its parties."


def _changes(asked: Asked, wanted: Wanted) -> str:
    data = difference(asked, wanted)
    gained, lost, changed = (len(data[turn]) for turn in ("gained", "lost", "changed"))
    first = before(asked, wanted).day
    return (
        f"From {short_day(first)} to {short_day(asked.day)}: {count(gained, 'tie')} gained, {lost:,} lost, "
        f"{changed:,} changed in kind."
    )
