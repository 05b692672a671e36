"""The settings: read from environment variables, each with a default that works on a fresh machine.

A value that makes no sense is refused, as is a variable that the program does not know: a typing error must not pass
for a setting. What does not belong here: anything that changes while the program runs.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tracker.errors import BadSettings

PREFIX = "TRACKER_"
USUAL_BASE_URL = "http://127.0.0.1:8000"
DATABASES = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")

_FOR_TESTS = "TRACKER_TEST_"  # these tell the tests where to find things, and set nothing up here
_PACKAGE = Path(__file__).resolve().parent
_SHORTEST_KEY = 16  # characters
_MOST_PROXIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the record is, where the shipped files are, and where the site is served.

    `database_url`, `secret_key`, `smtp_url` and `metrics_token` stay out of the printed form, since they
    may hold secrets.
    """

    database_url: str = field(default="sqlite:///tracker.db", repr=False)
    pool: int = 8
    data_dir: Path = field(default_factory=lambda: shipped_folder("data"))
    static_dir: Path = field(default_factory=lambda: shipped_folder("static"))
    host: str = "127.0.0.1"
    port: int = 8000
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    base_url: str = USUAL_BASE_URL
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "treaty-tracker@localhost"
    allow_private_webhooks: bool = False
    untc_url: str = "https://treaties.un.org"
    contact: str = "no contact given"
    sync_hours: int = 24
    log: str = "auto"
    metrics_token: str = field(default="", repr=False)
    proxies: int = 0
    hosts: tuple[str, ...] = ()
    limits_storage: str = field(default="memory://", repr=False)

    @staticmethod
    def from_environment(environ: Mapping[str, str]) -> Settings:
        """The settings that these variables ask for; an empty variable asks for the default.

        BadSettings, naming the variable, its value and what would mend it, for the first bad one.
        """
        given = {
            name: value
            for name, value in environ.items()
            if name.startswith(PREFIX) and not name.startswith(_FOR_TESTS)
        }
        for name in given:
            if name not in _READERS:
                raise BadSettings(f"{name} is not a setting of this program. The settings are {', '.join(_READERS)}.")
        return Settings(**{_READERS[name][0]: _READERS[name][1](value) for name, value in given.items() if value})

    def serving_at(self, host: str, port: int) -> Settings:
        """These settings for a server at that address: its own links name it, unless `base_url` was set."""
        if self.base_url != USUAL_BASE_URL:
            return replace(self, host=host, port=port)
        reached = "127.0.0.1" if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host  # noqa: S104
        return replace(self, host=host, port=port, base_url=f"http://{reached}:{port}")


def shipped_folder(folder: str) -> Path:
    """The folder of that name that came with the program: inside an installed package, else in its checkout."""
    installed = _PACKAGE / "_shipped" / folder
    return installed if installed.is_dir() else _PACKAGE.parent / folder


def _database(url: str) -> str:
    if not url.startswith(DATABASES) or url in DATABASES:
        # Only the scheme is shown: the rest may hold a password.
        raise BadSettings(
            f"TRACKER_DATABASE_URL={url.split(':', 1)[0]}:... is not a database this program can use. "
            "Write sqlite:///path/to/file.db or postgresql://user@host/name."
        )
    return url


def _pool(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= 100):
        raise BadSettings(f"TRACKER_POOL={value} is not a number of connections. Write a whole number from 1 to 100.")
    return int(value)


def _folder(name: str, value: str) -> Path:
    if not (folder := Path(value)).is_dir():
        raise BadSettings(f"{name}={value} is not a folder. Name a folder that exists.")
    return folder


def _data(value: str) -> Path:
    return _folder("TRACKER_DATA", value)


def _static(value: str) -> Path:
    return _folder("TRACKER_STATIC", value)


def _host(value: str) -> str:
    if any(character.isspace() or character in "/@?#" for character in value):
        raise BadSettings(f"TRACKER_HOST={value} is not a host. Write a name or an address, such as 127.0.0.1.")
    return value


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 5 and 1 <= int(value) <= 65535):
        raise BadSettings(f"TRACKER_PORT={value} is not a port. Write a whole number from 1 to 65535.")
    return int(value)


def _secret(value: str) -> str:
    if len(value) < _SHORTEST_KEY:
        raise BadSettings(
            f"TRACKER_SECRET_KEY has {len(value)} characters, too few to keep a secret. "
            f"Give {_SHORTEST_KEY} or more random ones; its value is not shown here."
        )
    return value


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadSettings(f"TRACKER_BASE_URL={value} is no web address. Write where people reach it: https://host.")
    return value.rstrip("/")


