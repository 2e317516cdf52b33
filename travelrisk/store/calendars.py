"""Calendars of all trips of a contact: whoever has the token may look, until it is renewed or revoked."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from travelrisk.store.shapes import sha256
from travelrisk.store.tables import calendars

_TOKEN_BYTES = 24


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
