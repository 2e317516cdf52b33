"""The door for programs: who calls, how often today, and how long somebody waits who shows wrong keys.

One object for each process. It looks a program up at most once a second and counts calls in blocks, so that
thousands of calls a minute cost the database a handful of statements. A wrong key costs one hash: its seal
shows that it is none of ours before anything is looked up. Wrong keys make their network wait for the answer
to further wrong ones, and never keep a right one out.
"""

import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.programs import Program, Secret
from travelrisk.services.application import Application
from travelrisk.services.people.sign_in import network_of
from travelrisk.services.programs.tokens import Issuer, TokenError, UnreachableError
from travelrisk.store import programs
from travelrisk.store.database import reading, transact

_FRESH: Final = timedelta(seconds=1)  # after which a key is looked up again: so long may a revoked one work
_WINDOW: Final = timedelta(minutes=1)
_FREE: Final = 20  # wrong keys of a network in a window
_MOST_NETWORKS: Final = 10_000
_MOST_KEPT: Final = 1_000
_BLOCK: Final = 2_000  # calls that are counted at once,
_AHEAD: Final = 10  # or as many calls of the size of this one
_BLOCKS_A_DAY: Final = 100


class Refused(NamedTuple):
    """Nobody is let in. *wait* in seconds; *reason* only where it is safe to say and helps."""

    status: int
    reason: str = ""
    wait: int = 0


@dataclass(slots=True)
class _Block:
    day: date
    left: int
    until: datetime


class Throttle:
    """Counts wrong keys by network, for a minute each; the oldest network is forgotten for a new one."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = threading.Lock()

    def wrong(self, place: str) -> int:
        """Count a wrong key, and return how many seconds its sender is to wait; 0 = not yet."""
        network, now = network_of(place), self._clock()
        with self._lock:
            since, times = self._wrong.pop(network, (now, 0))
            if now - since >= _WINDOW:
                since, times = now, 0
            self._wrong[network] = (since, times + 1)
            if len(self._wrong) > _MOST_NETWORKS:
                self._wrong.popitem(last=False)
        return ceil((since + _WINDOW - now).total_seconds()) if times >= _FREE else 0


class Meter:
    """Counts calls of a day in blocks, never beyond what a program may."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._blocks: dict[str, _Block] = {}
        self._lock = threading.Lock()

    def take(self, program: Program, calls: int) -> int:
        """Count calls; return 0, or for how many seconds there are none left.

        Raises:
            StoreError: they cannot be counted; then nothing is to be answered.
        """
        now = self._app.clock()
        day = now.astimezone(UTC).date()
        with self._lock:
            block = self._blocks.get(program.id)
            if block is None or block.day != day:
                block = _Block(day, 0, now)
            if block.left < calls or now >= block.until:
                self._refill(program, block, calls, now)
            self._blocks[program.id] = block
            if block.left < calls:
                return _to_midnight(now)
            block.left -= calls
        return 0

    def _refill(self, program: Program, block: _Block, calls: int, now: datetime) -> None:
        most = program.calls_a_day
        wanted = calls + min(max(_BLOCK, _AHEAD * calls), most // _BLOCKS_A_DAY) - block.left

        def count(c: Connection) -> int:
            programs.note_use(c, program.id, now)
            return programs.take_calls(c, program.id, block.day.isoformat(), wanted, most)

        block.left += transact(self._app.engine, count)
        block.until = now + _WINDOW


class Doorkeeper:
    """Lets programs in."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._issuer = Issuer(app) if app.facts.tokens else None
        self._throttle = Throttle(app.clock)
        self.meter = Meter(app)
        self._known: OrderedDict[str, tuple[datetime, Program | None]] = OrderedDict()

    def admit(self, shown: str, place: str) -> Program | Refused:
        """Let in whoever shows a key or a token that works.

        Args:
            shown: what stands behind ``Bearer``; empty = nothing.
            place: network address that it comes from.

        Raises:
            StoreError: nobody can be looked up.
        """
        if not shown:
            return Refused(401)  # nobody guesses who shows nothing
        try:
            program = self._program(shown)
        except UnreachableError:
            return Refused(503, wait=60)
        except TokenError as error:
            return self._wrong(place, str(error))
        return program or self._wrong(place)

    def _wrong(self, place: str, reason: str = "") -> Refused:
        wait = self._throttle.wrong(place)
        return Refused(429, wait=wait) if wait else Refused(401, reason)

    def _program(self, shown: str) -> Program | None:
        now = self._app.clock()
        looked_up = self._known.get(shown)
        if looked_up is not None and timedelta() <= now - looked_up[0] < _FRESH:
            return looked_up[1]
        key = Secret.parse(shown)
        if key is not None:
            return self._by_key(key, now)
        return self._issuer.program(shown) if self._issuer and shown.count(".") == 2 else None  # noqa: PLR2004 - a JWT has three parts

    def _by_key(self, key: Secret, now: datetime) -> Program | None:
        sealing = self._app.facts.sealing
        if sealing is None or not sealing.is_ours(key):
            return None
        found = self._look_up(key, sealing.kept(key), now)
        self._known[str(key)] = now, found
        while len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)
        return found

    def _look_up(self, key: Secret, kept: str, now: datetime) -> Program | None:
        with reading(self._app.engine) as c:
            found = programs.find(c, key.id)
        if found is None:
            return None
        program, hmacs = found
        is_old = hmacs.old is not None and hmac.compare_digest(hmacs.old, kept)
        is_in_time = program.old_until is not None and now < program.old_until
        fits = hmac.compare_digest(hmacs.key, kept) or (is_old and is_in_time)
        return program if fits and program.works_at(now) else None


def _to_midnight(now: datetime) -> int:
    moment = now.astimezone(UTC)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return ceil((midnight - moment).total_seconds())
