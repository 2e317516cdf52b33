"""Staff of the organisation on one aircraft: which segments are one flight, who is aboard, and the ceilings.

Counted are people on a *physical* flight, whatever numbers it was sold under and however many bookings there
are. Where it is not sure that two segments are one flight, they are counted together: a number too high makes
somebody look, one too low makes nobody look. An assumed operating carrier counts like a stated one.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product
from typing import Final, Literal, NamedTuple

from travelrisk.domain.codes import bare_number, folded
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.itineraries import Itinerary, Place, Segment, Traveller
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict

_CLOCKS_DIFFER: Final = timedelta(minutes=15)
_ONE_DAY: Final = timedelta(days=1)
_LONGEST: Final = 2 * _ONE_DAY  # between the departure of a flight and that from its last stop

Of = Literal["staff", "heads"]
Step = Literal["warn", "block"]


class Booking(NamedTuple):
    """An itinerary with the reference of its trip, and the address its letters go to."""

    itinerary: Itinerary
    trip: str
    contact: str = ""


class Aboard(NamedTuple):
    """How many of our people are booked on the flight at this position, those of this itinerary included."""

    position: int
    people: int
    heads: int


class Broken(NamedTuple):
    """A ceiling, and the number that is above it."""

    of: Of
    step: Step
    number: int
    ceiling: int
    effect: Verdict


@dataclass(frozen=True, slots=True)
class Ceilings:
    """How many may travel on one flight: more than a ceiling breaks it; 0 = there is no such ceiling.

    Attributes:
        warn, block: for all staff. heads_warn, heads_block: for heads of office.
        heads_of_office: their addresses, in small letters.
        warn_verdict, block_verdict: verdict for a segment that breaks such a ceiling.
        approver: who decides then; empty = the focal point.
    """

    warn: int = 0
    block: int = 0
    heads_warn: int = 0
    heads_block: int = 0
    heads_of_office: frozenset[str] = frozenset()
    warn_verdict: Verdict = Verdict.CONDITIONAL
    block_verdict: Verdict = Verdict.REVIEW
    approver: Texts = Texts()

    def __post_init__(self) -> None:
        """Refuse ceilings that would never hold, or hold anybody to less than a review."""
        if self.block_verdict < Verdict.REVIEW:
            raise ConfigurationError("concentration: block_verdict may not be laxer than 'review'")
        if self.warn_verdict > self.block_verdict:
            raise ConfigurationError("concentration: warn_verdict may not be graver than block_verdict")
        for name, warn, block in (
            ("", self.warn, self.block),
            ("heads_", self.heads_warn, self.heads_block),
        ):
            if block and warn >= block:
                raise ConfigurationError(f"concentration: {name}warn must be lower than {name}block")
        if (self.heads_warn or self.heads_block) and not self.heads_of_office:
            raise ConfigurationError("concentration: heads_of_office is empty: list their addresses")

    @property
    def are_on(self) -> bool:
        """Say whether anybody is counted at all."""
        return bool(self.warn or self.block or self.heads_warn or self.heads_block)

    def broken(self, aboard: Aboard) -> Iterator[Broken]:
        """Give the gravest ceiling that is broken, of all staff and of heads of office."""
        staff: tuple[Of, int, int, int] = ("staff", aboard.people, self.warn, self.block)
        heads: tuple[Of, int, int, int] = ("heads", aboard.heads, self.heads_warn, self.heads_block)
        for of, number, warn, block in (staff, heads):
            if block and number > block:
                yield Broken(of, "block", number, block, self.block_verdict)
            elif warn and number > warn:
                yield Broken(of, "warn", number, warn, self.warn_verdict)


def flights_of(segment: Segment) -> frozenset[str]:
    """Return a key (``2026-12-12 ETH FRA-ADD``) for each flight that a segment may be, or be a part of.

    With stops on the way there is one for each pair of its places, because others may board or leave there.
    Empty where the operating carrier, an end or the day is unknown: nobody can be counted on it.
    """
    day, operating = segment.departs.day, segment.operating
    carriers = {each.icao for each in (operating.carrier, *operating.candidates) if each is not None}
    if day is None or not segment.is_judged:
        return frozenset()
    stations = (segment.origin, *segment.stops, segment.destination)
    return frozenset(
        f"{when} {carrier} {origin}-{destination}"
        for (start, one), (_, other) in combinations(enumerate(stations), 2)
        for when in (_days(segment, day) if start else (day,))
        for carrier, origin, destination in product(carriers, _codes(one), _codes(other))
    )


def may_be_one(one: Segment, other: Segment) -> bool:
    """Say whether two segments may be on one flight.

    Two known numbers of the operating carrier decide, even where the times differ, for one of the bookings
    may be older than the timetable. Without them two known times may differ by a quarter of an hour.
    """
    if not flights_of(one) & flights_of(other):
        return False
    numbers = (own_number(one), own_number(other))
    if all(numbers):
        return numbers[0] == numbers[1]
    starts = (one.departs.local, other.departs.local)
    if starts[0] is None or starts[1] is None or not _codes(one.origin) & _codes(other.origin):
        return True  # from a stop on the way it departs at a time that nobody has stated
    return abs(starts[0] - starts[1]) <= _CLOCKS_DIFFER


def aboard(
    booking: Booking, others: Collection[Booking], heads_of_office: frozenset[str]
) -> tuple[Aboard, ...]:
    """Count the people on each flight of a booking; a flight on which nobody can be counted is left out."""
    counted = []
    for position, segment in enumerate(booking.itinerary.segments):
        if flights_of(segment):
            together = (booking, *on_board(segment, others))
            people = frozenset().union(*map(people_of, together))
            heads = frozenset().union(*map(_addresses, together)) & heads_of_office
            counted.append(Aboard(position, len(people), len(heads)))
    return tuple(counted)


def on_board(segment: Segment, others: Collection[Booking]) -> tuple[Booking, ...]:
    """Return those of the bookings that may be on the flight of a segment."""
    return tuple(each for each in others if any(may_be_one(segment, its) for its in each.itinerary.segments))


def people_of(booking: Booking) -> frozenset[str]:
    """Return a key for each person, so that whoever stands in two bookings of one flight counts once.

    A name counts, whatever the order of its parts; then an address, because an agency may give one address
    for all. Two of one name in one booking are two people. A booking that names nobody is one person, the
    same in each copy with its record locator.
    """
    itinerary = booking.itinerary
    if not itinerary.travellers:
        return frozenset({min((each.code for each in itinerary.locators), default=booking.trip)})
    keys = Counter(_name(each) or each.email.casefold() or booking.trip for each in itinerary.travellers)
    return frozenset(f"{key}/{number}" for key, times in keys.items() for number in range(times))


def _name(traveller: Traveller) -> str:
    whole = f"{traveller.given} {traveller.surname}".strip() or traveller.raw_name
    return " ".join(sorted(folded(whole).split()))


def _addresses(booking: Booking) -> frozenset[str]:
    """Return the addresses of those who travel; where not all are known, the contact may be one of them."""
    known = {each.email.casefold() for each in booking.itinerary.travellers}
    if "" in known or not known:
        known.add(booking.contact.casefold())
    return frozenset(known)


def _days(segment: Segment, day: date) -> tuple[date, ...]:
    """Return the days on which it may depart from a stop; an arrival not known may be past midnight."""
    arrives = segment.arrives.day
    span = _ONE_DAY if arrives is None else min(max(arrives - day, timedelta()), _LONGEST)
    return tuple(day + timedelta(each) for each in range(min(span, date.max - day).days + 1))


def _codes(place: Place) -> frozenset[str]:
    return frozenset(airport.code for airport in place.possible)


def own_number(segment: Segment) -> str:
    """Return the number under which the operating carrier itself flies it; empty = unknown."""
    operating, marketing = segment.operating, segment.marketing
    own = operating.number
    if not own and operating.carrier is not None and operating.carrier == marketing.carrier:
        own = marketing.number
    return bare_number(own) or ""
