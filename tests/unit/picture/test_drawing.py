"""The picture of a route by its structure: what must be on it, and what must never be."""

import json
import re
import time
from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.unit.picture.sketches import AREAS, OPPOSITE, ROUTES, area, box, place, route
from travelrisk import resources
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere.outlines import outline_of
from travelrisk.domain.texts import LANGUAGES, Language, Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.drawing import WIDE, picture
from travelrisk.picture.journey import rings_of
from travelrisk.picture.land import disclaimer
from travelrisk.picture.route import airports_of, sketch_of
from travelrisk.picture.sketch import Area, Leg, Place, Sketch
from travelrisk.picture.words import picture_words
from travelrisk.reference import load_atlas

SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 40_000  # bytes


def _drawn(sketch: Sketch, language: Language = "en") -> Element:
    return fromstring(picture(sketch, language))  # noqa: S314 - our own picture


def _of_class(root: Element, name: str) -> list[Element]:
    return [each for each in root.iter() if name in each.get("class", "").split()]


def _texts(root: Element) -> list[str]:
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def _said(root: Element) -> str:
    return " ".join(_texts(root))


def _tracks(root: Element) -> list[Element]:
    return [each for each in root.iter(f"{SVG}g") if any("tr-map-casing" in c.get("class", "") for c in each)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codes", ROUTES)
def test_every_route_is_whole(codes: str, language: Language) -> None:
    sketch = route(codes)
    root = _drawn(sketch, language)
    assert root.get("role") == "img"
    assert [each.tag for each in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert len(_of_class(root, "tr-map-land")) == len(_of_class(root, "tr-map-sea")) == 1
    assert len(_tracks(root)) == sum(leg.start != leg.end for leg in sketch.legs)
    for each in sketch.places:
        assert any(said.startswith(each.code) for said in _texts(root)), f"{each.code} is not named"
    notes = picture_words(language)("sketch_only"), disclaimer().in_language(language)
    for note in notes:
        assert note in _said(root)
    assert notes[0] in (root.findtext(f"{SVG}desc") or "")


@pytest.mark.parametrize("codes", ROUTES)
def test_a_picture_is_light(codes: str) -> None:
    assert len(picture(route(codes, *AREAS), "fr").encode()) < LARGEST


@pytest.mark.parametrize("codes", ["LHR HND", "SVO LAX", "LHR SIN", "FRA ADD NBO"])
def test_a_picture_is_light_beside_coasts_and_borders_as_they_are(codes: str) -> None:
    features = json.loads(resources.data("airspaces.geojson").read_text("utf-8"))["features"]
    wanted = {
        "AF",
        "BY",
        "IQ",
        "IR",
        "KP",
        "LY",
        "ML",
        "MM",
        "RU-NEAR-UA",
        "RU-WEST",
        "SA",
        "SD",
        "SY",
        "UA",
        "YE",
    }
    outlines = {
        each["properties"]["key"]: outline_of(each["geometry"], "an airspace")
        for each in features
        if each["properties"]["key"] in wanted
    }
    assert set(outlines) == wanted
    areas = [
        Area(key, key, rings_of(text, key), Verdict.REVIEW, approximate=True)
        for key, text in outlines.items()
    ]
    svg = picture(sketch_of(airports_of(codes, load_atlas()), "fr", tuple(areas)), "fr")
    assert len(svg.encode()) < LARGEST


def test_a_picture_is_quick() -> None:
    sketch = route("FRA ADD NBO", *AREAS)
    picture(sketch, "en")  # the land is read once
    spent = []
    for _ in range(5):
        begun = time.process_time()
        picture(sketch, "en")
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.1, "on an idle machine it is a tenth of that"


def _everything() -> Iterator[str]:
    for codes in ROUTES:
        yield picture(route(codes, *AREAS, verdict=Verdict.REVIEW), "en")
    yield picture(OPPOSITE, "es")
    yield picture(route("FRA NBO"), "en", width=WIDE)


def test_nothing_is_in_it_that_a_strict_page_refuses() -> None:
    for svg in _everything():
        root = fromstring(svg)  # noqa: S314 - our own picture
        for each in root.iter():
            assert each.tag.removeprefix(SVG) not in {"style", "script", "image", "use", "foreignObject", "a"}
            assert not [name for name in each.keys() if name == "style" or name.startswith("on")]  # noqa: SIM118 - an element of XML
        assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]


def test_airspaces_differ_by_hatching_and_edge() -> None:
    root = _drawn(route("FRA ADD NBO", *AREAS))
    hatchings = {each.get("id", ""): each for each in root.iter(f"{SVG}pattern")}
    assert {name.split("-", 3)[-1] for name in hatchings} == {
        "not-cleared",
        "review",
        "conditional",
        "cleared",
    }
    bare = {re.sub(r"#\w+|id=\S+|color=\S+|class=\S+", "", _inner(each)) for each in hatchings.values()}
    assert len(bare) == 4, "without any colour they are still four"
    shapes = [each for each in root.iter(f"{SVG}path") if each.get("fill", "").startswith("url(#")]
    assert {each.get("fill", "")[5:-1] for each in shapes} == set(hatchings)
    assert len(shapes) == 4, "the fifth is not rated, and plain"
    passed = [each for each in shapes if each.get("stroke-width") == "22"]
    dashed = [each for each in shapes if each.get("stroke-dasharray")]
    assert (len(passed), len(dashed)) == (3, 1)
    for each in AREAS:
        assert each.name in _said(root)


def _inner(element: Element) -> str:
    return "".join(str(sorted(each.items())) for each in element.iter() if each is not element)


def test_the_legend_says_what_occurs_and_nothing_else() -> None:
    bare = _said(_drawn(route("FRA ADD NBO")))
    assert "direct track" in bare
    assert "cleared" not in bare
    assert "not rated" not in bare
    rich = _said(_drawn(route("FRA ADD NBO", *AREAS, verdict=Verdict.REVIEW)))
    for word in (
        "not cleared",
        "review needed",
        "cleared with conditions",
        "not rated",
        "approximate outline",
    ):
        assert word in rich
    assert "direct track" not in rich


def test_a_track_without_a_verdict_is_not_called_not_rated() -> None:
    root = _drawn(route("FRA ADD NBO", area("NAIROBI", box(34, -4, 41, 4), None)))
    assert {"direct track", "not rated"} <= set(_texts(root))


@pytest.mark.parametrize("language", LANGUAGES)
def test_opposite_places_have_no_track_and_the_picture_says_so(language: Language) -> None:
    root = _drawn(OPPOSITE, language)
    assert _tracks(root) == []
    sentence = picture_words(language)("opposite", start="AAA", end="BBB")
    assert sentence in _said(root)
    assert sentence in (root.findtext(f"{SVG}desc") or "")
    assert {"AAA Alpha", "BBB Bravo"} <= set(_texts(root))


def test_a_flight_that_ends_where_it_began_has_no_track_and_the_picture_says_so() -> None:
    root = _drawn(route("GRU GRU"))
    assert _tracks(root) == []
    assert picture_words("en")("same_place", start="GRU", end="GRU") in _said(root)


def test_a_leg_with_a_stop_is_drawn_over_it() -> None:
    codes = ("FRA", "ADD", "NBO")
    sketch = Sketch(tuple(map(place, codes)), (Leg("FRA", "NBO", ("ADD",), Verdict.CONDITIONAL),))
    root = _drawn(sketch)
    assert len(_tracks(root)) == 2
    assert root.findtext(f"{SVG}title") == "Direct track FRA \N{EN DASH} ADD \N{EN DASH} NBO"


def test_names_do_not_lie_on_one_another() -> None:
    root = _drawn(route("NBO EBB KGL BJM GOM FIH LBV DLA NDJ KRT"))
    codes = [each for each in root.iter(f"{SVG}text") if re.fullmatch("[A-Z]{3}", "".join(each.itertext()))]
    spots = []
    for each in codes:
        left = float(each.get("x", "")) - (330 if each.get("text-anchor") == "end" else 0)
        spots.append((left, float(each.get("y", ""))))
    assert len(spots) == 10
    for index, (x, y) in enumerate(spots):
        for other, below in spots[index + 1 :]:
            assert abs(x - other) > 300 or abs(y - below) > 150


def test_two_maps_on_one_page_share_no_id() -> None:
    one, two = (picture(route(codes, *AREAS), "en") for codes in ("FRA ADD NBO", "FRA NBO"))
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (one, two)]
    assert all(ids)
    assert not ids[0] & ids[1]
    for svg, own in zip((one, two), ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) == own
    assert "~" not in one


