"""Countries as sources of travel advice write them: several in one entry, under a code or without."""

import pytest

from travelrisk.feeds.advice import about


@pytest.mark.parametrize(
    ("name", "code", "codes", "unmapped"),
    [
        ("Afghanistan", "AF", ["AF"], []),
        ("Israel and Palestine", "IL", ["IL", "PS"], []),
        ("Israel, the West Bank and Gaza", "", ["IL", "PS"], []),
        ("Bonaire/St Eustatius/Saba", "", ["BQ"], []),
        ("St Helena, Ascension and Tristan da Cunha", "", ["SH"], []),
        ("Trinidad & Tobago", "", ["TT"], []),
        ("Antigua and Barbuda", "", ["AG"], []),
        ("South Georgia and the South Sandwich Islands", "", ["GS"], []),
        ("Äquatorialguinea", "GQ", ["GQ"], []),
        ("Israel and the lands beside it", "IL", ["IL"], ["the lands beside it"]),
        ("Ruritania and Peru", "", ["PE"], ["Ruritania"]),
        ("Ruritania and Zenda", "", [], ["Ruritania and Zenda"]),
        ("Azores", "PT-20", [], ["Azores"]),
        ("", "ZZ", [], ["ZZ"]),
        ("", "", [], ["no country is named"]),
    ],
)
def test_every_country_of_an_entry_is_found_or_reported(
    name: str, code: str, codes: list[str], unmapped: list[str]
) -> None:
    found = about(name, code)
    assert ([each.key for each in found.subjects], list(found.unmapped)) == (codes, unmapped)
