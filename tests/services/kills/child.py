"""What a process of the harness does with its life: it is a worker, or produces verdicts that flip."""

import os
import random
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial

from sqlalchemy import Connection, text

from tests.services.kills.controls import CONTROLS
from tests.services.kills.points import Fate, expose
from tests.services.kills.server import GONE
from travelrisk import logs
from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.errors import StoreError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.places import Atlas
from travelrisk.jobs.timetable import DISPATCH, TIMETABLE, Job, Work
from travelrisk.jobs.worker import Worker, owner
from travelrisk.mail.smtp import Patience, Smtp
from travelrisk.mail.transport import Memory
from travelrisk.reference import LoadedPolicy, load_atlas, load_book, load_policy
from travelrisk.services.application import Application, Facts
from travelrisk.services.letters import dispatch
from travelrisk.services.letters.writing import envelope
from travelrisk.services.trips.judging import judge
from travelrisk.services.trips.understanding import understand_text
from travelrisk.services.watch import presence, turns
from travelrisk.store import trips
from travelrisk.store.database import engine_for, reading, transact
from travelrisk.store.reminders import take_slot
from travelrisk.store.slots import window
from travelrisk.store.trips import Stored

LEASE = timedelta(seconds=2)
"""Of a letter; everything is scaled down with it."""

JOB_LEASE = timedelta(seconds=2)
TICK = "tick"
TICKS = timedelta(seconds=1)

_PATIENCE = Patience(connect=0.8, command=0.8, body=0.8, final_dot=0.8)
_LINES = (
    "ET707 FRA ADD 12 Dec 2026 operated by Ethiopian Airlines",
    "KQ113 CDG NBO 12 Dec 2026 operated by Kenya Airways",
    "LH590 FRA NBO 12 Dec 2026 operated by Lufthansa",
)
_RECENT = 10
_MOST_WAITING = 60


@dataclass(frozen=True)
class Life:
    """What a process is told at its birth.

    Attributes:
        kind: ``worker`` or ``producer``.
        offset_s: what to add to the time of this machine: it is always the end of November.
        log, acknowledged: files that lines are added to.
        control: name of a mistake; empty = none.
        loud: whether what the service logs is shown.
    """

    kind: str
    url: str
    port: int
    offset_s: float
    log: str
    acknowledged: str
    seed: int
    fate: Fate = field(default_factory=Fate)
    control: str = ""
    loud: bool = False


@cache  # a process inherits what its nursery has made, statements that are compiled included
def application(url: str, offset_s: float) -> Application:
    """Return the service on a database."""
    ahead = timedelta(seconds=offset_s)
    facts = Facts("https://travelrisk.example.org", "travelrisk@example.org")
    return Application(engine_for(url), *tables(), lambda: datetime.now(UTC) + ahead, facts)


@cache
def tables() -> tuple[Atlas, CarrierBook, LoadedPolicy]:
    """Load the tables once, before any process is made."""
    return load_atlas(), load_book(), load_policy()


def warm_up(url: str, offset_s: float) -> None:
    """Do everything once, so that no process has to load or compile it again; nothing stays open."""
    app = application(url, offset_s)
    (first, *_) = bookings(app)
    at = app.clock()

    def arrive(c: Connection) -> Stored:
        trip = trips.new_trip(c, contact="", language="en", at=at)
        number = trips.add_itinerary(c, trip.id, first, original=None, position=0, at=at)
        return Stored(trip, number, first, at)

    waiting = transact(app.engine, arrive)
    (judged,) = judge(app, [waiting], "warm-up")
    addressed = replace(waiting.trip, contact="nobody@example.org")
    envelope(app, addressed, first, judged.advisory, ())
    dispatch.dispatch(app, Memory(), "warm-up")
    app.engine.dispose()


