"""A small world for the judgement: short ways to write itineraries and ratings, and a policy."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from tests.factories import ATLAS, BOOK
from travelrisk.domain.airspaces import Airspace, AirspaceKind, Movement, Scope
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Basis, Itinerary, Status
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import (
    Caution,
    Evidence,
    Level,
    Rating,
    Record,
    Service,
    Snapshot,
    Subject,
    SubjectKind,
    snapshot_of,
)
from travelrisk.domain.settling import settle
from travelrisk.domain.staleness import StaleSource
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_policy

AT = datetime(2026, 11, 23, 17, 58, tzinfo=UTC)
LONG_AGO = date(2026, 1, 1)


@cache
def policy() -> Policy:
    return load_policy().policy


def subject(text: str) -> Subject:
    kind, _, key = text.partition(":")
    return Subject(SubjectKind(kind), key)


def rating(about: str, level: str = "recommended", **more: Any) -> Rating:  # noqa: ANN401 - options of many kinds
    """Make a rating; more: since, until, evidence_until, review_on (dates), rests_on, id."""
    return Rating(
        id=more.get("id", f"{about}-{level}".lower()),
        subject=subject(about),
        level=Level(level),
        valid_from=more.get("since", LONG_AGO),
        valid_until=more.get("until"),
        set_by="bob",
        set_on=LONG_AGO,
        condition=Texts("Daylight only.") if level == "conditional" else Texts(),
        evidence=_evidence("Registry entry", more),
        review_on=more.get("review_on"),
        scope=more.get("scope"),
    )


def caution(about: str, effect: str = "review", **more: Any) -> Caution:  # noqa: ANN401 - as above
    """Make a caution; more: since, until, evidence_until (dates), rests_on, exceptions, id."""
    return Caution(
        id=more.get("id", f"caution-{about}".lower()),
        subject=subject(about),
        effect=Verdict.from_word(effect),
        valid_from=more.get("since", LONG_AGO),
        valid_until=more.get("until"),
        set_by="bob",
        set_on=LONG_AGO,
        text=Texts("Audit results are pending."),
        exceptions=tuple(more.get("exceptions", ())),
        evidence=_evidence("Notice", more),
        scope=more.get("scope"),
    )


def _evidence(title: str, more: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """Make evidence, where *more* says until when it holds, or what kind of source it comes from."""
    until, kind = more.get("evidence_until"), more.get("rests_on", "")
    return (Evidence(title, kind, valid_until=until),) if until or kind else ()


def stale(kind: str, since: date, name: str = "") -> StaleSource:
    """Make a source that was not read for too long, called as the evidence that it gives."""
    return StaleSource(name or folded(kind).replace(" ", "_"), Texts(kind, kind, kind), folded(kind), since)


def airspace(key: str, outline: str, **more: Any) -> Airspace:  # noqa: ANN401 - as above
    """Make an airspace of WKT; more: since, until, state, name, id."""
    return Airspace(
        id=more.get("id", f"airspace-{key}".lower()),
        key=key,
        names=Texts(more.get("name", f"Airspace {key}")),
        kind=AirspaceKind.FIR,
        outline=outline,
        valid_from=more.get("since", LONG_AGO),
        valid_until=more.get("until"),
        source="drawn for a test",
        set_by="bob",
        set_on=LONG_AGO,
        state=more.get("state", ""),
    )


def box(west: float, south: float, east: float, north: float) -> str:
    """Return a small area between meridians and, nearly, parallels."""
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return f"MULTIPOLYGON ((({', '.join(f'{x} {y}' for x, y in corners)})))"


def service(carrier: str, one: str, other: str, until: date | None = None) -> Service:
    first, second = sorted((one, other))
    return Service(
        f"service-{carrier}-{first}-{second}".lower(),
        carrier,
        (first, second),
        LONG_AGO,
        until,
        "timetable",
        "bob",
        LONG_AGO,
    )


def authorisation(carrier: str, **more: Any) -> Authorisation:  # noqa: ANN401 - as above
    """Make an authorisation; more: trip (ad hoc) or office (blanket), route, since, until, id."""
    return Authorisation(
        id=more.get("id", f"exc-{carrier}".lower()),
        carrier=carrier,
        kind=AuthorisationKind.AD_HOC if more.get("trip") else AuthorisationKind.BLANKET,
        valid_from=more.get("since", LONG_AGO),
        valid_until=more.get("until", date(2027, 6, 30)),
        set_by="bob",
        set_on=LONG_AGO,
        approved_by="Charlie",
        need="The clinic opens on 14 December.",
        alternatives_tried="No other carrier serves the pair in that week.",
        mitigation="Two travel together.",
        conditions=Texts("Daylight only."),
        trip=more.get("trip", ""),
        office=more.get("office", ""),
        route=more.get("route", ""),
    )


GOOD = (
    *(rating(f"carrier:{each}") for each in ("ETH", "DLH", "KQA", "AFR", "BAW", "THY", "KLM")),
    *(rating(f"airport:{each}") for each in ("FRA", "ADD", "NBO", "CDG", "LHR", "LGW", "IST", "AMS", "BRU")),
)


def snapshot(*records: Record, edition: int = 1) -> Snapshot:
    return snapshot_of(edition, records)


def segment(text: str, **more: Any) -> DraftSegment:  # noqa: ANN401 - as above
    """Write ``ET 707 FRA ADD 2026-12-12T10:20 2026-12-12T19:50``; times may be dates or ``-``.

    More: operator (words), operating_code, operating_basis (a word), status, stops, mode.
    """
    code, number, origin, destination, departs, *arrives = text.split()
    drafted = DraftSegment(
        marketing_code=code.strip("-"),
        marketing_number=number.strip("-"),
        origin=origin,
        destination=destination,
        departs=moment(departs),
        arrives=moment(arrives[0]) if arrives else DraftTime(),
        status=Status(more.pop("status", "held")),
        source=text,
        operating_basis=Basis(more.pop("operating_basis")) if "operating_basis" in more else None,
    )
    return replace(drafted, **more)


def moment(text: str) -> DraftTime:
    if text == "-":
        return DraftTime()
    day, _, clock = text.partition("T")
    year, month, number = (int(part) for part in day.split("-"))
    return DraftTime(year, month, number, time.fromisoformat(clock) if clock else None, text=text)


def itinerary(*segments: DraftSegment, unread: Iterable[str] = ()) -> Itinerary:
    return settle(Draft(segments=tuple(segments), unread=tuple(unread)), ATLAS, BOOK, AT.date())


def records_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Record, ...]:
    """Make records from the shorthand of case folders, one a row; an airspace is a box."""
    made: list[Record] = []
    for row in rows:
        more: dict[str, Any] = {key: date.fromisoformat(each) for key, each in row.items() if key in _DAYS}
        if "rests_on" in row:
            more["rests_on"] = row["rests_on"]
        if "scope" in row:
            scope = row["scope"] | {"movement": Movement(row["scope"].get("movement", "any"))}
            more["scope"] = Scope(**scope | {"airports": tuple(scope.get("airports", ()))})
        if "airspace" in row:
            own = {key: row[key] for key in ("state", "name") if key in row}
            made.append(airspace(row["airspace"], box(*row["box"]), **own, **more))
        elif "caution" in row:
            exceptions = tuple(row.get("exceptions", ()))
            made.append(caution(row["caution"], row["effect"], exceptions=exceptions, **more))
        elif "service" in row:
            carrier, one, other = row["service"].split()
            made.append(service(carrier, one, other))
        elif "authorised" in row:
            whose = {key: row[key] for key in ("trip", "office", "route") if key in row}
            made.append(authorisation(row["authorised"], **whose, **more))
        else:
            made.append(rating(row["rating"], row["level"], **more))
    return tuple(made)


_DAYS = frozenset({"since", "until", "evidence_until", "review_on"})
