"""Tables of travel agencies, CSV and XLSX: one row a segment, the rows of one booking one draft.

A CSV is read as a stream, several times: for its headings, for the order of its dates, for the bookings that
stand in several places, and for its rows; so memory does not grow with the file, and what is wrong with it
shows before the first draft is handed over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.places import Atlas
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.limits import CHUNK_DRAFTS
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.tables.annotations import annotations_of
from travelrisk.intake.tables.bookings import Line, Lines, drafts_of
from travelrisk.intake.tables.delimited import delimited_rows
from travelrisk.intake.tables.outside import Outsider, Outsiders, told
from travelrisk.intake.tables.rows import RowReader
from travelrisk.intake.tables.samples import sample_of
from travelrisk.intake.tables.sheets import Sheet, columns_in
from travelrisk.intake.tables.workbook import sheets_of

Outside = Sequence[Outsider]


class Table:
    """Reads CSV files and workbooks; the columns say what a cell is, so nothing has to be looked up."""

    name = "table"

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        """Take the tables that every reader is given."""
        self._reader = partial(RowReader, atlas=atlas, book=book)
        self._outsiders = Outsiders(atlas, book)

    def accepts(self, document: Document) -> bool:
        """Say whether this is a table."""
        return form_of(document) in {Form.CSV, Form.XLSX}

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a table in chunks; rows that cannot be read are named with their number, never dropped."""
        form = form_of(document).value
        name = document.name or "The table"
        try:
            sheets = _sheets(form, document)
            if document.is_sampled:
                yield Reading(form, samples=tuple(filter(None, map(sample_of, sheets))))
                return
            yield from self._read(form, name, sheets)
        except BadInputError as error:
            # Beside other documents it must be told; alone, its reason says it already.
            told_beside = (f"{name}: {error}",) if document.depth else ()
            yield refused(form, f"{name}: {error}", told_beside)

    def _read(self, form: str, name: str, sheets: Sequence[Sheet]) -> Iterator[Reading]:
        tables = [sheet for sheet in sheets if not sheet.complaint]
        if not tables:
            yield self._without_headings(form, name, sheets)
            return
        read = [(sheet, self._reader_of(sheet)) for sheet in tables]

        def lines() -> Iterator[Line]:
            return chain.from_iterable(sheet.lines(reader, self._outsiders) for sheet, reader in read)

        outsiders = [each for sheet in sheets for each in sheet.outside(self._outsiders)]
        outsiders += [each for sheet, reader in read for each in sheet.notes(reader, self._outsiders)]
        nobodys, claimed = _owned(outsiders, lines)
        drafts = (self._with_unread(draft, nobodys, claimed) for draft in drafts_of(lines))
        nothing = f"{name} has headings and no flights under them"
        chunk = list(islice(drafts, CHUNK_DRAFTS))
        yield _chunk_reading(form, chunk, nothing, told(nobodys))
        while chunk := list(islice(drafts, CHUNK_DRAFTS)):
            yield _chunk_reading(form, chunk, nothing, told(nobodys))

    def _without_headings(self, form: str, name: str, sheets: Sequence[Sheet]) -> Reading:
        """Refuse a table, and tell its rows that look like flights: it may come with other documents."""
        if not sheets:
            return reading_of(form, (), (), f"{name} is empty")
        outsiders = [each for sheet in sheets for each in sheet.outside(self._outsiders) if not each.note]
        unread = tuple(f"{name}, {line}" for line in told(outsiders))
        return refused(form, f"{name} {sheets[0].complaint}", unread)

    def _reader_of(self, sheet: Sheet) -> RowReader:
        if sheet.columns is None:
            raise BadInputError(sheet.complaint)
        return self._reader(sheet.columns, first_is_day=sheet.order(sheet.columns), label=sheet.label)

    def _with_unread(self, draft: Draft, nobodys: Outside, claimed: dict[str, Outside]) -> Draft:
        own = [each for locator in draft.locators for each in claimed.get(locator.code, ())]
        if not (own or nobodys):
            return draft
        concerns = self._outsiders.notes.concerns
        others = [each for each in nobodys if not each.note or concerns(each.note, draft.segments)]
        return replace(draft, unread=(*draft.unread, *told(own), *told(others)))


def _sheets(form: str, document: Document) -> list[Sheet]:
    """Take a document apart into its sheets; empty ones are left out."""
    content, mappings = document.content, document.mappings
    if form != Form.XLSX:
        rows = partial(delimited_rows, content, mappings)
        return [Sheet(rows, columns_in(rows, mappings), mappings=mappings)]
    sheets = [(title, rows) for title, rows in sheets_of(content).items() if rows]
    beside = annotations_of(content)
    return [
        Sheet(
            partial(iter, rows),
            columns_in(partial(iter, rows), mappings),
            f"sheet {title} " if len(sheets) > 1 else "",
            tuple(beside.get(title, ())),
            mappings,
        )
        for title, rows in sheets
    ]


def _owned(outsiders: Outside, lines: Lines) -> tuple[Outside, dict[str, Outside]]:
    """Return what concerns every booking, as nobody knows whose it is, and by locator what names one."""
    if not outsiders:
        return (), {}
    cells = frozenset[str]().union(*(each.cells for each in outsiders))
    locators = {line.key.locator for line in lines() if line.key.locator in cells} - {""}
    claimed: dict[str, Outside] = {
        locator: [each for each in outsiders if locator in each.cells] for locator in locators
    }
    return [each for each in outsiders if not each.cells & locators], claimed


def _chunk_reading(form: str, chunk: list[Draft], nothing: str, nobodys: tuple[str, ...]) -> Reading:
    kept = tuple(draft for draft in chunk if draft.segments)
    loose = tuple(line for draft in chunk if not draft.segments for line in draft.unread)
    return reading_of(form, kept, loose if kept else (*loose, *nobodys), nothing)
