"""Names, dates and headings as the UN Treaty Collection writes them by hand."""

from datetime import date

import pytest

from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.sync.cell_text import Dated, Unreadable, clean_text, column_of, dates_in, name_in, names_participants

DAY = PartialDate.of(date(2002, 10, 7))


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Exampleland<superscript>7</superscript>", "Exampleland"),
        ("China<superscript>2,3</superscript>", "China"),
        ("China <SUPERSCRIPT>2</SUPERSCRIPT>,<sup>3</sup>", "China"),
        ("Argentina 1", "Argentina"),
        ("North Macedonia 4 ,", "North Macedonia"),
        ("United Kingdom of Great Britain and Northern Ireland 6 , 18 , 19 ,",
         "United Kingdom of Great Britain and Northern Ireland"),
        ("Denmark4", "Denmark"),
        ("Serbia&nbsp;7", "Serbia"),
        ("\xa0 Viet\xa0\tNam \n", "Viet Nam"),
        ("Iran (Islamic Republic of)", "Iran (Islamic Republic of)"),
        ("<i>Netherlands</i> (Kingdom of the)<a href='#x'></a>", "Netherlands (Kingdom of the)"),
        ("&lt;i&gt;Fiji&lt;/i&gt;&lt;superscript&gt;1&lt;/superscript&gt;", "Fiji"),
        ("Côte d\x92Ivoire", "Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire"),
        ("Co\u0302te d'Ivoire", "Côte d'Ivoire"),
        ("Guinea-\xadBissau", "Guinea-Bissau"),
        ("Spain*†", "Spain"),
        ("Malta<superscript>3", "Malta"),
        ("Trinidad<br>and<br/>Tobago", "Trinidad and Tobago"),
    ],
)  # fmt: skip
def test_a_name_loses_its_marks_and_keeps_its_letters(printed, name):
    assert name_in(printed) == (name, False)


@pytest.mark.parametrize("printed", ["[Bhutan]", "[Bhutan 7]", "[Bhutan]<superscript>7</superscript>", "[ Bhutan ] 7"])
def test_a_name_in_brackets_no_longer_holds(printed):
    assert name_in(printed) == ("Bhutan", True)


@pytest.mark.parametrize("printed", ["", " 7 ", "[", "[Bhutan", "Bhutan]", "[Bhu]tan", "---", "x" * 2001])
def test_what_is_no_name_is_not_made_one(printed):
    with pytest.raises(Unreadable):
        name_in(printed)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        (" 7 Oct 2002", ""),
        (" 7 Oct\t 2002 a", "a"),
        ("  7 Oct\t\t 2002 A ", "A"),
        ("07 Oct 2002 AA", "AA"),
        ("7 Oct 2002d", "d"),
        ("7 Oct 2002 (c)", "c"),
        ("7 October 2002 s", "s"),
        ("7 Oct. 2002 a 5, 6", "a"),
        ("7 Oct 2002 a<superscript>5</superscript>", "a"),
        ("7 Oct 2002\xa0a", "a"),
        ("<i>7 Oct 2002</i> a", "a"),
    ],
)
def test_a_date_is_read_with_its_code(printed, code):
    assert dates_in(printed) == [Dated(DAY, code, withdrawn=False)]


@pytest.mark.parametrize(
    ("printed", "date"),
    [("10 janv 1920*", "1920-01-10"), ("3 avr. 1961", "1961-04-03"), ("1 juil 1999 a", "1999-07-01"),
     ("2 juin 1999", "1999-06-02"), ("5 mai 2000", "2000-05-05"), ("6 mars 2000", "2000-03-06")],
)  # fmt: skip
def test_a_french_month_in_an_english_table_is_read(printed, date):
    assert [str(each.date) for each in dates_in(printed)] == [date]


def test_codes_keep_their_case():
    assert [dated.code for dated in dates_in("7 Oct 2002 A 7 Oct 2003 a")] == ["A", "a"]


@pytest.mark.parametrize("printed", ["[7 Oct\t 2002 A]", "[ 7 Oct 2002 A ] 5", "[7 Oct 2002] "])
def test_a_date_in_brackets_no_longer_holds(printed):
    (dated,) = dates_in(printed)
    assert dated.withdrawn
    assert dated.date == DAY


