"""What differs between two pictures of the same kind, as changes of the first that make the second of it.

A change of an element has `set`, its attributes with new values (None for one that goes), and `children`, where these
changed: each the number of an old child that stays as it is, that number with the child's own change, or markup.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from lxml import etree

Change = dict[str, Any]
PLACES = frozenset(("d", "x", "y", "r", "transform", "width", "height", "points", "cx", "cy"))  # where, not what


def difference(old: etree._Element, new: etree._Element) -> Change:
    """The change that makes `new` of `old`; empty where they are alike. Both hold elements only, as groups do."""
    change: Change = {}
    names = {**old.attrib, **new.attrib}
    if given := {name: new.get(name) for name in names if old.get(name) != new.get(name)}:
        change["set"] = given
    children = _children(old, new)
    if children != list(range(len(old))):
        change["children"] = children
    return change


def _children(old: etree._Element, new: etree._Element) -> list[Any]:
    before, after = [_markup(each) for each in old], [_markup(each) for each in new]
    alike, similar = _Places(before), _Places([_look(each) for each in old])
    found: list[Any] = [alike.take(each) for each in after]
    for used in found:
        similar.drop(used)
    for number, each in enumerate(new):
        if found[number] is not None:
            continue
        place = similar.take(_look(each))
        found[number] = after[number] if place is None else [place, difference(old[place], each)]
    return found


class _Places:
    """The numbers of elements by a text that stands for each; every number can be taken once."""

    def __init__(self, texts: list[str]) -> None:
        self._left: dict[str, list[int]] = defaultdict(list)
        self._texts = texts
        for number in reversed(range(len(texts))):
            self._left[texts[number]].append(number)

    def take(self, text: str) -> int | None:
        """The first number of that text that is left."""
        left = self._left.get(text)
        return left.pop() if left else None

    def drop(self, number: int | None) -> None:
        """Take out a number."""
        if number is not None:
            self._left[self._texts[number]].remove(number)


def _markup(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", with_tail=False)


def _look(element: etree._Element) -> str:
    """What an element keeps when it moves or grows: its name, and all that does not say where; words stay with it."""
    given = ";".join(f"{name}={value}" for name, value in element.attrib.items() if name not in PLACES)
    return f"{element.tag!s} {given} {'' if element.tag == 'g' else _words(element)}"


def _words(element: etree._Element) -> str:
    """Everything in an element that is not a group."""
    return (element.text or "") + "".join(etree.tostring(each, encoding="unicode") for each in element)
