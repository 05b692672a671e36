"""Texts of the program that no page of a test shows: messages, commands, the description of the API."""

import re

import click

from tests.support.words import banned_in
from tracker.cli import cli
from tracker.translations import read_catalogues


def faults(texts):
    """The texts that have such phrases, names of code left out."""
    return {text: found for text in texts if (found := banned_in(re.sub("`[^`]*`", "", text)))}


def test_no_message_has_a_phrase_that_must_not_appear():
    entries = [entry for entry in read_catalogues("fr") if entry.id]
    texts = [text for entry in entries for text in ([entry.id] if isinstance(entry.id, str) else entry.id)]
    assert len(texts) > 1000
    assert faults(texts) == {}


def _helps(command, context):
    """What a command and its options say of themselves, and those of the commands within it."""
    yield command.help or ""
    yield from (option.help or "" for option in command.params if isinstance(option, click.Option))
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        yield from _helps(command.get_command(context, name), context)


def test_no_command_has_one():
    texts = list(_helps(cli, click.Context(cli)))
    assert len(texts) > 100
    assert faults(texts) == {}


def _texts(document):
    """The summaries and descriptions in a document of an API."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key in ("summary", "description") and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(document, list):
        for each in document:
            yield from _texts(each)


def test_no_description_of_the_api_has_one(client):
    texts = list(_texts(client.get("/api/v1/openapi.json").get_json()))
    assert len(texts) > 200
    assert faults(texts) == {}
