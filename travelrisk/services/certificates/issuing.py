"""A certificate is issued for the newest answer on a trip, once, and never for one that does not clear it."""

import secrets
from datetime import UTC
from functools import partial
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Itinerary, Segment
from travelrisk.services.application import Application
from travelrisk.services.certificates.checking import Certificate, certified, state_of
from travelrisk.services.certificates.signing import Signer
from travelrisk.services.certificates.standing import Standing, is_clearing, last_day
from travelrisk.services.trips.story import opened
from travelrisk.store import advisories, audit, certificates, trips
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.certificates import Kept
from travelrisk.store.database import reading, transact

# No letter or digit that is taken for another; 50 bits, and looking codes up is limited by the pages.
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH: Final = 10


def issue(app: Application, token: str, actor: str = "traveller") -> Certificate:
    """Return the certificate of the newest answer on the trip that *token* opens; made where there is none.

    *actor* is who asks for it, for the audit trail.

    Raises:
        NotFoundError: no trip has this token.
        BadInputError: the newest answer does not clear the trip, or it is called off, waits for an answer, or
            is over.
    """
    return transact(app.engine, partial(_issue, app, token, actor))


def newest(app: Application, token: str) -> Certificate | None:
    """Return the certificate of the newest answer on the trip that *token* opens; None where nobody asked.

    Raises:
        NotFoundError: no trip has this token.
    """
    with reading(app.engine) as c:
        trip = opened(c, token)
        answer = advisories.newest(c, trip.id)
        kept = certificates.of_advisory(c, answer.id) if answer else None
        return certified(app, c, kept) if kept else None


def _issue(app: Application, token: str, actor: str, c: Connection) -> Certificate:
    trip = opened(c, token)
    trips.hold(c, trip.id)
    answer = advisories.newest(c, trip.id)
    if answer is None or not is_clearing(answer.advisory.verdict):
        raise BadInputError("there is no certificate of an answer that does not clear the trip")
    kept = certificates.of_advisory(c, answer.id)
    state = state_of(app, c, trip.id, answer.id)
    if state.standing is not Standing.VALID:
        raise BadInputError("the newest answer on this trip does not hold any more: send the booking again")
    return certified(app, c, kept or _make(app, c, answer, state.itinerary, actor))


def _make(app: Application, c: Connection, answer: StoredAdvisory, itinerary: Itinerary, actor: str) -> Kept:
    trip_id = answer.trip_id
    code, at, signature = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)), app.clock(), None
    if app.facts.secret:
        signer = Signer(app.facts.secret)
        certificates.publish_key(c, signer.kid, signer.public(), at)
        signature = signer.sign(_claims(app, code, answer, itinerary))
    kept = Kept(code, trip_id, answer.id, at, signature)
    certificates.issue(c, kept)
    body = {"advisory": answer.id, "signed": signature is not None}
    audit.append(c, kind="certificate.issued", actor=actor, at=at, subject=f"trip:{trip_id}", body=body)
    return kept


def _claims(app: Application, code: str, answer: StoredAdvisory, itinerary: Itinerary) -> dict[str, object]:
    """Return what is signed: the answer and the flights; no name, no locator, no address."""
    advisory, over = answer.advisory, last_day(itinerary)
    return {
        "iss": app.facts.base_url,
        "jti": code,
        "iat": int(app.clock().timestamp()),
        "checked_at": advisory.at.astimezone(UTC).isoformat(),
        "last_day": over.isoformat() if over else None,
        "verdict": advisory.verdict.word,
        "edition": advisory.edition,
        "policy": advisory.policy_version,
        "engine": advisory.engine,
        "reasons": sorted({each.code for each in advisory.reasons()}),
        "flights": [flight(each) for each in itinerary.segments if each.is_judged],
        "demonstration": app.facts.demo,
    }


def flight(segment: Segment) -> dict[str, object]:
    """Return a flight as a certificate names it."""
    local, day = segment.departs.local, segment.departs.day
    return {
        "flight": segment.flight,
        "operating": segment.operating.code or None,
        "from": segment.origin.code or None,
        "to": segment.destination.code or None,
        "departs": local.isoformat(timespec="minutes") if local else day.isoformat() if day else None,
    }
