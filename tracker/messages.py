"""Sentences in English that can be said in another language: each remembers its template and its values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache, singledispatch
from typing import Any, Self

Values = Mapping[str, Any]


class TranslatableText(str):
    """A text in English that knows what it was made of; `tracker.translations` says it in another language.

    `template` is the English template, the key of the catalogues; `many` is its plural, chosen by the value `n`.
    """

    __slots__ = ("many", "template", "values")

    template: str
    many: str | None
    values: Values

    def __new__(cls, template: str, many: str | None, values: Values) -> Self:
        """The text in English."""
        chosen = template if many is None or values["n"] == 1 else many
        english = {
            name: value if type(value) in _TEXTS else in_english(value) for name, value in values.items()
        }  # what is a text already is most of what sentences are made of
        made = super().__new__(cls, fill(chosen, english))
        made.template, made.many, made.values = template, many, values
        return made

    def __getnewargs__(self) -> tuple[str, str | None, Values]:  # type: ignore[override]
        """What a copy is made of."""
        return self.template, self.many, self.values


_TEXTS = (TranslatableText, str)


def message(template: str, /, **values: Any) -> TranslatableText:
    """The text of a template such as "Entry into force: {date} ({article})." with its values.

    Values may be dates, numbers, other messages, texts that are the same in every language, and lists of these.
    """
    return TranslatableText(template, None, values)


def plural(one: str, many: str, n: int, /, **values: Any) -> TranslatableText:
    """The text of one of two templates: `one` where `n` is 1, else `many`; both may use `{n}`."""
    return TranslatableText(one, many, {"n": n} | values)


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its values put in; without values it is the text itself, braces and all."""
    return template.format_map(values) if values else template


@singledispatch
def in_english(value: Any) -> str:
    """A value as an English sentence writes it: `29 September 2003`, `1,234`, `A, B and C`."""
    return str(value)


@in_english.register
def _(value: int) -> str:
    return f"{value:,}"


@in_english.register
def _(value: date) -> str:
    return _date_in_english(value)


@lru_cache(maxsize=8192)
def _date_in_english(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


@in_english.register(list)
@in_english.register(tuple)
def _(value: list[Any] | tuple[Any, ...]) -> str:
    parts = [in_english(each) for each in value]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
