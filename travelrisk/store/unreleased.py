"""Trips whose letters wait until a person releases them: they are written, superseded and replaced as any.

A mark on the trip and not on a letter: whatever is written about it later waits as well, so that a newer
verdict takes the place of one that was never released.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select, update

from travelrisk.domain.verdicts import Verdict
from travelrisk.store.database import insert_unless
from travelrisk.store.tables import advisories, batch_rows, outbox, unreleased

KEPT_BACK: Final = exists().where(unreleased.c.trip_id == outbox.c.trip_id).correlate(outbox)
"""A letter of the outbox that no worker may take."""

_WAITS: Final = outbox.c.state == "queued"


class Waiting(NamedTuple):
    """A letter that waits to be released: of which trip, what it says, to whom."""

    trip_id: int
    letter_id: int
    verdict: Verdict
    recipient: str
    queued_at: datetime

    @property
    def is_warning(self) -> bool:
        """Say whether it says anything but that all is cleared."""
        return self.verdict is not Verdict.CLEARED


def keep_back(c: Connection, trip_id: int, batch_id: int, at: datetime) -> None:
    """Let the letters of a trip wait; call it in the transaction that stores what they will tell of."""
    row = {"trip_id": trip_id, "batch_id": batch_id, "since": at}
    new = insert_unless(c.dialect.name, unreleased).values(row)
    c.execute(new.on_conflict_do_update(index_elements=["trip_id"], set_={"batch_id": batch_id}))


def waiting(c: Connection, batch_id: int) -> tuple[Waiting, ...]:
    """Return the letters that wait of the trips of a batch, each once."""
    columns = (outbox.c.trip_id, outbox.c.id, advisories.c.verdict, outbox.c.recipient, outbox.c.queued_at)
    query = (
        select(*columns)
        .join(advisories, advisories.c.id == outbox.c.advisory_id)
        .where(_WAITS, outbox.c.trip_id.in_(select(unreleased.c.trip_id).where(_of_batch(batch_id))))
        .order_by(outbox.c.id)
    )
    return tuple(Waiting(*row[:2], Verdict.from_word(row[2]), *row[3:]) for row in c.execute(query))


def count_of(c: Connection, batch_ids: Collection[int]) -> dict[int, int]:
    """Return how many letters wait of each of some batches; nothing for those of which none does."""
    query = (
        select(batch_rows.c.batch_id, func.count(outbox.c.id.distinct()))
        .join(unreleased, unreleased.c.trip_id == batch_rows.c.trip_id)
        .join(outbox, outbox.c.trip_id == batch_rows.c.trip_id)
        .where(_WAITS, batch_rows.c.batch_id.in_(batch_ids))
        .group_by(batch_rows.c.batch_id)
    )
    return {row[0]: row[1] for row in c.execute(query)}


def release(c: Connection, trip_ids: Collection[int], at: datetime) -> int:
    """Let the letters of some hundred trips leave, as if they had been written now; return how many."""
    c.execute(delete(unreleased).where(unreleased.c.trip_id.in_(trip_ids)))
    mine = update(outbox).where(outbox.c.trip_id.in_(trip_ids), _WAITS)
    return c.execute(mine.values(queued_at=at, next_at=at)).rowcount


def release_without_letters(c: Connection, batch_id: int) -> None:
    """Keep nothing back any longer of the trips of a batch of which no letter waits.

    There is nothing to press for them: a later warning would wait for a person who never comes.
    """
    waits = exists().where(outbox.c.trip_id == unreleased.c.trip_id, _WAITS).correlate(unreleased)
    c.execute(delete(unreleased).where(unreleased.c.batch_id == batch_id, ~waits))


def release_kept_back(c: Connection, trip_ids: Collection[int], at: datetime) -> int:
    """Release those of some hundred trips whose letters wait for it; return how many letters that were."""
    kept = kept_since(c, trip_ids)
    return release(c, kept, at) if kept else 0


def are_kept_back(c: Connection, trip_ids: Collection[int]) -> frozenset[int]:
    """Return those of some hundred trips whose letters wait to be released."""
    return frozenset(kept_since(c, trip_ids))


def kept_since(c: Connection, trip_ids: Collection[int]) -> dict[int, datetime]:
    """Return since when those of some hundred trips are kept back whose letters wait to be released."""
    mine = select(unreleased.c.trip_id, unreleased.c.since).where(unreleased.c.trip_id.in_(trip_ids))
    return {row[0]: row[1] for row in c.execute(mine)}


def count_letters(c: Connection) -> int:
    """Return how many letters wait to be released."""
    return c.scalar(select(func.count()).select_from(outbox).where(_WAITS, KEPT_BACK)) or 0


def _of_batch(batch_id: int) -> ColumnElement[bool]:
    return (
        exists()
        .where(batch_rows.c.trip_id == unreleased.c.trip_id, batch_rows.c.batch_id == batch_id)
        .correlate(unreleased)
    )
