"""The letters of a trip for its traveller: as they were sent, and the newest one once more, a few times."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.texts import Language
from travelrisk.mail.opened import Opened, opened
from travelrisk.services.application import Application
from travelrisk.services.letters import correspondence
from travelrisk.store import outbox, trips
from travelrisk.store.database import reading
from travelrisk.store.outbox import Sending, plain_name
from travelrisk.store.trips import Trip

MOST: Final = 4  # of one letter, the first time included
_SETTLED: Final = ("sent", "dead")


class Written(NamedTuple):
    """A letter as it was written, to be read; *state* is how far it has come."""

    reference: str
    token: str
    state: str
    letter: str
    language: Language
    content: Opened


def again(c: Connection, trip: Trip, letters: Sequence[Sending]) -> int | None:
    """Return the letter of a trip that may be sent once more: the newest, if its answer still stands.

    Args:
        c: connection.
        trip: whose letter it is; of one that was cancelled, none stands.
        letters: of the trip.
    """
    newest = outbox.last_said(c, trip.id)
    if newest is None or newest.state not in _SETTLED:
        return None
    name = plain_name(newest.letter)
    written = sum(
        each.advisory_id == newest.advisory_id and plain_name(each.letter) == name for each in letters
    )
    number: int = newest.id
    return number if written < MOST else None


def letter(app: Application, token: str, letter_id: int) -> Written:
    """Return a letter of the trip that *token* opens, to the last word.

    Raises:
        NotFoundError: no trip has this token, or it has no such letter.
    """
    with reading(app.engine) as c:
        trip = trips.find(c, token)
        sent = {each.id: each for each in outbox.of_trip(c, trip.id)} if trip else {}
        if trip is None or letter_id not in sent:
            raise NotFoundError("there is no such letter")
        content = opened(outbox.body(c, letter_id))
    found = sent[letter_id]
    return Written(trip.reference, trip.token, found.state, plain_name(found.letter), found.language, content)


def send_again(app: Application, token: str, letter_id: int) -> None:
    """Queue the newest letter of a trip once more.

    Raises:
        NotFoundError: no trip has this token.
        BadInputError: it is not the newest letter, waits already, no longer holds, or was sent often enough.
    """
    with reading(app.engine) as c:
        trip = trips.find(c, token)
        if trip is None:
            raise NotFoundError("there is no such trip")
        if again(c, trip, outbox.of_trip(c, trip.id)) != letter_id:
            raise BadInputError("this letter cannot be sent again: look at the newest one on its trip's page")
    correspondence.repeat(app, correspondence.repeatable(app, [trip.reference]), "traveller")
