"""Rows that must not enter the record: each fault is placed and answered, and all come together."""

from pathlib import Path

import pytest

from tests.support.builders import participant
from tests.support.data_files import SOUND, faults_in, only_fault_in, replacing, sound_folder, with_line
from tracker.errors import BadData
from tracker.storage.import_export import read_facts

PARTIES = "untoc,ITA,signature,2000-12-13,,,,test,"


@pytest.mark.parametrize(
    ("old", "new", "column", "problem"),
    [
        ("signature", "singature", "action", "is not a treaty action."),
        ("signature", "Signature", "action", "is not a treaty action."),
        ("2000-12-13", "2000-13-12", "date", "is not a date in the calendar."),
        ("2000-12-13", "2001-02-29", "date", "is not a date in the calendar."),
        ("2000-12-13", "13/12/2000", "date", "is not a date in the calendar."),
        ("2000-12-13", "2000-12-13T00:00", "date", "is not a date in the calendar."),
        ("2000-12-13", "\u0662\u0660\u0660\u0660", "date", "is not a date in the calendar."),
        ("untoc", "", "treaty", "is empty, and must not be."),
        ("ITA", " ", "participant", "is empty, and must not be."),
        ("signature", "", "action", "is empty, and must not be."),
        ("test", "", "source", "is empty, and must not be."),
        ("untoc", "untok", "treaty", "is not a known instrument."),
        ("ITA", "ITX", "participant", "is not a known participant."),
        ("ITA", "ita", "participant", "is not a known participant."),
    ],
)
def test_a_value_that_makes_no_sense_is_named_with_its_line_and_column(
    tmp_path: Path, old: str, new: str, column: str, problem: str
):
    fault = only_fault_in(sound_folder(tmp_path, **with_line("parties", PARTIES.replace(old, new))))
    assert (fault.line, fault.column, fault.problem) == (6, column, problem)
    assert fault.file.endswith("parties.csv")
    assert fault.advice


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("participants", "Italy,state", "Italy,stat", "is not a kind of participant."),
        ("participants", "ITA,", "Ita,", "is not a code."),
        ("participants", "1992-12-31", "1900-12-31", "is before exists_from (1918-10-28)."),
        ("participants", ",CZE,", ",CZ,", "is not a known participant."),
        ("participants", "Czech Republic", "Czech||Republic", "has an empty name between its bars."),
        ("participants", "Czech Republic", "Czech|Czech", "names the same thing twice."),
        ("treaties", "convention,,", "treaty,,", "is not a kind of instrument."),
        ("treaties", "2002-12-12", "1999-12-12", "is before opened_on (2000-12-12)."),
        ("treaties", "protocol,untoc", "protocol,untic", "is not a known instrument."),
        ("treaties", "2,90d", "0,90d", "makes no sense: a threshold is a number of deposits, 1 or more."),
        ("treaties", "2,90d", "two,90d", "is not a whole number."),
        ("treaties", "2,90d", "9999999999,90d", "is not a whole number."),
        ("treaties", "2,90d", "2,90 days", "'90 days' is not a waiting period. Write"),
        ("treaties", "requires=untoc", "requires=untoc;;", "The conditions cannot be read"),
        ("treaties", "requires=untoc", "members(coo)>=2", "is not a known body."),
        ("treaties", "requires=untoc", "including=FRA|XXX", "is not a known participant."),
        ("treaties", "https://example.org/tip", "javascript:alert(1)", "is not a web address."),
        ("bodies", "GRECO,coe", "GRECO,cow", "is not a known body."),
        ("bodies", "greco,", "GRECO,", "is not an id."),
        ("memberships", "1948,1949", "1949,1948", "is before from (1949)."),
        ("memberships", "coe,FRA", "coo,FRA", "is not a known body."),
        ("mandates", "greco,untoc", "greco,untok", "is not a known instrument."),
        ("assessments", "2001-01,2002", "2001-01,2000-12", "is before from (2001-01)."),
        ("targets", "parties,untoc", "partys,untoc", "is not a metric."),
        ("targets", "parties,untoc", "parties,", "makes no sense: the metric 'parties' needs a treaty."),
        ("counts", "147,,", ",,", "gives no figure."),
        ("coverage", "complete,", "complete-except,", "is 'complete-except' and gives no number in missing."),
        ("coverage", "2,,,,test", "2,,FRX,,test", "is not a known participant."),
        ("coverage", "2,,,,test", "2,,FRA,,test", "gives no number in missing and 1 in missing_of."),
        ("counts", "147,,", "-1,,", "is not a whole number."),
        ("counts", "2004-09-30", "", "is empty, and must not be."),
        ("weights", "12.5", "nan", "is not a number."),
        ("weights", "12.5", "-1", "is not a number."),
        ("weights", "12.5", "1e999", "is not a number."),
        ("weights", "tonnage,ITA,3,2001", "tonnage,FRA,3,", "defines 'tonnage FRA' a second time, after line 2."),
    ],
)
def test_every_data_file_is_held_to_its_columns(tmp_path: Path, file: str, old: str, new: str, problem: str):
    faults = faults_in(sound_folder(tmp_path, **replacing(file, old, new)))
    assert [fault for fault in faults if fault.file.endswith(f"{file}.csv") and fault.problem.startswith(problem)]


