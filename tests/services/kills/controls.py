"""Mistakes, one wrong line each, that the harness must find: a check that never fails proves nothing."""
# ruff: noqa: B010 - an assignment to a function of a module or class is what mypy forbids, with good reason

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import bindparam, false, update

from travelrisk.services.trips import judging
from travelrisk.store import database as store
from travelrisk.store import leases, outbox
from travelrisk.store.leasing import Box
from travelrisk.store.tables import outbox as table


def sent_too_early() -> None:
    """Note a letter as sent before its body is sent."""
    start = Box.start_body

    def start_body(self: Box[Any], c: Any, *of_whom: Any) -> bool:  # noqa: ANN401 - as the method
        return start(self, c, *of_whom) and self.mark_sent(c, *of_whom[:3])

    setattr(Box, "start_body", start_body)


def no_claim() -> None:
    """Send what is due without leasing it."""

    def take(self: Box[Any], _c: Any, row: Any, *_: object) -> Any:  # noqa: ANN401 - as the method
        values = row._asdict() | {"body": bytes(row.body)}
        return self._leased(**{name: values[name] for name in self._fields})

    setattr(Box, "_take", take)
    setattr(Box, "_mine", lambda self, letter, _owner: self.letters.c.id == letter)


def two_transactions() -> None:
    """Record the advisory in one transaction, and queue its letter in the next."""
    later: list[dict[str, Any]] = []
    queue, transact = outbox.queue, store.transact

    def put_off(_c: Any, **row: Any) -> int:  # noqa: ANN401 - as the function
        later.append(row)
        return 0

    def twice(engine: Any, work: Any) -> Any:  # noqa: ANN401 - as the function
        done = transact(engine, work)
        while later:
            row = later.pop()
            transact(engine, partial(queue, **row))
        return done

    setattr(outbox, "queue", put_off)
    setattr(judging, "transact", twice)


def no_second_look() -> None:
    """Send what was claimed without asking whether it is still the newest."""
    for box in _boxes():
        box._outdated = false()  # noqa: SLF001 - the mistake


def no_order() -> None:
    """Send what is queued, as the plainest of outboxes: no withdrawing, no waiting, no second look."""
    no_second_look()
    for box in _boxes():
        box.blocked = false()
    of_trip = (table.c.trip_id == bindparam("trip")) & false()
    setattr(outbox, "_WITHDRAW", update(table).where(of_trip).values(settled_at=bindparam("now")))


def no_fence() -> None:
    """Let a worker that was paused write what another has taken over."""
    setattr(leases, "fenced", lambda engine, _lease: engine)


def _boxes() -> tuple[Box[Any], ...]:
    return (outbox.BOX,)


CONTROLS: Mapping[str, Callable[[], None]] = {
    "sent-too-early": sent_too_early,
    "no-claim": no_claim,
    "two-transactions": two_transactions,
    "no-second-look": no_second_look,
    "no-order": no_order,
    "no-fence": no_fence,
}
