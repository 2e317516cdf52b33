"""Days that stand alone on a line above flights, as headings do: ``Saturday 12 December 2026``."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from travelrisk.intake.words.clocks import Clock
from travelrisk.intake.words.moments import Found
from travelrisk.intake.words.relatives import is_relative
from travelrisk.intake.words.spots import Spot
from travelrisk.intake.words.tokens import Flight, Joint, Mark, Token


def headings_in(tokens: Sequence[Token]) -> frozenset[int]:
    """Return which tokens are days that hold for the flights below them.

    Where the first flight stands above the first of such days, each is written below its flight. Behind a
    heading every day alone is one, also over a hotel, but that over a time, which is of an arrival.
    """
    lines = [*_lines(tokens), []]
    found: list[int] = []
    for line, below in pairwise(lines):
        is_day = len(line) == 1 and _is_day(tokens[line[0]])
        is_over_flights = any(isinstance(tokens[number], Flight | Spot) for number in below)
        is_over_a_clock = any(isinstance(tokens[number], Clock) for number in below)
        if is_day and (is_over_flights or (found and not is_over_a_clock)):
            found += line
        elif not found and any(isinstance(tokens[number], Flight) for number in line):
            break
    return frozenset(found)


def _is_day(token: Token) -> bool:
    return isinstance(token, Found) and not is_relative(token.moment)


def _lines(tokens: Sequence[Token]) -> Iterator[list[int]]:
    """Yield the numbers of the tokens line by line, without the marks between lines and empty lines."""
    line: list[int] = []
    for number, token in enumerate(tokens):
        if isinstance(token, Mark) and token.joint is Joint.LINE:
            if line:
                yield line
            line = []
        else:
            line.append(number)
    if line:
        yield line
