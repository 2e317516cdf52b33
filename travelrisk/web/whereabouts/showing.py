"""The question, and who answers it: a list, a time line for each journey, and a map."""

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.texts import Language
from travelrisk.services.whereabouts.asking import HOURS, Choice
from travelrisk.services.whereabouts.exporting import Reason
from travelrisk.services.whereabouts.finding import Answer, find
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE, page
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.whereabouts import told
from travelrisk.web.whereabouts.pages import (
    Asked,
    Unasked,
    asked,
    blueprint,
    fixed,
    open_to_unit,
    understood,
    viewer,
    without_office,
)


@blueprint.get("/whereabouts")
@open_to_unit
def everybody() -> ResponseReturnValue:
    """Ask, and show who answers; nothing is asked on the first visit."""
    wanted = asked(request.args)
    if not wanted.is_asked or without_office():
        return form(wanted)
    return answered(wanted)


def answered(wanted: Asked, status: int = 200, *faults: Fault) -> ResponseReturnValue:
    """Answer a question, or say why it is none; *faults* are of what was to be done with the answer."""
    found = understood(application(), wanted)
    if isinstance(found, Unasked):
        return form(wanted, UNUSABLE, (found.fault,), found.choices)
    answer = find(application(), viewer(), found)
    return form(fixed(wanted, found), status, faults, answer=answer)


def form(
    wanted: Asked,
    status: int = 200,
    faults: Sequence[Fault] = (),
    choices: Sequence[Choice] = (),
    *,
    answer: Answer | None = None,
) -> ResponseReturnValue:
    """Show the form, and the answer where there is one."""
    said: Language = language()
    shown = told.frame(answer) if answer else None
    return page(
        "whereabouts/page.html",
        status,
        faults,
        wanted=wanted,
        hours=HOURS,
        choices=[(each.name.in_language(said), each.what) for each in choices],
        answer=answer,
        name=answer.question.name.in_language(said) if answer else "",
        shown=shown,
        lines=told.lines(answer) if answer else (),
        svg=told.map_of(answer) if answer else "",
        has_no_office=without_office(),
        reasons=tuple(Reason),
    )
