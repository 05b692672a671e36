"""The sections below the table, in XML and HTML: every entry is accounted for, and nothing is read into the words."""

import pytest

from tests.support.status_documents import page_2018, xml
from tracker.law.reference_facts import ObjectionEffect, StatementKind
from tracker.sync import html_document, xml_document
from tracker.sync.printed_statements import authority_only, count_entries, effect_said, statements_in
from tracker.sync.printed_territories import territories_in
from tracker.sync.provision_words import not_bound_by, provisions_named, reserved_to
from tracker.sync.text_sections import LineKind, SectionPart, TextEntry, TextLine, TextSection

TITLE, PARA, DATE = LineKind.TITLE, LineKind.PARAGRAPH, LineKind.DATE


def entry(*lines, name="Exampleland"):
    return TextEntry(name, (), tuple(TextLine(kind, text) for kind, text in lines))


def section(*entries, part=SectionPart.DECLARATIONS, heading="Declarations and Reservations"):
    return TextSection(part, heading, entries)


def kinds_of(*lines, **options):
    return [said.kind.value for said in statements_in([section(entry(*lines), **options)], {})]


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ([(TITLE, "Reservation:"), (PARA, "Text.")], ["reservation"]),
        ([(TITLE, "Interpretative declaration :"), (PARA, "Text.")], ["interpretative-declaration"]),
        ([(TITLE, "Understanding:"), (PARA, "Text.")], ["interpretative-declaration"]),
        ([(TITLE, "Declarations and reservations:"), (PARA, "Text.")], ["unspecified"]),
        ([(PARA, "Text.")], ["unspecified"]),
        ([(PARA, "It does not consider itself bound by article 35, paragraph 2.")], ["reservation"]),
        (
            [(TITLE, "Reservation:"), (PARA, "One."), (TITLE, "Declaration:"), (PARA, "Two.")],
            ["reservation", "declaration"],
        ),
        ([(PARA, "One."), (DATE, "9 Decmeber 2006*"), (PARA, "Two.")], ["unspecified", "unspecified"]),
        ([(TITLE, "Article III:"), (PARA, "Text.")], ["unspecified"]),
    ],
)
def test_the_kind_is_what_the_heading_or_plain_words_say(lines, kinds):
    assert kinds_of(*lines) == kinds


def test_a_heading_above_a_date_is_that_of_the_text_below_it():
    lines = [(TITLE, "Reservation:"), (DATE, "1 May 2001"), (PARA, "One.")]
    (said,) = statements_in([section(entry(*lines))], {})
    assert (said.kind.value, str(said.date), said.text) == ("reservation", "2001-05-01", "Reservation:\nOne.")


def test_a_heading_of_one_kind_alone_says_the_kind_of_all_below_it():
    assert kinds_of((PARA, "Text."), heading="Declarations (Unless otherwise indicated ...)") == ["declaration"]


def test_misspelt_months_are_read_and_other_dates_keep_the_entry_whole():
    (first, second) = statements_in([section(entry((PARA, "One."), (DATE, "9 Decmeber 2006*"), (PARA, "Two.")))], {})
    assert (first.date, str(second.date)) == (None, "2006-12-09")
    (whole,) = statements_in([section(entry((PARA, "One."), (DATE, "soon 2006"), (PARA, "Two.")))], {})
    assert whole.text == "One.\nsoon 2006\nTwo."
    assert (whole.kind, bool(whole.whole)) == (StatementKind.UNSPECIFIED, True)


def test_every_entry_is_accounted_for():
    entries = [
        entry((PARA, "One."), name="A"),
        entry((TITLE, "Reservation:"), name="B"),
        entry(name="C"),
        entry((PARA, "One."), (DATE, "soon 2006"), name="D"),
        entry((DATE, "1 May 2001"), (PARA, "One."), (DATE, "2 May 2002"), (PARA, "Two."), name="E"),
    ]
    counts = count_entries([section(*entries)])
    assert (counts.entries, counts.divided, counts.whole, counts.without_text) == (5, 2, 2, 1)
    assert counts.statements == len(statements_in([section(*entries)], {})) == 5


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("This objection does not preclude the entry into force of the Convention between A and B.", "treaty-in-force"),
        ("The Convention shall not enter into force as between A and B.", "excludes-treaty"),
        ("A does not consider the Convention to be in force between itself and B.", "excludes-treaty"),
        ("A does not deem any State which has made such reservation a party to the Convention.", "excludes-treaty"),
        ("A objects to the reservation.", None),
    ],
)
def test_an_objection_says_plainly_whether_the_treaty_is_in_force_or_nothing(text, effect):
    assert effect_said(text) == (ObjectionEffect(effect) if effect else None)


def test_provisions_are_written_as_the_record_writes_them():
    assert provisions_named("article 48, paragraph 2, and article 18 (13) and paragraph 1 of article IX") == (
        "48(2)", "18(13)", "IX(1)",
    )  # fmt: skip
    assert not_bound_by("X does not consider itself bound by the provisions of paragraph 2 of article 35.") == (
        "35(2)",
    )
    assert not_bound_by("X is bound by article 35.") == ()


