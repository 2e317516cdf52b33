"""Judging again is killed, put to sleep and overtaken: nothing is left out, and nothing written twice."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from tests.services.conftest import Clock
from tests.services.test_effect import publish
from tests.services.watching import (
    ETHIOPIAN,
    FALLS,
    RISES,
    arrive,
    cleared,
    letters,
    to_addis,
    verdicts,
    work,
)
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.watch import rescreening
from travelrisk.services.watch.rescreening import LEASE, Rescreened, rescreen
from travelrisk.store import trips
from travelrisk.store.database import reading, writing
from travelrisk.store.trips import Stored


@pytest.fixture
def flying(app: Application) -> Stored:
    """Give a journey that was cleared and whose letter is out."""
    return cleared(app)


class Killed(BaseException):
    """The worker is gone."""


def many(app: Application, number: int) -> list[Stored]:
    publish(app)
    work(app)
    stored = [arrive(app, to_addis(app, f"12-{day:02}")) for day in range(3, 3 + number)]
    publish(app, FALLS, ETHIOPIAN)
    return stored


@pytest.mark.parametrize("last", [1, 2, 3])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_killed_worker_leaves_nothing_out_and_nothing_twice(
    app: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch, last: int, when: str
) -> None:
    """Killed in the transaction of a piece, which is undone then, or just after it."""
    stored = many(app, 7)
    monkeypatch.setattr(rescreening, "_AT_ONCE", 2)
    written: Callable[..., bool | None] = rescreening._write  # noqa: SLF001 - killed at this very step
    pieces: list[object] = []

    def write(*args: object) -> bool | None:
        pieces.append(args)
        if len(pieces) == last and when == "before":
            written(*args)
            raise Killed
        return written(*args)

    monkeypatch.setattr(rescreening, "_write", write)
    if when == "after":
        monkeypatch.setattr(rescreening, "_one_piece", _dying(rescreening._one_piece, last))  # noqa: SLF001 - as above
    with pytest.raises(Killed):
        rescreen(app, "one")
    assert rescreen(app, "two") is None  # the lease of the dead one
    clock.at += LEASE
    monkeypatch.undo()
    assert all(each.is_finished for each in work(app))
    assert [verdicts(app, each) for each in stored] == [[Verdict.CLEARED, Verdict.NOT_CLEARED]] * 7
    assert [len(letters(app, each)) for each in stored] == [2] * 7


def _dying(piece: Callable[..., bool], last: int) -> Callable[..., bool]:
    done: list[bool] = []

    def dies(*args: object) -> bool:
        done.append(piece(*args))
        if len(done) == last:
            raise Killed
        return done[-1]

    return dies


def test_a_worker_that_only_slept_writes_nothing_any_more(
    app: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = many(app, 3)
    judged: Callable[..., Iterator[object]] = rescreening._changed  # noqa: SLF001 - it sleeps at this very step
    slept: list[Rescreened | None] = []

    def sleeping(*args: object) -> Iterator[object]:
        yield from judged(*args)
        if not slept:
            slept.append(None)
            clock.at += LEASE + timedelta(minutes=1)
            slept.append(rescreen(app, "two"))

    monkeypatch.setattr(rescreening, "_changed", sleeping)
    done = rescreen(app, "one")
    assert done is not None
    assert (done.changed, done.is_finished) == (0, False)
    assert slept[1] is not None
    assert (slept[1].changed, slept[1].is_finished) == (3, True)
    assert [len(verdicts(app, each)) for each in stored] == [2] * 3


def test_an_edition_that_is_published_meanwhile_is_the_one_that_counts(
    app: Application, flying: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, FALLS, ETHIOPIAN)
    judged: Callable[..., Iterator[object]] = rescreening._changed  # noqa: SLF001 - it is published at this very step
    published: list[int] = []

    def overtaken(*args: object) -> Iterator[object]:
        yield from judged(*args)
        if not published:
            published.append(1)
            publish(app, RISES, FALLS)

    monkeypatch.setattr(rescreening, "_changed", overtaken)
    work(app)
    assert verdicts(app, flying) == [Verdict.CLEARED]


def test_a_booking_that_changes_meanwhile_is_judged_by_whoever_received_it(
    app: Application, flying: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, FALLS, ETHIOPIAN)
    judged: Callable[..., Iterator[object]] = rescreening._changed  # noqa: SLF001 - it arrives at this very step
    arrived: list[int] = []

    def overtaken(*args: object) -> Iterator[object]:
        yield from judged(*args)
        if not arrived:
            with writing(app.engine) as c:
                arrived.append(_add(app, c, flying))

    monkeypatch.setattr(rescreening, "_changed", overtaken)
    work(app)
    assert verdicts(app, flying) == [Verdict.CLEARED]
    with reading(app.engine) as c:
        assert trips.unjudged(c, 10) == tuple(arrived)


def _add(app: Application, c: Connection, stored: Stored) -> int:
    newer = to_addis(app, "12-14")
    return trips.add_itinerary(c, stored.trip.id, newer, original=None, position=0, at=app.clock())


def test_a_worker_that_is_told_to_stop_hands_over(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = many(app, 5)
    monkeypatch.setattr(rescreening, "_AT_ONCE", 2)
    answers = iter((False, True))
    done = rescreen(app, "one", lambda: next(answers))
    assert done is not None
    assert (done.screened, done.is_finished) == (2, False)
    assert [each.screened for each in work(app)] == [3]
    assert [len(verdicts(app, each)) for each in stored] == [2] * 5
