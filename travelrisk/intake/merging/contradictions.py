"""Parts of one message that contradict each other: one flight on two days, and nobody knows which.

Data that say the 12th beside a calendar that says the 13th tell of a change, and would pass as two journeys.
Two bookings of a daily flight are told apart by their record locators, or by a part that names both days.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.places import Atlas
from travelrisk.domain.settling.clocks import local_time, zone_named
from travelrisk.intake.lines.matching import (
    has_same_number,
    is_elsewhere,
    is_same,
    is_same_way,
    with_operator,
)
from travelrisk.intake.merging.folding import completed_at, fold, further

_LEAP_YEAR = 2024
_APART = timedelta(hours=12)  # a schedule moves by less; between two days of a daily flight lies more


class Rival(NamedTuple):
    """A flight of the same number that is known already: where it stands, and if only its time moved."""

    draft: int
    segment: int
    is_moved: bool


class Parts:
    """Puts the parts of one message together; *atlas* tells the zones in which their days are compared."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def fold(self, drafts: Sequence[Draft], part: Sequence[Draft]) -> list[Draft]:
        """Return the drafts with what one more part adds; where it contradicts them, that is said.

        The bookings of one part are never folded into each other: it has set them apart itself.
        """
        if not drafts:
            return list(part)
        kept = list(drafts)
        rest, apart = [], []
        for other in part:
            if not any(_may_be_of_one(draft, other) for draft in drafts):
                kept, theirs = self._of_others(kept, other)
                apart.append(theirs)
                continue
            left = []
            for segment in other.segments:
                rival = self._rival(drafts, segment, part, other)
                if rival is None:
                    left.append(segment)
                    continue
                known = kept[rival.draft]
                if not has_same_number(known.segments[rival.segment], segment):
                    kept[rival.draft] = _doubted(
                        known, self._local(known.segments[rival.segment]), self._local(segment)
                    )
                    left.append(segment)  # both may be flown, so both are judged
                    continue
                if not rival.is_moved:
                    known = _doubted(known, self._local(known.segments[rival.segment]), self._local(segment))
                kept[rival.draft] = completed_at(known, rival.segment, segment)
            if left or not other.segments:
                rest.append(replace(other, segments=tuple(left)))
        return [*fold(kept, rest, self.is_same), *apart]

    def _of_others(self, drafts: Sequence[Draft], other: Draft) -> tuple[list[Draft], Draft]:
        """Let a booking of other people stand; who flies an aircraft is true for all that sit in it."""
        kept, segments = list(drafts), list(other.segments)
        for place, segment in enumerate(segments):
            for number, draft in enumerate(kept):
                for position, known in enumerate(draft.segments):
                    if self.is_same(known, segment):
                        kept[number] = completed_at(kept[number], position, segment)
                        segments[place] = replace(
                            with_operator(segments[place], known), also=further(segments[place], known)
                        )
        return kept, replace(other, segments=tuple(segments))

    def belongs(self, drafts: Sequence[Draft], segment: DraftSegment) -> bool:
        """Say whether a flight is the other half of a booking torn over two parts, and no rival of it."""
        departs, own = segment.departs, Draft((segment,))
        is_whole = segment.marketing_number and segment.origin and segment.destination and departs.day
        return bool(is_whole) and len(drafts) == 1 and self._rival(drafts, segment, (own,), own) is None

    def is_same(self, one: DraftSegment, other: DraftSegment) -> bool:
        """Say whether two are one flight, by the days at their airports."""
        return is_same(self._local(one), self._local(other)) and not is_elsewhere(one, other, self._atlas)

    def _rival(
        self, drafts: Sequence[Draft], segment: DraftSegment, part: Sequence[Draft], booking: Draft
    ) -> Rival | None:
        """Return the flight of the same number that another part knows and this part does not name."""
        named = [each for draft in part for each in draft.segments]
        found: list[Rival] = []
        for number, draft in enumerate(drafts):
            for position, known in enumerate(draft.segments):
                if self.is_same(known, segment):
                    return None
                is_named = any(self.is_same(known, each) for each in named)
                is_numbered = has_same_number(known, segment)
                is_rival = is_numbered or _is_instead(self._local(known), self._local(segment))
                if is_rival and not is_named and not _is_other_booking(draft, booking):
                    is_moved = is_numbered and _is_moved(self._local(known), self._local(segment))
                    found.append(Rival(number, position, is_moved))
        return next((each for each in found if each.is_moved), found[0] if found else None)

    def _local(self, segment: DraftSegment) -> DraftSegment:
        return replace(segment, departs=self._local_time(segment.departs, segment.origin))

    def _local_time(self, moment: DraftTime, code: str) -> DraftTime:
        """Give an instant the day and clock of its airport."""
        zones = {airport.zone for airport in self._atlas.candidates(code)}
        zone = zone_named(zones.pop()) if len(zones) == 1 else None
        if moment.instant is None or moment.day is not None or zone is None:
            return moment
        local = local_time(moment.instant, zone)
        return replace(moment, year=local.year, month=local.month, day=local.day, clock=local.time())


