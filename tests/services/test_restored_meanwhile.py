"""A backup is brought back under a service that goes on working: what it keeps in memory counts no more."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import databases
from tests.services.conftest import Clock, publish
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application, Facts, SnapshotShelf
from travelrisk.services.trips.checking import check
from travelrisk.services.watch import backups
from travelrisk.store import ratings
from travelrisk.store.database import engine_for, reading

LINE = "ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


@pytest.fixture
def serving(tmp_path: Path, clock: Clock) -> Iterator[Application]:
    """Give a service on a file, with a shelf that keeps what it has read."""
    engine = engine_for(databases.empty_in(tmp_path))
    facts = Facts(base_url="https://travelrisk.example.org", mail_from="travelrisk@example.org")
    yield Application(engine, load_atlas(), load_book(), load_policy(), clock, facts)
    engine.dispose()


def judged(app: Application) -> Verdict:
    (answer,) = check(app, LINE)
    assert answer.advisory is not None
    return answer.advisory.verdict


@pytest.mark.threat(46)
def test_an_edition_that_was_lost_clears_nothing_under_the_number_of_another(
    serving: Application, tmp_path: Path
) -> None:
    saved = tmp_path / "monday.db"
    backups.backup(serving.engine.url, saved, serving.facts, serving.clock(), lambda *_: None)
    lost = publish(serving, tmp_path, "recommended")
    assert judged(serving) is Verdict.CLEARED
    other = replace(serving, editions=SnapshotShelf())  # another process, which never saw the lost edition
    backups.restore(serving, saved, by="terminal", stopped=True)
    assert publish(other, tmp_path, "not_recommended") == lost
    assert judged(serving) is Verdict.NOT_CLEARED


def test_the_number_of_an_edition_alone_does_not_tell_it_apart(serving: Application, tmp_path: Path) -> None:
    saved, marks = tmp_path / "monday.db", set()
    backups.backup(serving.engine.url, saved, serving.facts, serving.clock(), lambda *_: None)
    for level in ("recommended", "not_recommended"):
        publish(serving, tmp_path, level)
        with reading(serving.engine) as c:
            assert ratings.current_edition(c) == 1
            marks.add(ratings.mark(c))
        backups.restore(serving, saved, by="terminal", stopped=True)
        next(tmp_path.glob("*.before-restore-*")).unlink()
    assert len(marks) == 2
