"""A polite HTTP client for depositaries' servers: bounded sizes and times, back-off, conditional requests."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Self
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from tracker import __version__
from tracker.errors import BadSettings, Refused, TryLater


class ResponseDeadline:
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


_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE = 65_536  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """How far a visit goes: times in seconds, `size` in bytes of the unpacked body.

    `connect` and `read` bound each wait, `total` one answer; `pause` lies
    between two questions, `backoff` doubles from one attempt to the next, and `longest_wait` is as
    long as a server's Retry-After is heeded by waiting.
    """

    connect: float = 10.0
    read: float = 30.0
    total: float = 120.0
    size: int = 32 * 2**20
    redirects: int = 5
    attempts: int = 4
    pause: float = 2.0
    backoff: float = 2.0
    longest_wait: float = 120.0


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a server answered: the status, the header by name in any case, and the unpacked body of a 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Passing(TryLater):
    """Trouble that may have passed after a few seconds."""


class _Session(requests.Session):
    """A session that leaves redirects alone: `requests` reads the whole body of one before it looks where it leads."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class HttpClient:
    """Asks questions of a server, one at a time and with a pause between them.

    `contact` tells the server's people whom to write to. Use it as a context, or close it.
    """

    def __init__(
        self,
        contact: str,
        *,
        limits: HttpLimits | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not contact.strip() or not contact.isascii() or not contact.isprintable():
            raise BadSettings("The contact for the user agent must be an address in plain printable characters.")
        self._limits = limits or HttpLimits()
        self._sleep, self._monotonic = sleep, monotonic
        self._patience = ResponseDeadline(self._limits.total)
        self._one_at_a_time = threading.Lock()
        self._last: float | None = None
        self.session = _Session()
        self.session.headers.update({
            "User-Agent": f"treaty-tracker/{__version__} (+{contact.strip()})",
            "Accept": "application/xml, text/xml, text/html;q=0.8",
            "Accept-Encoding": "gzip",
        })  # fmt: skip
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, self._patience.adapter())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections up."""
        self.session.close()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        """The answer to a GET of this URL, redirects on the same host followed.

        TryLater when the server is overloaded, broken, too slow or out of reach, after the attempts
        that the limits allow; Refused for an answer that is too large, in an encoding not asked for,
        or that leads in a circle or away from its host.
        """
        with self._one_at_a_time:
            attempt = 1
            while True:
                try:
                    return self._ask(url, headers or {})
                except _Passing as trouble:
                    wait = trouble.after or self._limits.backoff * 2 ** (attempt - 1)
                    if attempt >= self._limits.attempts or wait > self._limits.longest_wait:
                        raise TryLater(str(trouble), after=trouble.after) from trouble
                self._sleep(wait)
                attempt += 1

    def _ask(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        self._pause()
        asked = [url]
        while True:
            answer = self._exchange(asked[-1], headers)
            if answer.status not in _REDIRECTS:
                return answer
            asked.append(self._next(asked, answer))

    def _pause(self) -> None:
        now = self._monotonic()
        if self._last is not None and (wait := self._last + self._limits.pause - now) > 0:
            self._sleep(wait)
            now += wait
        self._last = now

    def _next(self, asked: list[str], answer: HttpAnswer) -> str:
        """Where the redirect leads, if it may be followed."""
        try:
            url = urljoin(asked[-1], answer.headers.get("Location", ""))
            old, new = urlsplit(asked[-1]), urlsplit(url)
            same_host = _same_host(old, new)
        except ValueError as trouble:
            raise Refused(f"{asked[0]} redirects to what is no address.") from trouble
        if not same_host:
            raise Refused(f"{asked[0]} redirects away from its host, to {new.scheme}://{new.netloc}.")
        if url in asked or len(asked) > self._limits.redirects:
            raise Refused(f"{asked[0]} redirects in a circle, or more than {self._limits.redirects} times.")
        return url

    def _exchange(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        times = (self._limits.connect, self._limits.read)
        try:
            with self.session.get(
                url, headers=dict(headers), timeout=times, stream=True, allow_redirects=False
            ) as response:
                _must_not_be_overloaded(url, response)
                body = self._body(url, response) if response.status_code == requests.codes.ok else b""
                return HttpAnswer(response.status_code, response.headers, body)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as trouble:
            raise Refused(f"{url} is no address that can be asked ({trouble}).") from trouble
        except (requests.RequestException, urllib3.exceptions.HTTPError, zlib.error, OSError) as trouble:
            self._must_not_be_late(url)
            raise _Passing(f"{url} did not answer ({type(trouble).__name__}).") from trouble
        finally:
            self._patience.rest()

    def _body(self, url: str, response: requests.Response) -> bytes:
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("gzip", "x-gzip", "identity", ""):
            raise Refused(f"{url} answers in the encoding '{coding}', which was not asked for.")
        unpack = zlib.decompressobj(wbits=31) if "gzip" in coding else None
        body = bytearray()
        while piece := response.raw.read1(_PIECE, decode_content=False):
            room = self._limits.size - len(body) + 1
            body += unpack.decompress(piece, room) if unpack else piece
            if len(body) > self._limits.size:
                raise Refused(f"{url} answers with more than {self._limits.size} bytes, more than any status file.")
        self._must_not_be_late(url)
        if unpack and not unpack.eof:
            raise _Passing(f"{url} broke off its answer.")
        return bytes(body)

    def _must_not_be_late(self, url: str) -> None:
        if self._patience.over:
            raise TryLater(f"{url} took longer than {self._limits.total:g} seconds to answer.")


def _same_host(old: SplitResult, new: SplitResult) -> bool:
    """The same host and port, or the same host's usual ports from http up to https."""
    if (old.scheme, old.hostname, _port(old)) == (new.scheme, new.hostname, _port(new)):
        return True
    return old.hostname == new.hostname and (old.scheme, _port(old), new.scheme, _port(new)) == (
        "http", 80, "https", 443,
    )  # fmt: skip


def _port(url: SplitResult) -> int | None:
    return url.port or {"http": 80, "https": 443}.get(url.scheme)


def _must_not_be_overloaded(url: str, response: requests.Response) -> None:
    status = response.status_code
    if status == requests.codes.too_many_requests or status >= 500:
        raise _Passing(f"{url} answered {status}.", after=_retry_after(response.headers))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that the server asks for; a day is counted from the server's own clock."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        wait = (parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(wait, 0.0)
