"""Letters of the desk: one of each key, in order for each person, outdated by what happens, never lost."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, text

from tests.contracts.tree import ROOT
from tests.store.samples import LEASE, NOON, judge, post
from tests.store.test_database import at_once
from travelrisk.domain.errors import StoreError
from travelrisk.domain.people import Person, Role
from travelrisk.domain.proposals import Content, Proposal, Status
from travelrisk.domain.signoffs import Requirement, Weight
from travelrisk.store import desk_letters, people, proposals, unsent
from travelrisk.store.database import reading, transact, writing
from travelrisk.store.desk_letters import BOX, Leased

LATER = NOON + LEASE + timedelta(seconds=1)
WORKER = """
import sys, time
from datetime import datetime, timedelta
from tests.databases import SECRET
from travelrisk.store.database import engine_for, writing
from travelrisk.store.desk_letters import BOX
url, moment, at, lease = sys.argv[1:]
at, lease = datetime.fromisoformat(at), timedelta(seconds=float(lease))
def wait(reached):
    if reached == moment:
        print("here", flush=True)
        time.sleep(600)
engine = engine_for(url, secrets=[SECRET])
with writing(engine) as c:
    letter = BOX.claim(c, owner="victim", now=at, lease=lease)
    wait("before the claim is committed")
wait("after the claim")
with writing(engine) as c:
    BOX.start_body(c, letter.id, "victim", at, lease)
    wait("before the body is allowed")
wait("in the body")
with writing(engine) as c:
    BOX.mark_sent(c, letter.id, "victim", at)
    wait("before sent is committed")
