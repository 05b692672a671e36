"""My treaties: the treaties and States that a reader watches, each with its status on the date.

The list itself is kept in the reader's browser (`static/watchlist.js`); the page shows what its address names, so that
a list can be opened from a link as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.errors import BadQuestion
from tracker.law.ledger import Ledger, memoized
from tracker.messages import message
from tracker.schemas.instruments import status_answer
from tracker.schemas.participants import participants_answer
from tracker.web.context import get_context

blueprint = Blueprint("watchlist", __name__)
MAX_WATCHED = 100  # treaties and States together
MAX_NAME = 60  # characters of one id, and of a name that is shown as unknown

_status = memoized(status_answer)
_participants = memoized(participants_answer)


@blueprint.get("/watchlist")
def page() -> ResponseReturnValue:
    """The treaties (`instrument`) and States (`participant`) that the address names; BadQuestion for too many.

    Names that the data do not hold are listed as such: a list kept for long must not fail for one of them.
    """
    terms, people = (_asked(kind) for kind in ("instrument", "participant"))
    if len(terms) + len(people) > MAX_WATCHED:
        raise BadQuestion(message("My treaties: select at most {n} treaties and States.", n=MAX_WATCHED), "instrument")
    ledger = get_context().ledger
    instruments, no_terms = _split(terms, lambda each: each.lower(), ledger.instruments)
    participants, no_people = _split(people, lambda each: each.upper(), ledger.participants)
    return render_template(
        "watchlist.html",
        instruments=[_status(ledger, id) for id in instruments],
        participants=[each for each in _participants(ledger) if each.participant in participants],
        unknown=[*no_terms, *no_people],
        query={"instrument": instruments, "participant": participants},
        most=MAX_WATCHED,
    )


def watchlist_query(ledger: Ledger, instruments: Iterable[str], participants: Iterable[str]) -> dict[str, list[str]]:
    """The parameters of the page that shows these treaties and States; those the data do not hold are left out."""
    return {
        "instrument": [id for id in dict.fromkeys(instruments) if id in ledger.instruments],
        "participant": [code for code in dict.fromkeys(participants) if code in ledger.participants],
    }


def _asked(kind: str) -> list[str]:
    return [each[:MAX_NAME] for each in dict.fromkeys(request.args.getlist(kind)) if each]


def _split(names: Sequence[str], proper: Callable[[str], str], known: Iterable[str]) -> tuple[list[str], list[str]]:
    """The names as the data write them, each once, and those that the data do not hold."""
    held = frozenset(known)
    found = dict.fromkeys(proper(name) for name in names if proper(name) in held)
    return list(found), [name for name in names if proper(name) not in held]
