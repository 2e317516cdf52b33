"""Routes that are hard to draw, and a small world of airspaces."""

from itertools import pairwise

from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.sketch import Area, Leg, Outline, Place, Sketch
from travelrisk.reference import load_atlas

ROUTES = (
    "FRA ADD NBO",
    "SVO LAX",  # over the pole
    "NAN HNL",  # over 180 degrees, with hardly any land
    "AKL SCL",  # the far south, over 180 degrees
    "LHR HND",
    "NRT LAX",
    "HEL NRT",
    "SCL SYD",
    "JFK HKG",  # past the pole itself
    "GRU GRU",
    "GVA ZRH",
    "LHR SIN SYD LAX LHR",  # round the world
    "GRU NBO SIN HNL GRU",  # round its middle
    "MAD WLG",  # nearly opposite each other
)


def place(code: str, verdict: Verdict | None = None) -> Place:
    airport = load_atlas().airport(code)
    assert airport is not None
    return Place(code, airport.city, airport.longitude, airport.latitude, verdict)


def route(codes: str, *areas: Area, verdict: Verdict | None = None) -> Sketch:
    stops = codes.split()
    legs = tuple(Leg(one, two, (), verdict) for one, two in pairwise(stops))
    return Sketch(tuple(place(each) for each in dict.fromkeys(stops)), legs, areas)


def box(west: float, south: float, east: float, north: float) -> Outline:
    return (west, south), (east, south), (east, north), (west, north)


def area(key: str, outline: Outline, verdict: Verdict | None, **more: bool) -> Area:
    return Area(key, key.title(), (outline,), verdict, **more)


AREAS = (
    area("TRIPOLI", box(10, 22, 25, 34), Verdict.NOT_CLEARED, passed=True),
    area("CAIRO", box(25, 22, 36, 34), Verdict.CONDITIONAL),
    area("KHARTOUM", box(22, 9, 36, 22), Verdict.REVIEW, approximate=True, passed=True),
    area("ADDIS", box(36, 4, 44, 14), Verdict.CLEARED, passed=True),
    area("NAIROBI", box(34, -4, 41, 4), None),
)
OPPOSITE = Sketch(
    (Place("AAA", "Alpha", -60, -3), Place("BBB", "Bravo", 120, 3)), (Leg("AAA", "BBB", (), Verdict.REVIEW),)
)
