"""What a certificate says and whether it still holds, by its code: for whoever has the paper in hand."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.services.application import Application
from travelrisk.services.certificates.signing import Signer
from travelrisk.services.certificates.standing import Standing, last_day, standing
from travelrisk.store import advisories, cancellations, certificates, trips
from travelrisk.store.certificates import Kept
from travelrisk.store.database import reading

_CODE: Final = re.compile(r"[2-9A-HJ-NP-Z]{10}", re.ASCII)


class State(NamedTuple):
    """What a certificate is worth now, and the itinerary that it is about."""

    standing: Standing
    itinerary: Itinerary


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate, what it certifies, and what it is worth now.

    Attributes:
        code: by which anybody can check it.
        address: where that is, short enough for a small QR code.
        jws: the signed claims; None where the service has no key.
    """

    code: str
    address: str
    issued_at: datetime
    standing: Standing
    advisory: Advisory
    itinerary: Itinerary
    jws: str | None


def check(app: Application, code: str) -> Certificate:
    """Return the certificate with a code; capitals, blanks and hyphens do not matter.

    Raises:
        NotFoundError: no such code was given.
    """
    wanted = re.sub(r"[\s-]", "", code).upper()
    if not _CODE.fullmatch(wanted):
        raise NotFoundError("there is no such certificate")
    with reading(app.engine) as c:
        kept = certificates.by_code(c, wanted)
        if kept is None:
            raise NotFoundError("there is no such certificate")
        return certified(app, c, kept)


def certified(app: Application, c: Connection, kept: Kept) -> Certificate:
    """Return a kept certificate with what it is worth now."""
    answer = advisories.load(c, kept.advisory_id)
    state = state_of(app, c, kept.trip_id, kept.advisory_id)
    return Certificate(
        kept.code,
        f"{app.facts.base_url}/v/{kept.code}",
        kept.issued_at,
        state.standing,
        answer.advisory,
        state.itinerary,
        kept.jws,
    )


def state_of(app: Application, c: Connection, trip_id: int, advisory_id: int) -> State:
    """Return what a certificate of this answer on a trip is worth now."""
    answer, newest = advisories.load(c, advisory_id), advisories.newest(c, trip_id)
    itinerary = trips.itinerary(c, answer.itinerary_id)
    booked = trips.newest_ids(c, [trip_id])[trip_id]
    is_judged = newest is not None and newest.itinerary_id == booked
    return State(
        standing(
            is_newest=is_judged and newest is not None and newest.id == advisory_id,
            newest=newest.advisory.verdict if newest is not None and is_judged else None,
            is_cancelled=cancellations.stands(c, trip_id),
            last_day=last_day(itinerary),
            today=app.clock().astimezone(UTC).date(),
        ),
        itinerary,
    )


def public_keys(app: Application) -> tuple[str, ...]:
    """Return every public key that ever signed, and the one that signs now, as JWKs in JSON."""
    own = [Signer(each).public() for each in app.facts.secrets]
    with reading(app.engine) as c:
        return tuple(dict.fromkeys([*own, *certificates.public_keys(c)]))
