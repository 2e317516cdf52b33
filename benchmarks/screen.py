"""A warm judgement of two segments, beside a loop of plain Python as the measure of the machine."""

import json
import timeit
from statistics import median

from benchmarks.world import AT, itinerary, snapshot
from travelrisk.reference import load_policy
from travelrisk.screening.engine import screen
from travelrisk.screening.explain import advisory_shape

ROUNDS = 15
CALLS = 2_000


def measure() -> dict[str, float | int | str]:
    """Interleave the judgement with the two things it is compared with."""
    trip, ratings, policy = itinerary(), snapshot(), load_policy().policy
    advisory = screen(trip, ratings, policy, AT)
    body = advisory_shape(advisory)
    timed = {
        "screen": lambda: screen(trip, ratings, policy, AT),
        "loop": lambda: sum(range(1000)),
        "json": lambda: json.dumps(body),
    }
    rounds: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(ROUNDS):
        for name, call in timed.items():
            rounds[name].append(timeit.timeit(call, number=CALLS) / CALLS * 1e6)
    ratios = [a / b for a, b in zip(rounds["screen"], rounds["loop"], strict=True)]
    return {
        "verdict": advisory.verdict.word,
        "findings": len(advisory.findings),
        "ratio to summing 1,000 numbers (median)": round(median(ratios), 2),
        "ratio to writing the advisory as JSON (median)": round(
            median(a / b for a, b in zip(rounds["screen"], rounds["json"], strict=True)), 2
        ),
        "screen, us (min)": round(min(rounds["screen"]), 1),
        "screen, us (median)": round(median(rounds["screen"]), 1),
        "summing 1,000 numbers, us (min)": round(min(rounds["loop"]), 1),
    }