def live(life: Life) -> None:
    """Live, and die as it is written."""
    logs.configure("warning" if life.loud else "critical", as_json=False)
    _hurry()
    app = application(life.url, life.offset_s)
    if life.control:
        CONTROLS[life.control]()
    expose(app.engine, life.fate, os.open(life.log, os.O_WRONLY | os.O_APPEND))
    if life.kind == "worker":
        transport = Smtp("127.0.0.1", life.port, tls="none", patience=_PATIENCE)
        Worker(Work(app, transport, owner()), timetable()).run()
    else:
        _produce(app, life)


def timetable() -> tuple[Job, ...]:
    """Return the jobs of a worker, scaled down, with one that tells whether turns are kept."""
    each = {job.name: job for job in TIMETABLE}
    return (
        replace(each[DISPATCH], period=timedelta(milliseconds=150)),
        replace(each["judge"], period=timedelta(milliseconds=300)),
        Job(TICK, TICKS, tick, once=True),
    )


def tick(work: Work) -> str:
    """Write two rows, one after the other, that say who wrote them and whose turn it was."""
    slot = window(work.app.clock(), TICKS)[-1]
    for part in ("first", "second"):
        transact(work.app.engine, partial(_tick, work, slot, part))
        time.sleep(0.01)
    return "1 tick"


def _tick(work: Work, slot: str, part: str, c: Connection) -> None:
    if take_slot(c, f"{TICK} {part}", slot, work.app.clock()):
        statement = (
            "INSERT INTO ticks (slot, part, writer, holder)"
            " SELECT :slot, :part, :writer, owner FROM leases WHERE name = :job"
        )
        c.execute(text(statement), {"slot": slot, "part": part, "writer": work.owner, "job": TICK})


def _hurry() -> None:
    """Scale all times down."""
    dispatch.LEASE = LEASE
    dispatch._FIRST_PAUSE = timedelta(milliseconds=100)  # noqa: SLF001 - no setting: nobody should change it
    dispatch._LONGEST_PAUSE = timedelta(milliseconds=800)  # noqa: SLF001 - as above
    for each in (turns, presence):
        setattr(each, "LEASE", JOB_LEASE)  # noqa: B010 - one of them has it from the other
    presence.EVERY = JOB_LEASE / 4


def _produce(app: Application, life: Life) -> None:
    """Judge trips for ever: new ones, and known ones whose booking has changed."""
    dice = random.Random(life.seed)  # noqa: S311 - which trip, no secrets
    acknowledged = os.open(life.acknowledged, os.O_WRONLY | os.O_APPEND)
    known = bookings(app)
    while True:
        try:
            waiting = transact(app.engine, partial(_arrive, app, dice, known))
            (judged,) = judge(app, [waiting], "producer")
            os.write(acknowledged, f"{judged.advisory_id}\n".encode())
            _breathe(app)
        except StoreError:
            time.sleep(0.05)  # the database is gone for a moment


def _arrive(app: Application, dice: random.Random, known: tuple[Itinerary, ...], c: Connection) -> Stored:
    at = app.clock()
    newest = text("SELECT id FROM trips WHERE contact <> '' ORDER BY id DESC LIMIT :some")
    recent = c.scalars(newest, {"some": _RECENT}).all()
    if recent and dice.random() < 0.6:
        trip = trips.by_id(c, dice.choice(recent))
    else:
        first = GONE if dice.random() < 0.02 else "traveller-"
        trip = trips.new_trip(c, contact=f"{first}{dice.getrandbits(60)}@example.org", language="en", at=at)
    booking = dice.choice(known)
    number = trips.add_itinerary(c, trip.id, booking, original=None, position=0, at=at)
    return Stored(trip, number, booking, at)


def _breathe(app: Application) -> None:
    """Wait while the workers are behind: what is left at the end has to be sent too."""
    while True:
        with reading(app.engine) as c:
            waiting = c.scalar(text("SELECT count(*) FROM outbox WHERE state IN ('queued', 'leased')")) or 0
        if waiting < _MOST_WAITING:
            return
        time.sleep(0.02)


def bookings(app: Application) -> tuple[Itinerary, ...]:
    """Return the same journey as three carriers fly it, each rated otherwise."""
    found = [part.itineraries for line in _LINES for part in understand_text(app, line)]
    return tuple(each for some in found for each in some)
