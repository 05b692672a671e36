"""Ordinal numbers before a masculine noun, in figures and, below a hundred, spelled out, in French and Spanish."""

from __future__ import annotations

from tracker.law.wording import Ordinal

_FRENCH = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_FRENCH_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_SPANISH = (
    "", "primer", "segundo", "tercer", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo",
    "undécimo", "duodécimo", "decimotercer", "decimocuarto", "decimoquinto", "decimosexto", "decimoséptimo",
    "decimoctavo", "decimonoveno",
)  # fmt: skip
_SPANISH_TENS = (
    "", "", "vigésimo", "trigésimo", "cuadragésimo", "quincuagésimo", "sexagésimo", "septuagésimo", "octogésimo",
    "nonagésimo",
)  # fmt: skip


def ordinal(value: Ordinal, language: str) -> str:
    """A place in an order: `40e` or `quarantième`, `40.º` or `cuadragésimo`."""
    spelled = value.spelled and 0 < value.number < 100
    if language == "fr":
        return _in_french(value.number) if spelled else f"{value.number}{'er' if value.number == 1 else 'e'}"
    if spelled:
        return _in_spanish(value.number)
    shortened = value.number % 10 in (1, 3) and value.number % 100 not in (11, 13)
    return f"{value.number}.{'er' if shortened else 'º'}"


def _in_french(number: int) -> str:
    if number == 1:
        return "premier"
    word = _french_number(number)
    if word.endswith("cinq"):
        return f"{word}uième"
    if word.endswith("neuf"):
        return f"{word[:-1]}vième"
    return f"{word.removesuffix('e')}ième"


def _french_number(number: int) -> str:
    """A number as its ordinal is made from it: without the `s` of `quatre-vingts`."""
    if number < 20:
        return _FRENCH[number]
    tens, ones = divmod(number, 10)
    if tens in (7, 9):
        tens, ones = tens - 1, ones + 10
    if not ones:
        return _FRENCH_TENS[tens]
    joint = " et " if ones in (1, 11) and tens != 8 else "-"
    return f"{_FRENCH_TENS[tens]}{joint}{_FRENCH[ones]}"


def _in_spanish(number: int) -> str:
    if number < 20:
        return _SPANISH[number]
    tens, ones = divmod(number, 10)
    return f"{_SPANISH_TENS[tens]} {_SPANISH[ones]}".rstrip()
