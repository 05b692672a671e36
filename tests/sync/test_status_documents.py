"""Status files as a whole: what is read, what is remarked upon, and what is refused."""

import html
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.status_documents import (
    HEADINGS,
    PREFIX,
    ROWS,
    file,
    of_the_record,
    page_2016,
    page_2018,
    special_block,
    table,
    xml,
)
from tracker.errors import BadQuestion, Refused, TryLater
from tracker.law.dates import PartialDate
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


LEAGUE = """<LON><Table><Title>Ratifications or definitive accessions</Title><Ratification>
<State.no.link>Exampleland&lt;superscript&gt;2&lt;/superscript&gt;</State.no.link>
<Ratification.date>&lt;right&gt; (Nov 27th, 1937)&lt;/right&gt;</Ratification.date><State.no.link />
<State.no.link>Otherland</State.no.link><Para>&lt;i&gt;with all its parts&lt;/i&gt;</Para>
<Ratification.date>&lt;right&gt; (April 10th,1935&lt;/right&gt; &lt;i&gt;a&lt;/i&gt; )</Ratification.date>
<Territories>Isle of Samples</Territories><Ratification.date>(May 8th, 1936 a)</Ratification.date>
</Ratification></Table><Table><Title>Signatures not yet perfected by ratification</Title>
<Signature><State.no.link>Thirdland</State.no.link></Signature></Table></LON>"""


def test_the_lists_of_the_league_of_nations_give_consents_and_keep_the_rest_whole_under_its_state():
    status = read(xml(rows=(), signatories=None, parties=None, after=LEAGUE))
    assert [(each.name, each.kind.value, str(each.date)) for each in status.sightings] == [
        ("Exampleland", "ratification", "1937-11-27"), ("Otherland", "accession", "1935-04-10"),
    ]  # fmt: skip
    (kept,) = status.statements
    assert (kept.name, kept.kind.value, bool(kept.whole)) == ("Otherland", "unspecified", True)
    assert kept.text == "with all its parts\nIsle of Samples\nMay 8th, 1936 a"
    assert any("have no date and were not read" in str(remark) for remark in status.remarks)


def special(title, heads, *rows):
    cells = "".join(f"<Row>{''.join(f'<Column>{cell}</Column>' for cell in row)}</Row>" for row in rows)
    names = "".join(f"<Title>{head}</Title>" for head in heads)
    return (
        f"<SpecialTables><Table><Title>{title}</Title><TableHeader>{names}</TableHeader>{cells}</Table></SpecialTables>"
    )


def test_a_special_table_of_designated_authorities_gives_notifications_without_officials():
    agencies = special(
        "Notifications made under article 2 (3) (Designation of authority)",
        ("Participant", "Transmitting Agency:", "Receiving Agency:", "Telephone:"),
        (
            "Exampleland",
            "",
            "Ministry of Invention, Ms. Jane Sample, 1 Sample Street, 1000 Sampleton",
            "+00 00 000 000",
        ),
        ("", "Office of Requests&lt;br&gt;E-mail: desk@office.example", "", ""),
        ("Otherland", "", "", "+00 00 000 001"),
    )
    first, second, third = read(xml(after=agencies)).statements
    assert {(each.kind.value, each.article) for each in (first, second, third)} == {("notification", "2(3)")}
    assert first.text.splitlines()[1:] == ["Receiving Agency: Ministry of Invention"]
    assert (second.name, second.text.splitlines()[1:]) == ("Exampleland", ["Transmitting Agency: Office of Requests"])
    assert third.text == "Notifications made under article 2 (3) (Designation of authority)"


def test_a_special_table_may_give_the_day_of_each_row():
    received = special(
        "Notifications made under article VII", ("Participant", "Date of receipt:"), ("Otherland", "10 Jul 1997")
    )
    (said,) = read(xml(after=received)).statements
    assert (said.kind.value, said.article, str(said.date)) == ("notification", "VII", "1997-07-10")


def test_a_row_of_a_special_table_that_does_not_say_what_it_lists_is_kept_whole():
    (kept,) = read(xml(after=special("Schedule", ("", "", ""), ("Otherland", "One", "Two")))).statements
    assert (kept.name, kept.kind.value, kept.text) == ("Otherland", "unspecified", "Schedule\nOne\nTwo")
    assert kept.whole


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


SPECIAL = [
    (
        "Notifications made under article 2 (3) (Designation of authority)",
        ("Participant", "Receiving Agency:", "Telephone:"),
        [("Exampleland", "Ministry of Invention<br>E-mail: desk@office.example", "+00 00 000 000"),
         ("", "Office of Requests", "")],
    ),
    ("Notifications made under article VII", ("Participant", "Date of receipt:"), [("Otherland", "10 Jul 1997")]),
    ("Schedule", ("Participant", ""), [("Otherland", "One")]),
]  # fmt: skip


