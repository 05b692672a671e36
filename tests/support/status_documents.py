"""Status files in the form that the UN Treaty Collection gives them, written for tests.

`of_the_record` makes one from the shipped record; the files beside this module were made so once,
and had footnotes, padding and odd forms put in by hand.
"""

import csv
import html
from collections import defaultdict
from pathlib import Path

FILES = Path(__file__).parent / "status_files"
DATA = Path(__file__).resolve().parents[2] / "data"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
CODES = {
    "ratification": "", "ratification-acceptance-or-approval": "", "acceptance": " A", "approval": " AA",
    "accession": " a", "succession": " d", "formal-confirmation": " c", "definitive-signature": " s",
}  # fmt: skip
HEADINGS = ("Participant", "Signature", "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)")
ROWS = (
    ("Exampleland", " 1 Feb\t 2000 ", "22 Apr\t 2001 A"),
    ("Otherland", "", " 7 Oct\t 2002 a"),
)
PREFIX = "ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_"


def file(name):
    """The bytes of a saved file."""
    return (FILES / name).read_bytes()


def table(headings, rows):
    """A participants' table in XML; cells are text, and are escaped."""
    head = "".join(f"<Entry>{html.escape(cell)}</Entry>" for cell in headings)
    body = "\n".join(
        "<Row>" + "".join(f"<Entry>{html.escape(cell)}</Entry>" for cell in row) + "</Row>" for row in rows
    )
    return f"<Table><TGroup><Thead><Row>{head}</Row></Thead>\n<Tbody><Rows>\n{body}\n</Rows></Tbody></TGroup></Table>"


def xml(
    reference="XVIII-99",
    rows=ROWS,
    headings=HEADINGS,
    *,
    signatories=1,
    parties=2,
    title="Example Convention",
    entry="1 January 2003, in accordance with article 38(1).",
    tables=None,
    after="",
    encoding="ISO-8859-1",
):
    """A whole XML status file."""
    chapter, number, *part = reference.split("-")
    named = f"<Subnumsect>{part[0]}</Subnumsect><Subtitlesect>" if part else "<Titlesect>"
    counts = "".join(
        f"<{name}Label>{name}</{name}Label><{name}>{count}</{name}>"
        for name, count in (("Signatories", signatories), ("Parties", parties))
        if count is not None
    )
    body = "".join(tables) if tables is not None else table(headings, rows)
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
<Document>
 <Treaty>
  <Template>mtdsg</Template>
  <Header>
   <Chapter><Header>CHAPTER {chapter}</Header><Name>PENAL MATTERS</Name></Chapter>
   <ExternalData>
    <Numsect>{number}</Numsect>{named}{html.escape(title)}{named.rpartition("<")[2].join(("</", ""))}
    <Conclusion>Somewhere, 1 January 2000</Conclusion>
    <EIF><Label>Entry into force</Label><Labeltext>{html.escape(entry)}</Labeltext></EIF>
    <Registration><Label>Registration</Label><Labeltext>1 January 2003, No. 99999</Labeltext></Registration>
    <Status><Label>Status</Label>{counts}</Status>
    <TreatyText><Label>Text</Label><Text>United Nations, &lt;i&gt;Treaty Series&lt;/i&gt;, vol. 2225</Text></TreatyText>
   </ExternalData>
  </Header>
  <Participants>{body}</Participants>{after}
 </Treaty>
</Document>
"""
    return text.encode(encoding, "xmlcharrefreplace")


def page_2018(reference="XVIII-99", rows=ROWS, headings=HEADINGS, *, signatories=1, parties=2, thead=False):
    """An HTML page with the ids used since 2018; cells are markup."""
    chapter, number, *part = reference.split("-")
    return f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>UNTC</title></head><body>
<form name="aspnetForm" method="post" action="./ViewDetails.aspx?src=TREATY&amp;mtdsg_no={reference}&amp;chapter=18">
<span>STATUS AS AT : 04-05-2024 03:15:34 EDT</span>
<table><tr><td id="{PREFIX}rptHead_ctl00_tcText">CHAPTER {chapter}<br>PENAL MATTERS</td></tr>
<tr><td id="{PREFIX}rptTreaty_ctl00_tcTreaty">{number} . {"".join(part)} Example Convention</td></tr>
<tr><td id="{PREFIX}rptEIF_ctl00_tcText">1 January 2003, in accordance with article 38(1).</td></tr>
<tr><td id="{PREFIX}rptStatus_ctl00_tcText">Signatories : {signatories}. Parties : {parties}</td></tr></table>
<div class="table-responsive">{_html_table(PREFIX + "tblgrid", headings, rows, thead=thead)}</div>
<div class="table-responsive"><table><tr><td>Participant</td><td>Date of receipt of the notification</td></tr>
<tr><td>Decoyland</td><td>4 Dec 1985</td></tr></table></div>
</form></body></html>""".encode()


def page_2016(reference="XVIII-99", rows=ROWS, headings=HEADINGS, *, signatories=1, parties=2):
    """An HTML page with the ids of about 2016, in the encoding it declares."""
    return f"""<html><head><meta charset="iso-8859-1"><body>
<form action="ViewDetails.aspx?src=TREATY&mtdsg_no={reference}&chapter=18&lang=en" id="aspnetForm">
<p>Status : Signatories : {signatories}. Parties : {parties}
{_html_table("ctl00_ContentPlaceHolder1_tblgrid", headings, rows)}
</form></body></html>""".encode("iso-8859-1", "xmlcharrefreplace")


def special_block(*tables):
    """The block for special tables of a page, of tables with a title, headings and rows; only its name is known."""
    return (
        f'<div id="{PREFIX}specialtbl">'
        + "".join(
            f'<div class="heading-four"><div class="bold">{title}</div></div>{_html_table("special", headings, rows)}'
            for title, headings, rows in tables
        )
        + "</div>"
    )


def _html_table(id, headings, rows, *, thead=False):
    head = "".join(f"<th>{cell}</th>" for cell in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    first = f"<thead><tr>{head}</tr></thead><tbody>" if thead else f"<tr>{head}</tr>"
    return f'<table id="{id}" border="1">{first}{body}</table>'


def of_the_record(treaty, *, until="9999"):
    """The rows of an instrument as the shipped record has them on a day: (name, signature, consent)."""
    names = {row["code"]: row for row in _rows("participants.csv")}
    cells = defaultdict(lambda: ["", ""])
    for act in _rows("parties.csv"):
        if act["treaty"] == treaty and act["action"] in {"signature", *CODES} and act["date"][:10] <= until:
            if names[act["participant"]]["kind"] == "former-state" or len(act["date"]) < 10:
                continue
            year, month, day = act["date"].split("-")
            code = CODES.get(act["action"], "")
            text = f"{int(day):2} {MONTHS[int(month) - 1]}\t {year}{code}"
            cells[act["participant"]][act["action"] != "signature"] = text
    return sorted((names[code]["name"], *pair) for code, pair in cells.items())


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
