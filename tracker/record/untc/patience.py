"""Connections that hang up on a server which takes too long over its answer.

A timeout bounds the wait for the next byte only, so a server that sends a header, or the size of
a chunk, one byte at a time could hold us for hours; this bounds the answer as a whole. Whatever is
asked over the connections is the affair of `visiting`.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Patience:
    """Watches over one answer at a time, for so many seconds.

    `over` tells that the last answer took longer and was hung up on: what came of it is not whole.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._watched: object = None
        self._timer: threading.Timer | None = None
        self.over = False

    def watch(self, sock: object) -> None:
        """Begin: hang up this socket when the time is over."""
        self.rest()
        self.over, self._watched = False, sock
        self._timer = threading.Timer(self._seconds, self._hang_up, [sock])
        self._timer.daemon = True
        self._timer.start()

    def rest(self) -> None:
        """End: the answer is there, or has been given up."""
        with self._lock:
            self._watched = None
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def adapter(self) -> HTTPAdapter:
        """An adapter for a session of `requests` whose answers are watched over."""
        patience = self

        class Http(HTTPConnection):
            def getresponse(self) -> HTTPResponse:  # type: ignore[override]
                patience.watch(self.sock)
                return super().getresponse()

        class Https(HTTPSConnection):
            def getresponse(self) -> HTTPResponse:  # type: ignore[override]
                patience.watch(self.sock)
                return super().getresponse()

        class HttpPool(HTTPConnectionPool):
            ConnectionCls = Http

        class HttpsPool(HTTPSConnectionPool):
            ConnectionCls = Https

        class Adapter(HTTPAdapter):
            def init_poolmanager(self, *args: Any, **options: Any) -> None:
                super().init_poolmanager(*args, **options)
                self.poolmanager.pool_classes_by_scheme = {"http": HttpPool, "https": HttpsPool}

        return Adapter(max_retries=0, pool_connections=2, pool_maxsize=1)

    def _hang_up(self, sock: object) -> None:
        with self._lock:
            if self._watched is not sock:
                return
            self.over = True
            if isinstance(sock, socket.socket):
                with suppress(OSError):  # the other side was quicker
                    # The plain shutdown, which leaves the state of TLS to the thread that is reading.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
