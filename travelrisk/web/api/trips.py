"""Trips of the key's office: put by an id of the caller's, and read; every reading is noted."""

from collections.abc import Mapping
from typing import Any, Final

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import ChangedMeanwhileError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.programs import Program
from travelrisk.domain.shapes import itinerary_shape
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.explain import what_to_do
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.trips import current, story
from travelrisk.services.trips.checking import judged, standpoint_of_now
from travelrisk.services.trips.current import Current
from travelrisk.services.trips.story import Entry
from travelrisk.services.trips.understanding import understand_query
from travelrisk.services.trips.upserting import Put, put
from travelrisk.store.external_trips import Name
from travelrisk.store.outbox import Sending, plain_name
from travelrisk.store.trips import Trip
from travelrisk.web.api.contract.calls import Asked, Told
from travelrisk.web.api.contract.tags import is_expected, tagged
from travelrisk.web.api.findings import told
from travelrisk.web.api.live import live
from travelrisk.web.api.models.screening import SegmentsQuery
from travelrisk.web.api.responses import STEPS, missing, stamp
from travelrisk.web.parts import application
from travelrisk.web.refusals import RefusedError

_KIND_OF_LETTER: Final = "letter"
_OF_ANSWERS: Final = frozenset({"judged", "unaddressed", "told"})


def put_trip(asked: Asked[Any, SegmentsQuery]) -> Told:
    """Let a trip be what the caller says it is."""
    query = asked.sent.model_dump(exclude_defaults=True)
    if asked.program.is_test:
        return Told(_tried(asked.program, query, asked.values))
    name = Name(asked.program.office, asked.values["system"], asked.values["ext_id"])
    try:
        done = put(
            application(),
            name,
            query,
            actor=asked.program.actor,
            is_expected=lambda known: is_expected(known.tag if known else None),
        )
    except ChangedMeanwhileError as error:
        raise RefusedError("changed_meanwhile", str(error)) from None
    _note(asked.program, done.current.trip)
    return tagged(_put(done, asked.values), done.current.tag)


def trip(asked: Asked[Any, None]) -> Told:
    """Tell where a trip stands."""
    now = current.of_office(application(), asked.values["id"], live(asked.program).office)
    _note(asked.program, now.trip)
    shape = {
        "reference": now.trip.reference,
        "system": now.name.system if now.name else None,
        "ext_id": now.name.external_id if now.name else None,
        "created_at": stamp(now.trip.created_at),
        "nobody_written_to": now.nobody,
        **_current(now),
    }
    return tagged(shape, now.tag)


def screenings(asked: Asked[Any, None]) -> Told:
    """Tell every answer on a trip."""
    found, answers = current.answers(application(), asked.values["id"], live(asked.program).office)
    _note(asked.program, found)
    shapes = [
        {
            "id": each.id,
            "screened_at": stamp(each.advisory.at),
            "edition": each.advisory.edition,
            "policy_version": each.advisory.policy_version,
            "engine": each.advisory.engine,
            "verdict": each.advisory.verdict.word,
            "outcome": each.advisory.outcome.value,
            "segments": _segments(each.advisory),
            "findings": [told(finding) for finding in each.advisory.findings],
            "understood": itinerary_shape(itinerary),
        }
        for each, itinerary in reversed(answers)
    ]
    return tagged({"reference": found.reference, "screenings": shapes})


def timeline(asked: Asked[Any, None]) -> Told:
    """Tell all that happened to a trip."""
    app = application()
    found = current.of_office(app, asked.values["id"], live(asked.program).office).trip
    _note(asked.program, found)
    entries = story.view(app, found.token).entries
    return tagged({"reference": found.reference, "events": [_event(each) for each in entries]})


def messages(asked: Asked[Any, None]) -> Told:
    """Tell the letters of a trip."""
    found, letters = current.letters(application(), asked.values["id"], live(asked.program).office)
    _note(asked.program, found)
    return tagged({"reference": found.reference, "messages": [_letter(each) for each in letters]})


def _note(program: Program, shown: Trip) -> None:
    looked(application(), program.viewer, Purpose.API, [shown.id])


def _tried(program: Program, query: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """Judge what a test key sends, and make nothing of it."""
    app = application()
    (part,) = understand_query(app, query, lambda document: document)  # segments: no table is in it
    (answer,) = judged(app, [part], standpoint_of_now(app, program.office))
    (itinerary,) = part.itineraries
    return {
        "change": "not_stored",
        "reference": None,
        **values,
        **_standing(itinerary, answer.advisory),
        "reason": part.reason,
        "unread": list(part.unread),
        "letters": 0,
        "nobody_written_to": "",
    }


def _put(done: Put, values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "change": done.change.value,
        "reference": done.current.trip.reference,
        **values,
        **_current(done.current),
        "reason": done.part.reason,
        "unread": list(done.part.unread),
        "letters": done.letters,
        "nobody_written_to": done.nobody,
    }


def _current(now: Current) -> dict[str, Any]:
    answer = now.answer
    return _standing(
        now.itinerary,
        answer.advisory if answer else None,
        number=answer.id if answer else None,
        is_cancelled=now.is_cancelled,
    )


def _standing(
    itinerary: Itinerary, advisory: Advisory | None, *, number: int | None = None, is_cancelled: bool = False
) -> dict[str, Any]:
    """Return where a booking stands; what nobody judged, or looks at any more, is a review."""
    stands = advisory is not None and not is_cancelled
    verdict = advisory.verdict if advisory is not None and stands else Verdict.REVIEW
    return {
        "verdict": verdict.word,
        "next_step": STEPS[verdict] if stands else "send_again",
        "advice": what_to_do(verdict)._asdict(),
        "is_cancelled": is_cancelled,
        "screening_id": number,
        "edition": advisory.edition if advisory else None,
        "policy_version": advisory.policy_version if advisory else None,
        "screened_at": stamp(advisory.at) if advisory else None,
        "outcome": (advisory or itinerary).outcome.value,
        "understood": itinerary_shape(itinerary),
        "segments": _segments(advisory) if advisory else [],
        "findings": [told(each) for each in advisory.findings] if advisory else [],
        "missing": list(missing(itinerary)),
    }


def _segments(advisory: Advisory) -> list[str | None]:
    return [None if each is None else each.word for each in advisory.segment_verdicts]


def _event(entry: Entry) -> dict[str, Any]:
    is_letter = entry.kind == _KIND_OF_LETTER
    return {
        "at": stamp(entry.at),
        "kind": entry.kind,
        "source": entry.source or None,
        "screening_id": entry.number if entry.kind in _OF_ANSWERS else None,
        "verdict": entry.verdict.word if entry.verdict is not None else None,
        "before": entry.before.word if entry.before is not None else None,
        "edition": entry.edition,
        "message_id": entry.number if is_letter else None,
        "letter": entry.letter or None,
        "state": entry.state or None,
        "text": entry.text or None,
    }


def _letter(sending: Sending) -> dict[str, Any]:
    return {
        "id": sending.id,
        "screening_id": sending.advisory_id,
        "letter": plain_name(sending.letter),
        "language": sending.language,
        "recipient": sending.recipient,
        "state": sending.state,
        "attempts": sending.attempts,
        "queued_at": stamp(sending.queued_at),
        "settled_at": stamp(sending.settled_at) if sending.settled_at else None,
        "last_reply": sending.last_reply,
    }
