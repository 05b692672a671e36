"""Status files as a whole: what is read, what is remarked upon, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.status_documents import HEADINGS, ROWS, file, of_the_record, page_2016, page_2018, table, xml
from tracker.errors import BadQuestion, Refused, TryLater
from tracker.law.model import ActionKind
from tracker.sync.documents import parse_document
from tracker.sync.status_table import PrintedTotals, StatusFile

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW = (*ROWS, ("Newland", "", "12 Jan\t 2024 a"))


def read(document, reference="XVIII-99", **given):
    return parse_document(document, reference, retrieved_at=MOMENT, **given)


def acts(status: StatusFile):
    return [(each.name, each.kind.value, str(each.date), each.withdrawn) for each in status.sightings]


# -- what is read ----------------------------------------------------------------------------------


def test_a_file_becomes_sightings():
    status = read(xml(), url="https://example.org/x", etag='"1"', last_modified="yesterday")
    assert acts(status) == [
        ("Exampleland", "signature", "2000-02-01", False),
        ("Exampleland", "acceptance", "2001-04-22", False),
        ("Otherland", "accession", "2002-10-07", False),
    ]
    assert (status.reference, status.title) == ("XVIII-99", "Example Convention")
    assert (status.printed_signatories, status.printed_parties) == (1, 2)
    assert status.printed == status.counted == PrintedTotals(1, 2)
    assert status.entry_into_force == "1 January 2003, in accordance with article 38(1)."
    assert (status.url, status.etag, status.last_modified) == ("https://example.org/x", '"1"', "yesterday")
    assert status.remarks == ()
    first = status.sightings[0]
    assert (first.reference, first.raw, first.table, first.row) == ("XVIII-99", " 1 Feb\t 2000 ", 1, 1)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("XVIII-12.en.xml", (147, 190)),
        ("XVIII-12-a.en.xml", (117, 175)),
        ("XVIII-14.en.xml", (140, 185)),
        ("VI-19.en.xml", (87, 191)),
        ("XVIII-12-c.2018.html", (52, 118)),
        ("XVIII-12-c.2016.html", (52, 114)),
        ("XVIII-12.2003-06-30.en.xml", (147, 39)),
        ("XVIII-12.2003-07-01.en.xml", (147, 40)),
    ],
)
def test_the_saved_files_count_as_they_print(name, counts):
    status = read(file(name), name.split(".")[0])
    assert status.printed == status.counted == PrintedTotals(*counts)
    assert status.remarks == ()


def test_the_acts_of_the_saved_file_are_those_of_the_record():
    status = read(file("XVIII-12.2003-07-01.en.xml"), "XVIII-12")
    rows = of_the_record("untoc", until="2003-07-01")
    assert {each.name for each in status.sightings} == {name for name, *_ in rows}
    assert len(status.sightings) == sum(bool(cell) for _, *cells in rows for cell in cells)


def test_an_accession_more_is_a_sighting_more():
    assert set(acts(read(xml(rows=NEW, parties=3)))) - set(acts(read(xml()))) == {
        ("Newland", "accession", "2024-01-12", False)
    }


def test_a_corrected_date_is_seen_as_it_is_now_printed():
    corrected = xml().replace(b"7 Oct", b"8 Oct")
    assert ("Otherland", "accession", "2002-10-08", False) in acts(read(corrected))


def test_a_withdrawal_in_brackets_is_seen_and_not_counted():
    document = file("XVIII-14.en.xml")
    (consent,) = [each for each in read(document, "XVIII-14").sightings if each.name == "Bhutan" and each.withdrawn]
    assert (consent.kind, str(consent.date)) == (ActionKind.RATIFICATION, "2016-09-21")
    with pytest.raises(Refused, match="185 parties, but its rows make 140 and 186"):
        read(document.replace(b"[21 Sep\t 2016]", b"21 Sep\t 2016"), "XVIII-14")


def test_a_participant_in_brackets_has_withdrawn_altogether():
    rows = (*ROWS, ("[Goneland]<superscript>9</superscript>", "", "1 Jan\t 1999 a"))
    status = read(xml(rows=rows))
    assert acts(status)[-1] == ("Goneland", "accession", "1999-01-01", True)
    assert status.counted == PrintedTotals(1, 2)


def test_one_who_came_back_is_counted_once():
    rows = (*ROWS, ("Backland", "", "[1 Jan\t 1999 a] 5 Jan\t 2000 a"))
    assert read(xml(rows=rows, parties=3)).counted.parties == 3


def test_a_column_of_denunciations_takes_parties_away():
    headings = (*HEADINGS, "Denunciation")
    rows = ((*ROWS[0], ""), (*ROWS[1], "1 Jan 2010"))
    status = read(xml(rows=rows, headings=headings, parties=1))
    assert ("Otherland", "withdrawal", "2010-01-01", False) in acts(status)


def test_names_outside_ascii_come_from_the_declared_encoding():
    rows = [(name, "", f"{day} Jan 2001 a") for day, name in enumerate(("Côte d'Ivoire", "Türkiye", "São Tomé"), 1)]
    for encoding in ("ISO-8859-1", "UTF-8", "UTF-16"):
        status = read(xml(rows=rows, signatories=0, parties=3, encoding=encoding))
        assert [each.name for each in status.sightings] == ["Côte d'Ivoire", "Türkiye", "São Tomé"]


def test_a_part_is_an_instrument_of_its_own():
    status = read(file("XVIII-12-a.en.xml"), "xviii-12-A")
    assert status.reference == "XVIII-12-a"
    assert status.title.startswith("Protocol to Prevent")


def test_headings_may_stand_in_any_order():
    headings = (HEADINGS[2], HEADINGS[0], HEADINGS[1])
    rows = [(consent, name, signature) for name, signature, consent in ROWS]
    assert sorted(acts(read(xml(headings=headings, rows=rows)))) == sorted(acts(read(xml())))


def test_a_table_may_lack_signatures():
    rows = [("Exampleland", "1 Feb 2000 A"), ("Otherland", "7 Oct 2002 A")]
    status = read(xml(headings=("Participant", "Acceptance(A)"), rows=rows, signatories=None))
    assert status.counted == PrintedTotals(0, 2)
    assert [str(each) for each in status.remarks] == ["table 0: 'signatories' are not counted by the file itself"]


def test_several_tables_are_all_read():
    tables = [table(HEADINGS, ROWS[:1]), table(HEADINGS[::2], [("Otherland", "7 Oct 2002 a")])]
    status = read(xml(tables=tables))
    assert acts(status) == acts(read(xml()))
    assert [each.table for each in status.sightings] == [1, 1, 2]


def test_special_tables_are_read_by_their_own_headings():
    columns = "".join(f"<Row>{''.join(f'<Column>{cell}</Column>' for cell in row)}</Row>" for row in ROWS)
    titles = "".join(f"<Title>{title}</Title>" for title in HEADINGS)
    special = f"<SpecialTables><Table><TableHeader>{titles}</TableHeader>{columns}</Table></SpecialTables>"
    assert acts(read(xml(tables=[], after=special))) == acts(read(xml()))
    single = titles.replace("</Title><Title>", "</Title></TableHeader><TableHeader><Title>")
    assert acts(read(xml(tables=[], after=special.replace(titles, single)))) == acts(read(xml()))


def test_marks_may_be_elements_instead_of_text():
    document = xml().replace(b"<Entry>Exampleland", b"<Entry>Example<i>land</i><superscript>7</superscript>")
    assert acts(read(document)) == acts(read(xml()))


def test_a_heading_may_stand_among_the_rows():
    document = xml().replace(b"<Thead>", b"<Tbody><Rows>").replace(b"</Thead>\n<Tbody><Rows>", b"")
    assert acts(read(document)) == acts(read(xml()))


def test_parts_that_do_not_say_who_acted_are_named():
    after = "<Declarations><Declaration><Participant>Otherland</Participant></Declaration></Declarations>"
    assert read(xml(after=after)).left_out == (("Declarations", 1),)


def test_an_instrument_that_nobody_has_joined_is_empty():
    assert read(xml(rows=(), signatories=0, parties=0)).sightings == ()


# -- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [page_2016(), page_2018(), page_2018(thead=True)])
def test_the_page_says_what_the_file_says(page):
    assert acts(read(page)) == acts(read(xml()))


def test_the_page_has_a_title_and_an_entry_into_force():
    status = read(page_2018("XVIII-99-b"), "XVIII-99-b")
    assert (status.title, status.entry_into_force[:14]) == ("Example Convention", "1 January 2003")


def test_footnotes_and_accents_on_a_page():
    rows = (("Exampleland<sup>1</sup>", "1 Feb 2000", "22 Apr&nbsp; 2001 A"), ("Côte d'Ivoire 4 ,", "", "7 Oct 2002 a"))
    for page in (page_2016, page_2018):
        assert [each.name for each in read(page(rows=rows)).sightings][-1] == "Côte d'Ivoire"


def test_other_tables_of_a_page_are_left_alone():
    assert "Decoyland" not in {each.name for each in read(page_2018()).sightings}
    renamed = page_2018().replace(b"tblgrid", b"tblother")
    status = read(renamed)
    assert acts(status) == acts(read(xml()))
    assert [remark.text for remark in status.remarks] == ["Participant | Date of receipt of the notification"]


def test_a_cell_may_span_columns():
    rows = (
        "Exampleland</td><td>1 Feb 2000</td><td>22 Apr 2001 A",
        'Otherland</td><td colspan="1"></td><td>7 Oct 2002 a',
    )
    assert acts(read(page_2018(rows=[(row,) for row in rows]))) == acts(read(xml()))
    wide = ("Exampleland</td><td>1 Feb 2000</td><td>22 Apr 2001 A", 'Otherland</td><td colspan="2">7 Oct 2002')
    status = read(page_2018(rows=[(row,) for row in wide], signatories=2, parties=1))
    assert acts(status)[-1] == ("Otherland", "signature", "2002-10-07", False)


# -- remarks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("7 Oct 2002 x", "has the code 'x'"),
        ("soon", "is not a date"),
        ("31 Apr 2002 a", "not in the calendar"),
        ("7 Oct 2062 a", "lies after the day"),
    ],
)
def test_a_cell_that_cannot_be_read_is_set_aside_and_told(cell, problem):
    status = read(xml(rows=(ROWS[0], ("Otherland", "", cell))))
    assert [each.name for each in status.sightings] == ["Exampleland"] * 2
    (remark,) = status.remarks
    assert (remark.table, remark.row, remark.text) == (1, 2, cell)
    assert problem in remark.problem
    assert "Otherland" in str(remark)


def test_a_row_without_a_participant_is_set_aside_and_told():
    status = read(xml(rows=(ROWS[0], ("7", "", "7 Oct 2002 a"))))
    assert "its participant is no name" in status.remarks[0].problem
    assert status.counted == PrintedTotals(1, 1)


def test_columns_and_rows_that_mean_nothing_are_told():
    rows = ((*ROWS[0], "since ever"), (*ROWS[1], ""), ("Idleland", "", "", ""))
    status = read(xml(rows=rows, headings=(*HEADINGS, "Applies")))
    assert [remark.text for remark in status.remarks] == ["since ever", "Idleland"]


def test_what_is_printed_twice_is_seen_once():
    status = read(xml(rows=(*ROWS, ROWS[1])))
    assert acts(status) == acts(read(xml()))
    assert "a second time" in status.remarks[0].problem


def test_an_act_may_be_dated_on_the_day_after_in_our_zone():
    tomorrow = MOMENT + timedelta(days=1)
    rows = (ROWS[0], ("Otherland", "", f"{tomorrow.day} Nov 2026 a"))
    assert read(xml(rows=rows)).remarks == ()


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("signatories", "parties"), [(2, 2), (0, 2), (1, 1), (1, 3)])
@pytest.mark.parametrize("form", [xml, page_2016, page_2018])
def test_numbers_that_the_rows_do_not_make_refuse_the_whole(form, signatories, parties):
    with pytest.raises(Refused, match=f"{signatories} signatories and {parties} parties, but its rows make 1 and 2"):
        read(form(signatories=signatories, parties=parties))


def test_former_states_may_be_counted_in_a_footnote():
    assert read(xml(signatories=2), unlisted=PrintedTotals(1, 0)).printed == PrintedTotals(2, 2)
    with pytest.raises(Refused):
        read(xml(parties=3), unlisted=PrintedTotals(1, 0))


def test_a_definitive_signature_may_be_counted_as_a_signature_or_not():
    rows = (*ROWS, ("Sureland", "3 Mar 2003 s", ""))
    for signatories in (1, 2):
        assert read(xml(rows=rows, signatories=signatories, parties=3)).counted == PrintedTotals(1, 3)
    with pytest.raises(Refused):
        read(xml(rows=rows, signatories=3, parties=3))


def test_a_file_without_any_number_cannot_be_checked():
    with pytest.raises(Refused, match="neither its signatories nor its parties"):
        read(xml(signatories=None, parties=None))


@pytest.mark.parametrize("asked", ["XVIII-98", "XVIII-99-a", "XVII-99", "XVIII-9"])
@pytest.mark.parametrize("form", [xml, page_2016, page_2018])
def test_a_document_about_another_instrument_is_refused(form, asked):
    with pytest.raises(Refused, match=f"not {asked}"):
        read(form(), asked)


def test_the_convention_is_not_its_protocol():
    with pytest.raises(Refused, match="about XVIII-12-a, not XVIII-12:"):
        read(file("XVIII-12-a.en.xml"), "XVIII-12")
    with pytest.raises(Refused, match="about XVIII-99-b, not XVIII-99:"):
        read(page_2018("XVIII-99-b").replace(b"-b&amp;", b"&amp;"))


def test_a_document_that_does_not_say_what_it_is_about_is_refused():
    with pytest.raises(Refused, match="does not say"):
        read(xml().replace(b"Numsect", b"Nosect"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("name", ["XVIII-12.en.xml", "XVIII-12-c.2018.html", "XVIII-12-c.2016.html"])
def test_a_truncated_document_is_refused(name, share):
    document = file(name)
    with pytest.raises(Refused):
        read(document[: int(len(document) * share)], name.split(".")[0])


def test_the_maintenance_page_is_no_answer():
    with pytest.raises(TryLater, match="maintenance"):
        read(file("maintenance.html"))


@pytest.mark.parametrize("document", [b"", b"   ", b"\0" * 100, b"%PDF-1.4", b"{}", b"<", "Türkiye".encode("utf-16")])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(Refused):
        read(document)


@pytest.mark.parametrize(
    "document", [b"<Document/>", b"<?xml version='1.0'?><Treaty/>", b"<?xml version='1.0'?><a><b/></a>"]
)
def test_other_xml_is_refused(document):
    with pytest.raises(Refused, match="no status file"):
        read(document)


@pytest.mark.parametrize(
    "reference", ["", "ETS 141", "XVIII", "18-12", "XVIII-", "XVIII-12-", "XXX-1", "../x", "IIII-1"]
)
def test_what_is_no_reference_is_a_bad_question(reference):
    with pytest.raises(BadQuestion, match="XVIII-12-a"):
        read(xml(), reference)


def test_the_moment_must_be_aware():
    with pytest.raises(ValueError, match="aware"):
        parse_document(xml(), "XVIII-99", retrieved_at=MOMENT.replace(tzinfo=None))
