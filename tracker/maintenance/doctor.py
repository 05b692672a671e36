"""Is the installation in order? Settings, database, disk, clock, mail, network and jobs, each with what to do.

The checks are independent: one that fails keeps none of the others from being made. They write nothing.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, text

from tracker.alerts.email import check_mail_server
from tracker.config import Settings
from tracker.errors import Refused, TrackerError, TryLater
from tracker.maintenance.health import health_report
from tracker.maintenance.integrity import quick_damage
from tracker.storage import repository
from tracker.storage.database import is_postgresql, make_engine, read_transaction, schema_versions
from tracker.sync.http_client import HttpAnswer, HttpClient, HttpLimits

LITTLE_SPACE, NO_SPACE = 2 * 2**30, 200 * 2**20  # bytes free on a disk, below which it warns and fails
CLOCK_WARNING, CLOCK_FAILURE = timedelta(seconds=5), timedelta(minutes=1)  # differences between two clocks
STRONG_KEY = 32  # characters of a secret key
_REACHED_IN = 5.0  # seconds to reach another server
_ONE_REQUEST = HttpLimits(connect=_REACHED_IN, read=10.0, total=15.0, size=2**20, attempts=1)

Clock = Callable[[], datetime]


class CheckOutcome(StrEnum):
    """How a check ended: `warn` is what may be meant so, `fail` what keeps something from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class InstallationCheck:
    """One thing that was looked at: what was found, and what to do about it (empty where nothing is to be done)."""

    name: str
    outcome: CheckOutcome
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class InstallationReport:
    """All checks in the order in which they were made; `ok` where none failed."""

    ok: bool
    checks: tuple[InstallationCheck, ...]


def report_of(checks: Iterator[InstallationCheck]) -> InstallationReport:
    """The report of these checks."""
    made = tuple(checks)
    return InstallationReport(all(each.outcome is not CheckOutcome.FAIL for each in made), made)


def bad_settings_report(trouble: TrackerError) -> InstallationReport:
    """The report where the settings are refused: nothing else can be looked at."""
    refused = (_fail("settings", line, "Correct this variable.") for line in str(trouble).splitlines())
    return report_of(refused)


def installation_report(settings: Settings, clock: Clock, *, network: bool = True) -> InstallationReport:
    """Look at everything; without `network`, neither the mail server nor the site of the status files is reached."""
    engine = make_engine(settings.database_url)
    try:
        return report_of(_checks(settings, engine, clock, network=network))
    finally:
        engine.dispose()


def _checks(settings: Settings, engine: Engine, clock: Clock, *, network: bool) -> Iterator[InstallationCheck]:
    yield from _settings(settings)
    yield _secret_key(settings)
    yield from _database(settings, engine, clock)
    yield from _disk(engine)
    yield from _jobs(engine, clock)
    yield from _counters(settings)
    yield from _mail(settings, network=network)
    if network:
        yield from _outside(settings, clock)


def _ok(name: str, found: str) -> InstallationCheck:
    return InstallationCheck(name, CheckOutcome.OK, found)


def _warn(name: str, found: str, advice: str) -> InstallationCheck:
    return InstallationCheck(name, CheckOutcome.WARN, found, advice)


def _fail(name: str, found: str, advice: str) -> InstallationCheck:
    return InstallationCheck(name, CheckOutcome.FAIL, found, advice)


# -- settings --------------------------------------------------------------------------------------


def _settings(settings: Settings) -> Iterator[InstallationCheck]:
    site = urlsplit(settings.base_url)
    local = site.hostname in ("127.0.0.1", "localhost", "::1")
    faults = []
    if local and settings.host not in ("127.0.0.1", "localhost", "::1"):
        faults.append(
            _warn("settings", f"Links in messages begin with {settings.base_url}, which only this machine reaches.",
                  "Set TRACKER_BASE_URL to the public address.")
        )  # fmt: skip
    if not local and site.scheme == "http":
        faults.append(
            _warn("settings", f"{settings.base_url} is not encrypted: passwords and secret links can be read.",
                  "Put a reverse proxy with TLS in front and write https:// in TRACKER_BASE_URL.")
        )  # fmt: skip
    if site.scheme == "https" and not settings.proxies:
        faults.append(
            _warn("settings", "The site is encrypted, but no reverse proxy is trusted: all readers count as one.",
                  "Set TRACKER_PROXIES to the number of proxies in front.")
        )  # fmt: skip
    if "contact" not in settings.model_fields_set:
        faults.append(
            _warn("settings", "The server of the status files is not told whom to write to.",
                  "Set TRACKER_CONTACT to an e-mail or web address.")
        )  # fmt: skip
    yield from faults or [_ok("settings", f"Valid; the public address is {settings.base_url}.")]


