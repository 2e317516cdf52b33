"""What a new day makes different, though nobody published anything."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.services.conftest import Clock
from tests.services.test_effect import publish
from tests.services.watching import (
    ETHIOPIAN,
    arrive,
    cleared,
    on_everybody,
    to_addis,
    verdicts,
    work,
)
from tests.travel import BASE
from tests.unit.screening.world import rating
from travelrisk.domain.itineraries import Moment
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_policy
from travelrisk.services.application import Application
from travelrisk.services.watch.rescreening import begin_day
from travelrisk.store import audit
from travelrisk.store.database import reading
from travelrisk.store.trips import Stored


@pytest.fixture
def flying(app: Application) -> Stored:
    """Give a journey that was cleared and whose letter is out."""
    return cleared(app)


def test_what_ends_by_itself_is_found_on_the_day_it_does(app: Application, clock: Clock) -> None:
    """A rating past its review date is not what it was, though nobody published anything."""
    due = rating("carrier:ETH", id="carrier:eth:due", review_on=date(2026, 11, 25))
    publish(app, (*(each for each in BASE if each not in ETHIOPIAN), due))
    stored, other = arrive(app, to_addis(app)), arrive(app, to_addis(app, by="KQ 707"))
    assert begin_day(app)
    work(app)
    for day in (24, 25, 26, 27):
        clock.at = datetime(2026, 11, day, 0, 4, tzinfo=UTC)
        assert begin_day(app)
        assert not begin_day(app)
        done = work(app)
        assert [each.changed for each in done] == [int(day == 26)], day
        assert on_everybody(app) == {}
    assert verdicts(app, stored) == [Verdict.CLEARED, Verdict.REVIEW]
    assert verdicts(app, other) == [Verdict.CLEARED]


def test_new_rules_that_change_an_answer_are_written_of(
    app: Application, flying: Stored, tmp_path: Path, clock: Clock
) -> None:
    begin_day(app)
    work(app)
    clock.pass_by(minutes=5)
    path = tmp_path / "policy.toml"
    path.write_text(app.policy.text.replace('"cleared"', '"conditional"', 1), encoding="utf-8")
    strict = replace(app, policy=load_policy(path))
    assert begin_day(strict)
    assert not begin_day(strict)
    (done,) = work(strict)
    assert done.called.startswith(f"rules:{strict.policy.sha256[:32]}:")
    assert (done.changed, done.letters, done.is_finished) == (1, 1, True)
    assert verdicts(strict, flying) == [Verdict.CLEARED, Verdict.CONDITIONAL]
    clock.pass_by(minutes=5)
    assert begin_day(app)  # and back again
    work(app)
    assert verdicts(app, flying) == [Verdict.CLEARED, Verdict.CONDITIONAL, Verdict.CLEARED]
    with reading(app.engine) as c:
        assert audit.verify(c).ok


def test_days_without_a_worker_are_caught_up_with(app: Application, clock: Clock) -> None:
    due = rating("carrier:ETH", id="carrier:eth:due", review_on=date(2026, 11, 25))
    publish(app, (*(each for each in BASE if each not in ETHIOPIAN), due))
    stored = arrive(app, to_addis(app))
    begin_day(app)
    work(app)
    clock.at = datetime(2026, 12, 3, 8, tzinfo=UTC)
    begin_day(app)
    assert [each.changed for each in work(app)] == [1]
    clock.at = datetime(2026, 11, 24, 8, tzinfo=UTC)  # set back: nothing is due for review on that day
    begin_day(app)
    work(app)
    assert verdicts(app, stored) == [Verdict.CLEARED, Verdict.REVIEW]  # a wrong clock clears nobody


def test_a_flight_comes_within_reach_of_the_ratings(app: Application, clock: Clock) -> None:
    publish(app)
    far = to_addis(app)
    day = Moment(date(2028, 1, 5))
    far = replace(far, segments=tuple(replace(each, departs=day, arrives=day) for each in far.segments))
    stored = arrive(app, far)
    begin_day(app)
    work(app)
    assert verdicts(app, stored) == [Verdict.REVIEW]
    clock.at = datetime(2026, 11, 30, 1, tzinfo=UTC)
    begin_day(app)
    work(app)
    assert verdicts(app, stored) == [Verdict.REVIEW]
    clock.at = datetime(2026, 12, 2, 1, tzinfo=UTC)
    begin_day(app)
    work(app)
    assert verdicts(app, stored) == [Verdict.REVIEW, Verdict.CLEARED]
    assert on_everybody(app) == {}


def test_what_departs_is_judged_again_on_the_eve_and_on_the_day_though_nothing_ended(
    app: Application, flying: Stored, clock: Clock
) -> None:
    begin_day(app)
    work(app)  # the first day looks at everything
    screened = {}
    for day in (9, 10, 11, 12, 13, 14):
        clock.at = datetime(2026, 12, day, 0, 4, tzinfo=UTC)
        begin_day(app)
        assert not begin_day(app), "once a day"
        (done,) = work(app)
        screened[day] = done.screened
        assert (done.changed, done.letters) == (0, 0)
    assert screened == {9: 0, 10: 0, 11: 1, 12: 1, 13: 0, 14: 0}
    assert verdicts(app, flying) == [Verdict.CLEARED]
