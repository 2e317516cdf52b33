"""One round of a source: fetched, read, compared with what was known, kept, and proposed where it matters.

Whatever goes wrong on the way leaves everything that was known as it is, and says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.facts import News, Problem, ProblemKind, differences
from travelrisk.feeds.addresses import Gate
from travelrisk.feeds.card import Card, load_card
from travelrisk.feeds.faults import FeedError
from travelrisk.feeds.feed import Answer, Feed, Fetched, Reading, read
from travelrisk.feeds.http import HttpSession
from travelrisk.feeds.registry import by_name
from travelrisk.logs import logger
from travelrisk.services.application import Application
from travelrisk.services.feeds.proposing import NOTHING, Proposed, propose
from travelrisk.services.feeds.tasks import failed_task, gone_task, problems_task
from travelrisk.store import audit, feeds
from travelrisk.store.database import reading, transact
from travelrisk.store.feeds import Came, Round

_SOON: Final = timedelta(minutes=15)  # a failed source is tried again after so long, and then at its own pace
_KEPT: Final = timedelta(days=90)  # how long a failed round is remembered


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a round brought: its record, and the proposals that came of it."""

    done: Round
    proposed: Proposed = NOTHING


def refresh(app: Application, name: str) -> Refreshed:
    """Fetch a source now, due or not.

    Raises:
        NotFoundError: there is no such feed.
        BadInputError: it is not in use.
        ConfigurationError: its card cannot be used.
        StoreError: the database cannot be written; then nothing of the round is kept.
    """
    feed, card = by_name(name), load_card(name, app.facts.sources.folder)
    if name not in app.facts.sources.names:
        raise BadInputError(f"the feed {name} is not in use: name it in TRAVELRISK_FEEDS first")
    with reading(app.engine) as c:
        known = {each.url: Answer(*each) for each in feeds.answers(c, name).values()}
    try:
        fetched, found = _fetched(app, feed, card, known)
    except FeedError as error:
        return Refreshed(_failed(app, name, card, error))
    done = transact(app.engine, lambda c: _kept(c, name, card, fetched, found))
    return Refreshed(done, propose(app, name, card))


def refresh_due(app: Application, is_stopping: Callable[[], bool] = lambda: False) -> dict[str, Refreshed]:
    """Fetch those sources in use that are due by their cards; *is_stopping* is asked before each."""
    names = (name for name in app.facts.sources.names if not is_stopping() and _is_due(app, name))
    return {name: refresh(app, name) for name in names}


def _is_due(app: Application, name: str) -> bool:
    pace = timedelta(hours=load_card(name, app.facts.sources.folder).every_hours)
    with reading(app.engine) as c:
        last, since = feeds.last(c, name), feeds.failing_since(c, name)
    if last is None:
        return True
    return app.clock() - last.at >= (min(_SOON, pace) if since == last.at else pace)


def _fetched(app: Application, feed: Feed, card: Card, known: dict[str, Answer]) -> tuple[Fetched, Reading]:
    sources = app.facts.sources
    gate = Gate(card.allows, sources.excepted)
    with HttpSession(sources.contact, gate, app.clock, known) as session:
        fetched = feed.fetch(session, card)
    return fetched, read(feed, fetched)


def _kept(c: Connection, name: str, card: Card, fetched: Fetched, found: Reading) -> Round:
    feeds.hold(c)
    last = feeds.last_good(c, name)
    before = {each.fact.key: each.fact for each in feeds.facts_of(c, name)}
    at = fetched.retrieved_at
    news = tuple(differences(before, found.facts, last.at.date() if last else None, at.date()))
    done = Round(name, at, rows=found.rows, problems=found.problems, differences=news)
    number = feeds.record(c, done)
    came = {part: _came(answer) for part, answer in fetched.answers.items()}
    if came != feeds.answers(c, name):
        feeds.keep_answers(c, number, came, at)
    feeds.replace_facts(c, name, found.facts, at)
    feeds.forget_failed(c, [name], at - _KEPT)
    problems_task(c, card, _new(found.problems, last), at)
    for each in news:
        if each.news is News.GONE and not (card.tells_events and before[each.key].asks is None):
            gone_task(c, card, each, before[each.key], at)
    if news:
        body = {kind.value: sum(each.news is kind for each in news) for kind in News}
        audit.append(c, kind="feed.changed", actor=f"feed:{name}", at=at, subject=f"feed:{name}", body=body)
    return done


def _came(answer: Answer) -> Came:
    return Came(answer.url, answer.content, answer.media_type, answer.etag, answer.last_modified)


def _new(problems: tuple[Problem, ...], last: Round | None) -> list[Problem]:
    """Return what was not told of the round before; what has expired asks for a look where it is rated."""
    told = last.problems if last else ()
    quiet = {ProblemKind.EXPIRED, ProblemKind.REPEATED}
    return [each for each in problems if each.kind not in quiet and each not in told]


def _failed(app: Application, name: str, card: Card, error: FeedError) -> Round:
    """Note a failed round; a person is asked where the next one will hardly go better, or did not."""
    at = app.clock()
    done = Round(name, at, error.fault.value, str(error))
    logger().warning("feed.failed", feed=name, fault=error.fault.value)

    def note(c: Connection) -> Round:
        feeds.hold(c)
        since = feeds.failing_since(c, name)
        feeds.record(c, done)
        if since is not None or not error.fault.may_pass:
            failed_task(c, card, done, since or at, feeds.last_good(c, name))
        return done

    return transact(app.engine, note)
