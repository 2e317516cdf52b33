"""PDF: receipts, itineraries and boarding passes. Text first, then the files inside, then bar codes.

A scan is told to be one: without a text layer "no flights" would be a guess.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.places import Atlas
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.lines.text import HOW, FreeText
from travelrisk.intake.merging.contradictions import Parts
from travelrisk.intake.merging.folding import within
from travelrisk.intake.passes.flights import joined
from travelrisk.intake.passes.pictures import Pictured, passes_in
from travelrisk.intake.pdf.pages import File, Page, Pdf
from travelrisk.intake.sniffing import Form, form_of

_MOST_DEEP = 5
_MOST_SHOWN = 4  # pages made pictures of; each takes a twentieth of a second
_IS_PASS = re.compile(
    r"boarding[ -]?(?:pass|card)|carte d.(?:embarquement|acc[èe]s)|tarjeta de embarque|pase de abordar"
    r"|bordkarte|cart[ãa]o de embarque|carta d.imbarco",
    re.IGNORECASE,
)
_INVOICES = {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml"}
_NO_TEXT = (
    "has no text layer, it is a picture of its pages: "
    "send the itinerary as text, or the PDF that the agency made"
)


class _Seen(NamedTuple):
    """What the pages say: their text, and what must be told of them."""

    text: str
    told: tuple[str, ...]
    pictured: Pictured


class Receipts:
    """Reads PDFs; the files inside go to the other readers."""

    name = "pdf"

    def __init__(
        self, atlas: Atlas, book: CarrierBook, read: Callable[[Document], Iterator[Reading]]
    ) -> None:
        self._text = FreeText(atlas, book)
        self._parts = Parts(atlas)
        self._read = read

    def accepts(self, document: Document) -> bool:
        """Say whether this is a PDF."""
        return form_of(document) is Form.PDF

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a PDF; one reading for all that is in it."""
        name = document.name if document.name and not document.depth else "The document"
        if document.depth > _MOST_DEEP:
            yield refused(self.name, f"{name} lies more than {_MOST_DEEP} files deep: send it alone")
            return
        try:
            pdf = Pdf(document.content)
            seen = _seen(pdf, list(pdf.pages()), document)
            files = list(pdf.files())
        except BadInputError as error:
            yield refused(self.name, f"{name} {error}")
            return
        yield self._reading(seen, files, document, name)

    def _reading(self, seen: _Seen, files: list[File], document: Document, name: str) -> Reading:
        texts = self._text.read_text(seen.text, every_word=True, context=document.context_date)
        readings = [texts, *(reading for file in files for reading in self._file(file, document))]
        drafts: list[Draft] = []
        for reading in readings:
            drafts = self._parts.fold(drafts, reading.drafts)
        drafts = self._parts.fold(drafts, joined(seen.pictured.drafts))
        unread = (line for reading in readings for line in reading.unread)
        everything = (*seen.told, *unread, *seen.pictured.unread)
        if not drafts and not seen.text.strip():
            told = tuple(line for line in everything if line not in seen.told)
            return refused(self.name, f"{name} {_NO_TEXT}", told)
        if texts.outcome is Outcome.UNREADABLE:
            everything = (*everything, texts.reason)
        return reading_of(self.name, tuple(drafts), everything, f"No flight was found in the PDF: {HOW}")

    def _file(self, file: File, document: Document) -> Iterator[Reading]:
        """Read a file inside; one that nobody reads is told by its name."""
        if file.name.lower() in _INVOICES:
            return
        for reading in self._read(document.inner(file.content, file.name)):
            is_lost = reading.outcome is Outcome.UNREADABLE and not reading.unread
            drafts = tuple(
                replace(draft, segments=tuple(within(each, file.name) for each in draft.segments))
                for draft in reading.drafts
            )
            unread = (f"{file.name}: {reading.reason}",) if is_lost else reading.unread
            yield replace(reading, drafts=drafts, unread=unread)


def _seen(pdf: Pdf, pages: list[Page], document: Document) -> _Seen:
    text = "\n\n".join(page.text for page in pages)
    told = [
        f"page {number} has a text that was recognised from a picture: send it as text"
        for number, page in enumerate(pages, 1)
        if page.is_recognised
    ]
    told += [
        f"page {number} has no text layer, it is a picture: send it as text"
        for number, page in enumerate(pages, 1)
        if page.has_picture and not page.text
    ]
    found = [
        passes_in(picture, document.context_date)
        for number, page in enumerate(pages)
        if page.has_picture
        for picture in pdf.pictures(number)
    ]
    if not any(each.drafts for each in found):
        drawn = [number for number, page in enumerate(pages) if not page.text or _IS_PASS.search(page.text)]
        found += [passes_in(pdf.shown(number), document.context_date) for number in drawn[:_MOST_SHOWN]]
    drafts = tuple(draft for each in found for draft in each.drafts)
    unread = tuple(line for each in found for line in each.unread)
    return _Seen(text, tuple(told), Pictured(drafts, unread))
