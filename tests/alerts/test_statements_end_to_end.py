"""A statement through everything: imported, synced, edited, retracted, exported, told of, as of a date and as known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.alert_story import content, letters
from tests.support.builders import instrument, participant, ratified
from tests.support.status_documents import xml
from tests.support.un_site import HEADINGS, as_printed, published
from tracker.alerts import outbox
from tracker.alerts.matching import STATEMENT_KINDS
from tracker.law.fact_references import FactKind
from tracker.law.ledger import Ledger
from tracker.law.reference_facts import Statement
from tracker.law.statements import letters_of
from tracker.storage import fact_edits, import_export, repository
from tracker.storage.audit_log import Actor
from tracker.storage.fact_edits import FactEdit
from tracker.sync.sync import SyncContext, sync

MONDAY = datetime(2003, 7, 7, 9, tzinfo=UTC)
DAY = timedelta(days=1)
FACTS = [
    participant("BEL", name="Belgium"), participant("FRA", name="France"),
    instrument("untoc", reference="XVIII-12", short_name="UNTOC", threshold=2, delay="90d", party_delay="30d",
               adopted_on="2000-11-15", reservations="expressly: 35(2)", disputes="35(2)"),
    *(ratified(code, "untoc", f"2003-0{month}-15", source="a list") for month, code in enumerate(("BEL", "FRA"), 1)),
]  # fmt: skip
OURS = """treaty,participant,kind,article,made_on,summary,source
untoc,BEL,reservation,35(2),2003-01-15,Our own words.,a list
"""
BELGIUM = "Belgium does not consider itself bound by paragraph 2 of article 35 of the Convention."
FRANCE = "France does not consider itself bound by paragraph 2 of article 35 of the Convention."


@pytest.fixture
def un():
    yield from published(FACTS)


def file_with(**texts):
    """The status file with a reservation for each, made upon ratification."""
    rule = "<Title>(Unless otherwise indicated, the reservations were made upon ratification.)</Title>"
    said = "".join(
        f'<Declaration><Participant>{name}</Participant><text type="para">{text}</text></Declaration>'
        for name, text in texts.items()
    )
    rows = [(name, *cells) for name, cells in as_printed(Ledger(FACTS), "untoc").items()]
    section = f"<Declarations><Title>Reservations</Title>{rule}{said}</Declarations>"
    return xml("XVIII-12", rows, HEADINGS, signatories=0, parties=2, after=section)


def test_a_statement_is_told_of_kept_and_known_through_import_sync_edit_retraction_and_export(
    engine, un, inbox, subscribed, deliver, tmp_path
):
    wish = {"instrument": "untoc", "kinds": frozenset(kind.value for kind in STATEMENT_KINDS)}
    moments = {"made_at": MONDAY - 2 * DAY, "confirmed_at": MONDAY - 2 * DAY}
    subscribed(**wish, **moments, article="35", address="clause@example.org")
    subscribed(**wish, **moments, article="18", address="other@example.org")

    def told(moment):
        deliver(moment)
        found = [(letter["To"], letter["Subject"], content(letter)) for letter in letters(inbox)]
        inbox.letters.clear()
        return found

    def statement(code="FRA"):
        facts = repository.live_facts(engine)
        return next((each for each in facts if isinstance(each, Statement) and each.participant == code), None)

    def take_in(moment, **texts):
        un.serve("untoc", file_with(**texts))
        how = SyncContext(visitor=un.visitor, base_url=un.server.url, announce=outbox.enqueue_alerts)
        (report,) = sync(engine, ["untoc"], how, moment=moment)
        return report.statements

    def edit(fact, moment, **changed):
        values = fact_edits.fact_values(replace(fact, **changed)) if changed else None
        wanted = FactEdit(FactKind.STATEMENT, values, replaces=fact_edits.fact_mark(fact), reason="the note verbale")
        actor = Actor(name="Ada", role="editor")
        fact_edits.edit_fact(engine, wanted, moment=moment, announce=outbox.enqueue_alerts, actor=actor)

    # import: history, of which nobody is told
    repository.record_facts(engine, FACTS, what="the beginning", moment=MONDAY - DAY)
    (tmp_path / "statements.csv").write_text(OURS, encoding="utf-8")
    import_export.import_files(engine, [tmp_path / "statements.csv"], moment=MONDAY - DAY)
    assert (statement("BEL").summary, told(MONDAY)) == ("Our own words.", [])

    # sync: the depositary's text for ours, and a further reservation, of which who asked for its article is told once
    found = take_in(MONDAY, Belgium=BELGIUM, France=FRANCE)
    assert (len(found.corrected), len(found.recorded)) == (1, 1)
    assert (statement("BEL").summary, statement("BEL").text) == ("Our own words.", BELGIUM)
    ((address, _, text),) = told(MONDAY)
    assert address == "clause@example.org"
    assert "France" in text
    assert "35(2)" in text
    take_in(MONDAY + DAY / 2, Belgium=BELGIUM, France=FRANCE)
    assert told(MONDAY + DAY / 2) == []

    # edit, with a source of its own: told as a correction, and left alone by the next sync
    edit(statement(), MONDAY + DAY, summary="Edited.", source="the note verbale")
    assert [letter[0] for letter in told(MONDAY + DAY)] == ["clause@example.org"]
    take_in(MONDAY + DAY * 1.5, Belgium=BELGIUM, France=FRANCE)
    assert statement().summary == "Edited."

    # export and import again: the same facts, nothing to tell
    before = set(repository.live_facts(engine))
    import_export.export_files(engine, tmp_path / "out")
    import_export.import_files(engine, [tmp_path / "out"], moment=MONDAY + DAY * 1.5, announce=outbox.enqueue_alerts)
    assert (set(repository.live_facts(engine)), told(MONDAY + DAY * 1.5)) == (before, [])

    # retraction: told, and gone
    edit(statement(), MONDAY + DAY * 2)
    assert statement() is None
    assert [letter[0] for letter in told(MONDAY + DAY * 2)] == ["clause@example.org"]

    # as of a date, and as known at a moment
    ledger = repository.load_ledger(engine)
    known = [ledger.known_at(MONDAY + DAY * day) for day in (-0.5, 0.1, 1.1, 2.1)]
    on = date(2003, 7, 1)
    assert [sorted(letters_of(each.as_of(on), "untoc")) for each in known] == [
        ["BEL"], ["BEL", "FRA"], ["BEL", "FRA"], ["BEL"],
    ]  # fmt: skip
    assert [sorted(letters_of(known[1].as_of(date(2003, month, 14)), "untoc")) for month in (1, 2, 3)] == [
        [], ["BEL"], ["BEL", "FRA"],
    ]  # fmt: skip
    said = [each.summary for view in known[1:3] for each in view.every_statement("untoc") if each.participant == "FRA"]
    assert said == ["", "Edited."]
