"""The two processes of the service: they start, do their work, and end in order; a kill loses nothing."""

import http.client
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.cli.conftest import Run
from tests.cli.programs import BEGINS, PATIENCE, running
from tests.mail.servers import Server, serving
from travelrisk import resources
from travelrisk.jobs.timetable import TIMETABLE
from travelrisk.mail.inbox import Inbox
from travelrisk.services.letters.dispatch import LEASE, dispatch
from travelrisk.settings import load_settings
from travelrisk.wiring import build, transport_for

FILE = resources.data("demo", "14-mail-listed-operator.eml")

HAS_SIGNALS = sys.platform != "win32"
needs_signals = pytest.mark.skipif(not HAS_SIGNALS, reason="Windows knows no SIGTERM")


def said(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """Return the first line on standard error that fits."""
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(pattern, line)
        if found:
            return found
    pytest.fail(f"the program ended with {process.wait()} and never said {pattern}")


@pytest.mark.parametrize(
    ("workers", "secret", "told"),
    [
        (1, {}, ["No TRAVELRISK_SECRET_KEY is set", "Listening"]),
        (2, {"secret_key": "a" * 40}, ["Listening"]),
    ],
)
def test_pages_are_served_until_somebody_ends_it_and_a_missing_key_is_told(
    rated: Path, workers: int, secret: dict[str, str], told: list[str]
) -> None:
    with running(rated, "serve", "--port", 0, "--workers", workers, **secret) as process:
        for words in told:
            line = said(
                process, r"No TRAVELRISK_SECRET_KEY is set|Listening(?: on (http://127\.0\.0\.1:\d+/))?"
            )
            assert line[0].startswith(words)
        with urlopen(f"{line[1]}healthz", timeout=PATIENCE) as answer:  # noqa: S310 - our own address
            assert answer.status == 200
        assert refusal_of_what_is_never_sent(line[1]) in {401, 413}
        if HAS_SIGNALS:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


def refusal_of_what_is_never_sent(address: str) -> int:
    """Announce a hundred megabytes, send none of them, and return the status that is answered at once."""
    host, port = address.removeprefix("http://").strip("/").split(":")
    with closing(http.client.HTTPConnection(host, int(port), timeout=PATIENCE)) as connection:
        connection.putrequest("POST", "/api/v1/screen")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", "100000000")
        connection.endheaders()
        return connection.getresponse().status


@pytest.mark.usefixtures("rated")
def test_a_port_that_is_taken_is_said(run: Run) -> None:
    with serving(Server()) as port:
        done = run("serve", "--port", port)
    assert done.exit_code == 1
    assert f"port {port}" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.usefixtures("rated")
def test_an_address_of_another_machine_is_no_matter_of_the_port(run: Run) -> None:
    done = run("serve", "--host", "203.0.113.9", "--port", 0)
    assert done.exit_code == 1
    assert "203.0.113.9" in done.stderr
    assert "--host" in done.stderr
    assert "--port" not in done.stderr


def state(place: Path) -> str:
    with closing(sqlite3.connect(place / "travelrisk.db", timeout=PATIENCE)) as connection:
        found: tuple[str] = connection.execute("SELECT state FROM outbox").fetchone()
    return found[0]


def until(place: Path, wanted: str) -> None:
    """Wait until the letter is in a state."""
    give_up = time.monotonic() + PATIENCE
    while state(place) != wanted:
        assert time.monotonic() < give_up, f"the letter stays {state(place)}"
        time.sleep(0.05)


@needs_signals
@pytest.mark.usefixtures("rated")
def test_a_worker_sends_the_letters_and_ends_in_order(run: Run, place: Path) -> None:
    run("screen", FILE)
    inbox = Inbox()
    _, port = inbox.start()
    try:
        with running(place, "worker", mail_transport="smtp", smtp_port=port, smtp_tls="none") as process:
            until(place, "sent")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
    finally:
        inbox.stop()
    (message,) = inbox.messages()
    assert (message.to, message.letter) == ("bob@example.org", "not_cleared")


@needs_signals
@pytest.mark.usefixtures("rated")
def test_a_worker_killed_in_the_middle_of_a_letter_loses_nothing(run: Run, place: Path) -> None:
    """The server has the whole letter and never answers: the worst moment there is."""
    run("screen", FILE)
    silent = Server("hang-dot")
    with serving(silent) as port:
        with running(place, "worker", mail_transport="smtp", smtp_port=port, smtp_tls="none") as process:
            give_up = time.monotonic() + PATIENCE
            while not silent.accepted:
                assert time.monotonic() < give_up
                time.sleep(0.05)
            process.kill()
            process.wait(PATIENCE)
        assert state(place) == "leased"
    inbox = Inbox()
    _, port = inbox.start()
    try:
        settings = load_settings(mail_transport="smtp", smtp_port=port, smtp_tls="none")
        app = replace(build(settings), clock=lambda: BEGINS + timedelta(minutes=1))
        assert dispatch(app, transport_for(settings), "second").sent == 0, "the lease still holds"
        app = replace(app, clock=lambda: BEGINS + 2 * LEASE + timedelta(minutes=10))
        assert dispatch(app, transport_for(settings), "second").sent == 1
    finally:
        inbox.stop()
    (message,) = inbox.messages()
    assert message.letter == "not_cleared"
    assert state(place) == "sent"
    # the same bytes: whoever gets both can see that they are one letter
    assert message.subject
    assert len(silent.accepted) == 1


@pytest.mark.usefixtures("rated")
def test_one_job_can_be_done_by_hand(run: Run) -> None:
    assert run("worker", "--once", "judge").stdout == "judge: 0 judged\n"
    assert run("worker", "--once", "countersignatures").stdout == "countersignatures: 0 written\n"
    assert run("worker", "--once", "reminders").stdout == "reminders: 0 written\n"
    assert run("worker", "--once", "reminders").stdout == "reminders: done already today\n"
    deadlines = "deadlines: 0 travellers reminded, 0 escalations written\n"
    assert run("worker", "--once", "deadlines").stdout == deadlines
    assert run("worker", "--once", "digests").stdout in {
        "digests: 0 written\n",  # on a working day, after six in the morning
        "digests: not due, or done already today\n",
    }
    assert run("worker", "--once", "sweep").exit_code == 2


@pytest.mark.usefixtures("rated")
def test_every_job_is_done_by_hand_where_none_is_named_and_the_letters_leave_last(
    run: Run, place: Path
) -> None:
    run("screen", FILE)
    done = run("worker", "--once")
    assert done.exit_code == 0
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        *("mailbox", "judge", "batches", "rescreen", "day", "undelivered", "tables", "idempotency"),
        *("countersignatures", "reminders", "deadlines", "digests", "reports", "webhooks", "curiosity"),
        *("retention", "encrypt", "feeds", "anchor", "dispatch"),
    ]
    assert state(place) == "sent"


def test_every_job_is_explained(run: Run) -> None:
    told = " ".join(run("worker", "--help").stdout.split())  # wherever a line ends
    assert all(f" {job.name} (" in told for job in TIMETABLE)
