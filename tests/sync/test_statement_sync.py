"""Statements below the table of a status file: read, compared with the record, recorded, held, and never lost."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.support.builders import instrument, participant, ratified, signed, stated
from tests.support.status_documents import xml
from tests.support.un_site import HEADINGS, Published, as_printed
from tracker.law.changes import ChangeKind
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind
from tracker.law.reference_facts import ObjectionEffect, Statement, StatementKind
from tracker.law.statements import StatementState, statement_standings
from tracker.law.territories import territories_on
from tracker.storage import repository
from tracker.storage.import_export import export_files, import_files
from tracker.sync import review, review_queue
from tracker.sync.review import ReviewDecision
from tracker.sync.review_queue import Proposal
from tracker.sync.sync import SyncContext, SyncResult, sync

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
NAMES = {"BEL": "Belgium", "CAN": "Canada", "DNK": "Denmark", "FRA": "France"}
FACTS = [
    *(participant(code, name=name) for code, name in NAMES.items()),
    instrument("untoc", reference="XVIII-12", short_name="UNTOC", threshold=3, delay="90d", adopted_on="2000-11-15"),
    *(signed(code, "untoc", "2000-12-12", source="a list") for code in NAMES),
    *(ratified(code, "untoc", f"2003-0{at}-15", source="a list") for at, code in enumerate(NAMES, start=1)),
    stated("reservation", "BEL", "untoc", "2003-01-15", article="35(2)", summary="Our words.", source="a list"),
]
RULE = "<Title>(Unless otherwise indicated, the declarations and reservations were made upon ratification.)</Title>"
NOT_BOUND = "Belgium does not consider itself bound by paragraph 2 of article 35 of the Convention."


def entry(name, *lines, item="Declaration"):
    """An entry: a heading ends in a colon, a date is written in angle brackets."""
    texts = ""
    for line in lines:
        if line.startswith("<"):
            texts += f"<text>&lt;right&gt;{line.strip('<>')}&lt;/right&gt;</text>"
        else:
            texts += f'<text type="{"title" if line.endswith(":") else "para"}">{line}</text>\n'
    return f"<{item}><Participant>{name}</Participant>{texts}</{item}>"


def section(*entries, part="Declarations", heading="Declarations and Reservations"):
    return f"<{part}><Title>{heading}</Title>{RULE}{''.join(entries)}</{part}>"


@pytest.fixture
def syncs(engine: Engine, un: Published, announce):
    repository.record_facts(engine, FACTS, what="the beginning", moment=MONDAY - timedelta(days=1))
    rows = as_printed(Ledger(FACTS), "untoc")

    def run(*sections, day=0, **options):
        table = [(name, *cells) for name, cells in rows.items()]
        un.serve("untoc", xml("XVIII-12", table, HEADINGS, signatories=4, parties=4, after="".join(sections)))
        how = SyncContext(visitor=un.visitor, base_url=un.server.url, announce=announce, **options)
        (report,) = sync(engine, ["untoc"], how, moment=MONDAY + timedelta(days=day))
        return report

    return run


def statements(engine, code=""):
    facts = repository.live_facts(engine)
    return [each for each in facts if isinstance(each, Statement) and code in ("", each.participant)]


def standing(engine, code):
    every = statement_standings(Ledger(repository.live_facts(engine)), "untoc")
    return {each.statement.kind.value: each for each in every if each.participant == code}


def test_the_depositarys_text_completes_our_own_account_of_the_same_statement(engine, syncs):
    report = syncs(section(entry("Belgium", NOT_BOUND)))
    (said,) = statements(engine)
    assert (said.text, said.summary, said.kind) == (NOT_BOUND, "Our words.", StatementKind.RESERVATION)
    assert said.source.startswith("UN Treaty Collection status file, retrieved 2026-11-16")
    assert len(report.statements.corrected) == 1


def test_a_new_statement_is_a_fact_with_its_change_and_its_announcement(engine, syncs, announced):
    syncs(section(entry("France", "Declaration:", "France declares something.", "<14 May 2009>", "France adds more.")))
    first, second = sorted(statements(engine, "FRA"), key=lambda each: str(each.made_on))
    assert (str(first.made_on), first.kind) == ("2003-04-15", StatementKind.DECLARATION)
    assert (str(second.made_on), second.kind) == ("2009-05-14", StatementKind.UNSPECIFIED)
    made = [change.kind for change in announced]
    assert made.count(ChangeKind.STATEMENT_MADE) + made.count(ChangeKind.DECLARATION_MADE) == 2


def test_the_same_file_again_and_another_layout_of_it_change_nothing(engine, syncs, announced):
    lines = ("Declaration:", 'France "declares" something.', "Reservation to article 10:", "Not France.")
    syncs(section(entry("France", *lines)))
    before, count = set(repository.live_facts(engine)), len(announced)
    for day, spaced in enumerate(["France   “declares”\n something.", 'FRANCE "declares" something.'], start=1):
        report = syncs(section(entry("France", lines[0], spaced, *lines[2:])), day=day)
        assert report.statements.unchanged == 2
        assert (set(repository.live_facts(engine)), len(announced)) == (before, count)


def test_another_wording_of_a_statement_takes_its_place_and_the_earlier_one_stays_known(engine, syncs):
    syncs(section(entry("France", "Declaration:", "France declares that one thing is so and not otherwise.")))
    syncs(section(entry("France", "Declaration:", "France declares that one thing is so and never otherwise.")), day=1)
    (said,) = statements(engine, "FRA")
    assert "never" in said.text
    (earlier,) = (
        each
        for each in repository.load_ledger(engine).known_at(MONDAY + timedelta(hours=1)).every_statement("untoc")
        if each.participant == "FRA"
    )
    assert "not otherwise" in earlier.text


def test_a_statement_that_vanished_waits_for_an_editor_who_says_when_it_was_withdrawn(engine, syncs):
    kept = entry("Denmark", "Declaration:", "Denmark declares.")
    syncs(section(kept, entry("France", "Reservation to article 10:", "Not France.")))
    report = syncs(section(kept), day=1)
    (doubt,) = report.held
    assert (doubt.proposal, doubt.kind, doubt.participant) == (Proposal.END, StatementKind.RESERVATION, "FRA")
    (item,) = review_queue.list_items(engine)
    word = ReviewDecision(who="An Editor", note="a note verbale", on=PartialDate.parse("2026-01-05"))
    review.accept(engine, item.id, word, moment=MONDAY + timedelta(days=1), announce=lambda *_: None)
    assert standing(engine, "FRA")["reservation"].state is StatementState.WITHDRAWN
    assert syncs(section(kept), day=2).held == ()


def test_a_withdrawal_in_an_end_note_is_linked_to_the_statement_that_it_ends(engine, syncs):
    syncs(section(entry("France", "Reservation to article 10:", "Not France.")))
    note = (
        "<EndNotes><Note><index>3</index><text>On 2 May 2012, the Government of France notified the Secretary-General "
        "that it had decided to withdraw its reservation to article 10.</text></Note></EndNotes>"
    )
    report = syncs(section(entry("France&lt;superscript&gt;3&lt;/superscript&gt;")), note, day=1)
    assert report.held == ()
    found = standing(engine, "FRA")
    assert found["reservation"].withdrawn_on == date(2012, 5, 2)
    assert found["reservation"].withdrawn_by == found["withdrawal"].statement


def test_what_cannot_be_divided_is_held_whole_and_recorded_as_of_unknown_kind_once_accepted(engine, syncs):
    lines = ("France declares.", "<32 Brumaire 2009>", "France adds.")
    report = syncs(section(entry("France", *lines)))
    (doubt,) = report.held
    assert (doubt.kind, doubt.participant) == (StatementKind.UNSPECIFIED, "FRA")
    assert doubt.raw == "France declares.\n32 Brumaire 2009\nFrance adds."
    assert statements(engine, "FRA") == []
    (item,) = review_queue.list_items(engine)
    word = ReviewDecision(who="An Editor", note="read on the page")
    review.accept(engine, item.id, word, moment=MONDAY, announce=lambda *_: None)
    assert [each.kind for each in statements(engine, "FRA")] == [StatementKind.UNSPECIFIED]
    assert syncs(section(entry("France", *lines)), day=1).held == ()


def test_a_statement_of_somebody_unknown_is_held_under_the_printed_name(syncs):
    (doubt,) = syncs(section(entry("Ruritania", "Declaration:", "We declare."))).held
    assert (doubt.name, doubt.participant, doubt.raw) == ("Ruritania", "", "Declaration:\nWe declare.")


def test_an_objection_names_those_to_whom_it_objects_and_its_effect(engine, syncs):
    syncs(
        section(
            entry(
                "Denmark", "<21 March 2017>",
                "With regard to the reservations made by Belgium and the Government of France upon ratification:",
                "This objection shall not preclude the entry into force of the Convention between them.",
                "<22 March 2018>", "With regard to the declaration made by Canada upon ratification:",
                "The Convention shall not enter into force between Denmark and Canada.", item="Objection",
            ),
            part="Objections", heading="Objections",
        )
    )  # fmt: skip
    first, second = sorted(statements(engine, "DNK"), key=lambda each: str(each.made_on))
    assert (first.towards, first.effect) == (("BEL", "FRA"), ObjectionEffect.TREATY_IN_FORCE)
    assert (second.towards, second.effect) == (("CAN",), ObjectionEffect.EXCLUDES_TREATY)


def test_a_notification_is_stored_without_officials_and_contacts(engine, syncs):
    lines = (
        "<26 March 2012>", "Article 18 (13):", "Central authority: Ministry of Invention, Office of Requests",
        "Name of official: Jane Sample", "Ms. Jane Sample, Head of Unit", "1 Sample Street, 1000 Sampleton",
        "Telephone: +000 00 000 00", "Ministry of Invention, Email: desk@ministry.example",
    )  # fmt: skip
    syncs(section(entry("Canada", *lines, item="Notification"), part="Notifications", heading="Notifications"))
    (said,) = statements(engine, "CAN")
    assert (said.kind, said.article) == (StatementKind.NOTIFICATION, "18(13)")
    assert "Ministry of Invention, Office of Requests" in said.text
    for private in ("Sample", "Head", "000", "@"):
        assert private not in said.text


def test_special_tables_give_notifications_and_keep_what_nobody_can_tell_for_an_editor(engine, syncs):
    def table(title, cell):
        return (
            f"<Table><Title>{title}</Title><TableHeader><Title>Participant</Title><Title>Agency:</Title></TableHeader>"
            f"<Row><Column>Canada</Column><Column>{cell}</Column></Row></Table>"
        )

    both = table("Notifications under article 18 (13)", "Ministry of Invention") + table("Schedule", "Something")
    report = syncs(f"<SpecialTables>{both}</SpecialTables>")
    (said,) = statements(engine, "CAN")
    assert (said.kind, said.article) == (StatementKind.NOTIFICATION, "18(13)")
    assert said.text.endswith("Agency: Ministry of Invention")
    (doubt,) = report.held
    assert (doubt.kind, doubt.participant, doubt.raw) == (
        StatementKind.UNSPECIFIED, "CAN", "Schedule\nAgency: Something",
    )  # fmt: skip


def test_territorial_applications_become_territories_of_the_treaty(engine, syncs):
    rows = (
        "<TerritorialApplications><Title>Territorial Application</Title>"
        "<Application><Participant>Denmark</Participant><DateNotification>12 Feb 2005</DateNotification>"
        "<Territories>Greenland and Faroe Islands</Territories></Application>"
        "<Application><Participant /><DateNotification>30 Jul 2008</DateNotification>"
        "<Territories>Turks and Caicos Islands</Territories></Application></TerritorialApplications>"
    )
    syncs(rows)
    ledger = Ledger(repository.live_facts(engine))
    assert territories_on(ledger, "untoc", "DNK") == ("Faroe Islands", "Greenland", "Turks and Caicos Islands")
    extended = [each for each in repository.live_facts(engine) if isinstance(each, Action) and each.territory]
    assert {each.kind for each in extended} == {ActionKind.TERRITORIAL_EXTENSION}
    assert syncs(rows, day=1).recorded == ()


def test_a_file_that_lacks_most_of_the_earlier_statements_is_refused(engine, syncs):
    many = [entry(name, *(f"Word{one} of {name} alone {one}." for one in "a")) for name in NAMES.values()]
    more = [
        entry(name, "<14 May 2009>", f"Later {name}.", "<15 May 2010>", f"Even later {name}.")
        for name in NAMES.values()
    ]
    syncs(section(*many, *more))
    before = set(repository.live_facts(engine))
    assert syncs(section(many[0]), day=1).result is SyncResult.REFUSED
    assert set(repository.live_facts(engine)) == before


def test_a_sync_that_stops_halfway_leaves_nothing_and_the_next_one_everything(engine, syncs):
    def stop(name):
        if name.endswith("about to be committed"):
            raise RuntimeError("killed")

    said = section(entry("France", "Declaration:", "France declares."))
    before = set(repository.live_facts(engine))
    with pytest.raises(RuntimeError, match="killed"):
        syncs(said, step=stop)
    assert set(repository.live_facts(engine)) == before
    syncs(said)
    assert len(statements(engine, "FRA")) == 1


def test_a_statement_goes_from_the_file_to_an_edit_and_out_and_back_with_every_clock_right(
    engine, syncs, announced, tmp_path
):
    said = section(entry("France", "<14 May 2009>", "Declaration:", "France declares\nsomething; it is so."))
    syncs(said)
    export_files(engine, tmp_path / "out")
    table = tmp_path / "out" / "statements.csv"
    text = table.read_text(encoding="utf-8")
    assert "France declares something; it is so." in text
    before = statements(engine, "FRA")
    import_files(engine, [tmp_path / "out"], moment=MONDAY + timedelta(hours=1))
    assert statements(engine, "FRA") == before

    edited = [replace(each, kind=StatementKind.INTERPRETATIVE_DECLARATION, source="the note") for each in before]
    repository.retract_facts(engine, before, reason="an edit", moment=MONDAY + timedelta(hours=2))
    repository.record_facts(engine, edited, what="an edit", moment=MONDAY + timedelta(hours=2))
    report = syncs(said, day=1)
    assert (report.statements.recorded, statements(engine, "FRA")) == ((), edited)

    repository.retract_facts(engine, edited, reason="an error", moment=MONDAY + timedelta(days=2))
    assert statements(engine, "FRA") == []
    assert len(syncs(said, day=3).statements.recorded) == 1
    ledger = repository.load_ledger(engine)
    known = [
        len([each for each in ledger.known_at(MONDAY + timedelta(days=day)).every_statement("untoc") if each.text])
        for day in (-1, 1, 2, 3)
    ]
    assert known == [0, 1, 0, 1]
    made = [len(ledger.as_of(date(2009, 5, day)).statements("untoc", undated=False)) for day in (13, 14)]
    assert made == [1, 2]
    assert ChangeKind.DECLARATION_MADE in {change.kind for change in announced}
