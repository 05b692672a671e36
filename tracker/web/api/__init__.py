"""The JSON API under `/api/v1/`, for programs: one envelope for answers, one for errors, described by itself.

The answers are those of the pages; nothing is computed for the API alone. An operation is written as
`describing` shows; which parameters there are is `parameters`' business, how answers are put `answering`'s.
"""

from tracker.web import openapi
from tracker.web.api import following, headers, querying, reading
from tracker.web.api.ground import api

headers.install(api)

__all__ = ["api", "following", "openapi", "querying", "reading"]
