"""Each factor knows its findings; what does not fit is refused with the field that is wrong."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.factors import FACTORS, Concerns, check_finding, read_factor
from travelrisk.domain.ratings import Evidence
from travelrisk.domain.texts import LANGUAGES


def evidence(kind: str, value: str = "", *limits: str) -> Evidence:
    return Evidence("a source", kind, value=value, limits=limits)


@pytest.mark.parametrize(
    ("kind", "value", "limits", "number"),
    [
        ("iosa", "on_registry", (), None),
        ("issa", "not_on_registry", (), None),
        ("bars", "on_registry", (), None),
        ("eu_air_safety_list", "annex_a", (), None),
        ("eu_air_safety_list", "annex_b", ("A300", "EP-IBA"), None),
        ("usoap_effective_implementation", "62.4", (), Decimal("62.4")),
        ("usoap_effective_implementation", "100", (), Decimal(100)),
        ("usoap_significant_safety_concern", "unresolved", (), None),
        ("iasa", "category_1", (), None),
        ("fatal_accidents", "0", (), Decimal(0)),
        ("fleet_size", "41", (), Decimal(41)),
        ("fleet_age", "12.5", (), Decimal("12.5")),
        ("ownership", "mixed", (), None),
    ],
)
def test_a_finding_is_read(kind: str, value: str, limits: tuple[str, ...], number: Decimal | None) -> None:
    factor = read_factor(evidence(kind, value, *limits))
    assert (factor.kind.key, factor.value, factor.number, factor.limits) == (kind, value, number, limits)


@pytest.mark.parametrize(
    ("kind", "value", "limits", "says"),
    [
        ("horoscope", "fine", (), r"^kind: 'horoscope' is no factor: write one of iosa, "),
        ("", "on_registry", (), r"^kind: "),
        ("iosa", "", (), r"^value: '' is no finding of iosa: write one of on_registry, not_on_registry"),
        ("iosa", "On registry", (), r"^value: 'On registry'"),
        ("iasa", "category_3", (), r"^value: 'category_3'"),
        ("eu_air_safety_list", "annex_b", (), r"^limits: .* name types or registrations"),
        ("eu_air_safety_list", "annex_b", (" ",), r"^limits: "),
        ("eu_air_safety_list", "annex_a", ("A300",), r"^limits: .* is not limited"),
        ("usoap_effective_implementation", "62,4", (), r"^value: '62,4' is no number: .* in %"),
        ("usoap_effective_implementation", "-1", (), r"^value: '-1' is no number"),
        ("usoap_effective_implementation", "100.5", (), r"^value: 100\.5 is more than 100"),
        ("usoap_effective_implementation", "nan", (), r"^value: 'nan' is no number"),
        ("usoap_effective_implementation", "٦٢", (), r"^value: '٦٢' is no number"),
        ("fatal_accidents", "1.5", (), r"^value: 1\.5: .* whole accidents"),
        ("fleet_size", "41\n", (), r"^value: "),
    ],
)
def test_what_does_not_fit_names_the_field(kind: str, value: str, limits: tuple[str, ...], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        read_factor(evidence(kind, value, *limits))


@given(st.sampled_from(sorted(FACTORS)), st.text(max_size=8).filter(lambda text: not text[:1].isdecimal()))
def test_other_words_are_no_finding(kind: str, value: str) -> None:
    with pytest.raises(BadInputError, match=r"^value: "):
        read_factor(evidence(kind, f"{value}?"))


def test_a_document_without_a_finding_needs_no_factor() -> None:
    check_finding(evidence("Government travel advice"))
    with pytest.raises(BadInputError, match=r"^kind: "):
        check_finding(evidence("Government travel advice", "level 3"))
    with pytest.raises(BadInputError, match=r"^kind: "):
        check_finding(evidence("", "", "A300"))


def test_every_factor_has_a_name_in_three_languages_and_words_or_a_unit() -> None:
    for kind in FACTORS.values():
        assert all(kind.name.is_translated(language) for language in LANGUAGES)
        assert bool(kind.words) is not bool(kind.unit)
        assert bool(kind.unit) is bool(kind.most)
        assert set(kind.limited) <= set(kind.words)
        assert kind.source


def test_the_audits_of_icao_and_the_faa_are_about_states() -> None:
    states = {key for key, kind in FACTORS.items() if kind.concerns is Concerns.STATE}
    assert states == {"usoap_effective_implementation", "usoap_significant_safety_concern", "iasa"}
