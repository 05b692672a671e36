"""The OpenAPI 3.1 document of the API, made from what its operations say of themselves, and where it is served.

Nothing about an operation is written here: it comes from `tracker.web.api.operations`, the schemas from the types,
by pydantic. Answers may gain keys, so the document does not close their objects; the tests hold answers to exactly
the keys that are described. Bodies of requests are closed: an unknown key is refused.

The page that documents the API, made from the same descriptions as the OpenAPI document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from inspect import getdoc
from typing import Any, cast
from urllib.parse import quote, urlencode

import orjson
from flask import Blueprint, Flask, Response, current_app, render_template
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from typing_extensions import TypedDict

import tracker
from tracker.errors import kinds_of_error
from tracker.schemas.formats import PROBLEM, Failure, Meta, PagedMeta
from tracker.web.api.operations import CSV, JSON, Operation, Parameter, api, operation, operations

REFERENCE = "#/components/schemas/{model}"
TITLE = "Treaty Tracker"
ABOUT = (
    "Who is bound by which treaty, since when, and why. Every answer is for a day (`as_of`, legal time) and for the "
    "data as held at a moment (`known_at`, record time). Answers come in one envelope, `{data, meta}`; errors as "
    "`{error: {code, message, status}}`, with the members of a problem detail (RFC 9457) beside: `type`, `title`, "
    "`status`, `detail`, `instance`. Who names `application/problem+json` in Accept gets errors under that media type. "
    "A parameter that an operation does not know is refused, not ignored."
)
PROMISE = (
    "Within /api/v1/ nothing that is described here changes its meaning or goes away without notice; keys, parameters "
    "and operations may be added. What is to go is marked deprecated here, and in its answers by the header "
    "Deprecation (RFC 9745) and, once the day is set, the header Sunset (RFC 8594). That day is at least twelve months "
    "after the first notice, and its Link header leads to the explanation."
)
EXTENSION = "tracker.openapi"
_WORDS = {
    400: "Bad request: an unknown parameter or a malformed value.",
    401: "No token, or one that is not good.", 403: "The token does not allow this.",
    404: "Nothing of that name was found.", 406: "There is no such form of this answer.",
    409: "It does not fit what is there (any more).", 410: "It is gone.", 413: "The body is too long.",
    414: "The address is too long.", 415: "The body is not JSON.", 422: "A clause makes no sense.",
    429: "Too many requests in too short a time.",
    500: "Something went wrong here.", 503: "The service is temporarily unavailable; try again in a minute.",
}  # fmt: skip
_TAGS = {
    "About the API": "What there is, and this document.",
    "Status": "Instruments, participants and data notes as of a day.",
    "Bodies": "Organizations and groups with their members and mandates.",
    "Assessments": "Assessments and listings by bodies, their editions and their values.",
    "Time": "Days with acts, the history of an instrument, what comes next.",
    "Statements": "Reservations, declarations, notifications, objections, and what binds two participants.",
    "Analysis": "Scenarios, queries, comparisons, maps, networks and outlooks.",
    "Changes": "Events, and changes of the data: for mirrors and feeds.",
    "Editing": "Reviewing updates, setting targets, entering facts, the audit log; a token is needed.",
}


class Info(TypedDict):
    """The title, version and description of the API."""

    title: str
    version: str
    description: str


class Description(TypedDict):
    """An OpenAPI 3.1 document; what is in its objects is described by the OpenAPI Specification."""

    openapi: str
    info: Info
    servers: list[dict[str, str]]
    tags: list[dict[str, str]]
    paths: dict[str, dict[str, Any]]
    components: dict[str, dict[str, Any]]


class _WithItems(GenerateJsonSchema):
    """JSON Schema in which every array has `items`, which generators of clients ask for, tuples included."""

    def tuple_schema(self, schema: Any) -> JsonSchemaValue:
        made = super().tuple_schema(schema)
        each = made.get("prefixItems")
        return {**made, "items": {"anyOf": each}} if each and "items" not in made else made


@api.get("/openapi.json")
@operation("The OpenAPI document", Description, media=JSON, in_time=False, tag="About the API")
def document() -> Response:
    """What you read: every operation under /api/v1/ with its parameters, answers, errors and headers."""
    return Response(orjson.dumps(openapi_document(current_app)), mimetype=JSON)


def openapi_document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of an app; made once."""
    if EXTENSION not in app.extensions:
        app.extensions[EXTENSION] = _document(app)
    return cast(dict[str, Any], app.extensions[EXTENSION])


