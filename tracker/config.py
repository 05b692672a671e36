"""The settings: read from environment variables, each with a default that works on a fresh machine.

A value that makes no sense is refused, as is a variable that the program does not know: a typing error must not pass
for a setting. What does not belong here: anything that changes while the program runs.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    DirectoryPath,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
)

from tracker.errors import BadSettings

PREFIX = "TRACKER_"
DATABASES = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")

_FOR_TESTS = "TRACKER_TEST_"  # these tell the tests where to find things, and set nothing up here
_PACKAGE = Path(__file__).resolve().parent
_MALFORMED = "not what the field's description says"
_LONGEST_SHOWN = 200  # characters of a refused value


def shipped_folder(folder: str) -> Path:
    """The folder of that name that came with the program: inside an installed package, else in its checkout."""
    installed = _PACKAGE / "_shipped" / folder
    return installed if installed.is_dir() else _PACKAGE.parent / folder


def _only_digits(value: object) -> object:
    """Refuses what int() accepts beside digits: a sign, spaces, underscores, a fraction of zero."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError(_MALFORMED)
    return value


def _database(url: str) -> str:
    if not url.startswith(DATABASES) or url in DATABASES:
        raise ValueError(_MALFORMED)
    return url


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(_MALFORMED)
    return value.rstrip("/")


def _mail_server(value: str) -> str:
    parts = urlsplit(value)
    if value and not (parts.scheme in ("smtp", "smtps", "smtp+tls") and parts.hostname):
        raise ValueError(_MALFORMED)
    return value


def _sender(value: str) -> str:
    name, at, host = value.partition("@")
    # one bare address: nothing that begins a header, a name or a second address
    if not (name and at and host) or any(not "!" <= each <= "~" or each in '<>,;"' for each in value):
        raise ValueError(_MALFORMED)
    return value


def _mailbox_or_none(value: str) -> str:
    return _sender(value) if value else value


def _counting_place(value: str) -> str:
    if value != "memory://" and (urlsplit(value).scheme not in ("redis", "rediss") or not urlsplit(value).hostname):
        raise ValueError(_MALFORMED)
    return value


def _yes_or_no(value: object) -> object:
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


def _names(value: object) -> object:
    return [each.strip().lower() for each in value.split(",")] if isinstance(value, str) else value


_WholeNumber = Annotated[int, BeforeValidator(_only_digits)]
_WebAddress = Annotated[str, AfterValidator(_web_address)]
_YesOrNo = Annotated[bool, Strict(), BeforeValidator(_yes_or_no)]
_Contact = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[ -~]+$")]
_HostName = Annotated[str, StringConstraints(pattern=r"^([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])$")]


