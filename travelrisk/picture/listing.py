"""The facts of a picture as an ordered list: what the direct track of each leg passes, and where.

The list is the content, and the picture an addition to it. A track that cannot be drawn, and one whose
airspaces nobody worked out, are said to be so: neither may read as one that passes nothing.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from travelrisk.domain.geodesy import EARTH_RADIUS_KM
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.looks import words
from travelrisk.picture.projecting import OPPOSITE, SAME, angle, vector
from travelrisk.picture.sketch import Sketch
from travelrisk.picture.words import kilometres, picture_words


class Passage(NamedTuple):
    """An airspace on the way of a track, or beside it.

    Attributes:
        enters_km, leaves_km: from the start of the track; of one beside it, where the track is nearest.
        inside_km: how much of the track is inside, which may be less than what is between the two.
        verdict: of what is on record about it; None = nothing is.
        distance_km: how far beside the track it lies, for one that is only within the margin; else None.
    """

    name: str
    enters_km: float
    leaves_km: float
    inside_km: float
    distance_km: float | None = None
    verdict: Verdict | None = None


class Track(NamedTuple):
    """The direct track between two places.

    Attributes:
        km: its length.
        has_line: whether there is one line to draw: not between opposite points, nor from a place to itself.
        passages: what it passes; None = nobody worked it out.
    """

    start: str
    end: str
    km: float
    has_line: bool
    passages: tuple[Passage, ...] | None = None


class Listed(NamedTuple):
    """What is said of one track: a sentence, and what it announces, in the order of the way."""

    heading: str
    items: tuple[str, ...] = ()


Passages = Mapping[tuple[str, str], tuple[Passage, ...]]
"""Codes of two places -> what the direct track from one to the other passes; a pair left out is not known."""


def tracks(sketch: Sketch, passages: Passages = MappingProxyType({})) -> tuple[Track, ...]:
    """Return the tracks of a sketch, leg after leg and stop after stop."""
    places = {place.code: vector(place.lon, place.lat) for place in sketch.places}
    found = []
    for pair in (pair for leg in sketch.legs for pair in leg.pairs):
        between = angle(places[pair[0]], places[pair[1]])
        has_line = SAME < between <= OPPOSITE
        passed = passages.get(pair) if has_line else None
        found.append(Track(*pair, between * EARTH_RADIUS_KM, has_line, passed))
    return tuple(found)


def listing(of: Iterable[Track], language: Language) -> tuple[Listed, ...]:
    """Return the list, one part a track; under the last one belongs ``sketch_only``."""
    return tuple(_listed(track, language) for track in of)


def sketch_only(language: Language) -> str:
    """Return the sentence that stands under every list and every picture of a route."""
    return picture_words(language)("sketch_only")


def on_record_only(language: Language) -> str:
    """Return the sentence under the list of a route that nobody judged."""
    return picture_words(language)("on_record_only")


def _listed(track: Track, language: Language) -> Listed:
    say = picture_words(language)
    if not track.has_line:
        key = "opposite" if track.km > 1 else "same_place"
        return Listed(say(key, start=track.start, end=track.end))
    known = "passes" if track.passages else "passes_nothing"
    key = "not_looked" if track.passages is None else known
    heading = say(key, start=track.start, end=track.end, km=kilometres(track.km, language))
    ordered = sorted(track.passages or (), key=lambda each: (each.enters_km, each.leaves_km, each.name))
    return Listed(heading, tuple(_item(each, language) for each in ordered))


def _item(passage: Passage, language: Language) -> str:
    say = picture_words(language)
    if passage.distance_km is None:
        figures = (passage.inside_km, passage.enters_km, passage.leaves_km)
        inside, enters, leaves = (kilometres(km, language) for km in figures)
        if enters == leaves:  # a corner that is cut, or a track that runs along an edge
            inside = kilometres(max(passage.inside_km, 1), language)
            said = say("passage_at", name=passage.name, inside=inside, at=enters)
        else:
            said = say("passage", name=passage.name, inside=inside, enters=enters, leaves=leaves)
    else:
        said = say("passage_beside", name=passage.name, distance=kilometres(passage.distance_km, language))
    if passage.verdict is None:  # nothing is on record about it
        return said
    return say("passage_verdict", passage=said, verdict=words(passage.verdict, language))
