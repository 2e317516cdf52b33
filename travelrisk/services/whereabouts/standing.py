"""How a message stands: who is safe, who needs help, who could not be reached, and who has not answered.

Whoever needs help, or got no letter, is a task until somebody of the unit notes that they were reached. A new
call for help opens it again.
"""

from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.people import Person, Viewer
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.whereabouts.broadcasting import again
from travelrisk.store import audit, broadcasts, people, trips, whereabouts
from travelrisk.store.broadcasts import Broadcast, Given, Reached
from travelrisk.store.database import reading, transact
from travelrisk.store.trips import Trip

MOST: Final = 100
_LOST: Final = ("dead", "hold", "")


class State(StrEnum):
    """Where a trip stands, the most urgent first."""

    HELP = "help"
    UNREACHED = "unreached"
    SILENT = "silent"
    HANDLED = "handled"
    SAFE = "safe"
    SENT = "sent"


_ORDER: Final = tuple(State)
TASKS: Final = (State.HELP, State.UNREACHED)


class Member(NamedTuple):
    """A trip that a message went to; *itinerary* is None where the trip was cancelled since."""

    trip: Trip
    itinerary: Itinerary | None
    reached: Reached
    given: Given | None
    state: State


class Listed(NamedTuple):
    """A message with who wrote it, and how many people are in each state."""

    broadcast: Broadcast
    author: str
    counts: dict[State, int]


class Standing(NamedTuple):
    """A message with all whom it went to, the most urgent first; *counts* are of people, by state."""

    broadcast: Broadcast
    author: str
    counts: dict[State, int]
    members: tuple[Member, ...]

    @property
    def silent(self) -> tuple[Member, ...]:
        """Those to whom it may be sent again."""
        return tuple(each for each in self.members if each.state is State.SILENT)


def listed(app: Application, viewer: Viewer) -> tuple[Listed, ...]:
    """Return the messages of the viewer's office, the newest first, without whom they went to."""
    with reading(app.engine) as c:
        found = broadcasts.newest(c, viewer.office, MOST) if viewer.office else ()
        names = {each.id: each.name for each in people.everybody(c)} if found else {}
        return tuple(
            Listed(each, names.get(each.author, each.author), _counts(_states(c, each))) for each in found
        )


def standing(app: Application, viewer: Viewer, broadcast_id: int) -> Standing:
    """Return how a message of the viewer's office stands; the look at its trips is noted first.

    Raises:
        NotFoundError: the office has no such message.
    """
    with reading(app.engine) as c:
        found = _found(c, viewer, broadcast_id)
        told = _standing(c, found)
    looked(app, viewer, Purpose.WHEREABOUTS, [each.trip.id for each in told.members])
    return told


def counts(app: Application, viewer: Viewer, broadcast_id: int) -> dict[State, int]:
    """Return how many people are in each state, and nothing about anybody.

    Raises:
        NotFoundError: the office has no such message.
    """
    with reading(app.engine) as c:
        return _counts(_states(c, _found(c, viewer, broadcast_id)))


def ask_again(app: Application, author: Person, viewer: Viewer, broadcast_id: int) -> int:
    """Write once more to those who have not answered, and to nobody else; return how many letters that are.

    Raises:
        NotFoundError: the office has no such message, or its time is over.
    """
    with reading(app.engine) as c:
        silent = _standing(c, _found(c, viewer, broadcast_id)).silent
    return again(app, author, viewer, broadcast_id, [(each.trip, each.reached.turns) for each in silent])


def handle(app: Application, viewer: Viewer, broadcast_id: int, reference: str, note: str) -> None:
    """Note that somebody of the unit has reached the travellers of a trip.

    Raises:
        NotFoundError: the office has no such message, or it did not go to this trip.
    """

    def write(c: Connection) -> None:
        _found(c, viewer, broadcast_id)
        trip, at = trips.by_reference(c, reference), app.clock()
        if trip is None or not broadcasts.handle(
            c, broadcast_id, trip.id, by=viewer.actor, note=note.strip(), at=at
        ):
            raise NotFoundError("the message did not go to this trip")
        body: dict[str, audit.Word] = {"trip": trip.id}
        subject = f"broadcast:{broadcast_id}"
        audit.append(c, kind="broadcast.handled", actor=viewer.actor, at=at, subject=subject, body=body)

    transact(app.engine, write)


def _found(c: Connection, viewer: Viewer, broadcast_id: int) -> Broadcast:
    found = broadcasts.find(c, viewer.office, broadcast_id) if viewer.office else None
    if found is None:
        raise NotFoundError("there is no such message")
    return found


_States = dict[int, tuple[Reached, Given | None, State]]


def _states(c: Connection, found: Broadcast) -> _States:
    given = {each.trip_id: each for each in broadcasts.answers(c, found.id)}  # the last one of each trip
    return {
        each.trip_id: (each, given.get(each.trip_id), _state(found, each, given.get(each.trip_id)))
        for each in broadcasts.reached(c, found.id)
    }


def _counts(states: _States) -> dict[State, int]:
    found = Counter[State]()
    for reached, _, state in states.values():
        found[state] += reached.people
    return {state: found[state] for state in State}


def _standing(c: Connection, found: Broadcast) -> Standing:
    states = _states(c, found)
    known = {each.trip.id: each for each in whereabouts.of_trips(c, found.office, states)}
    members = [
        Member(
            known[number].trip if number in known else trips.by_id(c, number),
            known[number].itinerary if number in known else None,
            *parts,
        )
        for number, parts in states.items()
    ]
    members.sort(key=lambda each: (_ORDER.index(each.state), each.trip.reference))
    author = next((each.name for each in people.everybody(c) if each.id == found.author), found.author)
    return Standing(found, author, _counts(states), tuple(members))


def _state(found: Broadcast, reached: Reached, given: Given | None) -> State:
    if given is not None and given.answer == "help":
        return State.HANDLED if _is_after(reached.handled_at, given.at) else State.HELP
    if given is not None:
        return State.SAFE
    if reached.handled_at is not None:
        return State.HANDLED
    if reached.letter in _LOST or reached.returned:
        return State.UNREACHED
    return State.SILENT if found.asks else State.SENT


def _is_after(handled: datetime | None, given: datetime) -> bool:
    return handled is not None and handled >= given
