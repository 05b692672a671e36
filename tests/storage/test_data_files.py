"""Data files to facts and back: what is read, what is refused and where, and that nothing is half read."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.support.builders import acceded, body, instrument, participant, signed
from tests.support.data_files import sound_folder, with_line
from tracker.config import shipped_folder
from tracker.errors import BadData
from tracker.law.dates import PartialDate
from tracker.law.model import Action, ActionKind, Instrument, Membership, Participant, Weight
from tracker.storage.facts import FACT_SCHEMAS, SCHEMA_BY_FILE
from tracker.storage.import_export import read_facts, write_facts
from tracker.storage.validation import LAST_YEAR

SHIPPED = shipped_folder("data")


# -- what is read ------------------------------------------------------------------------------------


def test_a_folder_of_sound_files_is_read_whole(tmp_path: Path):
    facts = read_facts([sound_folder(tmp_path)])
    assert len(facts) == 28
    assert facts.fact_types == {schema.fact for schema in FACT_SCHEMAS}


def test_columns_become_the_fields_they_stand_for(tmp_path: Path):
    facts = list(read_facts([sound_folder(tmp_path)]))
    tip = next(fact for fact in facts if isinstance(fact, Instrument) and fact.id == "untoc-tip")
    assert (tip.title, tip.parent, tip.threshold) == ('Protocol "TIP"', "untoc", 2)
    italy = next(fact for fact in facts if isinstance(fact, Action) and fact.participant == "ITA")
    assert (italy.kind, italy.date, italy.unverified) == (ActionKind.RATIFICATION, PartialDate.parse("2006"), True)
    member, observer = (fact for fact in facts if isinstance(fact, Membership))
    assert (member.role, str(member.start), member.end) == ("member", "1949-05-05", None)
    assert (observer.role, str(observer.start), str(observer.end)) == ("observer", "1948", "1949")
    france = next(fact for fact in facts if isinstance(fact, Participant))
    assert france.aliases == ("French Republic", "the French Republic")
    assert [fact.value for fact in facts if isinstance(fact, Weight)] == [12.5, 3.0]


def test_single_files_are_read_like_a_folder(tmp_path: Path):
    folder = sound_folder(tmp_path)
    assert read_facts([folder / name for name in SCHEMA_BY_FILE]) == read_facts([folder])
    assert len(read_facts([folder, folder / "parties.csv"])) == 28


def test_files_as_spreadsheets_save_them_are_read_too(tmp_path: Path):
    plain = read_facts([sound_folder(tmp_path / "plain")])
    excel = sound_folder(tmp_path / "excel")
    for file in excel.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert read_facts([excel]) == plain


def test_a_note_may_have_several_lines(tmp_path: Path):
    line = 'untoc,ITA,signature,2000-12-12,,,"one\ntwo, ""three""",test,'
    facts = list(read_facts([sound_folder(tmp_path, **with_line("parties", line))]))
    assert 'one\ntwo, "three"' in [fact.note for fact in facts if isinstance(fact, Action)]


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out(tmp_path: Path):
    file = tmp_path / "bodies.csv"
    file.write_text("source,name,id\ntest,Council of Europe,coe\n")
    assert list(read_facts([file])) == [body("coe", name="Council of Europe", source="test")]


def test_what_files_refer_to_may_be_in_the_record_already(tmp_path: Path):
    file = tmp_path / "parties.csv"
    file.write_text("treaty,participant,action,source\nuntoc,FRA,signature,test\n")
    with pytest.raises(BadData):
        read_facts([file])
    assert len(read_facts([file], held=[participant("FRA"), instrument("untoc")])) == 1


def test_a_protocol_may_follow_a_convention_that_the_record_holds(tmp_path: Path):
    file = tmp_path / "parties.csv"
    file.write_text("treaty,participant,action,source\nprotocol,FRA,accession,test\n")
    held = [participant("FRA"), instrument("main"), instrument("protocol", parent="main", conditions="requires=main")]
    with pytest.raises(BadData, match="without any consent to its convention, 'main'"):
        read_facts([file], held)
    assert len(read_facts([file], [*held, acceded("FRA", "main")])) == 1


# -- what is written ---------------------------------------------------------------------------------


def test_what_is_written_is_read_back_exactly(tmp_path: Path):
    facts = read_facts([sound_folder(tmp_path / "in")])
    write_facts(facts, tmp_path / "out")
    assert read_facts([tmp_path / "out"]) == facts


def test_the_shipped_data_is_sound_and_survives_being_written(tmp_path: Path):
    facts = read_facts([SHIPPED])
    write_facts(facts, tmp_path / "once")
    again = read_facts([tmp_path / "once"])
    assert again.facts == facts.facts
    write_facts(again, tmp_path / "twice")
    for file in SCHEMA_BY_FILE:
        assert (tmp_path / "once" / file).read_bytes() == (tmp_path / "twice" / file).read_bytes()


def test_writing_leaves_whole_files_only_and_replaces_old_ones(tmp_path: Path):
    write_facts([body("coe"), body("greco", parent="coe")], tmp_path)
    write_facts([body("coe")], tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(SCHEMA_BY_FILE)
    assert list(read_facts([tmp_path])) == [body("coe")]


plain = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30).filter(str.strip)
many_lines = st.lists(plain, max_size=3).map("\n".join)
exact = st.dates(max_value=date(LAST_YEAR, 12, 31)).map(PartialDate.of)
days = exact | st.sampled_from(["1999", "2000-02"]).map(PartialDate.parse) | st.none()
days = days.filter(lambda day: day is None or day.first.year >= 1000)


@hypothesis_settings(max_examples=60, deadline=None)
@given(note=many_lines, source=plain, doubt=many_lines, date=days, value=st.floats(0, 1e300), name=plain)
def test_any_text_survives_the_round_trip(tmp_path_factory, note, source, doubt, date, value, name):
    folder = tmp_path_factory.mktemp("round")
    facts = [
        participant("FRA", name=name, source=source, doubt=doubt),
        instrument("untoc", closed_on=date),
        signed("FRA", "untoc", date, note=note, source=source, doubt=doubt),
        Weight(table="tonnage", participant="FRA", value=value, source=source),
    ]
    write_facts(facts, folder)
    assert list(read_facts([folder])) == facts
