"""Sign-ins that failed: counted by hashes, so that a guesser is slowed down and no list of people arises."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from travelrisk.store.database import serialise
from travelrisk.store.tables import sign_ins

MOST: Final = 50_000  # rows in all: whoever floods the table pushes out the oldest ones
_LOCK: Final = 0x7452_0004


class Failures(NamedTuple):
    """How often something failed, and when it did last; never = None."""

    times: int
    newest: datetime | None


def key(kind: str, *parts: str) -> str:
    """Return what failures are counted by: the hash of an address, of where it was typed, or of both."""
    return hashlib.sha256("\0".join((kind, *parts)).encode(errors="surrogatepass")).hexdigest()


def hold(c: Connection) -> None:
    """Wait until no other transaction counts: of many attempts at once each must see the ones before."""
    serialise(c, _LOCK)


def failures(c: Connection, key_sha256: str, since: datetime) -> Failures:
    """Return the failures of one key since a moment."""
    counted = select(func.count(), func.max(sign_ins.c.at)).where(
        sign_ins.c.key_sha256 == key_sha256, sign_ins.c.at > since
    )
    times, newest = c.execute(counted).one()
    return Failures(times, newest)


def note(c: Connection, keys: Iterable[str], at: datetime) -> tuple[int, ...]:
    """Count a failure for each of the keys, and return the numbers of the rows."""
    add = insert(sign_ins).returning(sign_ins.c.id)
    numbers = tuple(c.execute(add, {"key_sha256": each, "at": at}).scalar_one() for each in keys)
    c.execute(delete(sign_ins).where(sign_ins.c.id <= max(numbers) - MOST))
    return numbers


def forgive(c: Connection, numbers: Iterable[int], key_sha256: str) -> None:
    """Take back some failures, and all of one key: somebody signed in after all."""
    mine = sign_ins.c.id.in_(tuple(numbers)) | (sign_ins.c.key_sha256 == key_sha256)
    c.execute(delete(sign_ins).where(mine))


def forget(c: Connection, *, before: datetime) -> int:
    """Delete what no longer counts, and return how many rows."""
    return c.execute(delete(sign_ins).where(sign_ins.c.at <= before)).rowcount


def wait_after(times: int, free: int, longest: timedelta) -> timedelta:
    """Return how long to wait after the last of so many failures: nothing at first, then ever longer."""
    if times < free:
        return timedelta()
    return min(longest, timedelta(seconds=2 ** min(times - free, 20)))
