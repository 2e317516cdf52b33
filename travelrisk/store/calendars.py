"""Calendars of all trips of a contact: whoever has the token may look, until it is renewed or revoked.

The token only goes to the contact's own address, in a letter of its own.
"""

import secrets
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, exists, false, func, insert, select

from travelrisk.domain.texts import Language
from travelrisk.store.audit import Word
from travelrisk.store.leasing import Box, new_row
from travelrisk.store.shapes import sha256
from travelrisk.store.tables import calendar_letters, calendars

_TOKEN_BYTES: Final = 24


class Leased(NamedTuple):
    """A letter that is ours to send until the lease ends."""

    id: int
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
        return f"calendar_letter:{self.id}"

    @property
    def cause(self) -> dict[str, Word]:
        """Nothing but that somebody asked."""
        return {}


_CLOSED: Final = ~exists().where(calendars.c.token_sha256 == calendar_letters.c.token_sha256).correlate(
    calendar_letters
)
BOX: Final = Box("calendar", calendar_letters, Leased, Leased._fields, blocked=false(), outdated=_CLOSED)


def renew(c: Connection, contact: str, at: datetime) -> str:
    """Return a new token for the calendar of a contact; an earlier one opens nothing from now on."""
    revoke(c, contact)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    c.execute(insert(calendars).values(contact=contact, token_sha256=sha256(token), made_at=at))
    return token


def revoke(c: Connection, contact: str) -> bool:
    """Close the calendar of a contact; False where there is none."""
    return c.execute(delete(calendars).where(calendars.c.contact == contact)).rowcount == 1


def made_at(c: Connection, contact: str) -> datetime | None:
    """Return since when a contact has a calendar; None = there is none."""
    made: datetime | None = c.scalar(select(calendars.c.made_at).where(calendars.c.contact == contact))
    return made


def contact_of(c: Connection, token: str) -> str | None:
    """Return whose calendar a token opens.

    The index is searched for the token's hash, so that the time of the answer tells nothing about tokens.
    """
    wanted = sha256(token.encode("utf-8", "replace"))
    contact: str | None = c.scalar(select(calendars.c.contact).where(calendars.c.token_sha256 == wanted))
    return contact


def queue(  # noqa: PLR0913 - one for each column, all named
    c: Connection,
    *,
    token: str,
    letter: str,
    language: Language,
    recipient: str,
    message_id: str,
    body: bytes,
    at: datetime,
) -> None:
    """Queue the letter with a token, in the transaction that made it; and not to leave once it is closed."""
    row = new_row(
        letter=letter, language=language, recipient=recipient, message_id=message_id, body=body, at=at
    )
    c.execute(insert(calendar_letters).values(token_sha256=sha256(token), **row))


def written_since(c: Connection, recipient: str, since: datetime) -> int:
    """Return how many such letters somebody was written since a moment."""
    letters = calendar_letters.c
    mine = select(func.count()).where(letters.recipient == recipient, letters.queued_at >= since)
    return c.scalar(mine) or 0
