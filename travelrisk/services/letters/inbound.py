"""What came back about letters: the replies of travellers, and the letters that nobody got."""

from typing import Final, NamedTuple

from travelrisk.services.application import Application
from travelrisk.store import bounces, notes
from travelrisk.store.bounces import Returned
from travelrisk.store.database import reading
from travelrisk.store.notes import Reply

MOST: Final = 200
"""Of each kind: as much as anybody reads; the older ones stand on the pages of their trips."""


class Inbound(NamedTuple):
    """What came back, the newest first."""

    replies: tuple[Reply, ...]
    returned: tuple[Returned, ...]


def newest(app: Application, office: str | None = None) -> Inbound:
    """Return what came back last; *office* is about whose trips, as for ``store.offices.within``."""
    with reading(app.engine) as c:
        return Inbound(notes.newest(c, MOST, office), bounces.newest(c, MOST, office))
