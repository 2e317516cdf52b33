"""What is drawn: places, the legs between them, and airspaces, as plain values."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.verdicts import Verdict

Degrees = tuple[float, float]
"""Longitude and latitude, east and north positive."""

Outline = tuple[Degrees, ...]
"""A ring; its edges are arcs of great circles, and it may run over 180 degrees or round a pole."""


class Place(NamedTuple):
    """An airport or a city: *verdict* is what is thought of it, None where nothing is."""

    code: str
    name: str
    lon: float
    lat: float
    verdict: Verdict | None = None


class Leg(NamedTuple):
    """A flight: codes of its places, with the stops between them in their order."""

    start: str
    end: str
    stops: tuple[str, ...] = ()
    verdict: Verdict | None = None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The places it flies between without landing, in order."""
        codes = (self.start, *self.stops, self.end)
        return tuple(pairwise(codes))


class Area(NamedTuple):
    """An airspace.

    Attributes:
        outlines: rings of all its polygons, holes too; a point is inside where an odd number of them hold it.
        approximate: whether the outline stands for one that nobody drew exactly.
        passed: whether a direct track of the sketch passes it, by whoever works that out.
    """

    key: str
    name: str
    outlines: tuple[Outline, ...]
    verdict: Verdict | None = None
    approximate: bool = False
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """A route to be drawn; *title* is made of its places where it is not given.

    Raises:
        BadInputError: there is no place, two have the same code, a leg names one that is not there, or one
            lies nowhere on the globe.
    """

    places: tuple[Place, ...]
    legs: tuple[Leg, ...] = ()
    areas: tuple[Area, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        codes = [place.code for place in self.places]
        if not codes or len(set(codes)) < len(codes):
            raise BadInputError("a sketch needs at least one place, and each place once")
        for code in (code for leg in self.legs for code in (leg.start, *leg.stops, leg.end)):
            if code not in codes:
                raise BadInputError(f"a leg names {code}, which is none of the places of the sketch")
        for place in self.places:
            if not (abs(place.lon) <= 180 and abs(place.lat) <= 90):  # noqa: PLR2004 - degrees of the globe
                raise BadInputError(f"{place.code} lies nowhere: longitude {place.lon}, latitude {place.lat}")
