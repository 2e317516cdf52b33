"""A generated world for reports: what is stored, and beside it the plain rows that a person would count."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, insert, update

from tests.factories import flight, settled
from tests.store.samples import POLICY
from travelrisk.domain.advisories import Advisory, Finding
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.store import advisories, audit, outbox, policies, ratings, trips
from travelrisk.store.shapes import sha256
from travelrisk.store.tables import bounces
from travelrisk.store.tables import outbox as letters
from travelrisk.store.tables import undelivered as warnings

FIRST: Final = datetime(2026, 10, 1, tzinfo=UTC)
OFFICES: Final = ("Geneva", "Geneva", "Geneva", "Nairobi", "Nairobi", "Rome", "")
CARRIERS: Final = ("Ethiopian Airlines (ET)", "Kenya Airways (KQ)")
STATES: Final = ("queued", "sent", "sent", "sent", "superseded", "dead", "hold")


@dataclass
class Told:
    """One itinerary as it was written down."""

    trip: int
    office: str
    at: datetime
    departs: date
    verdicts: list[tuple[Verdict, datetime]] = field(default_factory=list)
    late: tuple[int, int] | None = None
    unrated: set[str] = field(default_factory=set)
    answered: datetime | None = None


@dataclass
class Letter:
    """One letter as it was written down."""

    trip: int
    office: str
    at: datetime
    state: str
    bounced: bool
    lost: tuple[datetime, datetime | None, datetime | None] | None = None


@dataclass
class World:
    """Everything that was written down."""

    told: list[Told] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    granted: list[tuple[str, str, datetime]] = field(default_factory=list)


def generate(c: Connection, seed: int, trips_: int = 60) -> World:
    """Write down and store some trips of two months; the same seed gives the same world."""
    chance, world = random.Random(seed), World()  # noqa: S311 - a world of chance, not a secret
    policies.keep(c, sha256(POLICY), "test", POLICY, FIRST)
    references: list[tuple[str, str]] = []
    for _ in range(trips_):
        office = chance.choice(OFFICES)
        at = FIRST + timedelta(hours=chance.randrange(61 * 24), minutes=1)
        trip = trips.new_trip(c, contact="a@example.org", language="en", at=at, office=office)
        references.append((trip.reference, office))
        for again in range(chance.choice((1, 1, 2))):
            arrived = at + timedelta(days=3 * again)
            departs = (arrived + timedelta(days=chance.randrange(2, 12))).date()
            _itinerary(c, chance, world, Told(trip.id, office, arrived, departs))
    _grant(c, chance, world, references, seed)
    return world


def _itinerary(c: Connection, chance: random.Random, world: World, told: Told) -> None:
    planned = settled(flight("ET 707", "FRA ADD", f"{told.departs} 10:20"), told.at.date())
    itinerary = trips.add_itinerary(c, told.trip, planned, original=None, position=0, at=told.at)
    world.told.append(told)
    for other in world.told:
        if other.trip == told.trip:
            other.departs = told.departs  # a trip begins as its newest itinerary says
    if chance.random() < 0.3:
        told.late = chance.choice(((1, 7), (2, 7), (3, 16)))
    told.unrated = {each for each in CARRIERS if chance.random() < 0.2}
    if chance.random() < 0.2:
        told.unrated.add("Kigali (KGL)")
    at = told.at
    for count in range(chance.choice((0, 1, 1, 1, 2, 3))):
        at += timedelta(seconds=chance.randrange(1, 4000), days=3 * count)
        verdict = chance.choice(list(Verdict))
        number = _judge(c, told, itinerary, verdict, at)
        told.verdicts.append((verdict, at))
        state = chance.choice((*STATES, "")) if count == 0 else ""
        if count == 0:
            told.answered = at
        if state:
            _post(c, chance, world, told, advisory=number, state=state)


def _judge(c: Connection, told: Told, itinerary: int, verdict: Verdict, at: datetime) -> int:
    found = [Finding("operating.recommended", Verdict.CLEARED, 0, "operating_carrier", "x")]
    if told.late:
        slots = (("days", told.late[0]), ("wanted", told.late[1]))
        found.append(Finding("lead_time.late", Verdict.CLEARED, None, "lead_time", slots=slots))
    for name in sorted(told.unrated):
        code, carrier = ("airport", "") if "KGL" in name else ("operating", "XXX")
        found.append(Finding(f"{code}.not_rated", Verdict.REVIEW, 0, code, name, carrier=carrier))
    made = Advisory(verdict, tuple(found), (verdict,), Outcome.COMPLETE, 0, "test", "0", at)
    seq = audit.append(c, kind="advisory.recorded", actor="t", at=at, subject=f"trip:{told.trip}", body={})
    return advisories.record(
        c,
        trip_id=told.trip,
        itinerary_id=itinerary,
        advisory=made,
        policy_sha256=sha256(POLICY),
        audit_seq=seq,
    )


def _post(  # noqa: PLR0913 - what a letter is made of
    c: Connection, chance: random.Random, world: World, told: Told, *, advisory: int, state: str
) -> None:
    at = told.verdicts[-1][1]
    number = outbox.queue(
        c,
        trip_id=told.trip,
        advisory_id=advisory,
        letter="review",
        language="en",
        recipient="a@example.org",
        message_id=f"<{advisory}@example.org>",
        body=b"letter",
        at=at,
    )
    settled_at = at + timedelta(seconds=chance.randrange(5, 90_000))
    left = None if state == "queued" else settled_at
    c.execute(update(letters).where(letters.c.id == number).values(state=state, settled_at=left))
    told.answered = settled_at if state == "sent" else None
    for older in world.letters:
        if older.trip == told.trip and older.state == "queued":
            older.state = "superseded"  # a newer one has taken its place
    letter = Letter(told.trip, told.office, at, state, state == "sent" and chance.random() < 0.2)
    if letter.bounced:
        row = {"kind": "trip", "letter_id": number, "reply": "550", "is_permanent": 1, "at": settled_at}
        c.execute(insert(bounces), row)
    if letter.bounced or state == "dead":
        fate = chance.choice(("told", "over", "open"))
        later = settled_at + timedelta(minutes=chance.randrange(1, 900))
        told_at, over_at = later if fate == "told" else None, later if fate == "over" else None
        letter.lost = (settled_at, told_at, over_at)
        row = {"advisory_id": advisory, "outbox_id": number, "reason": "dead", "found_at": settled_at}
        c.execute(insert(warnings), row | {"told_at": told_at, "told_by": "p", "over_at": over_at})
    world.letters.append(letter)


def _grant(
    c: Connection, chance: random.Random, world: World, references: list[tuple[str, str]], seed: int
) -> None:
    for number in range(25):
        at = FIRST + timedelta(days=chance.randrange(61), hours=3)
        reference, office = chance.choice(references)
        blanket = chance.random() < 0.4
        office = "Rome" if blanket else office
        approver = chance.choice(("Frank Approver", "Grace Approver"))
        granted = Authorisation(
            f"ex-{seed}-{number}",
            "ETH",
            AuthorisationKind.BLANKET if blanket else AuthorisationKind.AD_HOC,
            at.date(),
            at.date() + timedelta(days=30),
            set_by="unit",
            set_on=at.date(),
            approved_by=approver,
            need="n",
            alternatives_tried="a",
            mitigation="m",
            conditions=Texts("daylight only"),
            trip="" if blanket else reference,
            office=office if blanket else "",
        )
        ratings.publish(c, opened=[granted], closed=[], actor="bob", note="why", at=at)
        world.granted.append((office, approver, at))
