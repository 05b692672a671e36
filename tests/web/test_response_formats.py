"""Pages, JSON and CSV say the same, because they are one answer."""

import csv
from io import StringIO

import pytest

from tracker.web.responses import csv_cell

EXAMPLE = {
    "instrument": "untoc", "as_of": "2003-07-01", "signatories": 147, "parties": 40, "bound": 0,
    "threshold": {"required": 40, "counted": 40, "remaining": 0, "reached_on": "2003-07-01", "reached_by": ["ARM"]},
}  # fmt: skip
FORCE = {
    "status": "will-enter-into-force", "date": "2003-09-29", "official": "2003-09-29", "article": "Art. 38(1)",
}  # fmt: skip


def lines(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(StringIO(answer.text)))


@pytest.mark.parametrize("path", ["/instruments/untoc.json", "/api/v1/instruments/untoc"])
def test_an_instruments_json_holds_the_status_that_programs_rely_on(data, path):
    answer = data(f"{path}?as_of=2003-07-01")
    assert {key: answer[key] for key in EXAMPLE} == EXAMPLE
    assert answer["entry_into_force"].pop("why").startswith("1 July 2003: 40th instrument deposited (Armenia).")
    assert answer["entry_into_force"] == FORCE


def test_the_envelope_says_for_which_day_moment_and_revision_it_speaks(client):
    answer = client.get("/api/v1/instruments?as_of=2003-07-01&known_at=2026-11-05T10:00:00Z").json
    assert set(answer) == {"data", "meta"}
    said = {"as_of": "2003-07-01", "known_at": "2026-11-05T10:00:00Z", "revision": 1}
    said |= {"revision_made_at": "2026-11-01T12:00:00Z"}
    assert answer["meta"] == {**said, "total": len(answer["data"]), "limit": None, "offset": 0, "next": None}
    assert client.get("/api/v1/bodies/greco").json["meta"]["known_at"] is None


@pytest.mark.parametrize(
    ("page_path", "key", "rows_of"),
    [
        ("/instruments/untoc", "participant", lambda data: data["participants"]),
        ("/instruments/coe-174", "participant", lambda data: data["participants"]),
        ("/participants/FRA", "instrument", lambda data: data["instruments"]),
        ("/participants", "participant", lambda data: data),
        ("/bodies", "body", lambda data: data),
        ("/findings", "check", lambda data: data["findings"]),
    ],
)
@pytest.mark.parametrize("query", ["?as_of=2003-07-01", "?as_of=2024-05-04"])
def test_the_table_the_json_and_the_csv_have_the_same_rows(page, data, client, page_path, key, rows_of, query):
    table = [row.get("data-row") for row in page(page_path + query).cssselect("[data-row]")]
    told = [row[key] for row in rows_of(data(f"{page_path}.json{query}"))]
    listed = [row[key] for row in lines(client, f"{page_path}.csv{query}")]
    assert table == told == listed
    assert table


def test_the_first_page_is_the_same_in_all_forms_whatever_their_order(page, data, client):
    table = {row.get("data-row") for row in page("/").cssselect("table.instrument-table tr[data-row]")}
    assert table == {row["instrument"] for row in data("/instruments.json")["instruments"]}
    assert table == {row["instrument"] for row in lines(client, "/instruments.csv")}


def test_a_bodys_members_are_the_same_in_all_forms(data, client):
    answer = data("/bodies/greco.json?as_of=2020-01-01")
    listed = [(row["participant"], row["role"]) for row in lines(client, "/bodies/greco.csv?as_of=2020-01-01")]
    assert listed == [(row["participant"], row["role"]) for row in [*answer["members"], *answer["other_members"]]]


def test_the_cells_of_the_csv_are_the_values_of_the_json(data, client):
    told = data("/instruments/untoc.json?as_of=2024-05-04")["participants"]
    for row, line in zip(told, lines(client, "/instruments/untoc.csv?as_of=2024-05-04"), strict=True):
        assert line["bound_since"] == (row["bound_since"] or "")
        assert line["status"] == row["status"]
        assert line["sources"] == "; ".join(row["sources"])


@pytest.mark.parametrize("path", ["/", "/instruments/untoc", "/participants/FRA", "/bodies", "/findings"])
def test_a_form_can_be_asked_for_in_the_query_as_well(client, path):
    assert client.get(f"{path}?format=json").json["data"]
    assert client.get(f"{path}?format=csv").mimetype == "text/csv"
    assert client.get(f"{path}?format=html").mimetype == "text/html"
    assert client.get(f"{path}?format=pdf").status_code == 400


@pytest.mark.parametrize("path", ["/instruments/untoc", "/participants", "/bodies/greco", "/findings"])
def test_the_foot_of_a_page_leads_to_its_data(page, client, path):
    hrefs = page(f"{path}?as_of=2003-07-01").xpath("//footer//a/@href")
    assert f"{path}.json?as_of=2003-07-01" in hrefs
    assert f"{path}.csv?as_of=2003-07-01" in hrefs


@pytest.mark.parametrize("dangerous", ["=1+1", "+49", "-1", "@sum", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(dangerous):
    assert csv_cell(dangerous) == f"'{dangerous}"
    assert csv_cell([dangerous, "b"]) == f"'{dangerous}; b"


def test_plain_cells_are_left_alone():
    assert [csv_cell(value) for value in (None, True, 0, -5, "2003-07-01", [])] == [
        "",
        "yes",
        "0",
        "-5",
        "2003-07-01",
        "",
    ]


def test_the_api_answers_with_the_data_of_the_pages(data):
    for page_path, api_path in [
        ("/instruments.json", "/api/v1/overview"),
        ("/instruments/untoc.json", "/api/v1/instruments/untoc"),
        ("/participants.json", "/api/v1/participants"),
        ("/participants/FRA.json", "/api/v1/participants/FRA"),
        ("/bodies.json", "/api/v1/bodies"),
        ("/bodies/greco.json", "/api/v1/bodies/greco"),
        ("/findings.json", "/api/v1/findings"),
    ]:
        assert data(f"{page_path}?as_of=2010-01-01") == data(f"{api_path}?as_of=2010-01-01")


def test_the_api_says_where_everything_is(data, client):
    for address in data("/api/v1/?as_of=2010-01-01").values():
        assert client.get(address).status_code == 200
        assert ("as_of=2010-01-01" in address) != any(each in address for each in ("changes", "revisions", "openapi"))
