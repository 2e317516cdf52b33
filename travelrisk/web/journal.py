"""An id for each request, and one line of the log for each.

The line names the route as the code writes it, never the address that was asked for: that holds tokens, and
what people type. Probes and files, of which there are thousands, are logged for whoever debugs only.
"""

import re
import secrets
import time
from typing import Final

import structlog
from flask import Flask, Response, g, request

from travelrisk.logs import logger

HEADER: Final = "X-Request-Id"
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_EVERYDAY: Final = ("probes.", "metrics.", "static", "bootstrap.")


def keep_journal(pages: Flask) -> None:
    """Name each request, and log it; to be called before anything that may refuse one."""
    pages.before_request(_begin)
    pages.after_request(_end)
    pages.teardown_request(_forget)


def request_id() -> str:
    """Return the id of this request: the one it came with, if that has a safe form, or one of our own."""
    if "request_id" not in g:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
    known: str = g.request_id
    return known


def route() -> str:
    """Return the template of the address of this request; a dash where it is none of ours."""
    return request.url_rule.rule if request.url_rule is not None else "-"


def method() -> str:
    """Return the method of this request; whatever nobody knows has one name."""
    return request.method if request.method in _METHODS else "other"


def took_s() -> float:
    """Return the seconds since this request began."""
    now = time.perf_counter()
    begun: float = g.get("begun", now)
    return now - begun


def _begin() -> None:
    g.begun = time.perf_counter()
    structlog.contextvars.bind_contextvars(request=request_id())


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    note = logger().debug if (request.endpoint or "").startswith(_EVERYDAY) else logger().info
    milliseconds = round(took_s() * 1000, 1)
    note("request", method=method(), route=route(), status=response.status_code, ms=milliseconds)
    return response


def _forget(_error: BaseException | None) -> None:
    structlog.contextvars.unbind_contextvars("request")
