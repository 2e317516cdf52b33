"""What a person corrects goes into the draft beside what the document says, as a claim of theirs; pure.

Whatever is corrected is believed only as a condition: whoever wants to fly may be mistaken. What is corrected
into something unknown is put in all the same and asked about, for an answer that we know to rest on something
wrong is worse than a question.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from travelrisk.domain.codes import airport_code, flight_number
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Basis, Claim, Itinerary, Moment, Segment
from travelrisk.domain.settling.order import flight_key
from travelrisk.domain.settling.stating import Stated, Tables, alone, operated_by, state

ADDED: Final = "added"
NO_FLIGHT: Final = "no_flight"
NOT_MINE: Final = "not_mine"


class Correction(NamedTuple):
    """What somebody says is otherwise.

    Attributes:
        about: one of ``CORRECTIONS``.
        segment: index of the segment it is about; None for a line (``added``, ``no_flight``).
        value: as it should be; a line; for ``not_mine`` nothing.
        by: who says so; empty = the traveller.
        lines: what was read in a line to be added.
    """

    about: str
    segment: int | None
    value: str
    by: str = ""
    lines: tuple[DraftSegment, ...] = ()


class Corrected(NamedTuple):
    """A draft with all that could be used in it, and what could be used and what not, in the order given."""

    draft: Draft
    used: tuple[Stated | Correction, ...]
    refused: tuple[Stated | Correction, ...]


def restate(draft: Draft, known: Itinerary, said: Sequence[Stated | Correction], tables: Tables) -> Corrected:
    """Put answers and corrections into the draft that *known* was settled from, the answers first.

    Args:
        draft: as read, or as restated before; *known* is what became of it.
        known: the itinerary that the answers and corrections are about.
        said: each question and each field of a segment at most once.
        tables: as *known* was settled with.
    """
    answers = [each for each in said if isinstance(each, Stated)]
    corrections = [each for each in said if isinstance(each, Correction)]
    homes = _homes(draft, known, tables) if corrections else {}  # before anything moves
    restated = state(draft, known, answers, tables) if answers else None
    draft = restated.draft if restated else draft
    used: list[Stated | Correction] = list(restated.used) if restated else []
    gone: set[int] = set()
    for each in corrections:
        index = each.segment
        if each.about == NOT_MINE and index is not None and homes.get(index):
            gone.update(homes[index])
            named = _named(known.segments[index])
            draft = replace(draft, claims=(*draft.claims, Claim(NOT_MINE, named, by=each.by)))
        else:
            corrected = _corrected(draft, known, each, homes)
            if corrected is None:
                continue
            draft = corrected
        used.append(each)
    left = tuple(each for place, each in enumerate(draft.segments) if place not in gone)
    return Corrected(
        replace(draft, segments=left),
        tuple(each for each in said if each in used),
        tuple(each for each in said if each not in used),
    )


def _homes(draft: Draft, known: Itinerary, tables: Tables) -> Mapping[int, tuple[int, ...]]:
    """Return which segments of the draft became each segment: of one that was revised there are several."""
    keys = [
        flight_key(settled[0]) if (settled := alone(draft, each, tables).segments) else None
        for each in draft.segments
    ]
    return {
        index: tuple(place for place, key in enumerate(keys) if key == flight_key(segment))
        for index, segment in enumerate(known.segments)
    }


def _corrected(
    draft: Draft, known: Itinerary, each: Correction, homes: Mapping[int, tuple[int, ...]]
) -> Draft | None:
    if each.about == NO_FLIGHT:
        return _dismissed(draft, each)
    if each.about == ADDED:
        return replace(draft, segments=(*draft.segments, *_added(each))) if each.lines else None
    put, index = _FIELDS.get(each.about), each.segment
    if put is None or index is None or not homes.get(index):
        return None
    segments, segment = list(draft.segments), known.segments[index]
    claim = Claim(each.about, each.value, _was(segment, each.about), each.by)
    for place in homes[index]:
        changed = put(segments[place], segment, each.value)
        if changed is None:
            return None
        kept = tuple(one for one in changed.claims if one.about != each.about)
        segments[place] = replace(changed, claims=(*kept, claim))
    return replace(draft, segments=tuple(segments))


def _dismissed(draft: Draft, each: Correction) -> Draft | None:
    if each.value not in draft.unread:
        return None
    left = tuple(line for line in draft.unread if line != each.value)
    return replace(draft, unread=left, claims=(*draft.claims, Claim(NO_FLIGHT, each.value, by=each.by)))


def _added(each: Correction) -> tuple[DraftSegment, ...]:
    """Return what a person wrote as segments of its own; who flies them is known from it alone."""
    claim = Claim(ADDED, each.value, by=each.by)
    bare = (replace(line, source="", part="", also=(), claims=(claim,)) for line in each.lines)
    return tuple(replace(line, operating_basis=_basis(line)) for line in bare)


def _basis(line: DraftSegment) -> Basis | None:
    if line.operator or line.operating_code:
        return Basis.TRAVELLER
    return Basis.UNKNOWN if line.operating_basis is Basis.UNKNOWN else None


def _put_flight(segment: DraftSegment, _known: Segment, value: str) -> DraftSegment | None:
    found = flight_number(value)
    if found is None:
        return None
    # That the seller itself flies was said of the flight that it is not.
    is_of_seller = segment.operating_basis is Basis.SAME_AS_MARKETING
    return replace(
        segment,
        marketing_code=found.carrier,
        marketing_number=found.number + found.suffix,
        marketing_name="",
        operating_basis=None if is_of_seller else segment.operating_basis,
    )


def _put_operator(segment: DraftSegment, _known: Segment, value: str) -> DraftSegment | None:
    return operated_by(segment, value) if value else None


def _put_origin(segment: DraftSegment, _known: Segment, value: str) -> DraftSegment | None:
    code = airport_code(value) or ""
    return replace(segment, origin=code, origin_name="" if code else value) if value else None


def _put_destination(segment: DraftSegment, _known: Segment, value: str) -> DraftSegment | None:
    code = airport_code(value) or ""
    return replace(segment, destination=code, destination_name="" if code else value) if value else None


def _put_departure(segment: DraftSegment, known: Segment, value: str) -> DraftSegment | None:
    moment = _moment(value, known.departs)
    return None if moment is None else replace(segment, departs=moment)


def _put_arrival(segment: DraftSegment, known: Segment, value: str) -> DraftSegment | None:
    moment = _moment(value, known.arrives)
    return None if moment is None else replace(segment, arrives=moment)


def _moment(value: str, known: Moment) -> DraftTime | None:
    """Return the local day, and the time if it is given: ``2026-11-12 10:20``; else the time stays."""
    try:
        given = datetime.fromisoformat(value)
    except ValueError:
        return None
    if given.tzinfo is not None:
        return None  # the local time of the airport is asked for, and no other
    clock = given.time() if len(value) > len("2026-11-12") else known.local.time() if known.local else None
    return DraftTime(given.year, given.month, given.day, clock, text=value)


def _was(segment: Segment, about: str) -> str:
    """Return what was understood of a field."""
    if about == "flight":
        return segment.flight
    if about == "operator":
        return segment.operating.name or segment.operating.code
    if about in {"departs", "arrives"}:
        return when(getattr(segment, about))
    return str(getattr(segment, about).code)


def when(moment: Moment) -> str:
    """Write a moment as a correction gives one: ``2026-11-12 10:20``, or the day alone."""
    if moment.local:
        return moment.local.isoformat(" ", "minutes")
    return moment.day.isoformat() if moment.day else ""


def _named(segment: Segment) -> str:
    route = f"{segment.origin.code or '?'}-{segment.destination.code or '?'}"
    return " ".join(filter(None, (segment.flight, route, when(segment.departs)[:10])))


_FIELDS: Final[Mapping[str, Callable[[DraftSegment, Segment, str], DraftSegment | None]]] = {
    "flight": _put_flight,
    "operator": _put_operator,
    "origin": _put_origin,
    "destination": _put_destination,
    "departs": _put_departure,
    "arrives": _put_arrival,
}
CORRECTIONS: Final = frozenset({*_FIELDS, ADDED, NO_FLIGHT, NOT_MINE})
"""What can be corrected; none of them is the code of a question."""
