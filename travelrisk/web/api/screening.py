"""Itineraries are screened, each under a key of the caller's; nothing is stored unless that is asked for."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Final

from flask import request
from pydantic_core import to_json

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary, Outcome, Segment
from travelrisk.domain.programs import Program, Scope
from travelrisk.domain.shapes import Shape, itinerary_shape, notice, worst_outcome
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.intake.partners.queries import Query, kept
from travelrisk.screening.engine import ENGINE
from travelrisk.screening.explain import what_to_do
from travelrisk.screening.ways import ways_shape
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.trips.alternatives import other_ways
from travelrisk.services.trips.checking import Answer, Standpoint, judged, standpoint, standpoint_of_now
from travelrisk.services.trips.mapping import mapped
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.trips.understanding import Understood, people_of_query, understand_query
from travelrisk.web.api.again import asked_again
from travelrisk.web.api.contract.calls import IDEMPOTENCY_KEY, Asked, Told
from travelrisk.web.api.findings import told
from travelrisk.web.api.models.screening import ScreenParameters, ScreenRequest
from travelrisk.web.parts import application
from travelrisk.web.refusals import RefusedError

GOOD_FOR: Final = timedelta(hours=24)
_PATIENCE_S: Final = 25.0  # for all queries of a call; proxies give up after thirty
MOST_BOOKINGS: Final = 200  # in all queries of a call: each is answered in some twenty kilobytes
_LATE: Final = "there was no time left to look at this one: send it again, in a call of its own"
_CROWDED: Final = (
    f"this call holds more than {MOST_BOOKINGS} bookings, and none of this one was taken: send fewer"
)
STEPS: Final = {
    Verdict.CLEARED: "book",
    Verdict.CONDITIONAL: "book_if_conditions_hold",
    Verdict.REVIEW: "ask_focal_point",
    Verdict.NOT_CLEARED: "do_not_book",
}
_NOTHING: Final = frozenset({Outcome.NOTHING_FOUND, Outcome.UNREADABLE})

_NO_PEOPLE: Final[Mapping[str, Any]] = {"locators": [], "travellers": []}

Result = Answer | Received
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
    for key, query in asked.sent.queries.items():
        sent = query.model_dump(exclude_defaults=True)
        known = _known(then, seen_from, sent) if is_now and room > 0 else None
        if known is not None:
            responses[key] = known
            room -= 1
            continue
        results = judge(key, sent, room) if time.monotonic() < ends else [_refused(_LATE)]
        room -= len(results)
        written = _remembered(then, seen_from, sent, results) if is_now else None
        responses[key] = written or (to_json(_response(results, ways)),)
    return Told(_whole(app, seen_from, responses, as_of=wanted.as_of, stored=is_stored))


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
    return list(results) if len(results) <= room else [_refused(_CROWDED)]


def _stored(app: Application, program: Program, key: str, query: Query, room: int) -> list[Result]:
    if not _has_room(app, query, program.office, room):
        return [_refused(_CROWDED)]
    reference = f"{request.headers.get(IDEMPOTENCY_KEY, '')} {key}"
    document = Document(kept(query, program.office, reference), "query.json", "application/json")
    results = list(receive(app, document, office=program.office, actor=program.actor))
    looked(app, program.viewer, Purpose.API, [each.trip.id for each in results if each.trip])
    return list(results)


def _known(then: Application, seen_from: Standpoint, query: Query) -> tuple[bytes, ...] | None:
    """Return the answer to flights that somebody asked about before, where it would be the same now."""
    if "segments" not in query:
        return None
    shape = itinerary_shape(people_of_query(then, query)) if len(query) > 1 else _NO_PEOPLE
    flights, moment = to_json(query["segments"]), stamp(seen_from.at)
    return asked_again().answer(flights, shape, moment, seen_from, then.policy.policy)


def _remembered(
    then: Application, seen_from: Standpoint, query: Query, results: Sequence[Result]
) -> tuple[bytes, ...] | None:
    """Return the answer to flights that are remembered from now on."""
    result = results[0]
    if "segments" not in query or len(results) > 1 or not (result.advisory and result.itinerary):
        return None
    flights, response = to_json(query["segments"]), _response(results)
    return asked_again().keep(flights, response, result.itinerary, seen_from, then.policy.policy)


def _has_room(app: Application, query: Query, office: str, room: int) -> bool:
    """Say whether a query holds no more bookings than may be stored; it is read for that alone."""
    if "segments" in query:
        return room > 0
    bookings = (1 for part in _understood(app, query, office) for _ in part.itineraries or [None])
    return sum(islice(bookings, room + 1)) <= room


def _understood(app: Application, query: Query, office: str) -> Iterator[Understood]:
    return understand_query(app, query, lambda document: mapped(app, document, office))


def _refused(reason: str) -> Answer:
    return Answer("", Outcome.UNREADABLE, reason, (), None, None)


def _ways(then: Application, seen_from: Standpoint, result: Result) -> list[Shape]:
    """Return the better-rated ways of what is not cleared outright."""
    if result.itinerary is None or result.advisory is None:
        return []
    found = other_ways(then, result.itinerary, result.advisory, seen_from.whose)
    return [ways_shape(each) for each in found]


def _response(
    results: Sequence[Result], ways: Callable[[Result], list[Shape]] | None = None
) -> dict[str, Any]:
    answers = [_answer(each) | {"alternatives": ways(each) if ways else None} for each in results]
    verdict = max(_verdict(each) for each in results)
    outcome = worst_outcome(each.outcome for each in results)
    is_late = any(each.reason == _LATE for each in results)
    return {
        "status": 503 if is_late else 422 if outcome is Outcome.UNREADABLE else 200,
        "verdict": verdict.word,
        "outcome": outcome.value,
        "next_step": "send_again" if all(each.outcome in _NOTHING for each in results) else STEPS[verdict],
        "advice": what_to_do(verdict)._asdict(),
        "missing": list(dict.fromkeys(name for each in answers for name in each["missing"])),
        "answers": answers,
    }


def _verdict(result: Result) -> Verdict:
    """Return the verdict; where nothing was understood, a review: no program notices a silence."""
    return result.advisory.verdict if result.advisory else Verdict.REVIEW


def _answer(result: Result) -> dict[str, Any]:
    advisory = result.advisory
    verdicts = advisory.segment_verdicts if advisory else ()
    return {
        "verdict": _verdict(result).word,
        "outcome": result.outcome.value,
        "form": result.form,
        "understood": itinerary_shape(result.itinerary) if result.itinerary else None,
        "judged": judgement(advisory) if advisory else None,
        "segments": [None if each is None else each.word for each in verdicts],
        "findings": [told(each) for each in advisory.findings] if advisory else [],
        "missing": list(missing(result.itinerary)) if result.itinerary else ["segments"],
        "reason": result.reason,
        "unread": list(result.unread),
        "trip": _trip(result) if isinstance(result, Received) else None,
    }


def judgement(advisory: Advisory) -> dict[str, Any]:
    """Tell by what a booking was judged."""
    return {
        "outcome": advisory.outcome.value,
        "edition": advisory.edition,
        "policy_version": advisory.policy_version,
        "engine": advisory.engine,
        "evaluated_at": stamp(advisory.at),
    }


def missing(itinerary: Itinerary) -> Iterator[str]:
    """Yield what is not known of an itinerary, by the name of the field that would say it."""
    for index, segment in enumerate(itinerary.segments):
        if segment.is_judged:
            yield from (f"segments[{index}].{name}" for name in _missing(segment))


def _missing(segment: Segment) -> Iterator[str]:
    marketing = segment.marketing
    known = {
        "marketing_carrier": marketing.code or marketing.name or segment.operating.basis.is_stated,
        "flight_number": marketing.number or segment.operating.number,
        "operating_carrier": segment.operating.basis.is_stated,
        "origin": segment.origin.code,
        "destination": segment.destination.code,
        "departs_local": segment.departs.day,
    }
    return (name for name, value in known.items() if not value)


def _trip(received: Received) -> dict[str, Any] | None:
    if received.trip is None:
        return None
    return {
        "reference": received.trip.reference,
        "screening_id": received.advisory_id,
        "is_new": received.is_new,
        "letters": received.letters,
        "nobody_written_to": received.nobody,
    }


def _whole(
    app: Application,
    seen_from: Standpoint,
    responses: Mapping[str, tuple[bytes, ...]],
    *,
    as_of: str,
    stored: bool,
) -> tuple[bytes, ...]:
    around = {
        "edition": seen_from.snapshot.edition,
        "policy_version": app.policy.policy.version,
        "engine": ENGINE,
        "evaluated_at": stamp(seen_from.at),
        "valid_until": stamp(app.clock() + GOOD_FOR),
        "as_of": as_of,
        "stored": stored,
        "notice": notice(demo=app.facts.demo),
    }
    pieces: list[bytes] = [b'{"responses":']
    for key, response in responses.items():
        pieces += (b"," if len(pieces) > 1 else b"{", to_json(key), b":", *response)
    return *pieces, b"},", to_json(around)[1:]


def stamp(at: datetime) -> str:
    """Write a moment in UTC."""
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"
