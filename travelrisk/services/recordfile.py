"""Files of ratings, cautions and known services: read with every field checked, and written.

TOML for people who type, JSON for programs (and for the export), CSV for ratings out of a spreadsheet. A
file is taken as a whole or not at all.
"""

import csv
import io
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.changes import base_id
from travelrisk.domain.codes import carrier_code, country_code
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.places import Atlas
from travelrisk.domain.ratings import (
    Caution,
    Evidence,
    Level,
    Rating,
    Record,
    Service,
    Subject,
    SubjectKind,
    route_subject,
)
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.explain import record_shape

_LARGEST = 20_000_000
_CSV_COLUMNS = frozenset({"id", "subject", "level", "valid_from", "set_by", "set_on"})


def read_records(path: Path, atlas: Atlas, book: CarrierBook) -> tuple[Record, ...]:
    """Read *path*; every subject must exist in the reference data.

    Raises:
        BadInputError: the file cannot be read, or a row cannot be used; the message names the row and the
        field.
    """
    content = _content(path)
    records = tuple(part.record() for part in _parts(content, path.name))
    _check(records, path.name, atlas, book)
    return records


def records_text(records: tuple[Record, ...]) -> str:
    """Return *records* as JSON that ``read_records`` takes back unchanged."""
    kinds: dict[str, list[dict[str, Any]]] = {"ratings": [], "cautions": [], "services": []}
    for record in sorted(records, key=lambda each: each.id):
        shape = {**record_shape(record), "id": base_id(record.id)}
        kinds[f"{shape.pop('record')}s"].append(shape)
    return json.dumps(kinds, ensure_ascii=False, indent=2) + "\n"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Texts(_Part):
    en: str = Field("", max_length=2000)
    fr: str = Field("", max_length=2000)
    es: str = Field("", max_length=2000)

    def texts(self) -> Texts:
        return Texts(self.en, self.fr, self.es)


class _Evidence(_Part):
    title: str = Field(min_length=1, max_length=500)
    kind: str = ""
    url: str = Field("", pattern=r"^(https?://\S+)?$", max_length=2000)
    retrieved_on: date | None = None
    valid_until: date | None = None
    note: str = ""

    def evidence(self) -> Evidence:
        return Evidence(**self.model_dump())


class _Record(_Part):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,79}$")
    valid_from: date
    valid_until: date | None = None
    set_by: str = Field(min_length=1, max_length=200)
    set_on: date


def _effect(word: object) -> object:
    if word not in {"conditional", "review", "not_cleared"}:
        raise ValueError("write conditional, review or not_cleared")
    return Verdict.from_word(str(word))


class _Rating(_Record):
    subject: str
    level: Level
    reason: _Texts = _Texts()
    condition: _Texts = _Texts()
    evidence: tuple[_Evidence, ...] = ()

    def record(self) -> Record:
        return Rating(
            id=self.id,
            subject=_subject(self.subject),
            level=self.level,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            set_by=self.set_by,
            set_on=self.set_on,
            reason=self.reason.texts(),
            condition=self.condition.texts(),
            evidence=tuple(each.evidence() for each in self.evidence),
        )


class _Caution(_Record):
    subject: str
    effect: Annotated[Verdict, BeforeValidator(_effect)]
    text: _Texts
    exceptions: tuple[str, ...] = ()
    evidence: tuple[_Evidence, ...] = ()

    def record(self) -> Record:
        return Caution(
            id=self.id,
            subject=_subject(self.subject),
            effect=self.effect,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            set_by=self.set_by,
            set_on=self.set_on,
            text=self.text.texts(),
            exceptions=self.exceptions,
            evidence=tuple(each.evidence() for each in self.evidence),
        )


class _Service(_Record):
    carrier: str
    pair: tuple[str, str]
    source: str = Field(min_length=1, max_length=500)

    def record(self) -> Record:
        one, other = sorted(self.pair)
        return Service(
            id=self.id,
            carrier=self.carrier,
            pair=(one, other),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            source=self.source,
            set_by=self.set_by,
            set_on=self.set_on,
        )


class _File(_Part):
    title: str = ""
    ratings: tuple[_Rating, ...] = ()
    cautions: tuple[_Caution, ...] = ()
    services: tuple[_Service, ...] = ()


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInputError(f"{path.name}: larger than {_LARGEST:,} bytes; split it")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInputError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path.name}: is not UTF-8 text; save it as UTF-8") from error