def test_a_name_instead_of_a_code_is_answered_with_the_code(tmp_path: Path):
    line = "untoc,french  republic,accession,2000-12-12,,,,test,"
    fault = only_fault_in(sound_folder(tmp_path, **with_line("parties", line)))
    assert (fault.problem, fault.advice) == ("is not a known participant.", "Write its code, FRA.")


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("FR", "Write its code, FRA."),
        ("FRRA", "Write the code that is meant; FRA is like it."),
        ("FRENCH REPUBLIC (THE)", "Write its code, FRA."),
    ],
)
def test_another_code_is_answered_with_the_one_that_is_meant(tmp_path: Path, written: str, advice: str):
    line = f"untoc,{written},accession,2000-12-12,,,,test,"
    heads, *rows = SOUND["participants.csv"].splitlines()
    codes = "".join(f"{row},{'FR' if row.startswith('FRA') else ''}\n" for row in rows)
    folder = sound_folder(tmp_path, participants=f"{heads},iso2\n{codes}", **with_line("parties", line))
    assert only_fault_in(folder).advice == advice


def test_an_unknown_participant_is_never_guessed(tmp_path: Path):
    line = "untoc,Frence,accession,2000-12-12,,,,test,"
    fault = only_fault_in(sound_folder(tmp_path, **with_line("parties", line)))
    assert fault.advice == "Add it to participants.csv, or correct the code."


def test_the_same_fact_twice_names_both_lines(tmp_path: Path):
    line = "untoc,FRA,signature,2000-12-12,,,another remark,test,"
    fault = only_fault_in(sound_folder(tmp_path, **with_line("parties", line)))
    assert (fault.line, fault.problem) == (6, "says the same from the same source as line 2.")


def test_the_same_fact_from_another_source_is_another_fact(tmp_path: Path):
    line = "untoc,FRA,signature,2000-12-12,,,,another source,"
    assert len(read_facts([sound_folder(tmp_path, **with_line("parties", line))])) == 29


def test_a_code_defined_twice_names_both_places(tmp_path: Path):
    folder = sound_folder(tmp_path / "one")
    other = sound_folder(tmp_path / "two") / "bodies.csv"
    first, second = faults_in(folder, other)
    assert first.problem == f"defines 'coe' a second time, after {folder / 'bodies.csv'}:2."
    assert second.line == 3


@pytest.mark.parametrize("name", ["French Republic", "FRANCE", "the  french republic"])
def test_a_name_that_leads_to_two_participants_is_refused(tmp_path: Path, name: str):
    line = f"FXX,Elsewhere,territory,,,,{name},test"
    folder = sound_folder(tmp_path, **with_line("participants", line))
    fault = only_fault_in(folder)
    assert fault.problem == f"leads to FRA as well ({folder / 'participants.csv'}:2)."


