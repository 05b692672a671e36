"""The subscription pages: sign-up, confirmation, management, one-click unsubscribe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine

from tracker.alerts import subscriptions
from tracker.alerts.matching import GROUPS, AlertCondition, describe_subscription
from tracker.alerts.subscribers import Channel, Frequency, LinkPurpose, Subscription
from tracker.config import Settings
from tracker.errors import BadQuestion
from tracker.law.ledger import Ledger
from tracker.web.auth import public
from tracker.web.context import get_context, utc_now

blueprint = Blueprint("subscriptions", __name__)
csrf = CSRFProtect()
EXTENSION = "tracker.desk"
USUAL_KINDS = ("acts", "corrections", "entry", "judgements")  # chosen unless others are: each event is told once
CONDITIONS = {
    AlertCondition.REACHES: "reaches so many parties",
    AlertCondition.TO_GO: "has only so many deposits to go",
    AlertCondition.THRESHOLD: "has the deposits that it needs",
    AlertCondition.DATE: "gets a day of entry into force, or another",
    AlertCondition.COUNTDOWN: "enters into force in so many days",
    AlertCondition.ACTS: "the participant does anything",
    AlertCondition.FINDING: "a check finds something",
}


@dataclass(frozen=True, slots=True)
class SubscriptionPages:
    """What these pages work with: the record's engine and the settings."""

    engine: Engine
    settings: Settings

    @property
    def ways(self) -> tuple[Channel, ...]:
        """How one can be told here: by e-mail only where there is a mail server."""
        return tuple(Channel) if self.settings.smtp_url else (Channel.WEBHOOK,)


def install(app: Flask, engine: Engine, settings: Settings) -> None:
    """Give the app these pages, and CSRF protection to every form it has."""
    app.extensions[EXTENSION] = SubscriptionPages(engine, settings)
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open for as long as its session
        WTF_CSRF_SSL_STRICT=False,  # secret pages send no Referer that could be compared
    )
    csrf.init_app(app)
    app.register_blueprint(blueprint)


def subscription_pages() -> SubscriptionPages:
    """What the pages of this app work with."""
    return cast(SubscriptionPages, current_app.extensions[EXTENSION])


