"""A short run of the races: both sides must win sometimes, and nothing unreviewed is ever published."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.services.races import publish_without_lock, race, staffed
from travelrisk.services.application import Application

ROUNDS = 40
PATIENCE = 1000  # of the control, which ends as soon as it is caught


@pytest.fixture
def app(database_url: str) -> Iterator[Application]:
    app = staffed(database_url)
    yield app
    app.engine.dispose()


@pytest.mark.threat(6)
def test_nothing_is_published_that_nobody_looked_at(app: Application) -> None:
    ends = Counter(race(app, ROUNDS))
    assert ends["unreviewed"] == 0
    assert ends["published"] + ends["edited"] == ROUNDS
    assert ends["published"]
    assert ends["edited"]


@pytest.mark.threat(6)
def test_publishing_without_the_lock_is_caught(app: Application) -> None:
    assert "unreviewed" in race(app, PATIENCE, publish=publish_without_lock)
