"""The effect of one change, found by index, beside screening everybody whose journey is not over.

``python -m benchmarks effect --itineraries 1000000`` makes a store of a million: 6.4 GB, 15 minutes.
``--database`` takes the URL of an empty PostgreSQL database instead of a file of SQLite.
"""

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, insert, text

from benchmarks.world import AT
from travelrisk.domain.carriers import Carrier
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
from travelrisk.domain.places import Airport
from travelrisk.domain.ratings import Level, Rating, Subject, SubjectKind
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application, Facts
from travelrisk.services.effect import journeys, preview, since
from travelrisk.store import ratings, schema, segments, tables
from travelrisk.store.database import engine_for, reading, writing
from travelrisk.store.shapes import canonical, sha256

ITINERARIES = 20_000
SHAPES = 5_000  # different itineraries; each is stored many times over
SHARE = 0.005  # of the segments, flown by the carrier whose rating changes
CARRIERS, AIRPORTS = 300, 600
PREVIEWS = 5  # in each round, beside one screening of everybody
ROUNDS, MANY = 3, 100_000  # of more itineraries than that, one round
_AT_ONCE = 5_000
_DAYS = (-365, 300)  # first departures, from today


def measure(itineraries: int = ITINERARIES, database: str = "") -> dict[str, float | int | str]:
    """Fill a store, then take turns between the preview and screening everybody."""
    with _store(database) as (engine, url):
        world = _World()
        begun = perf_counter()
        with writing(engine) as c:
            ratings.publish(c, opened=world.ratings, closed=(), actor="benchmark", note="all", at=AT)
        _fill(engine, world, itineraries)
        filled = perf_counter() - begun
        facts = Facts(base_url="https://travelrisk.example.org", mail_from="travelrisk@example.org")
        app = Application(engine, load_atlas(), load_book(), load_policy(), lambda: AT, facts)
        return {
            "database": engine.dialect.name,
            "itineraries stored": itineraries,
            "seconds to fill": round(filled, 1),
            **_size(url),
            **_compared(app, world.change, ROUNDS if itineraries <= MANY else 1),
        }


def _compared(app: Application, change: Change, rounds: int) -> dict[str, float | int | str]:
    found = preview(app, change)
    by_index, whole, searched = [], [], []
    for _ in range(rounds):
        begun = perf_counter()
        for _ in range(PREVIEWS):
            preview(app, change)
        by_index.append((perf_counter() - begun) / PREVIEWS)
        begun = perf_counter()
        screened = _screen_everybody(app)
        whole.append(perf_counter() - begun)
        searched.append(_search(app))
    return {
        "itineraries not over": screened,
        "screened by the preview": found.screened,
        "itineraries that change": found.itineraries,
        "ratio to screening everybody once (median)": round(
            median(b / a for a, b in zip(by_index, whole, strict=True)), 1
        ),
        "share of the search in the preview": round(min(searched) / min(by_index), 3),
        "preview, s (min)": round(min(by_index), 3),
        "search in the index, ms (min)": round(min(searched) * 1000, 1),
        "screening everybody, s (min)": round(min(whole), 2),
    }


def _screen_everybody(app: Application) -> int:
    """Judge each journey once, by the ratings in force; the preview judges its own twice."""
    with reading(app.engine) as c:
        snapshot, count = app.shelf.newest(c), 0
        for journey in journeys(c, segments.upcoming(c, since(AT))):
            screen(journey.itinerary, snapshot, app.policy.policy, AT)
            count += 1
    return count


def _search(app: Application) -> float:
    wanted = [Subject(SubjectKind.CARRIER, _World.middling)]
    with reading(app.engine) as c:
        begun = perf_counter()
        segments.touched(
            c, wanted, since(AT), operators_of=app.book.of_state, airports_in=app.atlas.airports_in
        )
        return perf_counter() - begun


class _World:
    """Carriers, airports and journeys between them, the same each time."""

    middling = "ETH"

    def __init__(self) -> None:
        self._random = Random(2026)  # noqa: S311 - the same world each time
        book, atlas = load_book(), load_atlas()
        rated = {each.icao for code in _codes() for each in book.find(code, AT.date())}
        (self._middling,) = (each for each in book.ever(self.middling) if each.icao == self.middling)
        self._carriers = [book.ever(icao)[0] for icao in sorted(rated - {self.middling})[:CARRIERS]]
        countries = sorted({carrier.state.code for carrier in self._carriers})
        codes = sorted(code for country in countries for code in atlas.airports_in(country))
        found = (atlas.airport(code) for code in self._random.sample(codes, AIRPORTS))
        self._airports = [airport for airport in found if airport is not None]
        carriers = [*self._carriers, self._middling]
        self.ratings = [
            *(_rating(SubjectKind.CARRIER, each.icao) for each in carriers),
            *(_rating(SubjectKind.AIRPORT, each.code) for each in self._airports),
        ]
        before = next(each for each in self.ratings if each.subject.key == self.middling)
        worse = replace(before, id=f"{before.id}:2", level=Level.NOT_RECOMMENDED)
        self.change = Change((worse,), (before,), 0)

    def itinerary(self) -> Itinerary:
        """Make a journey of two segments, or three, connected."""
        random = self._random
        day = AT.date() + timedelta(days=random.randint(*_DAYS))
        places = random.sample(self._airports, random.choice((2, 3)))
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
        return self._carriers[min(int(self._random.expovariate(1 / 60)), len(self._carriers) - 1)]


def _codes() -> Iterator[str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return (f"{one}{other}" for one in letters for other in letters)


def _rating(kind: SubjectKind, key: str) -> Rating:
    first = AT.date() - timedelta(days=700)
    return Rating(
        f"{kind.value}-{key}".lower(), Subject(kind, key), Level.RECOMMENDED, first, None, "benchmark", first
    )


def _fill(engine: Engine, world: _World, count: int) -> None:
    shapes = [world.itinerary() for _ in range(min(SHAPES, count))]
    made = [(canonical(shape), [row._asdict() for row in segments.rows_of(shape)]) for shape in shapes]
    for start in range(0, count, _AT_ONCE):
        with writing(engine) as c:
            _add(c, range(start + 1, min(start + _AT_ONCE, count) + 1), made)
    with writing(engine) as c:
        c.execute(text("ANALYZE"))


def _add(c: Connection, numbers: Sequence[int], made: Sequence[tuple[str, list[dict[str, Any]]]]) -> None:
    drawn = [(number, made[number % len(made)]) for number in numbers]
    c.execute(insert(tables.trips), [_trip(number) for number in numbers])
    c.execute(insert(tables.itineraries), [_itinerary(number, body) for number, (body, _) in drawn])
    rows = ((number, seq, row) for number, (_, own) in drawn for seq, row in enumerate(own))
    c.execute(
        insert(tables.segments), [{"itinerary_id": number, "seq": seq, **row} for number, seq, row in rows]
    )


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


def _size(url: str) -> dict[str, float]:
    path = Path(url.removeprefix("sqlite:///"))
    return {"file, MB": round(path.stat().st_size / 1e6)} if url.startswith("sqlite:") else {}


@contextmanager
def _store(database: str) -> Iterator[tuple[Engine, str]]:
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/effect.db"
        schema.upgrade(url)
        engine = engine_for(url)
        try:
            yield engine, url
        finally:
            engine.dispose()
