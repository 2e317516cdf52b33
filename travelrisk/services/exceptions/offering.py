"""What an exception for a trip would be about: its carriers, pair and days, found from the newest answer."""

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.ratings import route_subject
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Leg, Span, legs_of
from travelrisk.screening.rules.authorised import COVERED, CROWDED, carrier_of, people_in
from travelrisk.services.application import Application
from travelrisk.store import advisories, trips
from travelrisk.store.database import reading
from travelrisk.store.trips import Trip


class Offer(NamedTuple):
    """A carrier that an exception for a trip could be asked for.

    Attributes:
        carrier: ICAO designator.
        route: the pair that it flies on this trip; empty where there are several, or one is not known.
        span: the days that its segments touch.
        kind: ``concentration`` where more of our people are on its flight than the ceiling allows.
        people: how many, then.
    """

    carrier: str
    route: str
    span: Span
    kind: AuthorisationKind = AuthorisationKind.AD_HOC
    people: int = 0


class Offered(NamedTuple):
    """A trip by its reference, and what can be asked for it: each carrier that stands in its way."""

    reference: str
    offers: tuple[Offer, ...]


def for_token(app: Application, token: str) -> Offered:
    """Return what can be asked for the trip that a token opens.

    Raises:
        NotFoundError: no trip has this token.
    """
    with reading(app.engine) as c:
        return _offered(app, c, trips.find(c, token), "with this address")


def for_reference(app: Application, reference: str, office: str | None = None) -> Offered:
    """Return what can be asked for the trip with this reference.

    Args:
        app: the parts of the service.
        reference: of the trip.
        office: of whoever asks, as for ``store.offices.within``.

    Raises:
        NotFoundError: there is none, or not for them.
    """
    with reading(app.engine) as c:
        return _offered(app, c, trips.of_office(c, reference, office), reference)


def _offered(app: Application, c: Connection, trip: Trip | None, name: str) -> Offered:
    if trip is None:
        raise NotFoundError(f"there is no trip {name}: look at the reference in the answer")
    newest = advisories.newest(c, trip.id)
    if newest is None:
        return Offered(trip.reference, ())
    itinerary = trips.itinerary(c, newest.itinerary_id)
    return Offered(trip.reference, offers_of(app, itinerary, newest.advisory))


def offers_of(app: Application, itinerary: Itinerary, advisory: Advisory) -> tuple[Offer, ...]:
    """Return each carrier of an itinerary that an exception could help with, in order of departure."""
    legs = {each.position: each for each in legs_of(itinerary, app.clock().date())}
    standing: dict[tuple[AuthorisationKind, str], list[_Stop]] = defaultdict(list)
    for finding in sorted(advisory.findings, key=lambda each: each.segment or 0):
        leg = legs.get(finding.segment) if finding.segment is not None else None
        if leg is None or leg.segment.departs.day is None or finding.effect <= Verdict.CONDITIONAL:
            continue
        carrier = carrier_of(finding, leg)
        if carrier and finding.code in COVERED | CROWDED:
            kind = AuthorisationKind.CONCENTRATION if finding.code in CROWDED else AuthorisationKind.AD_HOC
            standing[kind, carrier].append(_Stop(leg, people_in(finding)))
    return tuple(
        Offer(
            carrier,
            _route([each.leg for each in found]),
            Span(min(each.leg.span.first for each in found), max(each.leg.span.last for each in found)),
            kind,
            max(each.people for each in found),
        )
        for (kind, carrier), found in standing.items()
    )


class _Stop(NamedTuple):
    """A leg with something in its way; *people* were counted on it, 0 = it is about something else."""

    leg: Leg
    people: int


def _route(legs: list[Leg]) -> str:
    pairs = set()
    for leg in legs:
        origin, destination = leg.segment.origin.airport, leg.segment.destination.airport
        pairs.add(route_subject(origin.code, destination.code).key if origin and destination else "")
    return pairs.pop() if len(pairs) == 1 else ""
