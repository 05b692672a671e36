"""Files as people have them: each is understood as a reader would understand it, or asks what nobody could know.

One row of the table is one file: its bytes, the answers given beforehand, and what comes of it.
"""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime

import pytest
import xlsxwriter

from tracker.errors import BadQuestion, Refused
from tracker.intake.profile import FileProfile, profile_from_json
from tracker.intake.sheets import MAX_BYTES
from tracker.intake.understanding import understand

TODAY = date(2026, 11, 28)
ACTIONS = {
    ("FRA", "signature", "2000-12-12"), ("FRA", "approval", "2002-10-29"), ("CIV", "accession", "2012-10-25"),
}  # fmt: skip
LONG = [
    ["Country", "Action", "Date"],
    ["France", "Signature", "12 Dec 2000"],
    ["France", "Approval", "29 Oct 2002"],
    ["Côte d'Ivoire", "Accession", "25 Oct 2012"],
]


def text(rows=LONG, delimiter=",", end="\n", encoding="utf-8", quote=""):
    return end.join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in rows).encode(
        encoding
    ) + end.encode(encoding.replace("-sig", ""))


def changed(*changes, rows=LONG):
    """The long table with texts replaced."""
    found = [list(row) for row in rows]
    for old, new in changes:
        found = [[new if cell == old else cell for cell in row] for row in found]
    return found


def xlsx(sheets, dates="yyyy-mm-dd"):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": dates}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    (sheet.write_datetime if isinstance(cell, datetime) else sheet.write)(row, column, cell)
    return out.getvalue()


def ods(rows):
    def cell(value):
        if isinstance(value, datetime):
            return f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%d}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content {namespaces} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


WIDE = """State,Signature,"Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)"
France 1,12 Dec 2000,29 Oct 2002 AA
"Côte d'Ivoire",,25 Oct 2012 a
Total,1,2
"""
UNTS = """Participant\tAction\tDate of Notification/Deposit\tDate of Effect
France\tApproval\t29/10/2002\t29/09/2003
France\tWithdrawal of reservation\t19/11/2013\t19/11/2013
"""
PARIS = """Code,Name,Signature,Ratification-Acceptance-Approval,Kind,Date-Of-Effect,Emissions,Percentage,Year
AFG,Afghanistan,2016-04-22,2017-02-15,Ratification,2017-03-17,19328,0.05,2005
AGO,Angola,2016-04-22,,,,61611,0.17,2005
DNK,Denmark,2016-04-22,2016-11-01,Approval,2016-12-01,56001,0.15,2013
EUU,European Union,2016-04-22,2016-10-05,Ratification,2016-11-04,4488404,12.1,2013
NIC,Nicaragua,,,,,11981,0.03,2000
SWZ,Swaziland,2016-04-22,2016-09-21,,2016-11-04,18658,0.05,2000
"""
CHART = """Chart of signatures and ratifications of Treaty 173
Status as of 28/11/2026

Members of Council of Europe
\tSignature\tRatification\tEntry into Force\tNotes\tR.\tD.\tA.\tT.\tC.\tO.
Albania\t27/01/1999\t19/07/2001\t01/07/2002\t\t \t \t\t\t\t
Andorra\t08/11/2001\t06/05/2008\t01/09/2008\t\tR.\t\t\t\t\t
Non-members of Council of Europe
Mexico\t15/05/2002\t\t\t\t\t\t\t\t\t
Monaco\t\t19/03/2007\t01/07/2007\ta\t\t\t\t\t\t
Total number of signatures not followed by ratifications\t3
"""
OAS = """Country;Signature (mm/dd/yy);Deposit (mm/dd/yy);Information
France;03/29/96;08/04/97 RA;Yes
Brazil;--/--/--;09/10/04 AD;
Canada;--/--/--;--/--/--;
"""


@dataclass(frozen=True)
class File:
    """A file, the answers given, and what is to come of it."""

    data: bytes
    actions: set = field(default_factory=lambda: ACTIONS)
    asks: tuple = ()
    faults: tuple = ()
    treaty: str = "untoc"
    answers: dict = field(default_factory=dict)


