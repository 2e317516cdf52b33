"""Saved answers of public sources, as the feeds are given them; the name of a case says what it shows.

A workbook is kept as JSON, so that people can read it and its differences, and made when it is needed.
"""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from travelrisk.feeds.card import Card, load_card
from travelrisk.feeds.feed import Answer, Fetched, Reading
from travelrisk.store.shapes import canonical

CASES = Path(__file__).resolve().parents[2] / "cases" / "feeds"
RETRIEVED = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def folders() -> list[Path]:
    """Return the folder of each case."""
    return sorted(path for feed in CASES.iterdir() for path in feed.iterdir())


def card_of(name: str, **changes: object) -> Card:
    """Return the shipped card of a feed, with other values where they are given."""
    return load_card(name).model_copy(update=changes)


def fetched(case: Path) -> Fetched:
    """Return the answers that lie in the folder of a case."""
    answers = {}
    for path in sorted(case.iterdir()):
        if path.name != "out.json":
            part = path.stem.replace("-", ":", 1)
            content = path.read_bytes()
            if case.parent.name == "eu_air_safety_list":
                content = workbook(json.loads(content))
            answers[part] = Answer(f"https://source.example/{path.name}", content)
    return Fetched(card_of(case.parent.name), RETRIEVED, answers)


def stated(reading: Reading) -> dict[str, Any]:
    """Return a reading as its case has it: whatever a fact leaves open is not written down."""
    shape: dict[str, Any] = json.loads(canonical(reading))
    facts = [
        {name: value for name, value in fact.items() if value not in ("", [], None)}
        for fact in shape["facts"]
    ]
    return shape | {"facts": facts}


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """Return a workbook with these sheets; a cell ``{"rich": [...]}`` is rich text of these pieces."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_cell(each) for each in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(value: Any) -> Any:  # noqa: ANN401 - a text, or the pieces of one
    if not isinstance(value, dict):
        return value
    pieces = [TextBlock(InlineFont(b=number % 2 == 0), text) for number, text in enumerate(value["rich"])]
    return CellRichText(*pieces)
