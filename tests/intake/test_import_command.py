"""`tracker import` of files in any form: what was understood is shown, and what is open stops it."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.data_files import sound_folder
from tests.support.paths import ROOT
from tracker.cli import cli
from tracker.errors import BadData
from tracker.intake.profile import Undecided

UNCLEAR = "Country,Action,Date\nFrance,Signature,05/06/2001\n"
WIDE = "Country;Signature;Ratification\nItaly;12 Dec 2000;2 Aug 2006\nCzechia;;\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs commands on a small record of its own, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    sound_folder(tmp_path / "data")

    def run(*arguments):
        command = ["--database", "sqlite:///own.db", "--data", "data", *arguments]
        return CliRunner().invoke(cli, command, env={"COLUMNS": "120"}, catch_exceptions=False).output

    run("init")
    return run


def test_a_list_of_another_form_is_shown_as_it_was_understood_and_recorded(run):
    Path("Italy and others.csv").write_text(WIDE, encoding="cp1252")
    arguments = ("import", "Italy and others.csv", "--treaty", "UNTOC", "--source", "a letter")
    told = run(*arguments, "--dry-run")
    assert "Signature -> date: signature" in told
    assert "2 would be recorded, 1 would be retracted" in told
    assert "+ action untoc ITA ratification 2006-08-02" in told
    assert "2 recorded, 1 retracted" in run(*arguments)
    run("export", "out")
    rows = list(csv.DictReader(Path("out/parties.csv").read_text().splitlines()))
    told = {(row["participant"], row["action"], row["date"], row["source"]) for row in rows}
    assert ("ITA", "ratification", "2006-08-02", "a letter") in told


def test_a_question_stops_the_import_and_its_answer_is_kept(run):
    Path("list.csv").write_text(UNCLEAR)
    with pytest.raises(Undecided) as asked:
        run("import", "list.csv", "--treaty", "untoc")
    assert asked.value.exit_code == 65
    shown = (ROOT / "docs" / "using" / "files.md").read_text().split("```text\n")[1].split("```")[0]
    assert str(asked.value) in shown
    assert "Answer with --dates" in str(asked.value)
    told = run("import", "list.csv", "--treaty", "untoc", "--dates", "mdy", "--keep-profile", "kept.json")
    assert "+ action untoc FRA signature 2001-05-06" in told
    Path("next.csv").write_text(UNCLEAR.replace("05/06", "07/06"))
    assert "signature 2001-07-06" in run("import", "next.csv", "--profile", "kept.json", "--dry-run")


def test_faults_of_such_a_file_are_told_with_line_and_column_and_nothing_is_recorded(run):
    Path("list.csv").write_text(UNCLEAR.replace("05/06/2001", "2001-06-31") + "Utopia,Signature,2001-01-01\n")
    with pytest.raises(BadData) as faults:
        run("import", "list.csv", "--treaty", "untoc")
    assert "list.csv:2: Date='2001-06-31' is not a day of the calendar." in str(faults.value)
    assert "list.csv:3: Country='Utopia' is not the name of one participant." in str(faults.value)


def test_own_files_and_others_may_be_imported_together(run):
    header = "id,short_name,title,kind,source\n"
    Path("treaties.csv").write_text(header + "lake-water,Lake Water,Agreement on the Lake,agreement,test\n")
    Path("list.txt").write_text(UNCLEAR.replace("05/06/2001", "5 June 2001"))
    told = run("import", "treaties.csv", "list.txt", "--treaty", "Lake Water")
    assert "2 recorded" in told
    assert "+ action lake-water FRA signature 2001-06-05" in told


def test_what_is_no_table_is_refused(run):
    Path("letter.txt").write_text("Dear all,\n\nplease find attached.\n")
    with pytest.raises(BadData, match="no row that names the columns"):
        run("import", "letter.txt", "--treaty", "untoc")
