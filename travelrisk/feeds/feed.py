"""What a feed is: one door through which it fetches, and one pure function from answers to facts.

A new feed is a module with a class of these two methods, a card in ``data/feeds/``, a line in ``registry.py``
and a folder of saved answers under ``tests/cases/feeds/``.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from travelrisk.domain.facts import Fact, Problem
from travelrisk.feeds.card import Card
from travelrisk.feeds.faults import Fault, FeedError


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a source, decoded.

    Attributes:
        etag, last_modified: what the source takes back to say that nothing has changed.
    """

    url: str
    content: bytes
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Everything that one round of fetching brought.

    Attributes:
        answers: by the names of their parts; the same part has the same name each time.
        problems: parts that did not come, where the rest is worth reading without them.
    """

    card: Card
    retrieved_at: datetime
    answers: Mapping[str, Answer]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: *rows* counts all that the source listed, understood or not."""

    facts: tuple[Fact, ...]
    problems: tuple[Problem, ...]
    rows: int


class Session(Protocol):
    """How a feed asks: see ``http.py``, which keeps to the rules of fetching."""

    def get(self, url: str) -> Answer:
        """Return what stands there now.

        Raises:
            FeedError: nothing usable came.
        """
        ...

    def known(self, url: str) -> Answer | None:
        """Return the answer of the last good round, if there was one."""
        ...

    def now(self) -> datetime:
        """Return the aware time."""
        ...


class Feed(Protocol):
    """A public source."""

    @property
    def name(self) -> str:
        """Its name in settings, and that of its card."""
        ...

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Ask the source; the only input and output of a feed.

        Raises:
            FeedError: without the part that is missing nothing can be said.
        """
        ...

    def facts(self, fetched: Fetched) -> Reading:
        """Read what came. Pure: the same answers give the same facts.

        Raises:
            FeedError: the form of the source has changed.
        """
        ...


_UNFORESEEN = (LookupError, ValueError, TypeError, AttributeError, RecursionError)


def read(feed: Feed, fetched: Fetched) -> Reading:
    """Read what came, and refuse what can only be half of it.

    Raises:
        FeedError: the form has changed, two facts have one key, or there are fewer rows than the floor.
    """
    try:
        reading = feed.facts(fetched)
    except _UNFORESEEN as error:  # a form that nobody foresaw must not end the other feeds with it
        raise FeedError(
            Fault.CHANGED, f"cannot be read ({type(error).__name__}): its form has changed"
        ) from error
    floor = fetched.card.floor
    if reading.rows < floor:
        raise FeedError(
            Fault.BELOW_FLOOR,
            f"{reading.rows} rows came, and at least {floor} are expected: taken for half an answer",
        )
    twice = [key for key, count in Counter(each.key for each in reading.facts).items() if count > 1]
    if twice:
        raise FeedError(
            Fault.CHANGED, f"two rows have the key {twice[0]}: the form of the source has changed"
        )
    return reading