def _document(app: Flask) -> dict[str, Any]:
    found = {key: (end, op) for key, (end, op) in operations(app).items() if op}
    schemas, definitions = _schemas([op for _, op in found.values()])
    paths: dict[str, dict[str, Any]] = {}
    for (rule, method), (endpoint, each) in sorted(found.items()):
        name = f"{endpoint.replace('.', '_')}_{method.lower()}"
        paths.setdefault(_path(rule), {})[method.lower()] = _operation(each, name, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": tracker.__version__, "description": f"{ABOUT}\n\n{PROMISE}"},
        "servers": [{"url": "/"}],
        "tags": [_tag(tag) for tag in dict.fromkeys(op.tag for _, op in found.values())],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "headers": _headers([op for _, op in found.values()]),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _tag(name: str) -> dict[str, str]:
    return {"name": name, "description": _TAGS[name]} if name in _TAGS else {"name": name}


def _path(rule: str) -> str:
    """The path of a rule; without a slash at its end, which lint rules of OpenAPI refuse."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule).rstrip("/")


def _schemas(found: list[Operation]) -> tuple[Mapping[int, JsonSchemaValue], dict[str, Any]]:
    """The schema of every type given or taken, by the type's identity, and the schemas that they refer to."""
    types = {id(each): each for op in found for each in (op.gives, op.takes) if each is not None}
    types |= {id(each): each for each in (Failure, Meta, PagedMeta)}
    inputs = [(key, cast(Any, "serialization"), TypeAdapter(each)) for key, each in types.items()]
    made, definitions = TypeAdapter.json_schemas(inputs, ref_template=REFERENCE, schema_generator=_WithItems)
    by_type, named = {key: schema for (key, _), schema in made.items()}, definitions["$defs"]
    for taken in {id(op.takes) for op in found if op.takes is not None}:
        body = named.get(by_type[taken].get("$ref", "").rpartition("/")[2], by_type[taken])
        body["additionalProperties"] = False  # a body with a key that is not known is refused
    _name_items(named)
    return by_type, named


def _name_items(definitions: dict[str, Any]) -> None:
    """Give the items of tuples a schema of their own: orval writes a choice in that place as a type that is none."""
    for owner, definition in list(definitions.items()):
        for key, schema in definition.get("properties", {}).items():
            for each in _tuples(schema):
                name = f"{owner}{key.title().replace('_', '')}Item"
                definitions[name] = {"title": name, **each["items"]}
                each["items"] = {"$ref": REFERENCE.format(model=name)}


def _tuples(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, list):
        for each in schema:
            yield from _tuples(each)
    elif isinstance(schema, dict):
        yield from _tuples(list(schema.values()))
        if "prefixItems" in schema:
            yield schema


def _operation(op: Operation, name: str, schemas: Mapping[int, JsonSchemaValue]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": name,
        "summary": op.summary,
        "description": op.meaning,
        "tags": [op.tag],
        "parameters": [*(_parameter(p, "path") for p in op.path), *(_parameter(p, "query") for p in op.parameters)],
        "responses": {str(op.status): _answer(op, schemas), **dict(_others(op))},
    }
    if op.takes is not None:
        said["requestBody"] = {"required": True, "content": {JSON: {"schema": schemas[id(op.takes)]}}}
    said["security"] = [{"token": []}] if op.secured else []
    if op.deprecated:
        said["deprecated"] = True
    return said


def _parameter(found: Parameter, place: str) -> dict[str, Any]:
    schema = {"type": "array", "items": found.schema} if found.many else dict(found.schema)
    said: dict[str, Any] = {"name": found.name, "in": place, "description": found.meaning, "schema": schema}
    if found.many:
        said |= {"style": "form", "explode": True}
    if found.required:
        said["required"] = True
    if found.example is not None:
        said["example"] = [found.example] if found.many else found.example
    return said


def _answer(op: Operation, schemas: Mapping[int, JsonSchemaValue]) -> dict[str, Any]:
    meta = schemas[id(Meta if op.paged is None else PagedMeta)]
    envelope = {
        "type": "object",
        "properties": {"data": schemas[id(op.gives)], "meta": meta},
        "required": ["data", "meta"],
    }
    content: dict[str, Any] = {op.media or JSON: {"schema": schemas[id(op.gives)] if op.media else envelope}}
    if op.table:
        content[CSV] = {"schema": {"type": "string", "description": "The rows, one a line, below a line of heads."}}
    return {"description": op.summary, "headers": dict(_header_names(op)), "content": content}


def _header_names(op: Operation) -> Iterator[tuple[str, Any]]:
    names = ["ETag"] if op.public and not op.takes else []
    names += ["Link"] if op.paged is not None or op.deprecated else []
    names += ["Vary"] if op.table else []
    names += ["Deprecation"] if op.deprecated else []
    names += ["Sunset"] if op.deprecated and op.deprecated.sunset else []
    return ((name, {"$ref": f"#/components/headers/{name}"}) for name in names)


def _others(op: Operation) -> Iterator[tuple[str, Any]]:
    if op.public and not op.takes:
        yield "304", {"description": "Nothing has changed since the answer that If-None-Match names."}
    if op.moves:
        yield "308", {"description": "The name is spelled differently; Location has the proper address."}
    failure = {form: {"schema": {"$ref": REFERENCE.format(model="Failure")}} for form in (JSON, PROBLEM)}
    for status in op.statuses:
        yield str(status), {"description": _WORDS.get(status, "It failed."), "content": failure}


def _headers(found: list[Operation]) -> dict[str, Any]:
    """The headers that the operations' answers have."""
    text = {"type": "string"}
    described = {
        "ETag": {"description": "The answer's tag; send it back as If-None-Match.", "schema": text},
        "Link": {"description": "Other pages of the list (RFC 8288); what is deprecated, why.", "schema": text},
        "Vary": {"description": "What the form of the answer depends on.", "schema": text},
        "Deprecation": {"description": "The moment since which it is deprecated (RFC 9745).", "schema": text},
        "Sunset": {"description": "The moment from which it may be gone (RFC 8594).", "schema": text},
    }
    used = {name for op in found for name, _ in _header_names(op)}
    return {name: each for name, each in described.items() if name in used}


blueprint = Blueprint("api_reference", __name__)
METHODS = ("get", "post", "put", "patch", "delete")


@blueprint.get("/api")
def page() -> str:
    """Every operation with its parameters and an example to try, and what is promised of it."""
    document = openapi_document(current_app)
    groups: dict[str, list[dict[str, Any]]] = {each["name"]: [] for each in document["tags"]}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if found := methods.get(method):
                groups[found["tags"][0]].append(_operation_values(path, method, found, document))
    return render_template("api_reference.html", groups=groups, document=document, about=ABOUT, promise=PROMISE,
                           kinds=_kinds())  # fmt: skip


def _kinds() -> list[tuple[str, int, str]]:
    """Each kind of error: its code, the status, and what it means."""
    return [(code, each.status, (getdoc(each) or "").split("\n\n")[0]) for code, each in kinds_of_error().items()]


def _operation_values(path: str, method: str, found: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    answer = next(answer for status, answer in found["responses"].items() if status.startswith("2"))
    return {
        **found,
        "path": path,
        "method": method.upper(),
        "example": _example(path, found["parameters"]) if method == "get" else "",
        "forms": list(answer["content"]),
        "keys": list(_keys(answer["content"], document)),
        "errors": [status for status in found["responses"] if status >= "4"],
    }


def _example(path: str, parameters: list[dict[str, Any]]) -> str:
    """An address to try: what the path needs and the first choice that the operation offers of its own."""
    for each in parameters:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", quote(str(each["example"])))
    asked = [each for each in parameters if each["in"] == "query" and each.get("required")]
    query = [(each["name"], value) for each in asked for value in _values(each["example"])]
    return f"{path}?{urlencode(query)}" if query else path


def _values(example: Any) -> list[Any]:
    return example if isinstance(example, list) else [example]


def _keys(content: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    """The keys of the data, where it is an object or a list of objects."""
    schema = next(iter(content.values()))["schema"].get("properties", {}).get("data", {})
    for part in schema.get("anyOf", [schema]):
        found = part.get("items", part)
        name = found.get("$ref", "").rpartition("/")[2]
        yield from document["components"]["schemas"].get(name, {}).get("properties", {})
