"""Flights whose carrier is written out: ``Lufthansa 590``, ``Vuelo Iberia 3170``."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.intake.words import words

_LABEL = rf"(?i:{words.any_of(words.FLIGHT_LABELS)})"
_SPELLED = re.compile(
    rf"(?:(?<!\w)(?P<label>{_LABEL})[ ]?:?|^)[ ]*"
    rf"(?P<name>[^\W\d_a-z][\w'.&-]+(?:[ ][^\W\d_a-z][\w'.&-]+){{0,3}}?)[ ](?:{_LABEL}[ ])?#?[ ]?"
    r"(?P<number>[1-9][0-9]{1,3})(?![\w:/.,-]|[ ][^\W\d_]+[ ][0-9]{4})",
    re.MULTILINE,
)
_YEARS = range(1950, 2100)


class Spelled(NamedTuple):
    """The code and number of a flight, and where it stands."""

    start: int
    end: int
    carrier: str
    number: str


def spelled(text: str, book: CarrierBook) -> Iterator[Spelled]:
    """Find the name of one carrier and a number at the beginning of a line, or behind a word for a flight."""
    for match in _SPELLED.finditer(text):
        is_word = folded(match["name"]) in words.EVERYDAY_CARRIERS and not match["label"]
        found = [
            each for each in book.named(match["name"], date.max) if folded(each.name) == folded(match["name"])
        ]
        if len(found) == 1 and found[0].iata and not is_word and int(match["number"]) not in _YEARS:
            yield Spelled(match.start("name"), match.end(), found[0].iata, match["number"])
