"""Whoever a change concerns is found, judged again and written to; nobody else, and nobody twice."""

from datetime import UTC, datetime

import pytest

from tests.services.conftest import Clock
from tests.services.test_effect import publish
from tests.services.watching import (
    ETHIOPIAN,
    FALLS,
    RISES,
    arrive,
    arrive_together,
    cleared,
    letters,
    on_everybody,
    rows,
    to_addis,
    verdicts,
    work,
)
from tests.travel import World, changes, journeys
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.replay import replay
from travelrisk.services.watch import rescreening
from travelrisk.services.watch.rescreening import Rescreened
from travelrisk.store import advisories, ratings, rescreenings
from travelrisk.store.database import reading, writing
from travelrisk.store.rescreenings import Cause
from travelrisk.store.trips import Stored


@pytest.fixture
def flying(app: Application) -> Stored:
    """Give a journey that was cleared and whose letter is out."""
    return cleared(app)


def test_a_carrier_falls_and_whoever_flies_with_it_hears_of_it(app: Application, flying: Stored) -> None:
    other = arrive(app, to_addis(app, by="KQ 707"), contact="bob@example.org")
    publish(app, FALLS, ETHIOPIAN)
    assert work(app) == [Rescreened("edition:2", screened=1, changed=1, letters=1, is_finished=True)]
    assert verdicts(app, flying) == [Verdict.CLEARED, Verdict.NOT_CLEARED]
    assert verdicts(app, other) == [Verdict.CLEARED]
    transport = Memory()
    dispatch(app, transport, "one")
    assert sorted(recipient for *_, recipient in transport.sent) == ["alice@example.org", "bob@example.org"]


def test_a_second_time_nothing_is_written(app: Application) -> None:
    cleared(app)
    publish(app, FALLS, ETHIOPIAN)
    work(app)
    before = rows(app)
    with writing(app.engine) as c:
        assert not rescreenings.add(c, Cause.EDITION, "2", app.clock())
        assert rescreenings.add(c, Cause.RULES, "again", app.clock())
    assert work(app) == [Rescreened("rules:again", screened=1, is_finished=True)]
    assert rows(app) == before


def test_better_is_written_too(app: Application, flying: Stored) -> None:
    publish(app, FALLS, ETHIOPIAN)
    work(app)
    dispatch(app, Memory(), "one")
    publish(app, RISES, FALLS)
    work(app)
    assert verdicts(app, flying) == [Verdict.CLEARED, Verdict.NOT_CLEARED, Verdict.CLEARED]
    assert letters(app, flying) == [("cleared", "sent"), ("changed", "sent"), ("changed", "queued")]


def test_what_falls_and_rises_before_the_letter_leaves_is_no_news(app: Application, flying: Stored) -> None:
    """The traveller was told that it is cleared, and it is."""
    publish(app, FALLS, ETHIOPIAN)
    work(app)
    publish(app, RISES, FALLS)
    assert work(app) == [Rescreened("edition:3", screened=1, changed=1, letters=0, is_finished=True)]
    assert verdicts(app, flying) == [Verdict.CLEARED, Verdict.NOT_CLEARED, Verdict.CLEARED]
    assert [state for _, state in letters(app, flying)] == ["sent", "superseded"]
    transport = Memory()
    dispatch(app, transport, "one")
    assert transport.sent == []


def test_what_is_recorded_can_be_made_again(app: Application, flying: Stored, clock: Clock) -> None:
    clock.pass_by(days=3)
    publish(app, FALLS, ETHIOPIAN)
    work(app)
    with reading(app.engine) as c:
        numbers = [each.id for each in advisories.of_trip(c, flying.trip.id)]
    assert [replay(app, number).is_equal for number in numbers] == [True, True]


def test_a_journey_that_is_over_is_left_alone(app: Application, flying: Stored, clock: Clock) -> None:
    clock.at = datetime(2026, 12, 15, tzinfo=UTC)
    publish(app, FALLS, ETHIOPIAN)
    assert [each.changed for each in work(app)] == [0]
    assert verdicts(app, flying) == [Verdict.CLEARED]


def test_a_journey_without_an_address_is_judged_again_as_well(app: Application) -> None:
    publish(app)
    stored = arrive(app, to_addis(app), contact="")
    publish(app, FALLS, ETHIOPIAN)
    assert [each.letters for each in work(app)] == [0, 0]
    assert verdicts(app, stored) == [Verdict.CLEARED, Verdict.NOT_CLEARED]


def store(app: Application, where: World, seed: int, number: int) -> list[Stored]:
    found = enumerate(journeys(where, seed=seed, number=number))
    return arrive_together(app, ((each, "" if start % 3 else "alice@example.org") for start, each in found))


def test_it_is_equal_to_judging_everybody(
    app: Application,
    where: World,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rescreening, "_AT_ONCE", 20)
    publish(app)
    stored = store(app, where, seed=7, number=60)
    work(app)
    moved = 0
    for name, change in changes():
        with reading(app.engine) as c:
            held = {each.id for each in ratings.in_force(c)}
        if any(record.id not in held for record in change.closed) or any(r.id in held for r in change.opened):
            continue
        clock.pass_by(hours=7)
        publish(app, change.opened, change.closed)
        moved += sum(each.changed for each in work(app))
        assert on_everybody(app, stored) == {}, name
    assert moved > 300
