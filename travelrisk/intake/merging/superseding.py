"""An older message below a newer one: what the newer changed is no second journey, and nothing else is lost.

A flight of the older message is superseded only where both are surely of one booking (they share a record
locator, or the newer says that it changes something) and the newer has a flight in its place. It is then told
beside that flight. Any other flight of the older message stands.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Evidence
from travelrisk.intake.lines.matching import has_same_number
from travelrisk.intake.merging.contradictions import Parts

EARLIER = "earlier message"
"""Where a superseded flight stands, shown beside the one that took its place."""

_MOST_DAYS = 3  # a rebooked flight leaves as near to the old one as this
_LEAP_YEAR = 2024
_UNCHANGED = re.compile(
    r"\bunchanged\b|\b(?:no|not|without|any|pas|sans|sin|no hay|keine?|ohne)[ ](?:\w+[ ]){0,2}"
    r"(?:chang|modif|cambi|[äa]nder)\w*|\bif\b[^.\n]*",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:chang(?:ed?|es)|re-?booked|re-?issued|re-?routed|revised|re-?scheduled|updated?|amended|moved"
    r"|supersedes?|replaces?|schedule change|new (?:itinerary|flights?|booking|dates?|reservation)|instead"
    r"|modifi[ée]e?s?|chang[ée]e?s?|remplace|nouvel(?:le)? (?:itin[ée]raire|r[ée]servation)"
    r"|nouveaux? vols?|mis [àa] jour|modificad[oa]s?|cambiad[oa]s?|cambio|reemplaza|sustituye"
    r"|nuev[oa]s? (?:itinerario|vuelos?|reserva)|actualizad[oa]s?|ge[äa]ndert\w*|umgebucht|[äa]nderung"
    r"|neuer? (?:reiseplan|flug|buchung)|ersetzt|alterad[oa]s?|remarcad[oa]s?|modificat[oaie]"
    r"|gewijzigd\w*|zmian\w*|изменен\w*)\b",
    re.IGNORECASE,
)


class Older(NamedTuple):
    """What became of an older message: all drafts, and the flights that are superseded."""

    drafts: list[Draft]
    superseded: tuple[DraftSegment, ...]


def tells_what_is_new(text: str) -> bool:
    """Say whether a message says that it changes a booking."""
    return bool(_CHANGED.search(_UNCHANGED.sub(" ", text)))


def fold_older(
    parts: Parts, drafts: Sequence[Draft], older: Sequence[Draft], *, is_changed: bool, is_new: bool
) -> Older:
    """Return the drafts of newer messages with what an older one adds.

    Args:
        parts: compares flights.
        drafts: of the newer messages.
        older: drafts of the message below them.
        is_changed: the newer ones say that they change something.
        is_new: the older one says so, and if no newer one does, nobody knows which of them holds.
    """
    kept, rest = list(drafts), []
    is_sure = is_changed or not is_new
    superseded: list[DraftSegment] = []
    for draft in older:
        left: list[DraftSegment] = []
        for segment in draft.segments:
            place = _successor(parts, kept, segment, draft, is_changed=is_changed) if is_sure else None
            if place is None:
                left.append(segment)
            else:
                kept[place[0]] = _told(kept[place[0]], place[1], segment)
                superseded.append(segment)
        rest.append(replace(draft, segments=tuple(left)))
    for draft in rest:
        number = next((n for n, known in enumerate(kept) if _share_a_locator(known, draft)), None)
        kept = parts.fold(kept, [draft]) if number is None else _of_one_booking(parts, kept, number, draft)
    return Older(kept, tuple(superseded))


def _successor(
    parts: Parts, drafts: Sequence[Draft], segment: DraftSegment, own: Draft, *, is_changed: bool
) -> tuple[int, int] | None:
    """Return where the flight stands that took the place of an older one."""
    if any(parts.is_same(known, segment) for draft in drafts for known in draft.segments):
        return None
    for number, draft in enumerate(drafts):
        may_be = is_changed and not _have_other_locators(draft, own)
        if not (may_be or _share_a_locator(draft, own)):
            continue
        for position, known in enumerate(draft.segments):
            if _is_in_place_of(known, segment):
                return number, position
    return None


def _is_in_place_of(newer: DraftSegment, older: DraftSegment) -> bool:
    """Say whether nobody sits in both: one number, or one way within days, or one end on one day."""
    apart = _days_apart(newer.departs, older.departs)
    if apart is None:
        return False
    ends = (
        newer.origin and newer.origin == older.origin,
        newer.destination and newer.destination == older.destination,
    )
    is_near = apart <= _MOST_DAYS
    return (
        (has_same_number(newer, older) and is_near) or (all(ends) and is_near) or (any(ends) and apart == 0)
    )


def _days_apart(one: DraftTime, other: DraftTime) -> int | None:
    try:
        here, there = (date(each.year or _LEAP_YEAR, each.month or 0, each.day or 0) for each in (one, other))
    except ValueError:
        return None
    if bool(one.year) != bool(other.year):
        here, there = here.replace(year=_LEAP_YEAR), there.replace(year=_LEAP_YEAR)
    return abs((here - there).days)


def _told(draft: Draft, position: int, older: DraftSegment) -> Draft:
    known = draft.segments[position]
    also = tuple(dict.fromkeys((*known.also, Evidence(EARLIER, older.source))))
    segments = (*draft.segments[:position], replace(known, also=also), *draft.segments[position + 1 :])
    return replace(draft, segments=segments)


def _of_one_booking(parts: Parts, drafts: Sequence[Draft], number: int, older: Draft) -> list[Draft]:
    """Return the drafts with the flights of the same booking that only the older message names."""
    before = {id(segment) for draft in drafts for segment in draft.segments}
    folded = parts.fold([drafts[number]], [older])
    added = tuple(s for draft in folded[1:] for s in draft.segments if id(s) not in before)
    whole = replace(folded[0], segments=(*folded[0].segments, *added))
    return [*drafts[:number], whole, *drafts[number + 1 :]]


def _share_a_locator(one: Draft, other: Draft) -> bool:
    return bool({each.code for each in one.locators} & {each.code for each in other.locators})


def _have_other_locators(one: Draft, other: Draft) -> bool:
    return bool(one.locators and other.locators) and not _share_a_locator(one, other)
