"""Secret links: 256 random bits, kept as a hash, compared in constant time."""

import base64
import hmac
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.alert_story import NOW
from tracker.alerts import subscriptions
from tracker.alerts.subscribers import LinkPurpose
from tracker.errors import NotFound
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import LinkRow


def test_a_token_has_256_bits_and_only_its_hash_is_kept(engine, subscribed, managing):
    id = subscribed()
    given = [managing(id) for _ in range(5)]
    assert len(set(given)) == 5
    assert {len(base64.urlsafe_b64decode(token + "=")) for token in given} == {32}
    with read_transaction(engine) as connection:
        rows = connection.execute(select(LinkRow.__table__)).all()
    assert all(token not in str(rows) for token in given)


def test_a_token_is_compared_in_constant_time(engine, subscribed, managing, monkeypatch):
    token, compared = managing(subscribed()), []

    def watched(one, other):
        compared.append((one, other))
        return hmac_compare(one, other)

    hmac_compare = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", watched)
    with read_transaction(engine) as connection:
        subscriptions.resolve_link_token(connection, token, LinkPurpose.MANAGE, NOW)
    assert len(compared) == 1
    assert token not in compared[0]


@pytest.mark.parametrize("spoiled", ["", "x", "A" * 43, "A" * 44, "A" * 10_000, "\0" * 43, "\u00e4" * 43])
def test_anything_else_opens_nothing_and_is_not_repeated(engine, subscribed, managing, spoiled):
    managing(subscribed())
    with read_transaction(engine) as connection, pytest.raises(NotFound) as trouble:
        subscriptions.resolve_link_token(connection, spoiled, LinkPurpose.MANAGE, NOW)
    assert not spoiled or spoiled == "x" or spoiled not in str(trouble.value)


def test_every_link_of_earlier_messages_goes_on_working(engine, subscribed, managing):
    id = subscribed()
    given = [managing(id, LinkPurpose.UNSUBSCRIBE, NOW + timedelta(days=each)) for each in (0, 400)]
    with write_transaction(engine) as connection:
        for token in given:
            assert (
                subscriptions.resolve_link_token(connection, token, LinkPurpose.UNSUBSCRIBE, NOW + timedelta(days=4000))
                == id
            )
