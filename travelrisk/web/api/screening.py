"""Itineraries are screened, each under a key of the caller's; nothing is stored unless that is asked for."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Final

from flask import request
from pydantic_core import to_json

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.programs import Program, Scope
from travelrisk.domain.shapes import Shape, itinerary_shape
from travelrisk.intake.document import Document
from travelrisk.intake.partners.queries import Query, kept
from travelrisk.screening.ways import ways_shape
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.trips.alternatives import other_ways
from travelrisk.services.trips.checking import Standpoint, judged, standpoint, standpoint_of_now
from travelrisk.services.trips.mapping import mapped
from travelrisk.services.trips.receiving import receive
from travelrisk.services.trips.understanding import Understood, people_of_query, understand_query
from travelrisk.web import callers
from travelrisk.web.api.again import People, asked_again, digest
from travelrisk.web.api.bodies import read_before
from travelrisk.web.api.contract.calls import IDEMPOTENCY_KEY, Asked, Told
from travelrisk.web.api.models.screening import ScreenParameters, ScreenRequest
from travelrisk.web.api.responses import LATE, Result, refused, response, stamp, whole
from travelrisk.web.parts import application
from travelrisk.web.refusals import RefusedError

_PATIENCE_S: Final = 25.0  # for all queries of a call; proxies give up after thirty
MOST_BOOKINGS: Final = 200  # in all queries of a call: each is answered in some twenty kilobytes
_CROWDED: Final = (
    f"this call holds more than {MOST_BOOKINGS} bookings, and none of this one was taken: send fewer"
)
AskedToScreen = Asked[ScreenParameters, ScreenRequest]


def makes_trips(asked: AskedToScreen) -> bool:
    """Say whether a call is to store something, so that it must not be done twice."""
    return asked.query.store


def how_many(asked: AskedToScreen) -> int:
    """Return how many itineraries a call asks about."""
    return len(asked.sent.queries)


def screen(asked: AskedToScreen) -> Told:
    """Screen every query of a call."""
    app, program, wanted = application(), asked.program, asked.query
    if wanted.store and wanted.as_of:
        raise RefusedError(
            "not_together", "as_of looks back, and store makes a trip of today: send one of both"
        )
    if wanted.alternatives and wanted.as_of:
        raise RefusedError(
            "not_together", "as_of looks back, and nobody books a way of then: send one of both"
        )
    if wanted.store and not program.may(Scope.WRITE):
        raise RefusedError("scope", "this key only reads: store=true takes a key that writes")
    seen_from = seen(app, moment(wanted.as_of), program.office)
    then = replace(app, clock=lambda: seen_from.at)
    is_stored = wanted.store and not program.is_test
    judge = partial(_stored, app, program) if is_stored else partial(_answered, then, seen_from)
    ways = partial(_ways, then, seen_from) if wanted.alternatives else None
    is_now = not (is_stored or wanted.as_of or wanted.alternatives)
    ends, room, responses = time.monotonic() + _PATIENCE_S, MOST_BOOKINGS, {}
    queries = {key: query.model_dump(exclude_defaults=True) for key, query in asked.sent.queries.items()}
    flights = {
        key: digest(sent["segments"]) for key, sent in queries.items() if is_now and "segments" in sent
    }
    for key, sent in queries.items():
        known = _known(then, seen_from, sent, flights[key]) if key in flights and room > 0 else None
        if known is not None:
            responses[to_json(key)] = known
            room -= 1
            continue
        results = judge(key, sent, room) if time.monotonic() < ends else [refused(LATE)]
        room -= len(results)
        written = _kept(then, seen_from, flights[key], results) if key in flights else None
        responses[to_json(key)] = written or (to_json(response(results, ways)),)
    if is_now and all(sent.keys() == {"segments"} for sent in queries.values()):
        read_before().keep(request.get_data(), flights)
    return Told(whole(app, seen_from, responses, as_of=wanted.as_of, stored=is_stored))


def screen_again(program: Program, body: bytes) -> Told | None:
    """Answer a body that was read before, while all its answers are known; None = it must be read."""
    queries = read_before().queries(body)
    if queries is None:
        return None
    app = application()
    seen_from = standpoint_of_now(app, program.office)
    known, policy, moment, nobody = asked_again(), app.policy.policy, stamp(seen_from.at), People()
    responses = {}
    for query in queries:
        answer = known.answer(query.flights, seen_from, policy)
        if answer is None:
            return None
        responses[query.key_in(body)] = answer.filled(nobody, moment)
    callers.count(len(queries) - 1)  # one was counted at the door
    return Told(whole(app, seen_from, responses))


def moment(text: str) -> datetime | None:
    """Read a moment.

    Raises:
        RefusedError: there is no such day.
    """
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except ValueError:
        raise RefusedError("moment", f"{text}: there is no such day") from None


def seen(app: Application, as_of: datetime | None, office: str = "") -> Standpoint:
    """Return from where to judge.

    Raises:
        RefusedError: the moment has not come yet.
    """
    if as_of is None:
        return standpoint_of_now(app, office)
    try:
        return standpoint(app, as_of, office)
    except NotFoundError as error:
        raise RefusedError("moment", str(error)) from None


def _answered(then: Application, seen_from: Standpoint, _key: str, query: Query, room: int) -> list[Result]:
    understood = _understood(then, query, seen_from.whose.office)
    results = list(islice(judged(then, understood, seen_from), room + 1))
    return list(results) if len(results) <= room else [refused(_CROWDED)]


def _stored(app: Application, program: Program, key: str, query: Query, room: int) -> list[Result]:
    if not _has_room(app, query, program.office, room):
        return [refused(_CROWDED)]
    reference = f"{request.headers.get(IDEMPOTENCY_KEY, '')} {key}"
    document = Document(kept(query, program.office, reference), "query.json", "application/json")
    results = list(receive(app, document, office=program.office, actor=program.actor))
    looked(app, program.viewer, Purpose.API, [each.trip.id for each in results if each.trip])
    return list(results)


def _known(
    then: Application, seen_from: Standpoint, query: Query, flights: bytes
) -> tuple[bytes, ...] | None:
    """Return the answer to flights that somebody asked about before, where it would be the same now."""
    known = asked_again().answer(flights, seen_from, then.policy.policy)
    if known is None:
        return None
    is_bare = query.keys() == {"segments"}
    people = People() if is_bare else People.of(itinerary_shape(people_of_query(then, query)))
    return known.filled(people, stamp(seen_from.at))


def _kept(
    then: Application, seen_from: Standpoint, flights: bytes, results: Sequence[Result]
) -> tuple[bytes, ...] | None:
    """Return the answer to flights that are remembered from now on."""
    result = results[0]
    if len(results) > 1 or not (result.advisory and result.itinerary):
        return None
    return asked_again().keep(flights, response(results), result.itinerary, seen_from, then.policy.policy)


def _has_room(app: Application, query: Query, office: str, room: int) -> bool:
    """Say whether a query holds no more bookings than may be stored; it is read for that alone."""
    if "segments" in query:
        return room > 0
    bookings = (1 for part in _understood(app, query, office) for _ in part.itineraries or [None])
    return sum(islice(bookings, room + 1)) <= room


def _understood(app: Application, query: Query, office: str) -> Iterator[Understood]:
    return understand_query(app, query, lambda document: mapped(app, document, office))


def _ways(then: Application, seen_from: Standpoint, result: Result) -> list[Shape]:
    """Return the better-rated ways of what is not cleared outright."""
    if result.itinerary is None or result.advisory is None:
        return []
    found = other_ways(then, result.itinerary, result.advisory, seen_from.whose)
    return [ways_shape(each) for each in found]
