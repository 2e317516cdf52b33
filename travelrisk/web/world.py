"""The map of the world for focal points: airspaces and airports that are rated, and the same as a list."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue

from travelrisk.domain.codes import folded
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.journey import rings_of
from travelrisk.picture.sketch import Area, Place
from travelrisk.picture.world import world
from travelrisk.services.desk.overview import Overview, overview
from travelrisk.services.naming import name_of
from travelrisk.telling.names import city_name
from travelrisk.web.focal.pages import open_to_desk, page
from travelrisk.web.languages import language
from travelrisk.web.parts import application

blueprint: Final = Blueprint("world", __name__)


class Row(NamedTuple):
    """A subject on the map, as the list names it."""

    kind: str
    key: str
    name: str
    verdict: Verdict


@blueprint.get("/world")
@open_to_desk
def everywhere() -> ResponseReturnValue:
    """Show what is rated, and where."""
    app = application()
    found = overview(app)
    rows = [
        *(_row(SubjectKind.AIRSPACE, airspace.key, verdict) for airspace, verdict in found.airspaces),
        *(_row(SubjectKind.AIRPORT, airport.code, verdict) for airport, verdict in found.airports),
    ]
    gravest_first = sorted({row.verdict for row in rows}, reverse=True)
    groups = [(each, _named(row for row in rows if row.verdict is each)) for each in gravest_first]
    return page("world/page.html", svg=_svg(found), groups=groups)


def _named(rows: Iterable[Row]) -> list[Row]:
    """Sort as people look for a name: accents and capitals count for nothing."""
    return sorted(rows, key=lambda row: folded(row.name))


def _svg(found: Overview) -> str:
    said = language()
    areas = [
        Area(
            each.key,
            each.names.in_language(said),
            rings_of(each.outline, each.key),
            verdict,
            each.approximate,
        )
        for each, verdict in found.airspaces
    ]
    places = [
        Place(each.code, city_name(each, said), each.longitude, each.latitude, verdict)
        for each, verdict in found.airports
    ]
    disclaimer = application().policy.policy.sky.disclaimer or None
    return world(areas, places, said, disclaimer=disclaimer)


def _row(kind: SubjectKind, key: str, verdict: Verdict) -> Row:
    return Row(kind.value, key, name_of(application(), Subject(kind, key), language()), verdict)
