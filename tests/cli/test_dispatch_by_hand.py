"""Sending by hand: what has left, what waits until when, and what nobody has got."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from tests.cli.conftest import AT, Run
from tests.mail.servers import Server, serving
from travelrisk import resources
from travelrisk.cli import working
from travelrisk.domain.errors import StoreError
from travelrisk.jobs.timetable import TIMETABLE, Work

FILE = resources.data("demo", "14-mail-listed-operator.eml")
BOOKING = "LH400 FRA JFK 12 Dec operated by Lufthansa"

pytestmark = pytest.mark.usefixtures("rated")


@pytest.fixture
def over_smtp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let letters leave over SMTP instead of into the folder."""
    for name, value in (("MAIL_TRANSPORT", "smtp"), ("SMTP_TLS", "none")):
        monkeypatch.setenv(f"TRAVELRISK_{name}", value)


@contextmanager
def relay(monkeypatch: pytest.MonkeyPatch, server: Server) -> Iterator[None]:
    with serving(server) as port:
        monkeypatch.setenv("TRAVELRISK_SMTP_PORT", str(port))
        yield


def test_everything_that_has_left_is_a_success(run: Run) -> None:
    run("screen", FILE)
    done = run("worker", "--once", "dispatch")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("dispatch: 1 sent, ")
    assert run("worker", "--once", "dispatch").exit_code == 0


def test_a_job_that_fails_keeps_back_no_letter(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_work: Work) -> str:
        raise StoreError("the disk is full")

    run("screen", FILE)
    monkeypatch.setattr(working, "TIMETABLE", (replace(TIMETABLE[0], name="judge", do=fail), *TIMETABLE))
    done = run("worker", "--once")
    assert done.exit_code == 1
    assert "judge: the disk is full" in done.stderr
    assert "dispatch: 1 sent, " in done.stdout


@pytest.mark.usefixtures("over_smtp")
def test_what_waits_is_told_with_its_time_and_its_reason_until_it_has_left(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("screen", FILE)
    with relay(monkeypatch, Server("greeting", "554 no")):
        first = run("worker", "--once", "dispatch")
        second = run("worker", "--once", "dispatch")
    assert "0 sent, 1 to be tried again" in first.stdout
    assert "0 sent, 0 to be tried again" in second.stdout
    for done in (first, second):
        assert done.exit_code == 1
        assert re.search(
            r"^1 letter waits in the outbox, not before 2026-11-23 12:0[01]:\d\d UTC; .*554 at connecting",
            done.stderr,
            re.MULTILINE,
        )
    assert "1 waiting, 0 sent: 1 letter waits" in " ".join(run("doctor").stdout.split())
    with relay(monkeypatch, Server()), time_machine.travel(AT + timedelta(minutes=2), tick=False):
        assert run("worker", "--once", "dispatch").exit_code == 0


@pytest.mark.usefixtures("over_smtp")
def test_what_was_given_up_is_a_fault_once_and_is_named_until_a_later_letter_arrives(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.txt").write_text(f"Record locator: XQZ4TR\n{BOOKING}")
    run("screen", "a.txt", "--to", "bob@example.org")
    with relay(monkeypatch, Server("rcpt", "550 5.1.1 nobody")):
        first = run("worker", "--once", "dispatch")
    with relay(monkeypatch, Server()), time_machine.travel(AT + timedelta(minutes=2), tick=False):
        second = run("worker", "--once", "dispatch")
        examined = run("doctor")
        Path("b.txt").write_text(f"Record locator: XQZ4TR\n{BOOKING.replace('12', '13')}")
        run("screen", "b.txt", "--to", "bob@example.org")
        third = run("worker", "--once", "dispatch")
    assert (first.exit_code, second.exit_code, third.exit_code) == (1, 0, 0), third.output
    for done in (first, second):
        assert re.search(
            r"1 letter has reached nobody.* TR-\w{6} \(cleared: 550 5.1.1 at RCPT\)", done.stderr
        )
        assert "bob" not in done.stderr
    assert re.search(r"problem  letters\n.*1 letter has reached nobody", examined.stdout)
    assert "reached nobody" not in third.output
    assert re.search(r"^dispatch: 1 sent", third.stdout)


@pytest.mark.usefixtures("over_smtp")
def test_a_reminder_that_nobody_got_is_told_with_the_id_of_its_reader(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = ("--name", "Bob Blue", "--email", "bob@example.org", "--role", "focal_point", "--no-password")
    person = json.loads(run("people", "add", *bob, "--json").stdout)["id"]
    Path("ends.csv").write_text(
        "id,subject,level,valid_from,valid_until,set_by,set_on\n"
        "kqa,carrier:KQA,recommended,2026-01-01,2026-11-30,bob,2026-11-01\n"
    )
    assert run("ratings", "import", "ends.csv", "--by", "bob", "--signed-by", "charlie").exit_code == 0
    assert run("worker", "--once", "reminders").stdout == "reminders: 1 written\n"
    with relay(monkeypatch, Server("rcpt", "550 5.1.1 nobody")):
        done = run("worker", "--once", "dispatch")
    assert done.exit_code == 1
    assert f"tell these people in another way: {person} (reminder: 550 5.1.1 at RCPT)" in done.stderr
    assert "bob" not in done.stderr.casefold()
    assert f"{person} (reminder" in " ".join(run("doctor").stdout.split())


def test_another_job_has_no_letters_to_tell_of(run: Run) -> None:
    run("screen", FILE)
    done = run("worker", "--once", "judge")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "judge: 0 judged\n", "")
