"""What the desk does with a trip: each a short form on its page."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Viewer
from travelrisk.services.application import Application
from travelrisk.services.units import asking, working
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.faults import Fault, fault_of
from travelrisk.web.focal.pages import UNUSABLE
from travelrisk.web.parts import application
from travelrisk.web.units.pages import blueprint, open_to_unit
from travelrisk.web.units.showing import shown


@blueprint.post("/desk/trips/<reference>/note")
@open_to_unit
def note(reference: str) -> ResponseReturnValue:
    """Keep a note for the colleagues."""
    return _done(reference, "done_unit_note", lambda: working.note(*_about(reference), _text()), "note")


@blueprint.post("/desk/trips/<reference>/assign")
@open_to_unit
def assign(reference: str) -> ResponseReturnValue:
    """Give the trip to a colleague, or to nobody."""
    to, nobody = request.form.get("person", ""), Fault("person", "error_not_of_office")
    return _done(
        reference, "done_unit_assigned", lambda: working.assign(*_about(reference), to), otherwise=nobody
    )


@blueprint.post("/desk/trips/<reference>/ticket")
@open_to_unit
def ticket(reference: str) -> ResponseReturnValue:
    """Say how the ticket stands, and why."""
    stands, unsaid = request.form.get("ticket", ""), Fault("ticket", "error_no_ticket")
    return _done(
        reference,
        "done_unit_ticket",
        lambda: working.decide(*_about(reference), stands, _text()),
        "why-ticket",
        unsaid,
    )


@blueprint.post("/desk/trips/<reference>/ask")
@open_to_unit
def ask(reference: str) -> ResponseReturnValue:
    """Ask those who decide."""
    nobody = Fault("question", "error_nobody_to_ask")
    return _done(
        reference, "done_unit_asked", lambda: asking.ask(*_about(reference), _text()), "question", nobody
    )


@blueprint.post("/desk/trips/<reference>/cancel")
@open_to_unit
def cancel(reference: str) -> ResponseReturnValue:
    """Call the trip off; where somebody else was faster, the page says that it is off."""
    return _done(
        reference, "done_unit_cancelled", lambda: working.cancel(*_about(reference), _text()), "why-cancel"
    )


def _about(reference: str) -> tuple[Application, Viewer, str]:
    return application(), who.viewer(), reference


def _text() -> str:
    return request.form.get("text", "")


def _done(
    reference: str,
    confirmation: str,
    do: Callable[[], object],
    reason: str = "",
    otherwise: Fault | None = None,
) -> ResponseReturnValue:
    """Do something, or show what is in the way: at the field of its *reason*, or else *otherwise*."""
    try:
        do()
    except BadInputError as error:
        fault = otherwise if error.refusal is None else None
        return shown(reference, UNUSABLE, fault or fault_of(error, reason))
    return done("units.trip", confirmation, reference=reference.strip().upper())
