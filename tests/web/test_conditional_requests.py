"""An answer that the reader holds is not sent again, until the record, the day or the program changes."""

from datetime import UTC, date, datetime

import pytest

from tracker.law.ledger import Ledger
from tracker.storage.revision import RevisionStamp
from tracker.web import context
from tracker.web.cache import STARTED


@pytest.mark.parametrize("path", ["/", "/instruments/untoc?as_of=2003-07-01", "/participants.csv", "/api/v1/findings"])
def test_an_answer_that_is_held_already_is_not_sent_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Security-Policy" in again.headers


def test_every_address_has_a_tag_of_its_own(client):
    paths = ["/", "/?as_of=2003-07-01", "/?as_of=2003-07-02", "/instruments.json", "/participants"]
    assert len({client.get(path).headers["ETag"] for path in paths}) == len(paths)


def test_asking_for_the_head_gives_the_headers_alone(client):
    answer = client.head("/instruments/untoc")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"] == client.get("/instruments/untoc").headers["ETag"]


def test_an_answer_says_since_when_it_is_as_it_is(client):
    for path in ("/participants", "/participants.csv", "/api/v1/bodies"):
        answer = client.head(path)
        assert answer.last_modified >= STARTED.replace(microsecond=0)
        assert answer.last_modified <= datetime.now(UTC)
    assert "Last-Modified" not in client.get("/instruments/none").headers


def test_errors_are_not_kept(client):
    answer = client.get("/instruments/none")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_styles_are_kept_for_good_under_the_name_of_their_build(client, page):
    [address] = page("/about").xpath("//link[@rel='stylesheet']/@href")
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/style.css").headers.get("Cache-Control", "")


def test_answers_travel_compressed(client):
    answer = client.get("/participants", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_shelf_loads_once_for_each_revision():
    loads, revision = [], [1]

    def load():
        loads.append(revision[0])
        return Ledger()

    shelf = context.LedgerCache(lambda: RevisionStamp(revision[0]), load)
    first = shelf.view(date(2003, 7, 1), None)
    assert shelf.view(date(2003, 7, 1), None)[1] is first[1]
    shelf.view(date(2004, 7, 1), None)
    assert loads == [1]
    revision[0] = 2
    assert shelf.view(date(2003, 7, 1), None) == (RevisionStamp(2), shelf.view(date(2003, 7, 1), None)[1])
    assert loads == [1, 2]


def test_a_shelf_keeps_only_so_many_views():
    shelf = context.LedgerCache(RevisionStamp, Ledger)
    first = shelf.view(date(1990, 1, 1), None)[1]
    for year in range(1991, 1991 + context.MAX_VIEWS):
        shelf.view(date(year, 1, 1), None)
    assert shelf.view(date(1990, 1, 1), None)[1] is not first