def _parts(content: str, name: str) -> list[_Rating | _Caution | _Service]:
    try:
        if name.lower().endswith(".csv"):
            found = _File(ratings=tuple(_csv_rows(content, name)))
        elif name.lower().endswith(".json"):
            found = _File.model_validate(json.loads(content))
        else:
            found = _File.model_validate(tomllib.loads(content))
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInputError(f"{name}: cannot be read: {error}") from error
    except ValidationError as error:
        raise BadInputError(f"{name}: {_first(error)}") from error
    return [*found.ratings, *found.cautions, *found.services]


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    kind, *rest = first["loc"] or ("file",)
    row = f" {rest[0] + 1}" if rest and isinstance(rest[0], int) else ""
    field = ".".join(str(part) for part in rest[1 if row else 0 :])
    return f"{kind}{row}{', ' + field if field else ''}: {first['msg']}"


def _csv_rows(content: str, name: str) -> list[_Rating]:
    reader = csv.DictReader(io.StringIO(content))
    missing = _CSV_COLUMNS - set(reader.fieldnames or ())
    if missing:
        raise BadInputError(f"{name}: the column {', '.join(sorted(missing))} is missing")
    rows = []
    for number, row in enumerate(reader, start=2):
        try:
            rows.append(_Rating.model_validate(_nested(row)))
        except ValidationError as error:
            raise BadInputError(f"{name}: row {number}: {_first(error)}") from error
    return rows


def _nested(row: dict[str, str]) -> dict[str, Any]:
    """Turn the flat columns ``reason_en`` and ``evidence_title`` into the fields of a rating."""
    fields: dict[str, Any] = {}
    evidence: dict[str, str] = {}
    for column, value in row.items():
        if not value:
            continue
        group, _, rest = column.partition("_")
        if group in {"reason", "condition"}:
            fields.setdefault(group, {})[rest] = value
        elif group == "evidence":
            evidence[rest] = value
        else:
            fields[column] = value
    return {**fields, "evidence": [evidence]} if evidence else fields


def _subject(text: str) -> Subject:
    kind, _, key = text.partition(":")
    try:
        known = SubjectKind(kind)
    except ValueError:
        raise BadInputError(f"subject {text}: begins with none of {', '.join(SubjectKind)}") from None
    if known is not SubjectKind.ROUTE:
        return Subject(known, key)
    carrier, _, pair = key.rpartition(":")
    one, dash, other = pair.partition("-")
    if not dash:
        raise BadInputError(f"subject {text}: a route is written route:ADD-FRA or route:ETH:ADD-FRA")
    return route_subject(one, other, carrier)


def _check(records: tuple[Record, ...], name: str, atlas: Atlas, book: CarrierBook) -> None:
    seen: set[str] = set()
    for record in records:
        problem = _problem(record, atlas, book)
        if record.id in seen:
            problem = "the id stands twice in the file"
        if problem:
            raise BadInputError(f"{name}: {record.id}: {problem}")
        seen.add(record.id)


def _problem(record: Record, atlas: Atlas, book: CarrierBook) -> str:
    problems = (
        (record.valid_until is not None and record.valid_until < record.valid_from)
        and "valid_until lies before valid_from",
        _service_problem(record, atlas, book) if isinstance(record, Service) else "",
        _rating_problem(record) if isinstance(record, Rating) else "",
        isinstance(record, Caution) and not record.text and "a caution needs a text",
        not isinstance(record, Service)
        and not _exists(record.subject, atlas, book)
        and f"there is no {record.subject.kind.value} {record.subject.key} in the reference data",
    )
    return next((problem for problem in problems if problem), "")


def _service_problem(service: Service, atlas: Atlas, book: CarrierBook) -> str:
    unknown = [code for code in service.pair if atlas.airport(code) is None]
    if unknown or not _is_designator(service.carrier, book):
        return f"unknown carrier or airport: {service.carrier} {' '.join(service.pair)}"
    return ""


def _rating_problem(rating: Rating) -> str:
    if rating.subject.kind is SubjectKind.STATE:
        return "a State takes cautions, not ratings"
    if rating.level is Level.CONDITIONAL and not rating.condition:
        return "a conditional rating needs its condition as text"
    return ""


def _exists(subject: Subject, atlas: Atlas, book: CarrierBook) -> bool:
    if subject.kind is SubjectKind.CARRIER:
        return _is_designator(subject.key, book)
    if subject.kind is SubjectKind.AIRPORT:
        airport = atlas.airport(subject.key)
        return airport is not None and airport.code == subject.key
    if subject.kind is SubjectKind.ROUTE:
        carrier, _, pair = subject.key.rpartition(":")
        ends = [atlas.airport(code) for code in pair.split("-")]
        known = all(each is not None and each.code in pair.split("-") for each in ends)
        return known and (not carrier or _is_designator(carrier, book))
    return country_code(subject.key) == subject.key and atlas.country(subject.key) is not None


def _is_designator(code: str, book: CarrierBook) -> bool:
    return len(code) == 3 and carrier_code(code) == code and book.knows(code)  # noqa: PLR2004 - ICAO: three letters
