"""A disk that fills up: whole pairs of advisory and letter or none, and all goes on once there is room."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import event, text

from tests.services.kills.child import bookings
from tests.services.kills.story import opened
from travelrisk.domain.errors import StoreError
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.health import health, try_writing, verify_audit
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.judging import judge, judge_waiting
from travelrisk.store import trips
from travelrisk.store.database import reading, writing
from travelrisk.store.trips import Stored

SIZE = 3_000_000
ROOM = 400_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of 3 MB in memory."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("a small disk needs the program mount")
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run([shutil.which("umount") or "umount", "--lazy", str(place)], check=True)


def test_a_file_that_may_not_grow_leaves_no_half_of_anything(tmp_path: Path) -> None:
    """The same without a disk of our own: SQLite refuses pages beyond a number."""
    app = opened(f"sqlite:///{tmp_path / 'travelrisk.db'}", 0.0)
    with reading(app.engine) as c:
        pages = c.scalar(text("PRAGMA page_count")) or 0
    assert pages

    def few(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 40}")

    event.listen(app.engine, "connect", few)
    app.engine.dispose()
    for _ in range(2):
        with pytest.raises(StoreError, match="disk is full"):
            _work_for_ever(app)
    kept = health(app).letters["queued"]
    assert kept
    assert _counts(app) == (kept, kept)
    assert verify_audit(app).ok
    event.remove(app.engine, "connect", few)
    app.engine.dispose()
    _goes_on(app, kept)


def test_a_full_disk_leaves_no_half_of_anything(small_disk: Path) -> None:
    app = opened(f"sqlite:///{small_disk / 'travelrisk.db'}", 0.0)
    stat = os.statvfs(small_disk)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * max(stat.f_bavail * stat.f_frsize - ROOM, 0))
    for _ in range(2):  # and stays full
        with pytest.raises(StoreError, match="disk is full"):
            _work_for_ever(app)
    kept = health(app).letters["queued"]
    assert kept
    assert _counts(app) == (kept, kept)
    assert verify_audit(app).ok
    filler.unlink()
    _goes_on(app, kept)


def _goes_on(app: Application, kept: int) -> None:
    """Let there be room again: all that was kept leaves, with what was left over and one letter more."""
    try_writing(app)
    left = judge_waiting(app)
    _judged(app)
    memory = Memory()
    while dispatch(app, memory, "one").sent:
        pass
    assert len(memory.sent) == kept + left + 1
    with reading(app.engine) as c:
        assert c.scalar(text("PRAGMA integrity_check")) == "ok"
    app.engine.dispose()


def _work_for_ever(app: Application) -> NoReturn:
    while True:
        _judged(app)


def _judged(app: Application) -> None:
    at, journey = app.clock(), bookings(app)[0]
    with writing(app.engine) as c:
        trip = trips.new_trip(c, contact="alice@example.org", language="en", at=at)
        number = trips.add_itinerary(c, trip.id, journey, original=None, position=0, at=at)
    judge(app, [Stored(trip, number, journey, at)], "test")


def _counts(app: Application) -> tuple[int, int]:
    with reading(app.engine) as c:
        pairs = "SELECT count(*) FROM advisories a JOIN outbox o ON o.advisory_id = a.id"
        return c.scalar(text("SELECT count(*) FROM advisories")) or 0, c.scalar(text(pairs)) or 0
