"""The cells of CSV tables: how values are written, with formulas disarmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What spreadsheets take for the beginning of a formula, or pass over before one (OWASP, CSV injection).
_DANGEROUS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PASSED_OVER = " \t\r\n\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"


def found_in(row: Any, column: str) -> Any:
    """A row's value; `threshold.required` reaches into `threshold`, None where there is no such part."""
    value: Any = row
    for key in column.split("."):
        if value is None:
            return None
        value = value[key] if isinstance(value, Mapping) else getattr(value, key)
    return value


def csv_cell(value: Any) -> str:
    """A value as a cell of CSV: lists joined, truth as yes and no, formulas disarmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return csv_cell("; ".join(map(str, value)))
    text = str(value)
    armed = text.startswith(("\t", "\r", "\n")) or text.lstrip(_PASSED_OVER).startswith(_DANGEROUS)
    return f"'{text}" if isinstance(value, str) and armed else text
