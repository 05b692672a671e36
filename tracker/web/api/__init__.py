"""The JSON API under `/api/v1/`: one envelope for answers, one for errors, described by its own OpenAPI document.

The answers are those of the pages; nothing is computed for the API alone.
"""

from tracker.web.api import change_routes, openapi, operations, read_routes, statement_routes
from tracker.web.api.operations import api

operations.install(api)

__all__ = ["api", "change_routes", "openapi", "read_routes", "statement_routes"]
