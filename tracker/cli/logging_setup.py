"""Logging: one stream for the program and its libraries, as JSON or readable lines, with secrets redacted."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor

from tracker.web.request_log import LINE

REDACTED = "[…]"
SHORT = 300  # characters
_SECRETS = (
    (re.compile(r"(?<=://)[^\s/@'\"]*:[^\s/'\"]*@"), f"{REDACTED}@"),  # user:password@ in an address (RFC 3986, 3.2.1)
    (re.compile(r"(/(?:confirm|subscriptions|unsubscribe)/)[^\s/?#'\"]+"), rf"\g<1>{REDACTED}"),
    (re.compile(r"(?i)((?:set-)?cookie|authorization)((?:'|\")?\s*[:=]\s*).+"), rf"\g<1>\g<2>{REDACTED}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), rf"\g<1> {REDACTED}"),
    (re.compile(r"(?i)\b(password|passwd|token|secret|csrf_token)(['\"]?\s*[:=]\s*['\"]?)[^\s&,;'\"})]+"),
     rf"\g<1>\g<2>{REDACTED}"),
    (re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?=[\w-]+(?:\.[\w-]+)+)"), f"{REDACTED}@"),
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), REDACTED),  # what a secret link's token looks like
)  # fmt: skip
_QUIET = {"apscheduler": logging.ERROR, "waitress.queue": logging.ERROR, "alembic": logging.WARNING}
_SERVERS = ("gunicorn", "gunicorn.error", "gunicorn.access", "waitress")  # whose own ways of writing are taken away


class _Lines(logging.StreamHandler[TextIO]):
    """Our handler, told from those that tests and servers have put there."""


def configure_logging(form: str = "auto", stream: TextIO | None = None) -> None:
    """Write the log to the stream, by default the error stream; doing so again changes the form and doubles nothing.

    `form` is `json`, `text`, or `auto`: text on a terminal, JSON anywhere else.
    """
    to = stream or sys.stderr
    handler = _Lines(to)
    handler.setFormatter(log_formatter(as_json=form == "json" or (form == "auto" and not to.isatty())))
    root = logging.getLogger()
    root.handlers[:] = [*(each for each in root.handlers if not isinstance(each, _Lines)), handler]
    root.setLevel(logging.INFO)
    for name in _SERVERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "gunicorn.access"  # each request has one line, and the journal writes it
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)


class _Quick(structlog.stdlib.ProcessorFormatter):
    """JSON lines, with a short way for the one that every request writes: it costs more than a kept answer else."""

    def format(self, record: logging.LogRecord) -> str:
        said = getattr(record, LINE, None)
        if said is None or record.exc_info:
            return super().format(record)
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")
        whose = {"event": record.msg, **structlog.contextvars.get_contextvars(), "logger": record.name}
        level = record.levelname.lower()
        line = {**whose, "level": level, **said, "timestamp": moment.replace("+00:00", "Z")}
        return _json(_redact_event(None, "", line))


def _spread(_: Any, __: str, event: EventDict) -> EventDict:
    said = event.pop(LINE, {})
    return {**event, **said}


def log_formatter(*, as_json: bool) -> logging.Formatter:
    """How a record becomes a line."""
    show: Processor = structlog.processors.JSONRenderer(serializer=_json)
    if not as_json:
        plain = structlog.dev.plain_traceback
        show = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain)
    return (_Quick if as_json else structlog.stdlib.ProcessorFormatter)(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(),
            _spread,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _redact_event,
            show,
        ],
    )


def redact(text: str) -> str:
    """The text without whatever looks like a secret."""
    return _blotted_before(text) if len(text) < SHORT else _without_secrets(text)


def _without_secrets(text: str) -> str:
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


_blotted_before = lru_cache(maxsize=1024)(_without_secrets)  # the same addresses are asked for again and again


def _redact_event(_: Any, __: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = value if name in _PLAIN else redact(value)
        elif not isinstance(value, int | float | bool | None):
            event[name] = redact(str(value))
    return event


_PLAIN = {"timestamp", "level", "logger", "method", "request"}  # made by this program, of letters and digits
_json: Callable[..., str] = lambda event, **_: orjson.dumps(event, default=str).decode()  # noqa: E731
