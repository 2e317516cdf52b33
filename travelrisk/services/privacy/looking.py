"""Whoever is shown trips of an office leaves a note of it: who, when, why, and which trips."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from travelrisk.domain.people import Viewer
from travelrisk.services.application import Application
from travelrisk.store import lookups
from travelrisk.store.database import reading, transact


class Purpose(StrEnum):
    """Why trips are looked at; a traveller who asks who looked is told this."""

    DESK = "desk"
    SEARCH = "search"
    BATCH = "batch"
    WHEREABOUTS = "whereabouts"
    API = "api"
    EXPORT = "export"


class Look(NamedTuple):
    """That a trip was looked at, as its traveller is told: by which office and why, and never by whom.

    The page of a trip opens for whoever has its link, which gets forwarded; colleagues at a desk are no
    business of theirs. Who it was stands in the table, for an auditor who is asked.
    """

    at: datetime
    office: str
    purpose: str


def looks_at(app: Application, trip_id: int) -> tuple[Look, ...]:
    """Return who was shown a trip, by office and purpose, the newest look first; each once a day."""
    with reading(app.engine) as c:
        every = lookups.of_trip(c, trip_id)
    newest: dict[tuple[date, str, str], datetime] = {}
    for each in every:
        newest.setdefault((each.at.date(), each.office, each.purpose), each.at)
    return tuple(Look(at, office, purpose) for (_, office, purpose), at in newest.items())


def looked(app: Application, viewer: Viewer, purpose: Purpose, trip_ids: Collection[int]) -> None:
    """Note that *viewer* is shown these trips; call it before they are shown.

    Raises:
        StoreError: the note cannot be written; then nothing may be shown.
    """
    transact(
        app.engine,
        partial(lookups.note, viewer=viewer, purpose=purpose.value, trip_ids=trip_ids, at=app.clock()),
    )
