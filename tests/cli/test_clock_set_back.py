"""At the terminal: a clock that was set back judges nothing, and every command says what to do."""

from datetime import timedelta

import pytest
import time_machine

from tests.cli.conftest import AT, Run
from tests.cli.test_check import CLEARED
from tests.cli.test_upkeep import FILE

pytestmark = [pytest.mark.threat(50), pytest.mark.usefixtures("rated")]

EARLIER = AT - timedelta(days=2)


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_check_says_what_to_do_and_gives_no_verdict(run: Run) -> None:
    with time_machine.travel(EARLIER, tick=False):
        done = run("check", CLEARED)
    assert done.exit_code == 1
    assert "CLEARED" not in done.output
    said = one_line(done.stderr)
    assert "the clock says 2026-11-21 12:00 UTC" in said
    assert "set the clock right" in said
    assert "travelrisk release --clock-is-right" in said
    assert run("check", CLEARED).exit_code == 0, "when the clock is right again"


def test_a_file_is_kept_and_judged_when_the_clock_is_right(run: Run) -> None:
    with time_machine.travel(EARLIER, tick=False):
        assert run("screen", FILE).exit_code == 1
        failed = run("worker", "--once")
    assert failed.exit_code == 1
    assert "judge: the clock says" in one_line(failed.stderr), "the job is named"
    assert "No letter leaves" in one_line(failed.stderr)
    assert "the clock stood before what was on record" in one_line(run("release", "--yes").stdout)
    assert "judged" in run("worker", "--once", "judge").stdout


def test_the_doctor_and_the_release_say_why(run: Run) -> None:
    with time_machine.travel(EARLIER, tick=False):
        run("worker", "--once", "anchor")
        doctor = one_line(run("doctor").output)
        assert "Nothing is judged: 2026-11-23 12:00 UTC is on record" in doctor
        assert "travelrisk release --clock-is-right" in doctor
        refused = run("release", "--yes")
        assert refused.exit_code == 1
        assert "no letter is released" in one_line(refused.stderr)
        done = run("release", "--yes", "--clock-is-right")
        assert done.exit_code == 0, done.output
        assert "once all journeys not over yet have been judged again" in one_line(done.stdout)
        assert run("check", CLEARED).exit_code == 0
        assert run("audit", "verify").exit_code == 0
