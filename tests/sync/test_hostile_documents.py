"""Documents that mean harm, and documents that mean nothing: refused, in bounded time and memory."""

import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.status_documents import HEADINGS, ROWS, file, page_2018, xml
from tracker.errors import Refused, TrackerError
from tracker.sync.documents import MAX_DOCUMENT_BYTES, parse_document

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DECLARATION = b'<?xml version="1.0" encoding="ISO-8859-1"?>'
LAUGHS = b"""<!DOCTYPE Document [<!ENTITY a "ha">%s]>""" % b"".join(
    b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 10) for step in range(20)
)


def read(document, reference="XVIII-99"):
    return parse_document(document, reference, retrieved_at=MOMENT)


def declaring(doctype, entity=b""):
    document = xml().replace(DECLARATION, DECLARATION + doctype)
    return document.replace(b"<Entry>Exampleland", b"<Entry>" + entity)


@pytest.mark.parametrize(
    "document",
    [
        declaring(LAUGHS, b"&t;"),
        declaring(b'<!DOCTYPE Document [<!ENTITY x "%s">]>' % (b"x" * 100_000), b"&x;" * 10_000),
        declaring(b'<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>', b"&x;"),
        declaring(b'<!DOCTYPE Document [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]>', b"&x;"),
        declaring(b'<!DOCTYPE Document [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]>'),
        declaring(b'<!DOCTYPE Document SYSTEM "http://127.0.0.1:1/x.dtd">'),
        declaring(b"<!DOCTYPE Document>"),
    ],
    ids=["billion laughs", "quadratic", "file", "network", "parameter", "external subset", "plain"],
)
def test_document_types_and_entities_are_refused(document):
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="document type or entities"):
            read(document)
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


def test_entities_are_refused_in_other_encodings_too():
    text = declaring(b'<!DOCTYPE Document [<!ENTITY x "y">]>', b"&x;").decode().replace("ISO-8859-1", "UTF-16")
    with pytest.raises(Refused):
        read(text.encode("utf-16"))


def test_an_undeclared_entity_is_refused():
    with pytest.raises(Refused, match="well-formed"):
        read(declaring(b"", b"&nbsp;"))


@pytest.mark.parametrize(
    "inside",
    [b"<i>" * 60 + b"</i>" * 60, b"<i>" * 1_000_000, b"<i/>" * 600_000],
    ids=["deep", "deeper", "many"],
)
def test_depth_and_number_of_elements_are_bounded(inside):
    with pytest.raises(Refused, match="nested deeper"):
        read(xml().replace(b"<Participants>", b"<Participants>" + inside))


def test_rows_and_cells_are_bounded():
    with pytest.raises(Refused, match="rows"):
        read(xml(rows=ROWS * 3000))
    with pytest.raises(Refused, match="cells"):
        read(xml(rows=[ROWS[0] * 20]))
    with pytest.raises(Refused, match="rows"):
        read(page_2018(rows=ROWS * 3000))


def test_size_is_bounded():
    with pytest.raises(Refused, match="larger than"):
        read(DECLARATION + bytes(MAX_DOCUMENT_BYTES))


@pytest.mark.parametrize(
    "piece", [b"<div>", b"<table><tr><td>", b"<a <a ", b"<!--", b"<sup>", b"&#60;", b"<td colspan=9>"]
)
def test_a_page_full_of_rubbish_is_read_in_bounded_time(piece):
    page = page_2018().replace(b"<form", piece * (400_000 // len(piece)) + b"<form", 1)
    with suppress(TrackerError):
        read(page)


FILES = ["XVIII-12.2003-06-30.en.xml", "XVIII-12-c.2018.html", "XVIII-12-c.2016.html", "XVIII-14.en.xml"]
QUIET = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def survives(document, reference="XVIII-12"):
    with suppress(TrackerError):
        read(document, reference)


@QUIET
@given(st.binary(max_size=4000))
@example(b"<?xml version='1.0' encoding='x'?><Document/>")
@example(b"<?xml version='1.0' encoding='utf-7'?><Document/>")
@example(b"<html><body></html>")
@example(b"<html></html>")
@example(b"<body")
@example(b"<meta charset=idna><br>\x01<sup>1</sup>\x02&#1;")
def test_any_bytes_are_read_or_refused(document):
    survives(document)
    survives(DECLARATION + document)
    survives(b"<html>" + document + b"</html>")


@QUIET
@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), max_size=5),
)
def test_damaged_files_are_read_or_refused(name, wounds):
    document = file(name)
    for place, length, instead in wounds:
        at = int(place * len(document))
        document = document[:at] + instead + document[at + length :]
    survives(document, name.split(".")[0])


@QUIET
@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60)), max_size=5))
def test_any_text_in_the_cells_is_read_or_refused(rows):
    printable = [[cell.translate(dict.fromkeys((*range(32), 65534, 65535), " ")) for cell in row] for row in rows]
    survives(xml(rows=printable), "XVIII-99")


@QUIET
@given(st.lists(st.text(alphabet="RatificonApvlAs(),;/ a<>&1", max_size=60), max_size=6))
def test_any_headings_are_read_or_refused(headings):
    survives(xml(headings=[HEADINGS[0], *headings]), "XVIII-99")
