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

from pydantic import Field, ValidationError

from travelrisk import resources
from travelrisk.domain.approvals import Threshold
from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.carriers import Carrier, CarrierBook, CarrierClass
from travelrisk.domain.errors import BadInputError, ConfigurationError, reason_of
from travelrisk.domain.places import Airport, Atlas, City, Country
from travelrisk.domain.policy import Contact, Policy
from travelrisk.domain.ratings import Level
from travelrisk.domain.signoffs import Requirement
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference.concentration import ConcentrationPart
from travelrisk.reference.cruising import AirspacePart
from travelrisk.reference.deadlines import (
    CalendarPart,
    DigestsPart,
    LeadTimePart,
    RemindersPart,
    check_countries,
    lead_times_of,
    notices_of,
)
from travelrisk.reference.parts import Part, VerdictWord
from travelrisk.reference.rerouting import AlternativesPart

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
def load_atlas() -> Atlas:
    """Read airports, cities and countries; about 9,000 airports.

    Raises:
        ConfigurationError: a file is missing, or a row names an unknown country.
    """
    countries = load_countries()
    airports = (_airport(row, countries) for row in _rows("airports.csv", "iata", "icao", "country", "zone"))
    cities = (
        City(row["code"], row["name"], row["country"], tuple(row["airports"].split()))
        for row in _rows("cities.csv", "code", "name", "country", "airports")
    )
    return Atlas(countries.values(), airports, cities, load_city_names())


@cache
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
        check_countries(read_as(_PolicyFile, text, "").lead_time, load_countries())
    return LoadedPolicy(policy, text, hashlib.sha256(text.encode()).hexdigest())


def policy_of(text: str, name: str = "policy") -> Policy:
    """Make a Policy from TOML *text*; *name* is used in messages only.

    Raises:
        ConfigurationError: see load_policy.
    """
    file = read_as(_PolicyFile, text, name)
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


class _Operating(Part):
    assumed: VerdictWord
    known_service_clears: bool
    code_share_digits: int = Field(ge=1, le=5)
    unknown: VerdictWord
    unhas: VerdictWord
    charter: VerdictWord


class _Unrated(Part):
    marketing_carrier: VerdictWord
    airport: VerdictWord


class _Validity(Part):
    lapsed: VerdictWord
    answer_hours: int = Field(ge=1, le=24 * 31)
    horizon_days: int = Field(ge=1, le=800)
    longest_block_hours: int = Field(ge=1, le=48)


class _Gaps(Part):
    unknown_leg: VerdictWord


class _Segments(Part):
    unconfirmed: VerdictWord = Verdict.CONDITIONAL


class _Contact(Part):
    name: Texts
    email: str
    phone: str = ""


class _Contacts(Part):
    focal_point: _Contact
    alternate: _Contact
    travel_unit: _Contact | None = None


class _Sending(Part):
    undelivered_hours: int = Field(24, ge=1, le=24 * 7)


class _Signoffs(Part):
    tightening: int = Field(1, ge=1, le=9)
    loosening: int = Field(2, ge=1, le=9)
    exception: int = Field(1, ge=1, le=9)
    countersign_hours: int = Field(24, ge=1, le=24 * 14)


class _Threshold(Part):
    approvals: int = Field(ge=1, le=9)
    kind: AuthorisationKind | None = None
    lifts: VerdictWord = Verdict.CLEARED
    longer_than_days: int = Field(0, ge=0, le=365 * 2)
    office: str = Field("", max_length=100)


class _Exceptions(Part):
    longest_days: int = Field(365, ge=1, le=365 * 2)
    approval: tuple[_Threshold, ...] = ()


class _PolicyFile(Part):
    version: str = Field(min_length=1, max_length=40)
    levels: dict[Level, VerdictWord]
    operating_carrier: _Operating
    unrated: _Unrated
    validity: _Validity
    gaps: _Gaps
    lead_time: LeadTimePart
    contacts: _Contacts
    segments: _Segments = _Segments()
    signoffs: _Signoffs = _Signoffs()
    exceptions: _Exceptions = _Exceptions()
    sending: _Sending = _Sending()
    calendars: dict[str, CalendarPart] = Field(default_factory=dict)
    reminders: RemindersPart = RemindersPart()
    digests: DigestsPart = DigestsPart()
    concentration: ConcentrationPart = ConcentrationPart()
    airspace: AirspacePart = AirspacePart()
    alternatives: AlternativesPart = AlternativesPart()

    def policy(self) -> Policy:
        return Policy(
            version=self.version,
            levels=self.levels,
            unrated_marketing=self.unrated.marketing_carrier,
            unrated_airport=self.unrated.airport,
            assumed_operator=self.operating_carrier.assumed,
            known_service_clears=self.operating_carrier.known_service_clears,
            code_share_digits=self.operating_carrier.code_share_digits,
            unhas=self.operating_carrier.unhas,
            charter=self.operating_carrier.charter,
            unknown_operator=self.operating_carrier.unknown,
            lapsed=self.validity.lapsed,
            gap=self.gaps.unknown_leg,
            unconfirmed=self.segments.unconfirmed,
            late=self.lead_time.late,
            lead_times=lead_times_of(self.lead_time, self.calendars),
            horizon_days=self.validity.horizon_days,
            longest_block_hours=self.validity.longest_block_hours,
            answer_hours=self.validity.answer_hours,
            focal_point=_contact(self.contacts.focal_point),
            alternate=_contact(self.contacts.alternate),
            signoffs=self._requirement(),
            longest_authorisation_days=self.exceptions.longest_days,
            approvals=tuple(Threshold(**dict(row)) for row in self.exceptions.approval),
            undelivered_hours=self.sending.undelivered_hours,
            travel_unit=_contact(self.contacts.travel_unit) if self.contacts.travel_unit else None,
            notices=notices_of(self.reminders, self.digests, self.calendars),
            concentration=self.concentration.ceilings(),
            sky=self.airspace.policy(),
            rerouting=self.alternatives.policy(),
        )

    def _requirement(self) -> Requirement:
        try:
            return Requirement(**self.signoffs.model_dump())
        except BadInputError as error:
            raise ConfigurationError(f"signoffs: {error}") from error


def _contact(part: _Contact) -> Contact:
    return Contact(part.name, part.email, part.phone)


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


def _airport(row: dict[str, str], countries: dict[str, Country]) -> Airport:
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
