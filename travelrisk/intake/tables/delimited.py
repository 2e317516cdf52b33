"""The rows of a CSV file, whatever its encoding and its delimiter, one at a time."""

import csv
import io
from collections.abc import Iterator, Sequence

from travelrisk.domain.columns import ColumnMapping
from travelrisk.domain.errors import BadInputError
from travelrisk.intake.decoding import encoding_of
from travelrisk.intake.limits import LINE_CHARACTERS
from travelrisk.intake.words.headings import DELIMITERS, column_of

_SAMPLE = 16_384
_HEAD_LINES = 20


def delimited_rows(content: bytes, mappings: Sequence[ColumnMapping] = ()) -> Iterator[tuple[int, list[str]]]:
    """Yield number (from 1) and cells of each row.

    Raises:
        BadInputError: a line is too long, or quotes do not end.
    """
    delimiter = delimiter_of(content, mappings)
    with io.TextIOWrapper(io.BytesIO(content), encoding_of(content), errors="replace", newline="") as text:
        reader = csv.reader(_lines(text), delimiter=delimiter, skipinitialspace=True)
        try:
            yield from enumerate(reader, 1)
        except csv.Error as error:
            raise BadInputError(f"line {reader.line_num} cannot be taken apart: {error}") from error


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    for number, line in enumerate(text, 1):
        if len(line) > LINE_CHARACTERS:
            raise BadInputError(f"line {number} has more than {LINE_CHARACTERS:,} characters")
        yield line.replace("\0", " ")


def delimiter_of(content: bytes, mappings: Sequence[ColumnMapping] = ()) -> str:
    """Return the delimiter that makes most headings of one of the first lines, or else most cells.

    csv.Sniffer was tried: on a file of two rows it takes the blank in "Departure date" for a delimiter.
    """
    sample = content[:_SAMPLE].decode(encoding_of(content), errors="replace")
    lines = sample.lstrip("\ufeff").splitlines()[:_HEAD_LINES]

    def headings(delimiter: str) -> tuple[int, int]:
        rows = [[cell.strip("\"' ") for cell in line.split(delimiter)] for line in lines]
        known = [sum(column_of(cell) is not None for cell in row) for row in rows]
        said = [len(mapping.meanings(row)) for mapping in mappings for row in rows]
        cells = sum(len(row) for row in rows)
        return max((*known, *said), default=0), cells

    return max(DELIMITERS, key=headings)
