"""Template filters and the fragments that stand hundreds of times on a page: dates, status words, links, counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flask import Flask
from jinja2 import pass_context
from markupsafe import Markup

from tracker.law.coverage import CONSENTS, SIGNATURES, count_in_words, is_open_ended
from tracker.law.dates import PartialDate
from tracker.law.evidence import grade_of_source
from tracker.law.model import ActionKind
from tracker.law.status import parties_in_words
from tracker.law.wording import StateName, TreatyName
from tracker.messages import TranslatableText, message, plural
from tracker.schemas.maps import MapRow
from tracker.schemas.matrix import Cell
from tracker.schemas.standings import Standing
from tracker.schemas.values import Named, PartDay
from tracker.translations import in_language, locale_of, long_date, short_date
from tracker.web.context import get_context, link
from tracker.web.labels import label, slider_words
from tracker.web.language import page_language, say

NONE = "\N{EN DASH}"  # stands where there is no date
DATE_NOT_KNOWN = message("date not known")


def install(app: Flask) -> None:
    """Give the app's templates their filters and fragments."""
    filters: list[Callable[..., Any]] = [
        day,
        long_day,
        short_day,
        counted,
        parties_in_words,
        count,
        number,
        sentence,
        initial,
        percent,
        act_words,
    ]
    filters += [
        source_grade,
        month,
        decimal,
        chance,
        kind_words,
        pair,
        label,
        status_mark,
        status_cell,
        consent,
        undated_signature,
    ]
    app.jinja_env.filters.update({each.__name__: _at_run_time(each) for each in filters})
    app.jinja_env.finalize = named
    texts: dict[str, Any] = dict(app.jinja_env.globals)
    app.jinja_env.globals.update({name: _with_names(texts[name]) for name in ("gettext", "ngettext")})
    app.jinja_env.globals.update(participant_link=participant_link, note_refs=note_refs)
    app.jinja_env.globals.update(slider_words=slider_words, language_name=language_name)


