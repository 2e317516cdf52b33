"""A route as people write it: codes, names, and what lies between them."""

import pytest

from travelrisk.domain.errors import BadInputError
from travelrisk.picture.route import airports_of, sketch_of
from travelrisk.reference import load_atlas


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("FRA ADD NBO", "FRA ADD NBO"),
        ("fra-add-nbo", "FRA ADD NBO"),
        ("FRA \u2192 ADD \u2192 NBO", "FRA ADD NBO"),
        ("EDDF, HAAB", "FRA ADD"),
        ("Geneva Addis Ababa Port-au-Prince", "GVA ADD PAP"),
        ("Genève/Addis-Abeba", "GVA ADD"),
        ("Frankfurt Nairobi", "FRA NBO"),
        ("GRU GRU", "GRU GRU"),
    ],
)
def test_codes_and_names_are_understood(text: str, codes: str) -> None:
    assert [each.code for each in airports_of(text, load_atlas())] == codes.split()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FRA QQQ", "QQQ is neither the code of an airport nor the name of a city"),
        ("FRA Nowheretown NBO", "Nowheretown is neither"),
        ("Paris NBO", "Paris may be .*CDG .*give the code of one"),
        ("LON NBO", "LON may be LHR .*give the code of one"),
        ("FRA", "name from 2 to 40 places"),
        ("", "name from 2 to 40 places"),
        ("FRA NBO " * 21, "name from 2 to 40 places"),
    ],
)
def test_what_is_not_understood_is_named(text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        airports_of(text, load_atlas())


def test_a_way_there_and_back_names_each_place_once() -> None:
    sketch = sketch_of(airports_of("GVA ADD GVA", load_atlas()), "fr")
    assert [(each.code, each.name) for each in sketch.places] == [("GVA", "Genève"), ("ADD", "Addis-Abeba")]
    assert [(leg.start, leg.end) for leg in sketch.legs] == [("GVA", "ADD"), ("ADD", "GVA")]
