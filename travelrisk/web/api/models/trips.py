"""Trips as programs put and read them."""

from typing import Literal

from pydantic import BaseModel, Field

from travelrisk.web.api.contract.calls import Strict
from travelrisk.web.api.models.records import Words
from travelrisk.web.api.models.screening import Finding, NextStep, Outcome, Understood, Verdict
from travelrisk.web.api.models.words import Stamp

LetterState = Literal["queued", "leased", "sent", "superseded", "hold", "dead"]


class TripName(Strict):
    """What the caller calls a trip."""

    system: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", description="Where the id is from, such as concur."
    )
    ext_id: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$", description="The caller's own id of the trip."
    )


class TripReference(Strict):
    """Which trip."""

    id: str = Field(pattern=r"^[Tt][Rr]-[0-9A-Za-z]{6}$", description="Reference of the trip: TR-7KQ2M9.")


class _Standing(BaseModel):
    verdict: Verdict = Field(
        description="Of the booking as it is now; review while that waits to be judged, or is called off."
    )
    next_step: NextStep
    advice: Words
    is_cancelled: bool = Field(description="Called off by its traveller: nobody looks at it any more.")
    screening_id: int | None = Field(description="Null while the booking waits to be judged.")
    edition: int | None
    policy_version: str | None
    screened_at: Stamp | None
    outcome: Outcome
    understood: Understood
    segments: list[Verdict | None] = Field(description="Of each segment; null = it is not judged.")
    findings: list[Finding]
    missing: list[str] = Field(description="What was not given, such as segments[0].operating_carrier.")


class Trip(_Standing):
    """Where a trip stands: the booking as it is now, and the answer on exactly that."""

    reference: str
    system: str | None = Field(description="Null where no program named the trip.")
    ext_id: str | None
    created_at: Stamp
    nobody_written_to: str = Field(
        description="Why no letter can be written; empty = one can. A warning is then the task of the travel "
        "unit, which calls; the timeline says so, and when the traveller was told."
    )


class PutTrip(_Standing):
    """What became of a trip that was put."""

    change: Literal["created", "changed", "unchanged", "not_stored"] = Field(
        description="not_stored: a test key judges, and makes nothing."
    )
    reference: str | None = Field(description="Null where nothing was stored.")
    system: str
    ext_id: str
    reason: str = Field(description="Why the outcome is not complete, and what to do; may be empty.")
    unread: list[str]
    letters: int = Field(description="How many letters were queued.")
    nobody_written_to: str = Field(
        description="Why no letter could be written; empty = one could. A warning is then the task of the "
        "travel unit, which calls."
    )


class Screening(BaseModel):
    """An answer that was given on a trip, and the booking that it was on."""

    id: int
    screened_at: Stamp
    edition: int
    policy_version: str
    engine: str
    verdict: Verdict
    outcome: Outcome
    segments: list[Verdict | None]
    findings: list[Finding]
    understood: Understood


class Screenings(BaseModel):
    """Every answer on a trip, the newest first."""

    reference: str
    screenings: list[Screening]


class Event(BaseModel):
    """One thing that happened to a trip; what does not belong to its kind is null."""

    at: Stamp
    kind: Literal[
        "received",
        "stated",
        "addressed",
        "judged",
        "unaddressed",
        "letter",
        "broadcast",
        "safe",
        "help",
        "noted",
        "returned",
        "told",
        "cancelled",
        "taken_back",
    ] = Field(
        description="unaddressed: a warning had no address to go to, and somebody is to call; addressed: the "
        "desk gave one, and letters go there; told: somebody told the traveller of a warning that no letter "
        "brought."
    )
    source: str | None = Field(description="Name of the document that it came from.")
    screening_id: int | None = Field(
        description="Of an answer, and of the warning that had no address or was told by somebody; as its "
        "verdict and edition are."
    )
    verdict: Verdict | None
    before: Verdict | None = Field(description="The verdict until then.")
    edition: int | None
    message_id: int | None = Field(description="Of a letter, as under messages.")
    letter: str | None
    state: LetterState | None
    text: str | None = Field(description="What the traveller replied, or why a letter came back.")


class Timeline(BaseModel):
    """All that happened to a trip, the newest first."""

    reference: str
    events: list[Event]


class LetterSent(BaseModel):
    """A letter of a trip."""

    id: int
    screening_id: int = Field(description="Which answer it tells of.")
    letter: str
    language: Literal["en", "fr", "es"]
    recipient: str
    state: LetterState
    attempts: int
    queued_at: Stamp
    settled_at: Stamp | None = Field(description="When it was sent, superseded, given up or held.")
    last_reply: str = Field(description="What the mail server said last.")


class Messages(BaseModel):
    """The letters of a trip, the oldest first."""

    reference: str
    messages: list[LetterSent]
