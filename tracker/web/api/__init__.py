"""The JSON API under `/api/v1/`, for programs: one envelope for answers, one for errors, described by itself.

The answers are those of the pages; nothing is computed for the API alone. An operation is written as
`describing` shows; which parameters there are is `parameters`' business, how answers are put `answering`'s.
"""

from tracker.web.api import change_routes, openapi, operations, read_routes
from tracker.web.api.operations import api

operations.install(api)

__all__ = ["api", "change_routes", "openapi", "read_routes"]
