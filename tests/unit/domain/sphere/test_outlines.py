"""Outlines are read from text and GeoJSON and back, and what could mean two things is refused by name."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import globe
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere.areas import Areas
from travelrisk.domain.sphere.outlines import outline_of, polygons_of, sound_outline, text_of
from travelrisk.domain.sphere.parts import distances, part_of
from travelrisk.domain.sphere.points import EARTH_RADIUS_KM, Point
from travelrisk.domain.sphere.vectors import tracks, units

TRIANGLE = "MULTIPOLYGON (((10 50, 20 50, 15 60, 10 50)))"
ANTARCTIC = "(-180 -60, -90 -60, 0 -60, 90 -60, 180 -60"  # unclosed


def _holds(outline: str, point: Point) -> bool:
    return bool(len(Areas([("ZZZZ", outline)]).crossed_by([[point, point]]).areas))


def _polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def _box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@pytest.mark.parametrize(
    "text",
    [
        TRIANGLE,
        "POLYGON((10 50,20 50,15 60))",
        "SRID=4326; multipolygon(((10.0 5e1, 20 50., +15 60, 10 50)))",
        "POLYGON Z ((10 50 7, 20 50 7, 15 60 7, 10 50 7))",
        "POLYGON ((10 50, 20 50, 20 50, 15 60, 15.5 61, 15 60, -350 50))",  # twice a point, and out and back
    ],
)
def test_one_triangle_is_written_in_many_ways(text: str) -> None:
    assert sound_outline(text, "ZZZZ") == TRIANGLE


@pytest.mark.parametrize("number", range(20))
def test_an_outline_is_read_and_written_and_read_again(number: int) -> None:
    polygons = polygons_of(globe.areas(20)[number][1], "ZZZZ")
    assert polygons_of(text_of(polygons), "ZZZZ") == polygons


def test_a_ring_may_run_over_the_antimeridian_written_either_way() -> None:
    for text in ("POLYGON((170 -10, 190 -10, 190 10, 170 10))", "POLYGON((170 -10,-170 -10,-170 10,170 10))"):
        assert _holds(sound_outline(text, "ZZZZ"), (180, 0))
        assert _holds(sound_outline(text, "ZZZZ"), (-175, 5))
        assert not _holds(sound_outline(text, "ZZZZ"), (165, 0))
        assert not _holds(sound_outline(text, "ZZZZ"), (0, 0))


@pytest.mark.parametrize("end", [")", ", 180 -90, -180 -90, -180 -60)"])
def test_a_ring_may_go_round_a_pole_with_or_without_its_seam(end: str) -> None:
    outline = sound_outline(f"POLYGON ({ANTARCTIC}{end})", "ZZZZ")
    assert "-90" not in outline.replace("-90 -60", "")  # the seam says nothing and is gone
    assert _holds(outline, (0, -90))
    assert _holds(outline, (180, -80))
    assert not _holds(outline, (45, 0))
    assert not _holds(outline, (0, 90))


def test_a_box_of_the_map_all_round_a_pole_is_read_as_it_is_drawn() -> None:
    outline = outline_of(_polygon(_box(-180, -90, 180, -60)), "ZZZZ")
    assert _holds(outline, (77, -60.01))
    assert not _holds(outline, (77, -59.99))
    assert _holds(outline, (180, -75))


def test_straight_lines_of_a_map_are_kept() -> None:
    box = _box(0, 40, 40, 50)
    drawn = outline_of(_polygon(box), "ZZZZ")
    assert _holds(drawn, (20, 49.99))
    assert not _holds(drawn, (20, 50.01))
    arcs = text_of(polygons_of("POLYGON((0 40, 40 40, 40 50, 0 50))", "ZZZZ"))
    assert _holds(arcs, (20, 51))  # what an arc over 40 degrees would do: 190 km


@given(st.floats(-180, 180), st.floats(-85, 85), st.floats(-175, 175), st.floats(-85, 85), st.floats(0, 1))
def test_arcs_leave_the_lines_of_a_map_by_less_than_a_kilometre(
    longitude: float, latitude: float, across: float, higher: float, share: float
) -> None:
    far = longitude + across
    try:  # a needle along the line; its third point keeps out of the way of the place looked at
        ring = [[longitude, latitude], [far, higher], [far, min(89.0, higher + 3)]]
        outline = outline_of(_polygon(ring), "ZZZZ")
    except BadInputError:  # too thin, or too large
        return
    place = units([(longitude + share * across, latitude + share * (higher - latitude))])
    ways, _ = tracks(place, place)
    [polygon] = polygons_of(outline, "ZZZZ")
    assert float(distances(ways, part_of(polygon))[0]) * EARTH_RADIUS_KM < 1


def test_several_polygons_with_holes_come_from_geojson() -> None:
    geometry = {
        "type": "MultiPolygon",
        "coordinates": [[_box(0, 0, 10, 10), _box(4, 4, 6, 6)], [_box(178, -20, -178, -15)]],
    }
    outline = outline_of(geometry, "ZZZZ")
    assert [_holds(outline, at) for at in ((2, 2), (5, 5), (180, -17), (20, 5))] == [True, False, True, False]


BOW_TIE = "POLYGON((0 0, 10 10, 10 0, 0 10))"
BAD = {
    "no WKT": ("POLYGON 10 50, 20 50", "no POLYGON or MULTIPOLYGON in WKT; write"),
    "another kind": ("LINESTRING (10 50, 20 50, 15 60)", "no POLYGON or MULTIPOLYGON in WKT"),
    "brackets that do not fit": ("POLYGON ((10 50, 20 50, 15 60)", "no POLYGON or MULTIPOLYGON in WKT"),
    "half a place": ("POLYGON ((10 50, 20, 15 60))", "point 2: 20 is no place; write longitude and latitude"),
    "a bracket too few": (
        "MULTIPOLYGON ((10 50, 20 50, 15 60))",
        "polygon 1, ring 1, point 1: 10.0 is no place",
    ),
    "nothing inside": ("MULTIPOLYGON ()", "holds no polygon"),
    "an empty ring": ("POLYGON (())", "polygon 1, ring 1: no list of points"),
    "two points": ("POLYGON ((10 50, 20 50, 10 50))", "polygon 1, ring 1: fewer than three different points"),
    "there and back": ("POLYGON ((10 50, 20 50, 30 50, 20 50))", "fewer than three different points"),
    "a latitude of 95": (
        "POLYGON ((170 50, 20 95, 15 60))",
        "point 2: longitude 20, latitude 95 is no place",
    ),
    "a longitude of 400": (
        "POLYGON ((400 50, 20 55, 15 60))",
        "point 1: longitude 400, latitude 50 is no place",
    ),
    "swapped": (
        "POLYGON ((50 110, 50 120, 60 115))",
        "latitude and longitude are swapped; write the longitude",
    ),
    "not finite": ("POLYGON ((1e999 50, 20 50, 15 60))", "point 1: not a number"),
    "not a number": ("POLYGON ((nan 50, 20 50, 15 60))", "no POLYGON or MULTIPOLYGON in WKT"),
    "crossing itself": (
        BOW_TIE,
        r"the edge after point 1 of ring 1 \(0, 0\) crosses the one after point 3 of",
    ),
    "rings that cross": (
        "POLYGON((0 0, 10 0, 10 10, 0 10), (8 4, 12 4, 12 6, 8 6))",
        r"crosses the one after point [13] of ring 2",
    ),
    "a hole outside": (
        "MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10)), ((20 0, 30 0, 30 9), (40 4, 42 4, 42 6)))",
        "polygon 2, ring 2: a hole outside of its polygon",
    ),
    "a hole around": (
        "POLYGON((4 4, 6 4, 6 6, 4 6), (0 0, 10 0, 10 10, 0 10))",
        "polygon 1, ring 2: a hole outside of its polygon",
    ),
    "most of the globe": (
        "POLYGON((-170 -80, -90 -80, 0 -80, 90 -80, 170 -80, 170 80, 90 80, 0 80, -90 80, -170 80))",
        "larger than half of the globe; cut it",
    ),
    "half of the globe": (
        "POLYGON((0 -1, 90 1, 180 -1, -90 1))",
        "close to the equator, so that it cannot be",
    ),
    "opposite points": (
        "POLYGON((0 0, 90 10, 180 0))",
        r"after point 3 of ring 1 \(180, 0\) joins opposite points",
    ),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD)
def test_what_is_wrong_with_an_outline_is_said_by_name(text: str, said: str) -> None:
    with pytest.raises(BadInputError, match=f"^airspace ZZZZ: .*{said}"):
        sound_outline(text, "airspace ZZZZ")


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "the geometry is a 'Point'"),
        ({"type": "Polygon"}, "give a Polygon or a MultiPolygon"),
        ({}, "the geometry is a None"),
        ({"type": "Polygon", "coordinates": []}, "no list of points"),
        ({"type": "MultiPolygon", "coordinates": []}, "holds no polygon"),
        ({"type": "MultiPolygon", "coordinates": [[[1, 2]]]}, "point 1: 1 is no place"),
        ({"type": "Polygon", "coordinates": [[["1", "2"]]]}, "is no place; write longitude and latitude"),
        ({"type": "Polygon", "coordinates": [[[1, math.nan], [2, 3], [3, 2]]]}, "point 1: not a number"),
        (_polygon(_box(-180, -80, 180, 80)), "larger than half of the globe|fewer than three|crosses"),
        (_polygon([[0, 0], [10, 10], [10, 0], [0, 10]]), "crosses the one after"),
    ],
)
def test_what_is_wrong_with_a_geometry_is_said_by_name(geometry: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInputError, match=f"^airspace ZZZZ: .*({said})"):
        outline_of(geometry, "airspace ZZZZ")


def test_an_edge_that_touches_is_none_that_crosses() -> None:
    touching = "POLYGON((0 0, 10 0, 10 10, 0 10), (0 0, 4 2, 2 4))"
    assert np.shape(polygons_of(sound_outline(touching, "ZZZZ"), "ZZZZ")[0][1]) == (3, 2)