def _at_run_time(said: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, asked anew for each page: of a constant, Jinja would keep what it said in the first language."""

    @pass_context
    def filter_at_run_time(_context: Any, *given: Any, **named: Any) -> Any:
        return said(*given, **named)

    return filter_at_run_time


def counted(row: Any, name: str, instrument: str) -> str:
    """A count of a row (`parties`, `signatories`, `bound`) as it is printed everywhere, with its upper bound."""
    least, most = getattr(row, name), getattr(row, f"{name}_at_most")
    aspect = SIGNATURES if name == "signatories" else CONSENTS
    return count_in_words(least, most, open_ended=is_open_ended(get_context().ledger, instrument, aspect))


def named(value: Any) -> Any:
    """The name of a State or a treaty in the page's language; anything else as it is."""
    return say(value) if isinstance(value, StateName | TreatyName) else value


def _with_names(gettext: Callable[..., Any]) -> Callable[..., Any]:
    """The templates' gettext, which writes names in sentences in the page's language as well."""

    @pass_context
    def gettext_with_names(context: Any, *texts: Any, **values: Any) -> Any:
        return gettext(context, *texts, **{name: named(value) for name, value in values.items()})

    return gettext_with_names


def _read(value: Any) -> PartialDate | None:
    if isinstance(value, date):
        return PartialDate.of(value)
    return value if isinstance(value, PartialDate) else PartialDate.parse(value) if value else None


def day(value: Any, otherwise: str = NONE) -> Markup:
    """A day, or what is known of it, as `29 Sep 2003` in a time element."""
    return _time_or_text(value, short_date, otherwise)


def long_day(value: Any, otherwise: str = NONE) -> Markup:
    """A day as `29 September 2003`."""
    return _time_or_text(value, long_date, otherwise)


def short_day(value: Any, otherwise: str = "") -> str:
    """A day as `29 Sep 2003`, as text alone."""
    when = _read(value)
    return short_date(when, page_language()) if when else otherwise


def _time_or_text(value: Any, written: Callable[[PartialDate, str], str], otherwise: str) -> Markup:
    if when := _read(value):
        return _in_time_element(when, written, page_language())
    return Markup("{}").format(otherwise)


@lru_cache(maxsize=16384)
def _in_time_element(when: PartialDate, written: Callable[[PartialDate, str], str], language: str) -> Markup:
    """Kept because a page writes the same few dates hundreds of times."""
    return Markup('<time datetime="{}">{}</time>').format(when, written(when, language))


_NOUNS: dict[str, Callable[[int], TranslatableText]] = {
    "action": lambda n: plural("{n} action", "{n} actions", n),
    "body": lambda n: plural("{n} body", "{n} bodies", n),
    "change": lambda n: plural("{n} change", "{n} changes", n),
    "check": lambda n: plural("{n} check", "{n} checks", n),
    "data note": lambda n: plural("{n} data note", "{n} data notes", n),
    "day": lambda n: plural("{n} day", "{n} days", n),
    "deposit": lambda n: plural("{n} deposit", "{n} deposits", n),
    "edition": lambda n: plural("{n} edition", "{n} editions", n),
    "entry": lambda n: plural("{n} entry", "{n} entries", n),
    "figure": lambda n: plural("{n} figure", "{n} figures", n),
    "link": lambda n: plural("{n} link", "{n} links", n),
    "member": lambda n: plural("{n} member", "{n} members", n),
    "outstanding action": lambda n: plural("{n} outstanding action", "{n} outstanding actions", n),
    "participant": lambda n: plural("{n} participant", "{n} participants", n),
    "party": lambda n: plural("{n} party", "{n} parties", n),
    "pattern": lambda n: plural("{n} pattern", "{n} patterns", n),
    "published count": lambda n: plural("{n} published count", "{n} published counts", n),
    "result": lambda n: plural("{n} result", "{n} results", n),
    "round": lambda n: plural("{n} round", "{n} rounds", n),
    "row": lambda n: plural("{n} row", "{n} rows", n),
    "signatory": lambda n: plural("{n} signatory", "{n} signatories", n),
    "treaty": lambda n: plural("{n} treaty", "{n} treaties", n),
    "treaty action": lambda n: plural("{n} treaty action", "{n} treaty actions", n),
    "update": lambda n: plural("{n} update", "{n} updates", n),
}


def count(number: int, noun: str, nouns: str = "") -> str:
    """A number with its noun, in the language of the page: `1 treaty`, `3 treaties`; English for other nouns."""
    if known := _NOUNS.get(noun):
        return say(known(number))
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def number(value: int) -> str:
    """A number as the page's language writes it: `1,234`."""
    return in_language(value, page_language())


def sentence(text: str) -> str:
    """The text in the page's language, with a capital first letter and a full stop."""
    said = initial(text)
    return said + ("" if not said or said.endswith((".", "!", "?")) else ".")


def initial(text: str) -> str:
    """The text in the page's language, with a capital first letter."""
    said = say(text)
    return said[:1].upper() + said[1:]


def act_words(action: str) -> str:
    """The action as it is written in a sentence."""
    return say(ActionKind(action).words)


def kind_words(kind: str) -> str:
    """A participant's kind as it is written in a sentence."""
    return label(kind)


def pair(value: str) -> tuple[str, str]:
    """A value that can be chosen, and what it is called."""
    return value, label(value)


def language_name(code: str) -> str:
    """What the page's language calls a language."""
    return str(locale_of(page_language()).languages[code])


def source_grade(source: str) -> str:
    """The grade of evidence of a source, in the page's language."""
    return say(grade_of_source(source).words)


def percent(part: float, whole: float) -> str:
    """How much of a whole, up to all of it, on a scale of 0 to 100, as attributes of a drawing want it."""
    return f"{min(1.0, part / whole) * 100:.1f}" if whole else "0"


def month(day: date) -> str:
    """The month of a forecast, which knows no days: `August 2031`."""
    return long_date(PartialDate.parse(f"{day:%Y-%m}"), page_language())


def decimal(value: float) -> str:
    """A number with as many decimals as it has, as the page's language writes it: `12.25`, `9`."""
    return in_language(Fraction(value), page_language())


def chance(part: float) -> str:
    """A chance as a percentage without a false precision: `< 1 %`, `37 %`, `> 99 %`."""
    if 0.01 <= part <= 0.99:
        return f"{part * 100:.0f}\N{NO-BREAK SPACE}%"
    return "<\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%" if part < 0.5 else ">\N{NO-BREAK SPACE}99\N{NO-BREAK SPACE}%"


class Footnotes:
    """The notes of one page: a text gets a number when it is first referred to, and keeps it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._numbers: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        """The texts in the order of their numbers."""
        return list(self._numbers)

    def number(self, text: str) -> int:
        """The text's number, from 1."""
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def __bool__(self) -> bool:
        return bool(self._numbers)


_SIGNS = {"doubt": "?", "note": "*"}  # explained on the spot; a source has its number alone, which leads to the list
_NOTES = {"doubt": message("uncertain or unverified"), "note": message("note"), "source": message("source")}


def _cached_fragment(made: Callable[..., Markup]) -> Callable[..., Markup]:
    """The same fragment once for each language and what it is made of; pages write it hundreds of times."""
    of_language = lru_cache(maxsize=4096)(lambda language, *given: made(*given))
    return lambda *given: of_language(page_language(), *given)


def participant_link(row: Named) -> Markup:
    """A participant's name, leading to its page."""
    return _link(link("record.participant", code=row.participant), named(row.name))


def status_mark(word: str) -> Markup:
    """A status word with its mark, so that colour is never all that tells it."""
    return _status_mark(word)


def status_cell(row: Standing | MapRow | Cell) -> Markup:
    """The status of a participant in a table: its mark, and what else it may be; or that our data lack it."""
    return _status_cell(row.status, row.possible, row.not_in_data)


@_cached_fragment
def _status_cell(status: str, possible: str | None, not_in_data: bool) -> Markup:
    if not_in_data:
        return Markup('<span class="status not-in-data">{}</span>').format(say(message("not in our data")))
    if possible is None:
        return _status_mark(status)
    other = say(message("or {status}: date not known", status=label(possible)))
    return _status_mark(status) + Markup('<span class="small muted">{}</span>').format(other)


@_cached_fragment
def _status_mark(word: str) -> Markup:
    name = word.replace(" ", "-")
    mark = Markup('<svg aria-hidden="true"><use href="#m-{}"/></svg>').format(name)
    return Markup('<span class="status {}">{}{}</span>').format(name, mark, label(word))


def consent(row: Standing) -> Markup:
    """When and how a participant consented, with its acts of consent whose day the record lacks."""
    undated = tuple(each for each in row.undated if each != ActionKind.SIGNATURE)
    return _consent(row.consent, row.action, undated)


def undated_signature(row: Standing) -> Markup:
    """That a participant has signed on a day that the record lacks, if it has."""
    return _undated_actions(tuple(each for each in row.undated if each == ActionKind.SIGNATURE))


def note_refs(notes: Footnotes, texts: Iterable[str]) -> Markup:
    """The numbers of notes, each saying its text on hover and focus.

    On a click or a tap a source leads to its place in the list; the others open their explanation, a pop-over that the
    browser itself opens (`popovertarget`), which the macro `footnotes` has written.
    """
    return _refs(notes.name, tuple((notes.number(text), text) for text in texts))


@_cached_fragment
def _link(address: str, name: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, name)


@_cached_fragment
def _consent(when: PartDay | None, action: str | None, undated: tuple[str, ...]) -> Markup:
    if not action:
        return _undated_actions(undated)
    given = Markup('{} <span class="kind">{}</span>')
    return given.format(day(when, say(DATE_NOT_KNOWN)), act_words(action)) + _undated_actions(undated)


@_cached_fragment
def _undated_actions(actions: tuple[str, ...]) -> Markup:
    said = Markup('<span class="small undated">{}</span>')
    undated = (message("{action}, date not known", action=ActionKind(each).words) for each in actions)
    return Markup().join(said.format(say(each)) for each in undated)


_LISTED = Markup(
    '<a class="has-tooltip {name}-ref" href="#{name}-{number}" data-tooltip="{text}">{sign}{number}'
    '<span class="visually-hidden"> ({noun})</span></a>'
)
_EXPLAINED = Markup(
    '<button type="button" class="has-tooltip {name}-ref" popovertarget="{name}-{number}-text" data-tooltip="{text}">'
    '{sign}{number}<span class="visually-hidden"> ({noun})</span></button>'
)


@_cached_fragment
def _refs(name: str, numbered: tuple[tuple[int, str], ...]) -> Markup:
    said = _EXPLAINED if name in _SIGNS else _LISTED
    sign, noun = _SIGNS.get(name, ""), say(_NOTES[name])
    return Markup().join(
        said.format(name=name, noun=noun, number=number, text=sentence(text), sign=sign) for number, text in numbered
    )
