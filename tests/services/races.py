"""Races between signing with publishing and editing: is anything ever published that nobody looked at?

``python -m tests.services.races --rounds 10000 [--url postgresql://...]`` runs as many as wanted on a fresh
SQLite file or on an empty PostgreSQL database; the tests run a few on both.
"""

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from travelrisk.domain.errors import TravelriskError
from travelrisk.domain.people import Person, Role
from travelrisk.domain.proposals import Content, Proposal
from travelrisk.domain.ratings import Caution, Evidence, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application, Facts
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.store import people, ratings, schema
from travelrisk.store.database import engine_for, reading, writing

_DAY = date(2026, 11, 23)
_LONGEST_WAIT_S = 0.004
_GOOD, _OTHER = "good", "nobody looked at this"


def race(app: Application, rounds: int, seed: int = 1) -> Counter[str]:
    """Run *rounds* races and count their ends: published, kept back, and unreviewed (which must be none).

    Alice edits her proposal at the very moment in which Bob, who has looked at it, signs and publishes.
    """
    dice, ends = random.Random(seed), Counter[str]()  # noqa: S311 - waiting times, no secrets
    for number in range(rounds):
        asked = _proposed(app, _content(number, _GOOD))
        seen = Seen(asked.content_sha256, asked.base_edition)
        other = _content(number, _OTHER)
        _at_once(dice, partial(_sign_and_publish, app, asked, seen), partial(_edit, app, asked, other))
        ends[_end(app, number)] += 1
    return ends


def _at_once(dice: random.Random, *works: Callable[[], None]) -> None:
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None], wait: float) -> None:
        start.wait()
        time.sleep(wait)
        work()

    waits = [dice.uniform(0, _LONGEST_WAIT_S) for _ in works]
    threads = [threading.Thread(target=run, args=pair) for pair in zip(works, waits, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _sign_and_publish(app: Application, asked: Proposal, seen: Seen) -> None:
    try:
        signing.sign(app, "bob", asked.reference, seen)
        publishing.publish(app, "bob", asked.reference)
    except TravelriskError:
        return  # the edit came first


def _edit(app: Application, asked: Proposal, other: Content) -> None:
    try:
        drafting.edit(app, "alice", asked.reference, other, version=asked.version)
    except TravelriskError:
        return  # the signature came first


def _end(app: Application, number: int) -> str:
    with reading(app.engine) as c:
        texts = {each.text.en for each in ratings.in_force(c) if isinstance(each, Caution)}
    if f"{_OTHER} {number}" in texts:
        return "unreviewed"
    return "published" if f"{_GOOD} {number}" in texts else "kept back"


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
    """Run the races that the command line asks for, and fail if anything unreviewed was published."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--url", default="")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ends = race(staffed(asked.url or f"sqlite:///{Path(folder) / 'races.db'}"), asked.rounds, asked.seed)
    print(", ".join(f"{count:,} {end}" for end, count in sorted(ends.items())))  # noqa: T201 - a command
    raise SystemExit(1 if ends["unreviewed"] else 0)


if __name__ == "__main__":
    main()
