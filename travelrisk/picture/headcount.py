"""How many people are expected where, on the map of the world: a disc with a number for each place.

Places too near to be told apart share a disc. A disc with a broken edge is of people who only may be there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final

from travelrisk.domain.texts import Language, Texts
from travelrisk.picture.drawing import NARROW
from travelrisk.picture.labels import SMALL
from travelrisk.picture.land import disclaimer as usual_disclaimer
from travelrisk.picture.sheet import document, sentences, text
from travelrisk.picture.sketch import Place
from travelrisk.picture.words import picture_words
from travelrisk.picture.world import ground, height, spot

_SMALLEST: Final = 62  # units: a number of one figure can be read in it
_LARGEST: Final = 150
_INK: Final = "#0b4f8a"


@dataclass(frozen=True, slots=True)
class Gathering:
    """People at a place: how many, and how many of them are expected there without a doubt."""

    place: Place
    people: int
    expected: int


@dataclass(slots=True)
class _Disc:
    x: float
    y: float
    people: int
    expected: int

    @property
    def radius(self) -> float:
        return min(_LARGEST, _SMALLEST + 9 * sqrt(self.people))


def headcount(
    gatherings: Sequence[Gathering],
    language: Language,
    *,
    width: int = NARROW,
    disclaimer: Texts | None = None,
) -> str:
    """Return a map of the world with the numbers of people, as an SVG document.

    Args:
        gatherings: each place once.
        language: of the words on it.
        width: as of other pictures.
        disclaimer: the organisation's own sentence; None = the usual one of United Nations maps.

    Raises:
        ConfigurationError: the shipped outlines or texts cannot be used.
    """
    say = picture_words(language)
    discs = _discs(gatherings, width)
    sentence = (disclaimer or usual_disclaimer()).in_language(language)
    notes, bottom = sentences([say("headcount_legend"), sentence], height(width) + 40, width)
    desc = " ".join(
        say("headcount_at", name=f"{each.place.name} ({each.place.code})", count=each.people)
        for each in sorted(gatherings, key=lambda one: (-one.people, one.place.code))
    )
    return document(
        say("title_headcount"), desc, (width, bottom + 40), (ground(width), *map(_drawn, discs), notes)
    )


def _discs(gatherings: Iterable[Gathering], width: int) -> list[_Disc]:
    """Return the discs, the largest first, so that none hides a smaller one; near ones become one."""
    discs: list[_Disc] = []
    for each in sorted(gatherings, key=lambda one: (-one.people, one.place.code)):
        x, y = spot(each.place, width)
        near = next((disc for disc in discs if hypot(disc.x - x, disc.y - y) < disc.radius + _SMALLEST), None)
        if near is None:
            discs.append(_Disc(x, y, each.people, each.expected))
        else:
            near.people += each.people
            near.expected += each.expected
    return discs


def _drawn(disc: _Disc) -> str:
    edge = "" if disc.expected else ' stroke-dasharray="40 26"'
    fill, ink = (_INK, "#fff") if disc.expected else ("#fff", _INK)
    middle = ' text-anchor="middle" font-weight="700"'
    return (
        f'<g class="tr-map-people"><circle cx="{disc.x:.0f}" cy="{disc.y:.0f}" r="{disc.radius:.0f}"'
        f' fill="{fill}" stroke="{_INK}" stroke-width="16"{edge}/>'
        f"{text(disc.x, disc.y, str(disc.people), SMALL, f'{middle} fill={chr(34)}{ink}{chr(34)}')}</g>"
    )
