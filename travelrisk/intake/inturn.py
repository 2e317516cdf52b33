"""Readers asked in turn: the first that accepts a document reads it, within limits."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from travelrisk.intake.document import Document, Reading, refused, too_large
from travelrisk.intake.limits import LIMITS, Limits
from travelrisk.intake.lines.text import HOW
from travelrisk.intake.masking import masked_reading
from travelrisk.intake.sniffing import UNREAD_FORMS, form_of


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


class InTurn:
    """Some readers, ready to read; one object serves any number of documents."""

    def __init__(self, readers: Sequence[Reader], limits: Limits = LIMITS) -> None:
        self._readers = readers
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
