"""Races between signing with publishing and editing: is anything ever published that nobody looked at?

``python -m tests.services.races --rounds 10000 [--url postgresql://...]`` runs as many as wanted on a fresh
SQLite file or on an empty PostgreSQL database; the tests run a few on both. With ``--control`` the same races
are run against publishing that lets go of the proposal between asking and doing: it must be caught, for a
check that never fails proves nothing.
"""

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from travelrisk.domain.errors import BadInputError, TravelriskError
from travelrisk.domain.people import Person, Role
from travelrisk.domain.proposals import Content, Proposal, Status
from travelrisk.domain.ratings import Caution, Evidence, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application, Facts
from travelrisk.services.desk import lookups
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.weighing import outstanding, weigh
from travelrisk.store import people, proposals, ratings, schema
from travelrisk.store.database import engine_for, reading, writing

_DAY = date(2026, 11, 23)
_FIRST_WAIT_S = 0.004
_PAUSE_S = 0.03  # of the control, as on a busy machine: without it PostgreSQL shows the fault too rarely
_GOOD, _OTHER = "good", "nobody looked at this"


Publish = Callable[[Application, str, str], object]


def race(
    app: Application, rounds: int, seed: int = 1, publish: Publish = publishing.publish
) -> Iterator[str]:
    """Run *rounds* races and give their ends: published, edited, neither, unreviewed (which must never be).

    Alice edits her proposal while Bob, who has looked at it, signs and publishes. Each waits at most as long
    as the other took last time, so that on a slow machine too she comes before, between and after the two.
    """
    dice = random.Random(seed)  # noqa: S311 - waiting times, no secrets
    bob_s = alice_s = _FIRST_WAIT_S
    for number in range(rounds):
        asked = _proposed(app, _content(number, _GOOD))
        seen = Seen(asked.content_sha256, asked.base_edition)
        other = _content(number, _OTHER)
        bob = partial(_sign_and_publish, app, asked, seen, publish)
        alice = partial(_edit, app, asked, other)
        bob_s, alice_s = _at_once((bob, dice.uniform(0, alice_s)), (alice, dice.uniform(0, bob_s)))
        yield _end(app, number, asked)


def publish_without_lock(app: Application, by: str, reference: str) -> None:
    """Ask for the signatures in one transaction and publish in the next: the fault that races must find."""
    with reading(app.engine) as c:
        asked = proposals.by_reference(c, reference)
        if outstanding(app, c, asked, asked.signatures, weigh(app, c, asked.content)):
            raise BadInputError(f"{reference} is not signed")
    time.sleep(_PAUSE_S)
    with writing(app.engine) as c:
        proposal = proposals.by_reference(c, reference)
        change = weigh(app, c, proposal.content).change
        closed = [record.id for record in change.closed]
        ratings.publish(c, opened=change.opened, closed=closed, actor=by, note="control", at=app.clock())


def _at_once(*works: tuple[Callable[[], None], float]) -> list[float]:
    """Do each work after its own wait, all counted from one start, and return how long each took."""
    start, took_s = threading.Barrier(len(works)), [0.0] * len(works)

    def run(number: int, work: Callable[[], None], wait_s: float) -> None:
        start.wait()
        time.sleep(wait_s)
        begun = time.perf_counter()
        work()
        took_s[number] = time.perf_counter() - begun

    threads = [threading.Thread(target=run, args=(number, *each)) for number, each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took_s


def _sign_and_publish(app: Application, asked: Proposal, seen: Seen, publish: Publish) -> None:
    try:
        signing.sign(app, "bob", asked.reference, seen)
        publish(app, "bob", asked.reference)
    except TravelriskError:
        return  # the edit came first


def _edit(app: Application, asked: Proposal, other: Content) -> None:
    """Edit what stands there at this moment, signed or not, as whoever opens the page anew."""
    try:
        newest = lookups.kept(app, asked.reference).proposal
        drafting.edit(app, "alice", asked.reference, other, version=newest.version)
    except TravelriskError:
        return  # it was signed or published meanwhile


def _end(app: Application, number: int, asked: Proposal) -> str:
    with reading(app.engine) as c:
        texts = {each.text.en for each in ratings.in_force(c) if isinstance(each, Caution)}
        now = proposals.by_reference(c, asked.reference)
    moved = now.status is Status.PUBLISHED and now.content_sha256 != asked.content_sha256
    if moved or f"{_OTHER} {number}" in texts:
        return "unreviewed"
    if f"{_GOOD} {number}" in texts:
        return "published"
    return "edited" if now.content_sha256 != asked.content_sha256 else "neither"


def _proposed(app: Application, content: Content) -> Proposal:
    draft = drafting.draft(app, "alice", content)
    return drafting.propose(app, "alice", draft.reference)


def _content(number: int, words: str) -> Content:
    source = Evidence("Notice of the authority", retrieved_on=_DAY)
    subject, text = Subject(SubjectKind.STATE, "ET"), Texts(f"{words} {number}")
    caution = Caution("race", subject, Verdict.REVIEW, _DAY, None, "Alice", _DAY, text)
    return Content("A race.", (replace(caution, evidence=(source,)),))


def staffed(url: str) -> Application:
    """Return a service on a fresh database, with Alice and Bob at its desk."""
    schema.upgrade(url)
    facts = Facts("https://travelrisk.example.org", "travelrisk@example.org")
    clock = lambda: datetime(2026, 11, 23, 12, tzinfo=UTC)  # noqa: E731 - one line is enough
    app = Application(engine_for(url), load_atlas(), load_book(), load_policy(), clock, facts)
    with writing(app.engine) as c:
        for name in ("alice", "bob"):
            person = Person(name, name.title(), f"{name}@example.org", frozenset({Role.FOCAL_POINT}))
            people.add(c, person, at=app.clock())
    return app


def main() -> None:
    """Run the races; fail where anything unreviewed was published, or the planted fault was missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--url", default="")
    arguments.add_argument("--control", action="store_true", help="publish without the lock: must be caught")
    asked = arguments.parse_args()
    publish = publish_without_lock if asked.control else publishing.publish
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        app = staffed(asked.url or f"sqlite:///{Path(folder) / 'races.db'}")
        ends = Counter(race(app, asked.rounds, asked.seed, publish))
        name = app.engine.dialect.name
        app.engine.dispose()
    told = ", ".join(f"{count:,} {end}" for end, count in sorted(ends.items()))
    print(f"{name}: {told}, in {time.perf_counter() - begun:,.0f} s")  # noqa: T201 - a command
    raise SystemExit(bool(ends["unreviewed"]) is not asked.control)


if __name__ == "__main__":
    main()
