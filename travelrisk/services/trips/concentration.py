"""A booking breaks a ceiling: the travel unit is told which bookings are on that flight, and nobody else is.

Once for each flight and set of bookings: the letter is written in the transaction that records the advisory.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.concentration import Aboard, flights_of, may_be_one
from travelrisk.domain.itineraries import Segment
from travelrisk.logs import logger
from travelrisk.mail.concentration import Booked, FlightFacts, concentration
from travelrisk.mail.render import Letter
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import Envelope, envelope_to, whom_to_tell
from travelrisk.services.trips.aboard import Company
from travelrisk.store import flights
from travelrisk.store.shapes import sha256
from travelrisk.store.trips import Stored


class Crowded(NamedTuple):
    """A letter about a flight, and what makes it the only one of its kind."""

    key: str
    envelope: Envelope


def told(
    app: Application, journey: Stored, advisory: Advisory, company: Company | None
) -> tuple[Crowded, ...]:
    """Write a letter about each flight of a journey that is still judged and breaks a ceiling."""
    if company is None:
        return ()
    ahead = [each for each in company.aboard if advisory.segment_verdicts[each.position] is not None]
    return tuple(_letters(app, journey, company, ahead))


def queue(app: Application, c: Connection, advisory_id: int, crowded: tuple[Crowded, ...]) -> None:
    """Queue the letters of an advisory, but for those that were written before."""
    for key, envelope in crowded:
        flights.queue(c, key=key, advisory_id=advisory_id, at=app.clock(), **envelope._asdict())


def _letters(app: Application, journey: Stored, company: Company, ahead: list[Aboard]) -> Iterator[Crowded]:
    policy = app.policy.policy
    for each in ahead:
        broken = tuple(policy.concentration.broken(each))
        if not broken:
            continue
        segment = journey.itinerary.segments[each.position]
        together = _together(company, segment)
        booked = [_booked(journey, segment)._replace(is_newest=True), *(_booked(*pair) for pair in together)]
        facts = FlightFacts(
            segment, broken, booked, policy.decides_on_concentration, app.facts.base_url, app.facts.demo
        )
        envelope = _envelope(app, concentration(facts, app.facts.language))
        if envelope is not None:
            trips = sorted(one.reference for one in booked)
            yield Crowded(sha256("|".join((min(flights_of(segment)), str(each.people), *trips))), envelope)


def _together(company: Company, segment: Segment) -> Iterator[tuple[Stored, Segment]]:
    for other in company.others:
        same = next((each for each in other.itinerary.segments if may_be_one(segment, each)), None)
        if same is not None:
            yield other, same


def _booked(journey: Stored, segment: Segment) -> Booked:
    return Booked(journey.trip.reference, journey.trip.office, segment.flight)


def _envelope(app: Application, letter: Letter) -> Envelope | None:
    recipient = whom_to_tell(app.policy.policy)
    if not recipient:
        logger().error("letter.no_address", contact="travel_unit", letter=letter.name)
        return None
    return envelope_to(app, recipient, letter)
