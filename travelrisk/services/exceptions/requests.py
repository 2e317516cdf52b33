"""What somebody asks for, as it was typed, and everything that keeps it from being an exception."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

from sqlalchemy import Connection

from travelrisk.domain.authorisations import UNDECIDED, Authorisation, AuthorisationKind, Criticality
from travelrisk.domain.carriers import Carrier
from travelrisk.domain.ratings import route_subject
from travelrisk.domain.texts import Texts
from travelrisk.services.application import Application
from travelrisk.store import trips

CRITICALITIES: Final[tuple[Criticality, ...]] = get_args(Criticality)
LONGEST: Final = 2000
_NO_SLOTS: Final[Mapping[str, object]] = MappingProxyType({})
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Request:
    """An exception as it is asked for; each field as people write it.

    Attributes:
        carrier: a code or a name. route: two airports (``FRA-ADD``), or empty.
        people: how many of our people on the flight, where a ceiling is what stands in the way.
        trip: a reference such as ``TR-7KQ2M9``, for one trip. office: for the trips of one office.
        first, last: days of flights, both included; None where none was given, or none could be read.
    """

    kind: AuthorisationKind
    carrier: str
    first: date | None
    last: date | None
    need: str
    alternatives_tried: str
    mitigation: str
    conditions: Texts
    trip: str = ""
    office: str = ""
    route: str = ""
    criticality: Criticality = ""
    people: int = 0


Wrong = Literal[
    "no_carrier",
    "unknown_carrier",
    "several_carriers",
    "no_trip",
    "unknown_trip",
    "no_office",
    "no_people",
    "unknown_route",
    "no_day",
    "ends_before",
    "past",
    "too_long",
    "no_need",
    "no_alternatives",
    "no_mitigation",
    "no_conditions",
    "too_many",
]
"""What can be wrong with a request; the pages say each in three languages."""

_MISSING: Final[Mapping[str, Wrong]] = MappingProxyType(
    {
        "need": "no_need",
        "alternatives_tried": "no_alternatives",
        "mitigation": "no_mitigation",
        "conditions_en": "no_conditions",
    }
)


class Problem(NamedTuple):
    """What is wrong with one field, with the *slots* of its text, and the same in English."""

    field: str
    key: Wrong
    english: str
    slots: Mapping[str, object] = _NO_SLOTS

    def __str__(self) -> str:
        return f"{self.field}: {self.english}"


def problems(
    app: Application, c: Connection, asked: Request, office: str | None = None
) -> tuple[Problem, ...]:
    """Return everything that keeps a request from being made, in the order in which it is asked.

    *office* is of whoever asks, as for ``store.offices.within``: a trip that they may not see is not there.
    """
    return (*_scope_problems(app, c, asked, office), *_period_problems(app, asked), *_text_problems(asked))


def authorisation(app: Application, asked: Request, author: str, name: str = "") -> Authorisation:
    """Make the record of a request without problems; *name* is its base id where it has one already."""
    carriers, routes = carriers_meant(app, asked.carrier), routes_meant(app, asked.route)
    if asked.first is None or asked.last is None or not carriers or (asked.route and not routes):
        raise ValueError("only a request without problems becomes a record")
    is_for_one_trip = asked.kind.is_for_one_trip
    is_crowded = asked.kind is AuthorisationKind.CONCENTRATION
    return Authorisation(
        id=name or f"exc-{carriers[0].icao.lower()}-{secrets.token_hex(4)}",
        carrier=carriers[0].icao,
        kind=asked.kind,
        valid_from=asked.first,
        valid_until=asked.last,
        set_by=author,
        set_on=app.clock().date(),
        approved_by=UNDECIDED,
        need=asked.need.strip(),
        alternatives_tried=asked.alternatives_tried.strip(),
        mitigation=asked.mitigation.strip(),
        conditions=asked.conditions,
        trip=asked.trip.strip().upper() if is_for_one_trip else "",
        office="" if is_for_one_trip else asked.office.strip(),
        route=routes[0] if routes else "",
        criticality=asked.criticality,
        people=asked.people if is_crowded else 0,
    )


def request_of(record: Authorisation) -> Request:
    """Return the request that a record was made of, to be written anew."""
    return Request(
        kind=record.kind,
        carrier=record.carrier,
        first=record.valid_from,
        last=record.valid_until,
        need=record.need,
        alternatives_tried=record.alternatives_tried,
        mitigation=record.mitigation,
        conditions=record.conditions,
        trip=record.trip,
        office=record.office,
        route=record.route,
        criticality=record.criticality,
        people=record.people,
    )


def carriers_meant(app: Application, text: str) -> tuple[Carrier, ...]:
    """Return the carriers that a code or a name means today; several where it does not decide."""
    today = app.clock().date()
    found = (*app.book.find(text, today), *app.book.named(text, today))
    return tuple({each.icao: each for each in found if each.icao}.values())


def routes_meant(app: Application, text: str) -> tuple[str, ...]:
    """Return the pairs of airports that ``FRA-ADD`` means, in alphabetical order (``ADD-FRA``)."""
    one, _, other = text.partition("-")
    ends = product(app.atlas.candidates(one.strip()), app.atlas.candidates(other.strip()))
    return tuple(dict.fromkeys(route_subject(a.code, b.code).key for a, b in ends if a != b))


def _scope_problems(app: Application, c: Connection, asked: Request, office: str | None) -> Iterator[Problem]:
    yield from _carrier_problems(app, asked.carrier.strip())
    if asked.kind is AuthorisationKind.CONCENTRATION and asked.people < 1:
        yield Problem("people", "no_people", "say how many of our people may be on the flight at most")
    if asked.kind.is_for_one_trip:
        if not asked.trip.strip():
            yield Problem("trip", "no_trip", "it is for one trip: give its reference, TR-...")
        elif trips.of_office(c, asked.trip, office) is None:
            name = asked.trip.strip()[:40]
            yield Problem(
                "trip",
                "unknown_trip",
                f"there is no trip {name}: look at the reference in the answer",
                {"trip": name},
            )
    elif not asked.office.strip():
        yield Problem("office", "no_office", "it is for the trips of one office: say which")
    if asked.route.strip() and len(routes_meant(app, asked.route)) != 1:
        name = asked.route.strip()[:40]
        yield Problem(
            "route",
            "unknown_route",
            f"{name} is no pair of airports: write two codes, such as FRA-ADD",
            {"route": name},
        )


def _carrier_problems(app: Application, text: str) -> Iterator[Problem]:
    if not text:
        yield Problem("carrier", "no_carrier", "say which carrier would operate the flight")
        return
    found = carriers_meant(app, text)
    if not found:
        name = text[:40]
        yield Problem(
            "carrier",
            "unknown_carrier",
            f"there is no carrier {name}: write its code, such as ET or ETH",
            {"name": name},
        )
    if len(found) > 1:
        names = ", ".join(f"{each.icao} ({each.name})" for each in found[:_MOST_NAMED])
        yield Problem(
            "carrier",
            "several_carriers",
            f"several carriers are called that: write the code of one of {names}",
            {"names": names},
        )


def _period_problems(app: Application, asked: Request) -> Iterator[Problem]:
    for field, day in (("valid_from", asked.first), ("valid_until", asked.last)):
        if day is None:
            yield Problem(field, "no_day", "give a day, such as 2026-12-12")
    if asked.first is None or asked.last is None:
        return
    longest = app.policy.policy.longest_authorisation_days
    days = (asked.last - asked.first).days + 1
    if days < 1:
        yield Problem("valid_until", "ends_before", "it ends before it begins: give a later end")
    elif asked.last < app.clock().date():
        yield Problem("valid_until", "past", "its last day is past: give a later one")
    elif days > longest:
        yield Problem(
            "valid_until",
            "too_long",
            f"it would last {days} days and the policy allows {longest}: give an earlier end",
            {"days": days, "longest": longest},
        )


def _text_problems(asked: Request) -> Iterator[Problem]:
    texts = (
        ("need", asked.need, "say why this journey is needed"),
        (
            "alternatives_tried",
            asked.alternatives_tried,
            "say what else was looked for",
        ),
        ("mitigation", asked.mitigation, "say what makes up for it"),
        ("conditions_en", asked.conditions.en, "say in English under which conditions it should hold"),
    )
    for field, text, advice in texts:
        if not text.strip():
            yield Problem(field, _MISSING[field], advice)
        elif len(text) > LONGEST:
            english = f"is longer than {LONGEST} characters: shorten it"
            yield Problem(field, "too_many", english, {"longest": LONGEST})
