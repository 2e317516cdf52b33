"""Files of ratings and all other records: read, checked as a whole, and written.

TOML for people who type, JSON for programs (and for the export), CSV for ratings out of a spreadsheet. A
file is taken as a whole or not at all.
"""

import csv
import io
import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.changes import base_id
from travelrisk.domain.codes import carrier_code, country_code
from travelrisk.domain.errors import BadInputError, reason_of
from travelrisk.domain.places import Atlas
from travelrisk.domain.ratings import (
    Caution,
    Level,
    Rating,
    Record,
    Service,
    Subject,
    SubjectKind,
    subject_of,
)
from travelrisk.screening.explain import record_shape
from travelrisk.services.ratings.outlinefile import Loading, read_outlines
from travelrisk.services.ratings.recordparts import (
    AirspacePart,
    AuthorisationPart,
    CautionPart,
    FilePart,
    OutlinesPart,
    RatingPart,
    ServicePart,
)

_LARGEST = 20_000_000
_KINDS = ("ratings", "cautions", "services", "authorisations", "airspaces")
_CSV_COLUMNS = frozenset({"id", "subject", "level", "valid_from", "set_by", "set_on"})


def read_records(path: Path, atlas: Atlas, book: CarrierBook) -> tuple[Record, ...]:
    """Read *path*; every subject must exist in the reference data.

    Raises:
        BadInputError: the file cannot be read, or a row cannot be used; the message names the row and the
        field.
    """
    return records_in(_content(path), path, atlas, book)


def records_in(content: bytes, path: Path, atlas: Atlas, book: CarrierBook) -> tuple[Record, ...]:
    """Read what was found in *path*, for a pipe gives it once; all else as ``read_records``.

    Raises:
        BadInputError: as there.
    """
    found = _file(_text(content, path.name), path.name)
    records = (*_outlines(found.outlines, path), *(_record(part, path.name) for part in _parts(found)))
    _check(records, path.name, atlas, book)
    return records


def records_text(records: tuple[Record, ...], export: str = "") -> str:
    """Return *records* as JSON that ``read_records`` takes back unchanged; *export* is its id, if any."""
    kinds: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _KINDS}
    for record in sorted(records, key=lambda each: each.id):
        shape = {**record_shape(record), "id": base_id(record.id)}
        kinds[f"{shape.pop('record')}s"].append(shape)
    named = {"export": export} if export else {}
    return json.dumps(named | kinds, ensure_ascii=False, indent=2) + "\n"


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST + 1)
    except OSError as error:
        raise BadInputError(f"{path}: cannot be read ({error.strerror}); check the path") from error


def _text(content: bytes, name: str) -> str:
    if len(content) > _LARGEST:
        raise BadInputError(f"{name}: larger than {_LARGEST:,} bytes; split it")
    try:
        return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()
    except UnicodeDecodeError as error:
        raise BadInputError(f"{name}: is not UTF-8 text; save it as UTF-8") from error


_Part = RatingPart | CautionPart | ServicePart | AuthorisationPart | AirspacePart


def _record(part: _Part, name: str) -> Record:
    try:
        return part.record()
    except BadInputError as error:
        raise BadInputError(f"{name}: {part.id}: {error}") from error


def _outlines(part: OutlinesPart | None, path: Path) -> tuple[Record, ...]:
    """Return the airspaces of the file that the one at *path* names; its place is relative to that one."""
    if part is None:
        return ()
    return read_outlines(path.parent / part.file, Loading(part.set_by, part.set_on)).airspaces


def _file(content: str, name: str) -> FilePart:
    try:
        if name.lower().endswith(".csv"):
            return FilePart(ratings=tuple(_csv_rows(content, name)))
        if name.lower().endswith(".json"):
            return FilePart.model_validate(json.loads(content))
        return FilePart.model_validate(tomllib.loads(content))
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInputError(f"{name}: cannot be read: {error}") from error
    except ValidationError as error:
        raise BadInputError(f"{name}: {_first(error)}") from error


def _parts(found: FilePart) -> list[_Part]:
    return [*found.ratings, *found.cautions, *found.services, *found.authorisations, *found.airspaces]


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    kind, *rest = first["loc"] or ("file",)
    row = f" {rest[0] + 1}" if rest and isinstance(rest[0], int) else ""
    field = ".".join(str(part) for part in rest[1 if row else 0 :])
    return f"{kind}{row}{', ' + field if field else ''}: {reason_of(first['msg'])}"


def _csv_rows(content: str, name: str) -> list[RatingPart]:
    reader = csv.DictReader(io.StringIO(content))
    missing = _CSV_COLUMNS - set(reader.fieldnames or ())
    if missing:
        raise BadInputError(f"{name}: the column {', '.join(sorted(missing))} is missing")
    rows = []
    for number, row in enumerate(reader, start=2):
        try:
            rows.append(RatingPart.model_validate(_nested(row)))
        except ValidationError as error:
            raise BadInputError(f"{name}: row {number}: {_first(error)}") from error
    return rows


def _nested(row: dict[str, str]) -> dict[str, Any]:
    """Turn the flat columns ``reason_en`` and ``evidence_title`` into the fields of a rating."""
    fields: dict[str, Any] = {}
    evidence: dict[str, Any] = {}
    for column, value in row.items():
        if not value:
            continue
        group, _, rest = column.partition("_")
        if group in {"reason", "condition"}:
            fields.setdefault(group, {})[rest] = value
        elif group == "evidence":
            evidence[rest] = [each.strip() for each in value.split(";")] if rest == "limits" else value
        else:
            fields[column] = value
    return {**fields, "evidence": [evidence]} if evidence else fields


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
        _scope_problem(record, atlas) if isinstance(record, Rating | Caution) else "",
        _route_problem(record, atlas, book) if isinstance(record, Authorisation) else "",
        not isinstance(record, Service) and _subject_problem(subject_of(record), atlas, book),
    )
    return next((problem for problem in problems if problem), "")


def _subject_problem(subject: Subject, atlas: Atlas, book: CarrierBook) -> str:
    if _exists(subject, atlas, book):
        return ""
    return f"there is no {subject.kind.value} {subject.key} in the reference data"


def _route_problem(authorisation: Authorisation, atlas: Atlas, book: CarrierBook) -> str:
    if not authorisation.route:
        return ""
    return _subject_problem(Subject(SubjectKind.ROUTE, authorisation.route), atlas, book)


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
    if rating.aoc and rating.subject.kind is not SubjectKind.CARRIER:
        return "aoc: only a carrier holds an air operator certificate"
    return ""


def _scope_problem(record: Rating | Caution, atlas: Atlas) -> str:
    if record.scope and record.subject.kind is not SubjectKind.AIRSPACE:
        return "scope: only an airspace has levels"
    for code in record.scope.airports if record.scope else ():
        airport = atlas.airport(code)
        if airport is None or airport.code != code:  # under another code it would be compared with none
            meant = f"; write {airport.code} if it is meant" if airport else ""
            return f"scope: there is no airport {code} in the reference data{meant}"
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
    if subject.kind is SubjectKind.AIRSPACE:
        return bool(subject.key)  # whether it is drawn is known where the change is made
    return country_code(subject.key) == subject.key and atlas.country(subject.key) is not None


def _is_designator(code: str, book: CarrierBook) -> bool:
    return len(code) == 3 and carrier_code(code) == code and book.knows(code)  # noqa: PLR2004 - ICAO: three letters
