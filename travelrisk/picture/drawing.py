"""The picture of a route: land, airspaces, direct tracks and airports, as one SVG.

It holds no style, no script and no border between countries, so it may stand on a page under a strict policy
and in print; as a file it needs nothing beside it. All measures are tenths of a pixel of a narrow screen.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from travelrisk.domain.geodesy import EARTH_RADIUS_KM
from travelrisk.domain.texts import Language, Texts
from travelrisk.picture.grid import grid
from travelrisk.picture.labels import SIZE, SMALL, Box, Room, width_of, wrapped
from travelrisk.picture.land import disclaimer as usual_disclaimer
from travelrisk.picture.land import land
from travelrisk.picture.listing import listing, tracks
from travelrisk.picture.looks import (
    BAR,
    CASING,
    EDGE,
    GRID,
    HALO,
    LAND,
    SEA,
    dashed,
    gravity,
    group,
    marker,
    words,
)
from travelrisk.picture.projecting import Vector, View, angle, arc, fitted, vector
from travelrisk.picture.rings import Line, cut, drawn, path, rim, ring, speck
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
from travelrisk.picture.sketch import Area, Leg, Place, Sketch
from travelrisk.picture.words import kilometres, picture_words
from travelrisk.telling.words import Say

NARROW: Final = 4400
"""Width for a page, where it must be read on a phone too."""

WIDE: Final = 7200
"""Width for a file that is printed, or looked at on a large screen."""

_PAD: Final = 640, 420
_DOT: Final = 75  # half of the side of an airport's shape, with a little air
_COARSE: Final = ((1.2, 24), (0.7, 18), (0.0, 6))
"""Reach of a view in radians -> how far apart points of shores and outlines are: the more, the coarser."""
_SCALES: Final = tuple(figure * 10**power for power in range(1, 5) for figure in (1, 2, 5))


class _Flown(NamedTuple):
    """The track between two places; None where none can be drawn."""

    leg: Leg
    start: Place
    end: Place
    points: tuple[Vector, ...] | None


def picture(
    sketch: Sketch, language: Language, *, width: int = NARROW, disclaimer: Texts | None = None
) -> str:
    """Return a sketch as an SVG document, with a legend and what must be said of such a map.

    Args:
        sketch: what to draw.
        language: of the words on it.
        width: NARROW or WIDE; the letters keep their size, so a wide one shows more.
        disclaimer: the organisation's own sentence; None = the usual one of United Nations maps.

    Raises:
        ConfigurationError: the shipped outlines or texts cannot be used.
    """
    say = picture_words(language)
    flown, view = _flown(sketch), view_of(sketch, width)
    areas = [(area, lines) for area in sketch.areas if (lines := _shape(area, view))]
    occurring = Occurring(
        {area.verdict for area, _ in areas},
        {each.leg.verdict for each in flown if len(each.points or ()) > 1},
        {place.verdict for place in sketch.places},
        any(area.approximate for area, _ in areas),
    )
    names = {"track": say("direct_track"), "approximate": say("approximate")}
    below, bottom = legend(occurring, language, view.height + 40, width, names)
    sentence = (disclaimer or usual_disclaimer()).in_language(language)
    paragraphs = [*_undrawn(sketch, language), say("sketch_only"), sentence]
    notes, bottom = sentences(paragraphs, bottom + 40, width)
    body = (
        hatchings(occurring.areas),
        # a document within the document: what reaches beyond its edges is cut off, without an id
        f'<svg width="{width}" height="{view.height}">',
        _ground(view),
        *_areas(areas),
        *_tracks(flown, view),
        *_names(sketch, areas, flown, view, language),
        "</svg>",
        f'<rect {EDGE} x="5" y="5" width="{width - 10}" height="{view.height - 10}"/>',
        below,
        notes,
    )
    return document(_title(sketch, say), _described(sketch, language), (width, bottom + 40), body)


def _flown(sketch: Sketch) -> list[_Flown]:
    places = {place.code: place for place in sketch.places}
    return [
        _Flown(leg, places[one], places[other], arc(_vector(places[one]), _vector(places[other])))
        for leg in sketch.legs
        for one, other in leg.pairs
    ]


def _vector(place: Place) -> Vector:
    return vector(place.lon, place.lat)


def view_of(sketch: Sketch, width: int) -> View:
    """Return where on its picture each point of the globe stands."""
    points = [_vector(place) for place in sketch.places]
    points.extend(point for each in _flown(sketch) for point in each.points or ())
    return fitted(points, width, (round(width * 0.55), round(width * 0.9)), _PAD)


def _shape(area: Area, view: View) -> list[Line]:
    """Return an airspace on the sheet: none where it is beside it, a speck where it is too small to see."""
    shapes = [ring(outline) for outline in area.outlines]
    lines = [line for shape in shapes for line in drawn(shape, view, _near(view))]
    centres = (shape.pieces[0].centre for shape in shapes[:1])
    lines = lines or [speck(*view.at(at)) for at in centres if angle(at, view.globe.centre) < view.reach]
    on_sheet = any(
        max(x for x, _ in line) > 0
        and min(x for x, _ in line) < view.width
        and max(y for _, y in line) > 0
        and min(y for _, y in line) < view.height
        for line in lines
    )
    return lines if on_sheet else []


def _near(view: View) -> int:
    return next(near for least, near in _COARSE if view.reach >= least)


def _ground(view: View) -> str:
    """Return sea, grid and land; where more of the globe is asked for than can be drawn, a disc of it."""
    lines = (cut(line, view) for each in land() for line in drawn(each, view, _near(view)))
    shore = path(filter(None, lines))
    return (
        f'<path {SEA} d="{path([rim(view)])}"/><path {LAND} d="{shore}"/>'
        f'<path {GRID} d="{path(grid(view), closed=False)}"/>'
    )


def _areas(areas: list[tuple[Area, list[Line]]]) -> Iterable[str]:
    """Give the airspaces; those that are passed come last and have a stronger edge, the gravest on top."""
    for area, lines in sorted(areas, key=lambda each: (each[0].passed, gravity(each[0].verdict))):
        yield airspace(area, lines, 22 if area.passed else 9)


def _tracks(flown: list[_Flown], view: View) -> Iterable[str]:
    for each in sorted(flown, key=lambda each: gravity(each.leg.verdict)):
        points = _fine(each, view)
        if len(points) > 1:
            line = path([[(round(x), round(y)) for x, y in points]], closed=False)
            yield (
                f'<g {group(each.leg.verdict)} fill="none"><path {CASING} d="{line}"/>'
                f'<path d="{line}" stroke-width="34" {dashed(each.leg.verdict)}/></g>'
            )


def _fine(flown: _Flown, view: View) -> list[tuple[float, float]]:
    """Return the track on the sheet in steps that are short there."""
    if flown.points is None:
        return []
    steps = arc(_vector(flown.start), _vector(flown.end), min(0.04, 100 / view.scale)) or ()
    return [view.at(point) for point in steps]


def _names(
    sketch: Sketch,
    areas: list[tuple[Area, list[Line]]],
    flown: list[_Flown],
    view: View,
    language: Language,
) -> Iterable[str]:
    """Give the shapes of the airports, and names: of places always, of airspaces where there is room."""
    room = Room(
        Box(60, 60, view.width - 60, view.height - 60),
        (point for each in flown for point in _fine(each, view)),
    )
    bar, taken = _scale_bar(view, language)
    room.take(taken)
    spots = [(place, *view.at(_vector(place))) for place in sketch.places]
    for _, x, y in spots:
        room.take(Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT))
    for place, x, y in spots:
        yield f"<g {group(place.verdict)}>{marker(place.verdict, round(x), round(y))}</g>"
    named = [_place_name(place, x, y, room, is_crowded=len(spots) > _FEW) for place, x, y in spots]
    inside = [name for area, lines in _to_be_named(areas) if (name := _area_name(area, lines, room))]
    yield f"<g {HALO}>{bar}{''.join(inside)}{''.join(named)}</g>"


_MOST_NAMES: Final = 12
_FEW: Final = 6  # places: of more, only the codes are written


def _to_be_named(areas: list[tuple[Area, list[Line]]]) -> list[tuple[Area, list[Line]]]:
    """Return all airspaces that are passed, then some of the others: a map full of names names nothing."""
    passed = [each for each in areas if each[0].passed]
    return passed + [each for each in areas if not each[0].passed][: max(0, _MOST_NAMES - len(passed))]


def _place_name(place: Place, x: float, y: float, room: Room, *, is_crowded: bool) -> str:
    code = width_of(place.code, SIZE, bold=True)
    widths = [code] if is_crowded or not place.name else [code + 60 + width_of(place.name, SMALL), code]
    box, index = room.beside(x, y, widths)
    name = f' <tspan dx="15" font-size="{SMALL}">{written(place.name)}</tspan>'
    said = f'<tspan font-weight="700">{written(place.code)}</tspan>'
    said += name if len(widths) - index > 1 else ""
    if box.left + box.right < 2 * x - 1 - _DOT:  # to the left of its airport: it ends there in any font
        return text(box.right, (box.top + box.bottom) / 2, said, SIZE, ' text-anchor="end"')
    return text(box.left, (box.top + box.bottom) / 2, said)


def _area_name(area: Area, lines: list[Line], room: Room) -> str:
    """Return the name of an airspace inside it, in two or three lines where one has no room; else nothing.

    Never its key: that is a word of the tables, and the list under the picture names what stands nowhere.
    """
    largest = max(lines, key=len)
    closed = [*largest, largest[0]]
    whole = width_of(area.name, SMALL)
    for parts in dict.fromkeys(tuple(wrapped(area.name, round(whole / most))) for most in (1, 2, 3)):
        width = max(width_of(each, SMALL) for each in parts)
        box = room.within(closed, width, lines=len(parts)) if area.name else None
        if box is not None:
            return _below_each_other(parts, box)
    return ""


def _below_each_other(parts: Sequence[str], box: Box) -> str:
    """Return the lines of one text in the middle of its place."""
    middle, height = (box.left + box.right) / 2, (box.bottom - box.top) / len(parts)
    return "".join(
        text(
            middle,
            box.top + (place + 0.5) * height,
            written(part),
            SMALL,
            ' text-anchor="middle" font-style="italic"',
        )
        for place, part in enumerate(parts)
    )


def _scale_bar(view: View, language: Language) -> tuple[str, Box]:
    """Return a bar as long as a round distance at the middle of the map, and where it stands."""
    per_km = view.scale / EARTH_RADIUS_KM
    km = max((each for each in _SCALES if each * per_km < view.width / 5), default=_SCALES[0])
    long, left, low = round(km * per_km), 120, view.height - 130
    said = picture_words(language)("scale", km=kilometres(km, language))
    ends = f'<path {BAR} d="M{left} {low - 40}v40h{long}v-40"/>'
    return ends + text(left, low - 110, said, SMALL), Box(left - 60, low - 220, left + long + 60, low + 60)


def _undrawn(sketch: Sketch, language: Language) -> list[str]:
    """Say of each pair of places without a track that there is none, and why."""
    return [part.heading for part in listing((t for t in tracks(sketch) if not t.has_line), language)]


def _title(sketch: Sketch, say: Say) -> str:
    if sketch.title:
        return sketch.title
    runs: list[list[str]] = []
    for leg in sketch.legs:
        codes = [leg.start, *leg.stops, leg.end]
        if runs and runs[-1][-1] == codes[0]:
            runs[-1] += codes[1:]
        else:
            runs.append(codes)
    if not runs:
        return say("title_places", places=", ".join(place.code for place in sketch.places))
    return say("title", places=", ".join(" \N{EN DASH} ".join(run) for run in runs))


def _described(sketch: Sketch, language: Language) -> str:
    """Return the picture in words for who does not see it; what the tracks pass stands in the list."""
    say = picture_words(language)
    said = [
        say("desc_km", start=each.start, end=each.end, km=kilometres(each.km, language))
        for each in tracks(sketch)
        if each.has_line
    ]
    said += _undrawn(sketch, language)
    said += [
        say("desc_leg", start=leg.start, end=leg.end, verdict=words(leg.verdict, language))
        for leg in sketch.legs
        if leg.verdict is not None
    ]
    said += [
        say("desc_area", name=area.name or area.key, verdict=words(area.verdict, language))
        for area in sketch.areas
        if area.passed
    ]
    return " ".join([*said, say("sketch_only")])
