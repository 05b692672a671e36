"""Chat and push services (Slack, Teams, Telegram, Matrix, ntfy, Signal and others) by apprise, which is optional.

An address is apprise's: `ntfys://ntfy.example.org/topic`. Only the services listed here are taken, one recipient in
each address, and no options behind a question mark, some of which read files. What apprise sends goes through the
same address check as webhooks; see `guarded_requests`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from tracker.alerts.address_safety import MAX_URL_LENGTH, Resolver, check_url, resolve_host
from tracker.alerts.guarded_requests import REQUESTS, Guard, guarded
from tracker.alerts.messages import Message
from tracker.alerts.subscribers import Subscription, SubscriptionState
from tracker.alerts.webhook import DEADLINE, UNCONFIRMED_DEADLINE, check_answer
from tracker.errors import BadQuestion, Undeliverable
from tracker.messages import message


@dataclass(frozen=True, slots=True)
class Service:
    """A service by the name of its module and class in apprise, and whether an address names its host."""

    name: str
    module: str
    plugin: str
    hosted: bool = False  # at one place for everybody: the address names no host
    options: tuple[tuple[str, Any], ...] = ()


_SLACK = Service("Slack", "slack", "NotifySlack", hosted=True)
_TEAMS = Service("Microsoft Teams", "workflows", "NotifyWorkflows")
_TELEGRAM = Service("Telegram", "telegram", "NotifyTelegram", hosted=True)
_MATRIX = Service("Matrix", "matrix", "NotifyMatrix", options=(("discovery", False), ("e2ee", False)))
_NTFY = Service("ntfy", "ntfy", "NotifyNtfy")
_SIGNAL = Service("Signal", "signal_api", "NotifySignalAPI")
_DISCORD = Service("Discord", "discord", "NotifyDiscord", hosted=True)
_GOOGLE = Service("Google Chat", "google_chat", "NotifyGoogleChat", hosted=True)
_GOTIFY = Service("Gotify", "gotify", "NotifyGotify")
_MATTERMOST = Service("Mattermost", "mattermost", "NotifyMattermost")
_ROCKET = Service("Rocket.Chat", "rocketchat", "NotifyRocketChat")
SERVICES: Mapping[str, Service] = {
    "slack": _SLACK,
    "workflows": _TEAMS,
    "tgram": _TELEGRAM,
    "matrixs": _MATRIX, "matrix": _MATRIX,
    "ntfys": _NTFY, "ntfy": _NTFY,
    "signals": _SIGNAL, "signal": _SIGNAL,
    "discord": _DISCORD,
    "gchat": _GOOGLE,
    "gotifys": _GOTIFY, "gotify": _GOTIFY,
    "mmosts": _MATTERMOST, "mmost": _MATTERMOST,
    "rockets": _ROCKET, "rocket": _ROCKET,
}  # fmt: skip


def is_installed() -> bool:
    """Is apprise there?"""
    return find_spec("apprise") is not None


def check_address(text: str, *, private: bool = False) -> str:
    """The address if a message may go to it as it is written; BadQuestion if not.

    `private` lets inside hosts pass. The host's addresses are checked at each sending.
    """
    text = text.strip(" ")
    _channel(text, private=private)
    return text


def place_of(address: str) -> str:
    """Where messages to that address go: its host, or the service where that has one place for everybody."""
    parts = urlsplit(address)
    service = SERVICES.get(parts.scheme)
    host = (parts.hostname or "").lower()
    return service.name if service and (service.hosted or not _names_host(host)) else host


@dataclass(frozen=True, slots=True)
class ChatSender:
    """Sends to chat and push services. `private` lets inside addresses be called; `resolve` looks names up."""

    private: bool = False
    resolve: Resolver = resolve_host
    deadline: float = DEADLINE

    def __call__(self, to: Subscription, message: Message, moment: datetime) -> None:
        """Send the message as text; TryLater or Undeliverable if the service does not take it."""
        unconfirmed = to.state is SubscriptionState.UNCONFIRMED
        guard = Guard(
            self.resolve, min(self.deadline, UNCONFIRMED_DEADLINE) if unconfirmed else self.deadline, self.private
        )
        try:
            channel = _channel(to.address, private=self.private)
            with guarded(guard):
                sent = channel.notify(body=message.text, title=message.subject, body_format="text", overflow="truncate")
        except BadQuestion as refusal:
            raise Undeliverable(str(refusal)) from refusal
        except PermissionError:  # what the guard refused, where apprise does not expect it
            sent = False
        if sent:
            return
        if isinstance(guard.trouble, BadQuestion):
            raise Undeliverable(str(guard.trouble)) from guard.trouble
        if guard.trouble:
            raise guard.trouble
        for answer in guard.answers[-1:]:
            check_answer(answer)
        raise Undeliverable("The service did not accept the message.", final=False)


def _channel(address: str, *, private: bool) -> Any:
    """Apprise's object for the address, which sends to one recipient; BadQuestion where it is not to be used."""
    if (
        len(address) > MAX_URL_LENGTH
        or not address.isascii()
        or not address.isprintable()
        or set(address) & set(" \\?")
    ):
        raise BadQuestion(
            message("Write the address of the service in plain ASCII, without spaces and question marks.")
        )
    scheme = address.partition("://")[0]
    service = SERVICES.get(scheme)
    if service is None:
        raise BadQuestion(
            message(
                "The address of a service begins with one of: {services}.",
                services=", ".join(f"{each}://" for each in SERVICES),
            )
        )
    _check_host(address, service, private=private)
    plugin = getattr(_module(service.module), service.plugin)
    try:
        parsed = plugin.parse_url(address)
        channel = plugin(**{**parsed, "asset": _asset(), **dict(service.options)}) if parsed else None
    except TypeError as trouble:  # also what apprise raises for parts that make no sense
        raise BadQuestion(
            message("That is not an address of {name} as apprise writes it.", name=service.name)
        ) from trouble
    if channel is None:
        raise BadQuestion(message("That is not an address of {name} as apprise writes it.", name=service.name))
    if len(channel) != 1:
        raise BadQuestion(message("Name one recipient: each further one is a subscription of its own."))
    return channel


def _check_host(address: str, service: Service, *, private: bool) -> None:
    """Refuse a host that is inside as it is written."""
    try:
        parts = urlsplit(address)
        place = parts.netloc.rpartition("@")[2]
        host = parts.hostname or ""
    except ValueError:
        raise BadQuestion(message("That address cannot be read.")) from None
    if not service.hosted and _names_host(host):
        check_url(f"https://{place}/", private=private)


def _names_host(host: str) -> bool:
    return "." in host or ":" in host or host == "localhost"


@cache
def _asset() -> Any:
    """How apprise is to behave: nothing on disk, no redirects, no pictures of its own."""
    logging.getLogger("apprise").disabled = True  # it would log addresses, which are secrets
    return import_module("apprise").AppriseAsset(
        app_id="Treaty Tracker", app_desc="Treaty Tracker", app_url="", image_url_mask="", image_url_logo="",
        storage_mode="memory", service_timeout=0, http_redirects=False,
    )  # fmt: skip


@cache
def _module(name: str) -> Any:
    """Apprise's module for a service, with the guarded `requests` in the place of the library."""
    module = import_module(f"apprise.plugins.{name}")
    for each in (module, *(value for key, value in vars(module).items() if key == "base")):
        if hasattr(each, "requests"):
            each.requests = REQUESTS
    return module