def _smtp(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("smtp", "smtps", "smtp+tls") or not parts.hostname:
        raise BadSettings(
            "TRACKER_SMTP_URL is no mail server; its value is not shown, since it may hold a password. "
            "Write smtp://host:port, smtp+tls://user:password@host (STARTTLS) or smtps://user:password@host."
        )
    return value


def _sender(value: str) -> str:
    name, at, host = value.partition("@")
    if not (name and at and host) or any(
        not 33 <= ord(character) <= 126 or character in '<>,;"' for character in value
    ):
        raise BadSettings(f"TRACKER_MAIL_FROM={value!r} is not an e-mail address. Write one like tracker@example.org.")
    return value


def _private(value: str) -> bool:
    if value not in ("yes", "no"):
        raise BadSettings(f"TRACKER_ALLOW_PRIVATE_WEBHOOKS={value} is neither yes nor no.")
    return value == "yes"


def _untc(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadSettings(f"TRACKER_UNTC_URL={value} is no web address. Write https://treaties.un.org.")
    return value.rstrip("/")


def _contact(value: str) -> str:
    if not (value.isascii() and value.isprintable() and value.strip()):
        raise BadSettings(
            f"TRACKER_CONTACT={value!r} cannot be shown to other servers. Write an e-mail or web address."
        )
    return value.strip()


def _hours(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= 168):
        raise BadSettings(f"TRACKER_SYNC_HOURS={value} is not a number of hours. Write a whole number from 1 to 168.")
    return int(value)


def _log(value: str) -> str:
    if value not in ("json", "text", "auto"):
        raise BadSettings(f"TRACKER_LOG={value} is no form of log. Write json, text, or auto (text on a terminal).")
    return value


def _metrics_token(value: str) -> str:
    if len(value) < _SHORTEST_KEY or not (value.isascii() and value.isprintable()):
        raise BadSettings(
            f"TRACKER_METRICS_TOKEN is no token: give {_SHORTEST_KEY} or more random letters and digits; "
            "its value is not shown here."
        )
    return value


def _proxies(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) == 1 and int(value) <= _MOST_PROXIES):
        raise BadSettings(
            f"TRACKER_PROXIES={value} is not a number of proxies in front. "
            f"Write a whole number from 0 to {_MOST_PROXIES}."
        )
    return int(value)


def _hosts(value: str) -> tuple[str, ...]:
    names = tuple(each.strip().lower() for each in value.split(","))
    for name in names:
        if not re.fullmatch(r"[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\]", name, re.ASCII):
            raise BadSettings(
                f"TRACKER_HOSTS={value} is no list of host names: write names without ports, with commas between, "
                "such as treaties.example.org,10.0.0.5."
            )
    return names


def _limits_storage(value: str) -> str:
    if value != "memory://" and (urlsplit(value).scheme not in ("redis", "rediss") or not urlsplit(value).hostname):
        raise BadSettings(
            f"TRACKER_LIMITS_STORAGE={value.split(':', 1)[0]}:... is no place to count requests in; the rest is not "
            "shown, since it may hold a password. Write memory:// or redis://host:port/0."
        )
    return value


_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "TRACKER_DATABASE_URL": ("database_url", _database),
    "TRACKER_POOL": ("pool", _pool),
    "TRACKER_DATA": ("data_dir", _data),
    "TRACKER_STATIC": ("static_dir", _static),
    "TRACKER_HOST": ("host", _host),
    "TRACKER_PORT": ("port", _port),
    "TRACKER_SECRET_KEY": ("secret_key", _secret),
    "TRACKER_BASE_URL": ("base_url", _base_url),
    "TRACKER_SMTP_URL": ("smtp_url", _smtp),
    "TRACKER_MAIL_FROM": ("mail_from", _sender),
    "TRACKER_ALLOW_PRIVATE_WEBHOOKS": ("allow_private_webhooks", _private),
    "TRACKER_UNTC_URL": ("untc_url", _untc),
    "TRACKER_CONTACT": ("contact", _contact),
    "TRACKER_SYNC_HOURS": ("sync_hours", _hours),
    "TRACKER_LOG": ("log", _log),
    "TRACKER_METRICS_TOKEN": ("metrics_token", _metrics_token),
    "TRACKER_PROXIES": ("proxies", _proxies),
    "TRACKER_HOSTS": ("hosts", _hosts),
    "TRACKER_LIMITS_STORAGE": ("limits_storage", _limits_storage),
}