def test_a_cell_may_hold_an_act_that_ended_and_one_that_holds():
    first, second = dates_in("[20 Jan\t 2021 A] 3 Feb\t 2023 a")
    assert (first.withdrawn, second.withdrawn) == (True, False)
    assert str(second.date) == "2023-02-03"


def test_a_day_may_be_unknown():
    assert [str(each.date) for each in dates_in("Oct 2002")] == ["2002-10"]
    assert [str(each.date) for each in dates_in("[1947]")] == ["1947"]


@pytest.mark.parametrize("printed", ["", "   ", "-", "&nbsp;", "…", "<superscript>3</superscript>"])
def test_an_empty_cell_is_no_act(printed):
    assert dates_in(printed) == []


@pytest.mark.parametrize(
    "printed",
    [
        "31 Feb 2002", "7 Okt 2002", "0 Oct 2002", "7 Oct 02", "7 Oct 0000", "2002-10-07", "see note 5", "5",
        "7 Oct 2002 aaa", "[7 Oct 2002", "7 Oct 2002]", "[[7 Oct 2002]]", "7 Oct 2002 and later",
        "7 Oct 2002 a x" * 999,
    ],
)  # fmt: skip
def test_a_cell_that_does_not_fit_whole_is_not_read_at_all(printed):
    with pytest.raises(Unreadable):
        dates_in(printed)


def test_cleaning_is_quick_however_long_and_odd_the_text():
    for piece in ("<sup", "<sup>", "&lt;", "1 ", "[", " ,;", "<a", "&#60;sup&#62;"):
        clean_text(piece * 200_000)


RATIFICATIONS = [
    "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)",
    "Approval(AA), Acceptance(A), Accession(a), Succession(d), Ratification",
    "Ratification, Accession(a), Acceptance(A), Approval(AA), Formal confirmation(c), Succession(d)",
    "Ratification, Acceptance (A), Accession (a)<superscript>3</superscript>",
]


@pytest.mark.parametrize("heading", RATIFICATIONS)
def test_the_order_of_a_heading_does_not_matter(heading):
    column = column_of(heading)
    assert column is not None
    assert not column.signs
    assert column.act("") is ActionKind.RATIFICATION
    assert column.act("A") is ActionKind.ACCEPTANCE
    assert column.act("AA") is ActionKind.APPROVAL
    assert column.act("a") is ActionKind.ACCESSION
    assert column.act("d") is ActionKind.SUCCESSION
    assert column.act("c") is ActionKind.FORMAL_CONFIRMATION
    assert column.act("s") is ActionKind.DEFINITIVE_SIGNATURE
    assert column.act("x") is None


@pytest.mark.parametrize(
    ("heading", "code", "act"),
    [
        ("Signature", "", ActionKind.SIGNATURE),
        ("Signature, Succession to signature(d)", "d", ActionKind.SUCCESSION_TO_SIGNATURE),
        ("Signature", "d", ActionKind.SUCCESSION_TO_SIGNATURE),
        ("Signature", "s", ActionKind.DEFINITIVE_SIGNATURE),
        ("Signature", "a", None),
        ("Acceptance(A)", "A", ActionKind.ACCEPTANCE),
        ("Acceptance(A)", "", None),
        ("Accession", "", ActionKind.ACCESSION),
        ("Ratification, acceptance or approval", "", ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL),
        ("Signature, ratification", "", None),
        ("Consent to be bound(P), Accession(a)", "P", ActionKind.CONSENT_TO_BE_BOUND),
        ("Ratification, Simplified procedure(p)", "p", ActionKind.SIMPLIFIED_PROCEDURE),
        ("Provisional application under Article V", "", ActionKind.PROVISIONAL_APPLICATION),
        ("Definitive signature(s), Ratification", "", ActionKind.RATIFICATION),
        ("Denunciation", "", ActionKind.WITHDRAWAL),
    ],
)
def test_a_heading_gives_its_codes_their_meaning(heading, code, act):
    column = column_of(heading)
    assert column is not None
    assert column.act(code) is act


def test_a_heading_without_an_act_is_no_column():
    assert column_of("Date of receipt of the notification") is None
    assert column_of("") is None


def test_the_participants_have_headings_of_their_own():
    assert names_participants(" Participant<superscript>1</superscript>")
    assert not names_participants("Signature")
