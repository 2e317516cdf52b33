"""Which flights a record about an airspace concerns is told beside it, in the reader's language."""

import pytest

from tests.unit.screening.world import caution, rating
from travelrisk.domain.advisories import Finding
from travelrisk.domain.airspaces import HIGHEST_LEVEL, Movement, Scope
from travelrisk.domain.ratings import Caution, Rating
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.scopes import level_band, scope_words
from travelrisk.telling.reasons import Teller
from travelrisk.telling.words import speaker

LOW = Scope(0, 259, Movement.OVERFLIGHT, ("BEY", "TIP"))
TOLD: dict[Language, str] = {
    "en": (
        "Flights concerned: flights that pass it without taking off or landing there, at FL259 and below,"
        " except to or from BEY, TIP."
    ),
    "fr": (
        "Vols concernés\N{NO-BREAK SPACE}: vols qui le traversent sans y décoller ni y atterrir, au FL259 et"
        " au-dessous, sauf au départ ou à destination de BEY, TIP."
    ),
    "es": (
        "Vuelos afectados: vuelos que lo atraviesan sin despegar ni aterrizar en él, en FL259 y por debajo,"
        " salvo con origen o destino en BEY, TIP."
    ),
}


def lines(record: Rating | Caution, language: Language) -> list[str]:
    slots = (
        ("name", "Zephyr basin"),
        ("km", 10),
        ("text", record.text if isinstance(record, Caution) else ""),
    )
    code = "airspace.caution" if isinstance(record, Caution) else "airspace.recommended"
    finding = Finding(code, Verdict.REVIEW, 0, "airspaces", "ZZ-BASIN", record, slots)
    return [each.text for each in Teller(speaker(language), language).reason(finding).lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_sees_which_flights_are_concerned(language: Language) -> None:
    for record in (caution("airspace:ZZ-BASIN", scope=LOW), rating("airspace:ZZ-BASIN", scope=LOW)):
        assert TOLD[language] in lines(record, language)


def test_of_what_has_no_scope_nothing_is_said() -> None:
    assert not [each for each in lines(caution("airspace:ZZ-BASIN"), "en") if "concerned" in each]


def test_levels_have_three_figures_in_every_language() -> None:
    for scope in (Scope(5, None), Scope(0, 5), Scope(5, HIGHEST_LEVEL)):
        for texts in (scope_words(scope), level_band(scope)):
            assert all("FL005" in text for text in texts)
    assert scope_words(None) == scope_words(Scope()) == ("all flights", "tous les vols", "todos los vuelos")
