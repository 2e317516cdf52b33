"""Addresses that are told of new answers, and the messages to them: queued, done, or given up."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, insert, select, update

from travelrisk.store.tables import deliveries, webhooks

_ID_BYTES: Final = 16
_MOST_SHOWN: Final = 100


class Webhook(NamedTuple):
    """An address of an office.

    *generation* counts its secrets; *rotated_at* is when the present one took the place of the one before.
    *ended_why* is ``removed``, ``gone`` (it answered 410), or empty while it is told.
    """

    id: int
    office: str
    url: str
    generation: int
    rotated_at: datetime | None
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    ended_why: str


class Delivery(NamedTuple):
    """A message: *message_id* stays the same however often it is sent."""

    id: int
    webhook_id: int
    message_id: str
    body: str
    state: str
    attempts: int
    next_at: datetime
    made_at: datetime
    done_at: datetime | None
    reply: str


_HOOK: Final = [webhooks.c[name] for name in Webhook._fields]
_DELIVERY: Final = [deliveries.c[name] for name in Delivery._fields]


def add(c: Connection, office: str, url: str, by: str, at: datetime) -> Webhook:
    """Add an address."""
    row = {"office": office, "url": url, "generation": 1, "made_by": by, "made_at": at, "ended_why": ""}
    return Webhook(*c.execute(insert(webhooks).values(**row).returning(*_HOOK)).one())


def by_id(c: Connection, number: int) -> Webhook | None:
    """Return an address, ended ones too."""
    row = c.execute(select(*_HOOK).where(webhooks.c.id == number)).one_or_none()
    return Webhook(*row) if row else None


def everything(c: Connection, office: str = "") -> tuple[Webhook, ...]:
    """Return the addresses of an office, or of all; the newest first."""
    query = select(*_HOOK).order_by(webhooks.c.id.desc())
    return tuple(
        Webhook(*row) for row in c.execute(query.where(webhooks.c.office == office) if office else query)
    )


def told(c: Connection, offices: Collection[str]) -> dict[str, list[int]]:
    """Return the ids of the addresses that are told of answers on trips of these offices."""
    query = select(webhooks.c.office, webhooks.c.id)
    found: dict[str, list[int]] = {}
    standing = query.where(webhooks.c.office.in_(offices), webhooks.c.ended_at.is_(None))
    for office, number in c.execute(standing):
        found.setdefault(office, []).append(number)
    return found


def rotate(c: Connection, number: int, at: datetime) -> None:
    """Give an address its next secret."""
    values = {"generation": webhooks.c.generation + 1, "rotated_at": at}
    c.execute(update(webhooks).where(webhooks.c.id == number).values(**values))


def end(c: Connection, number: int, why: str, at: datetime) -> bool:
    """Tell an address nothing more, not even what waits; False where that was so already."""
    mine = (webhooks.c.id == number, webhooks.c.ended_at.is_(None))
    if not c.execute(update(webhooks).where(*mine).values(ended_at=at, ended_why=why)).rowcount:
        return False
    waiting = (deliveries.c.webhook_id == number, deliveries.c.state == "queued")
    c.execute(update(deliveries).where(*waiting).values(state="dead", done_at=at, reply=why))
    return True


def queue(c: Connection, messages: Iterable[tuple[int, str]], at: datetime) -> None:
    """Queue bodies for addresses, by their ids."""
    rows: list[Mapping[str, object]] = [
        {
            "webhook_id": number,
            "message_id": f"msg_{secrets.token_urlsafe(_ID_BYTES)}",
            "body": body,
            "state": "queued",
            "attempts": 0,
            "next_at": at,
            "made_at": at,
            "reply": "",
        }
        for number, body in messages
    ]
    if rows:
        c.execute(insert(deliveries), rows)


def due(c: Connection, at: datetime, limit: int) -> list[Delivery]:
    """Return the messages that are due, the longest due first."""
    waiting = _messages().where(deliveries.c.state == "queued", deliveries.c.next_at <= at)
    return [Delivery(*row) for row in c.execute(waiting.order_by(deliveries.c.next_at).limit(limit))]


def of_webhook(c: Connection, number: int) -> tuple[Delivery, ...]:
    """Return the newest messages to an address, the newest first."""
    mine = _messages().where(deliveries.c.webhook_id == number).order_by(deliveries.c.id.desc())
    return tuple(Delivery(*row) for row in c.execute(mine.limit(_MOST_SHOWN)))


def settle(c: Connection, number: int, state: str, reply: str, at: datetime) -> None:
    """Note that a message arrived, or was given up."""
    values = {"state": state, "reply": reply, "done_at": at, "attempts": deliveries.c.attempts + 1}
    c.execute(update(deliveries).where(deliveries.c.id == number).values(**values))


def put_off(c: Connection, number: int, reply: str, next_at: datetime) -> None:
    """Note that a message did not arrive, and when it is tried again."""
    values = {"reply": reply, "next_at": next_at, "attempts": deliveries.c.attempts + 1}
    c.execute(update(deliveries).where(deliveries.c.id == number).values(**values))


def replay(c: Connection, webhook_id: int, number: int, at: datetime) -> bool:
    """Send a message again, under its own id; False where the address has none of that number."""
    values = {"state": "queued", "next_at": at, "attempts": 0, "done_at": None}
    mine = (deliveries.c.id == number, deliveries.c.webhook_id == webhook_id)
    return c.execute(update(deliveries).where(*mine).values(**values)).rowcount == 1


def _messages() -> Select[Any]:
    return select(*_DELIVERY)