SERIALS = changed(("12 Dec 2000", 36872), ("29 Oct 2002", 37558), ("25 Oct 2012", 41207))
TYPED = changed(
    ("12 Dec 2000", datetime(2000, 12, 12)), ("29 Oct 2002", datetime(2002, 10, 29)),  # noqa: DTZ001 - days
    ("25 Oct 2012", datetime(2012, 10, 25)),  # noqa: DTZ001 - a day
)  # fmt: skip
MONTHS = changed(
    ("12 Dec 2000", "12 décembre 2000"), ("29 Oct 2002", "29. Oktober 2002"), ("25 Oct 2012", "25 de octubre de 2012")
)
NUMBERS = changed(("12 Dec 2000", "12/12/2000"), ("29 Oct 2002", "29/10/2002"), ("25 Oct 2012", "25/10/2012"))
AMERICAN = changed(("12 Dec 2000", "12/12/2000"), ("29 Oct 2002", "10/29/2002"), ("25 Oct 2012", "10/25/2012"))
UNCLEAR = [LONG[0], ["France", "Signature", "05/06/2001"]]
ISO2 = changed(("France", "FR"), ("Côte d'Ivoire", "CI"))
ISO3 = changed(("France", "FRA"), ("Côte d'Ivoire", "CIV"))
COW = [
    ["ccode", "Action", "Date"],
    ["220", "s", "2000-12-12"],
    ["220.0", "AA", "2002-10-29"],
    ["437", "a", "2012-10-25"],
]

