"""Collecting what is wrong with files, so that all of it can be told at once.

A reader adds fault after fault and goes on; whoever started it raises them together. What makes
a value or a row faulty is decided by the modules that add.
"""

from __future__ import annotations

from tracker.errors import BadData, Fault

MOST = 200  # nobody mends more than that before trying again


class Faults:
    """The faults found so far. Adding one more than `MOST` raises BadData at once."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    @property
    def count(self) -> int:
        """How many faults were found so far."""
        return len(self._found)

    def add(self, file: str, line: int, problem: str, mend: str = "", *, column: str = "", value: str = "") -> None:
        """Note a fault. `problem` is what is the case ("is not a date."), `mend` what to do about it."""
        if len(self._found) == MOST:
            raise BadData([*self._in_order(), Fault(file, line, "", "", _STOPPED, _AGAIN)])
        self._found.append(Fault(file, line, column, value, problem, mend))

    def raise_any(self) -> None:
        """BadData with every fault found, in file and line order; nothing if there is none."""
        if self._found:
            raise BadData(self._in_order())

    def _in_order(self) -> list[Fault]:
        files = list(dict.fromkeys(fault.file for fault in self._found))
        return sorted(self._found, key=lambda fault: (files.index(fault.file), fault.line))


_STOPPED = f"is where reading stopped: {MOST} faults are enough to begin with."
_AGAIN = "Mend those above, then try again: there may be more."
