"""Records of the ratings as programs are shown them."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, WithJsonSchema

from travelrisk.web.api.models.words import Day

MaybeDay = Annotated[
    str | None, WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]})
]
Level = Literal["recommended", "conditional", "not_recommended", "not_rated"]
Verdict = Literal["cleared", "conditional", "review", "not_cleared"]


class Words(BaseModel):
    """The same in three languages."""

    en: str
    fr: str
    es: str


class Evidence(BaseModel):
    """What a record rests on."""

    kind: str
    title: str
    url: str
    retrieved_on: MaybeDay
    valid_until: MaybeDay
    note: str
    value: str
    limits: list[str]
    file: str


class Scope(BaseModel):
    """Which flights through an airspace are concerned; levels in hundreds of feet."""

    floor: int
    ceiling: int | None
    movement: str
    airports: list[str]


class _Record(BaseModel):
    id: str
    set_by: str
    set_on: Day
    valid_from: Day
    valid_until: MaybeDay


class Rating(_Record):
    """A rating of a carrier, a route, a place or an airspace."""

    record: Literal["rating"]
    subject: str
    level: Level
    reason: Words
    condition: Words
    review_on: MaybeDay
    aoc: str | None
    scope: Scope | None = None
    evidence: list[Evidence]


class Caution(_Record):
    """A caution about one of these."""

    record: Literal["caution"]
    subject: str
    effect: Verdict
    text: Words
    exceptions: list[str]
    scope: Scope | None = None
    evidence: list[Evidence]


class Service(_Record):
    """A carrier is known to serve a pair itself."""

    record: Literal["service"]
    carrier: str
    pair: list[str]
    source: str


class Authorisation(_Record):
    """A named person allowed a carrier for one trip, or one office."""

    record: Literal["authorisation"]
    carrier: str
    kind: str
    trip: str
    office: str
    route: str
    need: str
    alternatives_tried: str
    mitigation: str
    criticality: str
    people: int
    conditions: Words
    approved_by: str


class Airspace(_Record):
    """The outline of an airspace."""

    record: Literal["airspace"]
    key: str
    names: Words
    kind: str
    outline: str
    state: str
    approximate: bool
    source: str


AnyRecord = Annotated[Rating | Caution | Service | Authorisation | Airspace, Field(discriminator="record")]


class Rated(BaseModel):
    """A rating or caution; what only the desk knows is null for keys of travel units."""

    id: str
    record: Literal["rating", "caution", "service"]
    subject: str
    name: str
    state: Literal["in_force", "expired", "not_yet_valid", "closed"]
    level: Level | None
    effect: Verdict | None
    condition: Words | None
    valid_from: Day
    valid_until: MaybeDay
    opened_in: int = Field(description="Edition that opened it.")
    closed_in: int | None
    desk: "OfTheDesk | None" = Field(description="Null for keys that do not see what the desk sees.")


class OfTheDesk(BaseModel):
    """What only the desk knows of a record."""

    set_by: str
    set_on: Day
    reason: Words
    review_on: MaybeDay
    evidence: list[Evidence]
