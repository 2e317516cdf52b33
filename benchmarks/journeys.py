"""A store full of journeys, the same each time: what effect and queue are measured on."""

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, product
from random import Random
from string import ascii_uppercase
from typing import Any

from sqlalchemy import Connection, Engine, insert, text

from benchmarks.world import AT
from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.changes import Change
from travelrisk.domain.itineraries import (
    Basis,
    Itinerary,
    Marketing,
    Moment,
    Operating,
    Outcome,
    Place,
    Segment,
    Status,
    Traveller,
)
from travelrisk.domain.places import Airport, Country
from travelrisk.domain.ratings import Level, Rating, Subject, SubjectKind
from travelrisk.reference import load_atlas, load_book
from travelrisk.store import schema, segments, tables
from travelrisk.store.database import engine_for, writing
from travelrisk.store.shapes import canonical, sha256

SHAPES = 5_000  # different itineraries; each is stored many times over
SHARE = 0.005  # of the segments, flown by the carrier whose rating changes
CARRIERS, AIRPORTS = 300, 600
DAYS = (-365, 300)  # first departures, from today
_AT_ONCE = 5_000


class World:
    """Carriers, airports and journeys between them, the same each time."""

    middling = "ETH"

    def __init__(self, carriers: int = CARRIERS, days: tuple[int, int] = DAYS) -> None:
        self._count, self._days = carriers, days
        self._random = Random(2026)  # noqa: S311 - the same world each time
        book, atlas = load_book(), load_atlas()
        rated = {each.icao for code in _codes() for each in book.find(code, AT.date())}
        (self._middling,) = (each for each in book.ever(self.middling) if each.icao == self.middling)
        known = [book.ever(icao)[0] for icao in sorted(rated - {self.middling})[:carriers]]
        countries = sorted({carrier.state.code for carrier in known})
        self._carriers = [*known, *islice(_invented(book, known[0].state), carriers - len(known))]
        codes = sorted(code for country in countries for code in atlas.airports_in(country))
        found = (atlas.airport(code) for code in self._random.sample(codes, AIRPORTS))
        self.airports = [airport for airport in found if airport is not None]
        self.ratings = [
            *(_rating(SubjectKind.CARRIER, each.icao) for each in (*self._carriers, self._middling)),
            *(_rating(SubjectKind.AIRPORT, each.code) for each in self.airports),
        ]
        before = next(each for each in self.ratings if each.subject.key == self.middling)
        worse = replace(before, id=f"{before.id}:2", level=Level.NOT_RECOMMENDED)
        self.change = Change((worse,), (before,), 0)

    def itinerary(self) -> Itinerary:
        """Make a journey of two segments, or three, connected."""
        random = self._random
        day = AT.date() + timedelta(days=random.randint(*self._days))
        places = random.sample(self.airports, random.choice((2, 3)))
        segments_ = []
        for origin, destination in zip(places, [*places[1:], places[0]], strict=True):
            segments_.append(self._segment(origin, destination, day))
            day += timedelta(days=random.randint(1, 10))
        return Itinerary(
            tuple(segments_),
            (Traveller("GREEN/ALICE MS", "Green", "Alice"),),
            outcome=Outcome.COMPLETE,
            context_date=AT.date(),
        )

    def _segment(self, origin: Airport, destination: Airport, day: date) -> Segment:
        flies = self._carrier()
        sells = flies if self._random.randrange(5) else self._carrier()
        return Segment(
            Marketing(sells.code, "590", "", sells),
            Operating(flies.code, "590", flies.name, Basis.STATED, flies),
            Place(origin.code, origin),
            Place(destination.code, destination),
            Moment(day),
            Moment(day),
            status=Status.HELD,
            source="1 XX 590 Y 12MAR AAABBB HK1 1010 1950",
        )

    def _carrier(self) -> Carrier:
        if self._random.random() < SHARE:
            return self._middling
        return self._carriers[min(int(self._random.expovariate(5 / self._count)), len(self._carriers) - 1)]


def _codes() -> Iterator[str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return (f"{one}{other}" for one in letters for other in letters)


def _invented(book: CarrierBook, state: Country) -> Iterator[Carrier]:
    """Give carriers that the book does not hold: it has some hundreds, and more are asked for."""
    designators = ("".join(letters) for letters in product("QXZ", ascii_uppercase, ascii_uppercase))
    return (Carrier(each, "", f"Carrier {each}", state) for each in designators if not book.ever(each))


def _rating(kind: SubjectKind, key: str) -> Rating:
    first = AT.date() - timedelta(days=700)
    return Rating(
        f"{kind.value}-{key}".lower(), Subject(kind, key), Level.RECOMMENDED, first, None, "benchmark", first
    )


def fill(engine: Engine, world: World, count: int) -> None:
    """Store so many itineraries of the world, each the only one of its trip, and their index."""
    shapes = [world.itinerary() for _ in range(min(SHAPES, count))]
    made = [(canonical(shape), segments.entry_of(shape)) for shape in shapes]
    for start in range(0, count, _AT_ONCE):
        with writing(engine) as c:
            _add(c, range(start + 1, min(start + _AT_ONCE, count) + 1), made)
    _tidy(engine)


def _tidy(engine: Engine) -> None:
    """Leave the store as it is after a while: PostgreSQL vacuums by itself, in time."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
        c.execute(text("VACUUM ANALYZE" if c.dialect.name == "postgresql" else "ANALYZE"))


def _add(c: Connection, numbers: Sequence[int], made: Sequence[tuple[str, segments.Entry]]) -> None:
    drawn = [(number, made[number % len(made)]) for number in numbers]
    c.execute(insert(tables.trips), [_trip(number) for number in numbers])
    c.execute(insert(tables.itineraries), [_itinerary(number, body) for number, (body, _) in drawn])
    segments.enter(c, ((number, entry) for number, (_, entry) in drawn))


def _trip(number: int) -> dict[str, Any]:
    token = secrets.token_urlsafe(16)
    return {
        "id": number,
        "reference": f"TR-{number:07d}",
        "token": token,
        "token_sha256": sha256(token),
        "contact": f"alice{number % 200_000}@example.org",
        "language": "en",
        "created_at": AT,
        "office": f"OFFICE-{number % 150}",
    }


def _itinerary(number: int, body: str) -> dict[str, Any]:
    return {
        "id": number,
        "trip_id": number,
        "original": None,
        "position": 0,
        "content_sha256": sha256(f"{number} {body[:40]}"),
        "body": body,
        "added_at": AT,
    }


@contextmanager
def store(database: str) -> Iterator[tuple[Engine, str]]:
    """Give an empty store, and its URL: the database that is given, or else a file that goes afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/journeys.db"
        schema.upgrade(url)
        engine = engine_for(url)
        try:
            yield engine, url
        finally:
            engine.dispose()
