"""Forms and addresses read into typed models: every faulty field is named at once, in plain words.

A form is a pydantic model whose fields are read by validators of our own, which raise ValueError with a whole sentence:
pages show it beside the field. Programs get all sentences in one; to those that begin with the value in quotes the
field's name is added there ("on='soon' is not a day"). What does not belong here: what the fields of one form mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, get_origin

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError
from werkzeug.datastructures import MultiDict

from tracker.errors import BadQuestion, TrackerError
from tracker.messages import TranslatableText, message
from tracker.web.context import read_day

_LONGEST_SENTENCE = 200  # characters
NO_FAULTS: Mapping[str, str] = MappingProxyType({})


class Form(BaseModel):
    """What somebody sent, field by field; a field of several values is a tuple. Spaces around a value do not count."""

    model_config = ConfigDict(frozen=True)


AnyForm = TypeVar("AnyForm", bound=Form)


class BadForm(BadQuestion):
    """What was sent makes no sense; `faults` says of each faulty field what is wrong with it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(f"{name}={said}" if said[0] == "'" else said for name, said in faults.items()))


def read_form(form: type[AnyForm], given: Mapping[str, str], context: object = None) -> AnyForm:
    """What was sent, as that form; a field that was not sent is read as empty. BadForm naming every faulty field.

    Validators find the `context` in their `info`, and the sound fields above their own.
    """
    try:
        return form.model_validate({name: _value(form, name, given) for name in form.model_fields}, context=context)
    except ValidationError as trouble:
        raise BadForm({str(each["loc"][0]): _sentence(each) for each in trouble.errors()}) from None


def read_sound_fields(form: type[AnyForm], given: MultiDict[str, str], faults: Mapping[str, str]) -> AnyForm:
    """The form as if its faulty fields were empty: what a page shows beside what was typed."""
    return read_form(form, MultiDict([pair for pair in given.items(multi=True) if pair[0] not in faults]))


def faults_of(trouble: TrackerError) -> dict[str, str]:
    """What is wrong, by field; under no name what is wrong with the whole."""
    if isinstance(trouble, BadForm):
        return trouble.faults
    text = trouble.args[0] if trouble.args else str(trouble)
    return {trouble.field: trouble.advice or text} if isinstance(trouble, BadQuestion) else {"": text}


def _sentence(error: Any) -> str:
    """What our validator said, or pydantic of a text that is none (half of a pair of surrogates in JSON)."""
    raised = error.get("ctx", {}).get("error")
    if raised and raised.args and isinstance(raised.args[0], TranslatableText):
        return raised.args[0]
    return str(raised or f"{error['msg']}.")[:_LONGEST_SENTENCE]


def _value(form: type[Form], name: str, given: Mapping[str, str]) -> Any:
    if get_origin(form.model_fields[name].annotation) is tuple:
        return tuple(filter(None, given.getlist(name) if isinstance(given, MultiDict) else [given.get(name, "")]))
    return given.get(name, "").strip()


# -- kinds of field --------------------------------------------------------------------------------


def day_in_field(text: str) -> date | None:
    """The day that a field gives, None where it is empty; ValueError with a sentence for anything else."""
    try:
        return read_day("", text)
    except BadQuestion as trouble:
        raise ValueError(trouble.advice) from None


def _whole_number(least: int) -> Callable[[str], int | None]:
    def number(text: str) -> int | None:
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) >= least):
            raise ValueError(
                message("'{text}' is not a whole number from {least} to 9999.", text=text[:20], least=least)
            )
        return int(text)

    return number


Day = Annotated[date | None, PlainValidator(day_in_field)]
Count = Annotated[int | None, PlainValidator(_whole_number(0))]
CountFromOne = Annotated[int | None, PlainValidator(_whole_number(1))]
