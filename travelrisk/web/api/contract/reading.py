"""What was sent, read and checked against the models of its call; each fault names its field."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from travelrisk.web.api.contract.calls import File
from travelrisk.web.api.contract.faults import words
from travelrisk.web.parts import application
from travelrisk.web.refusals import Fault, RefusedError

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_MOST_FAULTS: Final = 50
JSON: Final = "application/json"
_FORM: Final = "multipart/form-data"
_FILE: Final = "file"
_TAGS: Final = re.compile(r"\[.*\]\Z")  # pydantic puts the chosen form of a query among the names of fields


def query_of(model: type[BaseModel], sent: MultiDict[str, str]) -> BaseModel:
    """Read the parameters; one that is unknown, or given twice, would be answered as if it were not there.

    Raises:
        RefusedError: any of them cannot be used.
    """
    twice = [name for name, values in sent.lists() if len(values) > 1]
    if twice:
        faults = [Fault("query", f"/{name}", "given_twice", "give it once") for name in twice]
        raise RefusedError("validation", faults=faults)
    kinds = {name: each.annotation for name, each in model.model_fields.items()}
    return _checked("query", model, {name: _value(kinds.get(name), text) for name, text in sent.items()})


def values_of(model: type[BaseModel], sent: Mapping[str, str]) -> BaseModel:
    """Read what stands in the address: what cannot be there is not there.

    Raises:
        RefusedError: any of it cannot be used.
    """
    try:
        return model.model_validate(dict(sent))
    except ValidationError:
        raise RefusedError("not_found") from None


def body_of(model: type[BaseModel]) -> BaseModel:
    """Read the body.

    Raises:
        RefusedError: it is not JSON, or cannot be used.
    """
    if request.mimetype != JSON:
        raise RefusedError("media_type", f"send {JSON}")
    return _checked("body", model, _json(request.get_data()))


def file_of() -> File:
    """Read the one file of a form.

    Raises:
        RefusedError: it is no form with a file, or holds anything else; or it is too large.
    """
    if request.mimetype != _FORM:
        raise RefusedError("media_type", f"send {_FORM}, with the file in a part named {_FILE}")
    try:
        sent = [*request.files.items(multi=True), *((name, None) for name in request.form)]
    except RequestEntityTooLarge:
        most = application().facts.upload_limit / 1_000_000
        raise RefusedError("too_large", f"up to {most:.1f} MB are taken: send the file in parts") from None
    others = [name for name, part in sent if name != _FILE or part is None]
    if others or len(sent) != 1:
        detail = f"send one file in a part named {_FILE}, with its name, and nothing else"
        raise RefusedError("validation", faults=[Fault("body", f"/{_FILE}", "one_file", detail)])
    (_, part), *_ = sent
    assert part is not None  # noqa: S101 - it would be among the others
    content = part.stream.read()
    if not content:
        raise RefusedError("validation", faults=[Fault("body", f"/{_FILE}", "empty", "the file is empty")])
    return File(part.filename or "", part.mimetype or "", content)


def _json(content: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(content.decode(), object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise RefusedError("malformed", "the body is not in UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise RefusedError("malformed", f"the body is not JSON: look at {where}") from None
    except (RecursionError, ValueError):
        raise RefusedError(
            "malformed", "the body is nested too deep, or holds a number nobody can read"
        ) from None


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice in an object: of two itineraries, one would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise RefusedError(
            "malformed", "an object of the body holds the same name twice: make them different"
        )
    return found


def _no_number(_text: str) -> None:
    raise ValueError("no number of JSON")


def _value(kind: object, text: str) -> str | int | bool:
    """Return a parameter as its model has it; what is not written like one stays a text, and is refused."""
    if kind is bool and text in {"true", "false"}:
        return text == "true"
    return int(text) if kind is int and _INTEGER.fullmatch(text) else text


def _checked(where: str, model: type[BaseModel], sent: Any) -> BaseModel:  # noqa: ANN401 - as it was sent
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise RefusedError(
            "validation", faults=[_fault(where, model, each) for each in found[:_MOST_FAULTS]]
        ) from None


def _fault(where: str, model: type[BaseModel], error: Mapping[str, Any]) -> Fault:
    return Fault(where, _pointer(error["loc"]), str(error["type"]), words(model, error))


def _pointer(place: Iterable[str | int]) -> str:
    names = (str(each) for each in place if not _TAGS.search(str(each)))
    return "".join(f"/{name.replace('~', '~0').replace('/', '~1')}" for name in names)
