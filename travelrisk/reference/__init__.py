"""The shipped tables and the policy, read from files into values of the domain.

Files are checked as they are read: a table that cannot be trusted stops the service, with the row that is
wrong.
"""

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from travelrisk import resources
from travelrisk.domain.carriers import Carrier, CarrierBook, CarrierClass
from travelrisk.domain.errors import ConfigurationError, reason_of
from travelrisk.domain.places import Airport, Atlas, City, Country
from travelrisk.domain.policy import Policy
from travelrisk.domain.texts import Texts
from travelrisk.lasting import lasting
from travelrisk.reference.deadlines import check_countries
from travelrisk.reference.parts import Part
from travelrisk.reference.policyfile import PolicyFile

# UNO, the designator of United Nations flights, belongs to no State; ISO 3166-1 reserves UN for it.
_NO_STATE = Country("UN", Texts("United Nations", "Nations Unies", "Naciones Unidas"))


_File = TypeVar("_File", bound=Part)


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy, the text it was read from, and the SHA-256 of that text, by which advisories keep it."""

    policy: Policy
    text: str
    sha256: str


@cache
def load_countries() -> dict[str, Country]:
    """Read ``data/countries.csv``: code -> Country.

    Raises:
        ConfigurationError: the file is missing or a column is.
    """
    rows = _rows("countries.csv", "code", "en", "fr", "es")
    return {row["code"]: Country(row["code"], Texts(row["en"], row["fr"], row["es"])) for row in rows}


@cache
def load_city_names() -> dict[tuple[str, str], Texts]:
    """Read ``data/city_names.csv``: (country, city as in airports.csv) -> its name in three languages.

    Raises:
        ConfigurationError: the file is missing or a column is.
    """
    rows = _rows("city_names.csv", "country", "city", "fr", "es")
    return {(row["country"], row["city"]): Texts(row["city"], row["fr"], row["es"]) for row in rows}


@cache
def load_city_exonyms() -> dict[tuple[str, str], tuple[str, ...]]:
    """Read ``data/city_exonyms.csv``, as `load_city_names`: the names in further languages."""
    rows = _rows("city_exonyms.csv", "country", "city", "names")
    return {(row["country"], row["city"]): tuple(row["names"].split(" | ")) for row in rows}


@cache
@lasting()
def load_atlas() -> Atlas:
    """Read airports, cities and countries; about 9,000 airports.

    Raises:
        ConfigurationError: a file is missing, or a row names an unknown country.
    """
    countries = load_countries()
    closed = {row["iata"]: row["closed"] for row in _rows("closed_airports.csv", "iata", "closed")}
    rows = _rows("airports.csv", "iata", "icao", "country", "zone")
    airports = (_airport(row, countries, closed.get(row["iata"])) for row in rows)
    named = _rows("cities.csv", "code", "name", "country", "airports")
    cities = (City(row["code"], row["name"], row["country"], tuple(row["airports"].split())) for row in named)
    return Atlas(countries.values(), airports, cities, load_city_names(), load_city_exonyms())


@cache
@lasting()
def load_book() -> CarrierBook:
    """Read ``data/carriers.csv``.

    Raises:
        ConfigurationError: the file is missing, or a row names an unknown country or class.
    """
    countries = {**load_countries(), _NO_STATE.code: _NO_STATE}
    return CarrierBook(_carrier(row, countries) for row in _rows("carriers.csv", "icao", "iata", "name"))


def load_policy(path: Path | None = None) -> LoadedPolicy:
    """Read the policy from *path*, or the shipped default.

    Raises:
        ConfigurationError: the file is missing, is no TOML, has an unknown or missing field, or is laxer
            than the laws of the house; the message names the file and the field.
    """
    path = path or resources.data("policy", "default.toml")
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"policy {path}: cannot be read ({error.strerror}); check the setting policy_file"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"policy {path}: is not UTF-8 text; check the setting policy_file"
        ) from error
    policy = policy_of(text, str(path))
    with _named(str(path)):
        check_countries(read_as(PolicyFile, text, "").lead_time, load_countries())
    return LoadedPolicy(policy, text, hashlib.sha256(text.encode()).hexdigest())


def policy_of(text: str, name: str = "policy") -> Policy:
    """Make a Policy from TOML *text*; *name* is used in messages only.

    Raises:
        ConfigurationError: see load_policy.
    """
    file = read_as(PolicyFile, text, name)
    with _named(name):
        return file.policy()


@contextmanager
def _named(name: str) -> Iterator[None]:
    try:
        yield
    except ConfigurationError as error:
        raise ConfigurationError(f"{name}: {error}") from error


def read_as(kind: type[_File], text: str, name: str) -> _File:
    """Make a *kind* of TOML *text*; *name* is used in messages only.

    Raises:
        ConfigurationError: it is no TOML, or has an unknown, missing or unfit field; the message names it.
    """
    try:
        return kind.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{name}: is not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise ConfigurationError(f"{name}: {field}: {reason_of(first['msg'])}") from error


def _rows(name: str, *columns: str) -> Iterator[dict[str, str]]:
    path = resources.data(name)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise ConfigurationError(f"{path}: the column {', '.join(sorted(missing))} is missing")
            yield from reader
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read; install travelrisk again") from error


def _airport(row: dict[str, str], countries: dict[str, Country], closed: str | None) -> Airport:
    try:
        return Airport(
            iata=row["iata"],
            icao=row["icao"],
            name=row["name"],
            city=row["city"],
            city_code=row["city_code"],
            country=countries[row["country"]],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            zone=row["zone"],
            scheduled=row["scheduled"] == "yes",
            former_iata=row["former_iata"],
            closed=date.fromisoformat(closed) if closed else None,
        )
    except (KeyError, ValueError) as error:
        raise ConfigurationError(f"airports.csv: row of {row['iata'] or row['icao']}: {error}") from error


def _carrier(row: dict[str, str], countries: dict[str, Country]) -> Carrier:
    try:
        return Carrier(
            icao=row["icao"],
            iata=row["iata"],
            name=row["name"],
            state=countries[row["country"]],
            former_names=tuple(each for each in row["former_names"].split("|") if each),
            kind=CarrierClass(row["class"]),
            valid_from=_day(row["valid_from"]),
            valid_until=_day(row["valid_until"]),
        )
    except (KeyError, ValueError) as error:
        raise ConfigurationError(f"carriers.csv: row of {row['icao']}: {error}") from error


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
