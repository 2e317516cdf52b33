"""Files that are screened for the key's office: how far each has come, its rows, and letters that wait."""

from typing import Literal

from pydantic import BaseModel, Field

from travelrisk.web.api.contract.calls import Strict
from travelrisk.web.api.models.screening import Finding, Judged, NextStep, Outcome, Understood, Verdict
from travelrisk.web.api.models.trips import LetterState
from travelrisk.web.api.models.words import Count, Cursor, Stamp

Standing = Literal["not_cleared", "incomplete", "review", "conditional", "cleared", "waiting"]
_REFERENCE = r"^[Bb][Aa]-[0-9A-Za-z]{6}$"


class BatchReference(Strict):
    """Which batch."""

    id: str = Field(pattern=_REFERENCE, description="Reference of the batch: BA-7KQ2M9.")


class BatchFile(BatchReference):
    """The results of which batch, in which form."""

    form: Literal["csv", "xlsx"] = Field(description="A table as it came in, with four columns more.")


class BringQuestion(Strict):
    """Whether letters wait."""

    keep_back: bool = Field(
        default=True,
        description="Letters wait until they are released; false = they leave, with nobody to look first.",
    )


class BatchesQuestion(Strict):
    """How many at once."""

    cursor: Cursor = ""
    limit: int = Field(50, ge=1, le=200, description="How many at once.")


class ResultsQuestion(Strict):
    """Which rows, and how many at once."""

    standing: Literal["", "not_cleared", "incomplete", "review", "conditional", "cleared", "waiting"] = Field(
        "", description="Only rows that stand so; empty = all."
    )
    cursor: Cursor = ""
    limit: int = Field(100, ge=1, le=200, description="How many at once.")


class BatchRow(BaseModel):
    """What came of a booking of the file, or of lines that belong to none; it is never cleared by default."""

    part: str = Field(description="File inside the file; empty = it holds no others.")
    sheet: str = Field(description="Of a workbook.")
    rows: list[int] = Field(description="Numbers of its rows, from 1; empty where the file has none.")
    standing: Standing = Field(
        description="How it stands today; incomplete = not understood as a whole; waiting = not judged yet."
    )
    change: Literal["new", "changed", "unchanged"] | None = Field(
        description="What it was to the trips of the office."
    )
    trip: str | None = Field(description="Reference of its trip; null where nothing was understood.")
    verdict: Verdict
    next_step: NextStep
    outcome: Outcome
    understood: Understood
    judged: Judged | None
    segments: list[Verdict | None] = Field(description="Of each segment; null = it is not judged.")
    findings: list[Finding]
    missing: list[str] = Field(description="What was not given, such as segments[0].operating_carrier.")
    reason: str = Field(description="Why the outcome is not complete, and what to do; may be empty.")
    unread: list[str] = Field(description="Lines like flights that were not understood.")
    letter: Literal["kept_back", "none"] | LetterState = Field(
        description="Where its newest letter stands; kept_back = it waits to be released; none = nobody is "
        "written to: nothing was understood, or the booking names no address to write to."
    )
    nobody_written_to: str = Field(
        description="Why its trip has no letter, and whether to call; empty = it has one, or no trip."
    )


class Counts(BaseModel):
    """How many rows stand at what, problems first."""

    not_cleared: int
    incomplete: int
    review: int
    conditional: int
    cleared: int
    waiting: int


class WaitingLetters(BaseModel):
    """Letters that leave when they are released, and how many people they go to."""

    letters: int
    people: int
    clearances: int
    warnings: int
    people_warned: int


class _File(BaseModel):
    batch: str
    name: str
    state: Literal["screening", "screened", "given_up"]
    made_at: Stamp
    finished_at: Stamp | None
    percent: int | None = Field(description="How much of the file was read; null where nobody can say.")
    bookings: int = Field(description="Screened so far.")
    trouble: str = Field(description="Why it was given up, and what to do; empty = it was not.")


class Batch(_File):
    """A file, how far it has come, what stands worst in it, and the letters that wait."""

    counts: Counts
    waiting: WaitingLetters = Field(description="None before the file is screened to its end.")
    problems: list[BatchRow] = Field(description="The first twenty rows that are not cleared, worst first.")


class ListedBatch(_File):
    """A file and how far it has come."""

    letters: int = Field(description="How many wait to be released.")


class Batches(BaseModel):
    """A page of the files of the office, the newest first."""

    batches: list[ListedBatch]
    cursor: str = Field(description="For the next page; empty = this was the last one.")


class BatchResults(BaseModel):
    """A page of the rows, in the order of the file."""

    batch: str
    results: list[BatchRow]
    cursor: str = Field(description="For the next page; empty = this was the last one.")


class Release(Strict):
    """Which letters leave, and how many somebody has seen wait: if others wait, none leaves."""

    which: Literal["all", "warnings"]
    clearances: Count = Field(description="As the batch told it.")
    warnings: Count = Field(description="As the batch told it.")


class Released(BaseModel):
    """How many letters leave now, and to how many people."""

    letters: int
    people: int
