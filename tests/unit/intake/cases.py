"""The case folders of the readers: a document, and the reading that it must give."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.registry import Readers
from travelrisk.intake.tables.mappingfile import mapping_from

ARRIVED = date(2026, 11, 23)
"""The day every document of the cases arrives."""
CASES = Path(__file__).resolve().parents[2] / "cases" / "intake"

_READING = TypeAdapter(Reading)
_READERS = Readers(ATLAS, BOOK)


def folders() -> Iterator[Path]:
    """Give every case folder, which is one with a document in it."""
    return (path.parent for path in sorted(CASES.glob("*/*/in.*")))


def reading_of_case(folder: Path) -> Any:  # noqa: ANN401 - JSON
    """Read the document of a case and give its reading as JSON, without what is empty."""
    (path,) = folder.glob("in.*")
    said = tuple(mapping_from(each.read_text("utf-8")) for each in folder.glob("columns.toml"))
    document = Document(path.read_bytes(), path.name, context_date=ARRIVED, mappings=said)
    (reading,) = _READERS.read(document)
    return _READING.dump_python(reading, mode="json", exclude_defaults=True)


def written(reading: Any) -> str:  # noqa: ANN401 - JSON
    """Write a reading as out.json holds it."""
    return json.dumps(reading, indent=2, ensure_ascii=False) + "\n"
