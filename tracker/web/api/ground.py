"""The blueprint that the operations of the API stand on; they are described as `describing` shows."""

from flask import Blueprint

from tracker.web.api.describing import PREFIX

api = Blueprint("api", __name__, url_prefix=PREFIX)
