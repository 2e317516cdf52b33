"""The document of the calls (OpenAPI 3.1), made of the table and the models, and of nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from travelrisk import __version__
from travelrisk.domain.programs import PATTERN
from travelrisk.domain.shape_schema import reading_schema
from travelrisk.domain.shapes import Shape
from travelrisk.web.api.contract.calls import IDEMPOTENCY_KEY, KEY_PATTERN, Call
from travelrisk.web.api.contract.routing import PREFIX
from travelrisk.web.refusals import STATUSES
from travelrisk.web.words import speaker

ALWAYS: Final = ("no_key", "scope", "quota", "wrong_keys", "validation", "fault", "unavailable")
_WITH_BODY: Final = ("malformed", "too_large", "media_type")
_WITH_FILE: Final = ("too_large", "media_type")
_KEYED: Final = ("in_flight", "idempotency_key_reused")
_IF_MATCH: Final = "If-Match"
_IF_NONE_MATCH: Final = "If-None-Match"
_HERE: Final = "#/components/schemas/"
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_FILE_FORM: Final = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary", "minLength": 1}},
    "required": ["file"],
    "additionalProperties": False,
}


def document(calls: Sequence[Call], base_url: str) -> dict[str, Any]:
    """Return the document of *calls* as a service at *base_url* answers them."""
    models = {each for call in calls for each in (call.answer, call.body) if each is not None}
    schemas = _schemas(calls, sorted(models, key=lambda each: each.__name__))
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(f"{PREFIX}{call.path}", {})[call.method.lower()] = _operation(call)
    say = speaker("en")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "travelrisk",
            "version": __version__,
            "description": say("docs_lead"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(call.tag for call in calls)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": f"{say('docs_keys_text')} {PATTERN}",
                }
            },
        },
    }


def problems_of(call: Call) -> tuple[str, ...]:
    """Return the codes of every problem that a call may be answered with."""
    codes = [*ALWAYS, *call.problems]
    codes += _WITH_BODY if call.body else _WITH_FILE if call.takes_file else ()
    codes += _KEYED if call.is_keyed else ()
    codes += ["idempotency_key_missing"] if call.demands_key is not None else []
    codes += ["changed_meanwhile"] if condition_of(call) == _IF_MATCH else ()
    codes += ["not_found"] if call.values.model_fields else []
    return tuple(sorted(set(codes), key=list(STATUSES).index))


def condition_of(call: Call) -> str:
    """Return the header by which a call may be made conditional; empty = by none."""
    return "" if not call.is_tagged else _IF_NONE_MATCH if call.method == "GET" else _IF_MATCH


def parameters_of(call: Call) -> list[dict[str, Any]]:
    """Return the parameters of a call: those in the address, in the query, and in headers."""
    found = [*_parameters("path", call.values), *_parameters("query", call.query)]
    if call.is_keyed:
        words = "param_idempotency_key" if call.demands_key is None else "param_idempotency_key_demanded"
        found.append(
            {
                "name": IDEMPOTENCY_KEY,
                "in": "header",
                "required": False,
                "description": speaker("en")(words),
                "schema": {"type": "string", "pattern": KEY_PATTERN},
            }
        )
    if condition := condition_of(call):
        found.append(
            {
                "name": condition,
                "in": "header",
                "required": False,
                "description": speaker("en")("param_" + condition.lower().replace("-", "_")),
                "schema": {"type": "string"},
            }
        )
    return found


def _operation(call: Call) -> dict[str, Any]:
    say = speaker("en")
    operation: dict[str, Any] = {
        "operationId": call.name,
        "tags": [call.tag],
        "summary": say(f"call_{call.name}"),
        "description": say(f"call_{call.name}_text"),
        "parameters": parameters_of(call),
        "responses": {str(call.status): _answer(call), **_unchanged(call), **_problems(problems_of(call))},
    }
    if call.body is not None:
        content: dict[str, Any] = {"schema": {"$ref": f"{_HERE}{call.body.__name__}"}}
        if call.examples:
            content["examples"] = {name: {"value": each} for name, each in call.examples.items()}
        operation["requestBody"] = {"required": True, "content": {_JSON: content}}
    if call.takes_file:
        operation["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": _FILE_FORM}},
        }
    return operation


def _answer(call: Call) -> dict[str, Any]:
    more = {each: {"schema": {"type": "string"}} for each in call.media_types if each != _JSON}
    headers = [
        "X-Request-Id",
        *(["ETag"] if call.is_tagged else []),
        *(["Location"] if call.location else []),
    ]
    return {
        "description": (call.answer.__doc__ if call.answer else speaker("en")("docs_file")) or "",
        "headers": {each: {"schema": {"type": "string"}} for each in headers},
        "content": {**_answered_in_json(call), **more},
    }


def _answered_in_json(call: Call) -> dict[str, Any]:
    if call.answer is None:
        return {}
    content: dict[str, Any] = {"schema": {"$ref": f"{_HERE}{call.answer.__name__}"}}
    if call.example_answer is not None:
        content["example"] = call.example_answer
    return {_JSON: content}


def _unchanged(call: Call) -> dict[str, Any]:
    said = speaker("en")("docs_not_modified")
    return {"304": {"description": said}} if condition_of(call) == _IF_NONE_MATCH else {}


def _problems(codes: Iterable[str]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUSES[code], []).append(code)
    say = speaker("en")
    return {
        str(status): {
            "description": "; ".join(say(f"problem_{code}_title") for code in of_status),
            "content": {_PROBLEM: {"schema": {"$ref": f"{_HERE}Problem"}}},
        }
        for status, of_status in sorted(by_status.items())
    }


def _parameters(where: str, model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema()
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": where,
            "required": name in required,
            "description": field.get("description", ""),
            "schema": {key: value for key, value in field.items() if key not in {"title", "description"}},
        }
        for name, field in schema.get("properties", {}).items()
    ]


def _schemas(calls: Sequence[Call], models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    sent = {call.body for call in calls}
    modes = [(each, "validation" if each in sent else "serialization") for each in models]
    _, made = models_json_schema(modes, ref_template=f"{_HERE}{{model}}")  # type: ignore[arg-type] # two literals
    shapes = reading_schema()["$defs"]
    assert isinstance(shapes, dict)  # noqa: S101 - made by ours
    own = {_shape_name(name): _at_home(shape) for name, shape in shapes.items()}
    return {**own, **_at_home(made["$defs"]), "Problem": _problem()}


def _at_home(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Let what points to the shapes of the domain point to where they stand in the document."""
    if isinstance(schema, list):
        return [_at_home(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    if "x-shape" in schema:
        return {"$ref": f"{_HERE}{_shape_name(schema['x-shape'])}"}
    return {
        name: f"{_HERE}{_shape_name(value.removeprefix('#/$defs/'))}"
        if name == "$ref" and str(value).startswith("#/$defs/")
        else _at_home(value)
        for name, value in schema.items()
    }


def _shape_name(name: str) -> str:
    return f"Understood{name.capitalize()}"


def _problem() -> Shape:
    text = {"type": "string"}
    fault = {
        "type": "object",
        "properties": {
            "in": {"enum": ["body", "query", "path", "header"]},
            "pointer": {"description": "JSON pointer to the field (RFC 6901)", **text},
            "code": text,
            "detail": text,
        },
        "required": ["in", "pointer", "code", "detail"],
        "additionalProperties": False,
    }
    properties = {
        "type": {"type": "string", "format": "uri", "description": "leads to a page that says what to do"},
        "title": text,
        "status": {"type": "integer"},
        "detail": text,
        "instance": text,
        "request_id": text,
        "errors": {"type": "array", "items": fault},
    }
    return {
        "description": "Why a call was not answered (RFC 9457).",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
