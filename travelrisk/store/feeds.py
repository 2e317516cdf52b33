"""What public sources said: every round of fetching, the answers once each, the facts of the last good round.

A failed round leaves a row that says why, and nothing else: answers and facts are replaced by good ones only.
"""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Text,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)

from travelrisk.domain.facts import Difference, Fact, Problem
from travelrisk.store.database import insert_unless, serialise
from travelrisk.store.shapes import canonical
from travelrisk.store.shapes import sha256 as sha256_of
from travelrisk.store.tables import feed_answers, feed_facts, feed_fetches, feed_originals

_LOCK: Final = 0x7452_0020


class Came(NamedTuple):
    """One answer: where it came from, and what says later that nothing has changed."""

    url: str
    content: bytes
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""


class Known(NamedTuple):
    """A fact, and when the source first said just this."""

    fact: Fact
    since: datetime


class _Body(NamedTuple):
    problems: tuple[Problem, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """One round of fetching.

    Attributes:
        fault: why it failed; empty where it was good. told: the same in a sentence.
        rows: how many the source listed.
    """

    feed: str
    at: datetime
    fault: str = ""
    told: str = ""
    rows: int = 0
    problems: tuple[Problem, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether what came was taken."""
        return not self.fault


_FACT: Final = TypeAdapter(Fact)
_BODY: Final = TypeAdapter(_Body)


def hold(c: Connection) -> None:
    """Wait until nobody else writes what a source said; what is read then stays so until the end."""
    serialise(c, _LOCK)


def record(c: Connection, done: Round) -> int:
    """Note a round, good or failed, and return its number."""
    row = {
        "feed": done.feed,
        "at": done.at,
        "outcome": "good" if done.is_good else "failed",
        "fault": done.fault,
        "told": done.told,
        "rows": done.rows,
        "body": canonical(_Body(done.problems, done.differences)),
    }
    return int(c.execute(insert(feed_fetches).values(row).returning(feed_fetches.c.id)).scalar_one())


def keep_answers(c: Connection, fetch_id: int, answers: Mapping[str, Came], at: datetime) -> None:
    """Keep what came in a good round, by the names of its parts."""
    for part, came in answers.items():
        sha256 = sha256_of(came.content)
        packed = {"sha256": sha256, "packed": zlib.compress(came.content), "kept_at": at}
        once = insert_unless(c.dialect.name, feed_originals).values(packed)
        c.execute(once.on_conflict_do_nothing(index_elements=["sha256"]))
        said = {name: value for name, value in came._asdict().items() if name != "content"}
        c.execute(insert(feed_answers).values(fetch_id=fetch_id, part=part, sha256=sha256, **said))


def answers(c: Connection, feed: str) -> dict[str, Came]:
    """Return the answers of the last good round that brought any, by the names of their parts."""
    last = select(func.max(feed_answers.c.fetch_id)).join(feed_fetches).where(feed_fetches.c.feed == feed)
    rows = c.execute(
        select(feed_answers, feed_originals.c.packed)
        .join(feed_originals)
        .where(feed_answers.c.fetch_id == last.scalar_subquery())
        .order_by(feed_answers.c.part)
    )
    return {
        row.part: Came(row.url, zlib.decompress(row.packed), row.media_type, row.etag, row.last_modified)
        for row in rows
    }


def replace_facts(c: Connection, feed: str, facts: Sequence[Fact], at: datetime) -> None:
    """Put the facts of a good round in the place of those before; what is said as before keeps its day."""
    before = {known.fact.undated: known.since for known in facts_of(c, feed)}
    c.execute(delete(feed_facts).where(feed_facts.c.feed == feed))
    rows = [
        {
            "feed": feed,
            "key": fact.key,
            "place": place,
            "body": canonical(fact),
            "since": before.get(fact.undated, at),
        }
        for place, fact in enumerate(facts)
    ]
    if rows:
        c.execute(insert(feed_facts), rows)


def facts_of(c: Connection, feed: str) -> tuple[Known, ...]:
    """Return the facts of the last good round, in the order of the source."""
    columns = (feed_facts.c.body, feed_facts.c.since)
    rows = c.execute(select(*columns).where(feed_facts.c.feed == feed).order_by(feed_facts.c.place))
    return tuple(Known(_FACT.validate_json(row.body), row.since) for row in rows)


def last_good(c: Connection, feed: str) -> Round | None:
    """Return the last round whose answers were taken; None where there was none."""
    return _last(c, feed_fetches.c.feed == feed, feed_fetches.c.outcome == "good")


def last(c: Connection, feed: str) -> Round | None:
    """Return the last round, good or failed; the order is that of recording, which no clock sets back."""
    return _last(c, feed_fetches.c.feed == feed)


def failing_since(c: Connection, feed: str) -> datetime | None:
    """Return when the first round failed after the last good one; None where the last one was good."""
    columns, mine = feed_fetches.c, feed_fetches.c.feed == feed
    good = select(func.max(columns.id)).where(mine, columns.outcome == "good").scalar_subquery()
    failed = select(columns.at).where(mine, columns.id > func.coalesce(good, 0)).order_by(columns.id)
    found: datetime | None = c.scalar(failed.limit(1))
    return found


def read_since(c: Connection, feeds: Sequence[str]) -> dict[str, datetime]:
    """Return when each was read last, or else when that was first tried; what was never tried is left out."""
    rows = c.execute(_reads(tuple(feeds))) if feeds else ()
    return {row.feed: row.at for row in rows if row.at is not None}


@lru_cache(maxsize=16)  # asked at every judgement: to put it together takes far longer than to answer it
def _reads(feeds: tuple[str, ...]) -> CompoundSelect[tuple[str, datetime]]:
    return union_all(
        *(select(literal(each, Text).label("feed"), _read_since(each).label("at")) for each in feeds)
    )


def _read_since(feed: str) -> ColumnElement[datetime]:
    columns, rounds = feed_fetches.c, select(feed_fetches.c.at).where(feed_fetches.c.feed == feed)
    good = rounds.where(columns.outcome == "good").order_by(columns.id.desc()).limit(1)
    failed = rounds.where(columns.outcome == "failed").order_by(columns.id).limit(1)
    return func.coalesce(good.scalar_subquery(), failed.scalar_subquery())


def forget_failed(c: Connection, feeds: Collection[str], before: datetime) -> None:
    """Forget failed rounds from before a moment: of what was never taken, nothing hangs on them."""
    columns = feed_fetches.c
    old = columns.feed.in_(list(feeds)) & (columns.outcome == "failed") & (columns.at < before)
    c.execute(delete(feed_fetches).where(old))


def _last(c: Connection, *wanted: ColumnElement[bool]) -> Round | None:
    newest = select(feed_fetches).where(*wanted).order_by(feed_fetches.c.id.desc()).limit(1)
    row = c.execute(newest).first()
    return _round(row) if row else None


def _round(row: Row[tuple[object, ...]]) -> Round:
    body = _BODY.validate_json(row.body)
    return Round(row.feed, row.at, row.fault, row.told, row.rows, body.problems, body.differences)
