"""A report: all figures of a period, as far as whoever asks may see them.

A travel unit sees its own office. Focal points and auditors see the whole, and may look at one office; there,
a figure that rests on fewer than five things is left out, because it would be about people.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Delegation, Person, Role, roles_on
from travelrisk.services.application import Application
from travelrisk.services.reports import desk, journeys, letters
from travelrisk.services.reports.figures import FEWEST, Figure
from travelrisk.services.reports.journeys import Journeys
from travelrisk.services.reports.periods import Period
from travelrisk.store import ratings, reports
from travelrisk.store.database import reading
from travelrisk.store.reports import Span

_WHOLE: Final = frozenset({Role.FOCAL_POINT, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see.

    Attributes:
        office: the only one; None = all of them.
        is_own: whether it is the office of whoever looks, who may see how few there are.
    """

    office: str | None = None
    is_own: bool = False


EVERYTHING: Final = Sight()
"""For whoever can start the program on this machine."""


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period; *made_at* is until when they are known."""

    period: Period
    sight: Sight
    made_at: datetime
    figures: tuple[Figure, ...]

    def figure(self, key: str) -> Figure:
        """Return one figure.

        Raises:
            NotFoundError: this report has no such figure.
        """
        for each in self.figures:
            if each.key == key:
                return each
        raise NotFoundError(f"this report has no figure '{key}'")


def sight_of(person: Person, day: date, delegations: Sequence[Delegation], office: str = "") -> Sight:
    """Return what somebody may see who asks for an office; empty = for all that they may see.

    Raises:
        NotFoundError: the office is not theirs, or they have none.
    """
    if roles_on(person, day, delegations) & _WHOLE:
        return Sight(office or None)
    if not person.unit or office not in {"", person.unit}:
        raise NotFoundError("there is no report on this office for you: ask an administrator for your office")
    return Sight(person.unit, is_own=True)


def report(app: Application, sight: Sight, period: Period) -> Report:
    """Count everything in a period, in one view of the database and always as many statements.

    Raises:
        StoreError: the database cannot be read.
    """
    now = app.clock()
    with reading(app.engine) as c:
        figures = tuple(_figures(c, sight, period, now))
    return Report(period, sight, now, figures)


def offices(app: Application) -> tuple[str, ...]:
    """Return the offices that somebody who sees the whole may choose from."""
    with reading(app.engine) as c:
        return reports.offices(c)


def _figures(c: Connection, sight: Sight, period: Period, now: datetime) -> list[Figure]:
    span = period.span(sight.office)
    those = _journeys(c, span)
    granted, posted, lost = reports.allowed(c, span), reports.posted(c, span), reports.lost(c, span)
    day = min(period.last, now.date())
    records = ratings.known_in(c, ratings.edition_before(c, span.until))
    told = _teller(sight)
    arrived, is_whole = len(those.screened), sight.office is None
    return [
        told(journeys.screened(those, period), arrived),
        *([journeys.offices(those)] if is_whole else []),
        told(journeys.verdicts(those), arrived),
        told(journeys.changed(those), arrived),
        told(journeys.answers(those, period), arrived),
        told(journeys.late(those), arrived),
        told(journeys.unrated(those), arrived),
        told(desk.exceptions(granted, is_own=sight.is_own), len(granted)),
        *([desk.approvers(granted)] if is_whole else []),
        desk.stale(records, day),
        told(letters.letters(posted), len(posted)),
        told(letters.unreached(lost), len(lost)),
    ]


def _journeys(c: Connection, span: Span) -> Journeys:
    return Journeys(
        reports.arrivals(c, span),
        reports.departures(c, span),
        reports.judgements(c, span),
        reports.noted(c, span),
        reports.answering(c, span),
    )


def _teller(sight: Sight) -> Callable[[Figure, int], Figure]:
    """Return what leaves the rows out of a figure that rests on too few things of one office."""
    is_outside = sight.office is not None and not sight.is_own

    def told(figure: Figure, base: int) -> Figure:
        return (
            replace(figure, rows=(), total=False, note="too_few") if is_outside and base < FEWEST else figure
        )

    return told
