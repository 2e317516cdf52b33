"""The public shape of an itinerary and of a reading: what ``read --json`` and the API print."""

from collections.abc import Iterable, Sequence
from datetime import UTC

from travelrisk.domain.itineraries import (
    AircraftOwner,
    Claim,
    Itinerary,
    Moment,
    Outcome,
    Question,
    Segment,
    Traveller,
)

Shape = dict[str, object]

NOTICE = "This is air-safety advice. It is not the TRIP security clearance."
DEMO = "Demonstration. The ratings are for show. They are not an assessment."

_WORST_FIRST = (
    Outcome.UNREADABLE,
    Outcome.NOTHING_FOUND,
    Outcome.PARTIAL,
    Outcome.AMBIGUOUS,
    Outcome.COMPLETE,
)


def notice(*, demo: bool) -> str:
    """Return what stands beside every answer that a program reads."""
    return f"{DEMO} {NOTICE}" if demo else NOTICE


def itinerary_shape(itinerary: Itinerary) -> Shape:
    """Return an itinerary as JSON can hold it; what is not known is null.

    *evidence* holds the lines that tell of a segment, and the attachment each stands in; its *origin* is
    ``document``, or ``user`` for what a person told us, as are the *statements* about the
    whole booking, which stand there only where somebody made one.
    Local times are ``2026-12-12T10:20``, or ``2026-12-12`` where only the day is known; UTC ends with a Z.
    """
    shape: Shape = {
        "locators": [{"code": each.code, "owner": each.owner or None} for each in itinerary.locators],
        "travellers": [_traveller(each) for each in itinerary.travellers],
        "segments": [_segment(each) for each in itinerary.segments],
        "questions": [_question(each) for each in itinerary.questions],
    }
    if itinerary.claims:
        shape["statements"] = [_claim(each) for each in itinerary.claims]
    return shape


def reading_shape(
    source: str, form: str, outcome: Outcome, itineraries: Iterable[Itinerary], unread: Sequence[str]
) -> Shape:
    """Return what was read from one file; *outcome* is that of the file as a whole."""
    return {
        "source": source,
        "form": form,
        "outcome": outcome.value,
        "itineraries": [itinerary_shape(each) for each in itineraries],
        "unread": list(unread),
    }


def outcome_of(reading: Outcome, itineraries: Iterable[Itinerary]) -> Outcome:
    """Return the worst outcome of a file and all its itineraries."""
    return worst_outcome((reading, *(each.outcome for each in itineraries)))


def worst_outcome(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst of several outcomes; of none, ``nothing_found``."""
    return min(outcomes, key=_WORST_FIRST.index, default=Outcome.NOTHING_FOUND)


def _traveller(traveller: Traveller) -> Shape:
    name = f"{traveller.given} {traveller.surname}".strip() or traveller.raw_name
    return {"name": name, "email": traveller.email} if traveller.email else {"name": name}


def _segment(segment: Segment) -> Shape:
    marketing, operating = segment.marketing, segment.operating
    owner = segment.aircraft_owner
    owned: Shape = {} if owner is None else {"aircraft_owner": _owner(owner)}
    return {
        "mode": segment.mode.value,
        "status": segment.status.value,
        "marketing": {
            "carrier": marketing.code or None,
            "number": marketing.number or None,
            "name": marketing.name or None,
        },
        "operating": {
            "carrier": operating.code or None,
            "number": operating.number or None,
            "name": operating.name or None,
            "basis": operating.basis.value,
        },
        **owned,
        "origin": segment.origin.code or None,
        "destination": segment.destination.code or None,
        "departs": _moment(segment.departs),
        "arrives": _moment(segment.arrives),
        "stops": [each.code for each in segment.stops],
        "evidence": [
            *(
                {"part": each.part or None, "text": each.text, "origin": "document"}
                for each in segment.evidence
            ),
            *({"part": None, **_claim(each)} for each in segment.claims),
        ],
    }


def _claim(claim: Claim) -> Shape:
    return {
        "text": claim.value,
        "origin": "user",
        "about": claim.about,
        "was": claim.was or None,
        "by": claim.by or "traveller",
    }


def _owner(owner: AircraftOwner) -> Shape:
    return {"carriers": [each.code for each in owner.carriers], "name": owner.name}


def _moment(moment: Moment) -> Shape:
    local = moment.local.isoformat(timespec="minutes") if moment.local else None
    day = moment.day.isoformat() if moment.day else None
    utc = f"{moment.utc.astimezone(UTC):%Y-%m-%dT%H:%M}Z" if moment.utc else None
    return {"local": local or day, "zone": moment.zone or None, "utc": utc}


def _question(question: Question) -> Shape:
    return {
        "code": question.code,
        "severity": question.severity.value,
        "segment": question.segment,
        "text": question.text,
        "choices": list(question.choices),
    }
