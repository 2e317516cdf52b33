"""Server time of the queue: 900 carriers in 100,000 upcoming itineraries, a third of them not rated.

The page is asked for through Flask's own client, by a focal point who is signed in, in turn with /healthz and
with the service alone. ``--database`` takes the URL of an empty PostgreSQL database instead of a file of
SQLite. CPU time stands beside wall time: it is this process alone, so that of SQLite is in it, and that of a
PostgreSQL server is not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

from sqlalchemy import Engine, event

from benchmarks.journeys import World, fill, store
from benchmarks.world import AT
from travelrisk.domain.people import Person, Role
from travelrisk.domain.ratings import Caution, Evidence, Rating, Record, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application, Facts
from travelrisk.services.desk import queue
from travelrisk.services.people import sign_in
from travelrisk.services.people.sign_in import SignedIn
from travelrisk.store import people, ratings
from travelrisk.store.database import writing
from travelrisk.web.app import create_app

ITINERARIES, CARRIERS = 100_000, 900
DAYS = (0, 300)  # first departures, from today: all are upcoming
ROUNDS, CALLS = 9, 3
_SOON = AT.date() + timedelta(days=10)
_PLACES = 5  # States, and as many countries, with a caution that is due

Figures = dict[str, float | int | str]


class Time(NamedTuple):
    """How long one call took, in ms: by the clock, and of this process's own work."""

    wall: float
    cpu: float


def measure(itineraries: int = ITINERARIES, database: str = "") -> Figures:
    """Fill a store, then take turns between the page, the service and /healthz."""
    with store(database) as (engine, _):
        world = World(CARRIERS, DAYS)
        with writing(engine) as c:
            opened = tuple(_records(world))
            ratings.publish(c, opened=opened, closed=(), actor="benchmark", note="all", at=AT)
            person = Person("p", "Bob", "bob@example.org", frozenset({Role.FOCAL_POINT}))
            people.add(c, person, at=AT)
        fill(engine, world, itineraries)
        facts = Facts(base_url="http://localhost", mail_from="travelrisk@example.org")
        app = Application(engine, load_atlas(), load_book(), load_policy(), lambda: AT, facts)
        works = _works(app, person)
        found = queue.waiting(app, person.id)
        return {
            "database": engine.dialect.name,
            "itineraries stored": itineraries,
            "items found": sum(found.counts.values()),
            "items shown": len(found.items),
            "statements of the service": _statements(engine, works["service"]),
            **_told(_in_turn(works)),
        }


def _works(app: Application, person: Person) -> dict[str, Callable[[], object]]:
    signed = sign_in.sign_in_as(app, person, "benchmark")
    if not isinstance(signed, SignedIn):
        raise TypeError("nobody is signed in: there is nothing to measure")
    client = create_app(app).test_client()
    client.set_cookie("travelrisk-desk", signed.token)

    def page(path: str) -> None:
        answer = client.get(path)
        if answer.status_code != HTTPStatus.OK:
            raise ValueError(f"{path} answers {answer.status_code}")

    return {
        "healthz": partial(page, "/healthz"),
        "service": partial(queue.waiting, app, person.id),
        "page": partial(page, "/queue"),
    }


def _in_turn(works: Mapping[str, Callable[[], object]]) -> dict[str, list[Time]]:
    rounds: dict[str, list[Time]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            wall, cpu = perf_counter(), process_time()
            for _ in range(CALLS):
                work()
            took = (perf_counter() - wall, process_time() - cpu)
            rounds[name].append(Time(*(each / CALLS * 1000 for each in took)))
    return rounds


def _told(rounds: Mapping[str, list[Time]]) -> Figures:
    told: Figures = {}
    for name in ("page", "service"):
        ratio = median(a.cpu / b.cpu for a, b in zip(rounds[name], rounds["healthz"], strict=True))
        told[f"{name}, ratio of CPU time to /healthz (median)"] = round(ratio, 1)
    for name, times in rounds.items():
        told[f"{name}, ms (min, median)"] = _two(time.wall for time in times)
        told[f"{name}, ms of CPU (min, median)"] = _two(time.cpu for time in times)
    return told


def _two(times: Iterable[float]) -> str:
    known = list(times)
    return f"{min(known):.1f}, {median(known):.1f}"


def _statements(engine: Engine, work: Callable[[], object]) -> int:
    seen: list[object] = []

    def note(*arguments: object) -> None:
        seen.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def _records(world: World) -> Iterator[Record]:
    """Leave a third of the carriers unrated; let one record in ten end soon, and the evidence of another."""
    carriers = (each for each in world.ratings if each.subject.kind is SubjectKind.CARRIER)
    others = (each for each in world.ratings if each.subject.kind is not SubjectKind.CARRIER)
    kept = [each for number, each in enumerate(carriers) if number % 3]
    for number, each in enumerate((*kept, *others)):
        yield _ageing(each, number)
    countries = sorted({place.country.code for place in world.airports})[:_PLACES]
    for kind, key in ((kind, key) for kind in (SubjectKind.STATE, SubjectKind.COUNTRY) for key in countries):
        yield _caution(Subject(kind, key))


def _ageing(rating: Rating, number: int) -> Rating:
    first = rating.valid_from
    source = Evidence("Notice of the authority", "notice", "https://example.org/n", first, None)
    if number % 10 == 0:
        return replace(rating, evidence=(source,), valid_until=_SOON)
    lapses = replace(source, valid_until=_SOON) if number % 10 == 1 else source
    return replace(rating, evidence=(lapses,))


def _caution(subject: Subject) -> Caution:
    day = AT.date() - timedelta(days=30)
    name = str(subject).replace(":", "-").lower()
    return Caution(name, subject, Verdict.REVIEW, day, _SOON, "benchmark", day, Texts("In doubt."))
