"""Cities and dates in the language of the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.advisories import Finding
from travelrisk.domain.places import Airport
from travelrisk.domain.texts import LANGUAGES, Language, Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_atlas
from travelrisk.screening.explain import finding_text
from travelrisk.telling.names import city_name, told
from travelrisk.telling.reasons import Teller
from travelrisk.telling.words import speaker


def airport(code: str) -> Airport:
    found = load_atlas().airport(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("GVA", ("Geneva", "Genève", "Ginebra")),
        ("FRA", ("Frankfurt", "Francfort", "Fráncfort")),
        ("CAI", ("Cairo", "Le Caire", "El Cairo")),
        ("ADD", ("Addis Ababa", "Addis-Abeba", "Adís Abeba")),
        ("JFK", ("New York", "New York", "Nueva York")),
        ("LHR", ("London", "Londres", "Londres")),
        ("NBO", ("Nairobi", "Nairobi", "Nairobi")),
        ("YXU", ("London", "London", "London")),
    ],
)
def test_a_city_has_the_name_of_the_language_or_its_own(code: str, names: tuple[str, ...]) -> None:
    assert tuple(city_name(airport(code), language) for language in LANGUAGES) == names


@pytest.mark.parametrize(
    ("text", "french", "spanish"),
    [
        ("Frankfurt Airport (FRA)", "Francfort (FRA)", "Fráncfort (FRA)"),
        (
            "Geneva, Aéroport Genève-Cointrin (GVA)",
            "Genève, Genève-Cointrin (GVA)",
            "Ginebra, Genève-Cointrin (GVA)",
        ),
        ("London Heathrow Airport (LHR)", "Londres Heathrow (LHR)", "Londres Heathrow (LHR)"),
        (
            "LHR London Heathrow Airport, London (GB)",
            "LHR Londres Heathrow, Londres (GB)",
            "LHR Londres Heathrow, Londres (GB)",
        ),
        ("2026-11-12 (12 Nov 2026)", "2026-11-12 (12 nov. 2026)", "2026-11-12 (12 nov 2026)"),
        ("2026-11-12 (Thu 12 Nov 2026)", "2026-11-12 (jeu. 12 nov. 2026)", "2026-11-12 (jue 12 nov 2026)"),
        ("2026-13-12 (what)", "2026-13-12 (what)", "2026-13-12 (what)"),
        ("2026-11-12 10:20", "2026-11-12 10:20", "2026-11-12 10:20"),
        (
            "United Nigeria Airlines (UNA, NG)",
            "United Nigeria Airlines (UNA, NG)",
            "United Nigeria Airlines (UNA, NG)",
        ),
        ("Geneva Bay (QQQ)", "Geneva Bay (QQQ)", "Geneva Bay (QQQ)"),
    ],
)
def test_a_name_or_a_choice_is_told_in_the_language(text: str, french: str, spanish: str) -> None:
    assert [told(text, language) for language in LANGUAGES] == [text, french, spanish]


@pytest.mark.parametrize("code", ["airport.recommended", "airport.not_rated", "airport.by_country"])
@pytest.mark.parametrize(
    ("name", "told_once"),
    [
        ("Helsinki-Vantaa Airport (HEL)", "Helsinki-Vantaa (HEL)"),
        ("Arauquita, Aeropuerto Arsenio Valderrama (ARQ)", "Arauquita, Arsenio Valderrama (ARQ)"),
        ("Airport (QQQ)", "(QQQ)"),
    ],
)
def test_the_word_for_an_airport_stands_before_its_name_once(code: str, name: str, told_once: str) -> None:
    country = Texts("Finland", "Finlande", "Finlandia")
    finding = Finding(code, Verdict.CLEARED, 0, "airports", slots=(("name", name), ("country", country)))
    for language, kind in zip(LANGUAGES, ("Airport", "Aéroport", "Aeropuerto"), strict=True):
        assert finding_text(finding, language).startswith(f"{kind} {told_once}")
        assert Teller(speaker(language), language).sentence(finding).startswith(f"{kind} {told_once}")


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_what_is_no_name_stays_as_it_is(text: str, language: Language) -> None:
    if "(" not in text:
        assert told(text, language) == text