def _is_other_booking(one: Draft, other: Draft) -> bool:
    """Say whether two drafts bear different record locators, or names of different people."""
    mine, theirs = ({each.code for each in draft.locators} for draft in (one, other))
    return bool(mine and theirs and not mine & theirs) or not _may_be_of_one(one, other)


def _may_be_of_one(one: Draft, other: Draft) -> bool:
    """Say whether two drafts may be of the same person: a part of the name is the same, or one names none."""
    mine, theirs = (
        {word for each in draft.travellers for word in folded(each.raw_name).split()}
        for draft in (one, other)
    )
    return not (mine and theirs) or bool(mine & theirs)


def _is_instead(known: DraftSegment, segment: DraftSegment) -> bool:
    """Say whether two numbers are of one way on one day, which nobody flies twice."""
    ends = (known.origin, known.destination)
    here, there = (_moment(each.departs) for each in (known, segment))
    is_numbered = known.marketing_number and segment.marketing_number
    if not is_numbered or not all(ends) or ends != (segment.origin, segment.destination):
        return False
    return here is not None and there is not None and here.date() == there.date()


def _is_moved(known: DraftSegment, segment: DraftSegment) -> bool:
    """Say whether two are one flight whose times were moved by some hours."""
    here, there = (_moment(each.departs) for each in (known, segment))
    if here is None or there is None or not is_same_way(known, segment):
        return False
    return abs(here - there) < _APART


def _moment(departs: DraftTime) -> datetime | None:
    """Return the local time of a departure in a year of its own: its day is known wherever it counts."""
    try:
        day = date(departs.year or _LEAP_YEAR, departs.month or 0, departs.day or 0)
    except ValueError:
        return None
    return datetime.combine(day, departs.clock or time()).replace(tzinfo=None)


def _doubted(draft: Draft, known: DraftSegment, other: DraftSegment) -> Draft:
    is_numbered = not has_same_number(known, other)
    here, there = (_shown(each, is_numbered=is_numbered) for each in (known, other))
    doubt = f"{known.marketing_code} {known.marketing_number}: one part says {here}, another says {there}"
    return replace(draft, unread=tuple(dict.fromkeys((*draft.unread, doubt))))


def _shown(segment: DraftSegment, *, is_numbered: bool = False) -> str:
    departs = segment.departs
    is_dated = departs.year and departs.month and departs.day
    day = f"{departs.year}-{departs.month:02}-{departs.day:02}" if is_dated else departs.text
    clock = f"{departs.clock:%H:%M}" if departs.clock and is_dated else ""
    ends = (segment.origin or segment.origin_name, segment.destination or segment.destination_name)
    number = f"{segment.marketing_code} {segment.marketing_number}" if is_numbered else ""
    return " ".join(filter(None, (number, "-".join(filter(None, ends)), day, clock)))
