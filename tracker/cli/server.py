"""The waitress server, made to end in order and to let slow clients keep nobody else out.

Told to end, it takes no new connection, finishes the requests in hand for a bounded time, and closes. A client has a
bounded time to send a request and to take its answer; when connections run out, the idlest are closed. `waitress.serve`
does neither: told to end it drops what has been answered and not yet sent, and its `channel_timeout` begins anew with
every byte.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

MAX_REQUEST_BYTES = 2_000_000  # bytes that a request may have: it is kept on disk before the pages see it
THREADS = 8
CONNECTIONS = 400  # at a time
SPARE_CONNECTIONS = 20  # connections that are kept free, by closing the idlest
UPLOAD_TIMEOUT = 30.0  # seconds from a connection's last answer, or its beginning, to a whole request
DOWNLOAD_TIMEOUT = 30.0  # seconds in which a client that is being answered takes nothing
SHUTDOWN_TIMEOUT = 25.0  # seconds for the requests in hand when it is told to end
_TICK = 0.5

_LOG = logging.getLogger("tracker.cli.server")


# -- being told to end -----------------------------------------------------------------------------


@contextmanager
def shutdown_event(wake: Callable[[], None] = lambda: None) -> Iterator[threading.Event]:
    """An event that SIGTERM or Ctrl-C sets, `wake` called then; the second such signal ends the process at once."""
    told = threading.Event()

    def tell(number: int, _: FrameType | None) -> None:
        if told.is_set():
            os._exit(128 + number)
        told.set()
        wake()

    before = {number: signal.signal(number, tell) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# -- serving ---------------------------------------------------------------------------------------


def serve(
    app: Any, host: str, port: int, *, patience: float = SHUTDOWN_TIMEOUT, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve the application until told to end, and then end in order; OSError if the address cannot be had.

    `ready` is called once connections are taken.
    """
    sockets: dict[int, Any] = {}
    server: Any = create_server(
        app, map=sockets, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=MAX_REQUEST_BYTES,
        connection_limit=CONNECTIONS, channel_timeout=int(UPLOAD_TIMEOUT), cleanup_interval=1, asyncore_use_poll=True,
        outbuf_high_watermark=256_000_000,  # so that no thread ever waits for a client: what is large is on disk
        backlog=1024,
    )  # fmt: skip
    doors = [each for each in sockets.values() if isinstance(each, BaseWSGIServer)]  # one for each of its addresses
    for door in doors:
        door.channel_class = _Channel
    ready()
    looked = 0.0
    with shutdown_event(doors[0].pull_trigger) as told:
        while not told.is_set():
            _turn(sockets)
            moment = time.time()
            if moment - looked > _TICK or len(sockets) > CONNECTIONS - SPARE_CONNECTIONS:
                _hurry(sockets, looked := moment)
        _LOG.info("told to end: %d connections are open", len(_channels(sockets)))
        _finish(sockets, doors, time.monotonic() + patience)
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(sockets)


def _turn(sockets: dict[int, Any], longest: float = _TICK) -> None:
    wasyncore.loop(timeout=longest, use_poll=True, map=sockets, count=1)


def _channels(sockets: dict[int, Any]) -> list[_Channel]:
    return [each for each in sockets.values() if isinstance(each, _Channel)]


def _finish(sockets: dict[int, Any], doors: list[BaseWSGIServer], end: float) -> None:
    """Take in who has knocked already, shut the doors, and serve until nobody waits for an answer."""
    _turn(sockets, 0)
    for door in doors:
        wasyncore.dispatcher.close(door)
    _turn(sockets, 0)  # what has arrived is read
    while _channels(sockets) and time.monotonic() < end:
        for channel in _channels(sockets):
            if _is_idle(channel):
                channel.handle_close()
        _turn(sockets, 0.1)
    if left := len(_channels(sockets)):
        _LOG.warning("%d connections were cut off", left)


def _is_idle(channel: _Channel) -> bool:
    """Is nothing in hand: no request being answered or waiting, no byte to be sent, no body on its way?"""
    with channel.requests_lock:  # type: ignore[attr-defined]
        coming = channel.request is not None and channel.request.headers_finished
        return not (channel.requests or channel.total_outbufs_len or coming)


# -- slow clients ----------------------------------------------------------------------------------


class _Channel(HTTPChannel):
    """A connection that knows since when it is its client's turn: to take an answer, and to hand in a request."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.turned = time.time()
        super().__init__(*given, **named)

    def service(self) -> None:
        super().service()
        self.turned = time.time()


def _hurry(sockets: dict[int, Any], moment: float) -> None:
    """Close the connections whose clients had time enough; where there are too many, the slowest of the others, too."""
    waiting = [each for each in _channels(sockets) if not each.requests]  # for their clients
    for each in waiting:
        handing_in = not each.total_outbufs_len
        if moment - (each.turned if handing_in else each.last_activity) > (
            UPLOAD_TIMEOUT if handing_in else DOWNLOAD_TIMEOUT
        ):
            each.handle_close()
    crowd = len(sockets) - (CONNECTIONS - SPARE_CONNECTIONS)
    if crowd > 0:
        slowest = sorted((each for each in waiting if each.connected), key=lambda each: each.turned)
        for each in slowest[:crowd]:
            each.handle_close()
