"""Which reader reads what: the readers in one tuple, and the one function that asks them.

A new form is one module with one class, and one line here.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.places import Atlas
from travelrisk.intake.calendars.ics import Calendar
from travelrisk.intake.document import Document, Reading, refused, too_large
from travelrisk.intake.limits import LIMITS, Limits
from travelrisk.intake.lines.text import HOW, FreeText
from travelrisk.intake.mails.eml import Mail
from travelrisk.intake.masking import masked_reading
from travelrisk.intake.pages.structured import Structured
from travelrisk.intake.partners.airfile import AirFile
from travelrisk.intake.partners.interfaces import Interface
from travelrisk.intake.partners.pnrgov import Pnrgov
from travelrisk.intake.partners.queries import Queries
from travelrisk.intake.passes.pictures import Pictures
from travelrisk.intake.passes.wallet import Wallet
from travelrisk.intake.pdf.receipts import Receipts
from travelrisk.intake.sniffing import UNREAD_FORMS, form_of
from travelrisk.intake.tables.table import Table


class Reader(Protocol):
    """Reads one form.

    `accepts` is fast and may be wrong; `read` yields at least one reading, and most forms just one.
    """

    name: str

    def accepts(self, document: Document) -> bool:
        """Say whether this reader may be able to read the document."""
        ...

    def read(self, document: Document) -> Iterator[Reading]:
        """Read the document."""
        ...


READERS: tuple[Callable[[Atlas, CarrierBook], Reader], ...] = (
    Calendar,
    Interface,
    Pnrgov,
    AirFile,
    Structured,
    Table,
    Pictures,
    Wallet,
    FreeText,
)

Read = Callable[[Document], Iterator[Reading]]

CONTAINERS: tuple[Callable[[Atlas, CarrierBook, Read], Reader], ...] = (Mail, Receipts, Queries)
"""Readers of what holds other documents; they are given the function that reads those."""


class Readers:
    """Every reader, ready to read; one object serves any number of documents."""

    def __init__(self, atlas: Atlas, book: CarrierBook, limits: Limits = LIMITS) -> None:
        containers = (container(atlas, book, self.read) for container in CONTAINERS)
        self._readers = (*containers, *(reader(atlas, book) for reader in READERS))
        self._limits = limits

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a document with the first reader that accepts it; whatever goes wrong becomes a reading.

        Yields:
            One reading for most forms; a table yields one for each chunk of its rows.
        """
        if len(document.content) > self._limits.size:
            yield too_large(document, self._limits)
            return
        size = len(document.content)
        reason = document.room.why_not(size, document.depth, self._limits) if document.depth else ""
        if reason:
            yield refused(form_of(document).value, reason)
            return
        try:
            for reading in self._read(document):
                yield masked_reading(self._within_limits(reading))
        except Exception as error:  # noqa: BLE001 - foreign bytes break readers in any way
            reason = f"{_named(document)} stopped its reader ({type(error).__name__}): {HOW}"
            yield refused(form_of(document).value, reason)

    def _read(self, document: Document) -> Iterator[Reading]:
        for reader in self._readers:
            if reader.accepts(document):
                yield from reader.read(document)
                return
        form = form_of(document)
        yield refused(form.value, UNREAD_FORMS.get(form, f"Nobody reads the form {form.value}: {HOW}"))

    def _within_limits(self, reading: Reading) -> Reading:
        longest = max((len(draft.segments) for draft in reading.drafts), default=0)
        if longest <= self._limits.segments:
            return reading
        reason = (
            f"One booking has {longest} flights; up to {self._limits.segments} are read: send it in parts"
        )
        return refused(reading.form, reason)


def _named(document: Document) -> str:
    return document.name or "The document"
