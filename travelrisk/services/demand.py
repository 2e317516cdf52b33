"""How many upcoming itineraries touch a subject: asked by the queue, and by the list of what ends soon."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.store import queue
from travelrisk.store.queue import Demand

_NONE: Final = Demand(0, None)


def demands_of(
    app: Application, c: Connection, subjects: Iterable[Subject], today: date
) -> dict[Subject, Demand]:
    """Return how many upcoming itineraries touch each subject, in at most three statements.

    A State is asked for as its carriers and a country as its airports; a carrier on a pair counts as the pair
    does.
    """
    groups: dict[queue.Where, dict[str, Collection[str]]] = {"carrier": {}, "airport": {}, "pair": {}}
    wanted = tuple(dict.fromkeys(subjects))
    for subject in wanted:
        where, codes = _codes(app, subject)
        groups[where][str(subject)] = codes
    found: dict[str, Demand] = {}
    for where, named in groups.items():
        found |= queue.demands(c, named, today, where)
    return {subject: found.get(str(subject), _NONE) for subject in wanted}


def _codes(app: Application, subject: Subject) -> tuple[queue.Where, Collection[str]]:
    if subject.kind is SubjectKind.CARRIER:
        return "carrier", (subject.key,)
    if subject.kind is SubjectKind.STATE:
        return "carrier", app.book.of_state(subject.key)
    if subject.kind is SubjectKind.AIRPORT:
        return "airport", (subject.key,)
    if subject.kind is SubjectKind.COUNTRY:
        return "airport", app.atlas.airports_in(subject.key)
    return "pair", (subject.key.rpartition(":")[2],)
