"""The service in figures, for a monitoring program: numbers, names of our own, nothing about people."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.verdicts import Verdict
from travelrisk.feeds.card import load_card
from travelrisk.services.application import Application
from travelrisk.services.watch.presence import SILENT_AFTER
from travelrisk.store import figures as store
from travelrisk.store import holds, mails, ratings, undelivered, unsent, workers
from travelrisk.store.database import reading


class Figure(NamedTuple):
    """A figure, or several of one kind.

    Attributes:
        values: by label; by an empty word where *label* is empty.
        is_counter: it only grows.
    """

    name: str
    meaning: str
    values: Mapping[str, float]
    label: str = ""
    is_counter: bool = False


def figures(app: Application) -> tuple[Figure, ...]:
    """Look at the service, in as many queries as ever.

    Raises:
        StoreError: the database cannot be read.
        ConfigurationError: the card of a source cannot be used.
    """
    with reading(app.engine) as c:
        now = app.clock()
        return (*_ratings(app, c, now), *_letters(c, now), *_work(c, now), *_feeds(app, c, now))


def _ratings(app: Application, c: Connection, now: datetime) -> Iterator[Figure]:
    edition = ratings.current_edition(c)
    published = ratings.edition_facts(c, edition).published_at.timestamp() if edition else 0
    known, today = app.shelf.newest(c), now.date()
    over = sum(
        each.valid_until is not None and each.valid_until < today
        for rows in known.ratings.values()
        for each in rows
    )
    recorded = {verdict.word: 0 for verdict in Verdict} | store.screenings(c)
    yield _one("travelrisk_ratings_edition", "Number of the newest edition; 0 = no ratings.", edition)
    yield _one("travelrisk_ratings_edition_timestamp_seconds", "When it was published.", published)
    yield _one("travelrisk_ratings_expired_total", "Ratings on record whose last day is past.", over)
    yield Figure("travelrisk_screenings_total", "Advisories recorded.", recorded, "verdict", is_counter=True)


def _letters(c: Connection, now: datetime) -> Iterator[Figure]:
    states, oldest = unsent.counts(c), unsent.oldest_unsent(c)
    age = (now - oldest).total_seconds() if oldest else 0
    held, aside = holds.current(c) is not None, holds.aside(c)
    yield Figure("travelrisk_outbox_letters", "Letters of all kinds.", states, "state")
    yield _one("travelrisk_outbox_oldest_seconds", "Since when the oldest letter waits.", age)
    yield _one("travelrisk_mail_failed_total", "Letters that were given up.", states["dead"])
    untold = undelivered.count_open(c, now)
    yield _one("travelrisk_warnings_undelivered", "Warnings nobody has been told of.", untold)
    yield _one("travelrisk_letters_held", "1 = no letter leaves until somebody releases them.", held)
    yield _one("travelrisk_letters_aside", "Letters that a hold has put aside for a person.", aside)
    yield Figure("travelrisk_mails_aside", "Mails put aside for a person.", mails.counts(c), "kind")


def _work(c: Connection, now: datetime) -> Iterator[Figure]:
    present = [each for each in workers.seen(c) if abs(now - each.seen_at) <= SILENT_AFTER]
    runs = workers.last_runs(c)
    began = {each.job: each.began_at.timestamp() for each in runs}
    took = {each.job: each.took_ms / 1000 for each in runs}
    failing = {each.job: float(each.failing_since is not None) for each in runs}
    yield _one("travelrisk_workers", "Workers seen within the last minutes.", len(present))
    yield Figure("travelrisk_work_waiting", "Rows of work to be done.", store.waiting(c), "kind")
    yield Figure("travelrisk_job_last_run_timestamp_seconds", "When a job began last.", began, "job")
    yield Figure("travelrisk_job_last_duration_seconds", "How long it took.", took, "job")
    yield Figure("travelrisk_job_failing", "1 = its last run failed.", failing, "job")


def _feeds(app: Application, c: Connection, now: datetime) -> Iterator[Figure]:
    sources, fetched = app.facts.sources, store.fetched(c)
    patience = {
        name: timedelta(hours=load_card(name, sources.folder).stale_after_hours) for name in sources.names
    }
    age = {name: (now - fetched[name]).total_seconds() for name in sources.names if name in fetched}
    stale = {
        name: float(name not in fetched or now - fetched[name] > patience[name]) for name in sources.names
    }
    yield Figure("travelrisk_feed_age_seconds", "Age of the last good copy of a source.", age, "feed")
    yield Figure("travelrisk_feed_stale", "1 = older than its card allows, or never had.", stale, "feed")


def _one(name: str, meaning: str, value: float) -> Figure:
    return Figure(name, meaning, {"": float(value)})
