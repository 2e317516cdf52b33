"""The picture of the world: every airspace and airport that was handed over, by what is thought of it.

Equal Earth, so that no State looks larger than it is, and cut at 169 degrees west, where there is only sea.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Final

from travelrisk.domain.texts import Language, Texts
from travelrisk.picture.drawing import NARROW
from travelrisk.picture.labels import SMALL, Box, Room, width_of
from travelrisk.picture.land import disclaimer as usual_disclaimer
from travelrisk.picture.land import land
from travelrisk.picture.looks import EDGE, GRID, HALO, LAND, LOOKS, SEA, gravity, group, marker, words
from travelrisk.picture.projecting import Point, position
from travelrisk.picture.rings import Line, closed_at_pole, is_polar, path, ring, run_on, speck
from travelrisk.picture.sheet import (
    Occurring,
    airspace,
    document,
    hatchings,
    legend,
    sentences,
    text,
    written,
)
from travelrisk.picture.sketch import Area, Place
from travelrisk.picture.words import picture_words

_WEST, _EAST, _TURN = -169.0, 191.0, 360.0
_PAD: Final = 30  # units round the globe
_A: Final = (
    1.340264,
    -0.081106,
    0.000893,
    0.003796,
)  # the polynomial of Equal Earth (Savric, Patterson, Jenny 2018)
_HALF_WIDTH, _HALF_HEIGHT = 2.7066297, 1.3173628
_STEP: Final = 6.0  # degrees: a longer edge is drawn as several, for meridians are bent
_NEAR: Final = 11  # units between the points of a shore

_FINE: Final = 0.6  # of hatchings and shapes, beside those of a route
_SMALL: Final = 4  # of the width of the world
_FEW: Final = 24  # airports: of more, none is named


def world(
    areas: Sequence[Area],
    places: Sequence[Place],
    language: Language,
    *,
    width: int = NARROW,
    disclaimer: Texts | None = None,
) -> str:
    """Return a map of the world as an SVG document, what is thought least of on top.

    Args:
        areas: airspaces.
        places: airports.
        language: of the words on it.
        width: NARROW or WIDE, as of other pictures.
        disclaimer: the organisation's own sentence; None = the usual one of United Nations maps.

    Raises:
        ConfigurationError: the shipped outlines or texts cannot be used.
    """
    say = picture_words(language)
    shapes = [(area, _shape(area, width)) for area in areas]
    tall = height(width)
    occurring = Occurring(
        {area.verdict for area in areas},
        (),
        {place.verdict for place in places},
        any(area.approximate for area in areas),
    )
    names = {"track": "", "approximate": say("approximate")}
    below, bottom = legend(occurring, language, tall + 20, width, names)
    sentence = (disclaimer or usual_disclaimer()).in_language(language)
    notes, bottom = sentences([sentence], bottom + 40, width)
    body = (
        hatchings(occurring.areas, _FINE),
        ground(width),
        *_areas(shapes),
        *_airports(places, width),
        f"<g {HALO}>{''.join(_names(shapes, places, width))}</g>",
        below,
        notes,
    )
    desc = _counted(areas, places, language)
    return document(say("title_world"), desc, (width, bottom + 40), body)


def height(width: int) -> int:
    """Return how tall the world is on a sheet."""
    return round((width - 2 * _PAD) * _HALF_HEIGHT / _HALF_WIDTH) + 2 * _PAD


def _flat(lon: float, lat: float) -> Point:
    """Return a point in the measure of the projection; right and down positive."""
    theta = asin(sqrt(3) / 2 * sin(radians(lat)))
    square = theta * theta
    sixth = square**3
    slope = _A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square)
    x = 2 * sqrt(3) * radians(lon - (_WEST + _EAST) / 2) * cos(theta) / (3 * slope)
    return x, -theta * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square))


def _at(point: Point, width: int) -> tuple[int, int]:
    scale = (width - 2 * _PAD) / 2 / _HALF_WIDTH
    return round(width / 2 + scale * point[0]), round(height(width) / 2 + scale * point[1])


def _shape(area: Area, width: int) -> list[Line]:
    """Return an airspace on the sheet, cut where the world ends; a speck where it is too small to be seen."""
    lines = [
        [_flat(lon, lat) for lon, lat in part]
        for each in map(ring, area.outlines)
        for part in _parts(_everywhere([position(at) for piece in each.pieces for at in piece.points]))
    ]
    return _fit(lines, width) or [speck(*_at(line[0], width)) for line in lines[:1]]


def _everywhere(closed: Sequence[Point]) -> list[Point]:
    """Return an unrolled ring; one round a pole so often that its ends are nowhere on the sheet."""
    points = run_on(closed)
    if not is_polar(points):
        return points
    east = 1 if points[-1][0] > points[0][0] else -1
    turns = [(lon + east * turn * _TURN, lat) for turn in (-2, -1, 0, 1, 2) for lon, lat in points]
    return closed_at_pole(turns)


def _parts(points: Sequence[Point]) -> Iterable[Sequence[Point]]:
    """Give what of an unrolled ring lies on the sheet, from as many turns of the globe as it takes."""
    lons = [lon for lon, _ in points]
    first, last = ceil((_WEST - max(lons)) / _TURN), int((_EAST - min(lons)) // _TURN)
    is_everywhere = max(lons) - min(lons) > 2 * _TURN
    for turn in (0,) if is_everywhere else range(first, last + 1):
        part = [(lon + turn * _TURN, lat) for lon, lat in points]
        for edge, side in ((_WEST, 1), (_EAST, -1)):
            part = _cut(part, edge, side)
        if part:
            yield _filled([*part, part[0]])


def _cut(points: Sequence[Point], edge: float, side: int) -> list[Point]:
    """Return what of a closed line lies on one side of a meridian."""
    kept: list[Point] = []
    for one, two in pairwise([*points, *points[:1]]):
        is_in, comes_in = (one[0] - edge) * side >= 0, (two[0] - edge) * side >= 0
        if is_in:
            kept.append(one)
        if is_in != comes_in:
            part = (edge - one[0]) / (two[0] - one[0])
            kept.append((edge, one[1] + part * (two[1] - one[1])))
    return kept


def _filled(points: Sequence[Point]) -> list[Point]:
    """Return a line without steps that are longer than a bent edge may be."""
    line = [points[0]]
    for one, two in pairwise(points):
        count = max(1, ceil(max(abs(two[0] - one[0]), abs(two[1] - one[1])) / _STEP))
        line.extend(
            (one[0] + (two[0] - one[0]) * part / count, one[1] + (two[1] - one[1]) * part / count)
            for part in range(1, count + 1)
        )
    return line


def _fit(lines: Iterable[Sequence[Point]], width: int, near: int = 5) -> list[Line]:
    """Return lines on the sheet, without points that are too near to be told apart."""
    fitted = []
    for line in lines:
        kept: Line = []
        for point in line:
            x, y = _at(point, width)
            if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= near:
                kept.append((x, y))
        if len(kept) > 2:  # noqa: PLR2004 - fewer have no inside
            fitted.append(kept)
    return fitted


@cache
def ground(width: int) -> str:
    """Return sea, grid and land; the same for every map of a width."""
    edge = _filled([(_WEST, -90), (_EAST, -90), (_EAST, 90), (_WEST, 90), (_WEST, -90)])
    sea = path(_fit([[_flat(*point) for point in edge]], width))
    lines = [_filled([(lon, -90), (lon, 90)]) for lon in range(-150, 181, 30)]
    lines += [_filled([(_WEST, lat), (_EAST, lat)]) for lat in range(-60, 61, 30)]
    net = path(_fit([[_flat(*point) for point in line] for line in lines], width), closed=False)
    shore = path(
        _fit(
            ([_flat(*point) for point in part] for each in land() for part in _parts(each.unrolled)),
            width,
            _NEAR,
        )
    )
    return (
        f'<path {SEA} d="{sea}"/><path {LAND} d="{shore}"/><path {GRID} d="{net}"/><path {EDGE} d="{sea}"/>'
    )


def _areas(shapes: Iterable[tuple[Area, list[Line]]]) -> Iterable[str]:
    for area, lines in sorted(shapes, key=lambda each: gravity(each[0].verdict)):
        if lines:
            yield airspace(area, lines, 10)


def _airports(places: Iterable[Place], width: int) -> Iterable[str]:
    for place in sorted(places, key=lambda each: gravity(each.verdict)):
        x, y = spot(place, width)
        yield f"<g {group(place.verdict)}>{marker(place.verdict, x, y, _FINE)}</g>"


def spot(place: Place, width: int) -> tuple[int, int]:
    """Return where a place is on the sheet."""
    lon = place.lon + _TURN if place.lon < _WEST else place.lon
    return _at(_flat(lon, place.lat), width)


def _names(shapes: Sequence[tuple[Area, list[Line]]], places: Sequence[Place], width: int) -> Iterable[str]:
    """Give names where there is room, the gravest first: on this map none has to be there."""
    room = Room(Box(_PAD, _PAD, width - _PAD, height(width) - _PAD))
    spots = [(place, *spot(place, width)) for place in places]
    for _, x, y in spots:
        room.take(Box(x - 40, y - 40, x + 40, y + 40))
    for area, lines in sorted(shapes, key=lambda each: -gravity(each[0].verdict)):
        largest = max(lines, key=len, default=None)
        box = room.within([*largest, largest[0]], width_of(area.name, SMALL), whole=True) if largest else None
        if box is not None:
            middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            yield text(*middle, written(area.name), SMALL, ' text-anchor="middle" font-style="italic"')
    for _, lines in shapes:
        room.take(_extent(lines, width / _SMALL))
    for place, x, y in spots if len(spots) <= _FEW else ():
        box = room.free_beside(x, y, width_of(place.code, SMALL, bold=True))
        if box is not None:
            yield text(box.left, (box.top + box.bottom) / 2, written(place.code), SMALL, ' font-weight="700"')


def _extent(lines: Sequence[Line], widest: float) -> Box:
    """Return the box round an airspace, lest a code stands on it; nothing round one as wide as an ocean."""
    xs, ys = [x for line in lines for x, _ in line], [y for line in lines for _, y in line]
    is_small = bool(xs) and max(xs) - min(xs) < widest
    return Box(min(xs), min(ys), max(xs), max(ys)) if is_small else Box(0, 0, 0, 0)


def _counted(areas: Sequence[Area], places: Sequence[Place], language: Language) -> str:
    """Return how many there are of each verdict, gravest first; which ones stands in the page's tables."""
    say = picture_words(language)
    return " ".join(
        say(key, verdict=words(verdict, language), count=count)
        for key, things in (("count_areas", areas), ("count_places", places))
        for verdict in LOOKS
        if (count := sum(each.verdict is verdict for each in things))
    )
