"""What was judged by a clock that was ahead is judged again once a person has said that it is right now."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.services.conftest import Clock
from tests.services.conftest import publish as publish_file
from tests.services.mailboxes import answering, box, poll, sent
from tests.services.test_effect import publish
from tests.services.watching import ETHIOPIAN, arrive, letters, to_addis, verdicts, work
from tests.travel import BASE
from tests.unit.intake.mails import mail
from tests.unit.screening.world import rating
from travelrisk.domain.ratings import Record
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.letters import holding
from travelrisk.services.mailbox import polling
from travelrisk.services.watch.rescreening import begin_day
from travelrisk.store import audit, rescreenings
from travelrisk.store.database import reading
from travelrisk.store.rescreenings import Cause
from travelrisk.store.trips import Stored

TRUTH = datetime(2026, 10, 1, 12, tzinfo=UTC)  # 72 days before the flight
AHEAD = {"days": 40}

pytestmark = pytest.mark.threat(50)


@pytest.fixture
def clock() -> Clock:
    return Clock(TRUTH)


def rate(app: Application, *others: Record) -> None:
    publish(app, (*(each for each in BASE if each not in ETHIOPIAN), *others))


def arrives_ahead(app: Application, clock: Clock) -> Stored:
    """Judge a journey by a clock that is ahead, and set it right."""
    clock.pass_by(**AHEAD)
    stored = arrive(app, to_addis(app))
    clock.at = TRUTH
    return stored


def confirm(app: Application) -> None:
    holding.release(app, "p-erin", with_letters=False, clock_is_right=True)


def leave(app: Application) -> list[str]:
    """Send all that may leave, and return which verdict each letter states."""
    return [str(each["Subject"]).partition("]")[0].strip("[") for each in sent(app)]


def test_a_rating_that_has_not_ended_is_in_force_again_and_its_letter_leaves_alone(
    app: Application, clock: Clock
) -> None:
    """Its review is due in 30 days; by the clock that was ahead it was ten days over."""
    rate(app, rating("carrier:ETH", id="carrier:eth:due", review_on=date(2026, 10, 31)))
    stored = arrives_ahead(app, clock)
    assert verdicts(app, stored) == [Verdict.REVIEW]
    confirm(app)
    assert leave(app) == [], "the wrong one does not leave before it was looked at"
    work(app)
    assert verdicts(app, stored) == [Verdict.REVIEW, Verdict.CLEARED]
    assert [state for _, state in letters(app, stored)] == ["superseded", "queued"]
    assert leave(app) == ["Avis favorable"]
    assert [state for _, state in letters(app, stored)] == ["superseded", "sent"]


def test_nobody_is_cleared_for_a_day_that_is_too_far_off(app: Application, clock: Clock) -> None:
    loaded = app.policy
    near = replace(app, policy=replace(loaded, policy=replace(loaded.policy, horizon_days=50)))
    rate(near, *ETHIOPIAN)
    stored = arrives_ahead(near, clock)
    assert verdicts(near, stored) == [Verdict.CLEARED]
    confirm(near)
    work(near)
    assert verdicts(near, stored) == [Verdict.CLEARED, Verdict.REVIEW]
    leave(near)
    assert [state for _, state in letters(near, stored)] == ["superseded", "sent"]


def test_a_letter_that_was_right_all_the_same_leaves(app: Application, clock: Clock) -> None:
    rate(app, *ETHIOPIAN)
    stored = arrives_ahead(app, clock)
    confirm(app)
    work(app)
    assert verdicts(app, stored) == [Verdict.CLEARED]
    leave(app)
    assert [state for _, state in letters(app, stored)] == ["sent"]


def test_a_journey_that_seemed_flown_is_watched_again(app: Application, clock: Clock) -> None:
    """It arrived as late as can be by the clock that was ahead: after its own departure."""
    rate(app, *ETHIOPIAN)
    clock.at = datetime(2026, 12, 20, tzinfo=UTC)
    stored = arrive(app, to_addis(app))
    clock.at = TRUTH
    assert verdicts(app, stored) == [Verdict.REVIEW]
    confirm(app)
    work(app)
    assert verdicts(app, stored) == [Verdict.REVIEW, Verdict.CLEARED]


def test_a_day_that_began_too_early_begins_again_when_it_comes(app: Application, clock: Clock) -> None:
    rate(app, rating("carrier:ETH", id="carrier:eth:due", review_on=date(2026, 11, 9)))
    stored = arrive(app, to_addis(app))
    assert begin_day(app)
    clock.pass_by(**AHEAD)
    assert begin_day(app)
    arrive(app, to_addis(app, by="KQ 707"))
    clock.at = TRUTH
    confirm(app)
    work(app)
    assert verdicts(app, stored)[-1] is Verdict.CLEARED
    clock.pass_by(**AHEAD)
    assert begin_day(app), "the tenth of November comes for the first time"
    work(app)
    assert verdicts(app, stored)[-1] is Verdict.REVIEW


def test_an_answer_to_a_mail_is_written_anew(app: Application, clock: Clock, tmp_path: Path) -> None:
    clock.at = datetime(2026, 11, 23, 17, 58, tzinfo=UTC)
    publish_file(app, tmp_path)
    service = answering(app)
    clock.pass_by(days=10)
    poll(service, mail())
    clock.pass_by(days=-10)
    confirm(service)
    work(service)
    assert sent(service) == []
    polling.poll(service, box(), "w1")
    (letter,) = sent(service)
    assert letter["Subject"].startswith("[Cleared]")


def test_who_confirms_a_clock_that_is_right_judges_nothing_again(app: Application) -> None:
    holding.hold(app, "terminal")
    confirm(app)
    with reading(app.engine) as c:
        assert rescreenings.latest(c, Cause.CLOCK) is None
        assert audit.verify(c).ok
