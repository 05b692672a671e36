"""How to cite an instrument's status as a page shows it: title, place, depositary, status, address and day of access.

One line of text that can be copied as it is; what the status is comes from the law's answers.
"""

from __future__ import annotations

from tracker.law.answers.plain import Plain
from tracker.law.dates import PartialDate, in_words
from tracker.web import Asked, whole_link
from tracker.web.wording import count


def citation(asked: Asked, data: Plain) -> str:
    """An instrument's status on the day asked about, as a reference; `data` is the instrument's answer."""
    title = data["title"] if data["title"] == data["name"] else f"{data['title']} ({data['name']})"
    parts = [title, _adopted(data), data["reference"], _registered(data), _deposited(data)]
    counts = f"{count(data['parties'], 'party', 'parties')}, {count(data['signatories'], 'signatory', 'signatories')}"
    here = whole_link("pages.instrument", id=data["instrument"], as_of=asked.day)
    return (
        f"{', '.join(filter(None, parts))}. Status as of {in_words(asked.day)}: {counts}; {_force(data)}. "
        f"Treaty Tracker, revision {asked.revision}, {here}, accessed {in_words(asked.today)}."
    )


def _adopted(data: Plain) -> str:
    day = in_words(PartialDate.parse(data["adopted_on"])) if data["adopted_on"] else ""
    return ", ".join(filter(None, (data["adopted_at"], day)))


def _registered(data: Plain) -> str:
    return f"registration {data['registration']}" if data["registration"] else ""


def _deposited(data: Plain) -> str:
    return f"depositary: {data['depositary']}" if data["depositary"] else ""


def _force(data: Plain) -> str:
    entry = data["entry_into_force"]
    day = f" {in_words(PartialDate.parse(entry['date']))}" if entry["date"] else ""
    return {
        "in-force": f"in force since{day}" if day else "in force",
        "will-enter-into-force": f"enters into force on{day}",
        "terminated": "no longer in force",
    }.get(entry["status"], "not in force")
