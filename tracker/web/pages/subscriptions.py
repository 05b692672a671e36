"""The subscription pages: sign-up, confirmation, management, one-click unsubscribe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict

from tracker.alerts import subscriptions
from tracker.alerts.matching import GROUPS, STATEMENT_KINDS, AlertCondition, describe_subscription
from tracker.alerts.sending import offered_channels
from tracker.alerts.subscribers import Channel, Frequency, LinkPurpose, Subscription
from tracker.config import Settings
from tracker.errors import BadQuestion
from tracker.law.changes import ChangeKind
from tracker.law.ledger import Ledger
from tracker.law.wording import SentenceStart
from tracker.messages import TranslatableText, message
from tracker.web.auth import public
from tracker.web.context import get_context, utc_now
from tracker.web.forms import NO_FAULTS, BadForm, read_form
from tracker.web.language import alphabetical
from tracker.web.pages.subscription_form import FormContext, SubscriptionForm, WishForm
from tracker.web.pages.watchlist import watchlist_query

blueprint = Blueprint("subscriptions", __name__)
csrf = CSRFProtect()
EXTENSION = "tracker.desk"
USUAL_KINDS = ("acts", "corrections", "entry", "judgements")  # chosen unless others are: each event is told once
CONDITIONS = {
    AlertCondition.REACHES: message("reaches N parties"),
    AlertCondition.TO_GO: message("is N deposits from entry into force"),
    AlertCondition.THRESHOLD: message("meets its threshold"),
    AlertCondition.DATE: message("has its entry into force date set or changed"),
    AlertCondition.COUNTDOWN: message("N days before entry into force"),
    AlertCondition.ACTS: message("any treaty action by this State"),
    AlertCondition.FINDING: message("new data note"),
    AlertCondition.OUTLOOK_MOVES: message("outlook: the median date moves by more than N months"),
    AlertCondition.OUTLOOK_CHANCE: message("outlook: the chance within a year passes N per cent"),
}


@dataclass(frozen=True, slots=True)
class SubscriptionPages:
    """What these pages work with: the record's engine and the settings."""

    engine: Engine
    settings: Settings

    @property
    def ways(self) -> tuple[Channel, ...]:
        """The channels that can be chosen here."""
        return offered_channels(self.settings)


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
    place, ledger = subscription_pages(), get_context().ledger
    try:
        wish = read_form(SubscriptionForm, request.form, _form_context()).subscription(ledger, utc_now())
    except BadForm as trouble:
        return _form(request.form, request.form.getlist("kind"), trouble.faults), trouble.status
    subscriptions.subscribe(place.engine, wish, request.remote_addr or "", utc_now())
    return render_template("subscription_sent.html", wish=wish, words=describe_subscription(wish, _names(ledger)))


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


def _form_context() -> FormContext:
    place = subscription_pages()
    return FormContext(get_context().ledger, place.ways, place.settings.allow_private_webhooks)


def _form(given: Mapping[str, str], kinds: Sequence[str], faults: Mapping[str, str] = NO_FAULTS) -> str:
    ledger = get_context().ledger
    choices = {
        "instruments": [(each.id, each.name) for each in ledger.instruments.values()],
        "participants": alphabetical(((code, each.name) for code, each in ledger.participants.items()), _by_name),
        "bodies": sorted(((id, each.name) for id, each in ledger.bodies.items()), key=_by_name),
    }
    return render_template(
        "subscribe.html",
        given=given,
        chosen=kinds,
        faults=faults,
        ways=subscription_pages().ways,
        **choices,
        **_wishes(),
    )


def _wishes() -> dict[str, Any]:
    """What can be wished for, as the forms show it."""
    return {
        "groups": [(name, _as_choice(words)) for name, (words, kinds) in GROUPS.items() if kinds != STATEMENT_KINDS],
        "statement_kinds": [(each.value, _as_choice(each.words)) for each in ChangeKind if each in STATEMENT_KINDS],
        "conditions": [(condition.value, words) for condition, words in CONDITIONS.items()],
        "paces": [pace.value for pace in Frequency],
    }


def _as_choice(words: str) -> TranslatableText:
    return message("{items}", items=SentenceStart(words))


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
    return _management_page(token, found)


@blueprint.post("/subscriptions/<token>")
@public("the link is its own proof")
def do(token: str) -> ResponseReturnValue:
    """Do what the pressed button says; BadQuestion for one that is not on the page."""
    engine, action = subscription_pages().engine, request.form.get("do", "")
    if action == "delete":
        subscriptions.delete(engine, token, utc_now())
        return render_template("subscription_deleted.html")
    if action == "change":
        return _save_changes(token)
    if action == "replay":
        subscriptions.resend(engine, token, _delivery(), utc_now())
    elif action in _ACTIONS:
        _ACTIONS[action](engine, token, utc_now())
    else:
        raise BadQuestion(message("'{action}' cannot be done with a subscription.", action=action[:40]))
    return redirect(url_for("subscriptions.manage", token=token), 303)


_ACTIONS = {"pause": subscriptions.pause, "resume": subscriptions.resume, "test": subscriptions.send_test_message}


def _save_changes(token: str) -> ResponseReturnValue:
    found = subscriptions.subscription_for_link(subscription_pages().engine, token, LinkPurpose.MANAGE, utc_now())
    about = {"instrument": found.instrument, "participant": found.participant, "body": found.body}
    given = MultiDict([*request.form.items(multi=True), *about.items()])
    try:
        wish = read_form(WishForm, given, _form_context())
    except BadForm as trouble:
        return _management_page(token, found, trouble.faults), trouble.status
    subscriptions.update_conditions(
        subscription_pages().engine, token, utc_now(), **wish.conditions(get_context().ledger)
    )
    return redirect(url_for("subscriptions.manage", token=token), 303)


def _delivery() -> int:
    text = request.form.get("delivery", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadQuestion(message("That is not the number of a delivery."))
    return int(text)


def _management_page(token: str, found: Subscription, faults: Mapping[str, str] = NO_FAULTS) -> Response:
    now = {"condition": found.condition, "number": found.number, "pace": found.pace.value, "article": found.article}
    groups = [name for name, (_, kinds) in GROUPS.items() if kinds <= found.kinds] + sorted(found.kinds)
    ledger = get_context().ledger
    watched = subscriptions.watched_by_address(subscription_pages().engine, found)
    page = render_template(
        "manage_subscription.html",
        watched=[describe_subscription(each, _names(ledger)) for each in watched],
        watched_query=watchlist_query(
            ledger, (each.instrument for each in watched), (each.participant for each in watched)
        ),
        token=token,
        found=found,
        faults=faults,
        given=request.form if faults else now,
        words=describe_subscription(found, _names(ledger)),
        sent=subscriptions.sent_messages(subscription_pages().engine, found.id),
        chosen=request.form.getlist("kind") if faults else groups,
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
    return render_template(
        "unsubscribed.html", found=found, words=describe_subscription(found, _names(get_context().ledger))
    )
