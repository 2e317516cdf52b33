"""Ratings, changes, carriers, rules and the state of the data, as they are asked for and answered."""

from typing import Literal

from pydantic import BaseModel, Field

from travelrisk.web.api.contract.calls import Strict
from travelrisk.web.api.models.records import Level, MaybeDay, Rated, Words
from travelrisk.web.api.models.words import Cursor, Limit, Moment, Named, Stamp


class Catalog(BaseModel):
    """What answers rest on just now."""

    edition: int
    published_at: Stamp | None = Field(description="Null where nothing was published yet.")
    policy_version: str
    engine: str
    version: str
    airports: int
    languages: list[str]
    notice: str


class Rule(BaseModel):
    """A rule by which itineraries are judged; its text is in English."""

    code: str
    title: str
    text: str


class FindingWords(BaseModel):
    """What a finding says, with {slots} for what it is about."""

    code: str
    message: Words


class Rules(BaseModel):
    """Every rule, and every finding that they make."""

    rules: list[Rule]
    findings: list[FindingWords]
    engine: str


class OneRule(BaseModel):
    """A rule, or a finding; the other is null."""

    rule: Rule | None
    finding: FindingWords | None
    engine: str


class RuleName(Strict):
    """Which rule."""

    code: str = Field(pattern=r"^[a-z_.]{1,60}$", description="Name of a rule, or code of a finding.")


class CarrierQuestion(Strict):
    """Which carriers."""

    q: Named = Field(description="IATA or ICAO code, or a name.")


class Carrier(BaseModel):
    """A carrier, as its designators are borne now or were."""

    id: str = Field(description="ICAO designator.")
    iata: str
    name: str
    state: str = Field(description="State of the operator, two letters.")
    valid_from: MaybeDay
    valid_until: MaybeDay
    level: Level = Field(description="The gravest rating of the carrier itself today.")


class Carriers(BaseModel):
    """Those that bear the code or the name; several where it does not decide."""

    carriers: list[Carrier]
    edition: int


class CarrierId(Strict):
    """Which carrier."""

    id: str = Field(pattern=r"^[A-Za-z0-9]{2,3}$", description="ICAO designator, or IATA code as of today.")


class CarrierRatings(BaseModel):
    """All that was ever on record about a carrier, the newest first; nothing = not rated."""

    carrier: Carrier
    ratings: list[Rated]
    edition: int


class RatingsQuestion(Strict):
    """Which ratings, and how many at once."""

    as_of: Moment = Field("", description="What was known at this moment; empty = now.")
    cursor: Cursor = ""
    limit: Limit = 100


class Ratings(BaseModel):
    """A page of the ratings and cautions that are open in one edition."""

    ratings: list[Rated]
    edition: int
    cursor: str = Field(description="For the next page; empty = this was the last one.")


class ChangesQuestion(Strict):
    """From where on, and how many at once."""

    cursor: Cursor = ""
    limit: Limit = 100


class Change(BaseModel):
    """A record that an edition opened or closed."""

    edition: int
    published_at: Stamp
    change: Literal["opened", "closed"]
    rating: Rated


class Changes(BaseModel):
    """What changed since the cursor, the oldest first."""

    changes: list[Change]
    cursor: str = Field(description="Keep it, and ask with it for what comes later.")
    has_more: bool
