"""The audit trail as far as it is about the key's office."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from travelrisk.web.api.contract.calls import Strict
from travelrisk.web.api.models.words import Cursor, Limit, Moment, Stamp


class AuditQuestion(Strict):
    """Which entries, how many at once, and in which form."""

    since: Moment = Field("", alias="from", description="Entries of this moment or later; empty = all.")
    until: Moment = Field("", alias="to", description="Entries before this moment; empty = all.")
    cursor: Cursor = ""
    limit: Limit = 100
    form: Literal["json", "jsonl", "csv"] = Field(
        "json", alias="format", description="jsonl and csv bear the cursor in Link, as next."
    )


class AuditEntry(BaseModel):
    """Who did what and when; it names nobody but by an id, and holds no text of anybody."""

    seq: int = Field(description="Number of the entry in the whole trail.")
    at: Stamp
    kind: str
    actor: str
    subject: str
    body: dict[str, Any]
    text: str = Field(description="The entry to the last byte, as its hash is made of it.")
    prev_hash: str
    hash: str


class Audit(BaseModel):
    """Entries about the office, the oldest first; a page may hold none of them, and there is more."""

    entries: list[AuditEntry]
    cursor: str = Field(description="Keep it, and ask with it for what comes later.")
    has_more: bool
