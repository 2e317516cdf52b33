"""What came of a file: how far it has come, its rows with the verdicts of today, and letters that wait."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.people import Viewer
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.store import advisories, batch_rows, batches, lookups, office_trips, outbox, unreleased
from travelrisk.store.batch_rows import Result, Standing
from travelrisk.store.batches import Batch
from travelrisk.store.database import reading
from travelrisk.store.outbox import Sending
from travelrisk.store.trips import Trip
from travelrisk.store.unreleased import Waiting

AT_ONCE: Final = 200
_OF_A_FILE: Final = 500
_MOST_LISTED: Final = 50
_ONE_LOOK: Final = timedelta(hours=1)
_NOBODY: Final = "no letter was written: the booking names no address"


class Letters(NamedTuple):
    """The letters of a batch that wait to be released, and how many people get them."""

    clearances: int
    warnings: int
    people: int
    people_warned: int

    @property
    def number(self) -> int:
        """How many there are."""
        return self.clearances + self.warnings


class Progress(NamedTuple):
    """A batch, how many of its rows stand at what, and the letters that wait."""

    batch: Batch
    counts: Mapping[Standing, int]
    letters: Letters

    @property
    def rows(self) -> int:
        """How many rows there are so far."""
        return sum(self.counts.values())


class Row(NamedTuple):
    """A row with all that is told of it; where nothing was understood there are no trip and advisory.

    *letter* is the newest of the trip, *is_kept_back* says whether it waits to be released.
    """

    result: Result
    trip: Trip | None = None
    itinerary: Itinerary | None = None
    advisory: Advisory | None = None
    letter: Sending | None = None
    is_kept_back: bool = False

    @property
    def is_unaddressed(self) -> bool:
        """Say whether it is a warning of which only a person can tell the traveller."""
        is_warning = self.advisory is not None and self.advisory.verdict is not Verdict.CLEARED
        return is_warning and self.letter is None

    @property
    def nobody(self) -> str:
        """Why nobody is written to; empty where somebody is, or where there is nothing to tell."""
        if self.advisory is None or self.letter is not None:
            return ""
        return f"{_NOBODY}; call the traveller" if self.is_unaddressed else _NOBODY


def newest(
    app: Application, viewer: Viewer, limit: int = _MOST_LISTED, before: int | None = None
) -> tuple[tuple[Batch, int], ...]:
    """Return the batches of the viewer's office, the newest first, each with its letters that wait.

    Args:
        app: the parts of the service.
        viewer: of which office.
        limit: how many.
        before: id of the last batch that is known already; None = begin with the newest.
    """
    with reading(app.engine) as c:
        found = batches.newest_of_office(c, viewer.office, limit, before)
        waiting = unreleased.count_of(c, [each.id for each in found])
    return tuple((each, waiting.get(each.id, 0)) for each in found)


def progress(app: Application, viewer: Viewer, reference: str) -> Progress:
    """Return how far a batch has come.

    Raises:
        NotFoundError: this office has no such batch.
    """
    with reading(app.engine) as c:
        batch = batches.of_office(c, viewer.office, reference)
        counts = batch_rows.counts(c, batch.id)
        # Nobody can send them before the file was read to its end; until then the page asks each moment.
        waiting = unreleased.waiting(c, batch.id) if batch.finished_at else ()
        return Progress(batch, counts, letters_of(waiting))


def rows(  # noqa: PLR0913 - of which batch, and which of them
    app: Application,
    viewer: Viewer,
    reference: str,
    *,
    standing: Standing | None = None,
    start: int = 0,
    limit: int = AT_ONCE,
    with_letter: bool = False,
    purpose: Purpose = Purpose.BATCH,
) -> tuple[Row, ...]:
    """Return rows of a batch, problems first, on demand those with a letter that waits; looking is noted.

    Raises:
        NotFoundError: this office has no such batch.
    """
    with reading(app.engine) as c:
        batch = batches.of_office(c, viewer.office, reference)
        found = batch_rows.results(
            c, batch.id, standing=standing, start=start, limit=limit, with_letter=with_letter
        )
        told = _told(c, viewer, found)
    return _noted(app, viewer, purpose, told)


def page_of(  # noqa: PLR0913 - of which batch, and which of them
    app: Application,
    viewer: Viewer,
    reference: str,
    *,
    standing: Standing | None,
    after: int | None,
    limit: int,
) -> tuple[Row, ...]:
    """Return rows of a batch in the order of the file; that a program is told them is noted.

    Args:
        app: the parts of the service.
        viewer: the program, of which office.
        reference: of the batch.
        standing: only rows that stand so.
        after: position of the last row that it has; None = it has none.
        limit: how many.

    Raises:
        NotFoundError: this office has no such batch.
    """
    with reading(app.engine) as c:
        batch = batches.of_office(c, viewer.office, reference)
        found = batch_rows.results(c, batch.id, standing=standing, limit=limit, in_order=True, after=after)
        told = _told(c, viewer, found)
    return _noted(app, viewer, Purpose.API, told)


def every_row(
    app: Application,
    viewer: Viewer,
    reference: str,
    purpose: Purpose = Purpose.EXPORT,
) -> Iterator[Row]:
    """Yield all rows of a batch in the order of the file, piece by piece; that they are looked at is noted.

    Raises:
        NotFoundError: this office has no such batch.
    """
    after: int | None = None
    while True:
        with reading(app.engine) as c:
            batch = batches.of_office(c, viewer.office, reference)
            found = batch_rows.results(c, batch.id, limit=_OF_A_FILE, in_order=True, after=after)
            told = _told(c, viewer, found)
        yield from _noted(app, viewer, purpose, told)
        if len(found) < _OF_A_FILE:
            return
        after = found[-1].position


def letters_of(waiting: Sequence[Waiting]) -> Letters:
    """Count letters that wait."""
    warned = {each.recipient.casefold() for each in waiting if each.is_warning}
    return Letters(
        sum(not each.is_warning for each in waiting),
        sum(each.is_warning for each in waiting),
        len({each.recipient.casefold() for each in waiting}),
        len(warned),
    )


def _told(c: Connection, viewer: Viewer, found: Sequence[Result]) -> tuple[Row, ...]:
    ids = [each.trip_id for each in found if each.trip_id is not None]
    known = office_trips.own(c, viewer.office, ids)
    letters = outbox.of_trips(c, list(known))
    kept = unreleased.are_kept_back(c, ids)
    judged = advisories.by_ids(c, [each.advisory_id for each in found if each.advisory_id is not None])
    wanted = {each.judged or each.itinerary_id for each in found} - {None}
    journeys = office_trips.journeys(c, [each for each in wanted if each is not None])

    def row(result: Result) -> Row:
        trip = known.get(result.trip_id or 0)
        if trip is None:
            return Row(result)
        stored = judged.get(result.advisory_id or 0)
        standing = [each for each in letters.get(trip.id, ()) if each.state != "superseded"]
        return Row(
            result,
            trip,
            journeys.get(result.judged or result.itinerary_id or 0),
            stored.advisory if stored else None,
            standing[-1] if standing else None,
            trip.id in kept,
        )

    return tuple(map(row, found))


def _noted(app: Application, viewer: Viewer, purpose: Purpose, told: tuple[Row, ...]) -> tuple[Row, ...]:
    shown = {each.trip.id for each in told if each.trip is not None}
    if purpose is Purpose.BATCH:  # a page that reads itself again each moment is one look
        with reading(app.engine) as c:
            shown -= lookups.lately(c, viewer, purpose, app.clock() - _ONE_LOOK)
    if shown:
        looked(app, viewer, purpose, shown)
    return told
