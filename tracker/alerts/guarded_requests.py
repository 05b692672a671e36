"""The `requests` that apprise is given: every call of it goes through the address check and to the address checked.

Apprise's own requests would follow redirects, proxies and names that lead inside. Its modules get `REQUESTS` in the
place of the library, which sends by `pinned_http`. What they might do besides (open a connection or start a process)
is refused by an audit hook of the interpreter while they run, whichever library they do it with. The hook does not
follow into threads; none of the modules that are let in starts one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from types import ModuleType
from typing import Any, Final

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from tracker.alerts.address_safety import Resolver, check_target
from tracker.alerts.pinned_http import Call, CallAnswer, send
from tracker.errors import BadQuestion, Unreachable

MAX_CALLS = 8  # for one message: some services are asked for a room or a channel first
MAX_BODY = 64 * 1024  # bytes of an answer that are read
_REFUSED = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.spawn")
_WATCHED = ("soc", "sub", "os.", "tim")  # beginnings of the names of events


@dataclass(slots=True)
class Guard:
    """What one message may do: calls within `deadline` seconds in all; `private` lets inside addresses be called."""

    resolve: Resolver
    deadline: float
    private: bool = False
    answers: list[CallAnswer] = field(default_factory=list)
    trouble: BadQuestion | Unreachable | None = None
    _end: float = 0.0
    _may_connect: bool = False

    def __post_init__(self) -> None:
        self._end = monotonic() + self.deadline

    def call(self, url: str, call: Call) -> CallAnswer:
        """The answer to a call of that address; BadQuestion where it may not be called, Unreachable without answer."""
        try:
            answer = self._sent(url, call)
        except (BadQuestion, Unreachable) as trouble:
            self.trouble = trouble
            raise
        self.answers.append(answer)
        return answer

    def _sent(self, url: str, call: Call) -> CallAnswer:
        if len(self.answers) >= MAX_CALLS:
            raise BadQuestion(f"The service asked for more than {MAX_CALLS} calls for one message.")
        if (left := self.seconds_left) <= 0:
            raise Unreachable("The receiver did not answer in time.")
        try:
            target = check_target(url, self.resolve, private=self.private)
        except (OSError, UnicodeError) as trouble:
            raise Unreachable("The host's name could not be resolved.") from trouble
        self._may_connect = True
        try:
            return send(target, call, left)
        finally:
            self._may_connect = False

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline."""
        return self._end - monotonic()

    @property
    def may_connect(self) -> bool:
        """Is a connection being made to an address that was checked?"""
        return self._may_connect


_guard: ContextVar[Guard | None] = ContextVar("guard", default=None)


@contextmanager
def guarded(guard: Guard) -> Iterator[None]:
    """What this thread does meanwhile is bound by the guard."""
    _install_hook()
    token = _guard.set(guard)
    try:
        yield
    finally:
        _guard.reset(token)


@cache
def _install_hook() -> None:
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event[:3] not in _WATCHED or (guard := _guard.get()) is None:
        return
    if event == "time.sleep" and arguments[0] > guard.seconds_left:
        guard.trouble = Unreachable("The receiver asked to wait for too long.")
        raise PermissionError("A channel may not wait beyond its deadline.")
    connects = event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind")
    if (connects and not guard.may_connect) or event in _REFUSED:
        raise PermissionError(f"{event} is refused to a channel: it may only call the address that was checked.")


class _Adapter(BaseAdapter):
    """Sends what `requests` has prepared by the guard of this thread."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer, with no more of its body than `MAX_BODY`; requests.ConnectionError where there is none."""
        guard, body = _guard.get(), request.body or b""
        if guard is None or not isinstance(body, bytes | str):
            raise requests.ConnectionError("No call is made outside of a message.", request=request)
        headers = {name: str(value) for name, value in request.headers.items()} | {"Accept-Encoding": "identity"}
        call = Call(request.method or "GET", body.encode() if isinstance(body, str) else body, headers, MAX_BODY)
        try:
            answer = guard.call(request.url or "", call)
        except (BadQuestion, Unreachable) as trouble:
            raise requests.ConnectionError(str(trouble), request=request) from trouble
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status, request.url or "", request
        response.headers = CaseInsensitiveDict(answer.headers)
        response._content = answer.body
        return response

    def close(self) -> None:
        """Nothing is kept open."""


class GuardedRequests(ModuleType):
    """`requests` as a module that asks for it by name sees it; every call goes through the guard."""

    def __getattr__(self, name: str) -> Any:
        """The library's own constants, errors and classes; a way round the guard would end at the audit hook."""
        return getattr(requests, name)

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """The answer to one request; redirects, proxies, certificates and streams are not the caller's choice."""
        kept = {
            name: options[name] for name in ("params", "data", "json", "headers", "auth", "files") if name in options
        }
        with requests.Session() as session:
            session.trust_env = False
            for scheme in ("https://", "http://"):
                session.mount(scheme, _Adapter())
            return session.request(method, url, allow_redirects=False, **kept)

    def get(self, url: str, **options: Any) -> requests.Response:
        """A GET."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> requests.Response:
        """A POST."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> requests.Response:
        """A PUT."""
        return self.request("PUT", url, **options)


REQUESTS: Final = GuardedRequests("requests")
