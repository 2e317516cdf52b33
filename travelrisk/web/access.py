"""Who may see a page: nobody, unless the view says for whom it is and why.

Forgetting the mark closes a page instead of opening it, and one search for ``open_`` lists every open view.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from flask import Flask, abort, current_app, request

from travelrisk.logs import logger
from travelrisk.services.application import Facts
from travelrisk.web.parts import application

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "audience"


class Audience(NamedTuple):
    """For whom a view is: *admits* decides by the facts of the service, *reason* says why that is right."""

    reason: str
    admits: Callable[[Facts], bool]


def open_to_all(reason: str) -> Callable[[View], View]:
    """Mark a view that anybody may see."""
    return open_where(lambda _facts: True, reason)


def open_where(admits: Callable[[Facts], bool], reason: str) -> Callable[[View], View]:
    """Mark a view that anybody may see where the service is set up so."""

    def mark(view: View) -> View:
        setattr(view, _MARK, Audience(reason, admits))
        return view

    return mark


def audience_of(view: Callable[..., Any] | None) -> Audience | None:
    """Return the mark of a view, or None for a view that nobody may see."""
    return getattr(view, _MARK, None)


def deny_by_default(pages: Flask) -> None:
    """Refuse every call of a view without a mark."""
    pages.before_request(_refuse_unless_open)


def _refuse_unless_open() -> None:
    if request.endpoint is None:  # no such page: that answer comes by itself
        return
    audience = audience_of(current_app.view_functions.get(request.endpoint))
    if audience is None:
        logger().error("page.without_audience", endpoint=request.endpoint)
        abort(404)
    if not audience.admits(application().facts):
        abort(404)  # the same answer as for a page that is not there
