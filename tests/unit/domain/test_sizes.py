"""An outline in three figures: its area on the globe, its points, and a mark that each change changes."""

from math import pi

import pytest

from travelrisk.domain.sizes import size_of

EARTH_KM2 = 4 * pi * 6371.0088**2


@pytest.mark.parametrize(
    ("outline", "km2", "points"),
    [
        ("MULTIPOLYGON (((0 0, 90 0, 0 90, 0 0)))", EARTH_KM2 / 8, 3),  # an eighth of the globe
        ("MULTIPOLYGON (((0 0, 0 90, 90 0, 0 0)))", EARTH_KM2 / 8, 3),  # whichever way it is written
        ("MULTIPOLYGON (((180 0, -90 0, 0 -90, 180 0)))", EARTH_KM2 / 8, 3),  # over the antimeridian
        ("MULTIPOLYGON (((0 1, 90 1, 180 1, -90 1, 0 1)))", 0.4889 * EARTH_KM2, 4),  # around the north pole
        ("MULTIPOLYGON (((0 -1, 90 -1, 180 -1, -90 -1, 0 -1)))", 0.4889 * EARTH_KM2, 4),  # and the south pole
        (
            "MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0), (0 0, 0 1, 1 1, 1 0, 0 0)))",
            3 * 12364,
            8,
        ),  # with a hole
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((9 0, 10 0, 10 1, 9 1, 9 0)))", 2 * 12364, 8),
    ],
)
def test_the_area_is_that_of_the_smaller_side_without_its_holes(
    outline: str, km2: float, points: int
) -> None:
    size = size_of(outline)
    assert size.km2 == pytest.approx(km2, rel=2e-3)
    assert size.points == points


def test_whatever_changes_gives_another_mark_and_the_same_the_same() -> None:
    outline = "MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)))"
    moved = outline.replace("2 2", "2 2.0000001")
    assert size_of(outline) == size_of(outline)
    assert size_of(outline).mark != size_of(moved).mark
    assert str(size_of(outline)).startswith("49")
    assert str(size_of(outline)).endswith(f"km2, 4 points, {size_of(outline).mark}")
