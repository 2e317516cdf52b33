"""The whole of an itinerary: each segment settled, all of them in order, and how far it was understood."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.geodesy import distance_km
from travelrisk.domain.itineraries import Itinerary, Mode, Moment, Outcome, Place, Question, Segment, Severity
from travelrisk.domain.places import Atlas
from travelrisk.domain.settling.asking import Asked, airport_choice, ask, time_choice
from travelrisk.domain.settling.clocks import zone_of
from travelrisk.domain.settling.flown import FASTEST_KM_H, flown
from travelrisk.domain.settling.flyers import Directory, settle_flyer, settle_owner
from travelrisk.domain.settling.moments import arrive, depart
from travelrisk.domain.settling.names import settle_name
from travelrisk.domain.settling.order import Settled, ask_about_cancelled, fold_revisions, in_order
from travelrisk.domain.settling.places import ask_about, ask_if_closed, find_place, is_station, settle_place
from travelrisk.domain.settling.sellers import settle_seller

MOST_SEGMENTS = 50


def settle(draft: Draft, atlas: Atlas, book: CarrierBook, context: date) -> Itinerary:
    """Make an itinerary of a draft, with a question for each point that is open. It never raises.

    Args:
        draft: one booking as a reader found it; a later segment for the same flight is a newer revision.
        atlas: airports and cities.
        book: carriers, found as of the day of each departure.
        context: the day the document arrived; the draft's own date of issue goes before it. Missing years
            are worked out from it.

    Returns:
        The itinerary. Its outcome is ``complete`` only where nothing is open, unread or unknown.
    """
    seen_from = draft.issued or context
    unread = draft.unread
    segments = draft.segments
    if len(segments) > MOST_SEGMENTS:
        unread = (
            *unread,
            f"{len(segments)} segments in one booking: more than {MOST_SEGMENTS}, none was read",
        )
        segments = ()
    settled = fold_revisions(_settle_segment(each, atlas, book, seen_from) for each in segments)
    settled = ask_about_cancelled([_only_if_judged(each) for each in in_order(settled)])
    if draft.has_one_order:
        settled = list(_ask_once("day_month", settled))
    questions = tuple(
        replace(question, segment=index) for index, each in enumerate(settled) for question in each.asked
    )
    return Itinerary(
        segments=tuple(each.segment for each in settled),
        travellers=tuple(dict.fromkeys(settle_name(each) for each in draft.travellers)),
        locators=tuple(dict.fromkeys(draft.locators)),
        questions=questions,
        unread=unread,
        outcome=_outcome(bool(settled), questions, unread),
        context_date=seen_from,
        claims=draft.claims,
    )


def _ask_once(code: str, settled: Iterable[Settled]) -> Iterator[Settled]:
    """Leave a question out where it was asked before; its answer is put into every segment."""
    was_asked = False
    for each in settled:
        asks = any(question.code == code for question in each.asked)
        kept = tuple(question for question in each.asked if question.code != code)
        yield each._replace(asked=kept) if asks and was_asked else each
        was_asked |= asks


def _only_if_judged(settled: Settled) -> Settled:
    """Ask nothing about what will not be judged: trains, buses, flights cancelled or flown."""
    return settled if settled.segment.is_judged else Settled(settled.segment)


def _outcome(has_segments: bool, questions: tuple[Question, ...], unread: tuple[str, ...]) -> Outcome:  # noqa: FBT001 - read as one word beside two others
    severities = {question.severity for question in questions}
    if unread or Severity.BLOCK in severities:
        return Outcome.PARTIAL
    if not has_segments:
        return Outcome.NOTHING_FOUND
    return Outcome.AMBIGUOUS if Severity.ASK in severities else Outcome.COMPLETE


def _settle_segment(draft: DraftSegment, atlas: Atlas, book: CarrierBook, context: date) -> Settled:
    asked: Asked = []
    origin, destination = _ends(draft, atlas, context, asked)
    if origin.airport and origin.airport == destination.airport:
        ask(asked, Severity.ASK, "same_place", origin.code)
    departs = depart(draft.departs, draft.arrives, zone_of(origin), context, asked)
    arrives = arrive(draft.arrives, departs, zone_of(destination), context, asked)
    _ask_if_too_fast((origin, destination), departs, arrives, asked)
    origin, destination = (ask_if_closed(each, departs.day, atlas, asked) for each in (origin, destination))
    day = departs.day or arrives.day or context
    seller = settle_seller(draft, day, book, asked)
    operating = settle_flyer(draft, seller, Directory(book, day), asked)
    mode = _mode(draft, atlas)
    if mode is Mode.UNKNOWN:
        ask(asked, Severity.ASK, "mode_unknown", draft.source)
    stops = tuple(settle_place(code, "", atlas, asked) for code in draft.stops)
    segment = Segment(
        seller.marketing,
        operating,
        origin,
        destination,
        departs,
        arrives,
        mode,
        draft.status,
        stops,
        draft.source,
        draft.part,
        draft.also,
        settle_owner(draft, Directory(book, day), asked),
        draft.claims,
    )
    return Settled(segment, tuple(dict.fromkeys(asked)))


def _ends(draft: DraftSegment, atlas: Atlas, context: date, asked: Asked) -> tuple[Place, Place]:
    """Return both ends; of several airports of a name only those that the flight can have reached."""
    written = ((draft.origin, draft.origin_name), (draft.destination, draft.destination_name))
    origin, destination = (find_place(code, name, atlas) for code, name in written)
    left = flown(origin, destination, draft, context)
    missing = ("origin_missing", "destination_missing")
    for (code, name), before, place, question in zip(
        written, (origin, destination), left, missing, strict=True
    ):
        if not (code.strip() or name.strip()):
            flight = f"{draft.marketing_code} {draft.marketing_number}".strip()
            other = draft.origin or draft.origin_name or draft.destination or draft.destination_name
            ask(asked, Severity.BLOCK, question, flight or draft.source or other or "?")
        elif place.airport and not before.airport:
            ask(asked, Severity.NOTE, "airport_by_time", place.text, [airport_choice(place.airport)])
        else:
            ask_about(place, code, name, atlas, asked)
    return left


def _ask_if_too_fast(ends: tuple[Place, Place], departs: Moment, arrives: Moment, asked: Asked) -> None:
    """Ask where no aircraft could be so fast: a time in the wrong zone, or on the wrong day."""
    origin, destination = ends[0].airport, ends[1].airport
    if not (origin and destination and departs.utc and arrives.utc) or arrives.utc <= departs.utc:
        return
    hours = (arrives.utc - departs.utc) / timedelta(hours=1)
    if distance_km(origin, destination) > hours * FASTEST_KM_H:
        times = (f"{time_choice(each.local)} {each.zone}" for each in (departs, arrives) if each.local)
        ask(asked, Severity.ASK, "too_fast", f"{origin.code}-{destination.code}", times)


def _mode(draft: DraftSegment, atlas: Atlas) -> Mode:
    is_rail = any(is_station(code, atlas) for code in (draft.origin, draft.destination))
    return Mode.RAIL if is_rail and draft.mode in {Mode.AIR, Mode.UNKNOWN} else draft.mode
