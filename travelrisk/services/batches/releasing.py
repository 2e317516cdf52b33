"""The letters of a batch leave when a person says so: all of them, or only the warnings.

What waits for so long that its answer should be asked for again is judged by what holds now before it leaves.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Viewer
from travelrisk.services.application import Application
from travelrisk.services.batches.accepting import note
from travelrisk.services.trips.judging import judge
from travelrisk.store import batches, trips, unaddressed, unreleased
from travelrisk.store.database import reading, transact
from travelrisk.store.trips import Stored
from travelrisk.store.unreleased import Waiting

_AT_ONCE: Final = 200


class Which(StrEnum):
    """Which letters leave."""

    ALL = "all"
    WARNINGS = "warnings"


class Released(NamedTuple):
    """How many letters may leave now, and to how many people."""

    letters: int
    people: int


def release(app: Application, viewer: Viewer, reference: str, which: Which) -> Released:
    """Let letters of a batch of the viewer's office leave; those of what is screened later still wait.

    Raises:
        NotFoundError: this office has no such batch.
        BadInputError: it is still being screened, so that nobody has seen all of it.
    """
    _check(app, viewer, reference)
    _refresh(app, viewer, reference, which)

    def let_go(c: Connection) -> Released:
        batch = batches.of_office(c, viewer.office, reference)
        chosen = _chosen(c, viewer, reference, which)
        ids, at = sorted({each.trip_id for each in chosen}), app.clock()
        pieces = [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
        unaddressed.begin_those_of_batch(c, batch.id, at)
        unreleased.release_without_letters(c, batch.id)
        number = sum(unreleased.release(c, piece, at) for piece in pieces)
        if number:
            note(app, c, "batch.released", viewer.actor, batch, which=which.value, letters=number)
        return Released(number, len({each.recipient.casefold() for each in chosen}))

    return transact(app.engine, let_go)


def _check(app: Application, viewer: Viewer, reference: str) -> None:
    with reading(app.engine) as c:
        if batches.of_office(c, viewer.office, reference).finished_at is None:
            raise BadInputError(f"{reference} is still being screened: send its letters when that is done")


def _chosen(c: Connection, viewer: Viewer, reference: str, which: Which) -> Sequence[Waiting]:
    batch = batches.of_office(c, viewer.office, reference)
    waiting = unreleased.waiting(c, batch.id)
    warned = {each.trip_id for each in waiting if each.is_warning}
    return [each for each in waiting if which is Which.ALL or each.trip_id in warned]


def _refresh(app: Application, viewer: Viewer, reference: str, which: Which) -> None:
    """Judge again what was answered too long ago; the letter that was written then is superseded."""
    too_old = app.clock() - timedelta(hours=app.policy.policy.answer_hours)
    with reading(app.engine) as c:
        chosen = _chosen(c, viewer, reference, which)
    old = sorted({each.trip_id for each in chosen if each.queued_at < too_old})
    for start in range(0, len(old), _AT_ONCE):
        piece = old[start : start + _AT_ONCE]
        waiting = transact(app.engine, lambda c, piece=piece: _once_more(c, piece))  # type: ignore[misc]
        judge(app, waiting, viewer.actor)


def _once_more(c: Connection, trip_ids: Sequence[int]) -> list[Stored]:
    """Add the newest itinerary of trips once more, so that it is judged by what holds now."""
    known = trips.newest_among(c, list(trips.newest_ids(c, trip_ids).values()))
    return [
        each._replace(
            itinerary_id=trips.add_itinerary(
                c, each.trip.id, each.itinerary, original=None, position=0, at=each.added_at
            )
        )
        for each in known
    ]
