"""Secret links: 256 random bits in an address, of which only the SHA-256 is ever kept.

A token is its own proof: whoever has the link may do what the link is for. Tokens are compared in
constant time and appear in messages and answers only, never in logs or rows.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from tracker.errors import NoSuchLink
from tracker.record import subscribers
from tracker.record.subscribers import Purpose, Transaction

LASTS = {Purpose.CONFIRM: timedelta(days=7)}  # the others until they are pruned, the newest as long as the subscription
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def minted(connection: Transaction, subscription: int, purpose: Purpose, moment: datetime) -> str:
    """A new token that opens the subscription for this purpose; those before it go on working."""
    token = secrets.token_urlsafe(32)
    subscribers.add_link(connection, subscription, purpose, _digest(token), moment)
    return token


def opened(connection: Transaction, token: str, purpose: Purpose, moment: datetime) -> int:
    """The number of the subscription that the token opens for this purpose; NoSuchLink if it opens none (any more)."""
    if _TOKEN.fullmatch(token):
        digest = _digest(token)
        for kept, subscription, made_at in subscribers.links(connection, purpose, digest):
            fresh = purpose not in LASTS or moment < made_at + LASTS[purpose]
            if hmac.compare_digest(kept, digest) and fresh:
                return subscription
    raise NoSuchLink


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
