"""The labelled flights of a text: tables first, then blocks, and what is left for the free text."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Locator, Traveller
from travelrisk.domain.places import Atlas
from travelrisk.intake.labelled.blocks import Blocks, Line
from travelrisk.intake.labelled.columns import Columns
from travelrisk.intake.labelled.fields import Booking, Filler
from travelrisk.intake.labelled.labels import Kind
from travelrisk.intake.labelled.pieces import pieces_of
from travelrisk.intake.labelled.records import Record
from travelrisk.intake.labelled.values import Values
from travelrisk.intake.words.noise import MAIL_HEADER

_FEWEST_LINES = 2
_SEEN = re.compile(r"[^\n]")
_NUMBERED = re.compile(
    r"(?<![\w])(?:[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})[ -]{0,3}[0-9]{1,4}(?![0-9])", re.IGNORECASE
)


class Taken(NamedTuple):
    """What was read of a text.

    Attributes:
        rest: the text without what was understood; every other character stands where it stood.
        segments: the flights.
        beside: the lines among those of the flights that were not understood, and what may name a carrier.
        unread: what contradicts itself, or is not known.
        issued: the date that the document bears.
    """

    rest: str
    segments: tuple[DraftSegment, ...] = ()
    beside: str = ""
    unread: tuple[str, ...] = ()
    locators: tuple[Locator, ...] = ()
    travellers: tuple[Traveller, ...] = ()
    issued: date | None = None


class Labelled:
    """Reads labels and columns with the tables that tell airports and carriers from other words."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._values = Values(atlas, book)
        self._filler = Filler(self._values)
        self.read = lru_cache(maxsize=8)(self._read)  # a mail asks for its text more than once

    def bookings(self, text: str) -> list[str]:
        """Return a text in parts where several bookings stand in it, each with locator, people and flights.

        The locators that airlines give to the flights of one booking have labels of their own.
        """
        whole = self.read(text)
        if min(map(len, (whole.segments, whole.locators, whole.travellers))) < len("ab"):
            return [text]
        label, starts = "", dict[str, int]()
        for line in _lines(text):
            for piece in pieces_of(line.text, line.start):
                if piece.kind is Kind.LOCATOR and piece.has_colon:
                    label = label or piece.label
                    if piece.label == label:
                        starts.setdefault(piece.value, line.start)
        parts = _cut(text, list(starts.values()))
        read = [self.read(part) for part in parts]
        return parts if all(each.segments and each.travellers for each in read) else [text]

    def _read(self, text: str) -> Taken:
        """Read what of a text is labelled.

        Args:
            text: plain text with its runs of blanks, of which columns are made.
        """
        if text.count("\n") < _FEWEST_LINES or not _NUMBERED.search(text):
            return Taken(text)
        lines = _lines(_blanked(text, [match.span() for match in MAIL_HEADER.finditer(text)]))
        booking = Booking()
        columns = Columns(self._values, self._filler, booking)
        tabled = columns.read(lines)
        blocks = Blocks(self._values, self._filler, booking)
        blocks.read(line for number, line in enumerate(lines) if number not in tabled)
        records = sorted((*columns.records, *blocks.records), key=lambda record: min(record.spans))
        if not records:
            return Taken(text)
        segments = tuple(record.segment(text, self._atlas) for record in records)
        spans = [*booking.spans, *(span for record in records for span in record.spans)]
        rest = _blanked(text, spans)
        return Taken(
            rest,
            segments,
            "\n".join([_among(rest, records), *(aside for record in records for aside in record.asides)]),
            tuple(dict.fromkeys(doubt for record in records for doubt in record.doubts)),
            tuple(booking.locators),
            tuple(booking.travellers),
            booking.issued,
        )


def _cut(text: str, starts: Sequence[int]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *starts[1:], len(text)])]


def _lines(text: str) -> list[Line]:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(Line(start, line))
        start += len(line) + 1
    return lines


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, done = [], 0
    for start, end in sorted(spans):
        if end > done:
            begin = max(start, done)
            pieces += [text[done:begin], _SEEN.sub(" ", text[begin:end])]
            done = end
    return "".join([*pieces, text[done:]])


def _among(rest: str, records: Sequence[Record]) -> str:
    """Return the lines from the first to the last one of which something was understood, as they are left."""
    spans = [span for record in records for span in record.spans]
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    begin = rest.rfind("\n", 0, first) + 1
    finish = rest.find("\n", last)
    lines = rest[begin : len(rest) if finish < 0 else finish].split("\n")
    return "\n".join(line for line in lines if line.strip())
