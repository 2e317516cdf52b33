"""What goes into a reader and what comes out of it."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from travelrisk.domain.columns import ColumnMapping
from travelrisk.domain.drafts import Draft
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.limits import MIB, Limits, Room


@dataclass(frozen=True, slots=True)
class Document:
    """Something that arrived.

    Attributes:
        content: the bytes as they came.
        name: file name, if any; it is believed only where the content does not decide.
        media_type: MIME type, if any; believed like the name.
        context_date: the day it arrived; the year of a date without one is worked out from it later.
        depth: 0 for what arrived, 1 for an attachment of it, and so on.
        mappings: what its sender's unit said of the headings of tables.
        is_sampled: a table is not to be read; somebody wants to see what stands in it, to explain it.
        room: what all that is inside of what arrived has taken of its limits.
    """

    content: bytes
    name: str = ""
    media_type: str = ""
    context_date: date | None = None
    depth: int = 0
    mappings: tuple[ColumnMapping, ...] = ()
    is_sampled: bool = False
    room: Room = field(default_factory=Room, compare=False, repr=False)

    def inner(self, content: bytes, name: str = "", media_type: str = "") -> Self:
        """Return something that was found inside this document."""
        return replace(self, content=content, name=name, media_type=media_type, depth=self.depth + 1)


@dataclass(frozen=True, slots=True)
class Sample:
    """What stands in a table, for somebody who explains it.

    Attributes:
        row: number of the row that is taken for its headings.
        headings: as they stand there.
        meanings: for each the field that it stands for as far as it is known; empty = not known.
        rows: the first rows below.
    """

    row: int
    headings: tuple[str, ...]
    meanings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a document, or of a part of it.

    Attributes:
        form: which form the document has: ``text``, ``ics``, ``eml``, ``csv`` ...
        drafts: the bookings in it.
        unread: every flight-like line that was not understood, those of the drafts included.
        outcome: ``complete`` (every line understood; settling may still ask), ``partial`` (something is
        unread),
            ``nothing_found`` or ``unreadable``.
        reason: one plain sentence that names file, row or field and says what to do; empty when complete.
        samples: of a document that is sampled, what stands in its tables.
    """

    form: str
    drafts: tuple[Draft, ...] = ()
    unread: tuple[str, ...] = ()
    outcome: Outcome = Outcome.NOTHING_FOUND
    reason: str = ""
    samples: tuple[Sample, ...] = ()


def too_large(document: Document, limits: Limits) -> Reading:
    """Return the reading of a document beyond the limit of size."""
    size = len(document.content) / MIB
    reason = f"{document.name or 'The document'} has {size:.1f} MB; up to {limits.size // MIB} MB are read"
    return refused("unknown", f"{reason}: send the itinerary alone")


def refused(form: str, reason: str, unread: tuple[str, ...] = ()) -> Reading:
    """Return the reading of a document that could not be read."""
    return Reading(form, (), unread, Outcome.UNREADABLE, reason)


def reading_of(form: str, drafts: tuple[Draft, ...], unread: tuple[str, ...], nothing: str) -> Reading:
    """Return a reading whose outcome follows from what was found.

    Args:
        form: of the document.
        drafts: bookings found.
        unread: flight-like lines that belong to none of the drafts.
        nothing: the reason to give where no flight was found.
    """
    everything = tuple(dict.fromkeys([*unread, *(line for draft in drafts for line in draft.unread)]))
    if not drafts:
        reason = f"{_count(everything)}. {nothing}" if everything else nothing
        return Reading(form, (), everything, Outcome.NOTHING_FOUND, reason)
    if everything:
        reason = f"{_count(everything)}; send what is missing in another form"
        return Reading(form, drafts, everything, Outcome.PARTIAL, reason)
    return Reading(form, drafts, (), Outcome.COMPLETE, "")


def _count(lines: tuple[str, ...]) -> str:
    return (
        "One flight-like line was not understood"
        if len(lines) == 1
        else (f"{len(lines)} flight-like lines were not understood")
    )
