"""Three years of a service: nothing is kept beyond its time, and nothing is lost before."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from tests.databases import SECRET
from tests.services.conftest import Clock, publish
from travelrisk.domain.errors import ErasedError, NotFoundError
from travelrisk.domain.people import Viewer
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.privacy.looking import Purpose, looked, looks_at
from travelrisk.services.trips import calendars, cancelling, story, understood
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.trips.replay import replay
from travelrisk.services.watch.rescreening import begin_day, rescreen
from travelrisk.services.watch.retention import Let, retain
from travelrisk.store import audit, originals
from travelrisk.store.database import reading
from travelrisk.store.personal import HELD, Until
from travelrisk.store.statements import Statement
from travelrisk.store.tables import METADATA

LINE = "ET707 FRA ADD 12 Dec\nPassenger: DOE/ZZCANARY MS\nBooking reference: ZZCAN1"
ALICE = "alice.zzcanary@example.org"
KEPT = frozenset({Until.OFFICE, Until.NOBODY, Until.MOMENT})


@pytest.fixture(params=[SECRET, ""], ids=["encrypted", "in clear"])
def secret(request: pytest.FixtureRequest) -> str:
    """Return what the database is encrypted with; in clear it shows that nothing is left in the file."""
    return str(request.param)


@pytest.fixture
def trip(app: Application, tmp_path: Path) -> Received:
    publish(app, tmp_path)
    (received,) = receive(app, Document(LINE.encode(), "zzcanary.txt"), recipient=ALICE, office="UNIT-X")
    return received


def token(received: Received) -> str:
    assert received.trip is not None
    return received.trip.token


def canaries(engine: Engine) -> set[str]:
    """Return the tables in which somebody can be found."""
    found = set()
    with reading(engine) as c:
        for name, table in METADATA.tables.items():
            for row in c.execute(table.select()):
                words = (bytes(each) if isinstance(each, memoryview) else each for each in row)
                if any(b"zzcan" in str(each).lower().encode() for each in words):
                    found.add(name)
    return found


def test_a_document_goes_after_a_day_and_corrections_are_still_taken(
    app: Application, trip: Received, clock: Clock
) -> None:
    assert retain(app) == Let()
    clock.pass_by(hours=25)
    assert retain(app).documents == 1
    assert "originals" not in canaries(app.engine)
    assert retain(app) == Let(), "once is enough"
    seen = understood.understood(app, token(trip))
    said = [Statement("operator", 0, "", "Ethiopian Airlines")]
    assert understood.confirm(app, seen, said, "traveller") is None
    view = story.view(app, token(trip))
    assert view.newest is not None
    assert view.itinerary.segments[0].operating.name == "Ethiopian Airlines"


def test_the_same_file_comes_to_the_same_trip_although_it_is_not_kept(
    app: Application, trip: Received, clock: Clock
) -> None:
    clock.pass_by(hours=25)
    retain(app)
    (again,) = receive(app, Document(LINE.encode(), "zzcanary.txt"), recipient=ALICE, office="UNIT-X")
    assert again.trip == trip.trip
    clock.pass_by(hours=25)
    assert retain(app).documents == 1, "it was kept once more, for a day"


def test_what_could_not_be_read_is_kept_for_a_week(app: Application, clock: Clock) -> None:
    (nothing,) = receive(app, Document(b"Dear zzcanary, see you soon", "zzcanary.txt"))
    assert nothing.trip is None
    clock.pass_by(days=6)
    assert retain(app).documents == 0
    clock.pass_by(days=2)
    assert retain(app).documents == 1
    assert not canaries(app.engine)


def test_a_trip_that_is_ahead_under_way_or_may_be_taken_up_again_is_left_alone(
    app: Application, trip: Received, clock: Clock
) -> None:
    cancelling.cancel(app, token(trip))
    clock.at = clock.at.replace(year=2027, month=1, day=11)
    assert retain(app).trips == 0
    assert cancelling.take_back(app, token(trip)), "it was called off, and could be taken up again"
    clock.pass_by(days=3)
    assert retain(app).trips == 1
    with pytest.raises(NotFoundError):
        story.view(app, token(trip))


def test_after_its_time_a_trip_is_nobodys_and_says_so(
    app: Application, trip: Received, clock: Clock, tmp_path: Path
) -> None:
    assert trip.advisory_id is not None
    dispatch(app, Memory(), "one")
    clock.at = clock.at.replace(year=2027, month=1, day=20)
    retain(app)
    assert not canaries(app.engine)
    if app.engine.dialect.name == "sqlite":
        path = Path(app.engine.url.database or "")
        assert not any(b"zzcan" in each.read_bytes().lower() for each in path.parent.glob(f"{path.name}*"))
    with pytest.raises(ErasedError, match="erased"):
        replay(app, trip.advisory_id)
    publish(app, tmp_path, "not_recommended")
    begin_day(app)
    while rescreen(app, "w1") is not None:
        pass
    with reading(app.engine) as c:
        assert audit.verify(c).ok
        assert c.scalar(text("SELECT verdict FROM advisories")) != Verdict.CLEARED.word
        assert c.scalar(text("SELECT count(*) FROM advisories")) == 1, "nobody is judged again"


def test_three_years_later_nothing_about_anybody_is_left(
    app: Application, trip: Received, clock: Clock
) -> None:
    assert trip.trip is not None
    looked(app, Viewer("p-unit", "UNIT-X"), Purpose.SEARCH, [trip.trip.id])
    calendars.renew(app, token(trip))
    dispatch(app, Memory(), "one")
    assert [each.office for each in looks_at(app, trip.trip.id)] == ["UNIT-X"]
    days = 0
    while days < 3 * 365:
        step = 1 if days < 60 else 30
        days += step
        clock.pass_by(days=step)
        retain(app)
    assert left(app.engine) == {}
    with reading(app.engine) as c:
        assert audit.verify(c).ok


def left(engine: Engine) -> dict[str, int]:
    """Return the tables about travellers in which there is a row."""
    with reading(engine) as c:
        counted = {
            name: c.scalar(select(func.count()).select_from(METADATA.tables[name]))
            for name, held in HELD.items()
            if held.until not in KEPT
        }
    return {name: count for name, count in counted.items() if count}


def test_a_document_that_reads_otherwise_today_waits_a_week(
    app: Application, trip: Received, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("travelrisk.services.watch.retention.drafts_in", lambda *_: iter(()))
    clock.pass_by(hours=25)
    assert retain(app).documents == 0
    clock.pass_by(days=7)
    assert retain(app).documents == 1
    with reading(app.engine) as c:
        assert not originals.held(c, clock())
    seen = understood.understood(app, token(trip))
    refused = understood.confirm(app, seen, [Statement("operator", 0, "", "ET")], "traveller")
    assert refused is understood.Failure.UNREADABLE