FILES = {
    "commas": File(text()),
    "semicolons": File(text(delimiter=";")),
    "tabs": File(text(delimiter="\t")),
    "bars": File(text(delimiter="|")),
    "gaps of blanks, as pasted from a page": File(text(delimiter="    ")),
    "every cell quoted": File(text(quote='"')),
    "single quotes": File(text(changed(("France", "FRA"), ("Côte d'Ivoire", "CIV")), delimiter=";", quote="'")),
    "line ends of Windows": File(text(end="\r\n")),
    "line ends of old Macintoshes": File(text(end="\r")),
    "UTF-8 with a mark": File(text(encoding="utf-8-sig")),
    "UTF-16 with a mark": File("\n".join("\t".join(row) for row in LONG).encode("utf-16")),
    "UTF-16 without a mark": File("\n".join("\t".join(row) for row in LONG).encode("utf-16-le")),
    "Windows-1252, shown by a name": File(text(encoding="cp1252")),
    "old Macintosh letters, shown by a name": File(text(encoding="mac_roman")),
    "letters that no name explains": File(
        text([*LONG[:3], ["Ivory Coast", "Accession", "25 Oct 2012"], ["Note", "", "José"]], encoding="cp1252"),
        actions=set(), asks=("encoding",)),
    "a workbook with true dates": File(xlsx({"Parties": TYPED})),
    "a workbook with dates as numbers": File(xlsx({"Parties": SERIALS})),
    "a workbook of two sheets": File(xlsx({"One": LONG, "Two": LONG}), actions=set(), asks=("sheet",)),
    "a workbook of two sheets, one chosen": File(xlsx({"One": [["nothing"]], "Two": LONG}), answers={"sheet": "Two"}),
    "an OpenDocument sheet": File(ods(TYPED)),
    "titles above the headings": File(text([["Status of the Convention", "", ""], ["", "", ""], *LONG])),
    "headings in capitals": File(text(changed(("Country", "COUNTRY"), ("Action", "ACTION"), ("Date", "DATE")))),
    "other headings": File(
        text(changed(("Country", "Contracting Party"), ("Action", "Type of action"), ("Date", "Date of deposit")))),
    "French headings and months": File(text(changed(("Country", "Pays"), ("Date", "Date de dépôt"), rows=MONTHS))),
    "serial numbers of spreadsheets in text": File(text(SERIALS)),
    "days before months, as one date shows": File(text(NUMBERS)),
    "months before days, as one date shows": File(text(AMERICAN)),
    "dates that could be either": File(text(UNCLEAR), actions=set(), asks=("dates",)),
    "dates that could be either, answered": File(
        text(UNCLEAR), actions={("FRA", "signature", "2001-05-06")}, answers={"dates": "mdy"}),
    "dates in both orders": File(
        text([*NUMBERS, ["Brazil", "Signature", "10/25/2000"]]), actions=ACTIONS, faults=("25/2000",)),
    "two letters for States": File(text(ISO2)),
    "three letters for States": File(text(ISO3)),
    "numbers of the Correlates of War": File(text(COW), answers={"letters": {"s": "signature"}}),
    "letters for either of two States": File(
        text([LONG[0], ["AUS", "Accession", "2001-01-01"]]), actions=set(), asks=("codes",)),
    "letters for either of two States, the heading says which": File(
        text([["stateabb", "Action", "Date"], ["AUS", "Accession", "2001-01-01"]]),
        actions={("AUT", "accession", "2001-01-01")}),
    "a capital A that may be either": File(
        text([LONG[0], ["France", "A", "2002-10-29"]]), actions=set(), asks=("letters",)),
    "one letter s that may be either": File(
        text([LONG[0], ["France", "s", "2002-10-29"], ["Brazil", "a", "2002-10-29"]]),
        actions=set(), asks=("letters",)),
    "no treaty named": File(text(), actions=set(), asks=("treaty",), treaty=""),
    "a column of treaties": File(
        text([[*LONG[0], "Treaty"], *([*row, "Palermo Convention"] for row in LONG[1:])]), treaty=""),
    "no action named": File(text([["Country", "Date"], ["France", "2000-12-12"]]), actions=set(), asks=("columns",)),
    "no action named, answered": File(
        text([["Country", "Date"], ["France", "2002-10-29"]]), actions={("FRA", "approval", "2002-10-29")},
        answers={"columns": {"Date": "date: approval"}}),
    "two columns of dates": File(
        text([["Country", "Action", "Date", "Date of deposit"], ["France", "Approval", "2002-01-01", "2002-10-29"]]),
        actions=set(), asks=("columns",)),
    "an unknown State": File(
        text([*LONG, ["Frnace", "Signature", "2000-12-12"]]), faults=("'Frnace' is not the name of one", "France")),
    "an unknown action": File(
        text([*LONG, ["Brazil", "Frobnicated", "2000-12-12"]]), faults=("is not a treaty action that is known",)),
    "no such day": File(text([*LONG, ["Brazil", "Signature", "31 June 2000"]]), faults=("not a day of the calendar",)),
    "only a month": File(
        text([LONG[0], ["France", "Approval", "Oct 2002"]]), actions={("FRA", "approval", "2002-10")}),
    "one column for each action": File(WIDE.encode()),
    "a former State by a shared number": File(
        text([["ccode", "Action", "Date"], ["345", "a", "2001-05-05"]]), actions={("SCG", "accession", "2001-05-05")}),
    "the UN Treaty Series": File(UNTS.encode(), actions={("FRA", "approval", "2002-10-29")}),
    "openclimatedata's Paris Agreement": File(PARIS.encode(), actions={
        ("AFG", "signature", "2016-04-22"), ("AFG", "ratification", "2017-02-15"), ("AGO", "signature", "2016-04-22"),
        ("DNK", "signature", "2016-04-22"), ("DNK", "approval", "2016-11-01"), ("EU", "signature", "2016-04-22"),
        ("EU", "ratification", "2016-10-05"), ("SWZ", "signature", "2016-04-22"),
        ("SWZ", "ratification-acceptance-or-approval", "2016-09-21")}),
    "a chart of the Council of Europe": File(CHART.encode(), treaty="coe-173", actions={
        ("ALB", "signature", "1999-01-27"), ("ALB", "ratification-acceptance-or-approval", "2001-07-19"),
        ("AND", "signature", "2001-11-08"), ("AND", "ratification-acceptance-or-approval", "2008-05-06"),
        ("MEX", "signature", "2002-05-15"), ("MCO", "accession", "2007-03-19")}),
    "a table of the Organization of American States": File(OAS.encode(), actions={
        ("FRA", "signature", "1996-03-29"), ("FRA", "ratification", "1997-08-04"), ("BRA", "accession", "2004-09-10")}),
}  # fmt: skip


