"""Country names in the six official languages of the United Nations, from Unicode's CLDR through Babel."""

from __future__ import annotations

from babel import Locale

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
_LOCALES = {language: Locale.parse(language) for language in LANGUAGES}

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
