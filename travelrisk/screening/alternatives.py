"""Better-rated ways between two places: other carriers on the pair, and ways over one connection.

A way comes from known routes, which are hints, and is judged by the same ``screen`` as every journey, on the
same day and with its operating carriers stated. It is kept only if it would be judged better than what is
booked: than its verdict, and than what is booked would be if nothing of it were open. So whoever only has to
answer a question is offered no other airline.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain, islice, pairwise, product
from typing import NamedTuple

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import NOBODY, Whose
from travelrisk.domain.carriers import Carrier, CarrierClass
from travelrisk.domain.geodesy import distance_km
from travelrisk.domain.itineraries import (
    Basis,
    Itinerary,
    Marketing,
    Mode,
    Moment,
    Operating,
    Outcome,
    Place,
    Segment,
    Status,
)
from travelrisk.domain.network import KnownRoute, Network, Rerouting
from travelrisk.domain.places import Airport
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Level, Snapshot, Subject, SubjectKind
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Leg, legs_of
from travelrisk.screening.engine import screen


class Hop(NamedTuple):
    """One flight of a way, and the route that it was taken from."""

    route: KnownRoute
    origin: Airport
    destination: Airport

    @property
    def carrier(self) -> Carrier:
        """The carrier that would operate it."""
        return self.route.carrier


@dataclass(frozen=True, slots=True)
class Way:
    """Another way between the places of a part, with the judgement on it.

    Attributes:
        extra_km, extra_hours, extra_connections: compared with what is booked, hours by the same estimate;
            below zero = shorter.
        needs_exemption: it is longer than the routing rule allows, or adds a connection.
    """

    hops: tuple[Hop, ...]
    advisory: Advisory
    extra_km: float
    extra_hours: float
    extra_connections: int
    needs_exemption: bool

    @property
    def is_unhas(self) -> bool:
        """Say whether UNHAS flies any of it: judged by its own standards, booked through its focal point."""
        return any(hop.carrier.kind is CarrierClass.UNHAS for hop in self.hops)


@dataclass(frozen=True, slots=True)
class Part:
    """Flights of one direction, one after the other, between known airports on a known day."""

    legs: tuple[Leg, ...]
    origin: Airport
    destination: Airport
    day: date
    verdict: Verdict

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions of its segments in the itinerary."""
        return tuple(leg.position for leg in self.legs)

    @property
    def lengths_km(self) -> tuple[float, ...]:
        """The length of each flight, hidden stops included."""
        return tuple(distance_km(*ends) for leg in self.legs for ends in pairwise(_landings(leg.segment)))


@dataclass(frozen=True, slots=True)
class Ways:
    """The better ways for one part, those of UNHAS apart; *judged* says how many ways were judged for it."""

    part: Part
    others: tuple[Way, ...]
    unhas: tuple[Way, ...]
    judged: int


@dataclass(frozen=True, slots=True)
class Bench:
    """What everything is judged with, ways and bookings alike; see ``screen``."""

    snapshot: Snapshot
    policy: Policy
    at: datetime
    whose: Whose = NOBODY
    known_since: datetime | None = None

    def judge(self, itinerary: Itinerary) -> Advisory:
        """Judge by the one judgement there is."""
        return screen(itinerary, self.snapshot, self.policy, self.at, self.whose, self.known_since)


def parts_of(itinerary: Itinerary, advisory: Advisory, rules: Rerouting) -> tuple[Part, ...]:
    """Return what other ways may be looked for: each direction, then each flight, that is not cleared."""
    judged = [
        leg
        for leg in legs_of(itinerary, advisory.at.date())
        if advisory.segment_verdicts[leg.position] is not None and leg.segment.mode is Mode.AIR
    ]
    directions = [each for each in _directions(judged, rules) if len(each) > 1]
    made = (_part(legs, advisory) for legs in (*directions, *((leg,) for leg in judged)))
    return tuple(part for part in made if part is not None and part.verdict > Verdict.CLEARED)


