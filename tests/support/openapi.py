"""Holding answers to the OpenAPI document: which operation an address is of, and whether the answer is as described."""

import re
from functools import cached_property
from urllib.parse import urlsplit

import jsonschema_rs

from tracker.web.api.openapi import openapi_document


def closed(schema):
    """A document in which described objects have no keys but their own: readers may meet new ones, tests may not."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    more = {"additionalProperties": False} if schema.get("type") == "object" and "properties" in schema else {}
    return more | {name: closed(each) for name, each in schema.items()}


class Document:
    """The document of an app, ready to hold answers to."""

    def __init__(self, app):
        self.app, self._validators = app, {}

    @cached_property
    def whole(self):
        return closed(openapi_document(self.app))

    def operation(self, address, method="get"):
        path = urlsplit(address).path.rstrip("/")
        fits = [
            (known.count("{"), known)
            for known in self.whole["paths"]
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", known), path)
        ]
        return self.whole["paths"][min(fits)[1]][method]

    def faults(self, address, answer, method="get"):
        """What is wrong with an answer, as lines of text."""
        described_answers = self.operation(address, method)["responses"]
        if str(answer.status_code) not in described_answers:
            return [f"{answer.status_code} is not described"]
        content = described_answers[str(answer.status_code)].get("content", {})
        if not content:
            return []
        if answer.mimetype not in content:
            return [f"{answer.mimetype} is not described"]
        if answer.mimetype != "application/json":
            return []
        return [f"{each.instance_path}: {each.message[:200]}" for each in self._errors(content, answer.json)]

    def _errors(self, content, found):
        schema = content["application/json"]["schema"]
        if id(schema) not in self._validators:
            whole = {**schema, "components": self.whole["components"]}
            self._validators[id(schema)] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[id(schema)].iter_errors(found)
