"""Which reader reads what: the readers in one tuple, and all of them together.

A new form is one module with one class, and one line here.
"""

from collections.abc import Callable, Iterator

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.places import Atlas
from travelrisk.intake.calendars.ics import Calendar
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.inturn import InTurn, Reader
from travelrisk.intake.limits import LIMITS, Limits
from travelrisk.intake.lines.text import FreeText
from travelrisk.intake.mails.eml import Mail
from travelrisk.intake.pages.structured import Structured
from travelrisk.intake.partners.airfile import AirFile
from travelrisk.intake.partners.interfaces import Interface
from travelrisk.intake.partners.pnrgov import Pnrgov
from travelrisk.intake.partners.queries import Queries
from travelrisk.intake.passes.pictures import Pictures
from travelrisk.intake.passes.wallet import Wallet
from travelrisk.intake.pdf.receipts import Receipts
from travelrisk.intake.tables.table import Table

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


class Readers(InTurn):
    """Every reader, ready to read; one object serves any number of documents."""

    def __init__(self, atlas: Atlas, book: CarrierBook, limits: Limits = LIMITS) -> None:
        containers = (container(atlas, book, self.read) for container in CONTAINERS)
        super().__init__((*containers, *(reader(atlas, book) for reader in READERS)), limits)
