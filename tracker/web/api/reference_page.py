"""The page that documents the API, made from the same descriptions as the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, current_app, render_template

from tracker.web.api.openapi import ABOUT, PROMISE, openapi_document

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
    return render_template("api_reference.html", groups=groups, document=document, about=ABOUT, promise=PROMISE)


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
