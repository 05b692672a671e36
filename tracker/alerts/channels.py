"""The channels of an installation: webhooks always, e-mail where a mail server is set, chat where apprise is there."""

from collections.abc import Callable
from datetime import datetime

from tracker.alerts import chat
from tracker.alerts.address_safety import Resolver, resolve_host
from tracker.alerts.email import EmailSender
from tracker.alerts.messages import Message
from tracker.alerts.subscribers import Channel, Subscription
from tracker.alerts.webhook import WebhookSender
from tracker.config import Settings

__all__ = ["EmailSender", "WebhookSender", "offered_channels", "senders_for"]


def offered_channels(settings: Settings) -> tuple[Channel, ...]:
    """The channels that can be chosen in this installation, the usual one first."""
    offered = {Channel.EMAIL: bool(settings.smtp_url), Channel.WEBHOOK: True, Channel.CHAT: chat.is_installed()}
    return tuple(channel for channel, there in offered.items() if there)


def senders_for(
    settings: Settings, resolve: Resolver = resolve_host
) -> dict[Channel, Callable[[Subscription, Message, datetime], None]]:
    """How to send by each of the channels that are offered.

    `resolve` is how the names of receivers are looked up.
    """
    private = settings.allow_private_webhooks
    ways: dict[Channel, Callable[[Subscription, Message, datetime], None]] = {
        Channel.WEBHOOK: WebhookSender(private=private, resolve=resolve)
    }
    if chat.is_installed():
        ways[Channel.CHAT] = chat.ChatSender(private=private, resolve=resolve)
    if settings.smtp_url:
        ways[Channel.EMAIL] = EmailSender(settings.smtp_url, settings.mail_from)
    return ways
