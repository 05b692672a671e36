"""Briefs of States and treaties: two pages as PDF, the same as a Word document, in the reader's language."""

import re
from datetime import date
from io import BytesIO

import pytest
from docx import Document

from tracker.web import brief_document
from tracker.web.brief_document import Brief, BriefSection, BriefTable, as_pdf

DAY = "as_of=2026-11-01"
BRIEFS = ["/participants/USA", "/participants/AZE", "/participants/CSK", "/participants/EU", "/instruments/untoc",
          "/instruments/un-cybercrime", "/instruments/drugs-1988", "/instruments/coe-224"]  # fmt: skip


def pages(pdf):
    return len(re.findall(rb"/Type /Page\b", pdf))


def paragraphs(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    document = Document(BytesIO(answer.data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [each.text for each in document.paragraphs], cells


@pytest.mark.parametrize("path", BRIEFS)
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_brief_has_two_pages_at_most(client, path, language):
    answer = client.get(f"{path}/brief.pdf?{DAY}&lang={language}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert pages(answer.data) in (1, 2)
    name = f"{path.rpartition('/')[2]}-brief-2026-11-01.pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_states_brief_says_its_status_gaps_dates_reservations_and_sources(client):
    said, cells = paragraphs(client, f"/participants/USA/brief.docx?{DAY}")
    assert said[0] == "United States of America"
    for heading in ("Status by treaty", "Outstanding treaty actions", "Upcoming dates", "Reservations and declarations",
                    "Assessments and listings", "Sources"):  # fmt: skip
        assert heading in said
    row = cells.index("UNCAC RD")
    assert cells[row + 1 : row + 5] == ["party", "9 Dec 2003", "30 Oct 2006 · ratification", "29 Nov 2006"]
    assert any(each.startswith("Party to the convention but not to the protocol (1): Firearms") for each in said)
    assert any("participants/USA" in each for each in said)


def test_a_treatys_brief_says_when_and_why_and_who(client):
    said, _ = paragraphs(client, f"/instruments/untoc/brief.docx?{DAY}")
    text = " ".join(said)
    assert "1 July 2003: 40th instrument deposited (Armenia)." in text
    assert "Signed but not ratified (1): Congo" in said
    assert any(each.startswith("Party (195): Afghanistan, ") for each in said)
    assert "Non-parties (2)" in said


def test_a_brief_is_of_its_day_and_in_the_language_asked_for(client):
    said, cells = paragraphs(client, "/participants/FRA/brief.docx?as_of=2003-07-01&lang=fr")
    assert "Statut par traité" in said
    assert "29 oct. 2002 · ratification" in cells
    assert "1er juillet 2003" in said[1]


def test_an_unknown_name_has_no_brief(client):
    assert client.get("/participants/XXX/brief.pdf").status_code == 404
    assert client.get("/instruments/none/brief.docx").status_code == 404
    assert client.get("/participants/FRA/brief.odt").status_code == 404


@pytest.mark.parametrize("path", ["/participants/FRA", "/instruments/untoc"])
def test_pages_lead_to_their_brief(page, path):
    links = [each.get("href") for each in page(path).cssselect("a[href*='/brief.']")]
    assert links == [f"{path}/brief.pdf", f"{path}/brief.docx"]


def test_letters_are_made_smaller_until_the_text_has_room(app):
    words = "Convention against Transnational Organized Crime. " * 16
    long = Brief("Title", ["Lead"], [BriefSection("Heading", [words] * 24)], "Foot", 2)
    with app.test_request_context():
        assert pages(as_pdf("x", date(2026, 11, 1), long).data) == 2


def _brief_of(lines):
    rows = [(f"Convention {each} on {'many ' * (each % 40)}things", "party", "1 Jan 2001") for each in range(lines)]
    table = BriefTable(["What", "Status", "Since"], rows, (3, 1, 1))
    return Brief("Brief", ["Status."], [BriefSection("All", (), table)], "footer", pages=2)


@pytest.mark.parametrize("lines", [5, 60, 80, 100, 120, 140, 400])
def test_a_brief_is_set_in_the_largest_letters_in_which_it_has_room_or_in_the_smallest(app, lines):
    day, brief = date(2026, 11, 1), _brief_of(lines)
    by_size = [brief_document._in_letters_of(brief, day, size)[0] for size in brief_document._SIZES]
    expected = next((each for each in by_size if pages(each) <= brief.pages), by_size[-1])
    with app.test_request_context():
        assert as_pdf("brief", day, brief).data == expected


def test_a_brief_that_cannot_have_room_is_not_tried_in_every_size(app, monkeypatch):
    tried, set_in = [], brief_document._in_letters_of

    def counted(brief, day, size):
        tried.append(size)
        return set_in(brief, day, size)

    monkeypatch.setattr(brief_document, "_in_letters_of", counted)
    with app.test_request_context():
        as_pdf("brief", date(2026, 11, 1), _brief_of(400))
    assert tried == [8.5, 6.5]
