"""Answers as JSON and as the cells of CSV, whose formulas are disarmed; both follow from the fields of the models.

The envelope of every answer of the API: what an answer says about itself, and what an error says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, lru_cache, partial
from keyword import iskeyword
from typing import Annotated, Any, get_type_hints
from urllib.parse import quote

import orjson
from pydantic import Field

from tracker.errors import kinds_of_error
from tracker.law.dates import PartialDate
from tracker.schemas.values import IsoDay, Moment, Number, UriReference, answer_model

PROBLEM = "application/problem+json"  # the media type of an error, for those who accept it by name


@answer_model
class Meta:
    """What an answer says about itself: its day, the moment asked about, the revision of the data and its moment."""

    as_of: IsoDay
    known_at: Moment | None
    revision: Number
    revision_made_at: Moment | None


@answer_model
class PagedMeta(Meta):
    """The same of a list, with the number of its rows in all and the address of the next page."""

    total: Number
    limit: Annotated[int, Field(ge=1)] | None
    offset: Number
    next: UriReference | None


@answer_model
class Problem:
    """What went wrong: a word for programs, a sentence for people, the HTTP status."""

    code: str
    message: str
    status: Annotated[int, Field(ge=400, le=599)]


@answer_model
class Failure:
    """The envelope of every error, and with the other five keys a problem detail (RFC 9457, section 3.1)."""

    error: Problem
    type: UriReference
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: UriReference


def failure_of(problem: Problem, phrase: str, path: str, site: str) -> Failure:
    """A problem in both forms: `phrase` is its status in words, `site` where the kinds of problems are described.

    What an HTTP status says without more is of the type `about:blank` (RFC 9457, section 4.2.1).
    """
    described = problem.code in kinds_of_error()
    return Failure(
        error=problem,
        type=f"{site}/api#error-{problem.code}" if described else "about:blank",
        title=problem.code.replace("-", " ").capitalize() if described else phrase,
        status=problem.status,
        detail=problem.message,
        instance=quote(f"/{path.lstrip('/')}", errors="replace"),
    )


# What spreadsheets take for the beginning of a formula, or pass over before one (OWASP, CSV injection).
_DANGEROUS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PASSED_OVER = " \t\r\n\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"


def to_json(data: Any, *, indent: bool = False) -> bytes:
    """An answer, or plain values with answers in them, as JSON in UTF-8; TypeError for what has no form there."""
    layout = orjson.OPT_INDENT_2 if indent else 0
    return orjson.dumps(data, default=_plain, option=orjson.OPT_PASSTHROUGH_DATACLASS | layout)


def _plain(value: Any) -> Any:
    """A value that orjson does not know as one that it does; short, for a matrix has thousands of cells."""
    model = value.__class__
    if model is PartialDate:
        first: date = value.first
        return first if first == value.last else str(value)
    return _FORMS[model](value)


class _Forms(dict[type[Any], Callable[[Any], Any]]):
    """How the answers of each type are taken apart, found once for each."""

    def __missing__(self, model: type[Any]) -> Callable[[Any], Any]:
        self[model] = found = _form_of(model)
        return found


_FORMS = _Forms()


def _form_of(model: type[Any]) -> Callable[[Any], Any]:
    if is_dataclass(model):
        keys = {key_of(each.name): each.name for each in fields(model)}
        plain = all(key == name for key, name in keys.items()) and not hasattr(model, "__slots__")
        return vars if plain else partial(_by_key, keys)
    if issubclass(model, Sequence):  # rows that are made as they are read
        return list
    raise TypeError(f"{model.__name__} has no form in JSON")


def _by_key(keys: Mapping[str, str], answer: Any) -> dict[str, Any]:
    return {key: getattr(answer, name) for key, name in keys.items()}


def by_key(answer: Any) -> dict[str, Any]:
    """An answer's values by their keys in JSON, the nested ones as they are."""
    return {key_of(each.name): getattr(answer, each.name) for each in fields(answer)}


def key_of(name: str) -> str:
    """The key that a field has in JSON: `from` for `from_`."""
    return name.removesuffix("_")


@cache
def columns_of(model: type[Any]) -> tuple[str, ...]:
    """The columns of a table of such answers: its fields in their order, `threshold.required` for a nested one.

    Where a table shows less, or in another order, the model says so in its `COLUMNS`.
    """
    if declared := getattr(model, "COLUMNS", ()):
        return tuple(declared)
    hints = get_type_hints(model)
    found: list[str] = []
    for each in fields(model):
        key, kind = key_of(each.name), hints[each.name]
        found += [f"{key}.{inner}" for inner in _inner(kind)] or [key]
    return tuple(found)


def _inner(kind: Any) -> tuple[str, ...]:
    return columns_of(kind) if hasattr(kind, "__dataclass_fields__") else ()


def value_at(row: Any, column: str) -> Any:
    """A row's value; `threshold.required` reaches into `threshold`, None where there is no such part."""
    value: Any = row
    for key, name in _path(column):
        if value is None:
            return None
        value = value[key] if isinstance(value, dict) else getattr(value, name)
    return value


@lru_cache(maxsize=1024)
def _path(column: str) -> tuple[tuple[str, str], ...]:
    """The keys on the way to a value, each with the name that the field has in Python."""
    return tuple((key, f"{key}_" if iskeyword(key) else key) for key in column.split("."))


def csv_cell(value: Any) -> str:
    """A value as a cell of CSV: lists joined, truth as yes and no, formulas disarmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return csv_cell("; ".join(map(str, value)))
    text = str(value)
    armed = text.startswith(("\t", "\r", "\n")) or text.lstrip(_PASSED_OVER).startswith(_DANGEROUS)
    return f"'{text}" if isinstance(value, str) and armed else text
