"""What a feed is: one door through which it fetches, and one pure function from answers to facts.

A new feed is a module with a class of these two methods, a card in ``data/feeds/``, a line in ``registry.py``
and a folder of saved answers under ``tests/cases/feeds/``.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from travelrisk.domain.airspaces import Scope
from travelrisk.domain.ratings import Subject
from travelrisk.feeds.card import Asked, Card
from travelrisk.feeds.faults import Fault, FeedError


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a source says, in its own words.

    Attributes:
        key: the same for the same thing in the next answer, whatever the source changed about it.
        title: how the source calls it.
        subjects: what it concerns, as far as we could tell; none = nobody could be found, see the problems.
        level: the word by which the source grades it, as its card lists them; never translated or averaged.
        words: what the source says, without markup.
        asks: what it would ask for here; None = nothing by itself.
        issued: when the source said so first, or last changed it.
        valid_until: the last day, as the source gave it; None = it gave none.
        url: where people read it.
        airspaces: keys of the airspaces that it names, such as location indicators of FIRs.
        scope: the flight levels that it names; None = all, or none could be told.
        undrawn: limits that can only be said in the source's words, such as ``west of the line A-B``.
        excepted: names of operators or places to which it does not apply, as the source writes them.
        finding: the finding of its factor, where its card names one as evidence; *limits*, *aoc* go with it.
    """

    key: str
    title: str
    subjects: tuple[Subject, ...]
    level: str
    words: str
    asks: Asked | None = None
    issued: date | None = None
    valid_until: date | None = None
    url: str = ""
    airspaces: tuple[str, ...] = ()
    scope: Scope | None = None
    undrawn: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    finding: str = ""
    limits: tuple[str, ...] = ()
    aoc: str = ""


class ProblemKind(StrEnum):
    """What is told about an answer that could be used, but not as a whole."""

    NOT_UNDERSTOOD = "not_understood"
    UNMAPPED_COUNTRY = "unmapped_country"
    UNMAPPED_CARRIER = "unmapped_carrier"
    EXPIRED = "expired"
    REPEATED = "repeated"
    OLD_COPY = "old_copy"
    NOT_COMPARABLE = "not_comparable"


class Problem(NamedTuple):
    """Something that a person should know of: *where* is the row or bulletin, *words* what stands there."""

    kind: ProblemKind
    where: str
    words: str = ""


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


def read(feed: Feed, fetched: Fetched) -> Reading:
    """Read what came, and refuse what can only be half of it.

    Raises:
        FeedError: the form has changed, two facts have one key, or there are fewer rows than the floor.
    """
    reading = feed.facts(fetched)
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


def expired(fact: Fact, day: date) -> bool:
    """Say whether the last day that the source gave is past: that asks for a look, and never means calm."""
    return fact.valid_until is not None and fact.valid_until < day
