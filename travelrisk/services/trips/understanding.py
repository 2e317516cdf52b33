"""From a document to settled itineraries; what was not understood is never lost on the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft
from travelrisk.domain.itineraries import Itinerary, Outcome
from travelrisk.domain.places import Atlas
from travelrisk.domain.settling import settle
from travelrisk.domain.shapes import outcome_of
from travelrisk.intake.apart.sandbox import read_apart, read_line
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.masking import masked_draft, masked_reading
from travelrisk.intake.partners.queries import Query, inner_document, people_of

_LONGEST_LINE = 500
_TABLES = frozenset({"csv", "xlsx"})  # there each row stands for itself: a bad one taints no other booking


class Tables(Protocol):
    """All that understanding takes: an Application has it, and so has whoever reads without a database."""

    @property
    def atlas(self) -> Atlas:
        """The places."""

    @property
    def book(self) -> CarrierBook:
        """The carriers."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The aware time; a document without a context date is taken to arrive now."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A document, or a part of a long one.

    Attributes:
        outcome: the worst of reading and settling. reason: why it is not complete, and what to do.
        unread: all lines that look like flights and were not understood.
    """

    form: str
    outcome: Outcome
    reason: str
    unread: tuple[str, ...]
    itineraries: tuple[Itinerary, ...]


def understand(app: Tables, document: Document) -> Iterator[Understood]:
    """Read *document* in a process of its own and settle what is in it; long tables come in parts."""
    document = replace(document, context_date=document.context_date or app.clock().date())
    for reading in read_apart(document):
        yield _settled(app, document, reading)


def understand_text(app: Tables, text: str) -> tuple[Understood, ...]:
    """Read what somebody typed or pasted: a short line right here, anything longer like a document."""
    document = Document(text.encode(), media_type="text/plain", context_date=app.clock().date())
    if len(text) > _LONGEST_LINE or text.count("\n") > 1:
        return tuple(understand(app, document))
    reading = read_line(text, app.clock().date(), app.atlas, app.book)
    return (_settled(app, document, reading),)


def understand_query(
    app: Tables, query: Query, explained: Callable[[Document], Document]
) -> Iterator[Understood]:
    """Read one query of the API; its segments are our own form, and read right here.

    *explained* adds to a document what is known of the headings of its tables.
    """
    around = Document(b"", context_date=app.clock().date())
    if "text" in query:
        yield from understand_text(app, query["text"])
        return
    inner = inner_document(around, query, app.book)
    if isinstance(inner, Document):
        yield from understand(app, explained(replace(inner, depth=0)))
    else:
        yield _settled(app, around, masked_reading(inner))


def people_of_query(app: Tables, query: Query) -> Itinerary:
    """Return the booking of a query of segments without its flights: who travels, as it would be told."""
    context = app.clock().date()
    return settle(masked_draft(people_of(query)), app.atlas, app.book, context)


def drafts_of(document: Document) -> Iterator[Draft]:
    """Read *document* again, and yield its bookings in their order before they are settled."""
    for reading in read_apart(document):
        yield from _tainted(reading)


def drafts_of_text(app: Tables, text: str) -> tuple[Draft, ...]:
    """Read what somebody typed or pasted, and return its bookings before they are settled."""
    if len(text) > _LONGEST_LINE or text.count("\n") > 1:
        document = Document(text.encode(), media_type="text/plain", context_date=app.clock().date())
        return tuple(drafts_of(document))
    return _tainted(read_line(text, app.clock().date(), app.atlas, app.book))


def _settled(app: Tables, document: Document, reading: Reading) -> Understood:
    context = document.context_date or app.clock().date()
    itineraries = tuple(
        settle(draft, app.atlas, app.book, draft.issued or context) for draft in _tainted(reading)
    )
    outcome = outcome_of(reading.outcome, itineraries)
    return Understood(reading.form, outcome, reading.reason, reading.unread, itineraries)


def _tainted(reading: Reading) -> tuple[Draft, ...]:
    """Give every booking the unread lines that nobody claims: one of them may be its missing flight."""
    claimed = {line for draft in reading.drafts for line in draft.unread}
    loose = tuple(line for line in reading.unread if line not in claimed)
    if not loose or reading.form in _TABLES:
        return reading.drafts
    return tuple(replace(draft, unread=(*draft.unread, *loose)) for draft in reading.drafts)
