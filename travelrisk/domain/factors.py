"""What is looked at when a carrier is rated: a table of factors, each with the findings it may have.

A factor is kept as evidence, with its source and its dates. Factors are shown side by side and never added
up: there is no score.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from travelrisk.domain.errors import BadInputError, Refusal
from travelrisk.domain.ratings import Evidence
from travelrisk.domain.texts import Texts

_NUMBER = re.compile(r"\d{1,6}(\.\d{1,2})?")


class Concerns(StrEnum):
    """Whom a factor is about: one operator, or the State that oversees it."""

    OPERATOR = "operator"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class FactorKind:
    """One line of the table.

    Attributes:
        key: the ``kind`` of its evidence.
        source: who publishes it.
        words: the findings it may have; empty where the finding is a number.
        unit: of the number; *most* is its largest value, and it is a whole one unless *is_fractional*.
        limited: the words that hold for certain types or registrations only, which must then be given.
    """

    key: str
    name: Texts
    concerns: Concerns
    source: str
    words: tuple[str, ...] = ()
    unit: str = ""
    most: int = 0
    is_fractional: bool = False
    limited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Factor:
    """What a piece of evidence says of one factor; *number* is None where it is a word."""

    kind: FactorKind
    value: str
    number: Decimal | None = None
    limits: tuple[str, ...] = ()


_REGISTRY = ("on_registry", "not_on_registry")
_TABLE = (
    FactorKind(
        "iosa",
        Texts("IOSA registry", "Registre IOSA", "Registro IOSA"),
        Concerns.OPERATOR,
        "IATA",
        _REGISTRY,
    ),
    FactorKind(
        "issa",
        Texts("ISSA registry", "Registre ISSA", "Registro ISSA"),
        Concerns.OPERATOR,
        "IATA",
        _REGISTRY,
    ),
    FactorKind(
        "bars",
        Texts("BARS programme", "Programme BARS", "Programa BARS"),
        Concerns.OPERATOR,
        "Flight Safety Foundation",
        _REGISTRY,
    ),
    FactorKind(
        "eu_air_safety_list",
        Texts(
            "EU Air Safety List", "Liste de sécurité aérienne de l'UE", "Lista de seguridad aérea de la UE"
        ),
        Concerns.OPERATOR,
        "European Commission",
        ("annex_a", "annex_b", "not_listed"),
        limited=("annex_b",),
    ),
    FactorKind(
        "usoap_effective_implementation",
        Texts(
            "USOAP, effective implementation",
            "USOAP, mise en œuvre effective",
            "USOAP, aplicación eficaz",
        ),
        Concerns.STATE,
        "ICAO",
        unit="%",
        most=100,
        is_fractional=True,
    ),
    FactorKind(
        "usoap_significant_safety_concern",
        Texts(
            "USOAP, significant safety concern",
            "USOAP, préoccupation significative de sécurité",
            "USOAP, preocupación significativa de seguridad operacional",
        ),
        Concerns.STATE,
        "ICAO",
        ("unresolved", "none"),
    ),
    FactorKind(
        "iasa",
        Texts("IASA category", "Catégorie IASA", "Categoría IASA"),
        Concerns.STATE,
        "FAA",
        ("category_1", "category_2"),
    ),
    FactorKind(
        "fatal_accidents",
        Texts(
            "Fatal accidents in the last ten years",
            "Accidents mortels des dix dernières années",
            "Accidentes mortales de los últimos diez años",
        ),
        Concerns.OPERATOR,
        "accident database",
        unit="accidents in 10 years",
        most=1000,
    ),
    FactorKind(
        "fleet_size",
        Texts("Aircraft in service", "Aéronefs en service", "Aeronaves en servicio"),
        Concerns.OPERATOR,
        "fleet database",
        unit="aircraft",
        most=5000,
    ),
    FactorKind(
        "fleet_age",
        Texts("Average age of the fleet", "Âge moyen de la flotte", "Edad media de la flota"),
        Concerns.OPERATOR,
        "fleet database",
        unit="years",
        most=100,
        is_fractional=True,
    ),
    FactorKind(
        "ownership",
        Texts("Ownership", "Propriété", "Propiedad"),
        Concerns.OPERATOR,
        "fleet database",
        ("state", "private", "mixed"),
    ),
)
FACTORS: Mapping[str, FactorKind] = MappingProxyType({kind.key: kind for kind in _TABLE})


def read_factor(evidence: Evidence) -> Factor:
    """Return what *evidence* says of its factor.

    Raises:
        BadInputError: its kind is no factor, or its value or limits do not fit; the message names the field.
    """
    kind = FACTORS.get(evidence.kind)
    if kind is None:
        raise BadInputError(f"kind: '{evidence.kind}' is no factor: write one of {', '.join(FACTORS)}")
    number = None if kind.words else _number(kind, evidence.value)
    if kind.words and evidence.value not in kind.words:
        words = ", ".join(kind.words)
        raise BadInputError(
            f"value: '{evidence.value}' is no finding of {kind.key}: write one of {words}",
            Refusal.FINDING_WORDS,
            field="value",
            words=words,
        )
    _check_limits(kind, evidence)
    return Factor(kind, evidence.value, number, evidence.limits)


def check_finding(evidence: Evidence) -> None:
    """Refuse evidence whose finding does not fit its factor; without a finding it is a mere document.

    Raises:
        BadInputError: the message names the field.
    """
    if evidence.value or evidence.limits:
        read_factor(evidence)


def _number(kind: FactorKind, text: str) -> Decimal:
    if not text.isascii() or not _NUMBER.fullmatch(text):
        raise BadInputError(
            f"value: '{text}' is no number: write {kind.key} in {kind.unit}, such as 12",
            Refusal.FINDING_NUMBER,
            field="value",
        )
    number = Decimal(text)
    if number > kind.most:
        raise BadInputError(
            f"value: {text} is more than {kind.most}, the most that {kind.key} can be",
            Refusal.FINDING_MOST,
            field="value",
            most=kind.most,
        )
    if not kind.is_fractional and number != number.to_integral_value():
        raise BadInputError(
            f"value: {text}: {kind.key} is counted in whole {kind.unit}",
            Refusal.FINDING_WHOLE,
            field="value",
        )
    return number


def _check_limits(kind: FactorKind, evidence: Evidence) -> None:
    is_limited = evidence.value in kind.limited
    if is_limited and not any(each.strip() for each in evidence.limits):
        raise BadInputError(
            f"limits: {kind.key} {evidence.value} holds for certain aircraft: name types or registrations",
            Refusal.LIMITS_MISSING,
            field="limits",
        )
    if evidence.limits and not is_limited:
        raise BadInputError(
            f"limits: {kind.key} {evidence.value} is not limited to certain aircraft",
            Refusal.LIMITS_NEEDLESS,
            field="limits",
        )
