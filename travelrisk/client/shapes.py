"""What the API answers, typed as far as programs go by it; the rest is in its document."""

from typing import Any, Literal, NotRequired, TypedDict

Verdict = Literal["cleared", "conditional", "review", "not_cleared"]
Words = TypedDict("Words", {"en": str, "fr": str, "es": str})  # noqa: UP013 - one line says it


class Finding(TypedDict):
    """One reason, good or bad."""

    code: str
    effect: Verdict
    segment: int | None
    rule: str
    matched: str
    message: Words
    record: dict[str, Any] | None


class Judged(TypedDict):
    """By what an answer was judged."""

    outcome: str
    edition: int
    policy_version: str
    engine: str
    evaluated_at: str


class Stored(TypedDict):
    """The trip that was made."""

    reference: str
    screening_id: int | None
    is_new: bool
    letters: int
    nobody_written_to: str


class Answer(TypedDict):
    """What is said of one booking."""

    verdict: Verdict
    outcome: str
    form: str
    understood: dict[str, Any] | None
    judged: Judged | None
    segments: list[Verdict | None]
    findings: list[Finding]
    missing: list[str]
    reason: str
    unread: list[str]
    trip: Stored | None
    alternatives: NotRequired[list[dict[str, Any]]]


class Response(TypedDict):
    """The answer to one query: the gravest of its bookings."""

    status: int
    verdict: Verdict
    outcome: str
    next_step: str
    advice: Words
    missing: list[str]
    answers: list[Answer]


class Screened(TypedDict):
    """The answers, under the keys of the queries."""

    responses: dict[str, Response]
    edition: int
    policy_version: str
    engine: str
    evaluated_at: str
    valid_until: str
    as_of: str
    stored: bool
    notice: str


class Trip(TypedDict):
    """Where a trip stands; *etag* is put there by the client, for ``put_trip``."""

    reference: str
    system: str | None
    ext_id: str | None
    verdict: Verdict
    next_step: str
    is_cancelled: bool
    nobody_written_to: str
    screening_id: int | None
    understood: dict[str, Any]
    findings: list[Finding]
    missing: list[str]
    etag: NotRequired[str]


class PutTrip(TypedDict):
    """What became of a trip that was put; *etag* as in ``Trip``."""

    change: Literal["created", "changed", "unchanged", "not_stored"]
    reference: str | None
    verdict: Verdict
    next_step: str
    screening_id: int | None
    findings: list[Finding]
    missing: list[str]
    letters: int
    nobody_written_to: str
    etag: NotRequired[str]


class BatchRow(TypedDict):
    """What came of a booking of a file; where nothing was understood the verdict is review."""

    part: str
    sheet: str
    rows: list[int]
    standing: str
    change: Literal["new", "changed", "unchanged"] | None
    trip: str | None
    verdict: Verdict
    next_step: str
    outcome: str
    understood: dict[str, Any] | None
    judged: Judged | None
    segments: list[Verdict | None]
    findings: list[Finding]
    missing: list[str]
    reason: str
    unread: list[str]
    letter: str
    nobody_written_to: str


class WaitingLetters(TypedDict):
    """Letters that wait to be released, and how many people they go to."""

    letters: int
    people: int
    clearances: int
    warnings: int
    people_warned: int


class _File(TypedDict):
    batch: str
    name: str
    state: Literal["screening", "screened", "given_up"]
    made_at: str
    finished_at: str | None
    percent: int | None
    bookings: int
    trouble: str


class Batch(_File):
    """A file, and how far its screening has come."""

    counts: dict[str, int]
    waiting: WaitingLetters
    problems: list[BatchRow]


class ListedBatch(_File):
    """A file in the list of an office's; *letters* is how many wait."""

    letters: int


class Released(TypedDict):
    """How many letters leave now, and to how many people."""

    letters: int
    people: int


class AuditEntry(TypedDict):
    """An entry of the audit trail; its hash is made of *text*."""

    seq: int
    at: str
    kind: str
    actor: str
    subject: str
    body: dict[str, Any]
    text: str
    prev_hash: str
    hash: str
