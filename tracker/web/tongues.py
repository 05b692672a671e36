"""Country names in the six languages of the United Nations, from Unicode's CLDR as Babel carries it.

Read once when the program starts; nothing is listed by hand here. Which names the record itself
uses is in its data; how names are matched is `tracker.law.search`'s business.
"""

from __future__ import annotations

from babel import Locale

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
_LOCALES = {language: Locale.parse(language) for language in LANGUAGES}

TONGUES: dict[str, tuple[tuple[str, str], ...]] = {
    code: tuple((language, each.territories[code]) for language, each in _LOCALES.items() if code in each.territories)
    for code in _LOCALES["en"].territories
    if len(code) == 2
}
DIRECTIONS: dict[str, str] = {language: each.text_direction for language, each in _LOCALES.items()}
WORDS: dict[str, str] = {language: str(each.english_name).partition(" (")[0] for language, each in _LOCALES.items()}
