"""What was understood of a trip, for the person who knows better: looked at first, then confirmed.

Whoever holds the link of a trip may answer and correct, as they may cancel. Each confirmation is a new
version of the trip, a letter, and an entry in the trail; there may be only so many of them in a day.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Claim, Itinerary
from travelrisk.intake.masking import masked
from travelrisk.services.application import Application
from travelrisk.services.trips.judging import foresee
from travelrisk.services.trips.replacing import dropped
from travelrisk.services.trips.stating import Restated, Version, add_version, restated
from travelrisk.services.trips.story import opened
from travelrisk.store import cancellations, statements, trips
from travelrisk.store.database import reading
from travelrisk.store.statements import Statement
from travelrisk.store.trips import Trip
from travelrisk.telling.refusals import is_refusal

MOST_A_DAY: Final = 20
MOST_AT_ONCE: Final = 100
LONGEST: Final = 120
LONGEST_LINE: Final = 300


class Understood(NamedTuple):
    """The newest version of a trip.

    Attributes:
        dismissable: the unread lines that may be no flights.
        dropped: what people told us of the version before, and a new document has replaced.
    """

    trip: Trip
    itinerary_id: int
    itinerary: Itinerary
    is_cancelled: bool
    dismissable: frozenset[str]
    dropped: tuple[Claim, ...]


class Failure(StrEnum):
    """Why nothing could be done with what was stated."""

    NOTHING = "nothing"
    MOVED = "moved"
    OFF = "off"
    OFTEN = "often"
    UNREADABLE = "unreadable"


class _NotTakenError(BadInputError):
    """What was stated is not taken now; *failure* says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"not taken: {failure.value}")
        self.failure = failure


def understood(app: Application, token: str) -> Understood:
    """Return what is understood of the trip that *token* opens.

    Raises:
        NotFoundError: no trip has this token.
    """
    with reading(app.engine) as c:
        trip = opened(c, token)
        newest = trips.stored(c, trips.history(c, trip.id)[-1].itinerary_id)
        gone = dropped(c, [newest]).get(newest.itinerary_id, ())
        is_off = cancellations.stands(c, trip.id)
    lines = frozenset(line for line in newest.itinerary.unread if not is_refusal(line))
    return Understood(trip, newest.itinerary_id, newest.itinerary, is_off, lines, gone)


def preview(app: Application, seen: Understood, said: Sequence[Statement]) -> Restated | Failure:
    """Return what the trip would be with *said* in it; nothing is stored.

    Raises:
        StoreError: the database cannot be read.
    """
    if seen.is_cancelled:
        return Failure.OFF
    if not said or len(said) > MOST_AT_ONCE:
        return Failure.NOTHING
    plain = [each._replace(value=masked(each.value)) for each in said]
    return restated(app, seen.trip, seen.itinerary_id, plain) or Failure.UNREADABLE


def foreseen(app: Application, seen: Understood, made: Restated) -> Advisory:
    """Return the answer that the trip would be given if *made* were confirmed now; nothing is stored.

    Raises:
        StoreError: the database cannot be read.
    """
    return foresee(app, seen.trip, made.itinerary)


def confirm(app: Application, seen: Understood, said: Sequence[Statement], actor: str) -> Failure | None:
    """Make what was looked at the newest version of the trip, judged and told; None where that is done.

    Args:
        app: the parts of the service.
        seen: the version that *said* is about.
        said: as it was looked at; what cannot be used is left out.
        actor: for the trail: ``traveller``, or the id of the person who is signed in.

    Raises:
        StoreError: the database cannot be written.
    """
    made = preview(app, seen, said)
    if isinstance(made, Failure):
        return made
    if not made.used:
        return Failure.NOTHING

    def may(c: Connection) -> None:
        since = app.clock() - timedelta(days=1)
        if cancellations.stands(c, seen.trip.id):
            raise _NotTakenError(Failure.OFF)
        if statements.pages_since(c, seen.trip.id, since) >= MOST_A_DAY:
            raise _NotTakenError(Failure.OFTEN)

    version = Version(seen.itinerary_id, made, "itinerary.corrected", actor, check=may)
    try:
        return None if add_version(app, seen.trip, version) else Failure.MOVED
    except _NotTakenError as error:
        return error.failure
