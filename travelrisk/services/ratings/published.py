"""What editions say, record by record, for whoever follows them: what is open in one, and what each changed.

Ratings and cautions only: an authorisation says which office or trip goes where.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date
from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.ratings import Caution, Rating, Record, Snapshot
from travelrisk.services.application import Application
from travelrisk.services.ratings.records import Listed, ordered
from travelrisk.store import ratings
from travelrisk.store.database import reading
from travelrisk.store.ratings import Edition

_AT_ONCE: Final = 100  # editions


class Step(NamedTuple):
    """One record of an edition, opened or closed; *place* counts within the edition, from 1."""

    edition: Edition
    place: int
    change: Literal["opened", "closed"]
    listed: Listed


def newest(app: Application) -> tuple[Snapshot, Edition | None]:
    """Return the newest ratings, and who published them when; None where nobody ever did."""
    with reading(app.engine) as c:
        snapshot = app.shelf.newest(c)
        return snapshot, ratings.edition_facts(c, snapshot.edition) if snapshot.edition else None


def open_in(app: Application, edition: int, day: date) -> list[Listed]:
    """Return what is open in an edition, as it stands on a day, in the order of the ids.

    Raises:
        NotFoundError: there is no such edition.
    """
    with reading(app.engine) as c:
        known = ratings.known_in(c, edition)
    return sorted(ordered(app, _told(known), day), key=lambda each: each.record.id)


def steps(app: Application, edition: int, place: int, most: int) -> list[Step]:
    """Return up to *most* records that were opened or closed after a place in an edition, the oldest first.

    Raises:
        NotFoundError: there is no such place.
    """
    with reading(app.engine) as c:
        if not 0 <= edition <= ratings.current_edition(c) or place < 0:
            raise NotFoundError(f"there is no place {place} in an edition {edition}")
        found = []
        for step in _steps(app, c, max(edition - 1, 0)):
            if (step.edition.number, step.place) > (edition, place):
                found.append(step)
            if len(found) == most:
                break
    return found


def _steps(app: Application, c: Connection, after: int) -> Iterator[Step]:
    day = app.clock().astimezone(UTC).date()
    for first in range(after, ratings.current_edition(c), _AT_ONCE):
        for edition in ratings.editions_between(c, first, first + _AT_ONCE):
            opened, closed = ratings.changed_in(c, edition.number)
            place = 0
            for change, records in (("closed", closed), ("opened", opened)):
                for record in sorted(_told(records), key=lambda each: each.id):
                    place += 1
                    (listed,) = ordered(app, [record], day)
                    yield Step(edition, place, change, listed)  # type: ignore[arg-type] # one of the two words


def _told(records: Iterable[Record]) -> list[Record]:
    return [each for each in records if isinstance(each, Rating | Caution)]
