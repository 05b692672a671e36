"""The form by which readers report errors: prefilled with the fact, its source and the page that they come from.

By a setting reports go to a mail address instead; the page then offers a letter to it with the same contents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from pydantic import PlainValidator
from sqlalchemy import Engine

from tracker.config import Settings
from tracker.errors import BadQuestion, TooMany
from tracker.law.fact_references import FIELDS, FactKind, FactReference, facts_named
from tracker.law.ledger import name_of, title_of
from tracker.law.model import Action
from tracker.messages import message
from tracker.schemas.fact_lines import FactLine, fact_lines
from tracker.storage import error_reports
from tracker.storage.error_reports import ErrorReport
from tracker.web.auth import public
from tracker.web.context import get_context, link, link_here, utc_now
from tracker.web.forms import NO_FAULTS, BadForm, Form, faults_of, read_form
from tracker.web.language import page_language, say

blueprint = Blueprint("error_reports", __name__)
EXTENSION = "tracker.error_reports"
_LOCAL_PATH = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")  # printable ASCII, as browsers send it
MAX_TEXT, MAX_EVIDENCE, MAX_CONTACT = 2000, 500, 200  # characters
MAX_FIELD, MAX_PAGE, MAX_FACT, MAX_SOURCE = 100, 300, 500, 1000
MAX_FACTS = 10  # facts of one report: those of a participant on a treaty


@dataclass(frozen=True, slots=True)
class ErrorReportPages:
    """What these pages work with: where reports are kept, and the mail address that they go to instead, if any."""

    engine: Engine
    mail: str


def install(app: Flask, engine: Engine, settings: Settings) -> None:
    """Give the app the form, and its other pages the links that lead there."""
    app.extensions[EXTENSION] = ErrorReportPages(engine, settings.report_mail)
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(report_link=report_link, report_page_link=report_page_link)


@blueprint.after_request
def _never_cached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


# -- links -----------------------------------------------------------------------------------------


def report_link(about: str, kind: str, **fields: Any) -> Markup:
    """The link by which an error in a fact is reported; `about` says which fact, for those who only hear the page."""
    query = urlencode([(name, str(value)) for name, value in fields.items() if value])
    address = link("error_reports.form", kind=kind)
    return _LINK.format(f"{address}&{query}", say(message("Report an error")), say(about))


_LINK = Markup(
    '<a class="report-link no-print" href="{0}" rel="nofollow" title="{1}: {2}"><svg aria-hidden="true">'
    '<use href="#m-report"/></svg></a>'
)


def report_page_link(day: date) -> Markup:
    """The link by which an error anywhere on the page is reported: a picture, a curve, a total; with the date shown."""
    address = link("error_reports.form")
    page = link_here(as_of=day) if len(link_here(as_of=day)) <= MAX_PAGE else request.path
    sign = "&" if "?" in address else "?"
    return _PAGE_LINK.format(
        f"{address}{sign}{urlencode({'page': page})}", say(message("Report an error on this page"))
    )


_PAGE_LINK = Markup('<a href="{0}" rel="nofollow">{1}</a>')


# -- the form --------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """The text without what no text has: control characters, halves of characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each if each.isprintable() or each == "\n" else " " for each in lines).strip()


def _text(text: str) -> str:
    if not (said := _plain(text)):
        raise ValueError(message("Error: say what is wrong."))
    return _check_length(said, MAX_TEXT)


def _check_length(text: str, most: int) -> str:
    if len(text) > most:
        raise ValueError(
            message("The text has {number} characters; write {most} at most.", number=len(text), most=most)
        )
    return text


def _evidence(text: str) -> str:
    return _check_length(_plain(text), MAX_EVIDENCE)


def _contact(text: str) -> str:
    return _check_length(_plain(text), MAX_CONTACT)


def _kind(text: str) -> str:
    return text if text in set(FactKind) else ""


def _field(text: str) -> str:
    return _plain(text)[:MAX_FIELD]


def _page(text: str) -> str:
    """A path of this site; anything else is none: two slashes, or a backslash for one, would lead to another site."""
    return text if _LOCAL_PATH.fullmatch(text) and len(text) <= MAX_PAGE else ""


_Field = Annotated[str, PlainValidator(_field)]


class ReportedFact(Form):
    """Which fact a report is about; what makes no sense is left out, since nobody has typed it."""

    kind: Annotated[str, PlainValidator(_kind)]
    treaty: _Field
    participant: _Field
    body: _Field
    scheme: _Field
    what: _Field
    article: _Field
    on: _Field
    page: Annotated[str, PlainValidator(_page)]

    @property
    def reference(self) -> FactReference | None:
        """The reference of the fact; None for a report on a page as a whole."""
        if not self.kind:
            return None
        return FactReference(FactKind(self.kind), **{name: getattr(self, name) for name in FIELDS})


