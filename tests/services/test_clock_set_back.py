"""By a clock that was set back nothing is judged and no letter leaves; a person answers for one ahead."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.services.conftest import Clock, publish
from tests.services.test_effect import publish as put_in_force
from tests.services.watching import ETHIOPIAN, FALLS, cleared, verdicts, work
from travelrisk.domain.errors import ClockError
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.jobs.timetable import Work, judge_left_over
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.health import health
from travelrisk.services.letters import holding
from travelrisk.services.letters.dispatch import Dispatched, dispatch
from travelrisk.services.trips.checking import check
from travelrisk.services.trips.receiving import receive
from travelrisk.services.watch import anchor
from travelrisk.store import audit, trips
from travelrisk.store.database import reading

FIRST = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"
SECOND = b"ET707 FRA ADD 14 Dec operated by Ethiopian Airlines"

pytestmark = pytest.mark.threat(50)


def arrives(app: Application, content: bytes) -> None:
    list(receive(app, Document(content), recipient="alice@example.org"))


def count(app: Application, what: str) -> int:
    with reading(app.engine) as c:
        return int(c.scalar(text(f"SELECT count(*) FROM {what}")) or 0)  # noqa: S608 - written below


def unjudged(app: Application) -> int:
    with reading(app.engine) as c:
        return len(trips.unjudged(c, 10))


def judges(app: Application) -> bool:
    return check(app, FIRST.decode())[0].advisory is not None


@pytest.fixture
def back(app: Application, clock: Clock, tmp_path: Path) -> Application:
    """Give a service whose clock was two days ahead when a letter was written, and is right again."""
    publish(app, tmp_path, "not_recommended")
    clock.pass_by(days=2)
    arrives(app, FIRST)
    clock.pass_by(days=-2)
    return app


def test_nothing_is_judged_by_a_clock_that_stands_before_what_is_on_record(back: Application) -> None:
    advisories, letters = count(back, "advisories"), count(back, "outbox")
    with pytest.raises(ClockError, match="release --clock-is-right"):
        check(back, FIRST.decode())
    with pytest.raises(ClockError, match="the clock says 2026-11-23 17:58 UTC"):
        arrives(back, SECOND)
    with pytest.raises(ClockError, match="2026-11-25 17:58"):
        judge_left_over(Work(back, Memory(), "one"))
    assert (count(back, "advisories"), count(back, "outbox")) == (advisories, letters)
    assert unjudged(back) == 1, "it is kept, and waits"


def test_what_is_written_meanwhile_hides_nothing(back: Application) -> None:
    before = count(back, "audit")
    for _ in range(2):
        with pytest.raises(ClockError):
            arrives(back, SECOND)
    anchor.keep(back)
    assert count(back, "audit") > before, "entries of the earlier moment are the newest now"
    with pytest.raises(ClockError):
        judges(back)
    with reading(back.engine) as c:
        assert audit.verify(c).ok


def test_no_letter_leaves_before_the_job_that_holds_them_has_looked(back: Application, clock: Clock) -> None:
    assert dispatch(back, Memory(), "one") == Dispatched()
    clock.pass_by(days=2)
    assert dispatch(back, Memory(), "one").sent == 1, "nobody has held them"


def test_letters_leave_while_the_clock_is_a_little_behind(
    app: Application, clock: Clock, tmp_path: Path
) -> None:
    publish(app, tmp_path, "not_recommended")
    arrives(app, FIRST)
    holding.hold(app, "terminal")
    clock.pass_by(minutes=4)
    holding.release(app, "terminal", with_letters=False)
    clock.pass_by(minutes=-4)
    assert dispatch(app, Memory(), "one").sent == 1


def test_the_worker_holds_the_letters_once_and_nobody_releases_them_by_the_wrong_clock(
    back: Application,
) -> None:
    assert "letters are held" in anchor.keep(back)
    assert "letters are held" in anchor.keep(back)
    assert count(back, "audit WHERE body LIKE '%letters.held%'") == 1
    standing = holding.held(back)
    assert standing.hold is not None
    assert (standing.hold.reason, standing.hold.letters, standing.aside) == ("clock", 0, 0)
    assert standing.behind == health(back).behind == back.clock() + timedelta(days=2)
    assert dispatch(back, Memory(), "one") == Dispatched()
    with pytest.raises(ClockError, match="no letter is released"):
        holding.release(back, "p-erin", with_letters=False)
    assert holding.held(back).hold is not None


def test_a_person_answers_for_a_clock_that_had_been_ahead_and_all_goes_on(back: Application) -> None:
    with pytest.raises(ClockError):
        arrives(back, SECOND)
    anchor.keep(back)
    assert holding.release(back, "p-erin", with_letters=False, clock_is_right=True) == 0
    assert holding.held(back) == (None, 0, None)
    assert count(back, 'audit WHERE body LIKE \'%"actor":"p-erin"%clock.confirmed%\'') == 1
    assert judge_left_over(Work(back, Memory(), "one")) == "1 judged"
    assert judges(back)
    assert "letters are held" not in anchor.keep(back), "once confirmed, it does not begin again"
    assert dispatch(back, Memory(), "one") == Dispatched(), "first what was found by that clock is looked at"
    *_, done = work(back)  # the edition comes first
    assert (done.called.partition(":")[0], done.screened, done.changed) == ("clock", 2, 0)
    assert dispatch(back, Memory(), "one").sent == 2, "one written before, and one after"
    with reading(back.engine) as c:
        assert audit.verify(c).ok


def test_a_clock_that_is_set_right_judges_at_once_and_its_letters_wait_for_a_person(
    back: Application, clock: Clock
) -> None:
    with pytest.raises(ClockError):
        arrives(back, SECOND)
    anchor.keep(back)
    clock.pass_by(days=2)
    assert judge_left_over(Work(back, Memory(), "one")) == "1 judged"
    assert dispatch(back, Memory(), "one") == Dispatched()
    assert holding.release(back, "p-erin", with_letters=False) == 0
    assert dispatch(back, Memory(), "one").sent == 2


def test_a_clock_that_is_confirmed_and_set_back_again_is_noticed_again(
    back: Application, clock: Clock
) -> None:
    holding.release(back, "p-erin", with_letters=False, clock_is_right=True)
    assert judges(back)
    clock.pass_by(hours=-1)
    with pytest.raises(ClockError):
        judges(back)


def test_who_answers_for_the_clock_releases_nothing_that_is_held_for_another_reason(
    back: Application,
) -> None:
    holding.hold(back, "terminal", restored=True)
    holding.release(back, "p-erin", with_letters=True, clock_is_right=True)
    standing = holding.held(back)
    assert standing.hold is not None
    assert (standing.hold.reason, standing.aside, standing.behind) == ("restored", 1, None)
    assert judges(back)


def test_clocks_of_machines_may_differ_a_little(app: Application, clock: Clock, tmp_path: Path) -> None:
    publish(app, tmp_path)
    clock.pass_by(minutes=-4)
    assert judges(app)
    assert holding.hold_while_behind(app) is None
    clock.pass_by(minutes=-2)
    with pytest.raises(ClockError):
        judges(app)


def test_journeys_are_not_judged_again_by_such_a_clock(app: Application, clock: Clock) -> None:
    flying = cleared(app)
    put_in_force(app, FALLS, ETHIOPIAN)
    clock.pass_by(days=-2)
    with pytest.raises(ClockError):
        work(app)
    assert verdicts(app, flying) == [Verdict.CLEARED]
    clock.pass_by(days=2, minutes=10)
    work(app)
    assert verdicts(app, flying) == [Verdict.CLEARED, Verdict.NOT_CLEARED]
