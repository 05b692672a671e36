"""Fetching from a real server on loopback: the right address, politely, and safe from what it sends."""

import gzip
import threading
import tracemalloc
import zlib
from functools import partial

import pytest

from tests.support.status_documents import file, page_2018, xml
from tracker.errors import BadQuestion, BadSettings, Refused, TryLater
from tracker.sync.documents import fetch_document, parse_document
from tracker.sync.http_client import HttpClient
from tracker.sync.mtdsg_numbers import MtdsgNumber

XML = "/doc/Publication/MTDSG/Volume%20II/Chapter%20XVIII/XVIII-99.en.xml"
LOWER = "/doc/Publication/MTDSG/Volume%20II/Chapter%20XVIII/xviii-99.en.xml"
LINE = b"HTTP/1.1 200 OK\r\n"
PAGE = "/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no=XVIII-99&chapter=18&clang=_en"
OK = (200, {"ETag": '"1"', "Last-Modified": "Sat, 04 May 2024 03:15:34 GMT"}, xml())


def get(visiting, server, **given):
    return fetch_document(visiting(), "XVIII-99", base_url=server.url, **given)


def paths(server):
    return [path for path, _ in server.asked]


# -- where -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("VI-19", "/doc/Publication/MTDSG/Volume%20I/Chapter%20VI/VI-19.en.xml"),
        ("XII-1", "/doc/Publication/MTDSG/Volume%20I/Chapter%20XII/XII-1.en.xml"),
        ("XIII-1", "/doc/Publication/MTDSG/Volume%20II/Chapter%20XIII/XIII-1.en.xml"),
        ("xviii-12-C", "/doc/Publication/MTDSG/Volume%20II/Chapter%20XVIII/XVIII-12-c.en.xml"),
        ("XI-B-16", "/doc/Publication/MTDSG/Volume%20I/Chapter%20XI/XI-B-16.en.xml"),
        ("III-2-12a", "/doc/Publication/MTDSG/Volume%20I/Chapter%20III/III-2-12a.en.xml"),
    ],
)
def test_a_reference_leads_to_its_file(reference, path):
    assert MtdsgNumber.of(reference).files[0] == path


def test_the_file_is_fetched(visiting, server, moment):
    server.answers[XML] = OK
    fetched = get(visiting, server)
    assert (fetched.status, fetched.body, fetched.url) == ("new", xml(), server.url + XML)
    assert (fetched.etag, fetched.last_modified) == ('"1"', "Sat, 04 May 2024 03:15:34 GMT")
    status = parse_document(fetched.body, "XVIII-99", retrieved_at=moment, url=fetched.url, etag=fetched.etag)
    assert status.counted.parties == 2


def test_the_server_learns_whom_to_write_to(visiting, server):
    server.answers[XML] = OK
    get(visiting, server)
    (_, headers) = server.asked[0]
    assert headers["User-Agent"].startswith("treaty-tracker/")
    assert "(+treaties@example.org)" in headers["User-Agent"]
    assert headers["Accept-Encoding"] == "gzip"


def test_the_name_in_small_letters_is_tried_next(visiting, server):
    server.answers[LOWER] = OK
    assert get(visiting, server).url == server.url + LOWER
    assert paths(server) == [XML, LOWER]


def test_the_page_is_the_second_way(visiting, server):
    server.answers[PAGE] = (200, {}, page_2018())
    assert get(visiting, server).body == page_2018()
    assert paths(server) == [XML, LOWER, PAGE]


def test_a_page_in_the_place_of_the_file_is_not_the_file(visiting, server):
    server.answers |= {XML: (200, {}, b"<html>Sorry, no such document</html>"), PAGE: (200, {}, page_2018())}
    assert get(visiting, server).url == server.url + PAGE


def test_a_file_that_is_nowhere_is_refused(visiting, server):
    with pytest.raises(Refused, match="no status file of XVIII-99"):
        get(visiting, server)


# -- only what is new ------------------------------------------------------------------------------


def conditional(handler):
    same = (
        handler.headers.get("If-None-Match") == '"1"'
        or handler.headers.get("If-Modified-Since") == OK[1]["Last-Modified"]
    )
    handler.answer(*((304, {}, b"") if same else OK))


@pytest.mark.parametrize("marks", [{"etag": '"1"'}, {"last_modified": OK[1]["Last-Modified"]}])
def test_what_has_not_changed_is_not_sent_again(visiting, server, marks):
    server.answers[XML] = conditional
    fetched = get(visiting, server, url=server.url + XML, **marks)
    assert (fetched.status, fetched.body) == ("unchanged", b"")
    assert marks.items() <= {"etag": fetched.etag, "last_modified": fetched.last_modified}.items()


def test_what_has_changed_is_sent(visiting, server):
    server.answers[XML] = conditional
    assert get(visiting, server, url=server.url + XML, etag='"0"').status == "new"


