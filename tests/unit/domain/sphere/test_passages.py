"""Where one route runs through areas, in kilometres from its origin, and how near it comes to others."""

import math
from collections.abc import Iterator

import pytest

from tests import globe
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere import passages as passages_module
from travelrisk.domain.sphere.areas import Areas, Passage
from travelrisk.domain.sphere.passages import passages
from travelrisk.domain.sphere.points import CannotBeDrawnError, Point, distance_km

DEGREE = distance_km((0, 0), (1, 0))
AREAS = Areas(
    [
        ("FAR", "POLYGON((50 -5, 60 -5, 60 5, 50 5))"),
        ("HOLED", "POLYGON((10 -5, 30 -5, 30 5, 10 5), (15 -2, 25 -2, 25 2, 15 2))"),
        ("CUT", "MULTIPOLYGON(((170 -5, 180 -5, 180 5, 170 5)), ((-180 -5, -170 -5, -170 5, -180 5)))"),
        ("BESIDE", "POLYGON((35 1, 40 1, 40 5, 35 5))"),
        ("NEARER", "POLYGON((35 -5, 40 -5, 40 -0.5, 35 -0.5))"),
        ("TIP", "POLYGON((45 0, 47 3, 43 3))"),
    ]
)


def _of(origin: Point, destination: Point, margin_km: float = 0) -> Iterator[Passage]:
    return iter(passages(AREAS, origin, destination, margin_km))


def _degrees(passage: Passage) -> list[tuple[float, float]]:
    return [(enters / DEGREE, leaves / DEGREE) for enters, leaves in passage.pieces]


def test_a_route_says_where_it_enters_and_leaves_in_the_order_of_its_way() -> None:
    holed, tip, far = _of((0, 0), (70, 0))
    assert [holed.key, tip.key, far.key] == ["HOLED", "TIP", "FAR"]
    assert _degrees(holed) == [pytest.approx((10, 15)), pytest.approx((25, 30))]
    assert holed.inside_km == pytest.approx(10 * DEGREE)
    assert _degrees(far) == [pytest.approx((50, 60))]
    assert _degrees(tip) == [pytest.approx((45, 45))]  # touched: the safe side
    assert {passage.distance_km for passage in (holed, tip, far)} == {0}
    assert not any(passage.starts_inside or passage.ends_inside for passage in (holed, tip, far))


def test_the_way_back_is_the_same_turned_round() -> None:
    there, back = list(_of((0, 0), (70, 0))), list(_of((70, 0), (0, 0)))
    assert [passage.key for passage in back] == [passage.key for passage in reversed(there)]
    assert _degrees(back[-1]) == [pytest.approx((40, 45)), pytest.approx((55, 60))]


@pytest.mark.parametrize(
    ("origin", "destination", "starts", "ends"),
    [
        ((12, 0), (0, 0), True, False),
        ((0, 0), (12, 0), False, True),
        ((12, 0), (28, 0), True, True),
        ((12, 0), (20, 0), True, False),  # ends in the hole
        ((12, 0), (12, 0), True, True),
        ((10, 0), (5, 0), True, False),  # on the edge
    ],
)
def test_a_route_says_whether_it_begins_or_ends_inside(
    origin: Point, destination: Point, *, starts: bool, ends: bool
) -> None:
    [holed] = _of(origin, destination)
    assert (holed.starts_inside, holed.ends_inside) == (starts, ends)


def test_two_parts_that_meet_are_one_piece() -> None:
    [cut] = _of((165, 0), (-165, 0))
    assert _degrees(cut) == [pytest.approx((5, 25))]


def test_a_margin_adds_what_is_near_by_distance_after_what_is_crossed() -> None:
    *_, nearer, beside = _of((0, 0), (70, 0), 150)
    assert (nearer.key, beside.key) == ("NEARER", "BESIDE")
    assert (nearer.distance_km, beside.distance_km) == pytest.approx((DEGREE / 2, DEGREE), rel=0.01)
    assert (nearer.pieces, nearer.inside_km, nearer.starts_inside, nearer.ends_inside) == (
        (),
        0,
        False,
        False,
    )
    assert [passage.key for passage in _of((0, 0), (70, 0), 80)] == ["HOLED", "TIP", "FAR", "NEARER"]


def test_what_lies_beyond_an_end_is_as_far_as_that_end() -> None:
    [holed] = _of((-5, 0), (9, 0), 150)
    assert holed.distance_km == pytest.approx(DEGREE)


def test_opposite_ends_cannot_be_drawn() -> None:
    with pytest.raises(CannotBeDrawnError, match=r"from \(0, 10\) to \(180, -10\) .* cannot be drawn"):
        passages(AREAS, (0, 10), (180, -10), 0)


@pytest.mark.parametrize("nowhere", [(math.nan, 0), (0, math.nan), (0, 91), (math.inf, 0)])
def test_what_is_no_place_is_refused_rather_than_outside(nowhere: Point) -> None:
    with pytest.raises(BadInputError, match="no place on the globe"):
        passages(AREAS, nowhere, (5, 5))


def test_a_margin_is_a_number_of_kilometres() -> None:
    with pytest.raises(BadInputError, match="a margin of -1 km"):
        passages(AREAS, (0, 0), (5, 5), -1)


def test_a_route_is_worked_out_once_and_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages_module, "_MOST_KEPT", 3)
    areas = Areas([("FAR", "POLYGON((50 -5, 60 -5, 60 5, 50 5))")])
    first = passages(areas, (0, 0), (70, 0))
    assert passages(areas, (0, 0), (70, 0)) is first
    assert passages(areas, (0, 0), (70, 0), 10) is not first  # another margin is another question
    for latitude in range(1, 9):
        passages(areas, (0, latitude), (70, 0))
        assert len(areas.kept) <= 3
    assert passages(areas, (0, 0), (70, 0)) == first


@pytest.mark.parametrize("few", [0, 10**6])
def test_one_route_crosses_what_it_crosses_among_many(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages_module, "_FEW", few)  # parts are chosen, or all are looked at
    areas, routes = Areas(globe.areas(60)), globe.routes(400, seed=2)
    for margin_km in (0, 200):
        many = areas.crossed_by(routes, margin_km)
        for at, (origin, destination) in enumerate(routes):
            keys = {areas.keys[area] for area in many.areas[many.routes == at]}
            assert {passage.key for passage in passages(areas, origin, destination, margin_km)} == keys
