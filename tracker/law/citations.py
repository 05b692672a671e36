"""Citations of treaties as depositaries and lawyers write them, each in one form: series and numbers.

`CETS No. 185` and `STE 185` are one, so are `2225 UNTS 209` and `UNTS vol. 2225, p. 209`. What a citation stands for is
not decided here: `search` compares them with the names of instruments.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_COUNCIL_OF_EUROPE = re.compile(r"(?:c ?e ?t ?s|e ?t ?s|s ?t ?c? ?e)(?: no?)? ?0*(\d{1,3})")
_RESOLUTION = re.compile(r"(?:a res|.*\bres|.*\bresolution|.*\bresolucion) (?:no? )?(\d{2}) (\d{1,3})(?: .*)?")
_TREATY_SERIES = re.compile(r"\b(?:u ?n ?t ?s|r ?t ?n ?u|united nations treaty series|recueil des traites)\b")
_REGISTRATION = re.compile(r"(?:unts |un |registration )?(?:i |no? |number )?0*(\d{4,6})(?: \d{4} \d{2} \d{2})?")
_CHAPTER = re.compile(r"(?:chapter |chapitre |capitulo |ch )?([ivxl]{1,6}|\d{1,2}) ?(\d{1,2})(?: ?([a-z]))?")
_OECD = re.compile(r"oecd legal 0*(\d{1,4})")


@lru_cache(maxsize=1 << 14)
def citation_key(text: str) -> str:
    """What all ways to write one citation have in common, of a text without case and punctuation; "" if it is none."""
    if found := _COUNCIL_OF_EUROPE.fullmatch(text):
        return f"ets {found[1]}"
    if found := _OECD.fullmatch(text):
        return f"oecd {found[1]}"
    if _TREATY_SERIES.search(text) and (numbers := re.findall(r"\d+", text)):
        volume = len(numbers) > 1 or int(numbers[0]) < 10_000  # higher ones are numbers of registration
        return f"unts {' '.join(numbers[:2])}" if volume else f"registration {int(numbers[0])}"
    if found := _RESOLUTION.fullmatch(text):
        return f"resolution {found[1]} {found[2]}"
    if found := _REGISTRATION.fullmatch(text):
        return f"registration {found[1]}"
    if found := _CHAPTER.fullmatch(text):
        chapter = int(found[1]) if found[1].isdigit() else _arabic(found[1])
        return f"chapter {chapter} {found[2]} {found[3] or ''}".strip()
    return ""


def cites(wanted: str, known: str) -> bool:
    """Does one citation, as its key, mean the other? A volume of the Treaty Series means whatever is printed in it."""
    return bool(wanted) and (wanted == known or (wanted.startswith("unts ") and known.startswith(f"{wanted} ")))


def _arabic(roman: str) -> int:
    values = [_ROMAN[each] for each in roman]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