"""


@pytest.fixture(autouse=True)
def staff(engine: Engine) -> None:
    with writing(engine) as c:
        for name in ("alice", "bob"):
            roles = frozenset({Role.FOCAL_POINT})
            people.add(c, Person(name, name.title(), f"{name}@example.org", roles), at=NOON)


def write(
    c: Connection, key: str, person: str = "bob", thread: str = "CH-1", standing: str | None = None
) -> bool:
    return desk_letters.queue(
        c,
        person_id=person,
        key=key,
        thread=thread,
        letter="signature_asked",
        language="en",
        recipient=f"{person}@example.org",
        message_id=f"<{key}@example.org>",
        body=key.encode(),
        at=NOON,
        standing=standing,
    )


def written(engine: Engine, key: str, person: str = "bob", thread: str = "CH-1") -> bool:
    with writing(engine) as c:
        return write(c, key, person, thread)


def claim(engine: Engine, owner: str = "w1", now: object = NOON) -> Leased | None:
    return transact(engine, lambda c: BOX.claim(c, owner=owner, now=now, lease=LEASE))  # type: ignore[arg-type] # NOON or LATER


def started(engine: Engine, letter: int, owner: str = "w1") -> bool:
    with writing(engine) as c:
        return BOX.start_body(c, letter, owner, NOON, LEASE)


def states(engine: Engine, person: str = "bob") -> list[str]:
    with reading(engine) as c:
        return [each.state for each in desk_letters.to(c, person)]


def test_a_letter_goes_from_queued_to_sent_under_the_message_id_it_was_written_with(engine: Engine) -> None:
    assert written(engine, "one")
    leased = claim(engine)
    assert leased is not None
    assert (leased.key, leased.recipient, leased.message_id, leased.body) == (
        "one",
        "bob@example.org",
        "<one@example.org>",
        b"one",
    )
    assert started(engine, leased.id)
    with writing(engine) as c:
        assert BOX.retry(c, leased.id, "w1", NOON, next_at=NOON, reply="451", ambiguous=True)
    again = claim(engine)
    assert again is not None
    assert (again.message_id, again.body, again.attempts, again.ambiguous) == (
        "<one@example.org>",
        b"one",
        2,
        1,
    )
    with writing(engine) as c:
        assert BOX.mark_sent(c, again.id, "w1", NOON, "250")
    assert states(engine) == ["sent"]


def test_a_key_is_written_once_whoever_writes_it(engine: Engine) -> None:
    assert written(engine, "one")
    assert not written(engine, "one")
    assert not written(engine, "one", "alice")
    with reading(engine) as c:
        assert desk_letters.is_written(c, "one")
        assert not desk_letters.is_written(c, "two")


def test_two_workers_that_write_the_same_letter_at_one_moment_write_one(engine: Engine) -> None:
    together, done = Barrier(2, timeout=10), list[bool]()

    def work() -> None:
        together.wait()
        done.append(transact(engine, lambda c: write(c, "one")))

    at_once(work, work)
    assert sorted(done) == [False, True]
    assert states(engine) == ["queued"]


def test_an_act_that_fails_takes_its_letter_with_it(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as c:
        _fail_after(write(c, "one"))
    assert states(engine) == []


def test_letters_of_a_thread_reach_each_person_in_order(engine: Engine) -> None:
    written(engine, "first")
    written(engine, "second")
    written(engine, "elsewhere", thread="CH-2")
    written(engine, "hers", "alice")
    keys = [each.key for each in (claim(engine, owner) for owner in ("w1", "w2", "w3")) if each]
    assert sorted(keys) == ["elsewhere", "first", "hers"]
    assert claim(engine, "w4") is None, "the second one waits for the first"
    with reading(engine) as c:
        first = next(each for each in desk_letters.to(c, "bob") if each.key == "first")
        assert desk_letters.thread_id(c, "CH-1", "bob") == "<first@example.org>"
        assert desk_letters.thread_id(c, "CH-1", "nobody") == ""
    owner = ("w1", "w2", "w3")[keys.index("first")]
    with writing(engine) as c:
        assert BOX.retry(c, first.id, owner, NOON, next_at=LATER, reply="451", ambiguous=False)
    assert claim(engine, "w4") is None, "nor does it overtake one that waits for another try"


def test_the_database_itself_refuses_a_second_lease_of_a_thread(engine: Engine) -> None:
    written(engine, "first")
    written(engine, "second")
    with pytest.raises(StoreError, match=r"refused a row"), writing(engine) as c:
        c.execute(text("UPDATE desk_letters SET state = 'leased'"))


def test_two_claims_at_the_same_moment_never_lease_two_letters_of_a_thread(engine: Engine) -> None:
    for number in range(15):
        written(engine, f"{number}-first", thread=f"CH-{number}")
        written(engine, f"{number}-second", thread=f"CH-{number}")
        together, taken = Barrier(2, timeout=10), list[Leased | None]()

        def work(owner: str, together: Barrier = together, taken: list[Leased | None] = taken) -> None:
            together.wait()
            taken.append(claim(engine, owner))

        at_once(lambda: work("w1"), lambda: work("w2"))
        assert sorted(each is None for each in taken) == [False, True]
        with writing(engine) as c:
            c.execute(text("UPDATE desk_letters SET state = 'dead'"))


def test_who_has_left_gets_nothing(engine: Engine) -> None:
    written(engine, "one")
    leased = claim(engine)
    assert leased is not None
    with writing(engine) as c:
        c.execute(text("UPDATE people SET is_active = 0 WHERE id = 'bob'"))
    assert not started(engine, leased.id)
    assert states(engine) == ["superseded"]


def proposal(c: Connection) -> Proposal:
    content = Content("Why.", requirement=Requirement(1, 3))
    return proposals.add(
        c, author="alice", weight=Weight.REQUIREMENT, content=content, base_edition=0, at=NOON
    )


@pytest.mark.parametrize(
    ("changes", "goes"),
    [
        ({"base_edition": 0}, True),
        ({"status": Status.WITHDRAWN}, False),
        ({"content": Content("Another.", requirement=Requirement(1, 4))}, False),
        ({"countersign_by": NOON}, False),
    ],
)
def test_a_letter_about_a_proposal_goes_only_while_that_stands_so(
    engine: Engine, changes: dict[str, object], *, goes: bool
) -> None:
    with writing(engine) as c:
        one = proposal(c)
        write(c, "ask", thread=one.reference, standing=desk_letters.standing(c, one.reference))
    leased = claim(engine)
    assert leased is not None
    with writing(engine) as c:
        proposals.save(c, one, **changes)
    assert started(engine, leased.id) is goes
    assert states(engine) == ["leased" if goes else "superseded"]


def test_a_countersignature_ends_the_letters_that_ask_for_it(engine: Engine) -> None:
    with writing(engine) as c:
        one = proposals.save(c, proposal(c), countersign_by=LATER)
        write(c, "ask", thread=one.reference, standing=desk_letters.standing(c, one.reference))
        proposals.save(c, one, countersigned_at=NOON)
    leased = claim(engine)
    assert leased is not None
    with writing(engine) as c:
        assert BOX.retry(c, leased.id, "w1", NOON, next_at=LATER, reply="451", ambiguous=False)
    assert states(engine) == ["superseded"]


def test_a_letter_that_was_changed_after_it_was_written_waits_for_a_person(engine: Engine) -> None:
    written(engine, "one")
    with writing(engine) as c:
        c.execute(text("UPDATE desk_letters SET body_sha256 = 'x'"))
    assert claim(engine) is None
    assert states(engine) == ["hold"]
    with reading(engine) as c:
        (lost,) = unsent.lost(c, 20)
    assert (lost.trip, lost.person, lost.letter) == ("", "bob", "signature_asked")


def test_what_waits_and_what_is_lost_is_told_of_both_kinds_together(engine: Engine) -> None:
    with writing(engine) as c:
        post(c, judge(c))
        write(c, "one")
        write(c, "two", "alice")
        c.execute(text("UPDATE desk_letters SET next_at = :at WHERE key = 'one'"), {"at": _early(c)})
    with reading(engine) as c:
        assert unsent.waiting(c) == unsent.Waiting(3, NOON - timedelta(hours=1), "")
        assert unsent.counts(c)["queued"] == 3
        assert unsent.counts(c)["sent"] == 0
        assert unsent.oldest_unsent(c) == NOON
        assert unsent.count_lost(c) == 0
    with writing(engine) as c:
        c.execute(text("UPDATE outbox SET state = 'dead', settled_at = queued_at"))
        c.execute(text("UPDATE desk_letters SET state = 'dead', settled_at = queued_at"))
    with reading(engine) as c:
        assert unsent.count_lost(c) == 3
        assert sorted(each.person for each in unsent.lost(c, 20)) == ["", "alice", "bob"]
        assert len(unsent.lost(c, 2)) == 2
    with writing(engine) as c:
        write(c, "three", "alice")
        c.execute(text("UPDATE desk_letters SET state = 'sent' WHERE key = 'three'"))
    with reading(engine) as c:
        assert unsent.count_lost(c) == 2, "a later letter of the thread reached her"


def _early(c: Connection) -> object:
    early = NOON - timedelta(hours=1)
    return early.isoformat(timespec="microseconds") if c.dialect.name == "sqlite" else early


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
    written(engine, "one")
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WORKER, url, moment, NOON.isoformat(), str(LEASE.total_seconds())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "here\n"
        worker.kill()
        assert worker.wait(10) == -signal.SIGKILL
    again = patiently(engine)
    assert (again.key, again.attempts, again.ambiguous) == ("one", attempts, ambiguous)
    with writing(engine) as c:
        assert BOX.start_body(c, again.id, "heir", LATER, LEASE)
        assert BOX.mark_sent(c, again.id, "heir", LATER)
    assert states(engine) == ["sent"]


def patiently(engine: Engine) -> Leased:
    """Claim after the lease; a server takes a moment to notice that its client is gone."""
    give_up_at = time.monotonic() + 10
    while time.monotonic() < give_up_at:
        letter = claim(engine, "heir", LATER)
        if letter is not None:
            return letter
        time.sleep(0.02)
    pytest.fail("the letter of the killed worker is lost")


def _fail_after(done: object) -> None:
    assert done is True
    raise ZeroDivisionError
