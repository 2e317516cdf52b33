"""People on the map of the world, and one traveller's spells as a bar."""

from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import fromstring

import pytest

from tests.factories import at, flight, settled
from tests.unit.picture.sketches import place
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.domain.whereabouts import Span, spells
from travelrisk.picture.headcount import Gathering, headcount
from travelrisk.picture.spells import bar

SVG = "{http://www.w3.org/2000/svg}"
GATHERINGS = (
    Gathering(place("ADD"), 12, 12),
    Gathering(place("NBO"), 1, 0),
    Gathering(place("FRA"), 340, 300),
    Gathering(place("PPT"), 2, 2),
)
BEGINS = datetime(2026, 12, 12, tzinfo=UTC)
SHOWN = Span(BEGINS, BEGINS + timedelta(days=10))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_place_has_its_number_and_the_same_stands_in_words(language: Language) -> None:
    svg = headcount(GATHERINGS, language)
    root = fromstring(svg)  # noqa: S314 - our own picture
    discs = [each for each in root.iter(f"{SVG}g") if each.get("class") == "tr-map-people"]
    assert sorted("".join(each.itertext()) for each in discs) == ["1", "12", "2", "340"]
    described = root.findtext(f"{SVG}desc") or ""
    for gathering in GATHERINGS:
        assert f"({gathering.place.code})" in described
        assert str(gathering.people) in described
    assert "style=" not in svg
    assert len(svg.encode()) < 45_000


def test_people_at_two_airports_of_a_city_are_one_number() -> None:
    here = place("ADD")
    near = here._replace(code="XXX", lon=here.lon + 0.3)
    root = fromstring(headcount((Gathering(here, 3, 3), Gathering(near, 4, 0)), "en"))  # noqa: S314 - as above
    discs = [each for each in root.iter(f"{SVG}g") if each.get("class") == "tr-map-people"]
    assert ["".join(each.itertext()) for each in discs] == ["7"]


def test_who_only_may_be_there_has_a_broken_edge() -> None:
    root = fromstring(headcount((Gathering(place("ADD"), 3, 0),), "en"))  # noqa: S314 - as above
    (circle,) = [each for each in root.iter(f"{SVG}circle") if each.get("stroke-dasharray")]
    assert circle.get("fill") == "#fff"


def test_a_bar_shows_what_is_expected_filled_and_what_is_possible_as_an_outline() -> None:
    found = spells(
        settled(
            (
                flight("ET 707", "FRA ADD", "12-12 22:30", arrives=at("12-13 07:20")),
                flight("ET 706", "ADD FRA", "12-20 23:40", arrives=at("12-21 05:55")),
            )
        )
    )
    root = fromstring(bar(found, SHOWN, Span(BEGINS, BEGINS + timedelta(days=1)), "TR-A <b>"))  # noqa: S314 - as above
    rects = list(root.iter(f"{SVG}rect"))
    filled = [each for each in rects if each.get("fill") == "#0b4f8a"]
    assert [(each.get("y"), each.get("height")) for each in filled] == [("11", "6"), ("4", "20"), ("11", "6")]
    assert [each for each in rects if each.get("stroke-dasharray")], "before the first departure"
    for each in rects:
        left, wide = int(each.get("x", "0")), int(each.get("width", "0"))
        assert 0 <= left <= left + wide <= 1002
    assert root.findtext(f"{SVG}title") == "TR-A <b>"


def test_what_lies_outside_of_the_bar_is_left_out() -> None:
    found = spells(settled(flight("ET 707", "FRA ADD", "01-12 22:30", arrives=at("01-13 07:20"))))
    root = fromstring(bar(found, SHOWN, SHOWN, ""))  # noqa: S314 - as above
    assert len(list(root.iter(f"{SVG}rect"))) == 2, "the ground, and the time that was asked for"
