"""An advisory is recorded with its entry in the audit trail and its letter: one transaction, never a part.

A warning whose letter has no address to go to is somebody's task instead.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.concentration import Aboard
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.letters import unaddressed
from travelrisk.services.letters.unaddressed import Owed
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
    """An itinerary, what was found, and the letter about it.

    Attributes:
        envelope: None where there is no address to write to, or nothing to tell.
        aboard: how many were counted on its flights.
        crowded: the letters about those with too many.
        is_news: there is something to tell the traveller.
    """

    journey: Stored
    advisory: Advisory
    envelope: Envelope | None
    aboard: tuple[Aboard, ...] | None = None
    crowded: tuple[Crowded, ...] = ()
    is_news: bool = True

    @property
    def is_unaddressed(self) -> bool:
        """Say whether it is a warning of which only a person can tell the traveller."""
        is_warning = self.advisory.verdict is not Verdict.CLEARED
        return is_warning and self.is_news and self.envelope is None


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
    _note_unaddressed(app, c, [number], [ready], actor)
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
    _note_unaddressed(app, c, numbers, ready, actor)
    for number, each in zip(numbers, ready, strict=True):
        concentration.queue(app, c, number, each.crowded)
    telling.tell(app, c, map(_answered, ready))
    return numbers


def _note_unaddressed(
    app: Application, c: Connection, numbers: Sequence[int], ready: Sequence[Ready], actor: str
) -> None:
    """Let somebody call those who cannot be written to."""
    owed = [
        Owed(number, each.journey.trip.id, each.journey.itinerary)
        for number, each in zip(numbers, ready, strict=True)
        if each.is_unaddressed
    ]
    if owed:
        unaddressed.note(app, c, owed, actor)


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