def _secret_key(settings: Settings) -> InstallationCheck:
    advice = "Set TRACKER_SECRET_KEY to 32 or more random characters, the same for all processes."
    if "secret_key" not in settings.model_fields_set:
        return _warn("secret key", "Not set: sign-ins end at each restart, and gunicorn does not start.", advice)
    if len(settings.secret_key) < STRONG_KEY or len(set(settings.secret_key)) < STRONG_KEY // 4:
        return _warn("secret key", "Short, or made of few different characters: it might be guessed.", advice)
    return _ok("secret key", "Set.")


# -- database, disk, clock -------------------------------------------------------------------------


def _database(settings: Settings, engine: Engine, clock: Clock) -> Iterator[InstallationCheck]:
    try:
        with read_transaction(engine) as connection:
            yield _ok("database", _describe_database(connection))
            yield _revision(repository.revision_number(connection))
            if room := _connections(connection, settings.pool):
                yield room
            damage = quick_damage(connection)
            advice = "Stop the program, see `tracker verify`, and restore the last backup."
            yield from [_fail("integrity", each, advice) for each in damage] or [
                _ok("integrity", "No damage in a quick check; `tracker verify` looks at everything.")
            ]
            if is_postgresql(engine):
                there = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
                yield _clock("of the database server", there, clock())
            else:
                yield _file_clock(Path(str(engine.url.database)), clock())
    except TrackerError as trouble:
        yield _fail("database", str(trouble), "See Settings and Backup and upgrade in the documentation.")


def _describe_database(connection: Connection) -> str:
    schema = ", ".join(sorted(schema_versions(connection)))
    if connection.dialect.name == "postgresql":
        return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}, schema {schema}."
    version = connection.scalar(text("SELECT sqlite_version()"))
    return f"SQLite {version}, schema {schema}, {connection.engine.url.database}."


def _revision(number: int) -> InstallationCheck:
    if not number:
        return _warn("data", "The database is empty.", "Run `tracker init`, or `tracker import` with your own files.")
    return _ok("data", f"Revision {number}.")


def _connections(connection: Connection, pool: int) -> InstallationCheck | None:
    """Whether the server accepts what one process may open; None for SQLite."""
    if connection.dialect.name != "postgresql":
        return None
    accepted = int(str(connection.scalar(text("SHOW max_connections"))))
    found = f"The server accepts {accepted} connections; each process of the program opens up to {2 * pool}."
    if accepted < 4 * pool:  # a web process and a worker
        return _fail("connections", found, "Raise max_connections of PostgreSQL, or lower TRACKER_POOL.")
    return _ok("connections", found)


def _disk(engine: Engine) -> Iterator[InstallationCheck]:
    places = {"temporary files": Path(tempfile.gettempdir())}
    if not is_postgresql(engine):
        places = {"the database": Path(str(engine.url.database)).absolute().parent, **places}
    for what, folder in places.items():
        if not folder.is_dir():
            yield _fail("disk", f"The folder for {what}, {folder}, does not exist.", "Make it, or name another.")
            continue
        free = shutil.disk_usage(folder).free
        found = f"{free / 2**30:.1f} GiB free for {what} in {folder}."
        advice = "Free some space; a backup needs as much as the database."
        if free < LITTLE_SPACE:
            yield (_fail if free < NO_SPACE else _warn)("disk", found, advice)
        else:
            yield _ok("disk", found)


def _clock(whose: str, there: datetime, here: datetime) -> InstallationCheck:
    apart = abs(there - here)
    found = f"{apart.total_seconds():.0f} seconds from the clock {whose}."
    advice = "Let both machines set their clocks by NTP (timedatectl set-ntp true)."
    if apart > CLOCK_WARNING:
        return (_fail if apart > CLOCK_FAILURE else _warn)("clock", found, advice)
    return _ok("clock", found)


