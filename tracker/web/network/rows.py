"""Rows of a table that are made when they are read: a page shows few of the many thousands that a collection has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, overload

from tracker.law.answers.plain import Plain

T = TypeVar("T")


class Rows(Sequence[Plain], Generic[T]):
    """What `made` says of each of `found`, in their order."""

    def __init__(self, found: Sequence[T], made: Callable[[T], Plain]) -> None:
        self._found, self._made = found, made

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> Plain: ...

    @overload
    def __getitem__(self, place: slice) -> list[Plain]: ...

    def __getitem__(self, place: int | slice) -> Plain | list[Plain]:
        if isinstance(place, slice):
            return [self._made(each) for each in self._found[place]]
        return self._made(self._found[place])
