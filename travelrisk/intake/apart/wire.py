"""What goes over the pipe between the service and the process that reads for it: JSON, never pickle."""

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from travelrisk.domain.columns import ColumnMapping
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.limits import LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Order:
    """Announces a document; its *size* bytes follow the line at once."""

    size: int
    name: str = ""
    media_type: str = ""
    context_date: date | None = None
    depth: int = 0
    limits: Limits = LIMITS
    mappings: tuple[ColumnMapping, ...] = ()
    is_sampled: bool = False

    def document(self, content: bytes) -> Document:
        """Return the document that was announced."""
        return Document(
            content,
            self.name,
            self.media_type,
            self.context_date,
            self.depth,
            self.mappings,
            self.is_sampled,
        )


TAKEN = b"+\n"
"""What the process says when it has the whole document; whoever says nothing had died before."""

_ORDER = TypeAdapter(Order)
_READING = TypeAdapter(Reading)


def order_line(document: Document, limits: Limits) -> bytes:
    """Write the line that announces a document."""
    order = Order(
        len(document.content),
        document.name,
        document.media_type,
        document.context_date,
        document.depth,
        limits,
        document.mappings,
        document.is_sampled,
    )
    return _ORDER.dump_json(order) + b"\n"


def order_from(line: bytes) -> Order:
    """Read the line that announces a document."""
    return _ORDER.validate_json(line)


def reading_line(reading: Reading) -> bytes:
    """Write a reading as one line."""
    return _READING.dump_json(reading) + b"\n"


def reading_from(line: bytes) -> Reading:
    """Read a reading; raises ValueError if the line holds none."""
    return _READING.validate_json(line)
