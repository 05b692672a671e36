"""The envelope of every answer of the API: what an answer says about itself, and what an error says."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tracker.schemas.values import IsoDay, Moment, Number, UriReference, answer_model


@answer_model
class Meta:
    """What an answer says about itself: its day, the moment asked about, the record's revision and when it was made."""

    as_of: IsoDay
    known_at: Moment | None
    revision: Number
    revision_made_at: Moment | None


@answer_model
class PagedMeta(Meta):
    """The same of a list, with the number of its rows in all and the address of the next page."""

    total: Number
    limit: Annotated[int, Field(ge=1)] | None
    offset: Number
    next: UriReference | None


@answer_model
class Problem:
    """What went wrong: a word for programs, a sentence for people, the HTTP status."""

    code: str
    message: str
    status: Annotated[int, Field(ge=400, le=599)]


@answer_model
class Failure:
    """The envelope of every error."""

    error: Problem
