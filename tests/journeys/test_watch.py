"""Cleared in October, downgraded in November: the traveller hears of it once, whatever breaks in between.

On SQLite, because workers take the time from a server where there is one, and that cannot travel.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from lxml import html

from tests.cli.programs import PATIENCE
from tests.mail.servers import Server, serving
from tests.services.conftest import Clock, publish
from travelrisk.domain.people import Person, Role
from travelrisk.domain.proposals import Content
from travelrisk.domain.ratings import Evidence, Level, Rating, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application, Facts
from travelrisk.services.health import verify_audit
from travelrisk.services.proposals import drafting, publishing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import standing
from travelrisk.services.trips.receiving import receive
from travelrisk.services.trips.replay import replay
from travelrisk.store import advisories, outbox, people, schema
from travelrisk.store.database import engine_for, reading, writing
from travelrisk.store.outbox import Sending
from travelrisk.store.trips import Trip
from travelrisk.web.app import create_app

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
_WORKER = """
import os, time_machine
from datetime import datetime
time_machine.travel(datetime.fromisoformat(os.environ["BEGUN_AT"]), tick=True).start()
from travelrisk.cli import main
main()
"""
BOOKING = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"
FALLS = Rating(
    "eth",
    Subject(SubjectKind.CARRIER, "ETH"),
    Level.NOT_RECOMMENDED,
    date(2026, 1, 1),
    date(2027, 12, 31),
    "Alice",
    date(2026, 11, 10),
    Texts("For the test: it was set to not recommended."),
    evidence=(Evidence("A row of this test", "notice", "https://example.org/n", date(2026, 11, 10)),),
)


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{clock}:00+00:00").astimezone(UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(at("10-15", "09:00"))


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'watch.db'}"


@pytest.fixture
def app(database_url: str, clock: Clock, tmp_path: Path) -> Iterator[Application]:
    """Give a service with ratings and two focal points."""
    schema.upgrade(database_url)
    facts = Facts(base_url="https://travelrisk.example.org", mail_from="travelrisk@example.org")
    made = Application(engine_for(database_url), load_atlas(), load_book(), load_policy(), clock, facts)
    publish(made, tmp_path)
    with writing(made.engine) as c:
        for name in ("alice", "bob"):
            person = Person(name, name.title(), f"{name}@staff.example.org", frozenset({Role.FOCAL_POINT}))
            people.add(c, person, at=clock())
    yield made
    made.engine.dispose()


@contextmanager
def worker(url: str, begun: datetime, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Let a worker run, in a process of its own, from a moment on."""
    settings = {
        "TRAVELRISK_DATABASE_URL": url,
        "TRAVELRISK_MAIL_FROM": "travelrisk@example.org",
        "TRAVELRISK_BASE_URL": "https://travelrisk.example.org",
        "TRAVELRISK_MAIL_TRANSPORT": "smtp",
        "TRAVELRISK_SMTP_PORT": str(port),
        "TRAVELRISK_SMTP_TLS": "none",
        "BEGUN_AT": begun.isoformat(),
    }
    process = subprocess.Popen([sys.executable, "-c", _WORKER, "worker"], env=os.environ | settings)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


def until(happened: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < give_up, f"never happened: {what}"
        time.sleep(0.05)


def letters(app: Application, trip: Trip) -> tuple[Sending, ...]:
    with reading(app.engine) as c:
        return outbox.of_trip(c, trip.id)


def falls_by_two(app: Application) -> None:
    """Alice proposes that the carrier is not recommended any more, Bob signs, Alice publishes."""
    draft = drafting.draft(app, "alice", Content("For the test.", (FALLS,)))
    proposal = drafting.propose(app, "alice", draft.reference)
    now = standing(app, proposal.reference)
    publishing.sign(app, "bob", proposal.reference, Seen(now.proposal.content_sha256, now.weighed.edition))
    publishing.publish(app, "alice", proposal.reference)


@needs_signals
def test_a_carrier_falls_and_the_letter_arrives_once_whatever_breaks(
    app: Application, clock: Clock, database_url: str
) -> None:
    (received,) = receive(app, Document(BOOKING), recipient="grace@example.org", language="fr")
    trip = received.trip
    assert trip is not None
    october = Server()
    with serving(october) as port, worker(database_url, at("10-15", "09:01"), port) as process:
        until(lambda: letters(app, trip)[0].state == "sent", "the clearance leaves")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    clearances = [each for each in subjects(october) if "FRA-ADD" in each]
    assert clearances == ["[Avis favorable] ET 707 FRA-ADD, 12 déc. 2026"]

    clock.at = at("11-10", "09:00")
    falls_by_two(app)
    with socket() as down:  # bound, so that no other program answers, and it never listens
        down.bind(("127.0.0.1", 0))
        port = down.getsockname()[1]
        with worker(database_url, at("11-10", "09:01"), port) as process:
            until(lambda: any(each.attempts for each in letters(app, trip)[1:]), "the mail server is down")
            process.kill()

    silent = Server("hang-rcpt")
    with serving(silent) as port, worker(database_url, at("11-10", "10:02"), port) as process:
        until(lambda: "RCPT" in silent.commands, "the mail server is up again, and slow")
        process.kill()
    assert silent.accepted == []

    november = Server()
    with serving(november) as port, worker(database_url, at("11-10", "10:30"), port) as process:
        until(lambda: letters(app, trip)[-1].state == "sent", "the warning leaves")
        time.sleep(1)  # whatever else would leave now
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert [each.letter for each in letters(app, trip)] == ["cleared", "changed"]
    warnings = [each for each in subjects(november) if "FRA-ADD" in each]
    assert warnings == ["[Avis défavorable, auparavant avis favorable] ET 707 FRA-ADD, 12 déc. 2026"]
    clock.at = at("11-10", "11:00")
    _story_is_true(app, trip)


def subjects(server: Server) -> list[str]:
    mails = map(message_from_bytes, server.accepted)
    return [str(make_header(decode_header(mail["Subject"]))).replace("\n", "") for mail in mails]


def _story_is_true(app: Application, trip: Trip) -> None:
    """What the page tells is what is on record, in order, and each answer can be made again."""
    with reading(app.engine) as c:
        judged = advisories.of_trip(c, trip.id)
    assert [each.advisory.verdict for each in judged] == [Verdict.CLEARED, Verdict.NOT_CLEARED]
    assert all(replay(app, each.id).is_equal for each in judged)
    assert verify_audit(app).ok
    client = create_app(replace(app)).test_client()
    page = client.get(f"/fr/trips/{trip.token}", base_url=app.facts.base_url).get_data(as_text=True)
    found: Any = html.fromstring(page).xpath("//ol[contains(@class, 'tr-timeline')]/li")
    entries = [" ".join(each.text_content().split()) for each in found]
    newest_first = ("10 nov. 2026", "10 nov. 2026", "15 oct. 2026", "15 oct. 2026", "15 oct. 2026")
    assert [day in entry for day, entry in zip(newest_first, entries, strict=True)] == [True] * 5
    warned, fell, told, cleared, arrived = entries
    assert "remis au serveur" in warned
    assert "Réponse modifiée" in warned
    assert "Avant : Avis favorable. Maintenant : Avis défavorable" in fell
    assert "Ethiopian Airlines" in fell
    assert "remis au serveur" in told
    assert "Avis favorable" in cleared
    assert "reçu" in arrived
