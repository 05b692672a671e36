"""Every list of the API, found in its own document: whole or in pages, as JSON or CSV, of any day and moment, and 304.

A list is an operation that takes `limit` and `offset`. The rest of its parameters are left out, but for what it needs
to answer at all; then the examples of the document are given.
"""

import csv
from io import StringIO
from urllib.parse import urlencode

import pytest

from tracker.web.api.openapi import openapi_document

CSV = {"Accept": "text/csv"}
FIRST_DAY, LATER_DAY = "1880-01-01", "2005-06-30"
BEFORE_ALL = "2020-01-01T00:00:00Z"  # the record of these tests was made after it


def lists(app):
    """The lists that anyone may ask for: path, operation, and the address with examples in it."""
    for path, methods in openapi_document(app)["paths"].items():
        operation = methods.get("get", {"parameters": []})
        names = {each["name"] for each in operation["parameters"]}
        if {"limit", "offset"} <= names and not operation["security"]:
            yield operation, _filled(path, operation)


def _filled(path, operation):
    for each in operation["parameters"]:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", each["example"])
    needed = {each["name"]: each["example"] for each in operation["parameters"] if each["name"] == "q"}
    return f"{path}?{urlencode(needed)}"


def with_(address, **asked):
    return f"{address}{'' if address.endswith('?') else '&'}{urlencode(asked)}"


@pytest.fixture
def asked(client):
    """Get what must be there: the answer and the rows of its list, which is as long as it says."""

    def get(address):
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.text[:300]}"
        return answer, _rows(answer.json, client.get(with_(address, limit=1)).json)

    return get


def _rows(whole, one):
    """The list of an answer: the data, or that part of it which a limit of one cuts to one row at most."""
    if isinstance(whole["data"], list):
        return whole["data"]
    total = whole["meta"]["total"]
    lists = {key: rows for key, rows in whole["data"].items() if isinstance(rows, list) and len(rows) == total}
    [cut, *_] = [rows for key, rows in lists.items() if rows[:1] == one["data"][key]]
    return cut


def test_the_document_holds_the_lists_that_people_expect(app):
    found = [address.partition("?")[0].removeprefix("/api/v1/") for _, address in lists(app)]
    assert len(found) >= 18
    assert {"instruments", "participants", "bodies", "findings", "targets", "timeline", "matrix", "needed"} < set(found)


def test_every_list_comes_whole_and_in_pages_that_together_are_the_whole(app, client, asked):
    for _, address in lists(app):
        answer, rows = asked(address)
        meta = answer.json["meta"]
        assert (meta["total"], meta["limit"], meta["offset"], meta["next"]) == (len(rows), None, 0, None), address
        size, pages, at = max(len(rows) // 4, 1), [], with_(address, limit=max(len(rows) // 4, 1))
        while at:
            page = client.get(at)
            assert page.json["meta"]["offset"] == len(pages), at
            assert (f'<{page.json["meta"]["next"]}>; rel="next"' in page.headers.get_all("Link")) == bool(
                page.json["meta"]["next"]
            ), at
            pages += _rows_of_page(page.json, rows, len(pages), size, at)
            at = page.json["meta"]["next"]
        assert pages == rows, address


def _rows_of_page(page, rows, offset, size, at):
    """The rows of a page, which are those of the whole from an offset on."""
    data, wanted = page["data"], rows[offset : offset + size]
    assert wanted in (list(data.values()) if isinstance(data, dict) else [data]), at
    return wanted


def test_every_list_is_there_as_csv_cut_alike(app, client):
    for operation, address in lists(app):
        assert "text/csv" in operation["responses"]["200"]["content"], address
        answer = client.get(address, headers=CSV)
        assert (answer.status_code, answer.mimetype) == (200, "text/csv"), address
        whole = list(csv.reader(StringIO(answer.text)))
        limit = client.get(with_(address, limit=2, offset=1), headers=CSV)
        part = list(csv.reader(StringIO(limit.text)))
        assert part == [whole[0], *whole[2:4]], address
        assert all(len(row) == len(whole[0]) for row in whole), address


def test_every_list_may_be_asked_of_any_day_and_says_which(app, client, data):
    days = {}
    for _, address in lists(app):
        for day in (FIRST_DAY, LATER_DAY):
            answer = client.get(with_(address, as_of=day))
            assert answer.status_code == 200, f"{address} {day}: {answer.text[:200]}"
            assert answer.json["meta"]["as_of"] == day, address
            days[address, day] = answer.json["data"]
            table = client.get(with_(address, as_of=day), headers=CSV)
            assert table.status_code == 200, address
    assert not [address for address, _ in days if days[address, FIRST_DAY] == days[address, LATER_DAY]]


def test_every_list_may_be_asked_of_any_moment_and_held_nothing_before_anything_was_recorded(app, client):
    for _, address in lists(app):
        for headers in ({}, CSV):
            answer = client.get(with_(address, known_at=BEFORE_ALL), headers=headers)
            if answer.status_code == 404:
                continue  # what it is about was not known
            assert answer.status_code == 200, f"{address}: {answer.text[:200]}"
            if headers:
                assert len(answer.text.splitlines()) == 1, address
            else:
                assert (answer.json["meta"]["known_at"], answer.json["meta"]["total"]) == (BEFORE_ALL, 0), address


def test_no_list_is_sent_again_to_whoever_holds_it_and_each_of_its_forms_and_pages_is_another(app, client):
    for _, address in lists(app):
        tags = set()
        asked_for = [({}, {}), ({}, CSV), ({"limit": 1}, {}), ({"as_of": LATER_DAY}, {}), ({"limit": 1}, CSV),
                     ({"limit": 1, "offset": 1}, {}), ({"known_at": "2026-11-02T08:30:00Z"}, {})]  # fmt: skip
        for query, headers in asked_for:
            first = client.get(with_(address, **query), headers=headers)
            tag = first.headers["ETag"]
            again = client.get(with_(address, **query), headers={**headers, "If-None-Match": tag})
            assert (again.status_code, again.data) == (304, b""), (address, query)
            assert client.head(with_(address, **query), headers=headers).headers["ETag"] == tag
            tags.add(tag)
        assert len(tags) == len(asked_for), address


@pytest.mark.parametrize("wrong", ["limit=0", "limit=x", "limit=1001", "offset=-1", "as_of=never", "known_at=never",
                                   "limit=1&limit=2", "as_of=", "page=2"])  # fmt: skip
def test_no_list_guesses_what_a_parameter_that_makes_no_sense_may_mean(app, client, wrong):
    for _, address in lists(app):
        answer = client.get(f"{address}{'' if address.endswith('?') else '&'}{wrong}")
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad-question"), address
