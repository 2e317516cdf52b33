"""What is answered to queries: their bookings with all reasons, and around them by what was judged."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic_core import to_json

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary, Outcome, Segment
from travelrisk.domain.shapes import Shape, itinerary_shape, notice, worst_outcome
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.engine import ENGINE
from travelrisk.screening.explain import what_to_do
from travelrisk.services.application import Application
from travelrisk.services.trips.checking import Answer, Standpoint
from travelrisk.services.trips.receiving import Received
from travelrisk.web.api.findings import told

GOOD_FOR: Final = timedelta(hours=24)
LATE: Final = "there was no time left to look at this one: send it again, in a call of its own"
STEPS: Final = {
    Verdict.CLEARED: "book",
    Verdict.CONDITIONAL: "book_if_conditions_hold",
    Verdict.REVIEW: "ask_focal_point",
    Verdict.NOT_CLEARED: "do_not_book",
}
_NOTHING: Final = frozenset({Outcome.NOTHING_FOUND, Outcome.UNREADABLE})

Result = Answer | Received


def refused(reason: str) -> Answer:
    """Return the answer to a query that nobody looked at."""
    return Answer("", Outcome.UNREADABLE, reason, (), None, None)


def response(
    results: Sequence[Result], ways: Callable[[Result], list[Shape]] | None = None
) -> dict[str, Any]:
    """Return the answer to a query: the gravest of its bookings.

    Args:
        results: of each booking.
        ways: finds better-rated ones; None = nobody asked for them.
    """
    answers = [_answer(each) | {"alternatives": ways(each) if ways else None} for each in results]
    verdict = max(_verdict(each) for each in results)
    outcome = worst_outcome(each.outcome for each in results)
    is_late = any(each.reason == LATE for each in results)
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


def whole(
    app: Application,
    seen_from: Standpoint,
    responses: Mapping[bytes, tuple[bytes, ...]],
    *,
    as_of: str = "",
    stored: bool = False,
) -> tuple[bytes, ...]:
    """Return all answers, by the caller's keys as JSON, in pieces of JSON."""
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
    for key, answer in responses.items():
        pieces += (b"," if len(pieces) > 1 else b"{", key, b":", *answer)
    return *pieces, b"},", to_json(around)[1:]


def stamp(at: datetime) -> str:
    """Write a moment in UTC."""
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"
