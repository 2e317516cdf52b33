"""Several workers on one outbox, and workers that are killed: none twice, none lost, all in order."""

import signal
import subprocess
import sys
import time
from collections import defaultdict
from datetime import timedelta
from threading import Barrier, Lock

import pytest
from sqlalchemy import Engine, text

from tests.contracts.tree import ROOT
from tests.store.samples import ALICE, BOB, LEASE, NOON, Judged, judge, post
from tests.store.test_database import at_once
from travelrisk.store import outbox
from travelrisk.store.database import reading, transact, writing

LATER = NOON + LEASE + timedelta(seconds=1)
WORKER = """
import sys, time
from datetime import datetime, timedelta
from travelrisk.store import outbox
from tests.databases import SECRET
from travelrisk.store.database import engine_for, writing
url, moment, at, lease = sys.argv[1:]
at, lease = datetime.fromisoformat(at), timedelta(seconds=float(lease))
def wait(reached):
    if reached == moment:
        print("here", flush=True)
        time.sleep(600)
engine = engine_for(url, secrets=[SECRET])
with writing(engine) as c:
    letter = outbox.claim(c, owner="victim", now=at, lease=lease)
    wait("before the claim is committed")
wait("after the claim")
with writing(engine) as c:
    outbox.start_body(c, letter.id, "victim", at, lease)
    wait("before the body is allowed")
wait("in the body")
with writing(engine) as c:
    outbox.mark_sent(c, letter.id, "victim", at)
    wait("before sent is committed")
"""


def letters(engine: Engine, trips: int, each: int) -> None:
    """Queue *each* letters to alice for every one of *trips* trips, one trip after the other."""
    with writing(engine) as c:
        judged = [judge(c) for _ in range(trips)]
        for number in range(each):
            for about in judged:
                outbox.queue(
                    c,
                    trip_id=about.trip,
                    advisory_id=about.advisory,
                    letter=f"letter-{number}",
                    language="en",
                    recipient=ALICE,
                    message_id=f"<{about.trip}.{number}@example.org>",
                    body=b"body",
                    at=NOON,
                )


def test_four_workers_send_each_letter_once_and_each_trip_in_order(engine: Engine) -> None:
    letters(engine, trips=25, each=8)
    order: dict[int, list[int]] = defaultdict(list)
    under_way: set[int] = set()
    lock = Lock()

    def work(owner: str) -> None:
        while True:
            letter = transact(engine, lambda c: outbox.claim(c, owner=owner, now=NOON, lease=LEASE))
            if letter is None:
                if not waiting(engine):
                    return
                continue
            with lock:
                assert letter.trip_id not in under_way
                under_way.add(letter.trip_id)
                order[letter.trip_id].append(letter.id)
            with writing(engine) as c:
                assert outbox.start_body(c, letter.id, owner, NOON, LEASE)
            with lock:
                under_way.remove(letter.trip_id)
            with writing(engine) as c:
                assert outbox.mark_sent(c, letter.id, owner, NOON)

    at_once(*(lambda owner=f"w{number}": work(owner) for number in range(4)))
    with reading(engine) as c:
        assert outbox.counts(c)["sent"] == 200
    every = [letter for sent in order.values() for letter in sent]
    assert len(every) == len(set(every)) == 200
    assert all(sent == sorted(sent) and len(sent) == 8 for sent in order.values())


def waiting(engine: Engine) -> int:
    with reading(engine) as c:
        counts = outbox.counts(c)
    return counts["queued"] + counts["leased"]


def test_two_claims_at_the_same_moment_never_lease_two_letters_of_a_trip(engine: Engine) -> None:
    for _ in range(25):
        with writing(engine) as c:
            about: Judged = judge(c)
            post(c, about, ALICE)
            post(c, about, BOB)
        together = Barrier(2, timeout=10)
        taken: list[outbox.Leased | None] = []

        def claim(
            owner: str, together: Barrier = together, taken: list[outbox.Leased | None] = taken
        ) -> None:
            together.wait()
            taken.append(transact(engine, lambda c: outbox.claim(c, owner=owner, now=NOON, lease=LEASE)))

        at_once(lambda: claim("w1"), lambda: claim("w2"))
        assert sorted(each is None for each in taken) == [False, True]
        with writing(engine) as c:
            c.execute(text("UPDATE outbox SET state = 'dead'"))


@pytest.mark.parametrize(
    ("moment", "attempts", "ambiguous"),
    [
        ("before the claim is committed", 1, 0),
        ("after the claim", 2, 0),
        ("before the body is allowed", 2, 0),
        ("in the body", 2, 1),
        ("before sent is committed", 2, 1),
    ],
)
def test_a_killed_worker_loses_nothing(engine: Engine, moment: str, attempts: int, ambiguous: int) -> None:
    with writing(engine) as c:
        letter = post(c, judge(c))
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WORKER, url, moment, NOON.isoformat(), str(LEASE.total_seconds())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "here\n"
        worker.kill()
        assert worker.wait(10) == -signal.SIGKILL
    again = patiently(engine)
    assert (again.id, again.attempts, again.ambiguous) == (letter, attempts, ambiguous)
    with writing(engine) as c:
        assert outbox.start_body(c, letter, "heir", LATER, LEASE)
        assert outbox.mark_sent(c, letter, "heir", LATER)


def patiently(engine: Engine) -> outbox.Leased:
    """Claim after the lease; a server takes a moment to notice that its client is gone."""
    give_up_at = time.monotonic() + 10
    while time.monotonic() < give_up_at:
        letter = transact(engine, lambda c: outbox.claim(c, owner="heir", now=LATER, lease=LEASE))
        if letter is not None:
            return letter
        time.sleep(0.02)
    pytest.fail("the letter of the killed worker is lost")
