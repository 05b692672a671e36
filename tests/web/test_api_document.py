"""The OpenAPI document: it is valid, describes each operation and no other, and the real answers are as it says."""

import re
from urllib.parse import urlencode

import pytest
from openapi_spec_validator import validate

from tests.support.openapi import Document
from tracker.web.api.openapi import openapi_document
from tracker.web.api.operations import PREFIX, operations

DAYS = [
    "",
    "1880-01-01",
    "1961-03-30",
    "1990-11-11",
    "1991-12-25",
    "2003-07-01",
    "2006-06-03",
    "2026-11-24",
    "2040-02-29",
]
PLAIN_TYPES = ("string", "integer", "number", "boolean")
PLAIN = ["overview", "instruments", "participants", "bodies", "assessments", "findings", "timeline", "calendar",
         "targets", "needed", "matrix?instrument=all", "map", "network?view=ties", "network?pending=yes"]  # fmt: skip
ASKED = [
    "what-if", "what-if?who=signatories", "what-if?instrument=un-cybercrime&who=region:Africa&threshold=30",
    "what-if?instrument=untoc&leaving=FRA&leaving_on=2027-01-01&organizations=yes", "what-if/thresholds",
    "what-if/thresholds?thresholds=30,%2040", "claims", "claims?instrument=untoc&parties=40",
    "claims?instrument=untoc&parties=9999", "search", "search?q=france", "search?q=%D9%85%D8%B5%D8%B1&limit=3",
    "compare", "compare?participant=FRA&participant=YUG&participant=EU", "compare?instrument=untoc&instrument=uncac",
    "map?instrument=uncac", "select", "select?q=member%3Dgreco%3Bnot-party%3Dcoe-173",
    "select?q=assessed%3Dfatf-grey%3Bnot-party%3Duncac", "network?focus=greco", "network?focus=FRA&view=ties",
    "network?standing=signed-only&region=Africa", "changes", "changes?instrument=untoc&limit=2",
    "record/changes?limit=40",
    "record/changes?since=1", "record/revisions", "targets?verdict=computed", "findings?instrument=untoc", "",
    "timeline?participant=YUG", "timeline?instrument=untoc&limit=5", "calendar?instrument=un-cybercrime",
    "participants?kind=former-state&sort=-consented", "participants?limit=7&offset=250", "instruments?offset=99",
    "instruments/untoc?standing=signatory&region=Asia", "participants?known_at=2020-01-01T00:00:00Z",
    "instruments?known_at=2026-11-02T08:30:00Z&as_of=2003-07-01", "openapi.json",
]  # fmt: skip


@pytest.fixture(scope="module")
def document(app):
    return Document(app)


@pytest.fixture
def held(client, document):
    """Get an address of the API and see that the answer is as described."""

    def get(path):
        address = f"{PREFIX}/{path}"
        answer = client.get(address)
        assert not document.faults(address, answer), f"{address}: {document.faults(address, answer)[:5]}"
        return answer

    return get


def test_the_document_is_a_valid_openapi_document(document):
    validate(document.whole)
    assert document.whole["openapi"].startswith("3.1")


def test_each_route_is_described_and_no_other(app, document):
    routes = operations(app)
    undescribed = [key for key, (_, operation) in routes.items() if operation is None]
    assert not undescribed
    described_here = {(path, method.upper()) for path, each in document.whole["paths"].items() for method in each}
    paths = {rule: re.sub(r"<(?:[^<>]*:)?([^<>:]+)>", r"{\1}", rule).rstrip("/") for rule, _ in routes}
    assert described_here == {(paths[rule], method) for rule, method in routes}


def test_no_path_ends_with_a_slash_and_the_contents_answer_with_and_without(client, document):
    assert not [path for path in document.whole["paths"] if path.endswith("/")]
    plain, slashed = client.get(PREFIX), client.get(f"{PREFIX}/")
    assert plain.status_code == slashed.status_code == 200
    assert plain.data == slashed.data
    assert plain.headers["Access-Control-Allow-Origin"] == "*"


def test_each_operation_says_what_it_is_for_and_each_parameter_what_it_means(document):
    for path, methods in document.whole["paths"].items():
        for each in methods.values():
            assert each["summary"], path
            assert each["description"], path
            for one in each["parameters"]:
                assert one["description"], (path, one["name"])
                assert "example" in one, (path, one["name"])


def test_the_names_of_operations_are_unique(document):
    names = [each["operationId"] for methods in document.whole["paths"].values() for each in methods.values()]
    assert len(set(names)) == len(names)


def every_schema(found):
    if isinstance(found, dict):
        yield found
        for each in found.values():
            yield from every_schema(each)
    elif isinstance(found, list):
        for each in found:
            yield from every_schema(each)


