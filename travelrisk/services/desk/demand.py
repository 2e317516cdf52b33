"""How many upcoming itineraries touch a subject: asked by the queue, and by the list of what ends soon."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.store import queue, routes
from travelrisk.store.queue import Demand, Group

_NONE: Final = Demand(0, None)


def demands_of(
    app: Application, c: Connection, subjects: Iterable[Subject], today: date
) -> dict[Subject, Demand]:
    """Return how many upcoming itineraries touch each subject, in one statement.

    A State is asked for as its carriers, a country as its airports, an airspace as the pairs whose tracks
    were found to pass it; a carrier on a pair counts as the pair does.
    """
    wanted = tuple(dict.fromkeys(subjects))
    found = queue.demands(c, {str(subject): _group(app, c, subject) for subject in wanted}, today)
    return {subject: found.get(str(subject), _NONE) for subject in wanted}


def _group(app: Application, c: Connection, subject: Subject) -> Group:
    if subject.kind is SubjectKind.CARRIER:
        return Group("operating", (subject.key,))
    if subject.kind is SubjectKind.STATE:
        return Group("operating", app.book.of_state(subject.key))
    if subject.kind is SubjectKind.AIRPORT:
        return Group("airport", (subject.key,))
    if subject.kind is SubjectKind.COUNTRY:
        return Group("airport", app.atlas.airports_in(subject.key))
    if subject.kind is SubjectKind.AIRSPACE:
        return Group("pair", routes.passing(c, subject.key))
    return Group("pair", (subject.key.rpartition(":")[2],))