def read(record, file):
    return understand(file.data, "list", record, FileProfile(treaty=file.treaty, **file.answers), TODAY)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_understood_or_asks(record, name):
    file = FILES[name]
    found = read(record, file)
    assert tuple(each.field for each in found.questions) == file.asks, found.questions
    told = "\n".join(map(str, found.faults.found))
    assert all(part in told for part in file.faults)
    assert bool(told) == bool(file.faults), told
    rows = {(row.values["participant"], str(row.values["action"]), row.values["date"]) for row in found.rows}
    assert rows == file.actions
    assert {row.values["treaty"] for row in found.rows} <= {file.treaty or "untoc"}


def test_the_table_holds_thirty_shapes_and_more():
    assert len({file.data for file in FILES.values()}) >= 30


def test_what_was_understood_is_said_column_by_column(record):
    said = read(record, FILES["the UN Treaty Series"]).lines
    assert said[0] == "list: text in utf-8, columns divided by tab, columns named in line 1, 2 rows"
    assert "  Date of Effect -> effective_on" in said
    assert "  Dates in numbers: day first" in said
    assert said[-1] == "Set aside: 1 x 'Withdrawal of reservation', which is no treaty action"
    paris = read(record, FILES["openclimatedata's Paris Agreement"]).lines
    assert "Set aside: 1 x 'EUU', which is not known as a participant; another column says who it is" in paris


def test_the_date_of_effect_goes_with_the_consent(record):
    rows = read(record, FILES["openclimatedata's Paris Agreement"]).rows
    effects = {(row.values["participant"], str(row.values["action"])): row.values.get("effective_on") for row in rows}
    assert effects["AFG", "ratification"] == "2017-03-17"
    assert effects["AFG", "signature"] is None


def test_what_was_decided_can_be_kept_and_used_again(record):
    answered = FILES["dates that could be either, answered"]
    kept = profile_from_json(read(record, answered).profile.to_json())
    again = understand(answered.data, "list", record, kept, TODAY)
    assert (again.questions, [row.values["date"] for row in again.rows]) == ((), ["2001-05-06"])
    assert kept.columns == {"Country": "participant", "Action": "action", "Date": "date"}


@pytest.mark.parametrize(
    ("profile", "words"),
    [("[]", "JSON object"), ("{", "not JSON"), ('{"colour": "red"}', "keys"), ('{"columns": {"a": 1}}', "keys")],
)
def test_a_profile_that_is_none_is_refused(profile, words):
    with pytest.raises(BadQuestion, match=words):
        profile_from_json(profile)


@pytest.mark.parametrize("answers", [{"columns": {"Date": "when"}}, {"letters": {"a": "joined"}}, {"codes": "fifa"}])
def test_an_answer_that_makes_no_sense_is_refused(record, answers):
    with pytest.raises(BadQuestion, match="Write one of"):
        understand(text(), "list", record, FileProfile(treaty="untoc", **answers), TODAY)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no table"), (b"just words\nand more\n", "no table"), (b"PK\x03\x04broken", "damaged"),
        (b"\x00\x01\x02\x03\x00\x00\xff\x00", "neither text nor a workbook"), (b"a" * (MAX_BYTES + 1), "more than"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_what_to_do(record, data, words):
    with pytest.raises(Refused, match=words):
        understand(data, "list", record, FileProfile(treaty="untoc"), TODAY)


def test_a_workbook_that_unpacks_to_very_much_is_refused_before_it_is_unpacked(record):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sheet.xml", "w") as part:
        for _ in range(300):
            part.write(bytes(2**20))
    with pytest.raises(Refused, match="holds more than"):
        understand(out.getvalue(), "list", record, FileProfile(), TODAY)
