"""What is missing: questions, unread lines, gaps, and segments that are no flights."""

from collections.abc import Iterator
from itertools import pairwise

from travelrisk.domain.advisories import Finding
from travelrisk.domain.itineraries import Itinerary, Mode, Outcome, Place, Segment, Severity, Status
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case
from travelrisk.screening.rules.place import segment_name

_SAID = (Status.CANCELLED, Status.WAITLIST, Status.REQUESTED)


def open_questions(case: Case) -> Iterator[Finding]:
    """A question that is still open keeps the itinerary from being cleared.

    The service asks instead of guessing: which London, 12 November or 11 December, who flies.

    What to do: answer the questions, by entering the itinerary again with what was missing.

    Example: "12/11" without a weekday: 12 November or 11 December?
    """
    for question in case.itinerary.questions:
        effect = Verdict.CLEARED if question.severity is Severity.NOTE else Verdict.REVIEW
        slots = (("text", question.text), ("choices", ", ".join(question.choices)))
        code = f"question.{question.code}"
        yield Finding(code, effect, question.segment, "open_questions", question.text, None, slots)


def unread_parts(case: Case) -> Iterator[Finding]:
    """A line that looks like a flight and was not understood is shown, and forbids a clearance.

    Silence is the dangerous failure: a flight nobody read is a flight nobody judged.

    What to do: type the flights of the unread lines yourself, or send the booking in another form.

    Example: a mail with two flights and a third line that no reader understood: review, with the line shown.
    """
    itinerary = case.itinerary
    for line in itinerary.unread:
        yield Finding("itinerary.unread", Verdict.REVIEW, None, "unread_parts", line, None, (("text", line),))
    if not case.planned:
        yield Finding("itinerary.no_flight", Verdict.REVIEW, None, "unread_parts")
    elif itinerary.outcome is not Outcome.COMPLETE and not _is_explained(itinerary):
        yield Finding("itinerary.incomplete", Verdict.REVIEW, None, "unread_parts")


def gaps(case: Case) -> Iterator[Finding]:
    """A journey should begin each flight where the one before ended; between may lie an unknown one.

    Airports of the same city are no gap.

    What to do: add the missing flight, or tell the focal point how you travel between the two places.

    Example: a flight to Nairobi and the next one from Entebbe: how did you get there?
    """
    for before, after in pairwise(case.planned):
        if _may_be_same_city(before.segment.destination, after.segment.origin):
            continue
        effect = max(case.policy.gap, Verdict.CONDITIONAL)
        code, slots = _gap(before.segment, after.segment)
        yield Finding(code, effect, after.position, "gaps", "", None, slots)


def kinds_of_segment(case: Case) -> Iterator[Finding]:
    """Trains and buses are not judged; cancelled, requested and waitlisted flights are said to be so.

    A requested or waitlisted flight may still fly: it is judged like any other, and what is said of it holds
    only if it is confirmed as it stands. A cancelled one that nothing replaces asks for a review, for the
    journey as it stands is not the one that was planned.

    What to do: check with the travel agent what the booking says today.

    Example: a flight with status HX and no other one on that pair: review.
    """
    for index, segment in enumerate(case.itinerary.segments):
        if segment.mode is Mode.AIR and segment.status not in _SAID:
            continue
        name = segment_name(segment)
        slots = (("name", name),)
        if segment.status is Status.CANCELLED and not _is_replaced(segment, case):
            yield Finding("segment.cancelled", Verdict.REVIEW, index, "kinds_of_segment", name, None, slots)
        elif segment.status in {Status.WAITLIST, Status.REQUESTED}:
            effect = max(case.policy.unconfirmed, Verdict.CONDITIONAL)
            yield Finding("segment.unconfirmed", effect, index, "kinds_of_segment", name, None, slots)
        if segment.mode is Mode.UNKNOWN and segment.status.flies:
            yield Finding(
                "segment.mode_unknown", Verdict.REVIEW, index, "kinds_of_segment", name, None, slots
            )
        elif segment.mode in {Mode.RAIL, Mode.BUS}:
            yield Finding("segment.not_air", Verdict.CLEARED, index, "kinds_of_segment", name, None, slots)


def _gap(before: Segment, after: Segment) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return code and slots of a gap: two airports that differ, or one that nobody has stated."""
    arrives, departs = before.destination.code, after.origin.code
    if arrives and departs:
        return "itinerary.gap", (("arrives", arrives), ("departs", departs))
    names = (("before", segment_name(before)), ("after", segment_name(after)))
    return "itinerary.gap_unknown", names


def _is_explained(itinerary: Itinerary) -> bool:
    return bool(itinerary.unread) or any(q.severity is not Severity.NOTE for q in itinerary.questions)


def _may_be_same_city(one: Place, other: Place) -> bool:
    if one.airport and other.airport and one.airport.code == other.airport.code:
        return True
    ones = {a.city_code or a.code for a in one.possible} | {a.code for a in one.possible}
    others = {a.city_code or a.code for a in other.possible} | {a.code for a in other.possible}
    return bool(ones & others)


def _is_replaced(cancelled: Segment, case: Case) -> bool:
    ends = (cancelled.origin.code, cancelled.destination.code)
    return any((leg.segment.origin.code, leg.segment.destination.code) == ends for leg in case.planned)
