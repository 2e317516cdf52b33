"""An answer is given once: the same idempotency key brings the same answer, for a day."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.programs import Program
from travelrisk.services.application import Application
from travelrisk.store import programs
from travelrisk.store.database import transact

KEPT_FOR: Final = timedelta(hours=24)
_GIVEN_UP_AFTER: Final = timedelta(minutes=10)  # a process that began so long ago is dead
_FIRST_NOT_KEPT: Final = 500


class Clash(StrEnum):
    """Why a call under a known key is not answered."""

    IN_FLIGHT = "in_flight"
    OTHER_REQUEST = "other_request"


class Reply(NamedTuple):
    """What was answered; *is_again* where it had been answered before."""

    status: int
    body: bytes
    is_again: bool = False


def once(
    app: Application, program: Program, key: str, request: bytes, work: Callable[[], Reply]
) -> Reply | Clash:
    """Do *work* once for each idempotency key of a program, and answer as then when it comes again.

    Args:
        app: the parts of the service.
        program: who calls; the same key of another program is another key.
        key: as it was sent.
        request: everything that the answer depends on.
        work: what is done; of an answer of 500 and above nothing is kept, so that it may be tried again.

    Raises:
        StoreError: nothing can be kept; then nothing is done.
    """
    mine = (program.actor, hashlib.sha256(key.encode()).hexdigest())
    known = transact(app.engine, partial(_begin, app, mine, hashlib.sha256(request).hexdigest()))
    if known is not None:
        return known
    try:
        reply = work()
    except BaseException:
        transact(app.engine, lambda c: programs.drop_answer(c, *mine))
        raise
    if reply.status >= _FIRST_NOT_KEPT:
        transact(app.engine, lambda c: programs.drop_answer(c, *mine))
    else:
        transact(app.engine, lambda c: programs.keep_answer(c, *mine, reply.status, reply.body))
    return reply


def forget_old(app: Application) -> int:
    """Delete the answers that nobody may ask for again, and return how many."""
    return transact(app.engine, lambda c: programs.forget_answers(c, app.clock() - KEPT_FOR))


def _begin(
    app: Application, mine: tuple[str, str], request_sha256: str, c: Connection
) -> Reply | Clash | None:
    now = app.clock()
    if programs.begin_answer(c, *mine, request_sha256, now):
        return None
    kept = programs.kept_answer(c, *mine)
    if kept is None or kept.begun_at <= now - KEPT_FOR:  # its day is over
        programs.drop_answer(c, *mine)
        programs.begin_answer(c, *mine, request_sha256, now)
        return None
    if kept.request_sha256 != request_sha256:
        return Clash.OTHER_REQUEST
    if kept.status is not None and kept.body is not None:
        return Reply(kept.status, kept.body, is_again=True)
    if kept.begun_at > now - _GIVEN_UP_AFTER:
        return Clash.IN_FLIGHT
    programs.take_over_answer(c, *mine, now)
    return None
