"""Everything that is rated somewhere on the globe: airspaces and airports, with the gravest on record."""

from typing import NamedTuple

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.places import Airport
from travelrisk.domain.ratings import SubjectKind
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.gravest import gravest
from travelrisk.services.application import Application
from travelrisk.store.database import reading


class Overview(NamedTuple):
    """What is drawn and rated, the gravest first; each with what its records ask for."""

    airspaces: tuple[tuple[Airspace, Verdict], ...]
    airports: tuple[tuple[Airport, Verdict], ...]


def overview(app: Application) -> Overview:
    """Return the rated airspaces and airports of the newest edition, whatever their days.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        snapshot = app.shelf.newest(c)
    policy = app.policy.policy
    of_airspaces = gravest(snapshot, policy, SubjectKind.AIRSPACE)
    airspaces = [
        (known[-1], verdict) for key, verdict in of_airspaces.items() if (known := snapshot.sky.of_key(key))
    ]
    found = (
        (app.atlas.airport(code), verdict)
        for code, verdict in gravest(snapshot, policy, SubjectKind.AIRPORT).items()
    )
    airports = [(airport, verdict) for airport, verdict in found if airport is not None]
    return Overview(
        tuple(sorted(airspaces, key=lambda pair: (-pair[1], pair[0].key))),
        tuple(sorted(airports, key=lambda pair: (-pair[1], pair[0].code))),
    )