def _file_clock(file: Path, here: datetime) -> InstallationCheck:
    """A file cannot have been written later than now: where it was, the clock has been set back."""
    names = (file, file.with_name(f"{file.name}-wal"))
    written = datetime.fromtimestamp(max(each.stat().st_mtime for each in names if each.exists()), UTC)
    if written - here > CLOCK_WARNING:
        return _clock("at which the database was last written", written, here)
    return _ok("clock", "Not before the last change of the database file.")


# -- jobs ------------------------------------------------------------------------------------------


def _jobs(engine: Engine, clock: Clock) -> Iterator[InstallationCheck]:
    try:
        found = health_report(engine, clock())
    except TrackerError:
        return  # the check of the database has said so
    start = "Start `tracker work`, or `tracker serve --work`; `tracker jobs` shows the runs."
    if all(job["outcome"] is None for job in found["jobs"].values()):
        yield _warn("jobs", "No worker has ever run: nothing is synchronized and no alert is sent.", start)
        return
    late = [name for name, job in found["jobs"].items() if not job["on_time"]]
    yield _fail("jobs", f"Late: {', '.join(late)}.", start) if late else _ok("jobs", "All are on time.")
    for instrument, trouble in sorted(found["trouble"].items()):
        yield _warn("synchronization", f"{instrument}: {trouble}", "Run `tracker sync` for it, and see /held.")


# -- other servers ---------------------------------------------------------------------------------


def _counters(settings: Settings) -> Iterator[InstallationCheck]:
    """Where requests are counted for all processes together, if that is a server."""
    place = urlsplit(settings.limits_storage)
    if place.scheme == "memory":
        return
    name, port = place.hostname or "", place.port or 6379
    try:
        socket.create_connection((name, port), timeout=_REACHED_IN).close()
    except OSError as trouble:
        advice = "Start it, or correct TRACKER_LIMITS_STORAGE."
        yield _fail("rate limits", f"{name}:{port} is not reached: {type(trouble).__name__}.", advice)
    else:
        yield _ok("rate limits", f"{name}:{port} is reached.")


def _mail(settings: Settings, *, network: bool) -> Iterator[InstallationCheck]:
    if not settings.smtp_url:
        yield _ok("mail", "TRACKER_SMTP_URL is not set: no e-mail is sent.")
        return
    server = urlsplit(settings.smtp_url)
    if settings.mail_from.endswith("@localhost"):
        advice = "Set TRACKER_MAIL_FROM to an address of your domain."
        yield _warn("mail", f"Mail from {settings.mail_from} is refused by most servers.", advice)
    if not network:
        return
    try:
        check_mail_server(settings.smtp_url)
    except TryLater as trouble:
        advice = "Correct TRACKER_SMTP_URL (smtp, smtp+tls or smtps; name, port, user), or ask who runs the server."
        yield _fail("mail", f"{server.hostname}: {trouble}.", advice)
        return
    if server.scheme == "smtp" and server.username:
        advice = "Write smtp+tls:// (STARTTLS) or smtps:// in TRACKER_SMTP_URL."
        yield _warn("mail", f"The password for {server.hostname} is sent without encryption.", advice)
    else:
        how = {"smtp": "not encrypted", "smtp+tls": "STARTTLS", "smtps": "TLS"}[server.scheme]
        yield _ok("mail", f"{server.hostname} takes messages ({how}).")


def _outside(settings: Settings, clock: Clock) -> Iterator[InstallationCheck]:
    """Whether the server of the status files is reached, as a synchronization reaches it; and what its clock says."""
    host = urlsplit(settings.untc_url).hostname
    try:
        with HttpClient(settings.contact, limits=_ONE_REQUEST) as client:
            answer = client.get(f"{settings.untc_url}/robots.txt")
    except Refused:
        yield _ok("network", f"{host} is reached.")
    except TryLater as trouble:
        advice = "Allow this machine to reach it, or synchronize elsewhere and `tracker import`."
        yield _warn("network", str(trouble), advice)
    else:
        yield _ok("network", f"{host} is reached.")
        if (there := _date_of(answer)) is not None:
            yield _clock(f"of {host}", there, clock())


def _date_of(answer: HttpAnswer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
    except ValueError:
        return None
