"""What a traveller answers to our questions goes into the draft, in the place of what was open there; pure.

An answer counts only where it settles the very question that was asked, among the choices where there were
any. It never makes a carrier known silently: whoever is named is *stated by the traveller*, and shown so.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Basis, Claim, Itinerary, Question, Segment
from travelrisk.domain.places import Atlas
from travelrisk.domain.settling.orders import in_order_of
from travelrisk.domain.settling.whole import settle


class Stated(NamedTuple):
    """An answer to a question about an itinerary.

    Attributes:
        when: the date that it is, where it is one.
        by: who answers; empty = the traveller.
    """

    question: Question
    value: str
    when: DraftTime | None
    by: str = ""


class Tables(NamedTuple):
    """What settling takes besides the draft."""

    atlas: Atlas
    book: CarrierBook
    context: date


class Restated(NamedTuple):
    """A draft with the answers that could be used in it, those, and those that could not."""

    draft: Draft
    used: tuple[Stated, ...]
    refused: tuple[Stated, ...]


def state(draft: Draft, known: Itinerary, said: Sequence[Stated], tables: Tables) -> Restated:
    """Put answers into the draft that *known* was settled from.

    Args:
        draft: as read; *known* is what became of it.
        known: the itinerary that the questions are about.
        said: the answers; each question at most once.
        tables: as *known* was settled with.
    """
    segments = list(draft.segments)
    places = [_place(draft, known, each, tables) for each in said]
    used: list[Stated] = []
    for each, place in zip(said, places, strict=True):
        answered = None if place is None else _answered(draft, segments[place], known, each, tables)
        if place is not None and answered is not None:
            claim = Claim("answer", each.value, each.question.text, each.by)
            if draft.has_one_order and each.question.code == "day_month":
                segments = [in_order_of(segments[place], answered, other, claim) for other in segments]
            segments[place] = replace(answered, claims=(*answered.claims, claim))
            used.append(each)
    refused = tuple(each for each in said if each not in used)
    return Restated(replace(draft, segments=tuple(segments)), tuple(used), refused)


def is_answerable(question: Question) -> bool:
    """Say whether a question can be answered in a line; all others are left to a person."""
    return question.segment is not None and question.code in _KINDS


def is_open_ended(question: Question) -> bool:
    """Say whether the answer may be another one than its choices."""
    return not question.choices or question.code in _OPEN


def answer_of(choice: str) -> str:
    """Return what to answer for a choice, as ``asking`` writes them: the day, the code, or the designator."""
    carrier = _CARRIER.fullmatch(choice)
    return carrier[1] if carrier else choice.split(" ", 1)[0]


def _place(draft: Draft, known: Itinerary, said: Stated, tables: Tables) -> int | None:
    """Return which segment of the draft became the one that is asked about, where that is certain."""
    index = said.question.segment
    if index is None or not 0 <= index < len(known.segments):
        return None
    asked = known.segments[index]
    found = [
        place for place, each in enumerate(draft.segments) if alone(draft, each, tables).segments == (asked,)
    ]
    return found[0] if len(found) == 1 else None


def alone(draft: Draft, segment: DraftSegment, tables: Tables) -> Itinerary:
    """Settle one segment of a draft as if there were no other."""
    return settle(Draft((segment,), issued=draft.issued), tables.atlas, tables.book, tables.context)


def _answered(
    draft: Draft, segment: DraftSegment, known: Itinerary, said: Stated, tables: Tables
) -> DraftSegment | None:
    """Return the segment with the answer in it; None where it does not settle the question."""
    index, kind = said.question.segment, _KINDS.get(said.question.code)
    if index is None or kind is None:
        return None
    changed = kind.put(segment, known.segments[index], said)
    if changed is None:
        return None
    settled = alone(draft, changed, tables)
    asked = _asked(alone(draft, segment, tables), kind)
    # The other end of the flight may still be open; this question may not, and no new one may arise.
    is_settled = _asked(settled, kind) <= asked - {(said.question.code, said.question.text)}
    if not is_settled or not settled.segments:
        return None
    found = kind.found(settled.segments[0], said)
    is_offered = not said.question.choices or said.question.code in _OPEN
    return changed if found and (is_offered or _is_among(found, said.question.choices)) else None


def _asked(settled: Itinerary, kind: "_Kind") -> frozenset[tuple[str, str]]:
    """Return what is open of a kind: which question, about which words."""
    return frozenset((each.code, each.text) for each in settled.questions if each.code in kind.codes)


def _is_among(found: str, choices: tuple[str, ...]) -> bool:
    """Say whether what was found is one of the choices, as ``asking`` writes them."""
    return any(choice.split(" ", 1)[0] == found or choice.startswith(f"{found} (") for choice in choices)


def _put_departure(segment: DraftSegment, _known: Segment, said: Stated) -> DraftSegment | None:
    if said.when is None or said.when.clock is not None:
        return None
    return replace(
        segment, departs=replace(said.when, clock=segment.departs.clock, zone=segment.departs.zone)
    )


def _put_arrival(segment: DraftSegment, _known: Segment, said: Stated) -> DraftSegment | None:
    if said.when is None or said.when.clock is not None:
        return None
    return replace(
        segment, arrives=replace(said.when, clock=segment.arrives.clock, zone=segment.arrives.zone)
    )


def _put_airport(segment: DraftSegment, known: Segment, said: Stated) -> DraftSegment | None:
    ends = [
        name
        for name in ("origin", "destination")
        if getattr(known, name).airport is None and _is_about(said.question, name, getattr(known, name).text)
    ]
    if len(ends) != 1:
        return None
    return replace(segment, **{ends[0]: said.value, f"{ends[0]}_name": ""})  # type: ignore[arg-type] # both are texts


def _is_about(question: Question, end: str, text: str) -> bool:
    missing = question.code.removesuffix("_missing")
    return missing == end if missing != question.code else question.text == " ".join(text.split())


def _put_operator(segment: DraftSegment, _known: Segment, said: Stated) -> DraftSegment:
    return operated_by(segment, said.value)


def operated_by(segment: DraftSegment, operator: str) -> DraftSegment:
    """Return the segment flown by whom a person names, and known as no more than that."""
    return replace(
        segment,
        operator=operator,
        operating_code="",
        operating_number="",
        operating_basis=Basis.TRAVELLER,
    )


def _departure(segment: Segment, _said: Stated) -> str:
    return segment.departs.day.isoformat() if segment.departs.day else ""


def _arrival(segment: Segment, _said: Stated) -> str:
    return segment.arrives.day.isoformat() if segment.arrives.day else ""


def _airport(segment: Segment, said: Stated) -> str:
    """Return the airport that the answer gave, whichever end it is."""
    found = [
        each.airport for each in (segment.origin, segment.destination) if each.text == said.value.strip()
    ]
    return found[0].code if len(found) == 1 and found[0] else ""


def _operator(segment: Segment, _said: Stated) -> str:
    operating = segment.operating
    return operating.carrier.name if operating.carrier and operating.basis is Basis.TRAVELLER else ""


class _Kind(NamedTuple):
    """How an answer of a kind goes into a draft, what it then is, and which questions it must settle."""

    put: Callable[[DraftSegment, Segment, Stated], DraftSegment | None]
    found: Callable[[Segment, Stated], str]
    codes: frozenset[str]


_CARRIER: Final = re.compile(r".+ \(([A-Z0-9]{3}), [A-Z]{2}\)")
_DAYS: Final = frozenset(
    {"date_missing", "date_in_words", "date_unplaced", "day_month", "weekday", "date_counted"}
)
_PLACES: Final = frozenset({"origin_missing", "destination_missing", "airport_unknown", "airport_choice"})
_OPERATORS: Final = frozenset(
    {
        "carrier_missing",
        "operator_unknown",
        "operator_unresolved",
        "operator_ambiguous",
        "operator_conflict",
        "operator_several",
    }
)
# Here the choices are what came to mind, and the answer may be another one.
_OPEN: Final = frozenset({"airport_unknown", "operator_unresolved"})
_KINDS: Final[dict[str, _Kind]] = {
    **dict.fromkeys(_DAYS - {"date_counted"}, _Kind(_put_departure, _departure, _DAYS)),
    "arrival_day": _Kind(_put_arrival, _arrival, frozenset({"arrival_day"})),
    **dict.fromkeys(_PLACES, _Kind(_put_airport, _airport, _PLACES)),
    **dict.fromkeys(_OPERATORS - {"operator_several"}, _Kind(_put_operator, _operator, _OPERATORS)),
}
"""Which questions can be answered in a line; all others are left to a person."""
