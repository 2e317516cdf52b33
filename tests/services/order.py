"""Do the letters of a trip leave in order while its verdict changes? Is the last one ever outdated?

``python -m tests.services.order --trips 1000 --database postgresql`` lets the answers on so many trips wait,
then sends them with several workers at once while the bookings change again and again under them, against a
mail server that fails some letters. At the end the last letter that the server took of each trip must be that
of its newest verdict. With ``--control NAME`` the package has one mistake, which must be found.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Connection, text

from tests.services.kills.checker import Verdict, check
from tests.services.kills.child import bookings
from tests.services.kills.controls import CONTROLS
from tests.services.kills.server import Post, receiving
from tests.services.kills.story import BEGIN, opened
from travelrisk import logs
from travelrisk.domain.itineraries import Itinerary
from travelrisk.mail.smtp import Patience, Smtp
from travelrisk.services.application import Application
from travelrisk.services.letters import dispatch
from travelrisk.services.trips.judging import judge
from travelrisk.store import trips
from travelrisk.store.database import reading, transact
from travelrisk.store.trips import Stored, Trip

_PATIENCE = Patience(connect=5, command=5, body=5, final_dot=5)
_LEASE = timedelta(seconds=30)  # longer than all of these together
_CHANGERS = 2
_LOOK_S = 0.05
_LONGEST_S = 900.0


@dataclass(frozen=True)
class Plan:
    """How much happens: trips change so often, on average, while so many workers send.

    Attributes:
        faults: the share of letters that the mail server fails with, until the last change.
    """

    url: str
    trips: int
    workers: int = 4
    changes: float = 2.0
    faults: float = 0.1
    seed: int = 1


@dataclass(frozen=True)
class Ended:
    """What the check found, how many answers were given, and how long it all took."""

    verdict: Verdict
    judged: int
    took_s: float


def run(plan: Plan, folder: Path) -> Ended:
    """Run it until every letter is out, and compare the database with the mail server."""
    begun, offset_s = time.monotonic(), BEGIN.timestamp() - time.time()
    app = opened(plan.url, offset_s)
    (folder / "said").touch()
    post = Post(folder / "book", plan.seed, plan.faults, offset_s)
    with receiving(post) as port, _hurried():
        known = bookings(app)
        waiting = [_judged(app, None, known[number % len(known)]) for number in range(plan.trips)]
        changes = _at_once(app, plan, waiting, post, port)
    verdict = check(app, folder / "book", folder / "said")
    app.engine.dispose()
    return Ended(verdict, plan.trips + changes, time.monotonic() - begun)


def _at_once(app: Application, plan: Plan, waiting: list[Trip], post: Post, port: int) -> int:
    """Send and change until nothing is left to do of either; return how many changes there were."""
    stop, each = threading.Event(), round(plan.trips * plan.changes / _CHANGERS)
    with ThreadPoolExecutor(plan.workers + _CHANGERS) as pool:
        sending = [pool.submit(_send, app, port, f"worker {n}", stop) for n in range(plan.workers)]
        changing = [pool.submit(_change, app, waiting, each, plan.seed + n) for n in range(_CHANGERS)]
        try:
            for one in changing:
                one.result()
            post.rate = 0.0
            _drained(app)
        finally:
            stop.set()
        for one in sending:
            one.result()
    return each * _CHANGERS


def _send(app: Application, port: int, owner: str, stop: threading.Event) -> None:
    transport = Smtp("127.0.0.1", port, tls="none", patience=_PATIENCE)
    while not stop.wait(_LOOK_S):
        dispatch.dispatch(app, transport, owner, 5)


def _change(app: Application, waiting: list[Trip], count: int, seed: int) -> None:
    dice, known = random.Random(seed), bookings(app)  # noqa: S311 - which trip, no secrets
    for _ in range(count):
        _judged(app, dice.choice(waiting), dice.choice(known))


def _judged(app: Application, trip: Trip | None, journey: Itinerary) -> Trip:
    """Give a trip another booking, or begin one, and judge it."""
    at = app.clock()

    def arrive(c: Connection) -> Stored:
        of = trip or trips.new_trip(c, contact="alice@example.org", language="en", at=at)
        number = trips.add_itinerary(c, of.id, journey, original=None, position=0, at=at)
        return Stored(of, number, journey, at)

    stored = transact(app.engine, arrive)
    judge(app, [stored], "test")
    return stored.trip


def _drained(app: Application) -> None:
    until = time.monotonic() + _LONGEST_S
    while time.monotonic() < until:
        with reading(app.engine) as c:
            if not c.scalar(text("SELECT count(*) FROM outbox WHERE state IN ('queued', 'leased')")):
                return
        time.sleep(_LOOK_S)


@contextmanager
def _hurried() -> Iterator[None]:
    """Scale down what would otherwise take minutes."""
    first, longest = timedelta(milliseconds=100), timedelta(milliseconds=800)
    with patch.multiple(dispatch, LEASE=_LEASE, _FIRST_PAUSE=first, _LONGEST_PAUSE=longest):
        yield


def main() -> None:
    """Run it once; fail where anything is wrong, or where a mistake was not found."""
    from tests.services.kills.__main__ import database  # noqa: PLC0415 - needs more than the run itself

    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--trips", type=int, default=20)
    arguments.add_argument("--workers", type=int, default=4)
    arguments.add_argument("--changes", type=float, default=2.0, help="of each trip, on average")
    arguments.add_argument("--faults", type=float, default=0.1, help="share of letters the server fails with")
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--control", choices=sorted(CONTROLS), default="")
    asked = arguments.parse_args()
    logs.configure("critical", as_json=False)
    if asked.control:
        CONTROLS[asked.control]()
    with tempfile.TemporaryDirectory() as name, database(asked.database, Path(name)) as (url, _):
        plan = Plan(url, asked.trips, asked.workers, asked.changes, asked.faults, asked.seed)
        ended = run(plan, Path(name))
    found = ended.verdict
    print(  # noqa: T201 - a command
        f"{asked.database}: {asked.trips:,} trips, {ended.judged:,} verdicts, {asked.workers} workers,"
        f" {ended.took_s:,.0f} s: {found.letters:,} letters, {found.sent:,} sent, {found.superseded:,}"
        f" replaced, {found.dead:,} refused, {found.doubled:,} doubled within the window;"
        f" last letter outdated: {found.stale:,}, of these cleared: {found.stale_cleared:,}"
    )
    print(f"  wrong: {found.faults or 'nothing'}")  # noqa: T201 - as above
    raise SystemExit(bool(found.faults) is not bool(asked.control))


if __name__ == "__main__":
    main()
