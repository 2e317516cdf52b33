"""Rows of one booking become one draft, wherever in a table they stand.

Neighbouring rows are put together as they come. Rows of a record locator that returns further down, or on
another sheet, wait for the last of them. How many may wait is bounded, so that memory does not grow with the
table; a booking that could not wait says so, as its parts would be judged without each other.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, islice
from typing import NamedTuple

from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.itineraries import Locator
from travelrisk.intake.limits import LIMITS
from travelrisk.intake.tables.columns import Row
from travelrisk.intake.tables.rows import BookingKey, RowReader

_MOST_WAITING = 2_000
_MOST_TRAVELLERS = 50
_SLOTS, _TWICE = 1 << 20, 2
_APART = -1


class Line(NamedTuple):
    """A row with the booking it is of, and its reader.

    Attributes:
        run: tells the places where its locator stands.
        remarks: what is written beside it and may change its flight.
    """

    key: BookingKey
    row: Row
    reader: RowReader
    run: int = 0
    remarks: tuple[str, ...] = ()


Lines = Callable[[], Iterable[Line]]
"""Gives the lines of a table anew each time it is called."""


def drafts_of(lines: Lines) -> Iterator[Draft]:
    """Yield one draft for each booking and traveller; its rows are counted first, and read afterwards."""
    waiting = _Waiting(_returning(lines))
    for locator, run in groupby(lines(), _locator):
        yield from waiting.take(locator, run)
    yield from waiting.rest()


def _locator(line: Line) -> str:
    return line.key.locator


def _returning(lines: Lines) -> dict[int, int]:
    """Return the hashes of the locators that stand in more than one place, and in how many.

    A slot is shared by some locators, so those of a slot that was taken twice are counted one by one: a
    counter of all of them would grow with the table. Their hashes take eight bytes each.
    """
    begun = array("q", (hash(locator) for locator, _ in groupby(lines(), _locator) if locator))
    slots = bytearray(_SLOTS)
    for number in begun:
        slots[number % _SLOTS] = min(slots[number % _SLOTS] + 1, _TWICE)
    counts = Counter(number for number in begun if slots[number % _SLOTS] == _TWICE)
    return {number: count for number, count in counts.items() if count > 1}


class _Waiting:
    """The rows of locators that will return.

    Args:
        left: hash of a locator -> how many of its places are still to come.
    """

    def __init__(self, left: dict[int, int]) -> None:
        self._left = left
        self._rows: dict[str, list[Line]] = {}
        self._count = 0

    def take(self, locator: str, run: Iterator[Line]) -> Iterator[Draft]:
        """Take neighbouring rows of one locator; yield what need not wait, or can no longer."""
        if not locator:
            yield from _side_by_side(run)
            return
        number = hash(locator)
        left = self._left.get(number, 1)
        if left != _APART:
            rows = [line._replace(run=left) for line in islice(run, _MOST_WAITING + 1)]
            self._rows.setdefault(locator, []).extend(rows)
            self._count += len(rows)
            self._left[number] = left - 1
            if left == 1 and len(rows) <= _MOST_WAITING:
                del self._left[number]
                yield from _together(self._pop(locator))
            yield from self._let_go()
        yield from map(_apart, _side_by_side(run))

    def rest(self) -> Iterator[Draft]:
        """Yield what still waits at the end."""
        for rows in self._rows.values():
            yield from _together(rows)

    def _pop(self, locator: str) -> list[Line]:
        rows = self._rows.pop(locator)
        self._count -= len(rows)
        return rows

    def _let_go(self) -> Iterator[Draft]:
        """Yield the bookings that have waited longest while too many rows wait."""
        while self._count > _MOST_WAITING:
            locator = next(iter(self._rows))
            self._left[hash(locator)] = _APART
            yield from map(_apart, _together(self._pop(locator)))


def _side_by_side(lines: Iterable[Line]) -> Iterator[Draft]:
    for _, group in groupby(lines, lambda line: line.key):
        yield _draft(group)


def _together(lines: Sequence[Line]) -> Iterator[Draft]:
    """Yield a draft for each traveller of one locator; who may be the same person is asked about."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.key.trip, line.key.traveller), []).append(line)
    parts = [_Part(group[0], frozenset(line.run for line in group)) for group in groups.values()]
    is_spread = len({line.run for line in lines}) > 1
    for part, group in zip(parts, groups.values(), strict=True):
        draft = _draft(iter(group))
        if is_spread and len(parts) > _MOST_TRAVELLERS:
            yield _apart(draft)
        elif is_spread:
            doubts = (part.doubt(each) for each in parts if part.may_belong_to(each))
            yield replace(draft, unread=(*draft.unread, *islice(doubts, 1)))
        else:
            yield draft


class _Part(NamedTuple):
    """What one traveller has of a booking: its first row, and the places where the rows stand."""

    first: Line
    runs: frozenset[int]

    def may_belong_to(self, other: "_Part") -> bool:
        """Say whether two may be one: never side by side, and under names that may be of one person."""
        if self.runs & other.runs:
            return False
        mine, others = self.first.key.traveller.split(), other.first.key.traveller.split()
        return not (mine and others) or any(_is_word(one, two) for one in mine for two in others)

    def doubt(self, other: "_Part") -> str:
        """Say where the other part stands."""
        here, there = (each.first.reader.named(each.first.row[0]) for each in (self, other))
        return (
            f"{here}: booking {self.first.key.locator} stands in {there} too, under another name or trip, or "
            "none: write both the same way if they are one"
        )


def _is_word(one: str, other: str) -> bool:
    """Say whether two words of names are the same, or one the initial of the other."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) == 1 and longer.startswith(shorter))


def _apart(draft: Draft) -> Draft:
    if not draft.locators:
        return draft
    doubt = (
        f"booking {draft.locators[0].code} has too many rows, or rows too far apart, to be put together: "
        "sort the table by record locator, or send it in parts"
    )
    return replace(draft, unread=tuple(dict.fromkeys((*draft.unread, doubt))))


def _draft(group: Iterator[Line]) -> Draft:
    """Read the rows of one traveller's booking."""
    first = next(group)
    segments: list[DraftSegment] = []
    unread: list[str] = []
    readers = set()
    for line in chain([first], islice(group, LIMITS.segments)):
        readers.add(id(line.reader))
        segment = line.reader.segment(line.row)
        problems = list(line.reader.problems(line.row, segment))
        unread += [*problems, *line.reader.doubts(line.row, segment)]
        unread += [f"{line.reader.named(line.row[0])}, {remark}" for remark in line.remarks]
        if not problems or segment.marketing_number or (segment.origin and segment.destination):
            segments.append(segment)
    if len(segments) > LIMITS.segments or next(group, None):
        more = f"more than {LIMITS.segments} flights in one booking; send it in parts"
        return Draft(unread=(f"{first.reader.named(first.row[0])}: {more}",))
    person = first.reader.traveller(first.row[1])
    people = (person,) if person.raw_name or person.email else ()
    locators = (Locator(first.key.locator),) if first.key.locator else ()
    is_unsure = any(each.departs.day_month_unsure or each.arrives.day_month_unsure for each in segments)
    has_one_order = is_unsure and len(readers) == 1
    return Draft(tuple(segments), people, locators, unread=tuple(unread), has_one_order=has_one_order)
