"""How many upcoming itineraries touch a subject: asked by the queue, and by the list of what ends soon."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.store import queue
from travelrisk.store.queue import Demand

_BY_CODE: Final[dict[SubjectKind, queue.Where]] = {
    SubjectKind.CARRIER: "carrier",
    SubjectKind.AIRPORT: "airport",
    SubjectKind.ROUTE: "pair",
}
_NONE: Final = Demand(0, None)


def demands_of(
    app: Application, c: Connection, subjects: Iterable[Subject], today: date
) -> dict[Subject, Demand]:
    """Return how many upcoming itineraries touch each subject.

    All carriers, airports and pairs are asked for at once; a carrier on a pair counts as the pair does.
    """
    found: dict[Subject, Demand] = {}
    by_kind: defaultdict[SubjectKind, list[Subject]] = defaultdict(list)
    for subject in subjects:
        by_kind[subject.kind].append(subject)
    for kind, where in _BY_CODE.items():
        codes = {each: each.key.rpartition(":")[2] for each in by_kind[kind]}
        demands = queue.demands(c, set(codes.values()), today, where)
        found |= {subject: demands.get(code, _NONE) for subject, code in codes.items()}
    for subject in by_kind[SubjectKind.STATE]:
        found[subject] = queue.demand(c, app.book.of_state(subject.key), today, "carrier")
    for subject in by_kind[SubjectKind.COUNTRY]:
        found[subject] = queue.demand(c, app.atlas.airports_in(subject.key), today, "airport")
    return found
