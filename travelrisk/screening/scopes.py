"""Which of the flights through an airspace a record concerns, in words."""

from types import MappingProxyType
from typing import Final

from travelrisk.domain.airspaces import EVERY_FLIGHT, Movement, Scope
from travelrisk.domain.texts import Texts

_MOVEMENTS: Final = MappingProxyType(
    {
        Movement.ANY: Texts("all flights", "tous les vols", "todos los vuelos"),
        Movement.OVERFLIGHT: Texts(
            "flights that pass it without taking off or landing there",
            "vols qui le traversent sans y décoller ni y atterrir",
            "vuelos que lo atraviesan sin despegar ni aterrizar en él",
        ),
        Movement.LANDING: Texts(
            "flights that take off or land there",
            "vols qui y décollent ou y atterrissent",
            "vuelos que despegan o aterrizan en él",
        ),
    }
)


def movement_words(movement: Movement) -> Texts:
    """Return which flights are meant, in lower case."""
    return _MOVEMENTS[movement]


def level_band(scope: Scope) -> Texts:
    """Return the flight levels of a scope, as ``FL260 to FL390``."""
    floor, ceiling = _bounds(scope)
    if not ceiling:
        return Texts(f"{floor} and above", f"le {floor} et au-dessus", f"{floor} y por encima")
    if not scope.floor:
        return Texts(f"{ceiling} and below", f"le {ceiling} et au-dessous", f"{ceiling} y por debajo")
    return Texts(f"{floor} to {ceiling}", f"du {floor} au {ceiling}", f"de {floor} a {ceiling}")


def scope_words(scope: Scope | None) -> Texts:
    """Return the flights concerned, in lower case; without a scope these are all."""
    within = scope or EVERY_FLIGHT
    parts = [_MOVEMENTS[within.movement]]
    if within.floor or within.ceiling is not None:
        parts.append(_at_levels(within))
    if within.airports:
        codes = ", ".join(within.airports)
        parts.append(
            Texts(
                f"except to or from {codes}",
                f"sauf au départ ou à destination de {codes}",
                f"salvo con origen o destino en {codes}",
            )
        )
    return Texts(*map(", ".join, zip(*parts, strict=True)))


def _at_levels(scope: Scope) -> Texts:
    floor, ceiling = _bounds(scope)
    if not ceiling:
        return Texts(f"at {floor} and above", f"au {floor} et au-dessus", f"en {floor} y por encima")
    if not scope.floor:
        return Texts(f"at {ceiling} and below", f"au {ceiling} et au-dessous", f"en {ceiling} y por debajo")
    return Texts(f"from {floor} to {ceiling}", f"du {floor} au {ceiling}", f"de {floor} a {ceiling}")


def _bounds(scope: Scope) -> tuple[str, str]:
    return f"FL{scope.floor:03}", "" if scope.ceiling is None else f"FL{scope.ceiling:03}"
