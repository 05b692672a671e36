"""The one declaration of the data: it agrees with the model, and a new column is one line in it."""

import csv
import json
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path
from shutil import copytree, ignore_patterns
from types import NoneType, UnionType
from typing import get_args, get_type_hints

import pytest

import tracker
from tests.support.data_files import sound_folder
from tracker.law import model, reference_facts
from tracker.law.dates import PartialDate
from tracker.law.model import Fact
from tracker.storage.codecs import DAY, DECIMAL, NAMES, NUMBER
from tracker.storage.database import known_versions
from tracker.storage.facts import FACT_SCHEMAS, SCHEMA_BY_TYPE, FactSchema
from tracker.storage.import_export import read_facts
from tracker.storage.tables import FACT_TABLES, stored_columns

every_fact_type = pytest.mark.parametrize("schema", FACT_SCHEMAS, ids=lambda schema: schema.name)
READ_AS = {DAY: PartialDate, DECIMAL: float, NAMES: tuple[str, ...], NUMBER: int}


# -- the declaration and the model -------------------------------------------------------------------


def test_every_fact_type_is_declared():
    known = [*vars(model).values(), *vars(reference_facts).values()]
    types = {each for each in known if isinstance(each, type) and issubclass(each, Fact)}
    assert set(SCHEMA_BY_TYPE) == types - {Fact}


@every_fact_type
def test_every_field_of_a_fact_has_its_column_and_every_column_its_field(schema: FactSchema):
    moments = {"recorded_at", "retracted_at"}
    assert sorted(column.field for column in schema.columns) == sorted(
        each.name for each in fields(schema.fact) if each.name not in moments
    )


@every_fact_type
def test_a_field_may_be_left_out_if_its_column_may_be_empty(schema: FactSchema):
    demanded = {each.name for each in fields(schema.fact) if each.default is MISSING}
    assert demanded | {"source"} == {column.field for column in schema.columns if column.required}


@every_fact_type
def test_a_field_holds_what_its_column_is_read_as(schema: FactSchema):
    hints = get_type_hints(schema.fact)
    for column in schema.columns:
        hint = hints[column.field]
        [kind] = set(get_args(hint) if isinstance(hint, UnionType) else [hint]) - {NoneType}
        if column.codec.values:
            assert tuple(kind) == column.codec.values, column.name
        else:
            assert kind == READ_AS.get(column.codec, str), column.name


def test_the_key_is_the_subject_of_a_fact_and_the_first_column_begins_it(tmp_path: Path):
    facts = list(read_facts([sound_folder(tmp_path)]))
    assert {type(fact) for fact in facts} == set(SCHEMA_BY_TYPE)
    for fact in facts:
        schema = SCHEMA_BY_TYPE[type(fact)]
        assert getattr(fact, schema.columns[0].field) == fact.subject[0]
        key = [getattr(fact, schema.column(name).field) for name in schema.key]
        assert not key or fact.subject == tuple(str(each or "") for each in key)


@every_fact_type
def test_a_table_has_the_columns_of_its_data_file_and_those_of_the_record(schema: FactSchema):
    of_the_record = {"id", "recorded_at", "recorded_in", "retracted_at", "retracted_in"}
    of_the_record |= set() if schema.key else {"fingerprint"}
    assert {column.name for column in stored_columns(schema)} == set(FACT_TABLES[schema.fact].c.keys()) - of_the_record
    assert all(column.meaning for column in schema.columns)


# -- a new column ------------------------------------------------------------------------------------

DECLARED = '            Column("since", DAY, "The day since which it has to do with it."),\n'
IN_THE_MODEL = "    since: PartialDate | None = None\n"
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{last}", None, None


def upgrade():
    op.add_column("mandates", sa.Column("since", sa.String(), nullable=False, server_default=""))
"""
PROGRAM = """
import json, sqlite3, sys
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from tracker.law.model import Mandate
from tracker.storage import downloads, import_export, repository
from tracker.storage.database import make_engine
from tracker.storage.schema import migrate
from tracker.storage.tables import METADATA

here = Path(sys.argv[1])
engine = make_engine(f"sqlite:///{here / 'record.db'}")
migrate(engine)
import_export.import_files(engine, [here / "files"], moment=datetime(2026, 11, 1, tzinfo=UTC))
import_export.export_files(engine, here / "exported")
made = downloads.made_in(engine, here)
with engine.connect() as connection, ZipFile(made.files["record.zip"]) as archive:
    package = json.loads(archive.read("datapackage.json"))
    print(json.dumps({
        "differences from the migrations": compare_metadata(MigrationContext.configure(connection), METADATA),
        "table": [row.since for row in connection.exec_driver_sql("SELECT since FROM mandates")],
        "facts": [str(fact.since) for fact in repository.live_facts(engine) if isinstance(fact, Mandate)],
        "package": [field for each in package["resources"] if each["name"] == "mandates"
                    for field in each["schema"]["fields"] if field["name"] == "since"],
        "dictionary": sqlite3.connect(made.files["record.sqlite"]).execute(
            "SELECT type, meaning FROM columns WHERE \\"table\\" = 'mandates' AND \\"column\\" = 'since'").fetchall(),
    }))
"""


def _add_after(file: Path, place: str, line: str) -> None:
    text = file.read_text()
    assert text.count(place) == 1
    file.write_text(text.replace(place, place + line))


def test_a_new_column_is_one_line_beside_its_field_and_its_migration(tmp_path: Path):
    code = tmp_path / "code" / "tracker"
    copytree(Path(tracker.__file__).parent, code, ignore=ignore_patterns("__pycache__"))
    _add_after(code / "storage/facts.py", '            Column("basis", TEXT, "On what that rests."),\n', DECLARED)
    _add_after(code / "law/model.py", '    basis: str = ""\n', IN_THE_MODEL)
    migration = code / "storage/migrations/versions/9999_since.py"
    migration.write_text(MIGRATION.format(last=known_versions()[-1]))
    mandates = "body,treaty,relation,since,source\ngreco,untoc,reviews,2003-09,test\n"
    sound_folder(tmp_path / "files", mandates=mandates)
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    environment = {"PYTHONPATH": str(code.parent)}
    said = subprocess.run(command, cwd=code.parent, env=environment, check=True, stdout=subprocess.PIPE).stdout
    found = json.loads(said)
    assert found["differences from the migrations"] == []
    assert found["table"] == ["2003-09"]
    assert found["facts"] == ["2003-09"]
    assert found["dictionary"] == [["string", "The day since which it has to do with it."]]
    assert [(each["description"], each["constraints"]) for each in found["package"]] == [
        ("The day since which it has to do with it.", {"pattern": DAY.pattern})
    ]
    with (tmp_path / "exported" / "mandates.csv").open(encoding="utf-8", newline="") as stream:
        assert [(list(row), row["since"]) for row in csv.DictReader(stream)] == [
            (["body", "treaty", "relation", "basis", "since", "source", "doubt"], "2003-09")
        ]
