"""Briefs of a State and of a treaty: status, gaps, reservations and dates on two pages, as PDF and as Word document.

Everything comes from the answers that the pages show; a list too long for two pages ends with how many more there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.law.coverage import data_limit
from tracker.law.gaps import CONSENTING, GapKind
from tracker.law.ledger import Ledger, name_of
from tracker.law.status import ParticipantStatus
from tracker.messages import message, plural
from tracker.schemas.instruments import InstrumentDetail
from tracker.schemas.overview import Event, upcoming_answer
from tracker.schemas.participants import Profile, ProfileRow
from tracker.schemas.standings import Standing
from tracker.schemas.statements import KIND_WORDS, StatementItem, statements_of_participant, statements_of_treaty
from tracker.schemas.values import NamedStatus
from tracker.web.brief_document import Brief, BriefSection, BriefTable, as_pdf, as_word
from tracker.web.context import RequestContext, get_context, whole_link
from tracker.web.labels import LABELS, label
from tracker.web.language import page_language, say
from tracker.web.pages.record import citation, participant_content
from tracker.web.pages.treaty_head import instrument_detail
from tracker.web.template_filters import act_words, short_day

blueprint = Blueprint("briefs", __name__)
FILES = "<any(pdf, docx):form>"
PAGES = 2
MOST_STATEMENTS, MOST_SOURCES, MOST_EVENTS = 14, 6, 8  # before the rest become a number
LONGEST = 150  # characters of a source


@blueprint.get(f"/participants/<code>/brief.{FILES}")
def of_participant(code: str, form: str) -> ResponseReturnValue:
    """What a State or organization has done on every treaty, and what is open, on two pages."""
    asked = get_context()
    proper = asked.ledger.participant(code).code
    return _file(asked, f"{proper}-brief", participant_brief(asked, proper), form)


@blueprint.get(f"/instruments/<id>/brief.{FILES}")
def of_treaty(id: str, form: str) -> ResponseReturnValue:
    """The status of a treaty with its parties, signatories and reservations, on two pages."""
    asked = get_context()
    proper = asked.ledger.instrument(id).id
    return _file(asked, f"{proper}-brief", treaty_brief(asked, proper), form)


def _file(asked: RequestContext, name: str, brief: Brief, form: str) -> ResponseReturnValue:
    return (as_pdf if form == "pdf" else as_word)(name, asked.day, brief)


# -- a participant ---------------------------------------------------------------------------------


def participant_brief(asked: RequestContext, code: str) -> Brief:
    """The brief of a participant on the date asked about; NotFound for an unknown one."""
    data: Profile = participant_content(asked, code).data
    statements = statements_of_participant(asked.ledger, code).statements
    numbers = Counter(row.status for row in data.instruments)
    lead = message(
        "Status as at {date}. Party to {party} of {total}; signed but not ratified: {signed}; withdrawn: {withdrawn}.",
        date=asked.day,
        party=sum(numbers[each] for each in CONSENTING),
        total=len(data.instruments),
        signed=numbers[ParticipantStatus.SIGNATORY],
        withdrawn=numbers[ParticipantStatus.WITHDRAWN],
    )
    sources = (source for row in data.instruments for source in row.sources)
    return _brief(
        asked,
        say(name_of(asked.ledger, code)),
        [say(lead), say(data_limit(asked.ledger))],
        [
            _statuses(data.instruments),
            _gaps(data),
            _deadlines(asked, code, {row.instrument for row in data.gaps}),
            _statements(statements, message("Treaty"), lambda each: each.instrument_name),
            _assessments(data),
            _sources(sources, whole_link("record.participant", code=code, as_of=asked.day)),
        ],
    )


def _statuses(rows: Sequence[ProfileRow]) -> BriefSection:
    heads = (
        message("Treaty"), message("Status"), message("Signature"), message("Consent to be bound"),
        message("In force since"),
    )  # fmt: skip
    lines = [
        [
            f"{row.instrument_name} {row.statements}".strip(),
            _status_words(row),
            short_day(row.signature) or (say(message("date not known")) if _signed_undated(row) else ""),
            _consent(row),
            short_day(row.bound_since),
        ]
        for row in rows
    ]
    return BriefSection(
        say(message("Status by treaty")), (), BriefTable([*map(say, heads)], lines, (34, 24, 13, 24, 13))
    )


def _status_words(row: Standing) -> str:
    if row.not_in_data:
        return say(message("not in our data"))
    now = LABELS.get(row.status, row.status)
    if row.possible:
        other = LABELS.get(row.possible, row.possible)
        return say(message("{status} or {possible}: date not known", status=now, possible=other))
    return say(now)


def _signed_undated(row: Standing) -> bool:
    return any(act.signs for act in row.undated)


def _consent(row: Standing) -> str:
    parts = [short_day(row.consent), act_words(row.action) if row.action else ""]
    if row.action and not row.consent:
        parts.insert(0, say(message("date not known")))
    if row.withdrawal:
        parts.append(say(message("withdrawal {date}", date=row.withdrawal)))
    return " · ".join(filter(None, parts))


def _gaps(data: Profile) -> BriefSection:
    lines = []
    for kind in GapKind:
        names = [
            f"{gap.instrument_name} ({short_day(gap.signature)})" if gap.signature else gap.instrument_name
            for gap in data.gaps
            if gap.gap is kind
        ]
        if names:
            lines.append(f"{_initial(label(kind))} ({len(names)}): {'; '.join(names)}")
    return BriefSection(
        say(message("Outstanding treaty actions")), lines or [say(message("None: party to every treaty open to it."))]
    )


def _deadlines(asked: RequestContext, code: str, open_treaties: set[str]) -> BriefSection:
    found = [
        each
        for each in upcoming_answer(asked.ledger)
        if each.participant == code or (each.participant is None and each.instrument in open_treaties)
    ]
    return BriefSection(say(message("Upcoming dates")), _events(found, with_treaty=True))


def _events(found: Sequence[Event], *, with_treaty: bool) -> list[str]:
    lines = [
        " · ".join(
            filter(
                None,
                (short_day(each.date), each.instrument_name if with_treaty else "", label(each.words), each.name or ""),
            )
        )
        for each in found[:MOST_EVENTS]
    ]
    return [*lines, *_more(len(found) - MOST_EVENTS)] or [say(message("No upcoming dates."))]


def _assessments(data: Profile) -> BriefSection:
    lines = [
        [say(course.name), label(spell.value), short_day(spell.from_), spell.editions[-1] if spell.editions else ""]
        for course in data.assessments
        for spell in course.spells
        if spell.current and spell.value
    ]
    heads = [
        say(each)
        for each in (message("Assessment or listing"), message("Category"), message("From"), message("Editions"))
    ]
    table = BriefTable(heads, lines, (44, 30, 14, 14)) if lines else None
    none = [] if lines else [say(message("None in our data."))]
    return BriefSection(say(message("Assessments and listings")), none, table)


# -- a treaty --------------------------------------------------------------------------------------


def treaty_brief(asked: RequestContext, id: str) -> Brief:
    """The brief of a treaty on the date asked about; NotFound for an unknown one."""
    data = instrument_detail(asked, id)
    statements = statements_of_treaty(asked.ledger, id).statements
    sources = (source for row in data.participants for source in row.sources)
    coming = [each for each in upcoming_answer(asked.ledger) if each.instrument == id]
    return _brief(
        asked,
        data.name,
        [
            data.title if data.title != data.name else "",
            say(citation(asked, data)),
            say(data.completeness),
            say(data_limit(asked.ledger, id)),
        ],
        [
            BriefSection(say(message("Entry into force")), [say(data.entry_into_force.why)]),
            BriefSection(say(message("Upcoming dates")), _events(coming, with_treaty=False)),
            _participants(asked.ledger, data),
            _non_parties(asked.ledger, data),
            _statements(statements, message("Participant"), lambda each: say(_author(asked.ledger, each))),
            _sources(sources, whole_link("record.instrument", id=id, as_of=asked.day)),
        ],
    )


def _participants(ledger: Ledger, data: InstrumentDetail) -> BriefSection:
    lines = []
    for status in ParticipantStatus:
        rows = [row for row in data.participants if row.status == status and not row.not_in_data]
        if rows and status is not ParticipantStatus.NONE:
            lines.append(f"{_initial(label(status))} ({len(rows)}): {_names(ledger, rows)}")
    open_rows = [row for row in data.participants if row.possible]
    if open_rows:
        lines.append(
            say(
                message(
                    "Status open, because a date is not known ({n}): {names}",
                    n=len(open_rows),
                    names=_names(ledger, open_rows),
                )
            )
        )
    return BriefSection(say(message("Participants")), lines)


def _non_parties(ledger: Ledger, data: InstrumentDetail) -> BriefSection:
    rows = [row for row in data.missing if row.gap is not GapKind.SIGNED_ONLY]
    return BriefSection(f"{say(message('Non-parties'))} ({len(rows)})", [_names(ledger, rows)] if rows else [])


def _names(ledger: Ledger, rows: Iterable[NamedStatus]) -> str:
    return ", ".join(say(message("{name}", name=name_of(ledger, row.participant))) for row in rows)


def _author(ledger: Ledger, each: StatementItem) -> str:
    return message("{name}", name=name_of(ledger, each.participant)) if each.participant else ""


# -- what both have --------------------------------------------------------------------------------


def _brief(asked: RequestContext, title: str, lead: Sequence[str], sections: Sequence[BriefSection]) -> Brief:
    footer = say(
        message(
            "Treaty Tracker, data revision {revision}, {today}. Computed from sourced actions; no depositary service.",
            revision=asked.revision,
            today=asked.today,
        )
    )
    shown = [each for each in sections if each.paragraphs or each.table]
    return Brief(title, [each for each in lead if each], shown, footer, PAGES, page_language())


def _statements(found: Sequence[StatementItem], head: str, about: Callable[[StatementItem], str]) -> BriefSection:
    """Reservations first, then objections and declarations, of those that stand."""
    order = list(KIND_WORDS)
    standing = sorted((each for each in found if not each.withdrawn_on), key=lambda each: order.index(each.kind))
    lines = [
        [
            about(each),
            say(KIND_WORDS[each.kind]),
            each.article,
            short_day(each.made_on),
            _shorten(each.summary or each.text, LONGEST),
        ]
        for each in standing[:MOST_STATEMENTS]
    ]
    heads = [say(each) for each in (head, message("Kind"), message("Article"), message("Date"), message("Summary"))]
    table = BriefTable(heads, lines, (22, 16, 10, 12, 48)) if lines else None
    none = [] if lines else [say(message("None in our data."))]
    rest = _more(len(standing) - MOST_STATEMENTS)
    return BriefSection(say(message("Reservations and declarations")), none, table, rest)


def _sources(sources: Iterable[str], address: str) -> BriefSection:
    found = Counter(sources).most_common()
    lines = [_shorten(source, LONGEST) for source, _ in found[:MOST_SOURCES]]
    return BriefSection(say(message("Sources")), [*lines, *_more(len(found) - MOST_SOURCES), address])


def _more(number: int) -> list[str]:
    return [say(plural("and {n} more on the page", "and {n} more on the page", number))] if number > 0 else []


def _shorten(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"


def _initial(text: str) -> str:
    return text[:1].upper() + text[1:]
