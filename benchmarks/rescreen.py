"""A carrier falls and rises again: whom it concerns is judged again, beside judging everybody again.

Everything counts that is done for it: the search, loading, judging, advisories, audit entries and letters.
Nobody is written to by judging everybody, because nothing is different any more then. ``--itineraries
1000000`` and ``--database`` are those of ``effect``.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import Engine, insert, select

from benchmarks.journeys import World, fill, store
from benchmarks.world import AT
from travelrisk.domain.authorisations import Whose
from travelrisk.domain.ratings import Level, Rating, Subject, SubjectKind
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application, Facts
from travelrisk.services.proposals.effect import since
from travelrisk.services.trips.recording import keep_policy
from travelrisk.services.trips.routes import touched
from travelrisk.services.watch import rescreening
from travelrisk.services.watch.rescreening import Rescreened, rescreen
from travelrisk.store import audit, ratings, rescreenings, tables
from travelrisk.store.database import reading, writing
from travelrisk.store.rescreenings import Cause
from travelrisk.store.shapes import canonical, itinerary_from

ITINERARIES = 20_000
ROUNDS, MANY = 3, 100_000  # of more itineraries than that, one round of a fall and a rise
_AT_ONCE = 5_000
_STEPS = {"concerned": "finding", "_letter": "composing", "_write": "recording"}  # the rest is judging


def measure(itineraries: int = ITINERARIES, database: str = "") -> dict[str, float | int | str]:
    """Fill a store with journeys and their advisories, then take turns between the two."""
    with store(database) as (engine, _):
        world = World()
        with writing(engine) as c:
            ratings.publish(c, opened=world.ratings, closed=(), actor="benchmark", note="all", at=AT)
        fill(engine, world, itineraries)
        facts = Facts(base_url="https://travelrisk.example.org", mail_from="travelrisk@example.org")
        app = Application(engine, load_atlas(), load_book(), load_policy(), lambda: AT, facts)
        _judge_everybody(app, engine)
        _work(app)
        return {
            "database": engine.dialect.name,
            "itineraries stored": itineraries,
            **_compared(app, world.change.closed[0], ROUNDS if itineraries <= MANY else 1),  # type: ignore[arg-type]
        }


def _judge_everybody(app: Application, engine: Engine) -> None:
    """Record an advisory for each itinerary; those of one shape are equal, for nobody has an exception."""
    made: dict[str, str] = {}
    with writing(engine) as c:
        keep_policy(app, c)
        seq = audit.append(c, kind="benchmark", actor="benchmark", at=AT, subject="all", body={})
        snapshot = app.shelf.newest(c)
    past = 0
    while True:
        with writing(engine) as c:
            wanted = select(tables.itineraries.c.id, tables.itineraries.c.body)
            rows = c.execute(
                wanted.where(tables.itineraries.c.id > past).order_by(tables.itineraries.c.id).limit(_AT_ONCE)
            ).all()
            if not rows:
                return
            for _, body in rows:
                if body not in made:
                    advisory = screen(
                        itinerary_from(body), snapshot, app.policy.policy, AT, Whose("", ""), AT
                    )
                    made[body] = canonical(advisory)
            c.execute(
                insert(tables.advisories),
                [
                    {
                        "trip_id": number,
                        "itinerary_id": number,
                        "policy_sha256": app.policy.sha256,
                        "audit_seq": seq,
                        "verdict": "cleared",
                        "body": made[body],
                    }
                    for number, body in rows
                ],
            )
            past = rows[-1][0]


def _compared(app: Application, rating: Rating, rounds: int) -> dict[str, float | int | str]:
    by_index, whole, searched, own, own_whole = [], [], [], [], []
    steps: list[dict[str, float]] = []
    now = rating
    for turn in range(2 * rounds):
        level = Level.RECOMMENDED if turn % 2 else Level.NOT_RECOMMENDED
        after = replace(rating, id=f"{rating.id}:{turn + 2}", level=level)
        with writing(app.engine) as c:
            ratings.publish(c, opened=(after,), closed=(now.id,), actor="benchmark", note="turn", at=AT)
        with _timed_steps() as spent:
            now, begun, used = after, perf_counter(), process_time()
            (done,) = _work(app)
            by_index.append(perf_counter() - begun)
            own.append(process_time() - used)
        steps.append(spent)
        searched.append(_search(app))
        with writing(app.engine) as c:
            rescreenings.add(c, Cause.RULES, f"turn-{turn}", AT)
        begun, used = perf_counter(), process_time()
        (everybody,) = _work(app)
        whole.append(perf_counter() - begun)
        own_whole.append(process_time() - used)
        if everybody.changed:
            raise SystemExit(
                f"judging everybody found {everybody.changed} that were missed: there is nothing to compare"
            )
    return {
        "itineraries not over": everybody.screened,
        "judged again": done.screened,
        "changed": done.changed,
        "letters": done.letters,
        "ratio to judging everybody again (median)": round(
            median(b / a for a, b in zip(by_index, whole, strict=True)), 1
        ),
        "the same of our own time, without waiting": round(
            median(b / a for a, b in zip(own, own_whole, strict=True)), 1
        ),
        "the same without composing letters": round(
            median(b / (a - each["_letter"]) for a, b, each in zip(by_index, whole, steps, strict=True)),
            1,
        ),
        "share of the search": round(min(searched) / min(by_index), 4),
        "of it": _shares(steps, by_index),
        "by index, s (min)": round(min(by_index), 3),
        "of it our own, s (min)": round(min(own), 3),
        "ms for each that changed": round(min(by_index) / max(done.changed, 1) * 1000, 2),
        "search, ms (min)": round(min(searched) * 1000, 1),
        "everybody, s (min)": round(min(whole), 2),
    }


@contextmanager
def _timed_steps() -> Iterator[dict[str, float]]:
    """Note how long the steps of judging again take; what is left over is loading and judging."""
    spent = dict.fromkeys(_STEPS, 0.0)
    with ExitStack() as undone:
        for name in _STEPS:
            original = getattr(rescreening, name)
            undone.callback(setattr, rescreening, name, original)
            setattr(rescreening, name, partial(_timed, original, name, spent))
        yield spent


def _timed(original: Callable[..., object], name: str, spent: dict[str, float], *arguments: object) -> object:
    begun = perf_counter()
    try:
        return original(*arguments)
    finally:
        spent[name] += perf_counter() - begun


def _shares(steps: list[dict[str, float]], whole: list[float]) -> str:
    shares = [median(each[name] / all_ for each, all_ in zip(steps, whole, strict=True)) for name in _STEPS]
    return ", ".join(f"{what} {share:.1%}" for what, share in zip(_STEPS.values(), shares, strict=True))


def _work(app: Application) -> list[Rescreened]:
    found = []
    while (done := rescreen(app, "benchmark")) is not None:
        found.append(done)
    return found


def _search(app: Application) -> float:
    with reading(app.engine) as c:
        begun = perf_counter()
        touched(app, c, [Subject(SubjectKind.CARRIER, World.middling)], since(AT))
        return perf_counter() - begun
