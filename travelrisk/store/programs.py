"""Programs by the public part of their keys; calls by the day; answers kept under idempotency keys."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.programs import Kind, Program, Sight
from travelrisk.store.database import insert_unless
from travelrisk.store.tables import program_answers, program_calls, programs

_PROGRAM: Final = tuple(programs.c[name] for name in Program.__dataclass_fields__)


class Hmacs(NamedTuple):
    """What a key is compared with: the present one, and the one before it while that works."""

    key: str
    old: str | None


class Kept(NamedTuple):
    """What is known of an idempotency key; *status* None = it is being answered since *begun_at*."""

    request_sha256: str
    begun_at: datetime
    status: int | None
    body: bytes | None


def add(c: Connection, program: Program, key_hmac: str) -> None:
    """Keep a new program with the HMAC of its key."""
    row = {name: getattr(program, name) for name in Program.__dataclass_fields__}
    c.execute(insert(programs).values(**row, key_hmac=key_hmac))


def everything(c: Connection) -> tuple[Program, ...]:
    """Return all programs, the newest first, revoked ones too."""
    rows = c.execute(select(*_PROGRAM).order_by(programs.c.made_at.desc(), programs.c.id))
    return tuple(_program(tuple(row)) for row in rows)


def find(c: Connection, program_id: str) -> tuple[Program, Hmacs] | None:
    """Return the program with this public part, and what its key is compared with."""
    wanted = select(*_PROGRAM, programs.c.key_hmac, programs.c.old_hmac)
    row = c.execute(wanted.where(programs.c.id == program_id)).first()
    if row is None:
        return None
    *known, key_hmac, old_hmac = row
    return _program(tuple(known)), Hmacs(key_hmac, old_hmac)


def by_id(c: Connection, program_id: str) -> Program:
    """Return the program with this public part.

    Raises:
        NotFoundError: there is none.
    """
    found = find(c, program_id)
    if found is None:
        raise NotFoundError(f"there is no key {program_id}: look at travelrisk keys list")
    return found[0]


def rotate(c: Connection, program_id: str, key_hmac: str, old_until: datetime) -> None:
    """Give a program another key; the present one works until *old_until*."""
    mine = update(programs).where(programs.c.id == program_id)
    c.execute(mine.values(old_hmac=programs.c.key_hmac, old_until=old_until, key_hmac=key_hmac))


def revoke(c: Connection, program_id: str, at: datetime) -> None:
    """Let no key of a program work any more."""
    mine = update(programs).where(programs.c.id == program_id)
    c.execute(mine.values(revoked_at=at, old_hmac=None, old_until=None))


def note_use(c: Connection, program_id: str, at: datetime) -> None:
    """Keep when a program called last."""
    c.execute(update(programs).where(programs.c.id == program_id).values(used_at=at))


def take_calls(c: Connection, program_id: str, day: str, wanted: int, most: int) -> int:
    """Count up to *wanted* more calls of a day, never beyond *most*, and return how many were counted.

    A negative number gives calls back that were counted and not made.
    """
    first = insert_unless(c.dialect.name, program_calls).values(program_id=program_id, day=day, calls=0)
    c.execute(first.on_conflict_do_nothing())
    mine = (program_calls.c.program_id == program_id) & (program_calls.c.day == day)
    known = c.scalar(select(program_calls.c.calls).where(mine).with_for_update()) or 0
    taken = max(min(wanted, most - known), -known)
    if taken:
        c.execute(update(program_calls).where(mine).values(calls=known + taken))
    return taken


def calls_on(c: Connection, day: str) -> dict[str, int]:
    """Return how many calls each program made on a day."""
    rows = c.execute(
        select(program_calls.c.program_id, program_calls.c.calls).where(program_calls.c.day == day)
    )
    return {row.program_id: row.calls for row in rows}


def begin_answer(c: Connection, actor: str, key_sha256: str, request_sha256: str, at: datetime) -> bool:
    """Note that a call is being answered; False where its idempotency key is known already."""
    row = {
        "actor": actor,
        "key_sha256": key_sha256,
        "request_sha256": request_sha256,
        "begun_at": at,
    }
    new = insert_unless(c.dialect.name, program_answers).values(**row).on_conflict_do_nothing()
    return c.scalar(new.returning(program_answers.c.actor)) is not None


def kept_answer(c: Connection, actor: str, key_sha256: str) -> Kept | None:
    """Return what is known of an idempotency key."""
    columns = (
        program_answers.c.request_sha256,
        program_answers.c.begun_at,
        program_answers.c.status,
        program_answers.c.body,
    )
    row = c.execute(select(*columns).where(_answer(actor, key_sha256)).with_for_update()).first()
    return Kept(*row) if row else None


def take_over_answer(c: Connection, actor: str, key_sha256: str, at: datetime) -> None:
    """Note that a call whose process died is being answered anew."""
    c.execute(update(program_answers).where(_answer(actor, key_sha256)).values(begun_at=at))


def keep_answer(c: Connection, actor: str, key_sha256: str, status: int, body: bytes) -> None:
    """Keep what was answered."""
    c.execute(update(program_answers).where(_answer(actor, key_sha256)).values(status=status, body=body))


def drop_answer(c: Connection, actor: str, key_sha256: str) -> None:
    """Forget an idempotency key whose call changed nothing, so that it may be used again."""
    c.execute(delete(program_answers).where(_answer(actor, key_sha256)))


def forget_answers(c: Connection, before: datetime) -> int:
    """Delete the answers that nobody may ask for again, and return how many."""
    return c.execute(delete(program_answers).where(program_answers.c.begun_at <= before)).rowcount


def _answer(actor: str, key_sha256: str) -> ColumnElement[bool]:
    return (program_answers.c.actor == actor) & (program_answers.c.key_sha256 == key_sha256)


def _program(row: tuple[object, ...]) -> Program:
    known = dict(zip(Program.__dataclass_fields__, row, strict=True))
    return Program(**known | {"kind": Kind(str(known["kind"])), "sight": Sight(str(known["sight"]))})  # type: ignore[arg-type] # the columns have the types of the fields