def test_a_name_that_the_record_gives_to_another_is_refused(tmp_path: Path):
    (tmp_path / "participants.csv").write_text("code,name,kind,source\nFXX,france,state,test\n")
    held = [participant("FRA", name="France")]
    with pytest.raises(BadData, match=r"leads to FRA as well \(in our data\)"):
        read_facts([tmp_path], held)
    assert len(read_facts([tmp_path], [participant("FXX", name="France")])) == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "circle"),
    [
        ("bodies", "Europe,,", "Europe,greco,", "coe > greco > coe"),
        ("treaties", "convention,,", "convention,untoc,", "untoc > untoc"),
        ("treaties", "30d,reio=no,", "30d,requires=untoc-tip,", "untoc > untoc-tip > untoc"),
        ("participants", "1993-01-01,,,", "1993-01-01,,CSK,", "CSK > CZE > CSK"),
    ],
)
def test_nothing_may_stand_above_itself(tmp_path: Path, file: str, old: str, new: str, circle: str):
    fault = only_fault_in(sound_folder(tmp_path, **replacing(file, old, new)))
    ends = circle.split(" > ")
    assert fault.problem.startswith("goes round in a circle: ")
    assert all(name in fault.problem for name in ends)


def test_consent_to_a_protocol_needs_consent_to_the_convention(tmp_path: Path):
    line = "untoc-tip,CZE,accession,2003-01-01,,,,test,"
    fault = only_fault_in(sound_folder(tmp_path, **with_line("parties", line)))
    assert (fault.line, fault.value) == (6, "CZE")
    assert fault.problem == "consents to 'untoc-tip' without any consent to its convention, 'untoc'."


@pytest.mark.parametrize(
    "line",
    [
        "untoc-tip,CZE,signature,2003-01-01,,,,test,",
        "untoc-tip,CZE,accession,2003-01-01,,,,test,the convention is said to follow",
        "untoc-tip,CZE,accession,2003-01-01,,,,test,\nuntoc,CZE,accession,,,,,test,",
    ],
)
def test_a_signature_a_doubt_or_any_consent_to_the_convention_is_enough(tmp_path: Path, line: str):
    assert read_facts([sound_folder(tmp_path, **with_line("parties", line))])


def test_all_faults_of_all_files_come_together_in_order(tmp_path: Path):
    spoilt = with_line("parties", "untoc,XXX,signature,2000-99-99,,,,,") | with_line("bodies", "UN,,,test")
    faults = faults_in(sound_folder(tmp_path, **spoilt))
    assert [(Path(fault.file).name, fault.line, fault.column) for fault in faults] == [
        ("bodies.csv", 4, "id"),
        ("bodies.csv", 4, "name"),
        ("parties.csv", 6, "date"),
        ("parties.csv", 6, "source"),
        ("parties.csv", 6, "participant"),
    ]


def test_one_bad_row_of_a_participant_does_not_make_its_acts_bad(tmp_path: Path):
    fault = only_fault_in(sound_folder(tmp_path, **replacing("participants", "France,state", "France,stat")))
    assert fault.line == 2


@pytest.mark.parametrize(
    "row", ["untoc,ITA,accession,9999-12-31,,,,test,", "untoc,ITA,withdrawal,2020,3000-01-01,,,test,"]
)
def test_an_act_of_a_day_from_which_nothing_could_follow_is_refused(tmp_path: Path, row: str):
    fault = only_fault_in(sound_folder(tmp_path, **with_line("parties", row)))
    assert "after the year 2999" in fault.problem


def test_an_acceptance_of_an_accession_names_whose_it_is(tmp_path: Path):
    header = "treaty,participant,action,date,towards,source\n"
    accepted = "untoc,FRA,acceptance-of-accession,2004-01-01,{},test\n"
    signed = "untoc,FRA,signature,2000-12-12,{},test\n"
    assert read_facts([sound_folder(tmp_path / "sound", parties=header + accepted.format("ITA"))])
    fault = only_fault_in(sound_folder(tmp_path / "open", parties=header + accepted.format("")))
    assert (fault.line, fault.column, fault.problem) == (2, "towards", "names no State in towards.")
    fault = only_fault_in(sound_folder(tmp_path / "closed", parties=header + signed.format("ITA")))
    assert fault.advice == "Leave towards empty."


def test_a_statement_of_an_unknown_author_is_refused_unless_it_is_an_objection(tmp_path: Path):
    header = "treaty,participant,kind,towards,source\n"
    assert read_facts([sound_folder(tmp_path / "sound", statements=f"{header}untoc,,objection,FRA,test\n")])
    fault = only_fault_in(sound_folder(tmp_path / "bad", statements=f"{header}untoc,,reservation,FRA,test\n"))
    assert "names its author" in fault.problem
    fault = only_fault_in(sound_folder(tmp_path / "unknown", statements=f"{header}untoc,XXX,reservation,,test\n"))
    assert fault.problem == "is not a known participant."
