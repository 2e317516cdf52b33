"""Roles that wait for a second administrator, and who decided; nothing is ever taken out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, RowMapping, insert, select, update

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Role
from travelrisk.store.people import roles_text
from travelrisk.store.tables import role_requests as table

_COLUMNS: Final = (table.c.id, table.c.person_id, table.c.roles, table.c.asked_by, table.c.asked_at)


class Request(NamedTuple):
    """Roles that one administrator wants somebody to have, and that another one has not confirmed yet."""

    number: int
    person_id: str
    roles: frozenset[Role]
    asked_by: str
    asked_at: datetime


def ask(c: Connection, person_id: str, roles: Iterable[Role], *, by: str, at: datetime) -> int:
    """Keep what waits, and return its number."""
    row = {"person_id": person_id, "roles": roles_text(roles), "asked_by": by, "asked_at": at}
    number: int = c.execute(insert(table).returning(table.c.id), row).scalar_one()
    return number


def waiting(c: Connection, person_id: str | None = None) -> tuple[Request, ...]:
    """Return what waits, of one person or of all, the oldest first."""
    wanted = select(*_COLUMNS).where(table.c.decided_at.is_(None)).order_by(table.c.id)
    if person_id is not None:
        wanted = wanted.where(table.c.person_id == person_id)
    return tuple(_request(row) for row in c.execute(wanted).mappings())


def decide(c: Connection, number: int, *, by: str, at: datetime, granted: bool) -> None:
    """Decide what waits; what is decided stays so.

    Raises:
        NotFoundError: nothing waits under this number.
    """
    unset = (table.c.id == number) & table.c.decided_at.is_(None)
    values = {"decided_by": by, "decided_at": at, "is_granted": int(granted)}
    if c.execute(update(table).where(unset).values(values)).rowcount != 1:
        raise NotFoundError(f"nothing waits under the number {number}: look at the list again")


def _request(row: RowMapping) -> Request:
    roles = frozenset(Role(word) for word in row["roles"].split())
    return Request(row["id"], row["person_id"], roles, row["asked_by"], row["asked_at"])