def alternatives(parts: Sequence[Part], network: Network, bench: Bench) -> tuple[Ways, ...]:
    """Return the better ways for each part that has any, and for those that have none how many were judged.

    Pure, and bounded: of each part the policy says how many ways are judged at most.
    """
    return tuple(_ways(part, network, bench) for part in parts)


def _ways(part: Part, network: Network, bench: Bench) -> Ways:
    rules = bench.policy.rerouting
    was = _as_booked(part, bench)
    found: list[Way] = []
    judged, cleared = 0, 0
    may_help = (
        hops
        for hops in _candidates(part, network, rules)
        if all(_at_best(hop.carrier, bench) < was for hop in hops)
    )
    for hops in islice(may_help, rules.most_judged):
        way = _way(part, hops, bench)
        judged += 1
        if way.advisory.verdict >= was:
            continue
        found.append(way)
        cleared += way.advisory.verdict is Verdict.CLEARED and not way.is_unhas
        if cleared >= rules.most_shown:
            break  # nothing is better, and what would come is longer
    found.sort(key=_order)
    others = tuple(way for way in found if not way.is_unhas)[: rules.most_shown]
    return Ways(part, others, tuple(way for way in found if way.is_unhas)[: rules.most_shown], judged)


def _at_best(carrier: Carrier, bench: Bench) -> Verdict:
    """Return what no flight of a carrier betters, seen without judging: most of a table are not rated."""
    snapshot, policy = bench.snapshot, bench.policy
    is_rated = Subject(SubjectKind.CARRIER, carrier.icao) in snapshot.ratings
    if is_rated or carrier.icao in snapshot.authorisations:
        return Verdict.CLEARED
    own = {CarrierClass.UNHAS: policy.unhas, CarrierClass.CHARTER: policy.charter}
    return own.get(carrier.kind, policy.levels[Level.NOT_RATED])


def _order(way: Way) -> tuple[Verdict, float, tuple[str, ...]]:
    return way.advisory.verdict, way.extra_km, tuple(hop.carrier.icao for hop in way.hops)


def _as_booked(part: Part, bench: Bench) -> Verdict:
    """Return the verdict to be bettered: that of the part, or, where all of it were stated, that one."""
    segments = [leg.segment for leg in part.legs]
    if any(each.operating.carrier is None or each.operating.basis is Basis.UNKNOWN for each in segments):
        return part.verdict
    known = [
        replace(
            each,
            operating=replace(each.operating, basis=Basis.STATED),
            departs=_moment(each.departs.day or part.day, each.origin.airport),
            arrives=Moment(),
            status=Status.UNKNOWN,
            claims=(),
        )
        for each in segments
    ]
    return min(part.verdict, bench.judge(_itinerary(known)).verdict)


def _way(part: Part, hops: tuple[Hop, ...], bench: Bench) -> Way:
    rules = bench.policy.rerouting
    lengths = [distance_km(hop.origin, hop.destination) for hop in hops]
    booked = part.lengths_km
    hours = rules.hours(lengths) - rules.hours(booked)
    connections = len(hops) - len(part.legs)
    return Way(
        hops,
        bench.judge(_itinerary([_segment(hop, part.day) for hop in hops])),
        sum(lengths) - sum(booked),
        hours,
        connections,
        needs_exemption=hours >= rules.limit_hours or connections > 0,
    )


def _candidates(part: Part, network: Network, rules: Rerouting) -> Iterator[tuple[Hop, ...]]:
    """Give other carriers, then ways over one connection, the shortest first; those of one carrier first."""
    origin, destination = part.origin, part.destination
    direct = ((Hop(route, origin, destination),) for route in network.between(origin, destination))
    over = [(hub, _pairs(network, origin, hub, destination)) for hub in _hubs(part, network, rules)]

    def ways(*, of_one: bool) -> Iterator[tuple[Hop, ...]]:
        for hub, pairs in over:
            for first, last in pairs(of_one):
                yield Hop(first, origin, hub), Hop(last, hub, destination)

    for hops in chain(direct, ways(of_one=True), ways(of_one=False)):
        if all(hop.carrier.exists_on(part.day) for hop in hops) and not _is_booked(part, hops):
            yield hops


