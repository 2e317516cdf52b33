"""Keys of programs: made, renewed and revoked by administrators; a key is shown once and kept as an HMAC.

An office is known by its name alone, as it was typed for a person, a trip or a key. A key of an office that
nobody has would see nothing, and its trips would be seen by nobody: so a new one must be said to be new.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Final, TypeVar

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, ConfigurationError, ForbiddenError
from travelrisk.domain.people import Act, may
from travelrisk.domain.programs import Kind, Program, Sealing, Sight
from travelrisk.services.application import Application
from travelrisk.services.people import accounts
from travelrisk.services.trail import TERMINAL
from travelrisk.store import audit, offices, people, programs
from travelrisk.store.database import reading, transact

MOST_CALLS: Final = 10_000_000
LONGEST_OVERLAP: Final = timedelta(days=30)
_ID_BYTES: Final = 6
_SECRET_BYTES: Final = 16
_NAMED: Final = 5  # offices, in answer to one that is not known

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Given:
    """A program with its key, which is shown to whoever asked for it and to nobody afterwards."""

    program: Program
    key: str


class UnknownOfficeError(BadInputError):
    """Nobody has this office; *near* are those that may be meant, the likeliest first."""

    def __init__(self, office: str, near: Sequence[str]) -> None:
        super().__init__(
            f"office: no person, trip or key has the office {office!r}; there are"
            f" {', '.join(map(repr, near))}. Where it is new, say so: --new-office"
        )
        self.near = tuple(near)


def create(  # noqa: PLR0913 - what makes a key, all named
    app: Application,
    *,
    name: str,
    office: str,
    kind: Kind,
    sight: Sight = Sight.UNIT,
    calls_a_day: int = 10_000,
    expires_at: datetime | None = None,
    is_new_office: bool = False,
    by: str = TERMINAL,
) -> Given:
    """Make a key for a program of an office; of one that nobody has yet only if that is said.

    Raises:
        UnknownOfficeError: nobody has the office, and there are others.
        BadInputError: name, office, number or moment cannot be used.
        ConfigurationError: no secret is set, without which keys cannot be kept.
        ForbiddenError: *by* may not do this.
    """
    sealing = _sealing(app)
    at = app.clock()
    program = Program(
        id=secrets.token_hex(_ID_BYTES),
        name=_line(name, "name"),
        office=_line(office, "office"),
        kind=kind,
        sight=sight,
        calls_a_day=calls_a_day,
        made_by=by,
        made_at=at,
        expires_at=expires_at,
    )
    if not 1 <= calls_a_day <= MOST_CALLS:
        raise BadInputError(f"calls a day: give a number from 1 to {MOST_CALLS:,}")
    if expires_at is not None and expires_at <= at:
        raise BadInputError("expiry: it is past already; give a later day")
    key = sealing.sealed(kind, program.id, secrets.token_hex(_SECRET_BYTES))

    def make(c: Connection) -> Given:
        if not is_new_office:
            _refuse_unknown(c, program.office)
        programs.add(c, program, sealing.kept(key))
        _record(app, c, "program.added", by, program)
        return Given(program, str(key))

    return _administered(app, by, make)


def _refuse_unknown(c: Connection, office: str) -> None:
    known = offices.known(c)
    if known and office not in known:
        by_folded = {each.casefold(): each for each in known}
        near = get_close_matches(office.casefold(), by_folded, n=_NAMED)
        raise UnknownOfficeError(office, [by_folded[each] for each in near] or known[:_NAMED])


def everything(app: Application) -> tuple[Program, ...]:
    """Return all programs, the newest first, revoked ones too."""
    with reading(app.engine) as c:
        return programs.everything(c)


def calls_today(app: Application) -> dict[str, int]:
    """Return how many calls each program made today, in UTC; some may be counted and not yet made."""
    with reading(app.engine) as c:
        return programs.calls_on(c, f"{app.clock().astimezone(UTC):%Y-%m-%d}")


def rotate(app: Application, program_id: str, *, overlap: timedelta, by: str = TERMINAL) -> Given:
    """Give a program another key; the one it has works for *overlap* longer.

    Raises:
        BadInputError: the overlap is too long, or the program is revoked.
        ConfigurationError: no secret is set.
        ForbiddenError: *by* may not do this.
        NotFoundError: there is no such program.
    """
    sealing = _sealing(app)
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise BadInputError(f"overlap: give up to {LONGEST_OVERLAP // timedelta(hours=1)} hours")

    def renew(c: Connection) -> Given:
        known = programs.by_id(c, program_id)
        if known.revoked_at is not None:
            raise BadInputError(f"the key {program_id} is revoked: make a new one")
        key = sealing.sealed(known.kind, known.id, secrets.token_hex(_SECRET_BYTES))
        old_until = app.clock() + overlap
        programs.rotate(c, known.id, sealing.kept(key), old_until)
        _record(app, c, "program.rotated", by, known)
        return Given(replace(known, old_until=old_until), str(key))

    return _administered(app, by, renew)


def revoke(app: Application, program_id: str, *, by: str = TERMINAL) -> Program:
    """End a key at once, and the one before it; revoking it again changes nothing.

    Raises:
        ForbiddenError: *by* may not do this.
        NotFoundError: there is no such program.
    """

    def end(c: Connection) -> Program:
        known = programs.by_id(c, program_id)
        if known.revoked_at is not None:
            return known
        programs.revoke(c, known.id, app.clock())
        _record(app, c, "program.revoked", by, known)
        return programs.by_id(c, known.id)

    return _administered(app, by, end)


def _administered(app: Application, by: str, work: Callable[[Connection], Answer]) -> Answer:
    def done(c: Connection) -> Answer:
        if by != TERMINAL and not may(people.by_id(c, by), Act.MANAGE_PROGRAMS, app.clock().date()):
            raise ForbiddenError("only administrators look after the keys of programs")
        return work(c)

    return transact(app.engine, done)


def _record(app: Application, c: Connection, kind: str, by: str, program: Program) -> None:
    body = {"kind": program.kind.value, "sight": program.sight.value}
    audit.append(c, kind=kind, actor=by, at=app.clock(), subject=f"program:{program.id}", body=body)


def _line(text: str, field: str) -> str:
    written = text.strip()
    if not accounts.is_line(written):
        raise BadInputError(f"{field}: give one line of up to {accounts.LONGEST_NAME} letters")
    return written


def _sealing(app: Application) -> Sealing:
    if app.facts.sealing is None:
        raise ConfigurationError(
            "keys of programs need TRAVELRISK_SECRET_KEY, the same one in every process: set it first"
        )
    return app.facts.sealing
