"""A picture of a route and of the world, beside a judgement of two segments and a loop of plain Python."""

import timeit
from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time  # of this process alone: others on the machine do not count

from benchmarks.world import AT, itinerary, snapshot
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.drawing import picture
from travelrisk.picture.route import airports_of, sketch_of
from travelrisk.picture.sketch import Area
from travelrisk.picture.world import world
from travelrisk.reference import load_atlas, load_policy
from travelrisk.screening.engine import screen

ROUNDS = 15
ROUTES = ("FRA ADD NBO", "GVA ZRH", "SVO LAX", "NRT LAX", "LHR SIN SYD LAX LHR")
_VERDICTS = (*Verdict, None)


def measure() -> dict[str, float | int | str]:
    """Interleave the pictures with the two things they are compared with."""
    trip, ratings, policy, areas = itinerary(), snapshot(), load_policy().policy, _areas()
    sketches = {each: sketch_of(airports_of(each, load_atlas()), "en", areas) for each in ROUTES}
    timed: dict[str, Callable[[], str]] = {
        each: partial(picture, sketch, "en") for each, sketch in sketches.items()
    }
    timed["world"] = partial(world, areas, (), "en")
    sizes = {each: len(draw().encode()) for each, draw in timed.items()}  # and the land is read
    compared: dict[str, Callable[[], object]] = {
        "loop": lambda: sum(range(100_000)),
        "judgement": lambda: screen(trip, ratings, policy, AT),
    }
    rounds: dict[str, list[float]] = {name: [] for name in (*timed, *compared)}
    for _ in range(ROUNDS):
        for name, call in {**timed, **compared}.items():
            rounds[name].append(timeit.timeit(call, timer=process_time, number=1) * 1000)
    figures: dict[str, float | int | str] = {"airspaces": len(areas)}
    for name in timed:
        to_loop = [a / b for a, b in zip(rounds[name], rounds["loop"], strict=True)]
        figures[f"{name}, ratio to summing 100,000 numbers"] = round(median(to_loop), 2)
    to_screen = [a / b for a, b in zip(rounds[ROUTES[0]], rounds["judgement"], strict=True)]
    figures[f"{ROUTES[0]}, ratio to judging two segments"] = round(median(to_screen), 1)
    for name, size in sizes.items():
        figures[f"{name}, ms (min) and KB"] = f"{min(rounds[name]):.1f} ms, {size / 1000:.1f} KB"
    return figures


def _areas() -> tuple[Area, ...]:
    """Return 40 airspaces of 40 points each, of every verdict."""
    return tuple(
        Area(f"A{number}", f"Area {number}", (_outline(number),), _VERDICTS[number % 5], number % 4 == 0)
        for number in range(40)
    )


def _outline(number: int) -> tuple[tuple[float, float], ...]:
    west, south = -170 + 34 * (number % 10), -45 + 28 * (number // 10)
    steps = [2.0 * step for step in range(10)]
    return (
        *((west + step, south + 0.1 * step) for step in steps),
        *((west + 20 + 0.1 * step, south + step) for step in steps),
        *((west + 20 - step, south + 20) for step in steps),
        *((west, south + 20 - step) for step in steps),
    )