def test_special_tables_of_a_page_say_what_those_of_the_file_say():
    in_xml = "".join(
        special(title, heads, *(tuple(html.escape(cell) for cell in row) for row in rows))
        for title, heads, rows in SPECIAL
    )
    page = read(page_2018().replace(b"</form>", special_block(*SPECIAL).encode() + b"</form>"))
    assert page.statements == read(xml(after=in_xml)).statements
    assert [each.name for each in page.statements] == ["Exampleland", "Exampleland", "Otherland", "Otherland"]
    assert "desk" not in page.statements[0].text
    assert acts(page) == acts(read(xml()))


def test_a_special_table_of_a_page_may_be_the_only_table_of_actions():
    block = special_block(("", HEADINGS, ROWS)).encode()
    page = page_2018(rows=()).replace(b"tblgrid", b"tblother").replace(b"</form>", block + b"</form>")
    assert acts(read(page)) == acts(read(xml()))


def test_a_special_table_may_have_its_title_as_a_caption_or_a_first_row():
    title, heads, rows = SPECIAL[1]
    head, rest = special_block(("", heads, rows)).split("<tr>", 1)
    for said in (f"{head}<caption>{title}</caption><tr>{rest}", f"{head}<tr><td>{title}</td></tr><tr>{rest}"):
        (found,) = read(page_2018().replace(b"</form>", said.encode() + b"</form>")).statements
        assert (found.kind.value, found.article) == ("notification", "VII")


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
def test_a_cell_that_cannot_be_read_is_told_and_never_counts_for_a_party(cell, problem):
    rows = (ROWS[0], ("Otherland", "", cell))
    status = read(xml(rows=rows, parties=1))
    assert [each.name for each in status.sightings] == ["Exampleland"] * 2
    (remark,) = status.remarks
    assert (remark.table, remark.row, remark.text) == (1, 2, cell)
    assert problem in remark.problem
    assert "Otherland" in str(remark)
    with pytest.raises(Refused, match=f"rows make 1 and 1. Not read: table 1, row 2: '{cell}'"):
        read(xml(rows=rows))


def test_a_row_without_a_participant_is_told_and_never_counts_for_a_party():
    rows = (ROWS[0], ("7", "", "7 Oct 2002 a"))
    status = read(xml(rows=rows, parties=1))
    assert "its participant is no name" in status.remarks[0].problem
    assert status.counted == PrintedTotals(1, 1)
    with pytest.raises(Refused, match="its participant is no name"):
        read(xml(rows=rows))


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


def test_a_file_without_any_number_is_read_if_every_row_is_and_says_that_it_is_not_self_checked():
    status = read(xml(signatories=None, parties=None))
    assert (acts(status), status.self_checked) == (acts(read(xml())), False)
    assert "not self-checked" in str(status.remarks[0])
    assert read(xml()).self_checked
    with pytest.raises(Refused, match=r"neither its signatories nor its parties, and not every row.*soon"):
        read(xml(rows=(*ROWS, ("Newland", "", "soon")), signatories=None, parties=None))


def test_a_document_without_a_table_of_participants_says_so():
    for numbers in ({"signatories": None, "parties": None}, {}):
        with pytest.raises(Refused, match="no table of the document could be read as one of participants"):
            read(xml(tables=[], **numbers))
    notices = table(("Participant", "Distinctive letters"), [("Exampleland", "EX")])
    with pytest.raises(Refused, match="Distinctive letters"):
        read(xml(tables=[notices]))


# -- tables of other kinds than those of signature and ratification ---------------------------------

VIRTUE = "Participation in the Convention by virtue of ratification, accession or succession to the Protocol of 1990"
AMENDED = (
    "Definitive signature of the Protocol, Acceptance of the Protocol, Succession to the Convention and the Protocol",
    "Ratification of the Convention as amended, Accession to the Convention as amended(a)",
)


@pytest.mark.parametrize("form", [xml, page_2018])
@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ((VIRTUE, HEADINGS[2]), ["consent-to-be-bound", "accession"]),
        (AMENDED, ["consent-to-be-bound", "accession"]),
        (("Application", "Accession(a)"), ["consent-to-be-bound", "accession"]),
        (("Definitive signature or participation in both, Participation(P)", AMENDED[1]),
         ["consent-to-be-bound", "accession"]),
    ],
)  # fmt: skip
def test_a_consent_of_a_kind_that_the_heading_leaves_open_is_a_consent(form, heading, kinds):
    rows = (("Exampleland", "12 Dec 1991", ""), ("Otherland", "", "7 Oct 2002 a"))
    status = read(form(rows=rows, headings=("Participant", *heading), signatories=0, parties=2))
    assert [each.kind for each in status.sightings] == kinds
    assert status.counted == PrintedTotals(0, 2)


