"""The catalogues of the interface's languages, and messages, dates and lists said in one of them.

A language is a folder of gettext catalogues (`fr/law.po`), read as they are: nothing has to be compiled.
`scripts/update_translations.py` brings them up to date with the program's texts.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from tracker.law.dates import PartialDate
from tracker.law.wording import (
    Alternatives,
    DayOfYear,
    Ordinal,
    SentenceStart,
    StateName,
    TreatyName,
    capitalize,
    format_fraction,
)
from tracker.messages import TranslatableText, fill, in_english
from tracker.translations.ordinals import ordinal

FOLDER = Path(__file__).parent
SOURCE_LANGUAGE = "en"
LANGUAGES = (SOURCE_LANGUAGE, "fr", "es")


@lru_cache(maxsize=16)
def locale_of(language: str) -> Locale:
    """The locale by which a language writes its dates and numbers; English as the United Nations spells it."""
    return Locale.parse("en_GB" if language == SOURCE_LANGUAGE else language)


_PLURALS = {"fr": "nplurals=2; plural=(n > 1);"}  # Babel's own have a third form, for whole millions
_OTHER_PLURALS = "nplurals=2; plural=(n != 1);"


def empty_catalogue(language: str) -> Catalog:
    """A catalogue of a language without any text, which knows the language's plurals."""
    plurals = _PLURALS.get(language, _OTHER_PLURALS)
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Plural-Forms: {plurals}\\n"\n'
    return read_po(BytesIO(header.encode()), locale=language)


def read_catalogues(language: str) -> Catalog:
    """All that is translated into a language, whichever of its catalogues holds it."""
    whole = empty_catalogue(language)
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id and entry.string:
                    whole.add(entry.id, entry.string, context=entry.context)
    return whole


@lru_cache(maxsize=16)
def catalogue(language: str) -> NullTranslations:
    """All translations of a language, from every catalogue in its folder; of English there are none to make."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_catalogues(language))
    compiled.seek(0)
    return Translations(compiled)


def translate(text: str, language: str) -> str:
    """A text of the program in a language: a message with its values, any other text as the catalogue has it.

    What no catalogue has stays English.
    """
    if language == SOURCE_LANGUAGE or not text:
        return text
    if isinstance(text, StateName | TreatyName):
        return name_in(text, language)
    if not isinstance(text, TranslatableText):
        return catalogue(language).ugettext(text)
    if text.many is None:
        sentence = catalogue(language).ugettext(text.template)
    else:
        sentence = catalogue(language).ungettext(text.template, text.many, text.values["n"])
    vague = [name for name, value in text.values.items() if isinstance(value, PartialDate) and value.exact is None]
    values = {name: in_language(value, language) for name, value in text.values.items()}
    return fill(_without_articles(sentence, vague, language), values)


# Before a day, French and Spanish have an article; before a month or a year they have none, or "in".
_ARTICLES = {
    "fr": (
        (r"(\}|\b(?:pos|an)térieure?s?) au ", r"\1 à "), (r"\b(depuis|entre|et|avant|après|dès|précédant) le ", r"\1 "),
        (r"\bjusqu’au ", "jusqu’en "), (r"\bdu ", "de "), (r"\b(?:le|au) ", "en "), (r"\bLe ", "En "),
    ),
    "es": (
        (r"(\}|\b(?:posterior|anterior)(?:es)?|igual) al ", r"\1 a "),
        (r"\b(desde|entre|y|hasta|tras|para) el ", r"\1 "),
        (r"\bdel ", "de "), (r"\b(?:el|al) ", "en "), (r"\bEl ", "En "),
    ),
}  # fmt: skip


def _without_articles(sentence: str, names: Iterable[str], language: str) -> str:
    """The sentence for dates known to the month or the year: `depuis 2013`, `en mars 2013` for `le {date}`."""
    for name in names:
        for before, instead in _ARTICLES[language]:
            sentence = re.sub(rf"{before}(?=\{{{name}\}})", instead, sentence)
    return sentence


@lru_cache(maxsize=16)
def _names(language: str) -> dict[tuple[str, str], str]:
    """What a language calls treaties, by their English names, and States where the United Nations differs from CLDR."""
    with (FOLDER / "names.csv").open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["key"]): row["name"] for row in csv.DictReader(file) if row["language"] == language}


def name_in(name: StateName | TreatyName, language: str) -> str:
    """What a language calls a State or a treaty; its English name where no other is known."""
    if language == SOURCE_LANGUAGE:
        return name
    known = _names(language)
    if isinstance(name, TreatyName):
        return known.get(("treaty", name), name)
    return known.get(("State", name.iso2)) or str(locale_of(language).territories.get(name.iso2) or name)


def in_language(value: Any, language: str) -> str:
    """A value of a message as a sentence of the language writes it; a text that is no message stays as it is."""
    if language == SOURCE_LANGUAGE:
        return in_english(value)
    if isinstance(value, TranslatableText | StateName | TreatyName):
        return translate(value, language)
    if isinstance(value, date | PartialDate):
        return long_date(value, language)
    if isinstance(value, Ordinal):
        return ordinal(value, language)
    if isinstance(value, DayOfYear):
        return _first_of_month(
            format_skeleton("MMMMd", date(2000, value.month, value.day), locale=locale_of(language)), language
        )
    if isinstance(value, SentenceStart):
        return capitalize(in_language(value.text, language))
    if isinstance(value, Alternatives):
        return format_list([in_language(each, language) for each in value.items], "or", locale_of(language))
    if isinstance(value, Fraction):
        return _decimal(value, language)
    if isinstance(value, int):
        return str(format_decimal(value, locale=locale_of(language)))
    if isinstance(value, list | tuple):
        return format_list([in_language(each, language) for each in value], locale=locale_of(language))
    return str(value)


def long_date(value: date | PartialDate, language: str) -> str:
    """A date as a sentence writes it: `29 septembre 2003`, `29 de septiembre de 2003`, `1er juillet 2003`."""
    return _format_date(value, language, "long")


def short_date(value: date | PartialDate, language: str) -> str:
    """A date as a table writes it: `29 Sep 2003`, `29 sept. 2003`."""
    return _format_date(value, language, "medium")


_MONTH_AND_YEAR = {"long": {"es": "MMMM 'de' y"}, "medium": {}}
_SHORT_DAY = {"es": "d MMM y"}  # where CLDR's medium form is not the one of tables


@lru_cache(maxsize=32768)
def _format_date(value: date | PartialDate, language: str, length: str) -> str:
    exact = value.exact if isinstance(value, PartialDate) else value
    locale = locale_of(language)
    if exact is None:
        assert isinstance(value, PartialDate)
        if value.first.month != value.last.month:
            return str(value.first.year)
        if language == SOURCE_LANGUAGE:
            return f"{value.first:{'%B' if length == 'long' else '%b'} %Y}"
        months = "MMMM y" if length == "long" else "MMM y"
        return format_date(value.first, _MONTH_AND_YEAR[length].get(language, months), locale=locale)
    if language == SOURCE_LANGUAGE:
        return f"{exact.day} {exact:{'%B' if length == 'long' else '%b'} %Y}"
    text = format_date(exact, _SHORT_DAY.get(language, length) if length == "medium" else length, locale=locale)
    return _first_of_month(text, language)


def _first_of_month(text: str, language: str) -> str:
    """A date as French writes it on the first day of a month."""
    return f"1er{text[1:]}" if language == "fr" and text.startswith("1 ") else text


def _decimal(value: Fraction, language: str) -> str:
    written = format_fraction(value)
    return written if "/" in written else str(format_decimal(Decimal(written), locale=locale_of(language)))
