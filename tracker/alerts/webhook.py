"""Webhooks: one signed POST to one web address, at the very address that was checked.

The name is resolved once and judged; the connection goes to that address and to no other, under
the name the certificate must bear. No redirect is followed, no proxy used, no answer's body read, and
the whole call has a deadline, so that nobody can lead it inside or hold it up.
"""

from __future__ import annotations

import hashlib
import hmac
import socket
from dataclasses import dataclass
from datetime import datetime
from threading import Timer
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from tracker.alerts.address_safety import Resolver, WebhookTarget, check_target, resolve_host
from tracker.alerts.messages import Message
from tracker.alerts.subscribers import Subscription
from tracker.errors import BadQuestion, TryLater, Undeliverable

CONNECT, ANSWER = 5.0, 10.0  # seconds to connect, and between two pieces of the answer's head
DEADLINE = 20.0  # seconds for all of it
MAX_RETRY_WAIT = 86_400  # seconds that a receiver's Retry-After may ask for
AGENT = "TreatyTracker (webhook)"
_PASSING = frozenset({408, 409, 421, 423, 425, 429})


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """Calls web addresses. `private` lets inside addresses be called; `resolve` is how names are looked up."""

    private: bool = False
    resolve: Resolver = resolve_host
    deadline: float = DEADLINE

    def __call__(self, to: Subscription, message: Message, moment: datetime) -> None:
        """Post the message, signed; TryLater or Undeliverable if the receiver does not take it."""
        try:
            target = check_target(to.address, self.resolve, private=self.private)
        except BadQuestion as refusal:
            raise Undeliverable(str(refusal)) from refusal
        except (OSError, UnicodeError) as trouble:
            raise TryLater("The host's name could not be resolved.") from trouble
        _judge(*self._posted(target, message.body, signed_headers(to.secret, message, moment)))

    def _posted(self, target: WebhookTarget, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """The answer's status and its Retry-After."""
        with requests.Session() as session:
            session.trust_env = False  # no proxy, no .netrc: the address checked is the address called
            session.mount(f"{target.scheme}://", _Pinned(target, self.deadline))
            try:
                answer = session.post(
                    target.url,
                    data=body,
                    headers=headers,
                    timeout=(CONNECT, ANSWER),
                    allow_redirects=False,
                    stream=True,
                )
                answer.close()
            except (requests.RequestException, OSError, ValueError) as trouble:
                raise TryLater(f"The receiver could not be reached: {type(trouble).__name__}.") from trouble
            return answer.status_code, answer.headers.get("Retry-After", "")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 (RFC 2104), in hexadecimal, of the timestamp, a full stop and the body."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed_headers(secret: str, message: Message, moment: datetime) -> dict[str, str]:
    """What a call carries: the delivery's stable key, and a signature over the timestamp and the body."""
    timestamp = str(int(moment.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "Idempotency-Key": message.key,
        "Tracker-Timestamp": timestamp,
        "Tracker-Signature": signature(secret, timestamp, message.body),
    }


def _judge(status: int, after: str) -> None:
    if 200 <= status < 300:
        return
    wait = float(min(int(after), MAX_RETRY_WAIT)) if after.isascii() and after.isdigit() and len(after) < 9 else None
    if status >= 500 or status in _PASSING:
        raise TryLater(f"The receiver answered {status}.", after=wait)
    if 300 <= status < 400:
        raise Undeliverable(f"The receiver answered {status}: redirects are not followed.", final=False)
    raise Undeliverable(f"The receiver answered {status}.", final=status == 410)


# -- connecting to the address that was checked, and no longer than allowed ------------------------


class _Pinned(HTTPAdapter):
    """Connects to one target's address, whatever its name leads to by now."""

    def __init__(self, target: WebhookTarget, deadline: float) -> None:
        self._target, self._deadline = target, deadline
        super().__init__(max_retries=0)

    def build_connection_pool_key_attributes(self, *given: Any, **named: Any) -> Any:
        """Where to connect, and the name that the certificate must bear."""
        host, pool = super().build_connection_pool_key_attributes(*given, **named)
        if self._target.scheme == "https":
            pool |= {"server_hostname": self._target.host, "assert_hostname": self._target.host}  # type: ignore[misc]
        return {**host, "host": self._target.address}, pool

    def add_headers(self, request: requests.PreparedRequest, **_: Any) -> None:
        """Name the host that is meant: the connection knows only its address."""
        standard = {"http": 80, "https": 443}[self._target.scheme] == self._target.port
        host = f"[{self._target.host}]" if ":" in self._target.host else self._target.host
        request.headers["Host"] = host if standard else f"{host}:{self._target.port}"

    def get_connection_with_tls_context(self, *given: Any, **named: Any) -> Any:
        """A pool whose connections end at the deadline."""
        pool: Any = super().get_connection_with_tls_context(*given, **named)
        kind = _HastyTLS if self._target.scheme == "https" else _Hasty
        pool.ConnectionCls = type("_Timed", (kind,), {"deadline": self._deadline})
        return pool


class _Ending:
    """A connection that is cut off when its time is over, however slowly it is being fed."""

    deadline = DEADLINE
    _timer: Timer | None = None
    sock: socket.socket | None

    def connect(self) -> None:
        self._timer = Timer(self.deadline, self._cut)
        self._timer.daemon = True
        self._timer.start()
        super().connect()  # type: ignore[misc]

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        super().close()  # type: ignore[misc]

    def _cut(self) -> None:
        if self.sock:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself


class _Hasty(_Ending, HTTPConnection):
    """Plain."""


class _HastyTLS(_Ending, HTTPSConnection):
    """Over TLS."""
