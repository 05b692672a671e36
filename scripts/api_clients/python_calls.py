# ruff: noqa: INP001 - a script, not a package
"""Call every operation with the generated Python client and hold what it gives to its models.

`python python_calls.py SITE CALLS FOLDER`, with the folder of the generated package, prints a line of JSON a call.
"""

import importlib
import json
import pkgutil
import sys
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from inspect import signature
from pathlib import Path

import attrs

PACKAGE = "treaty_tracker_client"
MORE = "additional_properties"
PLAIN = {"bool": bool, "int": int, "str": str}
OPEN = "api_document_get"  # its answer is another standard's document, which says itself what is in it


def main(site: str, calls: Path, folder: Path) -> None:
    """Print what is wrong with the answer to each call, "" if nothing is."""
    sys.path.insert(0, str(folder))
    client = importlib.import_module(PACKAGE).Client(base_url=site)
    functions = dict(operations())
    for call in json.loads(calls.read_text()):
        fault = answer_fault(functions[call["operation"]], client, call)
        said = {"operation": call["operation"], "query": call["words"], "fault": fault}
        sys.stdout.write(json.dumps(said) + "\n")


def operations() -> Iterator[tuple[str, typing.Any]]:
    """The function of each operation, by the operation's name."""
    package = importlib.import_module(f"{PACKAGE}.api")
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        if hasattr(module, "sync_detailed"):
            yield found.name.rpartition(".")[2], module.sync_detailed


def answer_fault(function: typing.Any, client: typing.Any, call: dict[str, typing.Any]) -> str:
    """Ask, and say what is wrong with the answer."""
    try:
        answer = function(client=client, **arguments(function, {**call["path"], **call["query"]}))
    except Exception as error:  # noqa: BLE001 - whatever a generated client raises is the fault
        return f"{type(error).__name__}: {error}"
    if answer.status_code != 200 or not attrs.has(type(answer.parsed)):
        return f"{int(answer.status_code)} {answer.content[:300]!r}"
    given = json.loads(answer.content)
    if not same(answer.parsed.to_dict(), given):
        return "the model gives other JSON than it was made from"
    return "" if call["operation"] == OPEN else "; ".join(sorted(set(untyped(answer.parsed))))[:400]


def arguments(function: typing.Any, values: dict[str, typing.Any]) -> dict[str, typing.Any]:
    """The values of parameters as the types that the function takes."""
    hints, names = typing.get_type_hints(function), signature(function).parameters
    found = {name if name in names else f"{name}_": value for name, value in values.items()}
    return {name: typed(hints[name], value) for name, value in found.items()}


def typed(hint: typing.Any, value: typing.Any) -> typing.Any:
    """A value, or each of a list, as the one of the types that is not a plain one."""
    for each in typing.get_args(hint) or (hint,):
        if typing.get_origin(each) is list and isinstance(value, list):
            return [typed(typing.get_args(each)[0], one) for one in value]
        if each in (date, datetime):
            return each.fromisoformat(value)
        if isinstance(each, type) and not isinstance(each, types.GenericAlias) and issubclass(each, Enum):
            return each(value)
    return value


def untyped(value: typing.Any) -> Iterator[str]:
    """What in a model is not of a model or a plain type: keys that are not described, objects that are left open."""
    if isinstance(value, dict):
        yield "an object without a type"
    elif isinstance(value, list):
        for each in value:
            yield from untyped(each)
    elif attrs.has(type(value)):
        types_of = {each.name: str(each.type) for each in attrs.fields(type(value))}
        names, more = [name for name in types_of if name != MORE], getattr(value, MORE, {})
        if names and more:
            yield f"{type(value).__name__} does not describe {', '.join(more)}"
        for name in names or [MORE]:
            plain = PLAIN.get(types_of[name])
            if "Any" in types_of[name] or (plain and type(getattr(value, name)) is not plain):
                yield f"{type(value).__name__}.{name} is of type {types_of[name]}"
        for each in (*(getattr(value, name) for name in names), *more.values()):
            yield from untyped(each)


def same(found: typing.Any, given: typing.Any) -> bool:
    """Are two values of JSON the same, but for how a moment in UTC is written?"""
    if isinstance(found, dict) and isinstance(given, dict):
        return found.keys() == given.keys() and all(same(found[name], given[name]) for name in given)
    if isinstance(found, list) and isinstance(given, list):
        return len(found) == len(given) and all(map(same, found, given))
    if isinstance(found, str) and isinstance(given, str) and found.endswith("+00:00"):
        return datetime.fromisoformat(found) == datetime.fromisoformat(given)
    return bool(found == given)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
