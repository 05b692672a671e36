"""E-mail: one message to one address by SMTP (RFC 5321), with one-click unsubscribe (RFC 8058).

Headers are set through the SMTP policy of the standard library, which refuses line breaks in
them. A refusal of the recipient's mailbox is final; whatever else goes wrong is ours or the way's, and passes.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from tracker.alerts.messages import Message
from tracker.alerts.subscribers import Subscription
from tracker.errors import TryLater, Undeliverable, Unreachable

TIMEOUT = 15  # seconds for each answer of the server
DEADLINE = 40.0  # seconds for all of it
_PERMANENT = 500
_ENHANCED = re.compile(r"5\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)


class _Whole(UnstructuredHeader, BaseHeader):
    """A header in one line: a long web address would be encoded, which mail programs do not read there."""

    def fold(self, *, policy: Policy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
POLICY = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True, slots=True)
class EmailSender:
    """Sends by the server at `url`: smtp://host:port, smtp+tls:// (STARTTLS) or smtps://user:password@host."""

    url: str = field(repr=False)
    sender: str

    def __call__(self, to: Subscription, message: Message, moment: datetime) -> None:
        """Hand the message to the server; TryLater or Undeliverable if it does not take it."""
        letter = compose_email(message, self.sender, to.address, moment)
        try:
            with _connection(self.url) as server:
                server.send_message(letter, self.sender, [to.address])
        except smtplib.SMTPRecipientsRefused as refusal:
            code, said = refusal.recipients[to.address]
            raise _refusal(code, said) from refusal
        except (smtplib.SMTPException, OSError) as trouble:
            raise _passing_trouble("The mail server did not take it", trouble) from trouble


def check_mail_server(url: str) -> None:
    """Reach the server as for a message, with encryption and sign-in, and send none; TryLater if that fails."""
    try:
        with _connection(url) as server:
            code, said = server.noop()
            if code >= _PERMANENT:
                raise smtplib.SMTPResponseException(code, said)
    except (smtplib.SMTPException, OSError) as trouble:
        raise _passing_trouble("The mail server cannot be used", trouble) from trouble


def _passing_trouble(what: str, trouble: Exception) -> TryLater:
    """The text may hold what the server said back to a password: only the kind and number are kept."""
    number = getattr(trouble, "smtp_code", "")
    reached = isinstance(trouble, smtplib.SMTPResponseException)
    return (TryLater if reached else Unreachable)(f"{what}: {type(trouble).__name__} {number}".rstrip())


def compose_email(message: Message, sender: str, to: str, moment: datetime) -> EmailMessage:
    """The message as a letter. ValueError if anything in it would break out of a header."""
    letter = EmailMessage(policy=POLICY)
    letter["From"] = f"Treaty Tracker <{sender}>"
    letter["To"] = to
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(moment)
    letter["Message-ID"] = message.message_id
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice need answer
    if message.unsubscribe:
        letter["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(message.text, cte="quoted-printable")
    if message.html:
        letter.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return letter


@contextmanager
def _connection(url: str) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(url)
    with _open_connection(parts) as server, _ended_in_time(server):
        if parts.scheme == "smtp+tls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


@contextmanager
def _ended_in_time(server: smtplib.SMTP) -> Iterator[None]:
    """Cut the connection when its time is over, however slowly the server answers."""
    timer = Timer(DEADLINE, _cut, [server.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself


def _open_connection(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or ""
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(host, parts.port or (587 if parts.scheme == "smtp+tls" else 25), timeout=TIMEOUT)


def _refusal(code: int, said: bytes | str) -> Exception:
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    shown = f"The mail server answered {code} {' '.join(text.split())[:120]}"
    return Undeliverable(shown) if _is_about_the_mailbox(code, text) else TryLater(shown)


def _is_about_the_mailbox(code: int, text: str) -> bool:
    """Is it the recipient's mailbox that is refused, for good; rather than we, the message, the way or a policy?

    The enhanced code says (RFC 3463: X.1 addressing, X.2 mailbox); of these, 5.1.7 and 5.1.8 are about the sender,
    5.2.2 and 5.2.3 about a mailbox full or a message too long. Without one, RFC 5321 has 550, 551 and 553.
    """
    if code < _PERMANENT:
        return False
    if found := _ENHANCED.match(text.lstrip()):
        subject, detail = int(found[1]), int(found[2])
        return (subject == 1 and detail not in (7, 8)) or (subject == 2 and detail not in (2, 3))
    return code in (550, 551, 553)