def test_the_same_sketch_is_the_same_picture() -> None:
    assert picture(route("SVO LAX", *AREAS), "en") == picture(route("SVO LAX", *AREAS), "en")


def test_an_airspace_at_the_edge_is_named_in_lines_or_not_at_all() -> None:
    name, said = "Russian Federation west of 60°E", []
    for west in range(20, 90, 2):
        area = Area("RU-WEST", name, (box(west, 10, west + 30, 40),))
        lines = _texts(_drawn(route("FRA ADD", area)))
        assert "RU-WEST" not in " ".join(lines)
        said.append(tuple(each for each in lines if each and each in name))
    assert {" ".join(each) for each in said} == {name, ""}, "the whole of it, or nothing"
    assert {len(each) > 1 for each in said if each} == {True, False}, "in one line where it fits"


def test_an_organisation_has_a_sentence_of_its_own() -> None:
    own = Texts("Ours.", "Le nôtre.", "El nuestro.")
    svg = picture(route("FRA NBO"), "fr", disclaimer=own)
    assert "Le nôtre." in svg
    assert disclaimer().fr.split()[-1] not in svg


def test_a_name_cannot_become_markup() -> None:
    name = '<script>"&\u202e\x00'
    sketch = Sketch(
        (Place("AAA", name, 0, 0), Place("BBB", name, 9, 9)),
        (Leg("AAA", "BBB"),),
        (Area("<k>", name, (box(-5, -5, 15, 15),), None),),
        name,
    )
    root = _drawn(sketch)
    assert root.findtext(f"{SVG}title") == '<script>"& '
    assert 'AAA <script>"& ' in _texts(root)


