"""Certificates of clearance; they name nobody."""

from typing import Literal

from pydantic import BaseModel, Field

from travelrisk.web.api.contract.calls import Strict
from travelrisk.web.api.models.records import MaybeDay
from travelrisk.web.api.models.screening import Verdict
from travelrisk.web.api.models.words import Stamp


class Code(Strict):
    """Which certificate."""

    code: str = Field(pattern=r"^[2-9A-HJ-NP-Za-hj-np-z]{10}$", description="The code that stands on it.")


class CertifiedFlight(BaseModel):
    """A flight that was looked at."""

    flight: str
    operating: str | None = Field(description="Carrier that flies, where that is known.")
    origin: str | None
    destination: str | None
    departs: str | None = Field(description="At the airport; the day alone where no time is known.")


class Certificate(BaseModel):
    """What a certificate says, and what it is worth now; no name, no locator."""

    code: str
    standing: Literal["valid", "superseded", "withdrawn", "expired"]
    url: str = Field(description="Page on which anybody can check it.")
    issued_at: Stamp
    verdict: Verdict = Field(description="Of the answer that it certifies: cleared, or conditional.")
    screened_at: Stamp
    edition: int
    policy_version: str
    last_day: MaybeDay = Field(description="Last day of the journey.")
    flights: list[CertifiedFlight]
    jws: str | None = Field(
        description="Signed claims (Ed25519), with keys in /.well-known/jwks.json; null = it is not signed."
    )
