"""The records of an edition as a table, and an empty table to begin with."""

from travelrisk.domain.airspaces import Airspace
from travelrisk.services.application import Application
from travelrisk.services.exchange.columns import RECORDS, TEMPLATE_EVIDENCE, columns_of, most_evidence
from travelrisk.services.exchange.rows import cells_of
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.services.ratings.recordfile import records_text
from travelrisk.services.ratings.records import name_of
from travelrisk.store import ratings
from travelrisk.store.database import reading


def export(app: Application, form: str, edition: int | None = None) -> bytes:
    """Return every record open in an edition: ``json``, ``csv`` or ``xlsx``.

    Args:
        app: the parts of the service.
        form: one of the three.
        edition: None for the newest.

    Raises:
        NotFoundError: there is no such edition.
        BadInputError: a text does not fit into a workbook.
    """
    with reading(app.engine) as c:
        number = ratings.current_edition(c) if edition is None else edition
        records = ratings.known_in(c, number)
    if form == "json":
        return records_text(records).encode()
    tabled = (each for each in records if not isinstance(each, Airspace))  # a table has no room for outlines
    ordered = sorted(tabled, key=lambda each: (RECORDS.index(each.record), each.id))
    rows = [cells_of(record, number, name_of(app, record)) for record in ordered]
    columns = columns_of(max(most_evidence(name for row in rows for name in row), 1))
    names = [column.name for column in columns]
    return csv_bytes(names, rows) if form == "csv" else workbook_bytes(names, rows)


def template() -> bytes:
    """Return an empty workbook with words to choose from and a sheet that explains the columns."""
    return workbook_bytes([column.name for column in columns_of(TEMPLATE_EVIDENCE)], ())
