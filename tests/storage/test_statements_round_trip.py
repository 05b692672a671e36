"""Statements through the whole record: recorded, exported, read again, corrected, retracted, as of and known at."""

from datetime import UTC, date, datetime, timedelta

from tests.support.builders import instrument, participant, ratified, stated
from tracker.law.reference_facts import ObjectionEffect, Statement, StatementTopic
from tracker.law.statements import letters_of
from tracker.storage import change_feed, import_export, repository

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HISTORY = (
    participant("FRA"), participant("DEU"), instrument("untoc", threshold=1, delay="0d"),
    ratified("FRA", "untoc", "2003-01-01"), ratified("DEU", "untoc", "2003-01-01"),
)  # fmt: skip
RESERVATION = stated(
    "reservation", "FRA", "untoc", "2003-01-01", article="35(2); 10", received_on="2003-01-02",
    effective_on="2003-02", confirmed_on="2003-01-01", withdrawn_on="2010",
    summary="Not bound: \u201c=1+1\u201d, nor\nby 10.",
    text="Le Gouvernement ...", language="fr", url="https://treaties.example/1", doubt="the day is not known",
)  # fmt: skip
OBJECTION = stated(
    "objection", "DEU", "untoc", "2003-06-01", towards=("FRA",), effect=ObjectionEffect.EXCLUDES_TREATY, article="10"
)
NOTICE = stated("notification", "DEU", "untoc", topic=StatementTopic.CENTRAL_AUTHORITY, known_by="2014-01-01")
GONE = stated("withdrawal", "DEU", "untoc", "2009-05-05", concerns="objection", towards=("FRA",))
STATEMENTS = (RESERVATION, OBJECTION, NOTICE, GONE)


def statements(engine):
    return {fact for fact in repository.live_facts(engine) if isinstance(fact, Statement)}


def record(engine, facts, days=0):
    return repository.record_facts(engine, facts, what="test", moment=NOW + timedelta(days=days))


def test_statements_are_exported_as_they_were_recorded(engine, tmp_path):
    record(engine, (*HISTORY, *STATEMENTS))
    import_export.export_files(engine, tmp_path)
    read = {fact for fact in import_export.read_facts([tmp_path]) if isinstance(fact, Statement)}
    assert len(read) == len(STATEMENTS)
    assert read == statements(engine)
    assert not record(engine, import_export.read_facts([tmp_path]), days=1).changed


def test_a_corrected_and_a_retracted_statement_stay_known_as_they_were(engine):
    record(engine, (*HISTORY, *STATEMENTS))
    mended = stated("notification", "DEU", "untoc", "2013-01-01", topic=StatementTopic.CENTRAL_AUTHORITY)
    outcome = record(engine, [mended], days=1)
    assert len(outcome.corrected) == 1
    repository.retract_facts(engine, [RESERVATION], reason="test", moment=NOW + timedelta(days=2))
    whole = repository.load_ledger(engine)
    known = [whole.known_at(NOW + timedelta(days=day)) for day in range(3)]
    letters = [letters_of(each.as_of(date(2008, 1, 1)), "untoc") for each in known]
    assert letters == [{"FRA": "R", "DEU": "O"}, {"FRA": "R", "DEU": "O"}, {"DEU": "O"}]
    later = [letters_of(each.as_of(date(2013, 6, 1)), "untoc") for each in known[:2]]
    assert later == [{}, {"DEU": "N"}]
    feed = change_feed.changes_since(engine, since=1, limit=100)
    files = [each["file"] for made in feed.revisions for each in (*made["retracted"], *made["recorded"])]
    assert files == ["statements.csv"] * 3
