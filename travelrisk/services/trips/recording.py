"""An advisory is recorded with its entry in the audit trail and its letter: one transaction, never a part."""

from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.concentration import Aboard
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import Envelope
from travelrisk.services.trips import concentration
from travelrisk.services.trips.concentration import Crowded
from travelrisk.store import advisories, audit, outbox, policies
from travelrisk.store.audit import Word
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
    journey, advisory, envelope, aboard, crowded = ready
    body: dict[str, Word] = {
        "verdict": advisory.verdict.word,
        "edition": advisory.edition,
        "policy": app.policy.sha256,
        "engine": advisory.engine,
    }
    if cause:
        body["cause"] = cause
    at, subject = app.clock(), f"itinerary:{journey.itinerary_id}"
    number = advisories.record(
        c,
        trip_id=journey.trip.id,
        itinerary_id=journey.itinerary_id,
        advisory=advisory,
        policy_sha256=app.policy.sha256,
        audit_seq=audit.append(c, kind="advisory.recorded", actor=actor, at=at, subject=subject, body=body),
        aboard=aboard,
    )
    if envelope is not None:
        outbox.queue(c, trip_id=journey.trip.id, advisory_id=number, at=at, **envelope._asdict())
    concentration.queue(app, c, number, crowded)
    return number
