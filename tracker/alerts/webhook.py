"""Webhooks: one signed POST to one web address, at the very address that was checked.

The name is resolved once and judged; the connection goes to that address and to no other, under
the name the certificate must bear. No redirect is followed, no proxy used, no answer's body read, and
the whole call has a deadline, so that nobody can lead it inside or hold it up.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from tracker.alerts.address_safety import Resolver, check_target, resolve_host
from tracker.alerts.messages import Message
from tracker.alerts.pinned_http import Call, CallAnswer, send
from tracker.alerts.subscribers import Subscription, SubscriptionState
from tracker.errors import BadQuestion, TryLater, Undeliverable, Unreachable

DEADLINE = 20.0  # seconds for all of it
UNCONFIRMED_DEADLINE = 5.0  # the same, for an address that nobody has confirmed
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
            raise Unreachable("The host's name could not be resolved.") from trouble
        unconfirmed = to.state is SubscriptionState.UNCONFIRMED
        deadline = min(self.deadline, UNCONFIRMED_DEADLINE) if unconfirmed else self.deadline
        headers = signed_headers(to.secret, message, moment)
        check_answer(send(target, Call("POST", message.body, headers), deadline))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 (RFC 2104), in hexadecimal, of the timestamp, a full stop and the body."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed_headers(secret: str, message: Message, moment: datetime) -> dict[str, str]:
    """What a call carries: the delivery's stable key, and a signature over the timestamp and the body.

    With the attributes that begin with `ce-` it is a CloudEvent in binary content mode (HTTP Protocol Binding for
    CloudEvents 1.0.2, 3.1), the body being its data.
    """
    timestamp = str(int(moment.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "Idempotency-Key": message.key,
        "Tracker-Timestamp": timestamp,
        "Tracker-Signature": signature(secret, timestamp, message.body),
        **{f"ce-{name}": value for name, value in message.event.items()},
    }


def check_answer(answer: CallAnswer) -> None:
    """Nothing where the receiver took it; TryLater or Undeliverable where not."""
    status, after = answer.status, answer.headers.get("Retry-After", "")
    if 200 <= status < 300:
        return
    wait = float(min(int(after), MAX_RETRY_WAIT)) if after.isascii() and after.isdigit() and len(after) < 9 else None
    if status >= 500 or status in _PASSING:
        raise TryLater(f"The receiver answered {status}.", after=wait)
    if 300 <= status < 400:
        raise Undeliverable(f"The receiver answered {status}: redirects are not followed.", final=False)
    raise Undeliverable(f"The receiver answered {status}.", final=status == 410)
