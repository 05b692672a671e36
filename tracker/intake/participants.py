"""Which participants a column names, by names or by the codes of a scheme; the whole column decides which."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.intake.profile import OpenQuestion
from tracker.law.ledger import Ledger
from tracker.law.names import NameIndex
from tracker.law.search import SearchKind, fold_text, search_entries
from tracker.messages import message

NAMES = "name"
ENOUGH = 5  # different codes that fit one scheme throughout, so that no other reading of one of them matters
_MARKS = re.compile(r"[\s*\u2020\u2021]*(?:\[?\d+(?:\s*,\s*\d+)*\]?)?[\s*\u2020\u2021]*$")
# What a heading says about the scheme of its column.
_SAID = {
    "cow": ("cow", "cow-number"), "ccode": ("cow-number",), "cowcode": ("cow-number", "cow"), "stateabb": ("cow",),
    "gw": ("gw", "gw-number"), "gwno": ("gw-number",), "gwcode": ("gw-number", "gw"), "m49": ("m49",),
    "iso3": ("iso3",), "alpha": ("iso3", "iso2"), "iso2": ("iso2",), "iso": ("iso3", "iso2", "m49"),
}  # fmt: skip


class ParticipantNames:
    """All that participants are called, scheme by scheme."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        entries = (each for each in search_entries(ledger, {}) if each.kind is SearchKind.PARTICIPANT)
        self._index = NameIndex(replace(each, names=tuple(n for n in each.names if not n.whole)) for each in entries)
        self._codes = _codes(ledger)
        everyone = ledger.participants.values()
        self._spelled = {_spelling(name) for who in everyone for name in (who.name, *who.aliases)}

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes, the most usual first."""
        return (NAMES, *self._codes)

    def is_name(self, text: str) -> bool:
        """Is it the name of one participant?"""
        return len(self.meanings(NAMES, text)) == 1

    def is_spelled(self, text: str) -> bool:
        """Is it a name letter for letter, accents included? Wrongly decoded, it is none."""
        return _spelling(_MARKS.sub("", text)) in self._spelled

    def meanings(self, scheme: str, text: str) -> tuple[str, ...]:
        """The codes of all participants that a text may mean in a scheme; names may have footnote marks behind them."""
        if scheme != NAMES:
            return self._codes[scheme].get(_plain_code(text), ())
        plain = _MARKS.sub("", text)
        for each in (text, plain, plain.removeprefix("The ").removeprefix("the ")):
            if found := self._index.named(each):
                return tuple(entry.id for entry in found)
        return ()

    def alive(self, codes: Sequence[str], day: date | None) -> tuple[str, ...]:
        """Those of several participants that existed on the day of the action."""
        if len(codes) < 2 or day is None:
            return tuple(codes)
        return tuple(code for code in codes if self._ledger.participants[code].existed_on(day))

    def nearest(self, text: str) -> tuple[str, ...]:
        """Names that are like an unknown one."""
        return self._index.nearest(_MARKS.sub("", text))


def _codes(ledger: Ledger) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    found: dict[str, dict[str, list[str]]] = {"iso3": {}, "iso2": {}}
    given = {who.iso2 for who in ledger.participants.values() if not who.exists_to}
    for code, who in ledger.participants.items():
        found["iso3"].setdefault(code, []).append(code)
        if who.iso2 and not (who.exists_to and who.iso2 in given):
            found["iso2"].setdefault(who.iso2, []).append(code)
        for each in ledger.codes(code):
            if each.scheme != "wikidata":
                found.setdefault(each.scheme, {}).setdefault(_plain_code(each.code), []).append(code)
    return {scheme: {code: tuple(codes) for code, codes in table.items()} for scheme, table in found.items()}


def _spelling(name: str) -> str:
    return name.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def _plain_code(text: str) -> str:
    """A code in capitals; a number without the zeros and the `.0` that spreadsheets drop or add."""
    plain = text.strip().upper().removesuffix(".0")
    return plain.lstrip("0") if plain.isdigit() else plain


@dataclass(frozen=True, slots=True)
class IdentityColumn:
    """A column that says who acted: its heading, its place and the scheme of its values."""

    heading: str
    place: int
    scheme: str


def scheme_of(
    names: ParticipantNames, heading: str, values: Sequence[str], chosen: str = ""
) -> tuple[str, OpenQuestion | None]:
    """The scheme of a column's values, and the question which one is meant where several fit and differ.

    A heading that names a scheme decides among those that fit; a scheme that fits throughout comes before one that
    does not; names before codes.
    """
    distinct = list(dict.fromkeys(values))
    if chosen in names.schemes:
        return chosen, None
    found = {scheme: [names.meanings(scheme, value) for value in distinct] for scheme in names.schemes}
    fitting = [scheme for scheme, meant in found.items() if distinct and all(meant)]
    said = [scheme for scheme in _schemes_in_heading(heading) if scheme in fitting]
    if said:
        return said[0], None
    if not fitting:
        return max(found, key=lambda scheme: sum(map(bool, found[scheme]))), None
    best = next((scheme for scheme in fitting if all(len(each) == 1 for each in found[scheme])), fitting[0])
    rivals = [scheme for scheme in fitting if found[scheme] != found[best] and _is_rival(scheme, best, distinct)]
    if not rivals:
        return best, None
    example = next(v for v, one, other in zip(distinct, found[best], found[rivals[0]], strict=True) if one != other)
    text = message(
        "The values of '{heading}' can be read as {one} and as {other}: '{example}' would be different States.",
        heading=heading, one=best, other=rivals[0], example=example,
    )  # fmt: skip
    return best, OpenQuestion("codes", "", text, (best, *rivals))


def _is_rival(scheme: str, best: str, distinct: Sequence[str]) -> bool:
    """Names that happen to be codes, too, are no other reading once many codes fit."""
    return scheme != NAMES or len(distinct) < ENOUGH


def _schemes_in_heading(heading: str) -> tuple[str, ...]:
    words = fold_text(heading).split()
    packed = "".join(words)
    return next((schemes for word, schemes in _SAID.items() if word in words or packed.startswith(word)), ())
