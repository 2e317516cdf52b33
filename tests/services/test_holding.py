"""After a restore no letter leaves until a person says so; an older copy is noticed by itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.services.conftest import Clock, publish
from tests.services.test_dispatch import LINE, states
from travelrisk.domain.errors import BadInputError, ConfigurationError, NotFoundError
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.health import health
from travelrisk.services.letters import correspondence, holding
from travelrisk.services.letters.dispatch import Dispatched, dispatch
from travelrisk.services.letters.undelivered import sweep
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.watch import anchor
from travelrisk.services.watch.anchor import Anchor
from travelrisk.store import audit, holds
from travelrisk.store.database import reading, writing


@pytest.fixture
def trip(app: Application, tmp_path: Path) -> Received:
    """Give a trip with a warning that waits to be sent."""
    publish(app, tmp_path, level="not_recommended")
    (received,) = receive(app, Document(LINE), recipient="alice@example.org")
    return received


def kinds(app: Application) -> list[str]:
    with reading(app.engine) as c:
        return list(c.scalars(text("SELECT body FROM audit ORDER BY seq")))


def test_a_hold_that_was_asked_for_only_delays(app: Application, trip: Received) -> None:
    assert holding.hold(app, "p-bob") is not None
    assert holding.hold(app, "p-bob") is None, "one at a time"
    transport = Memory()
    assert dispatch(app, transport, "one") == Dispatched()
    assert health(app).held is not None
    assert states(app, trip) == ["queued"]
    assert holding.release(app, "p-erin", with_letters=False) == 0
    assert dispatch(app, transport, "one") == Dispatched(sent=1)
    assert health(app).held is None
    assert '"actor":"p-erin"' in kinds(app)[-2], "the audit trail names who let them leave"
    with pytest.raises(NotFoundError, match="nothing to release"):
        holding.release(app, "p-erin", with_letters=False)


@pytest.mark.threat(47)
def test_what_waited_in_a_backup_becomes_a_person_s_task_and_is_never_sent_by_itself(
    app: Application, trip: Received, clock: Clock
) -> None:
    placed = holding.hold(app, "terminal", restored=True)
    assert placed is not None
    assert placed.letters == 1
    holding.release(app, "p-erin", with_letters=False)
    transport = Memory()
    clock.pass_by(days=1)
    assert dispatch(app, transport, "one") == Dispatched()
    assert states(app, trip) == ["hold"]
    assert sweep(app) == 1, "a warning that nobody may have got is somebody's task"
    assert health(app).aside == 1
    assert trip.trip is not None
    with pytest.raises(BadInputError, match="--with-letters"):
        correspondence.repeatable(app, [trip.trip.reference])
    assert holding.release(app, "p-erin", with_letters=True) == 1
    assert dispatch(app, transport, "one").sent >= 1
    assert states(app, trip) == ["sent"]


@pytest.fixture
def anchored(app: Application, tmp_path: Path) -> Application:
    return replace(app, facts=replace(app.facts, anchor=tmp_path / "db.anchor"))


@pytest.mark.threat(46)
def test_an_older_copy_is_noticed_by_its_anchor_and_no_letter_leaves(
    anchored: Application, trip: Received
) -> None:
    with reading(anchored.engine) as c:
        seq = audit.head(c)[0]
    assert anchored.facts.anchor is not None
    anchor.write(anchored.facts.anchor, Anchor(seq + 2, "ab" * 32, anchored.clock()), "")
    assert anchor.keep(anchored) == "2 entries are missing, letters are held"
    assert dispatch(anchored, Memory(), "one") == Dispatched()
    assert states(anchored, trip) == ["hold"]
    standing = holding.held(anchored).hold
    assert standing is not None
    assert (standing.reason, standing.missing, standing.letters) == ("older", 2, 1)
    holding.release(anchored, "p-erin", with_letters=False)
    assert anchor.keep(anchored).startswith("entry "), "once a person has looked, it does not begin again"
    assert holding.held(anchored).hold is None


def test_a_database_that_grew_past_its_anchor_is_no_older_copy(anchored: Application, trip: Received) -> None:
    assert trip.letters == 1
    anchor.keep(anchored)
    dispatch(anchored, Memory(), "one")
    with reading(anchored.engine) as c:
        seq = audit.head(c)[0]
    assert anchor.keep(anchored) == f"entry {seq}"
    assert holding.held(anchored).hold is None


def test_an_anchor_that_cannot_be_read_is_told_and_never_overwritten(anchored: Application) -> None:
    assert anchored.facts.anchor is not None
    anchored.facts.anchor.write_text("{}")
    with pytest.raises(ConfigurationError, match="move it away"):
        anchor.keep(anchored)
    assert anchored.facts.anchor.read_text() == "{}"
    assert anchor.keep(replace(anchored, facts=replace(anchored.facts, anchor=None))) == anchor.OFF


def test_two_holds_never_stand_at_once(app: Application) -> None:
    with writing(app.engine) as c:
        assert holds.place(c, "restored", app.clock()) is not None
        assert holds.place(c, "older", app.clock(), 3) is None
        assert holds.aside(c) == 0
