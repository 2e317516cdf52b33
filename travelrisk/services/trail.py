"""What the audit trail says about people: ids and words, never a name or an address."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.people import Role
from travelrisk.services.application import Application
from travelrisk.store import audit
from travelrisk.store.audit import Word

TERMINAL: Final = "terminal"  # who has the program and the database at hand; no account of the desk


def record(  # noqa: PLR0913, PLR0917 - the parts of an entry
    app: Application, c: Connection, kind: str, by: str, about: str, body: Mapping[str, Word]
) -> None:
    """Add an entry about a person to the audit trail."""
    audit.append(c, kind=kind, actor=by, at=app.clock(), subject=f"person:{about}", body=body)


def words(roles: Collection[Role]) -> list[Word]:
    """Return roles as the trail names them."""
    return [role.value for role in sorted(roles)]
