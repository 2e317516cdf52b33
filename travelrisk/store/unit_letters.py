"""Letters about warnings that reached nobody, to those whom the policy names: nothing outdates them."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, false

from travelrisk.domain.texts import Language
from travelrisk.store.audit import Word
from travelrisk.store.database import insert_unless
from travelrisk.store.leasing import Box, new_row
from travelrisk.store.tables import unit_letters


class Leased(NamedTuple):
    """A letter that is ours to send until the lease ends."""

    id: int
    advisory_id: int
    letter: str
    recipient: str
    message_id: str
    body: bytes
    attempts: int
    ambiguous: int
    queued_at: datetime

    @property
    def called(self) -> str:
        """What the audit trail and the log call it."""
        return f"unit_letter:{self.id}"

    @property
    def cause(self) -> dict[str, Word]:
        """The advisory whose letter reached nobody."""
        return {"advisory": self.advisory_id}


BOX: Final = Box("unit", unit_letters, Leased, Leased._fields, blocked=false(), outdated=false())


def queue(  # noqa: PLR0913 - one for each column, all named
    c: Connection,
    *,
    advisory_id: int,
    letter: str,
    language: Language,
    recipient: str,
    message_id: str,
    body: bytes,
    at: datetime,
) -> bool:
    """Queue a finished letter; False where this recipient had one about this advisory."""
    row = {
        "advisory_id": advisory_id,
        **new_row(
            letter=letter, language=language, recipient=recipient, message_id=message_id, body=body, at=at
        ),
    }
    unless = insert_unless(c.dialect.name, unit_letters).on_conflict_do_nothing(
        index_elements=["advisory_id", "recipient"]
    )
    return c.execute(unless.values(row).returning(unit_letters.c.id)).first() is not None