def test_answers_may_gain_keys_so_no_schema_says_that_there_are_no_others(app):
    document = openapi_document(app)
    schemas = document["components"]["schemas"]
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    bodies = [each["requestBody"] for each in operations if "requestBody" in each]
    taken = {each["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2] for each in bodies}
    closed = {name for name, each in schemas.items() if each.get("additionalProperties") is False}
    assert closed == taken
    assert not [each for each in every_schema(document["paths"]) if each.get("additionalProperties") is False]


def test_every_array_has_items(app):
    for each in every_schema(openapi_document(app)):
        assert each.get("type") != "array" or "items" in each, each


def test_schemas_have_plain_names(app):
    for name in openapi_document(app)["components"]["schemas"]:
        assert re.fullmatch(r"[A-Z][A-Za-z]+", name), name


def test_the_items_of_a_tuple_have_a_schema_of_their_own_which_a_generator_of_typescript_needs(app):
    tuples = [each for each in every_schema(openapi_document(app)) if "prefixItems" in each]
    assert tuples
    assert [each["items"].keys() for each in tuples] == [{"$ref"}] * len(tuples)


def test_the_example_of_every_parameter_is_answered(held, document):
    beside = {"leaving": "instrument=untoc&", "by": "as_of=2002-06-01&"}  # `by` is a date ahead
    for path, methods in document.whole["paths"].items():
        for each in (methods[name] for name in methods if name == "get" and not methods[name]["security"]):
            named = {one["name"]: one["example"] for one in each["parameters"] if one["in"] == "path"}
            address = path.removeprefix(PREFIX).removeprefix("/").format(**named)
            for one in (one for one in each["parameters"] if one["in"] == "query"):
                query = beside.get(one["name"], "") + urlencode({one["name"]: one["example"]}, doseq=True)
                assert held(f"{address}?{query}").status_code == 200, (path, query)


def test_no_property_but_a_plain_one_has_the_name_of_its_schema_which_generated_classes_would_confuse(app):
    for name, each in openapi_document(app)["components"]["schemas"].items():
        same = each.get("properties", {}).get(re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(), {"type": "string"})
        assert same.get("type") in PLAIN_TYPES, name
        assert "enum" not in same, name


def test_every_answer_has_a_schema_that_says_what_it_holds(app):
    document = openapi_document(app)
    for path, methods in document["paths"].items():
        for each in methods.values():
            answer = next(found for status, found in each["responses"].items() if status.startswith("2"))
            schema = answer["content"]["application/json"]["schema"]
            schema = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
            assert schema["properties"], path
            assert not [found for found in every_schema(schema["properties"]) if found == {}], path


def test_every_header_that_is_described_is_sent_by_some_operation(app):
    document = openapi_document(app)
    sent = {each["$ref"].rpartition("/")[2] for each in every_schema(document["paths"]) if "$ref" in each}
    assert set(document["components"]["headers"]) <= sent


def test_every_group_of_operations_has_a_description(app):
    assert not [each for each in openapi_document(app)["tags"] if not each.get("description")]


@pytest.mark.parametrize("moment", ["2026-11-02T08:30:00Z", "2026-11-02T08:30:00%2B00:00"])
def test_a_moment_may_be_written_as_clients_write_utc(held, moment):
    assert held(f"instruments?known_at={moment}").json["meta"]["known_at"] == "2026-11-02T08:30:00Z"


def test_every_operation_says_who_may_use_it(app):
    for path, methods in openapi_document(app)["paths"].items():
        for method, each in methods.items():
            assert each["security"] in ([], [{"token": []}]), path
            assert each["security"] or method == "get", path


@pytest.mark.parametrize("path", ASKED)
def test_answers_to_questions_are_as_described(held, path):
    assert held(path).status_code == 200


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("path", PLAIN)
def test_answers_for_any_day_are_as_described(held, path, day):
    mark = "&" if "?" in path else "?"
    assert held(f"{path}{mark}as_of={day}" if day else path).status_code == 200


@pytest.mark.parametrize("day", ["", "1990-11-11", "2003-07-01"])
def test_every_instrument_is_as_described(held, data, day):
    for id in [each["instrument"] for each in data("/api/v1/instruments")]:
        for part in ("", "/history", "/citation"):
            assert held(f"instruments/{id}{part}{day and '?as_of='}{day}").status_code == 200


def test_every_participant_is_as_described_former_states_and_organizations_too(held, data):
    for code in [*(each["participant"] for each in data("/api/v1/participants")[::2]), "YUG", "SUN", "CSK", "EU"]:
        assert held(f"participants/{code}").status_code == 200
        assert held(f"participants/{code}/assessments").status_code == 200


def test_every_body_and_every_scheme_is_as_described(held, data):
    for each in data("/api/v1/bodies"):
        assert held(f"bodies/{each['body']}").status_code == 200
    for each in data("/api/v1/assessments"):
        for part in ("", "/editions", "?as_of=2001-06-30"):
            assert held(f"assessments/{each['scheme']}{part}").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [("instruments/none", 404), ("participants?region=Atlantis", 400), ("instruments?as_of=2003-02-30", 400),
     ("what-if?delay=soon", 422), ("participants/fra", 308), ("map?instrument=none", 404)],
)  # fmt: skip
def test_errors_are_as_described(held, path, status):
    assert held(path).status_code == status
