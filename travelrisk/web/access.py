"""Who may see a page: nobody, unless the view says for whom it is and why.

Forgetting the mark closes a page instead of opening it, and one search for ``open_`` lists every open view.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from flask import Flask, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.people import Act
from travelrisk.domain.programs import Scope
from travelrisk.logs import logger
from travelrisk.services.application import Facts
from travelrisk.web import callers, who
from travelrisk.web.languages import here
from travelrisk.web.parts import application

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "audience"


class Audience(NamedTuple):
    """For whom a view is.

    Attributes:
        reason: why that is right.
        admits: decides by the facts of the service.
        signed_in: whether only people who are signed in may see it.
        act: what they must be allowed to do; None = nothing in particular.
        fresh: whether they must have signed in a short time ago, because somebody decides here.
        before_choosing: whether it is open to whoever must choose another password first.
        scope: what a program's key must be good for; None = the view is not for programs. A view is for
            people or for programs, never for both: a cookie opens nothing to a program.
    """

    reason: str
    admits: Callable[[Facts], bool]
    signed_in: bool = False
    act: Act | None = None
    fresh: bool = False
    before_choosing: bool = False
    scope: Scope | None = None


def open_to_all(reason: str) -> Callable[[View], View]:
    """Mark a view that anybody may see."""
    return open_where(lambda _facts: True, reason)


def open_where(admits: Callable[[Facts], bool], reason: str) -> Callable[[View], View]:
    """Mark a view that anybody may see where the service is set up so."""
    return _marked(Audience(reason, admits))


def open_to_people(reason: str, *, before_choosing: bool = False) -> Callable[[View], View]:
    """Mark a view that everybody who is signed in may see; what it shows is its own concern."""
    return _marked(Audience(reason, lambda _facts: True, signed_in=True, before_choosing=before_choosing))


def open_to(act: Act, reason: str, *, fresh: bool = False) -> Callable[[View], View]:
    """Mark a view that people may see who may do *act* on the present day.

    Args:
        act: what they must be allowed to do.
        reason: why that is right.
        fresh: ask them to sign in again where that was some time ago: a screen left open signs nothing.
    """
    return _marked(Audience(reason, lambda _facts: True, signed_in=True, act=act, fresh=fresh))


def open_to_programs(scope: Scope, reason: str) -> Callable[[View], View]:
    """Mark a view that programs may call whose key or token is good for *scope*; no cookie opens it."""
    return _marked(Audience(reason, lambda _facts: True, scope=scope))


def audience_of(view: Callable[..., Any] | None) -> Audience | None:
    """Return the mark of a view, or None for a view that nobody may see."""
    return getattr(view, _MARK, None)


def deny_by_default(pages: Flask) -> None:
    """Refuse every call of a view without a mark."""
    pages.before_request(_refuse_unless_open)


def _marked(audience: Audience) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _MARK, audience)
        return view

    return mark


def _refuse_unless_open() -> ResponseReturnValue | None:
    if request.endpoint is None:  # no such page: that answer comes by itself
        return None
    audience = _audience_here(request.endpoint)
    if audience.scope is not None:
        callers.admit(audience.scope)
        return None
    return _refuse_people(audience) if audience.signed_in else None


def _audience_here(endpoint: str) -> Audience:
    """Return for whom the wanted view is; a view that says nothing is for nobody."""
    audience = audience_of(current_app.view_functions.get(endpoint))
    if audience is None:
        logger().error("page.without_audience", endpoint=endpoint)
        abort(404)
    if not audience.admits(application().facts):
        abort(404)  # the same answer as for a page that is not there
    return audience


def _refuse_people(audience: Audience) -> ResponseReturnValue | None:
    visit = who.visit()
    if visit is None:
        return _to_sign_in()
    if visit.must_choose and not audience.before_choosing:
        return redirect(here("desk.password"), 303)
    if audience.act is not None and not who.able(audience.act):
        abort(404)  # as above: what somebody may not see is not there
    who.bind_forms()
    if audience.fresh and not who.is_fresh():
        who.put_note_by()
        return _to_sign_in_again()
    if request.method == "POST":
        who.take_note_up()
    return None


def _to_sign_in() -> ResponseReturnValue:
    """Lead to the sign-in, and from there back; what was sent in a form is not carried along."""
    wanted = {"next": request.full_path.rstrip("?")} if request.method in {"GET", "HEAD"} else {}
    return redirect(here("desk.sign_in", **wanted), 303)


def _to_sign_in_again() -> ResponseReturnValue:
    """Lead to the sign-in, and from there back to the page of what was to be decided.

    A form belongs to the page above its own address, unless it has a page itself.
    """
    has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    page = request.path if has_page else request.path.rpartition("/")[0]
    return redirect(here("desk.sign_in", again="1", next=page), 303)
