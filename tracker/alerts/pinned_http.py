"""One HTTP request to the very address that was checked, within a deadline.

The connection goes to that address and to no other, under the name the certificate must bear. No redirect is
followed, no proxy used, and of the answer's body no more is read than asked for, so that nobody can lead the call
inside or hold it up.
"""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException
from time import monotonic
from typing import Any, cast
from urllib.parse import urlsplit

from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from tracker.alerts.address_safety import WebhookTarget
from tracker.errors import Unreachable

CONNECT, ANSWER = 5.0, 10.0  # seconds to connect, and between two pieces of the answer


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent; `most` bytes of the answer's body are read."""

    method: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    most: int = 0


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """The answer's status, its headers by name in any case, and as much of its body as was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def send(target: WebhookTarget, call: Call, deadline: float) -> CallAnswer:
    """The answer to the call, within `deadline` seconds; Unreachable without one."""
    parts, end = urlsplit(target.url), monotonic() + deadline
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    client = HTTPConnection(target.host, target.port)
    try:
        with _connect(target, end) as connection:
            client.sock = cast(socket.socket, _Hasty(connection, end))
            own = {"Host": _host(target), "Connection": "close"}
            client.request(call.method, path, call.body, {**call.headers, **own})
            answer = client.getresponse()
            body = answer.read(call.most) if call.most else b""
            return CallAnswer(answer.status, CaseInsensitiveDict(answer.headers.items()), body)
    except (HTTPException, OSError, ValueError) as trouble:
        raise Unreachable(f"The receiver could not be reached: {type(trouble).__name__}.") from trouble


# -- connecting to the address that was checked, and no longer than allowed ------------------------


def _connect(target: WebhookTarget, end: float) -> socket.socket:
    """A connection to the target's address, under the name that its certificate must bear."""
    connection = socket.create_connection((target.address, target.port), timeout=min(CONNECT, _seconds_left(end)))
    try:
        connection.settimeout(_seconds_left(end))
        return _tls().wrap_socket(connection, server_hostname=target.host) if target.scheme == "https" else connection
    except BaseException:
        connection.close()
        raise


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


def _host(target: WebhookTarget) -> str:
    """The host that is meant: the connection knows only its address."""
    standard = {"http": 80, "https": 443}[target.scheme] == target.port
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if standard else f"{host}:{target.port}"


def _seconds_left(end: float) -> float:
    """Seconds until the end, a moment of the monotonic clock; TimeoutError when it has come."""
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@dataclass(frozen=True, slots=True)
class _Hasty:
    """A connection, as `http.client` uses one, that ends at its time however slowly it is being fed.

    Whoever made it closes it: the client would, before its answer's head is read.
    """

    connection: socket.socket
    end: float

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self.connection.settimeout(_seconds_left(self.end))
        self.connection.sendall(data)

    def makefile(self, _: str) -> io.BufferedReader:
        """What is read from it."""
        return io.BufferedReader(_Pieces(self))

    def close(self) -> None:
        """Nothing, yet."""


class _Pieces(io.RawIOBase):
    """What comes on a connection."""

    def __init__(self, source: _Hasty) -> None:
        self._source = source

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """What has come, at least a byte of it unless nothing more comes."""
        self._source.connection.settimeout(min(ANSWER, _seconds_left(self._source.end)))
        return self._source.connection.recv_into(buffer)
