"""What a request asks: the ledger of its date and moment, read once, and links that keep both.

The pages' only clock is here: without `?as_of=` the date is today's in UTC. One ledger per revision is shared by all
threads of a process; a request costs one look at the revision, and views asked for lately are kept.
"""

from __future__ import annotations

import gc
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock
from typing import Any, cast
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for

from tracker.errors import BadQuestion
from tracker.law.ledger import Ledger
from tracker.messages import message
from tracker.schemas.formats import Meta
from tracker.storage.revision import RevisionStamp

EXTENSION, ADDRESSES = "tracker.shelf", "tracker.addresses"
MAX_VIEWS = 16  # views kept at a time; each remembers the answers it has given
MAX_ADDRESSES = 8192  # addresses of pages kept as they were written
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|\+00:00)", re.ASCII)


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What one request asks of the record.

    `as_of` and `known_at` are what the address says, None where it does not; `ledger` is the record
    as of `day`, as known at that moment.
    """

    today: date
    as_of: date | None
    known_at: datetime | None
    mark: RevisionStamp
    ledger: Ledger

    @property
    def revision(self) -> int:
        """The number of the record's last revision."""
        return self.mark.number

    @property
    def day(self) -> date:
        """The day that the answers are for."""
        return self.as_of or self.today

    @property
    def meta(self) -> Meta:
        """What an answer says about itself."""
        return Meta(
            as_of=self.day,
            known_at=iso_moment(self.known_at),
            revision=self.revision,
            revision_made_at=iso_moment(self.mark.moment),
        )


class LedgerCache:
    """One ledger per revision of the record, and the views of it that were asked for lately; thread-safe.

    `load` reads the record from the beginning, `renew` makes it of the ledger given last and of what has changed since,
    or gives None where it must be loaded.
    """

    def __init__(
        self,
        look: Callable[[], RevisionStamp],
        load: Callable[[], Ledger],
        renew: Callable[[], Ledger | None] = lambda: None,
    ) -> None:
        self._look, self._load, self._renew = look, load, renew
        self._lock = Lock()
        self._held: tuple[RevisionStamp, Ledger] | None = None
        self._views: OrderedDict[tuple[date, datetime | None], Ledger] = OrderedDict()

    def view(self, day: date, moment: datetime | None) -> tuple[RevisionStamp, Ledger]:
        """The mark of the last revision, and the record as of a day as known at a moment."""
        with self._lock:
            mark, whole = self._last()
            key = (day, moment)
            found = self._views.pop(key, None) or whole.known_at(moment).as_of(day)
            self._views[key] = found
            while len(self._views) > MAX_VIEWS:
                self._views.popitem(last=False)[1].forget()
            return mark, found

    def _last(self) -> tuple[RevisionStamp, Ledger]:
        """The record's last revision; read again if another was made while it was read, so that each has its name."""
        mark = self._look()
        while self._held is None or self._held[0].record != mark.record:
            self._held, mark = (mark, self._renew_ledger() or self._load_ledger()), self._look()
        self._held = (mark, self._held[1])
        return self._held

    def _renew_ledger(self) -> Ledger | None:
        """The ledger with what has changed; most of it stays frozen."""
        if self._held is None or (found := self._renew()) is None:
            return None
        self._forget(self._held[1])
        return found

    def _load_ledger(self) -> Ledger:
        """The ledger from the beginning, frozen: else whatever a page makes has the whole record looked through for
        garbage, again and again. The last one is let go first, with what of its answers came after the last search.
        """
        if self._held:
            self._forget(self._held[1])
            self._held = None
            gc.collect()
        found = self._load()
        gc.freeze()
        return found

    def _forget(self, last: Ledger) -> None:
        """Let the answers of the last ledger and its views go, which would else hold them."""
        for each in (last, *self._views.values()):
            each.forget()
        self._views.clear()


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def utc_today() -> date:
    """The day in UTC."""
    return utc_now().date()


def get_context() -> RequestContext:
    """Read what this request asks, once; BadQuestion for a day or moment that makes no sense."""
    if "asked" not in g:
        present = utc_today()
        as_of = read_day("as_of", request.args.get("as_of", ""))
        known_at = read_moment("known_at", request.args.get("known_at", ""))
        shelf = cast(LedgerCache, current_app.extensions[EXTENSION])
        mark, ledger = shelf.view(as_of or present, known_at)
        g.asked = RequestContext(present, as_of, known_at, mark, ledger)
    return cast(RequestContext, g.asked)


