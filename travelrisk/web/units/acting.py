"""What the desk does with a trip: each a short form on its page."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError
from travelrisk.services.units import asking, working
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import MOVED, UNUSABLE
from travelrisk.web.parts import application
from travelrisk.web.units.pages import blueprint, open_to_unit
from travelrisk.web.units.showing import shown


@blueprint.post("/desk/trips/<reference>/note")
@open_to_unit
def note(reference: str) -> ResponseReturnValue:
    """Keep a note for the colleagues."""
    return _done(
        reference,
        "note",
        "done_unit_note",
        lambda: working.note(application(), who.viewer(), reference, _text()),
    )


@blueprint.post("/desk/trips/<reference>/assign")
@open_to_unit
def assign(reference: str) -> ResponseReturnValue:
    """Give the trip to a colleague, or to nobody."""
    to = request.form.get("person", "")
    return _done(
        reference,
        "person",
        "done_unit_assigned",
        lambda: working.assign(application(), who.viewer(), reference, to),
    )


@blueprint.post("/desk/trips/<reference>/ticket")
@open_to_unit
def ticket(reference: str) -> ResponseReturnValue:
    """Say how the ticket stands, and why."""
    stands = request.form.get("ticket", "")
    field = "ticket" if _text() else "why-ticket"
    return _done(
        reference,
        field,
        "done_unit_ticket",
        lambda: working.decide(application(), who.viewer(), reference, stands, _text()),
    )


@blueprint.post("/desk/trips/<reference>/ask")
@open_to_unit
def ask(reference: str) -> ResponseReturnValue:
    """Ask those who decide."""
    return _done(
        reference,
        "question",
        "done_unit_asked",
        lambda: asking.ask(application(), who.viewer(), reference, _text()),
    )


@blueprint.post("/desk/trips/<reference>/cancel")
@open_to_unit
def cancel(reference: str) -> ResponseReturnValue:
    """Call the trip off."""

    def off() -> None:
        if not working.cancel(application(), who.viewer(), reference, _text()):
            raise _AlreadyOffError

    try:
        return _done(reference, "why-cancel", "done_unit_cancelled", off)
    except _AlreadyOffError:
        return shown(reference, MOVED, Fault("acts", "is_cancelled"))


class _AlreadyOffError(Exception):
    """Somebody was faster."""


def _text() -> str:
    return request.form.get("text", "")


def _done(reference: str, field: str, confirmation: str, do: Callable[[], object]) -> ResponseReturnValue:
    try:
        do()
    except BadInputError as error:
        return shown(reference, UNUSABLE, _fault(error, field))
    return done("units.trip", confirmation, reference=reference.strip().upper())


def _fault(error: BadInputError, field: str) -> Fault:
    if error.refusal is not None:
        return Fault(field, "error_" + error.refusal)
    keys = {"person": "error_not_of_office", "ticket": "error_no_ticket", "question": "error_nobody_to_ask"}
    return Fault(field, keys[field])
