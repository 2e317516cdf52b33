"""The records of an edition as a table, and an empty table to begin with."""

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.ratings import Record
from travelrisk.services.application import Application
from travelrisk.services.exchange.columns import EXPORT, RECORDS, TEMPLATE_EVIDENCE, columns_of, most_evidence
from travelrisk.services.exchange.marking import marked
from travelrisk.services.exchange.rows import cells_of
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.services.ratings.recordfile import records_text
from travelrisk.services.ratings.records import name_of
from travelrisk.services.trail import TERMINAL
from travelrisk.store import ratings
from travelrisk.store.database import reading


def export(app: Application, form: str, edition: int | None = None, by: str = TERMINAL) -> bytes:
    """Return every record open in an edition, as ``json``, ``csv`` or ``xlsx``, and note who took it.

    Args:
        app: the parts of the service.
        form: one of the three.
        edition: None for the newest.
        by: id of whoever takes it.

    Raises:
        NotFoundError: there is no such edition.
        BadInputError: a text does not fit into a workbook.
        StoreError: the database cannot be read, or that it was taken cannot be written down.
    """
    with reading(app.engine) as c:
        number = ratings.current_edition(c) if edition is None else edition
        records = ratings.known_in(c, number)

    def made(mark: str) -> bytes:
        return _content(app, form, number, records, mark)

    return marked(app, by, {"what": "records", "edition": number, "form": form}, made)


def _content(app: Application, form: str, number: int, records: tuple[Record, ...], mark: str) -> bytes:
    if form == "json":
        return records_text(records, mark).encode()
    tabled = (each for each in records if not isinstance(each, Airspace))  # a table has no room for outlines
    ordered = sorted(tabled, key=lambda each: (RECORDS.index(each.record), each.id))
    rows = [cells_of(record, number, name_of(app, record)) | {EXPORT: mark} for record in ordered]
    columns = columns_of(max(most_evidence(name for row in rows for name in row), 1))
    names = [*(column.name for column in columns), EXPORT]
    return csv_bytes(names, rows) if form == "csv" else workbook_bytes(names, rows, mark)


def template() -> bytes:
    """Return an empty workbook with words to choose from and a sheet that explains the columns."""
    return workbook_bytes([column.name for column in columns_of(TEMPLATE_EVIDENCE)], ())