class Settings(BaseModel):
    """Where the record is, where the shipped files are, and where the site is served.

    The variable of a setting is its name in capitals after `TRACKER_`, without `_DIR`. Its description ends the
    sentence that refuses a value: "TRACKER_PORT=x is not ...". What may hold a secret stays out of the printed form
    (`repr=False`) and out of that sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_database)] = Field(
        default="sqlite:///tracker.db",
        repr=False,
        description="a database that this program can use: write sqlite:///path/to/file.db or postgresql://user@host/name",
    )
    pool: _WholeNumber = Field(
        default=8, ge=1, le=100, description="a number of connections: write a whole number from 1 to 100"
    )
    data_dir: DirectoryPath = Field(
        default_factory=lambda: shipped_folder("data"), description="a folder: name one that exists"
    )
    static_dir: DirectoryPath = Field(
        default_factory=lambda: shipped_folder("static"), description="a folder: name one that exists"
    )
    host: str = Field(
        default="127.0.0.1",
        pattern=r"^[^\s/@?#]+$",
        description="a host: write a name or an address, such as 127.0.0.1",
    )
    port: _WholeNumber = Field(default=8000, ge=1, le=65535, description="a port: write a whole number from 1 to 65535")
    secret_key: str = Field(
        default_factory=lambda: secrets.token_urlsafe(32),
        min_length=16,
        repr=False,
        description="long enough to keep a secret: give 16 or more random characters",
    )
    base_url: _WebAddress = Field(
        default="http://127.0.0.1:8000", description="a web address: write where people reach the site, https://host"
    )
    smtp_url: Annotated[str, AfterValidator(_mail_server)] = Field(
        default="",
        repr=False,
        description="a mail server: write smtp://host:port, smtp+tls://user:password@host (STARTTLS) "
        "or smtps://user:password@host",
    )
    mail_from: Annotated[str, AfterValidator(_sender)] = Field(
        default="treaty-tracker@localhost", description="an e-mail address: write one like tracker@example.org"
    )
    report_mail: Annotated[str, AfterValidator(_mailbox_or_none)] = Field(
        default="", description="an e-mail address: write one like errors@example.org, or leave it empty"
    )
    allow_private_webhooks: _YesOrNo = Field(default=False, description="an answer: write yes or no")
    untc_url: _WebAddress = Field(
        default="https://treaties.un.org", description="a web address: write https://treaties.un.org"
    )
    contact: _Contact = Field(
        default="no contact given",
        description="a contact that other servers can be shown: write an e-mail or web address",
    )
    sync_hours: _WholeNumber = Field(
        default=24, ge=1, le=168, description="a number of hours: write a whole number from 1 to 168"
    )
    log: Literal["json", "text", "auto"] = Field(
        default="auto", description="a form of log: write json, text, or auto (text on a terminal)"
    )
    metrics_token: str = Field(
        default="",
        pattern=r"^([ -~]{16,})?$",
        repr=False,
        description="a token: give 16 or more random letters and digits",
    )
    proxies: _WholeNumber = Field(
        default=0, ge=0, le=5, description="a number of proxies in front: write a whole number from 0 to 5"
    )
    hosts: Annotated[tuple[_HostName, ...], BeforeValidator(_names)] = Field(
        default=(),
        description="a list of host names: write names without ports, with commas between, "
        "such as treaties.example.org,10.0.0.5",
    )
    limits_storage: Annotated[str, AfterValidator(_counting_place)] = Field(
        default="memory://",
        repr=False,
        description="a place to count requests in: write memory:// or redis://host:port/0",
    )

    @staticmethod
    def from_environment(environ: Mapping[str, str]) -> Settings:
        """The settings that these variables ask for; an empty variable asks for the default.

        BadSettings, naming each bad variable, its value (unless it may hold a secret) and what would mend it.
        """
        ours = (name for name in environ if name.startswith(PREFIX) and not name.startswith(_FOR_TESTS))
        if unknown := [name for name in ours if name not in VARIABLES]:
            raise BadSettings(
                f"{unknown[0]} is not a setting of this program. The settings are {', '.join(VARIABLES)}."
            )
        given = {field: environ[name] for name, field in VARIABLES.items() if environ.get(name)}
        try:
            return Settings.model_validate(given)
        except ValidationError as trouble:
            bad = {error["loc"][0] for error in trouble.errors()}
            refusals = [_refusal(name, given[field]) for name, field in VARIABLES.items() if field in bad]
            raise BadSettings("\n".join(refusals)) from None

    def serving_at(self, host: str, port: int) -> Settings:
        """These settings for a server at that address: its own links name it, unless `base_url` was set."""
        changed: dict[str, Any] = {"host": host, "port": port}
        if "base_url" not in self.model_fields_set:
            reached = "127.0.0.1" if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host  # noqa: S104
            changed["base_url"] = f"http://{reached}:{port}"
        return self.model_copy(update=changed)


# the field that each variable sets
VARIABLES = {PREFIX + name.upper().removesuffix("_DIR"): name for name in Settings.model_fields}


def _refusal(variable: str, value: str) -> str:
    field = Settings.model_fields[VARIABLES[variable]]
    shown = value if value.isprintable() else repr(value)
    subject = f"{variable}={shown[:_LONGEST_SHOWN]}" if field.repr else f"{variable}, whose value is not shown here,"
    return f"{subject} is not {field.description}."
