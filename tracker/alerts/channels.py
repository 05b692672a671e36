"""The channels of an installation: webhooks always, e-mail where a mail server is set."""

from collections.abc import Callable
from datetime import datetime

from tracker.alerts.email import EmailSender
from tracker.alerts.messages import Message
from tracker.alerts.subscribers import Channel, Subscription
from tracker.alerts.webhook import WebhookSender
from tracker.config import Settings

__all__ = ["EmailSender", "WebhookSender", "senders_for"]


def senders_for(settings: Settings) -> dict[Channel, Callable[[Subscription, Message, datetime], None]]:
    """The ways that these settings give: webhooks always, e-mail where there is a mail server."""
    ways: dict[Channel, Callable[[Subscription, Message, datetime], None]] = {
        Channel.WEBHOOK: WebhookSender(private=settings.allow_private_webhooks)
    }
    if settings.smtp_url:
        ways[Channel.EMAIL] = EmailSender(settings.smtp_url, settings.mail_from)
    return ways
