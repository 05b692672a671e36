"""Single values and treaty actions in the form that JSON and CSV hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import Action

Plain = dict[str, Any]


def iso_date(day: date | PartialDate | None) -> str | None:
    """The day in ISO 8601, as far as it is known."""
    return str(day) if day else None


def action_answer(ledger: Ledger, act: Action) -> Plain:
    """One treaty action, with the names of who did it and on what."""
    return {
        "instrument": act.instrument,
        "instrument_name": title_of(ledger, act.instrument),
        "participant": act.participant,
        "name": name_of(ledger, act.participant),
        "action": act.kind.value,
        "words": act.kind.words,
        "date": iso_date(act.date),
        "effective_on": iso_date(act.effective_on),
        "territory": act.territory,
        "note": act.note,
        "source": act.source,
        "doubt": act.doubt,
    }


def named_participants(ledger: Ledger, codes: Iterable[str]) -> list[Plain]:
    """Participants as code and name, in the order of their names."""
    found = [{"participant": code, "name": name_of(ledger, code)} for code in codes]
    return sorted(found, key=lambda each: each["name"])


def distinct_texts(texts: Iterable[str]) -> list[str]:
    """The texts that say something, each once, in their order."""
    return list(dict.fromkeys(filter(None, texts)))
