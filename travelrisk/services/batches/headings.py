"""A table whose headings nobody has explained yet: a program is told at once, not when it is screened."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from travelrisk.intake.apart.sandbox import read_apart
from travelrisk.intake.document import Document, Sample
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.tables.columns import missing_among
from travelrisk.services.application import Application
from travelrisk.services.trips.mapping import mapped


class Unexplained(NamedTuple):
    """A table that cannot be read.

    Attributes:
        row: number of the row that is taken for its headings.
        missing: in words, what no column is known to hold.
        unknown: place of each heading that nobody knows, from 0, and the heading.
    """

    row: int
    missing: Sequence[str]
    unknown: Sequence[tuple[int, str]]


def unexplained(app: Application, document: Document, office: str) -> Unexplained | None:
    """Return what is not known of a table with all that its office has said; None if it can be read.

    A workbook can be read if one of its sheets can. What is no table, or cannot be opened, is for the worker.

    Raises:
        StoreError: the database cannot be read.
    """
    if form_of(document) not in {Form.CSV, Form.XLSX}:
        return None
    sampled = replace(mapped(app, document, office), is_sampled=True)
    found = [_unexplained(sample) for reading in read_apart(sampled) for sample in reading.samples]
    return found[0] if found and all(each.missing for each in found) else None


def _unexplained(sample: Sample) -> Unexplained:
    meanings = enumerate(zip(sample.headings, sample.meanings, strict=True))
    unknown = [(place, heading) for place, (heading, meaning) in meanings if heading.strip() and not meaning]
    return Unexplained(sample.row, missing_among(filter(None, sample.meanings)), unknown)
