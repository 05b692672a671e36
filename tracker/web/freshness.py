"""How far the data behind a page reach, and when they were last compared with the depositary: said on every page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

from flask import Flask, current_app, request
from sqlalchemy import Engine

from tracker.law import assessments
from tracker.law.coverage import data_limit
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, memoized
from tracker.law.wording import paragraph
from tracker.messages import TranslatableText, message
from tracker.storage.kept_outlooks import KeptOutlook, kept_outlooks
from tracker.storage.revision import comparison_day
from tracker.web.context import RequestContext, context_if_read

EXTENSION = "tracker.freshness"

_limit = memoized(data_limit)


def compared_on(asked: RequestContext, instrument: str) -> date | None:
    """The last day on which the data on an instrument were compared with the depositary's list; None for never.

    As the data were known at an earlier moment, a later comparison is none.
    """
    found = comparison_day(cast(Engine, current_app.extensions[EXTENSION]), instrument.lower())
    return None if found and asked.known_at and found > asked.known_at.date() else found


def outlooks_of(asked: RequestContext) -> dict[str, KeptOutlook]:
    """The outlooks that were worked out on the data and for the date of this request, by treaty.

    Those that there are: nothing is worked out here.
    """
    if asked.known_at or EXTENSION not in current_app.extensions:
        return {}
    kept = kept_outlooks(cast(Engine, current_app.extensions[EXTENSION]))
    wanted = (asked.revision, asked.day)
    return {name: each for name, each in kept.items() if (each.revision, each.as_of) == wanted}


def reach_in_words(day: date | PartialDate) -> TranslatableText:
    """How far the data on an instrument reach."""
    return message("Data to {date}", date=day)


def comparison_in_words(day: date | None) -> str:
    """When the data on a treaty were last compared with the depositary."""
    if day is None:
        return message("not yet compared with the depositary")
    return message("compared with the depositary on {date}", date=day)


def limit_in_words() -> str:
    """That the date asked for is later than the data behind this page, as a sentence; empty where it is not.

    On a page about one treaty or one list it is about that, on any other about all treaties.
    """
    asked = context_if_read()
    if asked is None:
        return ""
    named = str((request.view_args or {}).get("id", "")).lower()
    if named in asked.ledger.schemes:
        return list_limit(asked.ledger, named)
    return _limit(asked.ledger, named if named in asked.ledger.instruments else "")


def list_limit(ledger: Ledger, scheme: str) -> str:
    """That the ledger's day is later than what is known of a list, as a sentence; empty where it is not."""
    end = assessments.data_end(ledger, scheme)
    if end is None or end >= ledger.horizon:
        return ""
    last = message("Last edition or change in our data: {date}. Later ones may be missing.", date=end)
    return paragraph([last, *_not_known(ledger, scheme)])


def _not_known(ledger: Ledger, scheme: str) -> Iterator[TranslatableText]:
    """Which editions were due of which our data tell nothing."""
    for each in assessments.unknown_editions(ledger, scheme):
        yield message("Outcome not in our data: {edition}.", edition=each.edition or each.start)


def install(app: Flask, engine: Engine) -> None:
    """Give the pages these sentences."""
    app.extensions[EXTENSION] = engine
    app.jinja_env.globals.update(comparison_in_words=comparison_in_words, reach_in_words=reach_in_words)
    app.jinja_env.globals.update(data_limit=limit_in_words)
