"""How the sources in use stand: their age, their last outcome, and what they say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.facts import expired
from travelrisk.feeds.card import Card, load_card
from travelrisk.services.application import Application
from travelrisk.store import feeds
from travelrisk.store.database import reading
from travelrisk.store.feeds import Known, Round


@dataclass(frozen=True, slots=True)
class State:
    """A source at one moment.

    Attributes:
        good: the last round that was taken. last: the last one of all, good or failed.
        failing_since: when the first round failed after the last good one.
    """

    name: str
    card: Card
    at: datetime
    good: Round | None
    last: Round | None
    failing_since: datetime | None
    facts: tuple[Known, ...]

    @property
    def age(self) -> timedelta | None:
        """How old the last good copy is; None = there is none."""
        return self.at - self.good.at if self.good else None

    @property
    def is_stale(self) -> bool:
        """Whether the last good copy is older than its card allows, or there is none."""
        return self.age is None or self.card.is_too_old(self.age)

    @property
    def expired(self) -> frozenset[str]:
        """Keys of the facts whose last day is past."""
        return frozenset(each.fact.key for each in self.facts if expired(each.fact, self.at.date()))


def states(app: Application) -> tuple[State, ...]:
    """Return the sources in use, in the order of the setting.

    Raises:
        ConfigurationError: a card cannot be used.
    """
    return tuple(_state(app, name) for name in app.facts.sources.names)


def state(app: Application, name: str) -> State:
    """Return one source in use.

    Raises:
        NotFoundError: it is not in use, or there is none of this name.
    """
    if name not in app.facts.sources.names:
        used = ", ".join(app.facts.sources.names) or "none"
        raise NotFoundError(f"no feed {name} is in use; in use: {used}. Name it in TRAVELRISK_FEEDS")
    return _state(app, name)


def _state(app: Application, name: str) -> State:
    card = load_card(name, app.facts.sources.folder)
    with reading(app.engine) as c:
        good, last, since = feeds.last_good(c, name), feeds.last(c, name), feeds.failing_since(c, name)
        return State(name, card, app.clock(), good, last, since, feeds.facts_of(c, name))