def context_if_read() -> RequestContext | None:
    """What this request asks, if it could be read."""
    return cast(RequestContext | None, g.get("asked"))


def carried_values() -> dict[str, Any]:
    """What every address on a page takes along: the language, the day and the moment that this request asks for."""
    if "carried" in g:
        return cast(dict[str, Any], g.carried)
    found = context_if_read()
    values: dict[str, Any] = {"lang": request.args.get("lang")}
    if found:
        values |= {"as_of": found.as_of, "known_at": iso_moment(found.known_at)}
        g.carried = values
    return values


@contextmanager
def carrying(values: dict[str, Any]) -> Iterator[None]:
    """Let every address that is written meanwhile take these values along instead."""
    before = g.pop("carried", None)
    g.carried = values
    try:
        yield
    finally:
        g.pop("carried")
        if before is not None:
            g.carried = before


def link(endpoint: str, **values: Any) -> str:
    """The address of a page, keeping the day, the moment and the language that this request asks for."""
    if endpoint == "static":
        return url_for("static", v=current_app.config["BUILD"], **values)
    kept = carried_values()
    if endpoint.startswith("api."):
        kept = {name: value for name, value in kept.items() if name != "lang"}
    values = kept | values
    made: Callable[..., str] = current_app.extensions[ADDRESSES]
    given = [(name, _as_written(value)) for name, value in values.items() if value not in (None, "")]
    return made(request.script_root, endpoint, *given)


def _as_written(value: Any) -> str | tuple[str, ...]:
    """A value as an address writes it; several stay several."""
    return tuple(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _make_link(root: str, endpoint: str, *values: tuple[str, Any]) -> str:
    """The address of a page under a root; the same hundreds are asked for on page after page."""
    return url_for(endpoint, **dict(values))


def whole_link(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for other sites: under the site's own, whatever host a request names."""
    return f"{current_app.config['SITE']}{link(endpoint, **values)}"


def link_here(path: Mapping[str, str] | None = None, **changes: Any) -> str:
    """The address of this page, parts of its path or query changed: None takes a part away, a list gives several."""
    given = {name: values for name, values in request.args.lists() if name not in changes}
    given |= {name: _several(value) for name, value in changes.items() if value not in (None, "")}
    query = urlencode([(name, value) for name, values in given.items() for value in values if value != ""])
    here = _here(path or {})
    return f"{here}?{query}" if query else here


def _several(value: Any) -> list[Any]:
    """The values of one part of a query."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _here(path: Mapping[str, str]) -> str:
    if request.endpoint is None or request.routing_exception is not None:  # no page of ours, but still our site
        return f"/{request.path.lstrip('/')}"
    return url_for(request.endpoint, **{**(request.view_args or {}), **path})


def iso_moment(moment: datetime | None) -> str | None:
    """A moment as the addresses write it: `2026-11-02T08:30:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def install(app: Flask, shelf: LedgerCache) -> None:
    """Give the app its record, and its templates the links."""
    app.extensions[EXTENSION] = shelf
    app.extensions[ADDRESSES] = lru_cache(maxsize=MAX_ADDRESSES)(_make_link)
    app.jinja_env.globals.update(link=link, link_here=link_here, whole_link=whole_link)
    app.context_processor(lambda: {"asked": context_if_read()})


def read_day(name: str, text: str) -> date | None:
    """The day that a field of an address or a form gives, None where it is empty; BadQuestion for anything else."""
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    advice = message("'{text}' is not a day: write it like 2003-09-29.", text=text[:40])
    raise BadQuestion(f"{name}={advice}", name, advice)


def asks_for_partial(query: Mapping[str, str]) -> bool:
    """Does the address ask that instruments with partial data be counted and compared as well (`partial=yes`)?"""
    if (text := query.get("partial", "")) in ("", "yes"):
        return bool(text)
    refusal = message("partial='{text}' is not a choice: write partial=yes or leave it out.", text=text[:40])
    raise BadQuestion(refusal, "partial")


def read_moment(name: str, text: str) -> datetime | None:
    """The moment in UTC that a field gives, None where it is empty; BadQuestion for anything else."""
    if not text:
        return None
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    advice = message("'{text}' is not a moment in UTC: write it like 2026-11-02T08:30:00Z.", text=text[:40])
    raise BadQuestion(f"{name}={advice}", name, advice)
