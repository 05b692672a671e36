"""Answers as plain data, the same for command line, pages and programs: dicts and lists in JSON's own types.

Nothing is decided here; the rules are asked and what they say is laid out. Keys are kept stable.
"""

from tracker.schemas.assessments import courses_answer, judgements_answer, scheme_answer, schemes_answer
from tracker.schemas.bodies import bodies_answer, body_answer, body_rows
from tracker.schemas.changes import change_answer, change_rows, changes_answer
from tracker.schemas.crossing import selection_answer
from tracker.schemas.instruments import instrument_answer, instrument_rows, status_answer
from tracker.schemas.overview import check_answer, latest_answer, statuses_answer, upcoming_answer
from tracker.schemas.participants import participant_answer, participant_rows, participants_answer
from tracker.schemas.questions import claim_answer, needed_answer, what_if_answer
from tracker.schemas.targets import targets_answer, verdict_answer

__all__ = [
    "bodies_answer",
    "body_answer",
    "body_rows",
    "change_answer",
    "change_rows",
    "changes_answer",
    "check_answer",
    "claim_answer",
    "courses_answer",
    "instrument_answer",
    "instrument_rows",
    "judgements_answer",
    "latest_answer",
    "needed_answer",
    "participant_answer",
    "participant_rows",
    "participants_answer",
    "scheme_answer",
    "schemes_answer",
    "selection_answer",
    "status_answer",
    "statuses_answer",
    "targets_answer",
    "upcoming_answer",
    "verdict_answer",
    "what_if_answer",
]
