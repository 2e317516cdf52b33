"""What the desk of an office does with a trip: notes it, gives it to somebody, says how its ticket stands.

Each is a step that stays, with its reason, and an entry in the audit trail. None of them changes a verdict.
"""

from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, NotFoundError, Refusal
from travelrisk.domain.people import Viewer
from travelrisk.services.application import Application
from travelrisk.services.trips.cancelling import call_off
from travelrisk.services.units.desk import colleagues
from travelrisk.store import audit, trips, units
from travelrisk.store.audit import Word
from travelrisk.store.database import transact
from travelrisk.store.trips import Trip
from travelrisk.store.units import TICKETS

LONGEST: Final = 600


def note(app: Application, viewer: Viewer, reference: str, text: str) -> None:
    """Keep a note about a trip, for the colleagues of the office.

    Raises:
        NotFoundError: the office has no such trip.
        BadInputError: there are no words, or too many.
    """
    _step(app, viewer, reference, "note", text)


def assign(app: Application, viewer: Viewer, reference: str, person_id: str) -> None:
    """Let somebody of the same office work on a trip; empty = nobody any more.

    Raises:
        NotFoundError: the office has no such trip.
        BadInputError: this person does not work for the travel unit of the office.
    """

    def write(c: Connection) -> None:
        trip = of_office(c, viewer, reference)
        if person_id and person_id not in colleagues(c, viewer.office):
            raise BadInputError("a trip is given to somebody of the same office: choose one of them")
        _keep(app, c, viewer, trip, "assigned", "", person_id or None)

    transact(app.engine, write)


def decide(app: Application, viewer: Viewer, reference: str, ticket: str, reason: str) -> None:
    """Say how the ticket of a trip stands: on hold, not to be bought, or bought.

    Raises:
        NotFoundError: the office has no such trip.
        BadInputError: it is none of these, or there is no reason.
    """
    if ticket not in TICKETS:
        raise BadInputError(f"ticket: choose one of {', '.join(TICKETS)}")
    _step(app, viewer, reference, ticket, reason)


def cancel(app: Application, viewer: Viewer, reference: str, reason: str) -> bool:
    """Call a trip off, as its traveller may; False where it is off already.

    Raises:
        NotFoundError: the office has no such trip.
        BadInputError: there is no reason.
    """

    def write(c: Connection) -> bool:
        trip = of_office(c, viewer, reference)
        is_off = call_off(app, c, trip, viewer.actor)
        if is_off:
            _keep(app, c, viewer, trip, "cancelled", words(reason))
        return is_off

    return transact(app.engine, write)


def asked(
    app: Application,
    c: Connection,
    viewer: Viewer,
    trip: Trip,
    question: str,
) -> int:
    """Keep a question to those who decide, in the transaction that writes it to them; return its number."""
    return _keep(app, c, viewer, trip, "asked", question)


def of_office(c: Connection, viewer: Viewer, reference: str) -> Trip:
    """Return a trip of somebody's office.

    Raises:
        NotFoundError: the office has no such trip, whoever else may have one.
    """
    trip = trips.of_office(c, reference, viewer.office)
    if trip is None:
        raise NotFoundError("there is no such trip")
    return trip


def words(text: str) -> str:
    """Return what somebody wrote as it may be kept.

    Raises:
        BadInputError: there are no words, or too many.
    """
    kept = text.strip()
    if not kept:
        raise BadInputError("say why in a few words: colleagues read it later", Refusal.NO_REASON)
    if len(kept) > LONGEST:
        raise BadInputError(f"it may have {LONGEST} characters: make it shorter", Refusal.NO_REASON)
    return kept


def _step(app: Application, viewer: Viewer, reference: str, kind: str, text: str) -> None:
    def write(c: Connection) -> None:
        _keep(app, c, viewer, of_office(c, viewer, reference), kind, words(text))

    transact(app.engine, write)


def _keep(  # noqa: PLR0913, PLR0917 - what a step is made of
    app: Application,
    c: Connection,
    viewer: Viewer,
    trip: Trip,
    kind: str,
    text: str,
    assignee: str | None = None,
) -> int:
    at = app.clock()
    number = units.add_step(
        c, trip_id=trip.id, at=at, actor=viewer.actor, kind=kind, text=text, assignee=assignee
    )
    # The words stand in the row alone: they may name people, and the trail never does.
    body: dict[str, Word] = {"step": number, "to": assignee or ""}
    kind = f"trip.desk_{kind}"
    audit.append(c, kind=kind, actor=viewer.actor, at=at, subject=f"trip:{trip.id}", body=body)
    return number
