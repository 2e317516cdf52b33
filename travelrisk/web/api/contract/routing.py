"""From the table of calls to views: read, checked, counted, answered once, written as JSON."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from flask import Blueprint, Flask, Response, request
from pydantic_core import from_json, to_json

from travelrisk.services.programs.answered import Clash, Reply, once
from travelrisk.web import callers
from travelrisk.web.access import open_to_programs
from travelrisk.web.api.contract.calls import IDEMPOTENCY_KEY, KEY_PATTERN, Asked, Call, Told
from travelrisk.web.api.contract.reading import JSON, body_of, file_of, query_of, values_of
from travelrisk.web.parts import application
from travelrisk.web.refusals import Fault, RefusedError
from travelrisk.web.security import csrf

PREFIX: Final = "/api/v1"
_CHUNK: Final = 256_000  # bytes
_CLASHES: Final = {Clash.IN_FLIGHT: "in_flight", Clash.OTHER_REQUEST: "idempotency_key_reused"}


def open_calls(pages: Flask, calls: Sequence[Call]) -> None:
    """Add the address of every call."""
    blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
    for call in calls:
        blueprint.add_url_rule(
            call.path.replace("{", "<").replace("}", ">"),
            endpoint=call.name,
            view_func=_view(call),
            methods=[call.method],
            provide_automatic_options=False,
        )
    csrf.exempt(blueprint)  # nothing here reads a cookie, so that no form from elsewhere can use one
    pages.register_blueprint(blueprint)


def _view(call: Call) -> Any:  # noqa: ANN401 - a view of Flask's
    @open_to_programs(call.scope, call.reason)
    def view(**values: str) -> Response:
        return _written(call, _again(call) or _told(call, values))

    return view


def _again(call: Call) -> Told | None:
    """Answer what was read and answered before; with parameters or a key a call is read each time."""
    sent = request.environ
    if call.again is None or sent.get("QUERY_STRING") or "HTTP_IDEMPOTENCY_KEY" in sent:
        return None
    if request.mimetype != JSON:
        return None
    return call.again(callers.program(), request.get_data())


def _told(call: Call, values: Mapping[str, str]) -> Told:
    asked = Asked(
        callers.program(),
        query_of(call.query, request.args),
        values_of(call.values, values).model_dump(),
        body_of(call.body) if call.body else None,
        file_of() if call.takes_file else None,
    )
    callers.count(call.counts(asked) - 1)  # one was counted at the door
    key = _key(call, asked)
    told = call.view(asked) if key is None else _once(call, asked, key)
    return _completed(call, asked, told)


def _key(call: Call, asked: Asked[Any, Any]) -> str | None:
    key = request.headers.get(IDEMPOTENCY_KEY) if call.is_keyed else None
    if key is None:
        if call.demands_key is not None and call.demands_key(asked):
            raise RefusedError("idempotency_key_missing")
        return None
    if not re.fullmatch(KEY_PATTERN, key, re.ASCII):
        words = "send up to 128 printable letters of ASCII, without blanks around them"
        fault = Fault("header", f"/{IDEMPOTENCY_KEY}", "pattern", words)
        raise RefusedError("validation", faults=[fault])
    return key


def _once(call: Call, asked: Asked[Any, Any], key: str) -> Told:
    parts = (request.method, request.path, request.query_string.decode("latin-1"))
    whole = "\n".join(parts).encode() + b"\n" + _sent(asked)
    reply = once(application(), asked.program, key, whole, partial(_reply, call, asked))
    if isinstance(reply, Clash):
        headers = {"Retry-After": "5"} if reply is Clash.IN_FLIGHT else {}
        raise RefusedError(_CLASHES[reply], headers=headers)
    headers = {"Idempotent-Replayed": "true"} if reply.is_again else {}
    return Told(reply.body, reply.status, headers)


def _completed(call: Call, asked: Asked[Any, Any], told: Told) -> Told:
    if call.completes is None:
        return told
    return replace(told, content=call.completes(asked, from_json(_bytes(told))))


def _sent(asked: Asked[Any, Any]) -> bytes:
    """Return what was sent; a form is another one each time, though its file is the same."""
    if asked.file is None:
        return request.get_data()
    return f"{asked.file.name}\n{asked.file.media_type}\n".encode(errors="replace") + asked.file.content


def _reply(call: Call, asked: Asked[Any, Any]) -> Reply:
    told = call.view(asked)
    return Reply(told.status, _bytes(told))


def _written(call: Call, told: Told) -> Response:
    headers = {"Content-Type": told.media_type, **told.headers}
    length = sum(map(len, told.content)) if isinstance(told.content, tuple) else 0
    if length > _CHUNK and isinstance(told.content, tuple):
        return Response(_chunks(told.content), told.status, {**headers, "Content-Length": str(length)})
    content = _bytes(told)
    if call.location:
        headers["Location"] = PREFIX + call.location.format(**from_json(content))
    return Response(content, told.status, headers)


def _bytes(told: Told) -> bytes:
    if isinstance(told.content, tuple):
        return b"".join(told.content)
    return told.content if isinstance(told.content, bytes) else to_json(told.content)


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces joined to what is sent at once: a large answer never takes the memory of all of it."""
    chunk: list[bytes] = []
    size = 0
    for piece in pieces:
        chunk.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield b"".join(chunk)
            chunk, size = [], 0
    yield b"".join(chunk)
