"""The public shape of other ways: what ``check --alternatives --json`` and the API print."""

from travelrisk.domain.shapes import Shape
from travelrisk.screening.alternatives import Hop, Way, Ways
from travelrisk.screening.explain import finding_shape


def ways_shape(found: Ways) -> Shape:
    """Return the other ways for one part of an itinerary; without any, *judged* says how many there were."""
    part = found.part
    return {
        "segments": list(part.positions),
        "from": part.origin.code,
        "to": part.destination.code,
        "day": part.day.isoformat(),
        "verdict": part.verdict.word,
        "judged": found.judged,
        "ways": [_shape(way) for way in found.others],
        "unhas": [_shape(way) for way in found.unhas],
    }


def _shape(way: Way) -> Shape:
    return {
        "verdict": way.advisory.verdict.word,
        "flights": [_flight(hop) for hop in way.hops],
        "extra_km": round(way.extra_km),
        "extra_hours": round(way.extra_hours, 1),
        "extra_connections": way.extra_connections,
        "needs_exemption": way.needs_exemption,
        "reasons": [finding_shape(each) for each in way.advisory.reasons()],
        "edition": way.advisory.edition,
    }


def _flight(hop: Hop) -> Shape:
    return {
        "operating_carrier": hop.carrier.icao,
        "name": hop.carrier.name,
        "from": hop.origin.code,
        "to": hop.destination.code,
        "known_from": hop.route.learned.value,
        "source": hop.route.source,
        "as_of": hop.route.as_of.isoformat() if hop.route.as_of else None,
    }
