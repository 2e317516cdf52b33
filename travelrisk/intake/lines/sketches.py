"""A sketch of a segment: what has been found of it so far, and the segment it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.domain.itineraries import Mode, Status
from travelrisk.intake.words.spots import Spot
from travelrisk.intake.words.tokens import OPEN, Flight, Token

_LONGEST_SOURCE = 200
_RAIL_WORDS = ("train", "zug", "tren", "treno", "bus", "rail")


@dataclass(slots=True)
class Sketch:
    """A segment that is being put together.

    Attributes:
        heading: the day over its line and others, which holds where it has none of its own.
        is_past_heading: it may fly on a later day than that.
    """

    is_back: bool = False
    is_round: bool = False
    goes_to_arrival: bool = False
    flight: Flight | None = None
    origin: Spot | None = None
    destination: Spot | None = None
    stops: list[Spot] = field(default_factory=list)
    departs: DraftTime = DraftTime()
    arrives: DraftTime = DraftTime()
    operator: str = ""
    heading: DraftTime | None = None
    is_past_heading: bool = False
    tokens: list[Token] = field(default_factory=list)

    @property
    def has_pair(self) -> bool:
        """Say whether both places are known."""
        return self.origin is not None and self.destination is not None

    @property
    def has_spot(self) -> bool:
        """Say whether a place is known."""
        return self.origin is not None or self.destination is not None

    @property
    def is_begun(self) -> bool:
        """Say whether a flight or a place is known."""
        return self.flight is not None or self.has_spot

    def mentions(self, spot: Spot, *, is_alone: bool = False) -> bool:
        """Say whether a labelled line only repeats a place of this segment: ``From: Frankfurt (FRA)``.

        A place alone on its line (*is_alone*) may repeat the origin without a word before it.
        """
        if not self.has_pair:
            return False
        is_origin = spot.role == "from" or (is_alone and self._is_unlabelled(spot))
        is_destination = spot.role == "to" or (self.goes_to_arrival and not spot.role)
        return (is_origin and _is_same_place(self.origin, spot)) or (
            is_destination and _is_same_place(self.destination, spot)
        )

    def take_again(self, spot: Spot) -> None:
        """Keep the code that a repeated place brings along."""
        if spot.role == "from" or self._is_unlabelled(spot):
            self.origin = spot if spot.code else self.origin
        else:
            self.destination = spot if spot.code else self.destination

    def _is_unlabelled(self, spot: Spot) -> bool:
        return not spot.role and not self.goes_to_arrival

    @property
    def has_date(self) -> bool:
        """Say whether the departure has a date, or words that stand for one."""
        return self.departs.day is not None or self.departs.instant is not None or bool(self.departs.text)


def _is_same_place(known: Spot | None, spot: Spot) -> bool:
    if known is None:
        return False
    if known.code and spot.code:
        return known.code == spot.code
    if not known.name:
        return False
    # A title flies to Nairobi, and the line under it says which airport: NBO.
    return folded(known.name) == folded(spot.name) or (not known.code and folded(known.name) in spot.cities)


def joined(day: DraftTime, clock: DraftTime) -> DraftTime:
    """Return the date of one and the clock of the other, unless the date brings its own."""
    if day.clock is not None or day.instant is not None:
        return day
    return replace(day, clock=clock.clock, zone=clock.zone, day_shift=clock.day_shift)


def under_heading(sketch: Sketch, before: Sketch | None) -> Sketch:
    """Give a flight the day over it, where it surely holds; return the flight, for the one below it.

    It holds no longer once a flight has another day or arrives on one, or where the clock goes back. When a
    return flies that is only spoken of, nobody says.
    """
    if before and before.heading is sketch.heading:
        sketch.is_past_heading = before.is_past_heading or not _goes_on(before, sketch)
    if sketch.heading and not (sketch.is_past_heading or sketch.has_date or sketch.is_back):
        sketch.departs = joined(sketch.heading, sketch.departs)
    return sketch


def _goes_on(before: Sketch, sketch: Sketch) -> bool:
    """Say whether a flight may still be on the day of the one above it."""
    arrives = before.arrives
    clocks = [each for each in (before.departs.clock, arrives.clock, sketch.departs.clock) if each]
    is_of_another_day = before.heading is None or before.departs.day != before.heading.day
    return not (is_of_another_day or arrives.day or arrives.day_shift) and clocks == sorted(clocks)


def turn_round(sketch: Sketch, outbound: Sequence[Sketch]) -> None:
    """Give a return its places: the outbound ones the other way round, where they are not stated."""
    if not outbound:
        return
    first, last = outbound[0].origin, outbound[-1].destination
    if len(outbound) > 1 and not sketch.has_spot:
        first = outbound[-1].origin
    stated = sketch.origin or sketch.destination
    if stated and sketch.origin and last and stated.code == last.code:
        sketch.destination = first
    elif (stated and first and stated.code == first.code) or (
        not stated and (sketch.flight or sketch.has_date)
    ):
        sketch.origin, sketch.destination = last, first


def segment_of(sketch: Sketch, text: str) -> DraftSegment:
    """Return the segment that a sketch has become, with the words it was read from."""
    start = min(token.start for token in sketch.tokens)
    end = max(token.end for token in sketch.tokens)
    origin, destination = sketch.origin, sketch.destination
    is_open = sketch.flight is not None and sketch.flight.number == OPEN
    return DraftSegment(
        marketing_code=sketch.flight.carrier if sketch.flight else "",
        marketing_number=sketch.flight.number if sketch.flight and not is_open else "",
        operator=sketch.operator,
        origin=origin.code if origin else "",
        origin_name=origin.name if origin else "",
        destination=destination.code if destination else "",
        destination_name=destination.name if destination else "",
        departs=sketch.departs,
        arrives=sketch.arrives,
        mode=_mode(sketch, text),
        status=Status.OPEN if is_open else Status.UNKNOWN,
        stops=tuple(stop.code or stop.name for stop in sketch.stops),
        source=" ".join(text[start:end].split())[:_LONGEST_SOURCE],
    )


def _mode(sketch: Sketch, text: str) -> Mode:
    """Return ``unknown`` for "train LH 3489": rail and bus have flight numbers too, and somebody must say."""
    if sketch.flight is None:
        return Mode.AIR
    before = text[max(0, sketch.flight.start - 12) : sketch.flight.start].lower().split()
    return Mode.UNKNOWN if before and before[-1].strip(":") in _RAIL_WORDS else Mode.AIR
