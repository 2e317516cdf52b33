"""The picture of the world: everything at once, cut where there is only sea."""

import re
from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.unit.picture.sketches import AREAS, area, box, place
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.drawing import NARROW
from travelrisk.picture.land import disclaimer
from travelrisk.picture.sketch import Area, Outline
from travelrisk.picture.world import world

SVG = "{http://www.w3.org/2000/svg}"
PLACES = tuple(
    place(code, verdict) for code, verdict in (("KBL", Verdict.REVIEW), ("NAN", None), ("PPT", None))
)


def _drawn(*areas: Area, language: Language = "en") -> Element:
    return fromstring(world(areas, PLACES, language))  # noqa: S314 - our own picture


def _corners(data: str) -> list[list[tuple[int, int]]]:
    lines = []
    for part in data.split("M")[1:]:
        figures = [int(each) for each in re.findall(r"-?\d+", part)]
        x, y = figures[:2]
        line = [(x, y)]
        for dx, dy in zip(figures[2::2], figures[3::2], strict=True):
            x, y = x + dx, y + dy
            line.append((x, y))
        lines.append(line)
    return lines


def _shape(outline: Outline) -> list[list[tuple[int, int]]]:
    root = _drawn(area("X", outline, Verdict.NOT_CLEARED))
    shape = next(each for each in root.iter(f"{SVG}path") if each.get("fill", "").startswith("url(#"))
    return _corners(shape.get("d", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_it_is_there(language: Language) -> None:
    svg = world(AREAS, PLACES, language)
    root = fromstring(svg)  # noqa: S314 - our own picture
    assert len(svg.encode()) < 45_000
    assert "style=" not in svg
    assert len([each for each in root.iter() if each.get("class") == "tr-map-land"]) == 1
    assert len(list(root.iter(f"{SVG}pattern"))) == 4
    shapes = [each for each in root.iter() if each.get("class") in {"tr-map-dot", "tr-map-hollow"}]
    assert len(shapes) == len(PLACES) + 4 - 3, "three airports, and one of them in the legend"
    assert disclaimer().in_language(language) in " ".join(
        "".join(e.itertext()) for e in root.iter(f"{SVG}text")
    )


def test_it_is_told_in_numbers() -> None:
    told = _drawn(*AREAS).findtext(f"{SVG}desc") or ""
    assert told.startswith("Airspaces, not cleared: 1.")
    assert told.endswith("Airports, review needed: 1. Airports, not rated: 2.")


@pytest.mark.parametrize(
    ("outline", "parts"),
    [
        (box(0, 0, 30, 30), 1),
        (box(30, 20, 30.01, 20.01), 1),  # too small to be seen, were it drawn as it is
        (box(170, -10, 190, 10), 1),  # over 180 degrees, where the sheet is not cut
        (box(170, -10, -170, 10), 1),
        (box(-179, -10, -160, 10), 2),  # over 169 degrees west, where it is
        (box(181, -10, 200, 10), 2),
        (tuple((lon, -62.0) for lon in range(-180, 180, 10)), 1),  # round the pole
        (tuple((lon, 75.0) for lon in range(0, 360, 10)), 1),
    ],
)
def test_an_airspace_is_cut_only_where_the_world_ends(outline: Outline, parts: int) -> None:
    lines = _shape(outline)
    assert len(lines) == parts
    assert all(0 <= x <= NARROW and y >= 0 for line in lines for x, y in line)
    widest = max(abs(a[0] - b[0]) for line in lines for a, b in pairwise(line))
    assert widest < 150, "no edge runs across the world"


def test_a_polar_airspace_reaches_from_edge_to_edge_without_a_seam() -> None:
    (line,) = _shape(tuple((lon, -62.0) for lon in range(-180, 180, 10)))
    top = sorted(x for x, y in line if y < max(y for _, y in line) - 60)
    assert top[0] < NARROW * 0.2
    assert top[-1] > NARROW * 0.8
    inner = [x for x, y in line if NARROW * 0.25 < x < NARROW * 0.75]
    heights = {round(y, -2) for x, y in line if x in inner}
    assert len(heights) == 2, "its edge and the pole, and nothing between them"


def test_the_gravest_is_on_top() -> None:
    root = _drawn(*AREAS)
    order = [
        each.get("class")
        for each in root.iter(f"{SVG}path")
        if "tr-map--" in each.get("class", "") and each.get("fill-rule") == "evenodd"
    ]
    words = ["not-rated", "cleared", "conditional", "review", "not-cleared"]
    assert order == [f"tr-map--{word}" for word in words]
