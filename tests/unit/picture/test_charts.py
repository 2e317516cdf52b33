"""Charts: as long as the values are large, nothing outside of the frame, and no label on another one."""

from itertools import combinations, pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.charts import COUNTS, NARROW, SECONDS, Axis, Bar, Series, bars, columns, lines
from travelrisk.picture.labels import Box, width_of

SVG = "{http://www.w3.org/2000/svg}"
COUNT = st.integers(0, 2_000_000)
NAME = st.text("abcdefghij WMÉ<&'", min_size=1, max_size=90)


def _root(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314 - our own picture


def _size(root: Element) -> tuple[float, float]:
    _, _, width, height = map(float, root.get("viewBox", "").split())
    return width, height


def _number(each: Element, name: str) -> float:
    return float(each.get(name, "nan"))


def _rects(root: Element, name: str) -> list[Box]:
    found = [each for each in root.iter(f"{SVG}rect") if each.get("class") == name]
    return [
        Box(
            _number(each, "x"),
            _number(each, "y"),
            _number(each, "x") + _number(each, "width"),
            _number(each, "y") + _number(each, "height"),
        )
        for each in found
    ]


def _labels(root: Element) -> list[Box]:
    """Return where each text stands, as wide as it is at most."""
    boxes = []
    for each in root.iter(f"{SVG}text"):
        size = int(each.get("font-size", "0"))
        wide, x, y = width_of("".join(each.itertext()), size), _number(each, "x"), _number(each, "y")
        left = x - {"middle": wide / 2, "end": wide}.get(each.get("text-anchor", ""), 0)
        boxes.append(Box(left, y - size / 2, left + wide, y + size / 2))
    return boxes


def _holds_together(root: Element, drawn: list[Box]) -> None:
    width, height = _size(root)
    labels = _labels(root)
    for each in (*drawn, *labels):
        assert each.left >= -1
        assert each.top >= 0
        assert each.right <= width + 1
        assert each.bottom <= height
    for one, other in combinations(labels, 2):
        assert one.shared(other) == 0
    for label in labels:
        assert all(label.shared(each) == 0 for each in drawn)


def _axis(labels: list[str]) -> Axis:
    return Axis(labels, COUNTS, lambda value: f"{round(value):,}")


@given(st.lists(st.tuples(NAME, COUNT), min_size=1, max_size=12))
def test_bars_are_as_long_as_their_values_are_large(given: list[tuple[str, int]]) -> None:
    svg = bars("t", "d", [Bar(name, value, f"{value:,}") for name, value in given])
    most = max(value for _, value in given)
    if not most:
        assert svg == ""
        return
    root = _root(svg)
    drawn = _rects(root, "tr-bar-of-chart")
    longest = max(each.right - each.left for each in drawn)
    assert longest > NARROW / 2
    for each, (_, value) in zip(drawn, given, strict=True):
        assert each.right - each.left == pytest.approx(longest * value / most, abs=0.2)
    _holds_together(root, drawn)


@given(st.lists(COUNT, min_size=1, max_size=31))
def test_columns_are_as_high_as_their_values_are_large(values: list[int]) -> None:
    labels = [f"{number} sept." for number in range(len(values))]
    svg = columns("t", "d", Series("n", values), _axis(labels))
    if not any(values):
        assert svg == ""
        return
    root = _root(svg)
    drawn = _rects(root, "tr-column")
    shown = [value for value in values if value]
    scale = max(each.bottom - each.top for each in drawn) / max(shown)
    for each, value in zip(drawn, shown, strict=True):
        assert each.bottom - each.top == pytest.approx(value * scale, abs=0.3)
    assert [each.left for each in drawn] == sorted(each.left for each in drawn)
    assert all(one.right <= two.left for one, two in pairwise(drawn))
    _holds_together(root, drawn)


@given(st.lists(st.tuples(st.none() | COUNT, st.none() | COUNT), min_size=1, max_size=37))
def test_lines_have_a_mark_for_each_value_and_none_where_there_is_none(
    values: list[tuple[int | None, int | None]],
) -> None:
    labels = [f"{number} févr." for number in range(len(values))]
    several = [
        Series(name, list(each)) for name, each in zip(("m", "p"), zip(*values, strict=True), strict=True)
    ]
    svg = lines("t", "d", several, Axis(labels, SECONDS, lambda value: f"{round(value)} s"))
    known = [[each for each in series.values if each is not None] for series in several]
    if not any(known):
        assert svg == ""
        return
    root = _root(svg)
    width, height = _size(root)
    circles = [(_number(each, "cx"), _number(each, "cy")) for each in root.iter(f"{SVG}circle")][1:]
    assert len(circles) == len(known[0]), "and one in the legend"
    assert all(0 < x < width and 0 < y < height for x, y in circles)
    by_value = sorted(zip(known[0], (y for _, y in circles), strict=True))
    assert [y for _, y in by_value] == sorted((y for _, y in by_value), reverse=True)
    _holds_together(root, [])


def test_nothing_rests_on_colour_alone() -> None:
    verdicts = bars("t", "d", [Bar(each.word, 3, "3", each) for each in Verdict])
    assert len(list(_root(verdicts).iter(f"{SVG}pattern"))) == len(Verdict) + 1
    fills = {each.get("fill") for each in _root(verdicts).iter(f"{SVG}rect") if each.get("class")}
    assert len([each for each in fills if each and each.startswith("url(#")]) == len(Verdict)
    drawn = lines("t", "d", [Series("a", [1, 2]), Series("b", [2, 3])], _axis(["x", "y"]))
    dashes = {
        each.get("stroke-dasharray")
        for each in _root(drawn).iter(f"{SVG}path")
        if each.get("class") == "tr-line"
    }
    assert len(dashes) == 2


def test_a_chart_says_what_it_is_and_holds_no_style_and_no_markup_of_others() -> None:
    svg = bars("Trips & <b>more</b>", "One: 1.", [Bar("<script>x</script>", 1, "1")])
    root = _root(svg)
    assert (root.get("role"), root.findtext(f"{SVG}title")) == ("img", "Trips & <b>more</b>")
    assert root.findtext(f"{SVG}desc") == "One: 1."
    assert "style=" not in svg
    assert "<script" not in svg
    assert [each.get("id", "")[:7] for each in root.iter(f"{SVG}pattern")] == ["tr-map-"]


def test_two_charts_on_one_page_share_no_id() -> None:
    one, two = (bars("t", "d", [Bar("a", value, str(value))]) for value in (1, 2))
    ids = [{each.get("id") for each in _root(svg).iter() if each.get("id")} for svg in (one, two)]
    assert ids[0].isdisjoint(ids[1])
