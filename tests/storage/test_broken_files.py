"""Files that cannot be read as they are: bytes, lines and headers. Each fault is placed, and the rest still read."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.support.builders import instrument, participant
from tests.support.data_files import faults_in, only_fault_in, replacing, sound_folder
from tracker.errors import BadData
from tracker.storage import csv_reader
from tracker.storage.csv_reader import MAX_FAULTS, MAX_LINE_BYTES, MAX_VALUE_LENGTH
from tracker.storage.import_export import read_facts


def test_a_missing_path_is_named(tmp_path: Path):
    assert "cannot be read: No such file" in str(only_fault_in(tmp_path / "parties.csv"))


def test_a_folder_without_data_files_is_refused(tmp_path: Path):
    assert only_fault_in(tmp_path).problem == "holds no data files."


def test_a_file_of_another_name_is_refused_with_the_names_that_exist(tmp_path: Path):
    (tmp_path / "partys.csv").write_text("x")
    assert "The files are participants.csv, treaties.csv" in only_fault_in(tmp_path).advice
    assert only_fault_in(tmp_path / "partys.csv").file.endswith("partys.csv")


@pytest.mark.parametrize("content", [b"", b"\n", b"\n\n\n"])
def test_a_file_without_a_header_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "bodies.csv").write_bytes(content)
    fault = only_fault_in(tmp_path)
    assert (fault.line, fault.problem) == (1, "is no header.")


@pytest.mark.parametrize(
    ("header", "column", "problem"),
    [
        ("id,name", "source", "is missing from the header."),
        ("id,name,source,source", "source", "stands in the header twice."),
        ("id,name,source,acronim", "acronim", "is not a column of this file."),
        ("id,name,source,", "(no name)", "is not a column of this file."),
        ("id,Name,source,name", "Name", "is not a column of this file."),
    ],
)
def test_a_wrong_header_is_refused_by_column(tmp_path: Path, header: str, column: str, problem: str):
    (tmp_path / "bodies.csv").write_text(header + "\n")
    fault = only_fault_in(tmp_path)
    assert (fault.line, fault.column, fault.problem) == (1, column, problem)


def test_an_unknown_column_is_answered_with_the_nearest_known_one(tmp_path: Path):
    (tmp_path / "bodies.csv").write_text("id,name,source,acronim\n")
    assert only_fault_in(tmp_path).advice.startswith("Did you mean acronym?")


def test_a_header_that_cannot_be_read_does_not_cause_faults_elsewhere(tmp_path: Path):
    folder = sound_folder(tmp_path, **replacing("participants", "code,name,kind", "code,nam,kind"))
    assert [fault.column for fault in faults_in(folder)] == ["nam", "name"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"a,b", "has 2 fields where the header has 3."),
        (b"a,b,c,d", "has 4 fields where the header has 3."),
        (b"a,caf\xe9,c", "is not UTF-8 text (byte 6 of the line)."),
        (b"a,b\0,c", "holds a NUL byte, which no text has."),
        (b'a,"b" x,c', "is not well-formed CSV"),
        (b"a,b\rx,c", "is not well-formed CSV"),
        (b"a,b\x1b[31m,c", "holds a control character (U+001B)."),
        (b"a," + b"x" * (MAX_VALUE_LENGTH + 1) + b",c", "is 64001 characters long; 64000 is the most."),
        (b"a," + b"x" * MAX_LINE_BYTES + b",c", "is longer than 65536 bytes."),
    ],
)
def test_a_broken_line_is_named_and_the_rest_is_still_read(tmp_path: Path, line: bytes, problem: str):
    lines = [b"id,name,source", b"coe,Council,test", line, b"greco,GRECO,test", b"Bad Id,x,test"]
    (tmp_path / "bodies.csv").write_bytes(b"\n".join(lines))
    first, second = faults_in(tmp_path)
    assert first.line == 3
    assert first.problem.startswith(problem)
    assert (second.line, second.value) == (5, "Bad Id")


def test_a_quotation_mark_that_is_never_closed_is_found_where_it_opens(tmp_path: Path):
    (tmp_path / "bodies.csv").write_text('id,name,source\ncoe,Council,test\ngreco,"GRECO,test\nun,UN,test\n')
    fault = only_fault_in(tmp_path)
    assert (fault.line, fault.problem) == (3, "is not well-formed CSV (unexpected end of data).")


def test_a_line_of_100_megabytes_costs_a_fault_and_little_memory(tmp_path: Path):
    file = tmp_path / "parties.csv"
    with file.open("wb") as stream:
        stream.write(b"treaty,participant,action,source\n")
        for _ in range(100):
            stream.write(b"x" * 1_000_000)
        stream.write(b"\n")
    tracemalloc.start()
    fault = only_fault_in(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (fault.line, fault.problem) == (2, "is longer than 65536 bytes.")
    assert peak < 5_000_000


def test_reading_stops_when_there_are_faults_enough(tmp_path: Path):
    (tmp_path / "bodies.csv").write_text("id,name,source\n" + "x\n" * 10_000)
    faults = faults_in(tmp_path)
    assert len(faults) == MAX_FAULTS + 1
    assert "200 faults are enough" in faults[-1].problem


@hypothesis_settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400))
def test_arbitrary_bytes_are_never_more_than_bad_data(tmp_path_factory, content: bytes):
    file = tmp_path_factory.mktemp("any") / "parties.csv"
    for data in (content, b"treaty,participant,action,date,source,note\n" + content):
        file.write_bytes(data)
        try:
            read_facts([file], held=[participant("FRA"), instrument("untoc")])
        except BadData as refused:
            assert refused.faults  # noqa: PT017


def test_a_file_of_endless_rows_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(csv_reader, "MAX_ROWS", 2)
    (tmp_path / "bodies.csv").write_text("id,name,source\n" + "".join(f"a{n},x,test\n" for n in range(9)))
    assert (only_fault_in(tmp_path).line, only_fault_in(tmp_path).advice) == (4, "Split the file.")
