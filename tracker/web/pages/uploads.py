"""The editors' page for files in any form: what was understood is shown and corrected, then recorded.

Between the steps the file travels in the form, compressed: the server keeps nothing of it.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue

from tracker.alerts import outbox
from tracker.errors import BadData, BadQuestion, Fault, Refused
from tracker.intake.actions import IGNORE
from tracker.intake.files import take_in
from tracker.intake.profile import ACTION_ROLE, ROLES, FileProfile
from tracker.intake.understanding import Understood, understand
from tracker.law.kinds import ActionKind
from tracker.law.ledger import Ledger
from tracker.law.model import Fact
from tracker.messages import message
from tracker.storage import change_log, repository
from tracker.storage.import_export import Parsed, import_parsed
from tracker.storage.repository import RecordOutcome
from tracker.web.auth import Permission, current_principal, requires
from tracker.web.context import utc_now
from tracker.web.forms import faults_of
from tracker.web.pages.review import engine, never_cached

blueprint = Blueprint("uploads", __name__)
blueprint.after_request(never_cached)
MAX_KEPT = 90_000  # characters of a file in the form, compressed
MAX_UNPACKED = 4_000_000  # bytes of it when it is unpacked again
MAX_SHOWN = 50  # facts and faults
ANSWERS = ("treaty", "source", "dates", "codes", "encoding", "delimiter", "sheet")
ROLE_CHOICES = (*ROLES, *(f"{ACTION_ROLE}{kind}" for kind in ActionKind))
TOO_LARGE = message("The file is too large for this page. Use the command tracker import.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: its name, its bytes, the answers given, what was made of it, what would be recorded."""

    name: str
    data: bytes
    profile: FileProfile
    understood: Understood | None = None
    outcome: RecordOutcome | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def kept(self) -> str:
        """The file as it travels in the form."""
        return base64.b64encode(zlib.compress(self.data, 9)).decode()

    @property
    def facts(self) -> tuple[tuple[str, Fact], ...]:
        """What is recorded (`+`) and retracted (`-`), as far as it is shown."""
        if self.outcome is None:
            return ()
        signed = [("+", fact) for fact in self.outcome.recorded] + [("-", fact) for fact in self.outcome.retracted]
        return tuple(signed[:MAX_SHOWN])


def install(app: Flask) -> None:
    """Give the app this page."""
    app.register_blueprint(blueprint)


@blueprint.get("/import")
@requires(Permission.IMPORT)
def form() -> ResponseReturnValue:
    """The form to choose a file with."""
    return _upload_page(None)


@blueprint.post("/import")
@requires(Permission.IMPORT)
def read() -> ResponseReturnValue:
    """Read the file and show what it says; with the button to record, record it if nothing is open."""
    try:
        sent = _read_upload()
        found = _read(sent, record="record" in request.form)
    except (BadQuestion, Refused) as trouble:
        return _upload_page(None, faults_of(trouble)), 422
    return _upload_page(found), 200 if found.outcome else 422


def _read_upload() -> Upload:
    """The file and the answers of the form; BadQuestion where there is none, or it is too large."""
    file = request.files.get("file")
    if file and file.filename:
        upload = Upload(file.filename.rpartition("/")[2][:200], file.stream.read(), _profile(request.form))
        if len(upload.kept) > MAX_KEPT:
            raise BadQuestion(TOO_LARGE)
        return upload
    if not request.form.get("kept"):
        raise BadQuestion(message("Choose a file."))
    return Upload(request.form.get("name", "")[:200], _unpack(request.form["kept"]), _profile(request.form))


def _unpack(kept: str) -> bytes:
    try:
        unpack = zlib.decompressobj()
        data = unpack.decompress(base64.b64decode(kept, validate=True), MAX_UNPACKED)
    except (binascii.Error, zlib.error, ValueError):
        raise BadQuestion(message("Choose a file.")) from None
    if unpack.unconsumed_tail or not unpack.eof:
        raise BadQuestion(TOO_LARGE)
    return data


def _profile(given: Mapping[str, str]) -> FileProfile:
    """The answers of the form: of each column and each letter in fields of their own."""
    columns = {
        given[f"heading-{name.removeprefix('role-')}"]: role
        for name, role in given.items() if name.startswith("role-") and role and f"heading-{name[5:]}" in given
    }  # fmt: skip
    letters = {
        name.removeprefix("letter-"): given[name] for name in given if name.startswith("letter-") and given[name]
    }
    answers = {name: given.get(name, "").strip(" ")[:500] for name in ANSWERS}
    return FileProfile(columns={k: v for k, v in columns.items() if k}, letters=letters, **answers)


def _read(sent: Upload, *, record: bool) -> Upload:
    """What the file says, and what recording it would change, or did."""
    moment, held = utc_now(), repository.live_facts(engine())
    found = understand(sent.data, sent.name, Ledger(held), sent.profile, moment.date())
    shown = Upload(sent.name, sent.data, sent.profile, found)
    if found.questions:
        return shown
    parsed = Parsed()
    take_in(found, sent.name, parsed)
    announce = outbox.enqueue_alerts if "announce" in request.form else change_log.announce_nothing
    if record:
        change_log.run_day_turn(engine(), moment.date(), moment=moment, announce=outbox.enqueue_alerts)
    try:
        outcome = import_parsed(
            engine(), parsed, sent.name, moment=moment, dry_run=not record, announce=announce,
            actor=current_principal().actor,
        )  # fmt: skip
    except BadData as trouble:
        return Upload(sent.name, sent.data, sent.profile, found, faults=trouble.faults[:MAX_SHOWN])
    return Upload(sent.name, sent.data, sent.profile, found, outcome)


def _upload_page(upload: Upload | None, faults: Mapping[str, str] | None = None) -> str:
    instruments = [(each.id, each.name) for each in Ledger(repository.live_facts(engine())).instruments.values()]
    return render_template(
        "import.html", upload=upload, faults=faults or {}, instruments=instruments, roles=ROLE_CHOICES,
        given=request.form, kinds={kind.value: kind for kind in ActionKind}, ignore=IGNORE, prefix=ACTION_ROLE,
    )  # fmt: skip
