"""The doctor as a page for administrators, and the button that lets letters leave again."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from flask import Blueprint, Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Act
from travelrisk.services.health import Found
from travelrisk.services.letters import holding
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.desk.pages import done
from travelrisk.web.languages import register
from travelrisk.web.parts import application
from travelrisk.web.words import page_texts

blueprint = Blueprint("doctor", __name__)

Examine = Callable[[], Sequence[Found]]
"""Looks at every part of the service, which takes some seconds."""

_PLACE: Final = "travelrisk_examine"
_WHY: Final = "administrators see how the service runs, down to its settings"


def open_for(pages: Flask, examine: Examine | None) -> None:
    """Add the page; *examine* is None where the pages are served by something else than travelrisk serve."""
    pages.extensions[_PLACE] = examine
    register(pages, blueprint)


@blueprint.route("/doctor", methods=["GET", "POST"])
@open_to(Act.OPERATE, _WHY)
def page() -> ResponseReturnValue:
    """Say whether letters are held; when asked to, look at every part. What is wrong comes first."""
    examine: Examine | None = current_app.extensions[_PLACE]
    found = examine() if examine is not None and request.method == "POST" else ()
    return render_template(
        "doctor/page.html",
        found=[(_label(each.part), each) for each in sorted(found, key=lambda each: each.ok)],
        held=holding.held(application()),
        now=application().clock(),
        can_examine=examine is not None,
    )


@blueprint.post("/doctor/release")
@open_to(Act.OPERATE, "who lets letters leave again answers for it", fresh=True)
def release() -> ResponseReturnValue:
    """Let letters leave again; those put aside, and by a clock that was ahead, only if somebody says so."""
    wanted, is_right = request.form.get("letters") == "too", request.form.get("clock") == "right"
    with suppress(NotFoundError):  # somebody else was faster
        holding.release(application(), who.person().id, with_letters=wanted, clock_is_right=is_right)
    return done("doctor.page", "done_confirmed" if is_right else "done_released")


def _label(part: str) -> str:
    """Return the key of the name of a part; the part itself where it has none."""
    key = "part_" + part.replace(" ", "_").replace("-", "_")
    return key if key in page_texts() else ""
