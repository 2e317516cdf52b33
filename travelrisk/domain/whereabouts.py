"""Where a traveller is expected: the flights of an itinerary, the stays between them, and how sure that is.

An itinerary says what was booked, never where anybody is. So a spell is *expected* at the moments at which
the booking leaves no doubt, and *possible* at all others at which it may be so: where only a day is known,
where an arrival is not stated, where nobody says how the traveller gets from one airport to another, before
the first departure and after the last arrival. Nobody who may be there is left out; who only may be is told
apart.

Moments are in UTC, so that nights, zones and the date line need no rule of their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from travelrisk.domain.codes import FlightNumber, bare_number
from travelrisk.domain.concentration import own_number
from travelrisk.domain.itineraries import Itinerary, Moment, Place, Segment, Status
from travelrisk.domain.places import Airport
from travelrisk.domain.settling.clocks import read_clock, zone_named

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
FAR_AHEAD: Final = datetime.max.replace(tzinfo=UTC)
LINGERS: Final = timedelta(days=30)
"""How long after the last arrival of a one-way journey somebody may still be there: as long as it is kept."""

_EARLY: Final = timedelta(hours=3)  # at the airport before the first departure, and after coming home
_LONGEST: Final = timedelta(hours=24)  # in the air, stops included, where one end is not known
_EAST: Final = timedelta(hours=14)  # where a day begins first
_WEST: Final = timedelta(hours=12)
_DAY: Final = timedelta(days=1)
_UNCONFIRMED: Final = frozenset({Status.WAITLIST, Status.REQUESTED, Status.OPEN})


class Span(NamedTuple):
    """From one moment to another, both included; both are aware."""

    since: datetime
    until: datetime

    def meets(self, other: "Span") -> bool:
        """Say whether they have a moment in common."""
        return self.since <= other.until and other.since <= self.until


ALWAYS: Final = Span(LONG_AGO, FAR_AHEAD)


class Certainty(StrEnum):
    """How far a booking can say it: ``expected`` without a doubt, ``possible`` with one. Never a fact."""

    EXPECTED = "expected"
    POSSIBLE = "possible"


class Doubt(StrEnum):
    """Why a spell is only possible, or only for a part of its time."""

    TIME = "time"  # a departure or arrival has no time, or no day
    PLACE = "place"  # it is not known which airport that is
    GAP = "gap"  # the next flight leaves from another airport
    ORDER = "order"  # the next flight leaves before this one has arrived
    BOOKING = "booking"  # a seat is not confirmed
    BEFORE = "before"  # may be at the airport already: nothing is booked before the first departure
    AFTER = "after"  # nothing is booked after this arrival
    STOP = "stop"  # on the ground on the way, at a time that is not known
    NUMBER = "number"  # the number of the operating carrier is not known


@dataclass(frozen=True, slots=True)
class Spell:
    """A flight, or a stay between two.

    Attributes:
        possible: it lasts no longer than this.
        expected: it lasts at least so long; None = at no moment without a doubt.
        airports: where that is: of a stay, every airport it may be; of a flight, its ends.
        segment: of a stay, the flight that led there; before the first departure, the one that leaves.
        doubts: what is not known, sorted.
    """

    possible: Span
    expected: Span | None
    airports: tuple[Airport, ...]
    segment: Segment
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Stay(Spell):
    """On the ground, at an airport or anywhere it leads to."""


@dataclass(frozen=True, slots=True)
class Flight(Spell):
    """On the way, by air or, where a booking has that, by rail or bus; *departs* is between these moments."""

    departs: Span = ALWAYS


class Sighting(NamedTuple):
    """A spell that answers a question, and how sure the answer is."""

    spell: Spell
    certainty: Certainty


class _Move(NamedTuple):
    segment: Segment
    departs: Span
    arrives: Span


def spells(itinerary: Itinerary) -> tuple[Spell, ...]:
    """Return what an itinerary says of where its travellers are, in its order; cancelled flights say nothing.

    Source:
        Only what is booked. Two flights that contradict one another both stand, each with its doubt.
    """
    moves = _moves([each for each in itinerary.segments if each.status is not Status.CANCELLED])
    if not moves:
        return ()
    between = [_between(one, other) for one, other in pairwise(moves)]
    stays = [*between, _after(moves)]
    told = [
        _before(moves[0]),
        *(each for pair in zip(map(_flight, moves), stays, strict=True) for each in pair),
    ]
    return tuple(told)


def at(found: Iterable[Spell], airports: frozenset[str], window: Span) -> tuple[Sighting, ...]:
    """Return the spells on the ground at any of these airports at some moment of *window*.

    A stay that may be elsewhere too is only possible; so is a stop on the way.
    """
    return tuple(filter(None, (_at(each, airports, window) for each in found)))


def leaving(
    found: Iterable[Spell], window: Span, airports: frozenset[str] | None = None
) -> tuple[Sighting, ...]:
    """Return the flights that depart in *window*; *airports* are where from, None = anywhere."""
    return tuple(filter(None, (_leaving(each, window, airports) for each in found)))


def on_flight(
    found: Iterable[Spell], icaos: frozenset[str], wanted: FlightNumber, when: date | Span
) -> tuple[Sighting, ...]:
    """Return the flights that are sold, or flown, under this number on a day or at some moment of a time.

    Args:
        found: of one itinerary.
        icaos: designators of the carriers that the number may be of.
        wanted: the number.
        when: local day where it departs, or a time in which it is on its way; a flight without a day may
            be of any.
    """
    number = wanted.number + wanted.suffix
    named = [each for each in _flights(found) if _is_called(each.segment, icaos, number)]
    return tuple(
        Sighting(each, _certain(each) if each.segment.departs.day else Certainty.POSSIBLE)
        for each in named
        if each.segment.departs.day is None or _flies(each, when)
    )


def may_be_flown_by(found: Iterable[Spell], icaos: frozenset[str], when: date | Span) -> tuple[Sighting, ...]:
    """Return the flights of then that one of the carriers may operate under a number nobody stated."""
    return tuple(
        Sighting(replace(each, doubts=(*each.doubts, Doubt.NUMBER)), Certainty.POSSIBLE)
        for each in _flights(found)
        if each.segment.departs.day is not None
        and _flies(each, when)
        and not own_number(each.segment)
        and icaos & {carrier.icao for carrier in each.segment.operators}
    )


def flight_on(found: Iterable[Spell], segment: Segment) -> Flight | None:
    """Return the flight that a segment of the same itinerary is."""
    return next((each for each in _flights(found) if each.segment == segment), None)


def _flights(found: Iterable[Spell]) -> Iterator[Flight]:
    return (each for each in found if isinstance(each, Flight))


def _flies(flight: Flight, when: date | Span) -> bool:
    return flight.possible.meets(when) if isinstance(when, Span) else flight.segment.departs.day == when


def _is_called(segment: Segment, icaos: frozenset[str], number: str) -> bool:
    marketing, operating = segment.marketing, segment.operating
    sellers = {each.icao for each in (marketing.carrier, *marketing.candidates) if each is not None}
    flyers = {each.icao for each in segment.operators}
    sold = bool(sellers & icaos) and bare_number(marketing.number) == number
    return sold or (bool(flyers & icaos) and bare_number(operating.number) == number)


def _at(spell: Spell, airports: frozenset[str], window: Span) -> Sighting | None:
    if isinstance(spell, Flight):
        stops = {each.code for stop in spell.segment.stops for each in stop.possible}
        if not stops & airports or not spell.possible.meets(window):
            return None
        return Sighting(replace(spell, doubts=(*spell.doubts, Doubt.STOP)), Certainty.POSSIBLE)
    codes = {each.code for each in spell.airports}
    if not codes & airports or not spell.possible.meets(window):
        return None
    is_sure = codes <= airports and spell.expected is not None and spell.expected.meets(window)
    return Sighting(spell, Certainty.EXPECTED if is_sure else Certainty.POSSIBLE)


def _leaving(spell: Spell, window: Span, airports: frozenset[str] | None) -> Sighting | None:
    if not isinstance(spell, Flight) or not spell.departs.meets(window):
        return None
    codes = {each.code for each in spell.segment.origin.possible}
    if airports is not None and not codes & airports:
        return None
    inside = window.since <= spell.departs.since and spell.departs.until <= window.until
    is_there = airports is None or codes <= airports
    return Sighting(spell, _certain(spell) if inside and is_there else Certainty.POSSIBLE)


def _certain(flight: Flight) -> Certainty:
    return Certainty.POSSIBLE if Doubt.BOOKING in flight.doubts else Certainty.EXPECTED


def _moves(segments: Sequence[Segment]) -> list[_Move]:
    """Return each segment with the moments between which it departs and arrives, as far as others tell."""
    moves: list[_Move] = []
    for each in segments:
        departs, arrives = _span(each.departs, each.origin), _span(each.arrives, each.destination)
        if departs is None and arrives is not None:
            departs = Span(_earlier(arrives.since, _LONGEST), arrives.until)
        if arrives is None and departs is not None:
            arrives = Span(departs.since, _later(departs.until, _LONGEST))
        moves.append(_Move(each, departs or ALWAYS, arrives or ALWAYS))
    return moves


def _span(moment: Moment, place: Place) -> Span | None:
    """Return between which moments it is; None where not even a day is known."""
    if moment.utc is not None:
        return Span(moment.utc, moment.utc)
    if moment.day is None:
        return None
    if moment.local is not None:
        first = last = moment.local
    else:
        first = datetime.combine(moment.day, time())
        last = datetime.combine(moment.day, time.max)
    zones = {moment.zone} if moment.zone else {each.zone for each in place.possible}
    known = [zone for zone in map(zone_named, zones) if zone is not None]
    if not known or len(known) < len(zones):
        return Span(_earlier(first.replace(tzinfo=UTC), _EAST), _later(last.replace(tzinfo=UTC), _WEST))
    return Span(
        min(read_clock(first, zone).utc for zone in known),
        max(read_clock(last, zone).later for zone in known),
    )


def _earlier(moment: datetime, by: timedelta) -> datetime:
    return max(moment, LONG_AGO + by) - by


def _later(moment: datetime, by: timedelta) -> datetime:
    return min(moment, FAR_AHEAD - by) + by


def _made(one: Span, other: Span) -> tuple[Span, Span | None, bool]:
    """Return how long it lasts that begins within *one* and ends within *other*, and whether they agree."""
    possible = Span(min(one.since, other.since), max(one.until, other.until))
    expected = Span(one.until, other.since) if one.until <= other.since else None
    return possible, expected, one.since <= other.until


def _flight(move: _Move) -> Flight:
    segment = move.segment
    possible, expected, _ = _made(move.departs, move.arrives)
    ends = (*segment.origin.possible, *segment.destination.possible)
    doubts = set(_of_booking(segment) | _of_times(move.departs, move.arrives) | _of_places(*_ends(segment)))
    is_sure = Doubt.BOOKING not in doubts
    return Flight(possible, expected if is_sure else None, ends, segment, _sorted(doubts), move.departs)


def _between(one: _Move, other: _Move) -> Stay:
    possible, expected, agree = _made(one.arrives, other.departs)
    here, there = one.segment.destination, other.segment.origin
    doubts = _of_booking(one.segment) | _of_booking(other.segment) | _of_times(one.arrives, other.departs)
    doubts |= _of_places(here, there)
    if {each.code for each in here.possible} != {each.code for each in there.possible}:
        doubts |= {Doubt.GAP}
    if not agree:
        doubts |= {Doubt.ORDER}
    airports = tuple(dict.fromkeys((*here.possible, *there.possible)))
    is_sure = agree and here.possible and there.possible and Doubt.BOOKING not in doubts
    return Stay(possible, expected if is_sure else None, airports, one.segment, _sorted(doubts))


def _before(first: _Move) -> Stay:
    span = Span(_earlier(first.departs.since, _EARLY), first.departs.until)
    doubts = {Doubt.BEFORE} | _of_places(first.segment.origin)
    return Stay(span, None, first.segment.origin.possible, first.segment, _sorted(doubts))


def _after(moves: Sequence[_Move]) -> Stay:
    """Return what follows the last arrival: of a one-way journey, that nobody knows when it goes on."""
    last = moves[-1]
    lasts = _EARLY if _comes_home(moves) else LINGERS
    span = Span(last.arrives.since, _later(last.arrives.until, lasts))
    doubts = {Doubt.AFTER} | _of_booking(last.segment) | _of_places(last.segment.destination)
    return Stay(span, None, last.segment.destination.possible, last.segment, _sorted(doubts))


def _comes_home(moves: Sequence[_Move]) -> bool:
    """Say whether the journey ends in the city where it began, as far as both are known."""
    ends = (moves[0].segment.origin.possible, moves[-1].segment.destination.possible)
    cities = [{(each.country.code, each.city_code or each.code) for each in airports} for airports in ends]
    return len(cities[0]) == 1 and cities[0] == cities[1]


def _ends(segment: Segment) -> tuple[Place, Place]:
    return segment.origin, segment.destination


def _of_booking(segment: Segment) -> set[Doubt]:
    return {Doubt.BOOKING} if segment.status in _UNCONFIRMED else set()


def _of_times(*known: Span) -> set[Doubt]:
    return {Doubt.TIME} if any(each.since != each.until for each in known) else set()


def _of_places(*known: Place) -> set[Doubt]:
    return {Doubt.PLACE} if any(len(each.possible) != 1 for each in known) else set()


def _sorted(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    return tuple(sorted(doubts))
