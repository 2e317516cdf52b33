"""What ends soon, or has ended and is still on record: validity, reviews, evidence, cautions, authorisations.

Each with how many upcoming journeys it touches, so that the work starts where people are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import base_id
from travelrisk.domain.ratings import Caution, Rating, Record, Subject, subject_of
from travelrisk.services.application import Application
from travelrisk.services.desk.demand import demands_of
from travelrisk.services.ratings.records import name_of
from travelrisk.store import ratings
from travelrisk.store.database import reading
from travelrisk.store.queue import Demand

_NONE: Final = Demand(0, None)


class Kind(StrEnum):
    """What ends."""

    VALIDITY = "validity"
    REVIEW = "review"
    EVIDENCE = "evidence"
    CAUTION = "caution"
    AUTHORISATION = "authorisation"


@dataclass(frozen=True, slots=True)
class Ending:
    """One date that comes, or has passed.

    Attributes:
        last: the last day on which it holds.
        record: base id of the record. name: of what it is about, with its code.
        title: of the evidence, where that is what ends.
        days: until then; negative once it has passed.
        journeys: how many upcoming itineraries touch the subject. earliest: when the first of them departs.
    """

    kind: Kind
    last: date
    record: str
    subject: Subject
    name: str
    title: str
    days: int
    journeys: int
    earliest: date | None


def expiring(app: Application, days: int) -> tuple[Ending, ...]:
    """Return what ends within *days* or has ended already, the earliest first.

    Evidence that lasts as long as its record is no end of its own: one thing to do is told once. An
    authorisation that has ended is left out: it has no effect any more, and none is missing.
    """
    today = app.clock().date()
    with reading(app.engine) as c:
        ends = [
            (record, *end)
            for record in ratings.in_force(c)
            for end in _ends(record, today, today + timedelta(days))
        ]
        demands = demands_of(app, c, {subject_of(record) for record, *_ in ends}, today)
    found = [
        Ending(
            kind=kind,
            last=last,
            record=base_id(record.id),
            subject=subject_of(record),
            name=name_of(app, record),
            title=title,
            days=(last - today).days,
            journeys=demands.get(subject_of(record), _NONE).itineraries,
            earliest=demands.get(subject_of(record), _NONE).earliest,
        )
        for record, kind, last, title in ends
    ]
    return tuple(sorted(found, key=lambda each: (each.last, -each.journeys, each.record, each.title)))


def _ends(record: Record, today: date, soon: date) -> Iterator[tuple[Kind, date, str]]:
    for kind, last, title in _dates(record):
        is_over = isinstance(record, Authorisation) and last < today
        if last <= soon and not is_over:
            yield kind, last, title


def _dates(record: Record) -> Iterator[tuple[Kind, date, str]]:
    if record.valid_until is not None:
        yield _kind(record), record.valid_until, ""
    if isinstance(record, Rating) and record.review_on is not None:
        yield Kind.REVIEW, record.review_on, ""
    if isinstance(record, Rating | Caution):
        for each in record.evidence:
            if each.valid_until is not None and each.valid_until < (record.valid_until or date.max):
                yield Kind.EVIDENCE, each.valid_until, each.title


def dates_of(record: Record) -> frozenset[date]:
    """Return the first and the last day of a record, and the last days of what it rests on."""
    last = [record.valid_until]
    if isinstance(record, Rating):
        last.append(record.review_on)
    if isinstance(record, Rating | Caution):
        last.extend(each.valid_until for each in record.evidence)
    return frozenset(filter(None, (record.valid_from, *last)))


def _kind(record: Record) -> Kind:
    if isinstance(record, Caution):
        return Kind.CAUTION
    return Kind.AUTHORISATION if isinstance(record, Authorisation) else Kind.VALIDITY