@pytest.mark.parametrize(
    ("words", "provisions"),
    [
        ("article 36, paragraph 2, point b on Extradition", ["36(2)(b)"]),
        ("Article 36 (2) b)", ["36(2)(b)"]),
        ("article 36, sub-paragraph (b) of paragraph 2", ["36(2)(b)"]),
        ("point b of paragraph 2 of article 36", ["36(2)(b)"]),
        ("paragraph 2, point b, of article 36", ["36(2)(b)"]),
        ("paragraph (2) (b) of article X", ["X(2)(b)"]),
        ("subparagraph (1) (b) of Article 1", ["1(1)(b)"]),
        ("article 1, paragraph 1, item b), of the Convention", ["1(1)(b)"]),
        ("Article 3 paragraph 5 subparagraph a of the Protocol", ["3(5)(a)"]),
        ("article 8, paragraph 2 (e) (xiv), is interpreted", ["8(2)(e)(xiv)"]),
        ("letter b) of article 5", ["5(b)"]),
        ("Section 30 of Article VIII", ["VIII(30)"]),
        ("paragraph (c) of section 18 of article V", ["V(18)(c)"]),
        ("article 36, paragraph 2, points a and b", ["36(2)(a)", "36(2)(b)"]),
        ("sub-paragraphs (b), (c), (d) and (e) of article 21", ["21(b)", "21(c)", "21(d)", "21(e)"]),
        ("paragraphs 2 and 3 of article 44", ["44(2)", "44(3)"]),
        ("article 9, paragraphs 1 (c) and 2 (e)", ["9(1)(c)", "9(2)(e)"]),
        ("article 36, paragraph 2, 3 May 1999", ["36(2)"]),
        ("article 2, the point that a State", ["2"]),
        ("article 17, paragraph 1 (d) will not be applied", ["17(1)(d)"]),
    ],
)
def test_paragraphs_and_points_are_read_in_whatever_order_they_stand(words, provisions):
    assert list(provisions_named(words)) == provisions


def test_who_is_not_bound_by_several_provisions_names_them_one_after_the_other():
    series = "article 12, paragraphs 2 and 3; article 13, paragraph 2, and article 31, paragraph 1 (b)"
    text = (
        f"The Government does not consider itself bound by the provisions of {series}, in so far as they refer to it."
    )
    assert not_bound_by(text) == ("12(2)", "12(3)", "13(2)", "31(1)(b)")
    assert not_bound_by("It is not bound by paragraph 2 of article 35 and, under article 36, declares more.") == (
        "35(2)",
    )


def test_a_reservation_without_a_provision_in_its_heading_may_name_it_in_its_words():
    lines = [
        (TITLE, "Reservation:"),
        (PARA, "[X declares its reservation to] article 36, paragraph 2, and article 48."),
    ]
    assert [said.article for said in statements_in([section(entry(*lines))], {})] == ["36(2); 48"]
    assert reserved_to("It objects to the reservations concerning the scope of article 5.") == ()


def test_territories_are_named_one_by_one():
    text = "Turks and Caicos Islands, Palestine (including A, B and C) and the Isle of Man; Malta"
    assert territories_in(text) == (
        "Turks and Caicos Islands", "Palestine (including A, B and C)", "Isle of Man", "Malta",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Ministry of Justice, Telephone: +00 000 000", "Ministry of Justice"),
        ("E-mail: somebody@ministry.example", ""),
        ("Mr. John Sample, Prosecutor", ""),
        ("12 Sample Road, Sampleton", ""),
        ("Ministry of Justice, Mr. John Sample, Head of Unit", "Ministry of Justice"),
        ("Ministry of Justice, 12 Sample Road, 1000 Sampleton", "Ministry of Justice"),
        ("Requests are accepted in English.", "Requests are accepted in English."),
    ],
)
def test_of_a_notification_authorities_and_purposes_stay(line, left):
    assert authority_only(line) == left


def test_a_page_in_html_says_the_same_as_the_file_in_xml():
    after = (
        "<Declarations><Title>Declarations and Reservations</Title><Declaration><Participant>Otherland</Participant>"
        '<text type="title">Reservation:</text><text type="para">First.</text>'
        "<text>&lt;right&gt;26 March 2012&lt;/right&gt;</text>"
        '<text type="para">Second.</text></Declaration></Declarations>'
        "<TerritorialApplications><Application><Participant>Otherland</Participant>"
        "<DateNotification>4 Dec 1985</DateNotification><Territories>Isle of Examples</Territories></Application>"
        "</TerritorialApplications>"
    )
    below = """<div id="divAll"><div class="heading-four"><div class="bold">Declarations and Reservations</div></div>
<div><table class="structTable"><tr><td><div class="structTableHead">Otherland</div><div class="divNotificationText">
<p class="invisible">Otherland</p><p><i>Reservation:</i></p><p>First.</p><p align="right">26 March 2012</p>
<p>Second.</p></div></td></tr></table></div>
<div class="heading-four"><div class="bold">Territorial Application</div></div>
<div><table><tr><td>Participant</td><td>Date of receipt of the notification</td><td>Territories</td></tr>
<tr><td>Otherland</td><td>4 Dec 1985</td><td>Isle of Examples</td></tr></table></div></div></form>"""
    page = html_document.page_of(page_2018().replace(b"</form>", below.encode()))
    file = xml_document.page_of(xml(after=after))
    assert statements_in(page.sections, {}) == statements_in(file.sections, {})
    assert [said.text for said in statements_in(page.sections, {})] == ["Reservation:\nFirst.", "Second."]
    assert page.territories == file.territories
