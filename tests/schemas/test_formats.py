"""Answers as JSON and CSV: both are what the fields of the models say, days included."""

import inspect
import json
from dataclasses import fields, is_dataclass
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

import tracker.schemas
from tracker.law.dates import PartialDate
from tracker.schemas.entry_into_force import Threshold
from tracker.schemas.formats import columns_of, csv_cell, key_of, to_json, value_at
from tracker.schemas.history import HistoryStep
from tracker.schemas.instruments import InstrumentStatusLine
from tracker.schemas.scenarios_and_claims import ScenarioSide
from tracker.schemas.values import Span

MODELS = {
    model
    for module in iter_modules(tracker.schemas.__path__)
    for _, model in inspect.getmembers(import_module(f"tracker.schemas.{module.name}"), inspect.isclass)
    if is_dataclass(model) and model.__module__.startswith("tracker.schemas.")
}
IN_ORDER = sorted(MODELS, key=lambda model: (model.__module__, model.__name__))  # the same in every process
DECLARED = [(model, name) for model in IN_ORDER for name in ("COLUMNS", "BRIEF_COLUMNS") if name in vars(model)]


@pytest.mark.parametrize(("model", "name"), DECLARED, ids=lambda each: getattr(each, "__name__", each))
def test_every_column_of_a_table_is_a_field_of_its_model(model, name):
    for column in getattr(model, name):
        place = model
        for key in column.split("."):
            hints = {key_of(each.name): get_type_hints(place)[each.name] for each in fields(place)}
            assert key in hints, f"{model.__name__} has no {column}"
            place = next((each for each in get_args(hints[key]) if is_dataclass(each)), hints[key])


def test_a_table_without_columns_of_its_own_has_those_of_its_fields():
    assert columns_of(HistoryStep) == (
        "from", "to", "signatories", "parties", "signatories_at_most", "parties_at_most",
    )  # fmt: skip
    assert [each for each in columns_of(ScenarioSide) if each.startswith("threshold")] == [
        "threshold.required", "threshold.counted", "threshold.remaining", "threshold.reached_on",
        "threshold.reached_by",
    ]  # fmt: skip


def test_a_table_that_shows_less_says_so_beside_the_fields():
    assert columns_of(InstrumentStatusLine) == InstrumentStatusLine.COLUMNS


def test_days_are_written_as_far_as_they_are_known_and_python_words_lose_their_underscore():
    counts = {"signatories": 147, "parties": 40, "signatories_at_most": 147, "parties_at_most": 41}
    step = HistoryStep(from_=date(2003, 9, 29), to=None, **counts)
    assert json.loads(to_json([step, PartialDate.parse("2003-09")])) == [
        {"from": "2003-09-29", "to": None, **counts, "actions": []}, "2003-09",
    ]  # fmt: skip


def test_the_cells_of_a_row_are_found_by_the_keys_of_its_json():
    threshold = Threshold(required=40, counted=3, remaining=37, reached_on=None, reached_by=["FRA", "EU"])
    row = {"threshold": threshold, "span": Span(from_=date(2003, 9, 29), to=None)}
    cells = [csv_cell(value_at(row, place)) for place in ("threshold.required", "threshold.reached_by", "span.from")]
    assert cells == ["40", "FRA; EU", "2003-09-29"]


def test_what_is_no_answer_has_no_form_in_json():
    with pytest.raises(TypeError):
        to_json(object())


def test_no_model_holds_an_untyped_dict():
    loose = []
    for model in MODELS:
        for each in fields(model):
            found = [get_type_hints(model)[each.name]]
            while found:
                kind = found.pop()
                if kind is dict or (get_origin(kind) is dict and Any in get_args(kind)):
                    loose.append(f"{model.__name__}.{each.name}")
                if get_origin(kind) in (list, Union, UnionType):
                    found += get_args(kind)
    assert loose == []
