"""The language of a page: from the address, from what the reader chose before, or from what the browser asks for.

`?lang=fr` chooses for one page and the pages it leads to; `/language` keeps a choice in a cookie of that name.

Country names in the six official languages of the United Nations, from Unicode's CLDR through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode
from wsgiref.types import WSGIEnvironment

from babel import Locale
from flask import Blueprint, Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from jinja2.ext import i18n
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from tracker.errors import BadQuestion
from tracker.law.search import fold_text
from tracker.translations import LANGUAGES, SOURCE_LANGUAGE, catalogue, locale_of, translate
from tracker.web.context import link_here

COUNTRY_NAME_LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
_LOCALES = {language: Locale.parse(language) for language in COUNTRY_NAME_LANGUAGES}

_CODES = [code for code in map(str, _LOCALES["en"].territories) if len(code) == 2]  # the longer ones are continents

COUNTRY_NAMES: dict[str, tuple[tuple[str, str], ...]] = {
    code: tuple((language, each.territories[code]) for language, each in _LOCALES.items() if code in each.territories)
    for code in _CODES
}
DIRECTIONS: dict[str, str] = {language: each.text_direction for language, each in _LOCALES.items()}
WORDS: dict[str, str] = {language: str(each.english_name).partition(" (")[0] for language, each in _LOCALES.items()}


def country_names(code: str) -> list[dict[str, str]]:
    """A country's names by its ISO 3166 alpha-2 code: each with its language, the language's name and its direction."""
    return [
        {"name": name, "language": language, "words": WORDS[language], "direction": DIRECTIONS[language]}
        for language, name in COUNTRY_NAMES.get(code, ())
    ]


R = TypeVar("R")
COOKIE = "lang"
FOR_PROGRAMS = {"api", "health"}  # answers in English alone, whatever is asked
YEAR = 31_536_000  # seconds that a choice is kept
_LANGUAGE = ContextVar("language", default=SOURCE_LANGUAGE)  # read many times a page: quicker than what Flask keeps
_CHOICE_ALONE = re.compile(rf"{COOKIE}=([a-z]{{2}})", re.ASCII)

blueprint = Blueprint("language", __name__)


def install(app: Flask) -> None:
    """Give the templates the language of each page, and its texts."""
    app.jinja_env.add_extension(i18n)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        _gettext, _ngettext, newstyle=True, pgettext=_pgettext, npgettext=_npgettext
    )
    app.jinja_env.filters["say"] = say
    app.context_processor(_for_templates)
    app.register_blueprint(blueprint)
    app.before_request(_choose)
    app.after_request(_vary)
    app.teardown_request(_forget)


def _for_templates() -> dict[str, Any]:
    chosen = page_language()
    return {"language": chosen, "text_direction": locale_of(chosen).text_direction, "page_languages": languages}


def page_language() -> str:
    """The language of the page that is being made; English outside of requests."""
    return _LANGUAGE.get()


def _choose() -> None:
    """Set the language of this request; BadQuestion for an unknown one, said in the language preferred."""
    if request.blueprint in FOR_PROGRAMS:
        return
    _LANGUAGE.set(_preferred_language(request.cookies.get(COOKIE, ""), _header(request.environ)))
    if asked := request.args.get(COOKIE, ""):
        _LANGUAGE.set(_check_language(asked))


def _forget(_error: BaseException | None) -> None:
    _LANGUAGE.set(SOURCE_LANGUAGE)


@contextmanager
def page_language_kept() -> Iterator[None]:
    """Have the page's language stay, whatever requests are made and end inside this one."""
    chosen = page_language()
    try:
        yield
    finally:
        _LANGUAGE.set(chosen)


def say(text: str) -> str:
    """A text of the program, or a message with its values, in the language of the page."""
    return translate(text, page_language())


def alphabetical(rows: Iterable[R], name: Callable[[R], str]) -> list[R]:
    """Rows in the alphabetical order that their names have in the page's language."""
    if page_language() == SOURCE_LANGUAGE:
        return sorted(rows, key=name)
    return sorted(rows, key=lambda row: fold_text(say(name(row))))


def write_in_one_way(environ: WSGIEnvironment) -> None:
    """Let the application see only the language that would be chosen, so that one question has one answer.

    A cookie that holds nothing but the choice of a language goes into the header: it says nothing about the reader.
    """
    cookie = environ.get("HTTP_COOKIE", "")
    if cookie and (alone := _CHOICE_ALONE.fullmatch(cookie)):
        del environ["HTTP_COOKIE"]
        environ["HTTP_ACCEPT_LANGUAGE"] = _preferred_language(alone[1], _header(environ))
    elif not cookie:
        environ["HTTP_ACCEPT_LANGUAGE"] = _preferred_language("", _header(environ))


def languages() -> list[dict[str, Any]]:
    """Each language by its own name, with the address that chooses it for good and the one of this page in it."""
    here = link_here(lang=None)
    return [
        {
            "code": code,
            "name": locale_of(code).language_name.capitalize(),  # type: ignore[union-attr]
            "address": f"/language?{urlencode({'to': code, 'page': here})}",
            "alternate": link_here(lang=code),
            "chosen": code == page_language(),
        }
        for code in LANGUAGES
    ]


@blueprint.get("/language")
def choose() -> ResponseReturnValue:
    """Keep the reader's choice of a language and lead back to the page; only pages of this site are led to."""
    chosen, page = _check_language(request.args.get("to", "")), request.args.get("page", "/")
    if not page.startswith("/") or page.startswith(("//", "/\\")):
        page = "/"
    answer = redirect(page, 303)
    answer.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _check_language(code: str) -> str:
    if code not in LANGUAGES:
        raise BadQuestion(f"{COOKIE}='{code[:20]}' is not a language of this site: write {', '.join(LANGUAGES)}.")
    return code


def _header(environ: WSGIEnvironment) -> str:
    return str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))[:200]


@lru_cache(maxsize=1024)
def _preferred_language(cookie: str, header: str) -> str:
    """The reader's own choice, else the best of what the browser accepts (RFC 9110, section 12.5.4), else English."""
    if cookie in LANGUAGES:
        return cookie
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES) or SOURCE_LANGUAGE


def _vary(answer: Response) -> Response:
    if answer.mimetype == "text/html":
        answer.vary.update(("Accept-Language", "Cookie"))
        answer.content_language.add(page_language())
    return answer


def _gettext(text: str) -> str:
    return translate(text, page_language())


def _ngettext(one: str, many: str, n: int) -> str:
    return catalogue(page_language()).ungettext(one, many, n)


def _pgettext(context: str, text: str) -> str:
    return catalogue(page_language()).upgettext(context, text)


def _npgettext(context: str, one: str, many: str, n: int) -> str:
    return catalogue(page_language()).unpgettext(context, one, many, n)