def _hubs(part: Part, network: Network, rules: Rerouting) -> list[Airport]:
    """Return where a connection makes sense: on the way, and not far behind."""
    origin, destination = part.origin, part.destination
    direct = distance_km(origin, destination)
    found: list[tuple[float, str, Airport]] = []
    for hub in network.hubs(origin, destination):
        left = distance_km(hub, destination)
        length = distance_km(origin, hub) + left
        if length <= rules.most_detour * direct and left <= direct + rules.most_behind_km:
            found.append((length, hub.code, hub))
    return [hub for _, _, hub in sorted(found, key=lambda each: each[:2])]


def _pairs(
    network: Network, origin: Airport, hub: Airport, destination: Airport
) -> Callable[[bool], Iterator[tuple[KnownRoute, KnownRoute]]]:
    first, last = network.between(origin, hub), network.between(hub, destination)
    return lambda of_one: (
        (one, other)
        for one, other in product(first, last)
        if (one.carrier.icao == other.carrier.icao) is of_one
    )


def _is_booked(part: Part, hops: tuple[Hop, ...]) -> bool:
    """Say whether this way is, or may be, what is booked already."""
    if len(hops) != len(part.legs):
        return False
    for hop, leg in zip(hops, part.legs, strict=True):
        segment = leg.segment
        sold = (segment.marketing.carrier,) if segment.marketing.carrier else ()
        ends = (segment.origin.code, segment.destination.code)
        if ends != (hop.origin.code, hop.destination.code) or hop.carrier not in (segment.flyers or sold):
            return False
    return True


def _segment(hop: Hop, day: date) -> Segment:
    carrier = hop.carrier
    return Segment(
        Marketing(carrier.code, carrier=carrier),
        Operating(carrier.code, basis=Basis.STATED, carrier=carrier),
        Place(hop.origin.code, hop.origin),
        Place(hop.destination.code, hop.destination),
        _moment(day, hop.origin),
    )


def _itinerary(segments: Sequence[Segment]) -> Itinerary:
    return Itinerary(tuple(segments), outcome=Outcome.COMPLETE)


def _moment(day: date, airport: Airport | None) -> Moment:
    return Moment(day, zone=airport.zone if airport else "")


def _part(legs: Sequence[Leg], advisory: Advisory) -> Part | None:
    origin, destination = legs[0].segment.origin.airport, legs[-1].segment.destination.airport
    day = legs[0].segment.departs.day
    verdicts = [advisory.segment_verdicts[leg.position] for leg in legs]
    if origin is None or destination is None or day is None or origin.code == destination.code:
        return None
    return Part(tuple(legs), origin, destination, day, max(each for each in verdicts if each is not None))


def _directions(legs: Sequence[Leg], rules: Rerouting) -> list[list[Leg]]:
    """Return flights that follow on one another, until somebody stays, or turns back."""
    found: list[list[Leg]] = []
    for leg in legs:
        if found and _goes_on(found[-1], leg, rules):
            found[-1].append(leg)
        else:
            found.append([leg])
    return found


def _goes_on(before: Sequence[Leg], leg: Leg, rules: Rerouting) -> bool:
    arrived, departs = before[-1].segment, leg.segment
    been = {each.segment.origin.code for each in before}
    if arrived.destination.code != departs.origin.code or departs.destination.code in been:
        return False
    return _stay(arrived, departs) <= timedelta(hours=rules.direction_hours)


def _stay(arrived: Segment, departs: Segment) -> timedelta:
    """Return how long somebody stays, by the days alone where a time is not known."""
    if arrived.arrives.utc is not None and departs.departs.utc is not None:
        return departs.departs.utc - arrived.arrives.utc
    day = arrived.arrives.day or arrived.departs.day
    if day is None or departs.departs.day is None:
        return timedelta.max
    return departs.departs.day - day


def _landings(segment: Segment) -> list[Airport]:
    places = (segment.origin, *segment.stops, segment.destination)
    return [place.airport for place in places if place.airport is not None]
