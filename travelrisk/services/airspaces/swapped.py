"""Latitude and longitude the wrong way round, where both are in range and nothing but the airports can tell.

An outline that came in swapped lies over another part of the globe: its flights would be told of nothing.
"""

from collections.abc import Iterable

from travelrisk.domain.airspaces import Airspace, AirspaceKind
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.places import Airport, Atlas
from travelrisk.domain.sphere.points import Point

_POLE = 90
_LOCATION = 4  # letters of a location indicator; the first two are those of its airports


def refuse_swapped(airspace: Airspace, atlas: Atlas, where: str) -> None:
    """Refuse an outline that holds more airports of its own with latitude and longitude exchanged.

    Its own are those of its State, and those whose location indicators begin as its key does. One that holds
    none of them either way stays, and so does one that is only an area: over water there are none.

    Raises:
        BadInputError: it is swapped.
    """
    if airspace.kind is AirspaceKind.AREA:
        return
    own = [(each.longitude, each.latitude) for each in _own(airspace, atlas)]
    exchanged = _exchanged(airspace.outline)
    if own and exchanged and _inside(exchanged, own) > _inside(airspace.outline, own):
        raise BadInputError(
            f"{where}: latitude and longitude are swapped: the other way round more airports of its own are"
            " inside; write the longitude first, or give it the kind area if it is meant so"
        )


def _own(airspace: Airspace, atlas: Atlas) -> Iterable[Airport]:
    if airspace.state:
        codes = atlas.airports_in(airspace.state)
        yield from (airport for code in codes if (airport := atlas.airport(code)))
    if len(airspace.key) == _LOCATION:
        yield from atlas.located(airspace.key[:2])


def _inside(outline: str, places: list[Point]) -> int:
    from travelrisk.domain.sphere.areas import Areas  # noqa: PLC0415 - numpy takes its time

    return len(Areas([("", outline)]).crossed_by([(place, place) for place in places]).areas)


def _exchanged(outline: str) -> str:
    """Return an outline with latitude and longitude exchanged; empty where that is none."""
    from travelrisk.domain.sphere.outlines import polygons_of, text_of  # noqa: PLC0415 - as above

    polygons = polygons_of(outline, "")
    if any(abs(longitude) > _POLE for polygon in polygons for ring in polygon for longitude, _ in ring):
        return ""
    return text_of(
        tuple(tuple((second, first) for first, second in ring) for ring in polygon) for polygon in polygons
    )
