"""Facts of public sources, in the sources' own words; what changed between two readings of one source.

A fact is no rating: it may be the evidence of one. Scales of different sources are never translated into one
another, nor averaged.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from travelrisk.domain.airspaces import Scope
from travelrisk.domain.ratings import Level, Subject
from travelrisk.domain.verdicts import Verdict

Asked = Level | Verdict
"""What a fact would ask for: a level for a rating, or a verdict for a caution."""


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

    @property
    def undated(self) -> "Fact":
        """The fact without the day of its last change: publishing the same words again says nothing new."""
        return replace(self, issued=None)


class ProblemKind(StrEnum):
    """What is told about an answer that could be used, but not as a whole."""

    NOT_UNDERSTOOD = "not_understood"
    UNMAPPED_COUNTRY = "unmapped_country"
    UNMAPPED_CARRIER = "unmapped_carrier"
    EXPIRED = "expired"
    REPEATED = "repeated"
    OLD_COPY = "old_copy"


class Problem(NamedTuple):
    """Something that a person should know of: *where* is the row or bulletin, *words* what stands there."""

    kind: ProblemKind
    where: str
    words: str = ""


class News(StrEnum):
    """What happened to a fact between two readings."""

    NEW = "new"
    EXTENDED = "extended"
    CHANGED = "changed"
    GONE = "gone"
    EXPIRED = "expired"


class Difference(NamedTuple):
    """What happened to one fact; level and end as they are, and as they were."""

    news: News
    key: str
    title: str
    level: str = ""
    until: date | None = None
    was_level: str = ""
    was_until: date | None = None


def expired(fact: Fact, day: date) -> bool:
    """Say whether the last day that the source gave is past: that asks for a look, and never means calm."""
    return fact.valid_until is not None and fact.valid_until < day


def differences(
    before: Mapping[str, Fact], after: Iterable[Fact], last: date | None, today: date
) -> Iterator[Difference]:
    """Yield what is new, changed, gone and past its date.

    Args:
        before: what was known, by key.
        after: what is known now.
        last: the day of the last reading; None = there was none.
        today: the day of this one.
    """
    left = dict(before)
    for fact in after:
        was = left.pop(fact.key, None)
        if was is None:
            yield Difference(News.NEW, fact.key, fact.title, fact.level, fact.valid_until)
        elif was.undated != fact.undated:
            yield _changed(News.EXTENDED if _is_extended(fact, was) else News.CHANGED, fact, was)
        if was is not None and last is not None and expired(fact, today) and not expired(fact, last):
            yield Difference(News.EXPIRED, fact.key, fact.title, fact.level, fact.valid_until)
    for was in left.values():
        yield Difference(News.GONE, was.key, was.title, "", None, was.level, was.valid_until)


def _changed(news: News, fact: Fact, was: Fact) -> Difference:
    return Difference(news, fact.key, fact.title, fact.level, fact.valid_until, was.level, was.valid_until)


def _is_extended(fact: Fact, was: Fact) -> bool:
    """Say whether all that changed is a later end, and what each revision changes: its number and its day."""
    later = (fact.valid_until or date.max) > (was.valid_until or date.max)
    return later and replace(fact, title=was.title, issued=was.issued, valid_until=was.valid_until) == was