class ErrorReportForm(ReportedFact):
    """What a reader reports."""

    text: Annotated[str, PlainValidator(_text)]
    evidence: Annotated[str, PlainValidator(_evidence)]
    contact: Annotated[str, PlainValidator(_contact)]


@blueprint.get("/report")
def form() -> ResponseReturnValue:
    """The form, with the fact that the address names and the page that the reader comes from."""
    return _form(request.args, page=request.args.get("page", "") or _page_before())


@blueprint.post("/report")
@public("anybody may report an error; how often is limited")
def report() -> ResponseReturnValue:
    """Keep a report for the editors; the form again, with what was typed, where it makes no sense."""
    here = _pages()
    if here.mail:
        raise BadQuestion(message("This site takes reports by e-mail."))
    try:
        given = read_form(ErrorReportForm, request.form)
    except BadForm as trouble:
        return _form(request.form, request.form.get("page", ""), trouble.faults), trouble.status
    lines = _lines(given)
    said = ErrorReport(
        **{name: getattr(given, name) for name in ("text", "evidence", "contact", "kind", *FIELDS[:-1], "page")},
        day=given.on,
        fact=facts_in_words(lines)[:MAX_FACT],
        source="; ".join(dict.fromkeys(each.source for each in lines))[:MAX_SOURCE],
        language=page_language(),
    )
    try:
        number = error_reports.add_report(here.engine, said, request.remote_addr or "", utc_now())
    except TooMany as trouble:
        return _form(request.form, given.page, faults_of(trouble)), trouble.status
    return render_template("error_report_sent.html", number=number, page=given.page, about=lines)


def _pages() -> ErrorReportPages:
    return cast(ErrorReportPages, current_app.extensions[EXTENSION])


def _page_before() -> str:
    """The page of this site that the reader comes from, as the browser says; empty where it does not."""
    before = urlsplit(request.referrer or "")
    return f"{before.path}?{before.query}".rstrip("?") if before.netloc == request.host else ""


def _lines(given: ReportedFact) -> list[FactLine]:
    ledger = get_context().ledger
    return fact_lines(ledger, facts_named(ledger, given.reference)[:MAX_FACTS]) if given.reference else []


def _treaties_to_choose(about: ReportedFact) -> list[tuple[str, str]]:
    """The treaties on which the participant of a report has acted, where the report leaves open which one is meant."""
    if about.kind != FactKind.ACTION or about.treaty or not (about.participant and about.reference):
        return []
    ledger = get_context().ledger
    acted = {fact.instrument for fact in facts_named(ledger, about.reference) if isinstance(fact, Action)}
    return [(id, title_of(ledger, id)) for id in ledger.instruments if id in acted]


def _treaty_without_action(about: ReportedFact) -> str:
    """The treaty on which a participant has not acted, where a report names both and no action; empty otherwise."""
    ledger = get_context().ledger
    known = about.treaty in ledger.instruments and about.participant in ledger.participants
    return title_of(ledger, about.treaty) if known and about.kind == FactKind.ACTION and not about.what else ""


def facts_in_words(lines: list[FactLine]) -> str:
    """The facts of a report in English, with their dates."""
    return "; ".join(f"{line.words}, {line.date}" if line.date else str(line.words) for line in lines)


def _form(given: Mapping[str, str], page: str, faults: Mapping[str, str] = NO_FAULTS) -> str:
    about = read_form(ReportedFact, {**dict(given.items()), "page": page})
    choices = _treaties_to_choose(about)
    lines, mail = [] if choices else _lines(about), _pages().mail
    return render_template(
        "error_report.html",
        about=about,
        lines=lines,
        choices=choices,
        who=name_of(get_context().ledger, about.participant),
        absent=_treaty_without_action(about),
        fields=("kind", *FIELDS, "page"),
        given=given,
        faults=faults,
        letter=_letter(mail, _lines(about), about.page) if mail else "",
        mail=mail,
        most=(MAX_TEXT, MAX_EVIDENCE, MAX_CONTACT),
    )


def _letter(mail: str, lines: list[FactLine], page: str) -> str:
    """The address that opens a letter about the fact in a mail program (RFC 6068)."""
    site = current_app.config["SITE"]
    parts = [facts_in_words(lines), "; ".join(dict.fromkeys(each.source for each in lines)), f"{site}{page}"]
    text = "\r\n".join(filter(None, parts))[:MAX_SOURCE]
    subject = say(message("Error in the data"))
    return f"mailto:{quote(mail, safe='@')}?subject={quote(subject)}&body={quote(text)}"
