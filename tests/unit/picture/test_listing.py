"""The list beside a picture: in the order of the way, and never a silence that reads as "passes nothing"."""

import pytest

from tests.unit.picture.sketches import OPPOSITE, place, route
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.listing import Passage, listing, sketch_only, tracks
from travelrisk.picture.sketch import Leg, Sketch
from travelrisk.picture.words import kilometres

PASSED = (
    Passage("Khartoum", 3404, 4611, 1163, verdict=Verdict.REVIEW),
    Passage("Tripoli", 2310.4, 2954.6, 644, verdict=Verdict.NOT_CLEARED),
    Passage("Cairo", 2954, 2960, 0, distance_km=38.4),
)


def test_passages_stand_in_the_order_of_the_way() -> None:
    (part,) = listing(tracks(route("FRA ADD"), {("FRA", "ADD"): PASSED}), "en")
    assert part.heading == "FRA to ADD, 5,350 km. The direct track passes (estimate):"
    assert part.items == (
        "Tripoli: about 640 km, from km 2,310 to km 2,950: not cleared",
        "Cairo: not passed, but only about 38 km beside the direct track",
        "Khartoum: about 1,160 km, from km 3,400 to km 4,610: review needed",
    )


@pytest.mark.parametrize(
    ("language", "heading", "item"),
    [
        (
            "fr",
            "FRA vers ADD, 5\u202f350 km. La trajectoire directe traverse (estimation)\u00a0:",
            "Tripoli\u00a0: environ 640 km, du km 2\u202f310 au km 2\u202f950\u00a0: avis défavorable",
        ),
        (
            "es",
            "FRA a ADD, 5350 km. La trayectoria directa atraviesa (estimación):",
            "Tripoli: unos 640 km, del km 2310 al km 2950: sin visto bueno",
        ),
    ],
)
def test_the_list_speaks_the_language_of_its_reader(language: Language, heading: str, item: str) -> None:
    (part,) = listing(tracks(route("FRA ADD"), {("FRA", "ADD"): PASSED}), language)
    assert (part.heading, part.items[0]) == (heading, item)


@pytest.mark.parametrize(
    ("language", "item"),
    [
        ("en", "Tripoli: about 4 km, at about km 600"),
        ("fr", "Tripoli\u00a0: environ 4 km, vers le km 600"),
        ("es", "Tripoli: unos 4 km, hacia el km 600"),
    ],
)
def test_a_short_passage_has_one_place(language: Language, item: str) -> None:
    passed = (Passage("Tripoli", 598, 602, 4), Passage("Cairo", 700, 700.2, 0.2))
    (part,) = listing(tracks(route("FRA ADD"), {("FRA", "ADD"): passed}), language)
    assert part.items[0] == item
    assert "0 km," not in part.items[1].replace("700", "")


def test_nothing_passed_and_nothing_known_are_two_things() -> None:
    known = listing(tracks(route("FRA ADD NBO"), {("FRA", "ADD"): ()}), "en")
    assert [part.heading for part in known] == [
        "FRA to ADD, 5,350 km. The direct track passes none of the airspaces known here (estimate).",
        "ADD to NBO, 1,160 km. Which airspaces the direct track passes was not worked out: ask the airline.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_track_that_cannot_be_drawn_passes_no_one_knows_what(language: Language) -> None:
    for sketch, pair in ((OPPOSITE, ("AAA", "BBB")), (route("GRU GRU"), ("GRU", "GRU"))):
        (track,) = tracks(sketch, {pair: ()})
        assert (track.has_line, track.passages) == (False, None), "whoever claims to know what it passes"
        (part,) = listing([track], language)
        said = {"en": "not known", "fr": "ne sait pas", "es": "No se sabe"}[language]
        assert said in part.heading
        assert part.items == ()


def test_a_stop_divides_a_leg() -> None:
    sketch = Sketch(tuple(map(place, ("FRA", "ADD", "NBO"))), (Leg("FRA", "NBO", ("ADD",)),))
    assert [(track.start, track.end) for track in tracks(sketch)] == [("FRA", "ADD"), ("ADD", "NBO")]


def test_lengths_are_those_of_the_sphere() -> None:
    found = {track.start: track.km for track in tracks(route("SVO LAX SCL"))}
    assert found["SVO"] == pytest.approx(9750, abs=30)
    assert found["LAX"] == pytest.approx(8980, abs=30)


@pytest.mark.parametrize(
    ("km", "en", "fr", "es"),
    [
        (0.4, "0", "0", "0"),
        (38.4, "38", "38", "38"),
        (104, "100", "100", "100"),
        (9994, "9,990", "9\u202f990", "9990"),
        (12_345, "12,340", "12\u202f340", "12\u00a0340"),
    ],
)
def test_figures_are_written_as_the_language_does(km: float, en: str, fr: str, es: str) -> None:
    assert (kilometres(km, "en"), kilometres(km, "fr"), kilometres(km, "es")) == (en, fr, es)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_sentence_sends_to_the_airline(language: Language) -> None:
    word = {"en": "airline", "fr": "compagnie", "es": "aerolínea"}[language]
    assert word in sketch_only(language)