def test_marks_of_one_address_are_not_shown_to_another(visiting, server):
    server.answers |= {XML: (404, {}, b""), LOWER: conditional}
    assert get(visiting, server, url=server.url + PAGE, etag='"1"').status == "new"
    assert all("If-None-Match" not in headers for _, headers in server.asked)


def test_the_address_that_worked_is_tried_first(visiting, server):
    server.answers[LOWER] = conditional
    assert get(visiting, server, url=server.url + LOWER, etag='"1"').status == "unchanged"
    assert paths(server) == [LOWER]


def test_unchanged_without_having_asked_makes_no_sense(visiting, server):
    server.answers[XML] = (304, {}, b"")
    with pytest.raises(Refused, match="304"):
        get(visiting, server)


# -- trouble that passes ---------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_server_is_asked_again(visiting, server, slept, status):
    server.answers[XML] = [(status, {}, b""), OK]
    assert get(visiting, server).status == "new"
    assert slept == [2.0]


def test_the_waits_grow_and_end(visiting, server, slept):
    server.answers[XML] = (503, {}, b"")
    with pytest.raises(TryLater, match="503"):
        fetch_document(visiting(attempts=4), "XVIII-99", base_url=server.url)
    assert slept == [2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "30"},
        {"Date": "Sat, 04 May 2024 03:15:00 GMT", "Retry-After": "Sat, 04 May 2024 03:15:30 GMT"},
    ],
)
def test_the_server_may_say_how_long_to_wait(visiting, server, slept, headers):
    def busy(handler):
        handler.send_response_only(503)
        for name, value in {"Content-Length": "0", **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()

    server.answers[XML] = [busy, OK]
    get(visiting, server)
    assert slept == [30.0]


def test_a_long_wait_is_left_to_the_next_run(visiting, server, slept):
    server.answers[XML] = (429, {"Retry-After": "3600"}, b"")
    with pytest.raises(TryLater) as trouble:
        get(visiting, server)
    assert trouble.value.after == 3600
    assert slept == []


@pytest.mark.parametrize("text", ["soon", "-1", "9" * 400, "Sat, 04 May", "\xb2"])
def test_a_senseless_wait_is_not_heeded(visiting, server, slept, text):
    server.answers[XML] = (503, {"Retry-After": text}, b"")
    with pytest.raises(TryLater):
        get(visiting, server)
    assert slept in ([2.0], [])


def test_a_server_that_is_not_there(visiting, slept):
    with pytest.raises(TryLater, match="did not answer"):
        fetch_document(visiting(), "XVIII-99", base_url="http://127.0.0.1:1")
    assert slept == [2.0]


def test_a_broken_off_answer_is_asked_for_again(visiting, server):
    def broken(handler):
        handler.answer(200, {"Content-Length": "100000"}, xml())
        handler.close_connection = True

    server.answers[XML] = [broken, OK]
    assert get(visiting, server).body == xml()


def test_the_maintenance_page_is_no_file(visiting, server):
    server.answers[XML] = (200, {}, file("maintenance.html"))
    with pytest.raises(TryLater, match="maintenance"):
        get(visiting, server)


def test_questions_keep_their_distance(visiting, server, slept):
    server.answers[XML] = OK
    visitor = visiting(pause=1000)
    for _ in range(3):
        fetch_document(visitor, "XVIII-99", base_url=server.url)
    assert len(slept) == 2
    assert all(900 < wait <= 2000 for wait in slept)


def test_one_question_is_asked_at_a_time(visiting, server):
    busy, together = threading.Lock(), []

    def slow(handler):
        together.append(not busy.acquire(blocking=False))
        server.stopping.wait(0.02)
        busy.release()
        handler.answer(*OK)

    server.answers[XML] = slow
    visitor = visiting()
    asking = partial(fetch_document, visitor, "XVIII-99", base_url=server.url)
    threads = [threading.Thread(target=asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == [False, False, False]


# -- servers that mean harm ------------------------------------------------------------------------


def test_a_redirect_on_the_same_host_is_followed(visiting, server):
    server.answers |= {XML: (301, {"Location": "/elsewhere.xml"}, b""), "/elsewhere.xml": OK}
    assert get(visiting, server).body == xml()


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2/", "http://localhost/", "https://127.0.0.1/", "//example.org/x", "file:///etc/passwd",
        "http://127.0.0.1:1/", "http://[", "http://127.0.0.1:x/", "gopher://127.0.0.1/", "",
    ],
)  # fmt: skip
def test_a_redirect_elsewhere_is_refused(visiting, server, location):
    server.answers[XML] = (302, {"Location": location}, b"")
    with pytest.raises(Refused, match="redirects"):
        get(visiting, server)
    assert paths(server) == [XML]


def test_a_redirect_in_a_circle_is_refused(visiting, server):
    server.answers |= {XML: (302, {"Location": "/a"}, b""), "/a": (302, {"Location": XML}, b"")}
    with pytest.raises(Refused, match="circle"):
        get(visiting, server)
    assert paths(server) == [XML, "/a"]


def test_redirects_without_end_are_refused(visiting, server):
    server.answers |= {f"/{step}": (302, {"Location": f"/{step + 1}"}, b"") for step in range(100)}
    server.answers[XML] = (302, {"Location": "/0"}, b"")
    with pytest.raises(Refused, match="more than 5 times"):
        get(visiting, server)
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "start", [b"", LINE, LINE + b"\r\n", LINE + b"Transfer-Encoding: chunked\r\n\r\n1\r\n"],
    ids=["status line", "header", "body", "chunk"],
)  # fmt: skip
def test_a_slow_drip_is_ended(visiting, server, start):
    server.answers[XML] = lambda handler: server.drip(handler, start)
    with pytest.raises(TryLater):
        fetch_document(visiting(total=0.15, attempts=1), "XVIII-99", base_url=server.url)


