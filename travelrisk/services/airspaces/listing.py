"""The airspaces that are drawn, and what is on record about each."""

from collections import defaultdict
from dataclasses import dataclass

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.ratings import Caution, Rating, Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.services.ratings.records import State, state_of
from travelrisk.store import ratings
from travelrisk.store.database import reading


@dataclass(frozen=True, slots=True)
class Drawn:
    """An airspace, how it stands today, and the open ratings and cautions about it."""

    airspace: Airspace
    state: State
    about: tuple[Rating | Caution, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """How an outline is made up; the boxes are those of its points, in degrees."""

    polygons: int
    points: int
    latitudes: tuple[float, float]
    longitudes: tuple[float, float]


def drawn(app: Application) -> tuple[Drawn, ...]:
    """Return the open airspaces by key; one query."""
    today = app.clock().date()
    with reading(app.engine) as c:
        records = ratings.in_force(c)
    about = defaultdict(list)
    for record in records:
        if isinstance(record, Rating | Caution) and record.subject.kind is SubjectKind.AIRSPACE:
            about[record.subject.key].append(record)
    airspaces = sorted((each for each in records if isinstance(each, Airspace)), key=lambda each: each.key)
    return tuple(Drawn(each, state_of(each, today), tuple(about[each.key])) for each in airspaces)


def of_key(app: Application, key: str) -> tuple[Drawn, ...]:
    """Return all outlines ever on record under a key, the newest first.

    Raises:
        NotFoundError: there never was one.
    """
    today, wanted = app.clock().date(), key.strip().upper()
    with reading(app.engine) as c:
        records = ratings.records(c, Subject(SubjectKind.AIRSPACE, wanted))
    about = tuple(each for each in records if isinstance(each, Rating | Caution) and each.closed_in is None)
    found = [each for each in records if isinstance(each, Airspace)]
    if not found:
        raise NotFoundError(f"no airspace {wanted} was ever drawn: travelrisk airspaces list names them")
    return tuple(
        Drawn(each, state_of(each, today), about if each.closed_in is None else ()) for each in found
    )


def extent(airspace: Airspace) -> Extent:
    """Return how the outline of an airspace is made up."""
    from travelrisk.domain.sphere.outlines import polygons_of  # noqa: PLC0415 - numpy takes its time

    polygons = polygons_of(airspace.outline, airspace.key)
    points = [point for polygon in polygons for ring in polygon for point in ring]
    longitudes, latitudes = zip(*points, strict=True)
    return Extent(
        len(polygons), len(points), (min(latitudes), max(latitudes)), (min(longitudes), max(longitudes))
    )
