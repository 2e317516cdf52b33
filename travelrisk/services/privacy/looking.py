"""Whoever is shown trips of an office leaves a note of it: who, when, why, and which trips."""

from collections.abc import Collection
from enum import StrEnum
from functools import partial

from travelrisk.domain.people import Viewer
from travelrisk.services.application import Application
from travelrisk.store import lookups
from travelrisk.store.database import transact


class Purpose(StrEnum):
    """Why trips are looked at; a traveller who asks who looked is told this."""

    DESK = "desk"
    SEARCH = "search"
    BATCH = "batch"
    WHEREABOUTS = "whereabouts"
    API = "api"
    EXPORT = "export"


def looked(app: Application, viewer: Viewer, purpose: Purpose, trip_ids: Collection[int]) -> None:
    """Note that *viewer* is shown these trips; call it before they are shown.

    Raises:
        StoreError: the note cannot be written; then nothing may be shown.
    """
    transact(
        app.engine,
        partial(lookups.note, viewer=viewer, purpose=purpose.value, trip_ids=trip_ids, at=app.clock()),
    )
