"""When something is wrong: a page in plain words with a request id, and nothing of what went wrong inside.

Programs are told the same as problem+json (RFC 9457); each ``type`` leads to a page that says what to do.
"""

from typing import Final

from flask import Flask, Response, make_response, render_template, request
from markupsafe import escape
from pydantic_core import to_json
from werkzeug.exceptions import HTTPException, SecurityError

from travelrisk.domain.errors import ClockError, ErasedError, NotFoundError, StoreError
from travelrisk.logs import logger
from travelrisk.web.journal import request_id
from travelrisk.web.parts import application
from travelrisk.web.refusals import BY_STATUS, STATUSES, RefusedError
from travelrisk.web.words import speaker

OF_PROGRAMS: Final = "/api/"
"""Where the addresses begin that programs call, and no person opens."""
EXPLAINED: Final = (400, 403, 404, 405, 410, 413, 422, 429, 500, 503)
_FIRST_OF_SERVER: Final = 500
_CLOCK: Final = "clock"
_BARE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Travel risk</title>'
    "<h1>Travel risk</h1><p>This page cannot be shown. Nothing was checked. Request {id}</p></html>"
)


def explain(pages: Flask) -> None:
    """Answer every error with a page of ours."""
    pages.register_error_handler(RefusedError, problem_for_programs)
    pages.register_error_handler(HTTPException, _on_http)
    pages.register_error_handler(NotFoundError, lambda _error: problem_page(404))
    pages.register_error_handler(ErasedError, lambda _error: problem_page(410))
    pages.register_error_handler(StoreError, _on_store)
    pages.register_error_handler(Exception, _on_anything)


def problem_page(status: int, about: str = "") -> Response:
    """Return the page for a status; one that has no words of its own gets those of its class.

    *about* is what the words are of where they say more than the status does.
    """
    if request.path.startswith(OF_PROGRAMS):
        class_of = "fault" if status >= _FIRST_OF_SERVER else "malformed"
        detail = speaker("en")("problem_text_" + about) if about else ""
        return problem_for_programs(RefusedError(BY_STATUS.get(status, class_of), detail))
    known = status if status in EXPLAINED else _FIRST_OF_SERVER if status >= _FIRST_OF_SERVER else 400
    template = "fragment.html" if "X-Fragment" in request.headers else "problem.html"
    megabytes = application().facts.upload_limit // 1_000_000 or 1
    try:
        facts = {"status": known, "about": about or known, "megabytes": megabytes}
        body = render_template(template, request_id=request_id(), **facts)
    except Exception as error:  # noqa: BLE001 - whatever is broken, somebody waits for an answer
        logger().error("problem.bare", request=request_id(), error=type(error).__name__)
        body = _BARE.format(id=escape(request_id()))
    return make_response(body, status)


def problem_for_programs(refused: RefusedError) -> Response:
    """Return a problem as programs read it."""
    code, facts = refused.code, application().facts
    problem = {
        "type": f"{facts.base_url}/problems/{code}",
        "title": speaker("en")("problem_" + code + "_title"),
        "status": STATUSES[code],
        "detail": refused.detail or speaker("en")("problem_" + code + "_text"),
        "instance": request.path,
        "request_id": request_id(),
        "errors": [
            {"in": each.where, "pointer": each.pointer, "code": each.code, "detail": each.detail}
            for each in refused.faults
        ],
    }
    answer = make_response(to_json(problem), STATUSES[code])
    answer.headers["Content-Type"] = "application/problem+json"
    answer.headers.update(refused.headers)
    return answer


def _on_http(error: HTTPException) -> HTTPException | Response:
    status = error.code or 500
    if error.response is not None or status < 400:  # noqa: PLR2004 - a redirect is no problem
        return error
    if isinstance(error, SecurityError):  # a host we do not know: no address of ours can be made for it
        return make_response(_BARE.format(id=escape(request_id())), status)
    page = problem_page(status)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            page.headers[name] = value
    return page


def _on_store(error: StoreError) -> Response:
    logger().error("page.store", request=request_id(), endpoint=request.endpoint, error=str(error))
    page = problem_page(503, _CLOCK if isinstance(error, ClockError) else "")
    page.headers["Retry-After"] = "60"
    return page


def _on_anything(error: Exception) -> Response:
    """Say only that it failed; the message of an exception may hold what somebody typed."""
    logger().error(
        "page.failed",
        request=request_id(),
        endpoint=request.endpoint,
        error=type(error).__name__,
        where=_where(error),
    )
    return problem_page(500)


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else ""
