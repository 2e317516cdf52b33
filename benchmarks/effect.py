"""The effect of one change, found by index, beside screening everybody whose journey is not over.

``python -m benchmarks effect --itineraries 1000000`` makes a store of a million: 6.4 GB, 15 minutes.
``--database`` takes the URL of an empty PostgreSQL database instead of a file of SQLite.
"""

from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.journeys import World, fill, store
from benchmarks.world import AT
from travelrisk.domain.changes import Change
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application, Facts
from travelrisk.services.proposals.effect import journeys, preview, since
from travelrisk.services.trips.routes import touched
from travelrisk.store import ratings, segments
from travelrisk.store.database import reading, writing

ITINERARIES = 20_000
PREVIEWS = 5  # in each round, beside one screening of everybody
ROUNDS, MANY = 3, 100_000  # of more itineraries than that, one round


def measure(itineraries: int = ITINERARIES, database: str = "") -> dict[str, float | int | str]:
    """Fill a store, then take turns between the preview and screening everybody."""
    with store(database) as (engine, url):
        world = World()
        begun = perf_counter()
        with writing(engine) as c:
            ratings.publish(c, opened=world.ratings, closed=(), actor="benchmark", note="all", at=AT)
        fill(engine, world, itineraries)
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
    wanted = [Subject(SubjectKind.CARRIER, World.middling)]
    with reading(app.engine) as c:
        begun = perf_counter()
        touched(app, c, wanted, since(AT))
        return perf_counter() - begun


def _size(url: str) -> dict[str, float]:
    path = Path(url.removeprefix("sqlite:///"))
    return {"file, MB": round(path.stat().st_size / 1e6)} if url.startswith("sqlite:") else {}
