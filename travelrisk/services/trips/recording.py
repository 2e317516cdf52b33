"""An advisory is recorded with its entry in the audit trail and its letter: one transaction, never a part."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.concentration import Aboard
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import Envelope
from travelrisk.services.trips import concentration
from travelrisk.services.trips.concentration import Crowded
from travelrisk.services.webhooks import telling
from travelrisk.services.webhooks.telling import Answered
from travelrisk.store import advisories, audit, outbox, policies
from travelrisk.store.advisories import Made
from travelrisk.store.audit import Entry, Word
from travelrisk.store.outbox import Written
from travelrisk.store.trips import Stored


class Ready(NamedTuple):
    """An itinerary, what was found, and the letter about it; None where none is to be written.

    *aboard* is how many were counted on its flights, *crowded* the letters about those with too many.
    """

    journey: Stored
    advisory: Advisory
    envelope: Envelope | None
    aboard: tuple[Aboard, ...] | None = None
    crowded: tuple[Crowded, ...] = ()


def keep_policy(app: Application, c: Connection) -> None:
    """Keep the policy that the advisories of this transaction were made with."""
    policies.keep(c, app.policy.sha256, app.policy.policy.version, app.policy.text, app.clock())


def record(app: Application, c: Connection, ready: Ready, actor: str, cause: str = "") -> int:
    """Record an advisory and queue its letter; return the id of the advisory.

    Args:
        app: the parts of the service.
        c: connection in a transaction that holds the ratings, and has checked the edition.
        ready: what to record.
        actor: who judged, for the audit trail.
        cause: what made the journey be judged again (``edition:12``); empty for a first judgement.
    """
    seq = audit.append(c, **_entry(app, ready, actor, cause)._asdict())
    number = advisories.record(c, **_made(app, ready, seq)._asdict())
    if ready.envelope is not None:
        trip_id, at = ready.journey.trip.id, app.clock()
        outbox.queue(c, trip_id=trip_id, advisory_id=number, at=at, **ready.envelope._asdict())
    concentration.queue(app, c, number, ready.crowded)
    telling.tell(app, c, [_answered(ready)])
    return number


def record_all(
    app: Application, c: Connection, ready: Sequence[Ready], actor: str, cause: str = ""
) -> list[int]:
    """Record advisories, one of each trip, and queue their letters, as ``record`` does, in a few statements.

    What waits to be sent of a trip that gets no letter says what holds no longer, and is withdrawn.
    """
    seqs = audit.append_all(c, [_entry(app, each, actor, cause) for each in ready])
    made = [_made(app, each, seq) for each, seq in zip(ready, seqs, strict=True)]
    numbers, at = advisories.record_all(c, made), app.clock()
    trips = [each.journey.trip.id for each in ready]
    letters = [each.envelope for each in ready]
    written = [
        Written(trip, number, *letter)
        for trip, number, letter in zip(trips, numbers, letters, strict=True)
        if letter is not None
    ]
    outbox.queue_all(c, written, at)
    silent = [trip for trip, letter in zip(trips, letters, strict=True) if letter is None]
    outbox.supersede(c, silent, numbers, at)
    for number, each in zip(numbers, ready, strict=True):
        concentration.queue(app, c, number, each.crowded)
    telling.tell(app, c, map(_answered, ready))
    return numbers


def _answered(ready: Ready) -> Answered:
    trip = ready.journey.trip
    return Answered(trip.reference, trip.office, ready.advisory.verdict)


def _entry(app: Application, ready: Ready, actor: str, cause: str) -> Entry:
    advisory = ready.advisory
    body: dict[str, Word] = {
        "verdict": advisory.verdict.word,
        "edition": advisory.edition,
        "policy": app.policy.sha256,
        "engine": advisory.engine,
    }
    if cause:
        body["cause"] = cause
    return Entry("advisory.recorded", actor, app.clock(), f"itinerary:{ready.journey.itinerary_id}", body)


def _made(app: Application, ready: Ready, seq: int) -> Made:
    journey = ready.journey
    return Made(journey.trip.id, journey.itinerary_id, ready.advisory, app.policy.sha256, seq, ready.aboard)
