"""The UN Treaty Collection as a test wants it: a record's own acts as status files on a server on loopback."""

import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import date

from tests.support.status_documents import CODES, MONTHS, xml
from tests.support.status_server import Server
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.law.model import Fact
from tracker.sync.http_client import HttpClient, HttpLimits
from tracker.sync.mtdsg_numbers import MtdsgNumber

HEADINGS = (
    "Participant",
    "Signature",
    "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d), Formal confirmation(c)",
)
Rows = dict[str, list[str]]  # printed name: the cells of its signature and its consent


class Published:
    """The server, and a visitor that does not wait; `rows` are the tables as they will be published."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.server = Server()
        self.ledger = Ledger(facts)
        self.rows: dict[str, Rows] = {}
        self.visitor = HttpClient("treaties@example.org", limits=HttpLimits(attempts=1, pause=0), sleep=lambda _: None)
        self.visitor.session.trust_env = False
        self._editions = itertools.count(1)

    def close(self) -> None:
        self.visitor.close()
        self.server.stop()

    def all(self, *, until: date | None = None) -> None:
        """Publish every instrument that the UN keeps as the record has it, up to that day."""
        for instrument in self.ledger.instruments.values():
            if re.fullmatch(r"[IVX]+-\d+(-\w+)?", instrument.reference):
                self.rows[instrument.id] = as_printed(self.ledger.as_of(until), instrument.id)
                self.publish(instrument.id)

    def publish(self, id: str, **numbers: int) -> None:
        """Publish the table of an instrument; its numbers of signatories and parties are its own unless given."""
        self.serve(id, self.document(id, **numbers))

    def document(self, id: str, **numbers: int) -> bytes:
        """The status file of an instrument as it would be published."""
        rows = self.rows[id]
        own = {
            what: sum(1 for cells in rows.values() if _holds(cells[place]))
            for place, what in enumerate(("signatories", "parties"))
        }
        return xml(self.reference(id), [(name, *cells) for name, cells in rows.items()], HEADINGS, **own | numbers)

    def serve(self, id: str, document: bytes, status: int = 200) -> None:
        """Serve these bytes as the instrument's file, as a server that knows conditional requests."""
        path, etag = MtdsgNumber.of(self.reference(id)).files[0], f'"{next(self._editions)}"'

        def answer(handler):
            same = handler.headers.get("If-None-Match") == etag
            handler.answer(304 if same else status, {"ETag": etag}, document)

        self.server.answers[path] = answer

    def reference(self, id: str) -> str:
        return self.ledger.instrument(id).reference


def published(facts: Iterable[Fact]) -> Iterator[Published]:
    """A server for these facts that is closed in the end: the body of a fixture."""
    running = Published(facts)
    running.all()
    yield running
    running.close()


def as_printed(ledger: Ledger, id: str) -> Rows:
    """The table of an instrument as the ledger has it, former States left out."""
    rows: Rows = {}
    for act in ledger.acts(id):
        if act.participant in ledger.endings or act.territory or not act.date or not act.date.exact:
            continue
        cells = rows.setdefault(ledger.participant(act.participant).name, ["", ""])
        if act.kind.signs:
            cells[0] = cell(act.date)
        elif act.kind.consents:
            cells[1] = cell(act.date, act.kind)
        elif act.kind == "withdrawal":
            cells[1] = f"[{cells[1]}]"
    return dict(sorted(rows.items()))


def cell(day: PartialDate, kind: str = "signature") -> str:
    """The cell for an act of that kind and day."""
    return f"{day.first.day:2} {MONTHS[day.first.month - 1]}\t {day.first.year}{CODES.get(kind, '')}"


def _holds(text: str) -> bool:
    return bool(re.sub(r"\[[^]]*\]", "", text).strip())
