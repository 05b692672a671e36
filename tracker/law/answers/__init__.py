"""Answers as plain data, the same for command line, pages and programs: dicts and lists in JSON's own types.

Nothing is decided here; the rules are asked and what they say is laid out. Keys are kept stable.
"""

from tracker.law.answers.bodies import bodies_answer, body_answer, body_rows
from tracker.law.answers.instruments import instrument_answer, instrument_rows, status_answer
from tracker.law.answers.overview import (
    check_answer,
    latest_answer,
    statuses_answer,
    upcoming_answer,
)
from tracker.law.answers.participants import participant_answer, participant_rows, participants_answer

__all__ = [
    "bodies_answer",
    "body_answer",
    "body_rows",
    "check_answer",
    "instrument_answer",
    "instrument_rows",
    "latest_answer",
    "participant_answer",
    "participant_rows",
    "participants_answer",
    "status_answer",
    "statuses_answer",
    "upcoming_answer",
]