@pytest.mark.parametrize(
    ("places", "legs", "named"),
    [
        ((), (), "at least one place"),
        ((Place("AAA", "", 0, 0), Place("AAA", "", 1, 1)), (), "once"),
        ((Place("AAA", "", 0, 0),), (Leg("AAA", "QQQ"),), "QQQ"),
        ((Place("AAA", "", 0, 0), Place("BBB", "", 1, 1)), (Leg("AAA", "BBB", ("QQQ",)),), "QQQ"),
        ((Place("AAA", "", 0, 91),), (), "AAA lies nowhere"),
        ((Place("AAA", "", float("nan"), 0),), (), "AAA lies nowhere"),
    ],
)
def test_a_sketch_that_cannot_be_meant_is_refused(
    places: tuple[Place, ...], legs: tuple[Leg, ...], named: str
) -> None:
    with pytest.raises(BadInputError, match=named):
        Sketch(places, legs)


def test_an_airspace_that_cannot_be_seen_is_left_out() -> None:
    far = area("SANTIAGO", box(-76, -40, -66, -30), Verdict.NOT_CLEARED)
    root = _drawn(route("FRA ADD NBO", far))
    assert "not cleared" not in _said(root)
    assert not list(root.iter(f"{SVG}pattern"))


def test_of_two_tracks_on_one_line_the_graver_is_seen() -> None:
    there = (Leg("FRA", "ADD", (), Verdict.NOT_CLEARED), Leg("ADD", "FRA", (), Verdict.CLEARED))
    root = _drawn(Sketch((place("FRA"), place("ADD")), there))
    assert [each.get("class") for each in _tracks(root)] == ["tr-map--cleared", "tr-map--not-cleared"]


def test_an_airspace_too_small_to_be_seen_is_seen_all_the_same() -> None:
    small = area("ISLAND", box(30.0, 20.0, 30.02, 20.02), Verdict.NOT_CLEARED, passed=True)
    root = _drawn(route("FRA NBO", small))
    shapes = [each for each in root.iter(f"{SVG}path") if each.get("fill", "").startswith("url(#")]
    assert [each.get("stroke-width") for each in shapes] == ["22"]
    assert "not cleared" in _said(root)
    assert "Airspace Island: not cleared." in (root.findtext(f"{SVG}desc") or "")