@blueprint.after_request
def _kept_secret(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


# -- signing up ------------------------------------------------------------------------------------


@blueprint.get("/subscribe")
def subscribe() -> ResponseReturnValue:
    """The form, filled in from the address."""
    return _form(request.args, request.args.getlist("kind") or USUAL_KINDS)


@blueprint.post("/subscribe")
@public("anybody may ask to be told; how often is limited")
def sign_up() -> ResponseReturnValue:
    """Keep what was asked for, and have the address confirm it; the form again where it makes no sense."""
    place, kinds = subscription_pages(), request.form.getlist("kind")
    try:
        wish = subscriptions.parse_subscription(
            request.form, kinds, get_context().ledger, utc_now(), private=place.settings.allow_private_webhooks
        )
        if wish.channel not in place.ways:
            raise BadQuestion("No e-mail is sent from here: choose a webhook or a feed.")  # noqa: TRY301
    except BadQuestion as trouble:
        return _form(request.form, kinds, str(trouble)), trouble.status
    subscriptions.subscribe(place.engine, wish, request.remote_addr or "", utc_now())
    return render_template(
        "subscription_sent.html", wish=wish, words=describe_subscription(wish, _names(get_context().ledger))
    )


@blueprint.get("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """What the link would confirm, with a button that does."""
    found = subscriptions.subscription_for_link(subscription_pages().engine, token, LinkPurpose.CONFIRM, utc_now())
    return render_template(
        "confirm_subscription.html", found=found, words=describe_subscription(found, _names(get_context().ledger))
    )


@blueprint.post("/confirm/<token>")
@public("the link is its own proof")
def confirmed(token: str) -> ResponseReturnValue:
    """Confirm it, and go on to the page that manages it."""
    manage = subscriptions.confirm(subscription_pages().engine, token, utc_now())
    return redirect(url_for("subscriptions.manage", token=manage), 303)


def _form(given: Mapping[str, str], kinds: Sequence[str], trouble: str = "") -> str:
    ledger = get_context().ledger
    choices = {
        "instruments": [(each.id, each.name) for each in ledger.instruments.values()],
        "participants": sorted(((code, each.name) for code, each in ledger.participants.items()), key=_by_name),
        "bodies": sorted(((id, each.name) for id, each in ledger.bodies.items()), key=_by_name),
    }
    return render_template(
        "subscribe.html",
        given=given,
        chosen=kinds,
        trouble=trouble,
        ways=subscription_pages().ways,
        **choices,
        **_wishes(),
    )


def _wishes() -> dict[str, Any]:
    """What can be wished for, as the forms show it."""
    return {
        "groups": [(name, words) for name, (words, _) in GROUPS.items()],
        "conditions": [(condition.value, words) for condition, words in CONDITIONS.items()],
        "paces": [pace.value for pace in Frequency],
    }


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1]


def _names(ledger: Ledger) -> dict[str, str]:
    """What ids and codes are called."""
    named = {code: each.name for code, each in ledger.participants.items()}
    named |= {id: each.name for id, each in ledger.bodies.items()}
    return named | {id: each.name for id, each in ledger.instruments.items()}


# -- looking after it ------------------------------------------------------------------------------


@blueprint.get("/subscriptions/<token>")
def manage(token: str) -> ResponseReturnValue:
    """How a subscription stands, what it was sent, and what can be done with it."""
    found = subscriptions.subscription_for_link(subscription_pages().engine, token, LinkPurpose.MANAGE, utc_now())
    return _managed(token, found)


@blueprint.post("/subscriptions/<token>")
@public("the link is its own proof")
def do(token: str) -> ResponseReturnValue:
    """Do what the pressed button says; BadQuestion for one that is not on the page."""
    engine, action = subscription_pages().engine, request.form.get("do", "")
    if action == "delete":
        subscriptions.delete(engine, token, utc_now())
        return render_template("subscription_deleted.html")
    if action == "change":
        return _changed(token)
    if action == "replay":
        subscriptions.resend(engine, token, _delivery(), utc_now())
    elif action in _ACTIONS:
        _ACTIONS[action](engine, token, utc_now())
    else:
        raise BadQuestion(f"'{action[:40]}' cannot be done with a subscription.")
    return redirect(url_for("subscriptions.manage", token=token), 303)


_ACTIONS = {"pause": subscriptions.pause, "resume": subscriptions.resume, "test": subscriptions.send_test_message}


def _changed(token: str) -> ResponseReturnValue:
    found = subscriptions.subscription_for_link(subscription_pages().engine, token, LinkPurpose.MANAGE, utc_now())
    about = {"instrument": found.instrument, "participant": found.participant, "body": found.body}
    try:
        fields = subscriptions.parse_conditions(
            {**request.form.to_dict(), **about}, request.form.getlist("kind"), get_context().ledger
        )
    except BadQuestion as trouble:
        return _managed(token, found, str(trouble)), trouble.status
    subscriptions.update_conditions(subscription_pages().engine, token, utc_now(), **fields)
    return redirect(url_for("subscriptions.manage", token=token), 303)


def _delivery() -> int:
    text = request.form.get("delivery", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadQuestion("That is not the number of a delivery.")
    return int(text)


def _managed(token: str, found: Subscription, trouble: str = "") -> Response:
    page = render_template(
        "manage_subscription.html",
        token=token,
        found=found,
        trouble=trouble,
        words=describe_subscription(found, _names(get_context().ledger)),
        sent=subscriptions.sent_messages(subscription_pages().engine, found.id),
        chosen=[name for name, (_, kinds) in GROUPS.items() if kinds <= found.kinds],
        **_wishes(),
    )
    return make_response(page)


# -- ending it -------------------------------------------------------------------------------------


@blueprint.get("/unsubscribe/<token>")
def leaving(token: str) -> ResponseReturnValue:
    """What the link would end, with a button that does."""
    found = subscriptions.subscription_for_link(subscription_pages().engine, token, LinkPurpose.UNSUBSCRIBE, utc_now())
    return render_template(
        "unsubscribe.html", found=found, words=describe_subscription(found, _names(get_context().ledger))
    )


@blueprint.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@public("the link is its own proof")
def left(token: str) -> ResponseReturnValue:
    """End it: from the page, or by one click in a mail program (RFC 8058), which sends no cookie."""
    found = subscriptions.unsubscribe(subscription_pages().engine, token, utc_now())
    return render_template("unsubscribed.html", words=describe_subscription(found, _names(get_context().ledger)))
