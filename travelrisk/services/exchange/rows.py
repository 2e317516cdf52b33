"""A record as the cells of a row, and back to an equal record."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from travelrisk.domain.airspaces import Scope
from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import reason_of
from travelrisk.domain.ratings import Caution, Evidence, Rating, Record, Service, Subject, subject_of
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.services.exchange.cells import joined
from travelrisk.services.exchange.columns import AUTHORISATION, CAUTION, EVIDENCE_FIELDS, RATING, SERVICE
from travelrisk.services.ratings.recordparts import AuthorisationPart, CautionPart, RatingPart, ServicePart

Cells = Mapping[str, str]
"""Text by column, empty cells left out."""

_PARTS: Mapping[str, type[RatingPart | CautionPart | ServicePart | AuthorisationPart]] = {
    RATING: RatingPart,
    CAUTION: CautionPart,
    SERVICE: ServicePart,
    AUTHORISATION: AuthorisationPart,
}
_TEXTS = {RATING: ("reason", "condition"), CAUTION: ("text",), SERVICE: (), AUTHORISATION: ("conditions",)}
_DEMANDED = ("need", "alternatives_tried", "mitigation", "approved_by")  # of an authorisation
_PLAIN = {
    RATING: ("level", "aoc", "review_on"),
    CAUTION: ("effect", "exceptions"),
    SERVICE: ("source",),
    AUTHORISATION: ("trip", "office", "route", "criticality", "people", *_DEMANDED),
}
_REASONS = {"missing": "is empty", "string_pattern_mismatch": "is not written as it must be"}
_SCOPE = "scope_"
_COLUMN = {"kind": "authorisation_kind", "carrier": "subject", "pair": "subject"}


class Stamp(NamedTuple):
    """Who sets the records of a file, and when."""

    by: str
    on: date


class Trouble(NamedTuple):
    """What is wrong with a cell, and what to do; without a column it is about the row."""

    column: str
    reason: str
    advice: str


def cells_of(record: Record, edition: int, name: str = "") -> dict[str, str]:
    """Return a record as the cells of its row.

    Args:
        record: of any kind, under its id with or without a revision.
        edition: the one it is exported from.
        name: of its subject, for readers.
    """
    subject = subject_of(record)
    cells = {
        "record": record.record,
        "id": base_id(record.id),
        "edition": str(edition),
        "name": name,
        "subject_kind": subject.kind.value,
        "subject": subject.key,
        "valid_from": record.valid_from.isoformat(),
        "valid_until": _day(record.valid_until),
        "set_by": record.set_by,
        "set_on": record.set_on.isoformat(),
    } | _own_cells(record)
    if isinstance(record, Rating | Caution):
        cells |= _scope_cells(record.scope)
        for number, evidence in enumerate(record.evidence, 1):
            cells |= _evidence_cells(number, evidence)
    return {column: text for column, text in cells.items() if text}


def record_of(kind: str, values: Mapping[str, Any], stamp: Stamp) -> Record | tuple[Trouble, ...]:
    """Return the record that a row says, or what is wrong with it.

    Args:
        kind: one of RECORDS.
        values: by column, subject and days and lists already read; what cannot be used is left out.
        stamp: who sets it, and when.

    Raises:
        BadInputError: the domain refuses what the cells say together.
    """
    fields: dict[str, Any] = {"set_by": stamp.by, "set_on": stamp.on}
    common = ("id", "valid_from", "valid_until", *_PLAIN[kind])
    fields |= {name: values[name] for name in common if name in values}
    for name in _TEXTS[kind]:
        fields[name] = {each: values.get(f"{name}_{each}", "") for each in LANGUAGES}
    fields |= _subject_fields(kind, values.get("subject"))
    if kind == AUTHORISATION:
        fields |= {name: values.get(name, "") for name in _DEMANDED}
        fields |= {"kind": values["authorisation_kind"]} if "authorisation_kind" in values else {}
    scope = {name.removeprefix(_SCOPE): each for name, each in values.items() if name.startswith(_SCOPE)}
    if scope:
        fields["scope"] = scope
    numbers = _numbers(values) if kind in {RATING, CAUTION} else []
    if numbers:
        fields["evidence"] = [_evidence_fields(number, values) for number in numbers]
    try:
        return _PARTS[kind].model_validate(fields).record()
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return tuple(
            _trouble(each["loc"], _REASONS.get(each["type"], each["msg"]), numbers) for each in found
        )


def evidence_of(values: Mapping[str, Any]) -> list[tuple[int, Evidence]]:
    """Return the pieces of evidence in a row with their numbers, each as far as it is said."""
    return [
        (number, Evidence(**{"title": "", **_evidence_fields(number, values)})) for number in _numbers(values)
    ]


def _own_cells(record: Record) -> dict[str, str]:
    if isinstance(record, Rating):
        return {
            "level": record.level.value,
            "review_on": _day(record.review_on),
            "aoc": record.aoc,
            **_text_cells("reason", record.reason),
            **_text_cells("condition", record.condition),
        }
    if isinstance(record, Caution):
        return {
            "effect": record.effect.word,
            "exceptions": joined(record.exceptions),
            **_text_cells("text", record.text),
        }
    if isinstance(record, Service):
        return {"source": record.source}
    return _authorisation_cells(record) if isinstance(record, Authorisation) else {}


def _scope_cells(scope: Scope | None) -> dict[str, str]:
    if scope is None:
        return {}
    return {
        "scope_floor": str(scope.floor),
        "scope_ceiling": "" if scope.ceiling is None else str(scope.ceiling),
        "scope_movement": scope.movement.value,
        "scope_airports": joined(scope.airports),
    }


def _authorisation_cells(record: Authorisation) -> dict[str, str]:
    plain = {name: str(getattr(record, name) or "") for name in _PLAIN[AUTHORISATION]}
    own = {"authorisation_kind": record.kind.value}
    return plain | own | _text_cells("conditions", record.conditions)


def _text_cells(name: str, texts: Texts) -> dict[str, str]:
    return {f"{name}_{language}": getattr(texts, language) for language in LANGUAGES}


def _evidence_cells(number: int, evidence: Evidence) -> dict[str, str]:
    cells = {name: getattr(evidence, name) for name in EVIDENCE_FIELDS}
    cells |= {name: _day(cells[name]) for name in ("retrieved_on", "valid_until")}
    cells["limits"] = joined(evidence.limits)
    return {f"evidence_{number}_{name}": text for name, text in cells.items()}


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _subject_fields(kind: str, subject: Subject | None) -> dict[str, Any]:
    if subject is None:
        return {}
    if kind == SERVICE:
        carrier, _, pair = subject.key.partition(":")
        return {"carrier": carrier, "pair": tuple(pair.split("-"))}
    return {"carrier": subject.key} if kind == AUTHORISATION else {"subject": str(subject)}


def _numbers(values: Mapping[str, Any]) -> list[int]:
    return sorted({int(name.split("_")[1]) for name in values if name.startswith("evidence_")})


def _evidence_fields(number: int, values: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: f"evidence_{number}_{name}" for name in EVIDENCE_FIELDS}
    return {name: values[column] for name, column in named.items() if column in values}


def _trouble(where: Sequence[int | str], message: str, numbers: Sequence[int]) -> Trouble:
    """Tell a complaint of the file of records by the column it is about."""
    first, *rest = where or ("record",)
    reason = reason_of(message)
    if first == "evidence" and rest and isinstance(rest[0], int):
        field = rest[1] if len(rest) > 1 else "title"
        return Trouble(f"evidence_{numbers[rest[0]]}_{field}", reason, "")
    column = f"{first}_{rest[0]}" if rest and rest[0] in LANGUAGES else str(first)
    return Trouble(_COLUMN.get(column, column), reason, "")
