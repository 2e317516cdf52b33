"""The inputs of one run: three spoilt documents, then one of garbage, and so on."""

import random
from collections.abc import Iterator

from tests.unit.intake.fuzz.garbage import garbage
from tests.unit.intake.fuzz.mutants import Input, cases, mutants

_BATCH = 400
_OF_GARBAGE = 100


def inputs(count: int, seed: int) -> Iterator[Input]:
    """Give so many inputs; the same seed gives the same ones."""
    spoilt = mutants(cases(), random.Random(seed))  # noqa: S311 - to be repeated, not to be secret
    for start in range(0, count, _BATCH):
        without_flight = iter(garbage(_OF_GARBAGE, seed * 1_000_003 + start))
        for number in range(start, min(count, start + _BATCH)):
            made_up = next(without_flight, None) if number % 4 == 3 else None
            yield made_up or next(spoilt)
