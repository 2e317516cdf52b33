"""GeoJSON files of airspaces: read and checked as a whole, or refused with the feature and what to do.

Programs that export outlines call the same thing by many names, so the property that holds the key may be
told; without that, the usual ones are tried in their order. A feature that says nothing of its days holds
from the day of its loading on, and whoever loads it is told so.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from travelrisk.domain.airspaces import Airspace, AirspaceKind
from travelrisk.domain.errors import BadInputError, reason_of
from travelrisk.domain.texts import LANGUAGES, Texts

_LARGEST: Final = 50_000_000
_MOST: Final = 10_000  # features; there are some 450 flight information regions
_WGS84: Final = re.compile(r"(urn:ogc:def:crs:)?(OGC:(1\.3:)?:?CRS:?84|EPSG:.*:?4326)", re.IGNORECASE)
_KEY: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}", re.ASCII)
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Naming:
    """Which properties of a feature hold key and name of its airspace; the first that is there counts."""

    keys: tuple[str, ...] = ("key", "ICAO", "icao", "id", "ID", "IDENT")
    names: tuple[str, ...] = ("names", "name", "NAME", "Name")


@dataclass(frozen=True, slots=True)
class Loading:
    """Who loads a file, and when."""

    set_by: str
    set_on: date


@dataclass(frozen=True, slots=True)
class Outlined:
    """What a file holds; *undated* are the keys of those that hold from the day of loading."""

    airspaces: tuple[Airspace, ...]
    undated: tuple[str, ...]


class _Told(BaseModel):
    """What a feature may say of its airspace besides; everything else that stands there is left alone."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    kind: AirspaceKind = AirspaceKind.FIR
    state: str = Field("", pattern=r"^([A-Z]{2})?$")
    source: str = Field("", max_length=500)
    approximate: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


class _Said(NamedTuple):
    key: str
    name: Texts
    told: _Told


_NAMING: Final = Naming()


def read_outlines(path: Path, loading: Loading, naming: Naming = _NAMING) -> Outlined:
    """Read *path*, each of its features an airspace under the id that goes with its key.

    Raises:
        BadInputError: the file cannot be read, or a feature cannot be used; the message names the feature,
            and says what to do.
    """
    airspaces, undated, seen = [], [], dict[str, int]()
    for number, each in enumerate(_features(_content(path), path.name), 1):
        where = f"{path.name}: feature {number}"
        feature, properties = _parts(each, where)
        key = _key(feature, properties, naming, where)
        if key in seen:
            raise BadInputError(
                f"{where}: is called {key}, as feature {seen[key]} is: join both into one MultiPolygon, or"
                " give them different keys"
            )
        seen[key] = number
        where = f"{where} ({key})"
        told = _told(properties, loading.set_on, where)
        if told.valid_from is None:
            undated.append(key)
        said = _Said(key, _name(properties, naming, key, where), told)
        airspaces.append(_airspace(feature, said, loading, where, path.name))
    return Outlined(tuple(airspaces), tuple(undated))


def _airspace(feature: Mapping[str, Any], said: _Said, loading: Loading, where: str, file: str) -> Airspace:
    from travelrisk.domain.sphere.outlines import outline_of  # noqa: PLC0415 - numpy takes its time

    key, name, told = said
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        raise BadInputError(f"{where}: has no geometry: give a Polygon or a MultiPolygon, or leave it out")
    return Airspace(
        id=f"airspace-{key.lower()}",
        key=key,
        names=name,
        kind=told.kind,
        outline=outline_of(geometry, where),
        valid_from=told.valid_from or loading.set_on,
        valid_until=told.valid_until,
        source=told.source or file,
        set_by=loading.set_by,
        set_on=loading.set_on,
        state=told.state,
        approximate=told.approximate,
    )


def _content(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInputError(
                f"{path.name}: larger than {_LARGEST // 1_000_000} MB: split it, or simplify it"
            )
        content = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_no_number)
    except OSError as error:
        raise BadInputError(f"{path}: cannot be read ({error.strerror}): check the path") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path.name}: is not UTF-8 text: save it as UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadInputError(f"{path.name}: is no JSON ({error}): export it as GeoJSON") from error
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise BadInputError(f"{path.name}: is no FeatureCollection: export it as GeoJSON, with its features")
    return content


def _no_number(word: str) -> NoReturn:
    raise json.JSONDecodeError(f"{word} is no number", word, 0)


def _features(content: Mapping[str, Any], name: str) -> Sequence[object]:
    _check_coordinates(content.get("crs"), name)
    features = content.get("features")
    if not isinstance(features, list) or not features:
        raise BadInputError(f"{name}: holds no features: export at least one airspace")
    if len(features) > _MOST:
        raise BadInputError(
            f"{name}: holds {len(features):,} features, and at most {_MOST:,} are read: split it"
        )
    return features


def _check_coordinates(crs: object, name: str) -> None:
    """Refuse other coordinates than degrees of WGS 84: older GeoJSON may hold any, and names them."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    called = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(called, str) or not _WGS84.fullmatch(called.strip()):
        raise BadInputError(
            f"{name}: crs: its coordinates are those of {str(called)[:80]}: export it in WGS 84 (EPSG:4326)"
        )


def _parts(feature: object, where: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a feature and its properties."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise BadInputError(f"{where}: is no Feature of GeoJSON: export it anew")
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise BadInputError(f"{where}: properties: must be an object: export it anew")
    return feature, properties


def _key(feature: Mapping[str, Any], properties: Mapping[str, Any], naming: Naming, where: str) -> str:
    said = _first(properties, naming.keys)
    if said is None and naming.keys == _NAMING.keys:
        said = feature.get("id")
    if said is None:
        there = ", ".join(sorted(properties)[:20]) or "no properties"
        raise BadInputError(
            f"{where}: has no key under {', '.join(naming.keys)}: name the property that holds it"
            f" (--key-property); it has {there}"
        )
    key = str(said).strip().upper()
    if not _KEY.fullmatch(key):
        raise BadInputError(
            f"{where}: the key {str(said)[:60]!r} must be 2 to 40 letters, digits or hyphens, as OIIX or"
            " GULF-WATERS: change it, or name another property with --key-property"
        )
    return key


def _name(properties: Mapping[str, Any], naming: Naming, key: str, where: str) -> Texts:
    said = _first(properties, naming.names)
    named = said if isinstance(said, dict) else {"en": said}
    en, fr, es = (str(named.get(language) or "").strip() for language in LANGUAGES)
    if max(map(len, (en, fr, es))) > _LONGEST_NAME:
        raise BadInputError(f"{where}: the name is longer than {_LONGEST_NAME} letters: shorten it")
    return Texts(en or key, fr, es)


def _first(properties: Mapping[str, Any], names: Iterable[str]) -> object:
    """Return the first of these properties that says something."""
    return next(
        (properties[name] for name in names if properties.get(name) or properties.get(name) == 0), None
    )


def _told(properties: Mapping[str, Any], today: date, where: str) -> _Told:
    known = {name: properties[name] for name in _Told.model_fields if properties.get(name) is not None}
    try:
        told = _Told.model_validate(known)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        raise BadInputError(f"{where}: {fault['loc'][0]}: {reason_of(fault['msg'])}") from error
    first = told.valid_from or today
    if told.valid_until is not None and told.valid_until < first:
        raise BadInputError(f"{where}: valid_until {told.valid_until} lies before {first}: give a later end")
    return told