def test_the_letter_of_a_section_is_no_code():
    headings = (
        "Participant",
        "Participation in the Agreement as amended under paragraph 4 of resolution 1 and paragraph 1 of article 60",
        "Signature by non-regional members under Section 3 (c) (i) of resolution 2",
        "Ratification, Acceptance(A)",
    )
    rows = (("Exampleland", "7 May 1982", "", ""), ("Otherland", "", "6 Jun 1985", "6 Jun 1985 A"))
    status = read(xml(headings=headings, rows=rows))
    assert [each.kind for each in status.sightings] == ["consent-to-be-bound", "signature", "acceptance"]
    assert status.counted == PrintedTotals(1, 2)


def test_those_that_apply_a_treaty_provisionally_are_all_counted_as_parties_or_none():
    headings = (*HEADINGS[:2], "Provisional application(n)", HEADINGS[2])
    rows = (("Exampleland", "", "1 Feb 2000 n", ""), ("Otherland", "", "", "7 Oct 2002 a"),
            ("Thirdland", "", "2 Feb 2000 n", ""))  # fmt: skip
    for parties in (1, 3):
        assert read(xml(headings=headings, rows=rows, signatories=0, parties=parties)).counted.parties == 1
    with pytest.raises(Refused):
        read(xml(headings=headings, rows=rows, signatories=0, parties=2))


def test_a_cell_with_two_dates_of_one_kind_does_not_say_which():
    status = read(xml(rows=(("Exampleland", "12 Dec 2000, 14 Dec 2000", "22 Apr 2001 A"), ROWS[1])))
    assert [(str(each.date), each.either) for each in status.sightings[:3]] == [
        ("2000-12-12", True), ("2000-12-14", True), ("2001-04-22", False),
    ]  # fmt: skip
    came_back = (("Exampleland", "1 Feb 2000", "[1 Jan 1999 A] 5 Jan 2001 a"), ROWS[1])
    assert not any(each.either for each in read(xml(rows=came_back)).sightings)


# -- end notes -------------------------------------------------------------------------------------

LEFT = "In a communication received on 14 January 2013, the Government notified the Secretary-General of its withdrawal"
DENOUNCED = (
    "A notification of denunciation was received on 16 August 1967 (see the Protocol of 12 November 1947). "
    "The denunciation took effect on 16 August 1968."
)


@pytest.mark.parametrize(
    ("note", "departure"),
    [
        (f"{LEFT}, effective on 14 April 2013.", ("2013-01-14", "2013-04-14")),
        (f"{LEFT} from the Agreement.", ("2013-01-14", None)),
        (DENOUNCED, ("1967-08-16", "1968-08-16")),
        (f"{LEFT} in respect of the Kingdom in Europe only, effective on 14 April 2013.", None),
        (f"{LEFT} of the reservation made upon accession.", None),
        (f"{LEFT}. On 2 March 2013 it was cancelled.", None),
        ("The Government denounced it with effect from 14 April 2013.", None),
        (f"{LEFT}, effective on 14 April 2043.", None),
        ("Signed without reservation.", None),
    ],
)  # fmt: skip
def test_a_footnote_that_plainly_tells_of_a_withdrawal_is_read(note, departure):
    rows = (*ROWS, ("Leaverland<superscript>2,4</superscript>", "", "[ 2 Mar 2009 a]"))
    notes = f"<EndNotes><Note><index>4</index><text>{note}</text><text/></Note></EndNotes>"
    seen = read(xml(rows=rows, after=notes)).sightings[-1]
    found = seen.departure and (str(seen.departure.notified_on), seen.departure.effective_on)
    assert seen.withdrawn
    assert found == (departure and (departure[0], departure[1] and PartialDate.parse(departure[1])))


def test_a_name_in_brackets_on_a_page_has_its_note_there():
    rows = (*ROWS, ("[Leaverland]<sup>4</sup>", "", "2 Mar 2009 a"))
    note = f'<div id="{PREFIX}dgNotesAll_ctl02_divNotesAll">4. {LEFT}, effective on 14 April 2013.</div></form>'
    seen = read(page_2018(rows=rows).replace(b"</form>", note.encode())).sightings[-1]
    assert (seen.name, seen.withdrawn, str(seen.departure.effective_on)) == ("Leaverland", True, "2013-04-14")


# -- which document it is --------------------------------------------------------------------------


def test_a_page_says_as_at_which_day_its_status_is():
    assert read(page_2018()).as_at == date(2024, 5, 4)
    assert read(xml()).as_at is None
    with pytest.raises(Refused, match="no day"):
        read(page_2018().replace(b"04-05-2024", b"31-02-2024"))


def test_the_same_number_in_another_section_is_another_instrument():
    document = xml("XI-12").replace(b"</Chapter>", b"</Chapter><SubChapter><Header>A</Header></SubChapter>")
    assert read(document, "XI-A-12").reference == "XI-A-12"
    with pytest.raises(Refused, match="about XI-A-12, not XI-B-12"):
        read(document, "XI-B-12")


def test_a_page_that_does_not_say_its_chapter_may_be_of_another_one():
    page = page_2018().replace(b"CHAPTER XVIII", b"").replace(b"mtdsg_no=", b"no=")
    with pytest.raises(Refused, match="does not say which chapter"):
        read(page)


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
