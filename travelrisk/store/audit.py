r"""The audit trail: who did what and when, each entry chained to the one before by its hash.

``hash = SHA256("travelrisk-audit-v1\0" || previous hash || SHA256(body))``, and 32 zero bytes before the
first. An edited row and a gap are found by reading the chain; a tail that was cut off is found where an
advisory or an edition still names an entry beyond it. Entries hold ids, hashes and single words: no name of a
traveller, no address.

An entry written by a clock that stands clearly before what is on record says ``after`` which moment it came,
and hands that on to the next: so the trail knows how late it has been, whatever is written meanwhile, until
the clock has caught up or a person has confirmed it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, insert, select

from travelrisk.domain.errors import ClockError, StoreError
from travelrisk.store.database import serialise
from travelrisk.store.shapes import canonical
from travelrisk.store.tables import advisories, audit, editions

Word = str | int | bool | None | Sequence["Word"] | Mapping[str, "Word"]

CONFIRMED: Final = "clock.confirmed"
"""The kind of entry by which a person answers for the clock: moments count from it on, whatever was."""

_TAG: Final = b"travelrisk-audit-v1\0"
_FIRST: Final = "00" * 32
_LOCK: Final = 0x7452_0001
_APART: Final = timedelta(minutes=5)  # so much the clocks of machines may differ
_LAST: Final = select(audit.c.seq, audit.c.hash, audit.c.body).order_by(audit.c.seq.desc()).limit(1)
_INSERT: Final = insert(audit)
_WORD: Final = re.compile(r"[A-Za-z0-9_.:;,+/#()\-]{0,128}", re.ASCII)


class Entry(NamedTuple):
    """One entry.

    Attributes:
        kind: what happened, for example ``advisory.recorded``.
        actor: who did it: an office, a role, or the name of a job.
        at: aware time.
        subject: what it was about, for example ``trip:17``.
        body: ids, hashes and single words.
    """

    kind: str
    actor: str
    at: datetime
    subject: str
    body: Mapping[str, Word]


class Chain(NamedTuple):
    """What reading the chain showed.

    Attributes:
        entries: how many entries were read and found in order.
        broken_at: sequence number of the first entry that does not fit or is missing; None where all fit.
        head: hash of the last entry in order.
    """

    ok: bool
    entries: int
    broken_at: int | None
    head: str


def is_word(text: str) -> bool:
    """Say whether *text* may stand in the trail: an id, a hash or a word, without blanks and ``@``."""
    return _WORD.fullmatch(text) is not None


def refuse_if_behind(c: Connection, at: datetime) -> None:
    """Refuse to judge at a moment that lies clearly before the newest entry.

    Raises:
        ClockError: it does; by a clock that was set back, ratings that have ended would be in force again.
    """
    late = behind_what(c, at)
    if late is not None:
        raise ClockError(
            f"the clock says {at:%Y-%m-%d %H:%M} UTC, and the audit trail has come to {late:%Y-%m-%d %H:%M}:"
            " set the clock right; nothing is judged and no letter is released until then. Where the clock is"
            " right and had been ahead before: travelrisk release --clock-is-right"
        )


def behind_what(c: Connection, at: datetime) -> datetime | None:
    """Return the moment that the trail has come to where *at* lies clearly before it; None = it does not."""
    last = c.execute(_LAST).first()
    latest = _latest(last.body) if last else None
    return latest if latest is not None and at < latest - _APART else None


def append(  # noqa: PLR0913 - the parts of an entry, all named
    c: Connection, *, kind: str, actor: str, at: datetime, subject: str, body: Mapping[str, Word]
) -> int:
    """Add one entry and return its sequence number, as ``append_all``."""
    (seq,) = append_all(c, [Entry(kind, actor, at, subject, body)])
    return seq


def append_all(c: Connection, entries: Sequence[Entry]) -> list[int]:
    """Add entries, each chained to the one before, and return their sequence numbers.

    Entries stand in the order of their commits: until the transaction ends, every other transaction that
    appends has to wait.

    Raises:
        StoreError: an entry holds anything that could be text about a person.
    """
    for each in entries:
        _refuse_prose({"kind": each.kind, "subject": each.subject, **each.body})
    serialise(c, _LOCK)
    last = c.execute(_LAST).first()
    seq, head = (last.seq, last.hash) if last else (0, _FIRST)
    latest = _latest(last.body) if last else None
    rows: list[dict[str, object]] = []
    for each in entries:
        told = each._asdict() | {"at": _written(each.at)}
        if latest is None or each.kind == CONFIRMED or each.at >= latest - _APART:
            latest = each.at
        else:
            told["after"] = _written(latest)
        text = canonical(told)
        previous, head = head, _link(head, text)
        rows.append({"seq": seq + len(rows) + 1, "prev_hash": previous, "body": text, "hash": head})
    if rows:
        c.execute(_INSERT, rows)
    return list(range(seq + 1, seq + 1 + len(rows)))


def verify(c: Connection) -> Chain:
    """Read the whole chain from its first entry and say where it breaks, if it does."""
    seq, head = 0, _FIRST
    rows = c.execute(select(audit).order_by(audit.c.seq), execution_options={"yield_per": 1000})
    for row in rows:
        fits = row.seq == seq + 1 and row.prev_hash == head and row.hash == _link(head, row.body)
        if not fits:
            rows.close()
            return Chain(ok=False, entries=seq, broken_at=seq + 1, head=head)
        seq, head = row.seq, row.hash
    if _last_named(c) > seq:
        return Chain(ok=False, entries=seq, broken_at=seq + 1, head=head)
    return Chain(ok=True, entries=seq, broken_at=None, head=head)


class Anchor(NamedTuple):
    """An entry of the trail and its hash, as somebody outside has written them down."""

    seq: int
    hash: str


def head(c: Connection) -> Anchor:
    """Return the newest entry; 0 where there is none."""
    last = c.execute(_LAST).first()
    return Anchor(last.seq, last.hash) if last else Anchor(0, _FIRST)


def holds(c: Connection, anchor: Anchor) -> bool:
    """Say whether the trail still has an entry as it was written down outside; its beginning will do.

    Together with an unbroken chain this finds what the chain alone cannot: a tail that was cut off, and a
    trail that was written anew.
    """
    found: str | None = c.scalar(select(audit.c.hash).where(audit.c.seq == anchor.seq))
    found = _FIRST if anchor.seq == 0 else found
    return bool(anchor.hash) and found is not None and found.startswith(anchor.hash)


class Line(NamedTuple):
    """An entry as it is kept: its canonical JSON in *body*."""

    seq: int
    prev_hash: str
    body: str
    hash: str


def entries(c: Connection, since: datetime | None = None, until: datetime | None = None) -> Iterator[Line]:
    """Yield the entries from *since* up to before *until*, in their order; None = no such end."""
    lines = c.execute(select(audit).order_by(audit.c.seq), execution_options={"yield_per": 1000})
    for row in lines:
        at = datetime.fromisoformat(json.loads(row.body)["at"])
        if (since is None or at >= since) and (until is None or at < until):
            yield Line(*row)


def behind(c: Connection, seq: int, limit: int) -> tuple[Line, ...]:
    """Return the entries after one, in their order."""
    later = select(audit).where(audit.c.seq > seq).order_by(audit.c.seq).limit(limit)
    return tuple(Line(*row) for row in c.execute(later))


def _latest(body: str) -> datetime:
    told = json.loads(body)
    return datetime.fromisoformat(told.get("after", told["at"]))


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _last_named(c: Connection) -> int:
    named = (c.scalar(select(func.max(table.c.audit_seq))) for table in (editions, advisories))
    return max(each or 0 for each in named)


def _link(previous: str, body: str) -> str:
    return hashlib.sha256(_TAG + bytes.fromhex(previous) + hashlib.sha256(body.encode()).digest()).hexdigest()


def _refuse_prose(value: Word, where: str = "entry") -> None:
    if isinstance(value, str):
        if not is_word(value):
            raise StoreError(f"audit {where}: only ids, hashes and single words may stand here")
    elif isinstance(value, Mapping):
        for name, each in value.items():
            _refuse_prose(each, name)
    elif isinstance(value, Sequence):
        for each in value:
            _refuse_prose(each, where)
