"""One run of the harness: processes that die one after the other, a time of peace, and the reckoning."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from tests.services.kills.checker import Verdict, check
from tests.services.kills.child import LEASE, Life, application
from tests.services.kills.nursery import Nursery, nursery
from tests.services.kills.points import JUDGING, SENDING, TAKING_TURNS, Fate
from tests.services.kills.server import Post, receiving
from travelrisk.domain.errors import StoreError
from travelrisk.domain.ratings import Caution, Level, Rating, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict as Worst
from travelrisk.services.application import Application
from travelrisk.store import ratings, schema
from travelrisk.store.database import reading, writing

BEGIN = datetime(2026, 11, 23, 12, tzinfo=UTC)
CREW = ("worker", "worker", "worker", "producer")
_OLDEST_S = 4.0  # whoever has not met their fate by then is killed wherever they are
_LOOK_S = 0.01
_PEACE_S = 300.0
_DAY = BEGIN.date()

Trouble = Callable[[], None]


@dataclass(frozen=True)
class Plan:
    """What is to happen.

    Attributes:
        kills: how many processes are killed. stops: the share of fates that freeze instead.
        faults: the share of letters that the mail server fails with. control: name of a mistake.
        seconds: end the killing then; 0 = whenever all have been killed.
    """

    url: str
    kills: int
    seed: int = 1
    stops: float = 0.12
    faults: float = 0.25
    control: str = ""
    seconds: float = 0.0
    loud: bool = False


@dataclass
class Ended:
    """How it ended: kills and stops by point, faults of the server by kind, and what the check found."""

    kills: Counter[str]
    stops: Counter[str]
    faults: Counter[str]
    verdict: Verdict
    war_s: float
    peace_s: float


@dataclass
class _Alive:
    kind: str
    born: float
    wakes: float | None = None


@dataclass
class _War:
    """The processes that are there, and how those that were there before have died."""

    plan: Plan
    crib: Nursery
    life: Life
    dice: random.Random
    alive: dict[int, _Alive] = field(default_factory=dict)
    killed: int = 0
    at_large: Counter[str] = field(default_factory=Counter)

    def fill(self, *, peace: bool = False) -> None:
        """Let somebody be born in the place of each who died."""
        there = Counter(each.kind for each in self.alive.values())
        for kind, wanted in Counter(CREW).items():
            if peace and kind == "producer":
                continue
            for _ in range(wanted - there[kind]):
                fate = Fate() if peace else self._fate(kind)
                life = replace(self.life, kind=kind, fate=fate, seed=self.dice.getrandbits(32))
                self.alive[self.crib.bear(life)] = _Alive(kind, time.monotonic())

    def look(self, *, peace: bool = False) -> None:
        """Hear who died or froze, wake the frozen, and end those who have lived too long."""
        for word, number in self.crib.news():
            if word == "dead":
                self.alive.pop(number, None)
                self.killed += not peace
            elif number in self.alive:
                self.alive[number].wakes = time.monotonic() + LEASE.total_seconds() * self.dice.uniform(
                    0.6, 2
                )
        now = time.monotonic()
        for number, each in self.alive.items():
            if each.wakes is not None and each.wakes < now:
                each.wakes = None
                self._send(number, signal.SIGCONT)
            elif not peace and each.wakes is None and now - each.born > _OLDEST_S:
                each.born = now
                self.at_large["anywhere"] += 1
                self._send(number, signal.SIGKILL)

    def calm(self) -> None:
        """End whoever still has a fate, and wait until they are gone."""
        for number in self.alive:
            self.at_large["anywhere"] += 1
            self._send(number, signal.SIGKILL)
        while self.alive:
            self.look(peace=True)
            time.sleep(_LOOK_S)

    def _fate(self, kind: str) -> Fate:
        # A producer lives longer, so that the workers have something to die of.
        points, passes = (
            (JUDGING, (2, 4, 6, 9)) if kind == "producer" else ((*SENDING, *TAKING_TURNS), (1, 1, 1, 2, 3))
        )
        number = signal.SIGSTOP if self.dice.random() < self.plan.stops else signal.SIGKILL
        return Fate(self.dice.choice(points), self.dice.choice(passes), number)

    @staticmethod
    def _send(number: int, what: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(number, what)


def tell(plan: Plan, folder: Path, trouble: Trouble = lambda: None) -> Ended:
    """Run it; *trouble* is called again and again while processes are killed."""
    offset_s = BEGIN.timestamp() - time.time()
    app = opened(plan.url, offset_s)
    log, said = folder / "log", folder / "said"
    log.touch()
    said.touch()
    post = Post(folder / "book", plan.seed, plan.faults, offset_s)
    with receiving(post) as port, nursery(plan.url, offset_s) as crib:
        life = Life(
            "", plan.url, port, offset_s, str(log), str(said), 0, control=plan.control, loud=plan.loud
        )
        war = _War(plan, crib, life, random.Random(plan.seed))  # noqa: S311 - fates, no secrets
        begun = time.monotonic()
        while war.killed < plan.kills and not (plan.seconds and time.monotonic() - begun > plan.seconds):
            war.fill()
            war.look()
            trouble()
            time.sleep(_LOOK_S)
        war.calm()
        armistice = time.monotonic()
        post.rate = plan.faults / 4
        _drain(app, war)
        war.calm()
        finished = time.monotonic()
    verdict = check(app, folder / "book", said)
    app.engine.dispose()
    kills, stops = _deaths(log)
    return Ended(kills + war.at_large, stops, post.drawn, verdict, armistice - begun, finished - armistice)


def opened(url: str, offset_s: float) -> Application:
    """Make the tables, and rate three carriers each otherwise."""
    schema.upgrade(url)
    app = application(url, offset_s)
    kinds = ((SubjectKind.AIRPORT, code, Level.RECOMMENDED) for code in ("FRA", "ADD", "CDG", "NBO"))
    carriers = (("ETH", Level.RECOMMENDED), ("DLH", Level.RECOMMENDED), ("KQA", Level.NOT_RECOMMENDED))
    rated = [*kinds, *((SubjectKind.CARRIER, code, level) for code, level in carriers)]
    records: list[Rating | Caution] = [
        Rating(f"r{number}", Subject(kind, code), level, _DAY, None, "bob", _DAY)
        for number, (kind, code, level) in enumerate(rated)
    ]
    look = Subject(SubjectKind.COUNTRY, "KE")
    records.append(Caution("c", look, Worst.REVIEW, _DAY, None, "bob", _DAY, Texts("Look twice.")))
    with writing(app.engine) as c:
        ratings.publish(c, opened=records, closed=[], actor="bob", note="", at=app.clock())
        number = "INTEGER PRIMARY KEY" if c.dialect.name == "sqlite" else "BIGSERIAL PRIMARY KEY"
        c.execute(text(f"CREATE TABLE ticks (id {number}, slot TEXT, part TEXT, writer TEXT, holder TEXT)"))
    return app


def _drain(app: Application, war: _War) -> None:
    """Let the workers finish in peace."""
    until = time.monotonic() + _PEACE_S
    while time.monotonic() < until:
        war.fill(peace=True)
        war.look(peace=True)
        with suppress(StoreError), reading(app.engine) as c:
            waiting = c.scalar(text("SELECT count(*) FROM outbox WHERE state IN ('queued', 'leased')"))
            unjudged = c.scalar(
                text(
                    "SELECT count(*) FROM itineraries i WHERE NOT EXISTS"
                    " (SELECT 1 FROM advisories a WHERE a.trip_id = i.trip_id AND a.itinerary_id >= i.id)"
                )
            )
            if not waiting and not unjudged:
                return
        time.sleep(0.1)


def _deaths(log: Path) -> tuple[Counter[str], Counter[str]]:
    kills, stops = Counter[str](), Counter[str]()
    for line in log.read_text("utf-8").splitlines():
        _, name, point = line.split(" ", 2)
        (kills if name == "SIGKILL" else stops)[point] += 1
    return kills, stops
