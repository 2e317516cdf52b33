"""Certificates of clearance: issued for trips of the key's office, and checked by code without a name."""

from typing import Any

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Segment
from travelrisk.services.certificates import checking, issuing
from travelrisk.services.certificates.checking import Certificate
from travelrisk.services.certificates.standing import last_day
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.trips import current
from travelrisk.web.api.contract.calls import Asked, Told
from travelrisk.web.api.live import live
from travelrisk.web.api.responses import stamp
from travelrisk.web.parts import application
from travelrisk.web.refusals import RefusedError


def issue(asked: Asked[Any, None]) -> Told:
    """Give the certificate of the newest answer on a trip, and make it where there is none."""
    app, program = application(), live(asked.program)
    trip = current.of_office(app, asked.values["id"], program.office).trip
    looked(app, program.viewer, Purpose.API, [trip.id])
    try:
        return Told(_shape(issuing.issue(app, trip.token, program.actor)))
    except BadInputError as error:
        raise RefusedError("no_certificate", str(error)) from None


def check(asked: Asked[Any, None]) -> Told:
    """Say what a certificate is worth now."""
    return Told(_shape(checking.check(application(), asked.values["code"])))


def _shape(known: Certificate) -> dict[str, Any]:
    over = last_day(known.itinerary)
    return {
        "code": known.code,
        "standing": known.standing.value,
        "url": known.address,
        "issued_at": stamp(known.issued_at),
        "verdict": known.advisory.verdict.word,
        "screened_at": stamp(known.advisory.at),
        "edition": known.advisory.edition,
        "policy_version": known.advisory.policy_version,
        "last_day": over.isoformat() if over else None,
        "flights": [_flight(each) for each in known.itinerary.segments if each.is_judged],
        "jws": known.jws,
    }


def _flight(segment: Segment) -> dict[str, Any]:
    told = issuing.flight(segment)
    return {
        "flight": told["flight"],
        "operating": told["operating"],
        "origin": told["from"],
        "destination": told["to"],
        "departs": told["departs"],
    }