def test_silence_is_ended(visiting, server):
    server.answers[XML] = lambda handler: server.stopping.wait(5)
    with pytest.raises(TryLater):
        fetch_document(visiting(read=0.1, attempts=1), "XVIII-99", base_url=server.url)


def flood(handler, headers, pieces):
    handler.send_response(200)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.close_connection = True
    for piece in pieces:
        handler.wfile.write(piece)


@pytest.mark.parametrize("headers", [{}, {"Content-Length": str(2**30)}], ids=["endless", "announced"])
def test_a_body_of_a_gigabyte_is_not_read(visiting, server, headers):
    megabyte = b"x" * 2**20
    server.answers[XML] = lambda handler: flood(handler, headers, (megabyte for _ in range(1024)))
    visitor = visiting(size=4 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="more than 4194304 bytes"):
            fetch_document(visitor, "XVIII-99", base_url=server.url)
        assert tracemalloc.get_traced_memory()[1] < 24 * 2**20
    finally:
        tracemalloc.stop()


def test_a_redirect_with_a_gigabyte_in_it_is_not_read(visiting, server):
    def redirect(handler):
        handler.send_response(302)
        handler.send_header("Location", "/elsewhere.xml")
        handler.end_headers()
        handler.close_connection = True
        for _ in range(1024):
            handler.wfile.write(bytes(2**20))

    server.answers |= {XML: redirect, "/elsewhere.xml": OK}
    tracemalloc.start()
    try:
        assert get(visiting, server).body == xml()
        assert tracemalloc.get_traced_memory()[1] < 24 * 2**20
    finally:
        tracemalloc.stop()


def test_a_gzip_bomb_is_not_unpacked(visiting, server):
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(256)) + packer.flush()
    server.answers[XML] = (200, {"Content-Encoding": "gzip"}, bomb)
    visitor = visiting(size=4 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="more than"):
            fetch_document(visitor, "XVIII-99", base_url=server.url)
        assert tracemalloc.get_traced_memory()[1] < 24 * 2**20
    finally:
        tracemalloc.stop()


def test_a_packed_answer_is_unpacked(visiting, server):
    server.answers[XML] = (200, {"Content-Encoding": "gzip"}, gzip.compress(xml()))
    assert get(visiting, server).body == xml()


@pytest.mark.parametrize("body", [gzip.compress(xml())[:-20], b"rubbish"])
def test_what_cannot_be_unpacked_is_no_answer(visiting, server, body):
    server.answers[XML] = (200, {"Content-Encoding": "gzip"}, body)
    with pytest.raises(TryLater):
        get(visiting, server)


def test_an_encoding_not_asked_for_is_refused(visiting, server):
    server.answers[XML] = (200, {"Content-Encoding": "br"}, b"")
    with pytest.raises(Refused, match="'br'"):
        get(visiting, server)


@pytest.mark.parametrize("status", [204, 206, 400, 418])
def test_an_answer_that_makes_no_sense_is_refused(visiting, server, status):
    server.answers[XML] = (status, {}, b"")
    with pytest.raises(Refused, match=str(status)):
        get(visiting, server)


def test_rubbish_instead_of_http(visiting, server):
    server.answers[XML] = lambda handler: flood(handler, {"X" * 70_000: "x"}, [])
    with pytest.raises(TryLater):
        get(visiting, server)


# -- questions that make no sense ------------------------------------------------------------------


def test_a_reference_must_be_one(visiting, server):
    with pytest.raises(BadQuestion):
        fetch_document(visiting(), "ETS 141", base_url=server.url)


@pytest.mark.parametrize(
    "base", ["", "treaties.un.org", "ftp://treaties.un.org", "http://[", "http://x?y", "file:///etc"]
)
def test_a_base_url_must_be_one(visiting, base):
    with pytest.raises(BadSettings):
        fetch_document(visiting(), "XVIII-99", base_url=base)


@pytest.mark.parametrize("contact", ["", "  ", "a\r\nX-Evil: 1", "ü@example.org"])
def test_a_contact_must_fit_in_a_header(contact):
    with pytest.raises(BadSettings):
        HttpClient(contact)
