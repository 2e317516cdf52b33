"""Whatever form a document has, no passport, ticket, card or telephone number is kept of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from tests.contracts.tree import ROOT
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.registry import Readers

CASES = ROOT / "tests" / "cases" / "intake"
SECRETS = ("XK7654321", "0742345678901", "4111111111111111", "41225550199", "9988776655")
LINES = (
    "Passport: XK7654321",
    "E-ticket 0742345678901",
    "Card 4111 1111 1111 1111",
    "Phone +41 22 555 01 99",
    "Frequent flyer LH 9988776655",
)
ALL = " ".join(LINES)
BESIDE = ("text", "gds", "eml", "ics", "pdf", "air-file", "pnrgov", "other")
FIELDS = ("concur", "tripit", "duffel", "ndc", "sabre", "travelport", "amadeus-order", "structured")
READERS = Readers(ATLAS, BOOK)
SHAPE = TypeAdapter(Reading)


def beside(text: str) -> Iterator[str]:
    """Write the numbers at the end of lines, on lines of their own, and below it all."""
    lines = text.split("\n")
    yield "\n".join(f"{each} {LINES[n % 5]}" if each.strip() else each for n, each in enumerate(lines))
    yield "\n".join(f"{each}\n{LINES[n % 5]}" for n, each in enumerate(lines))
    yield f"{text}\n{ALL}"


def in_fields(text: str) -> Iterator[str]:
    """Write them into every text between two tags, and into every field that holds words."""
    yield re.sub(r">([^<>{}]{3,})<", rf">\1 {ALL}<", text)
    words = r'("[a-z_]*(?:name|description|remark|note|text)[a-z_]*"\s*:\s*")'
    yield re.sub(words, rf"\1{ALL} ", text, flags=re.IGNORECASE)


def in_cells(text: str) -> Iterator[str]:
    """Write them into columns of their own, and behind what stands in the last one."""
    mark = ";" if text.count(";") > text.count(",") else ","
    head, *rows = text.split("\n")
    more = f"{mark}XK7654321{mark}{ALL}"
    yield "\n".join((f"{head}{mark}Passport{mark}Remarks", *(f"{row}{more}" for row in rows)))
    yield "\n".join((head, *(f"{row} {ALL}" for row in rows)))


def documents(kinds: tuple[str, ...]) -> list[Path]:
    return sorted(path for kind in kinds for path in CASES.glob(f"{kind}/*/in.*"))[::3]


def texts_of(path: Path) -> Iterator[str]:
    """Give a case with the numbers in it, in several ways; none where it is no text."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return
    kind = path.parent.parent.name
    yield from in_cells(text) if kind == "table" else in_fields(text) if kind in FIELDS else beside(text)


@pytest.mark.parametrize("kind", [*BESIDE, *FIELDS, "table"])
def test_no_reading_holds_a_number_that_identifies_somebody(kind: str) -> None:
    found, drafts = [], 0
    for path in documents((kind,)):
        for text in texts_of(path):
            for reading in READERS.read(Document(text.encode(), path.name)):
                drafts += len(reading.drafts)
                kept = re.sub(r"[ ()./-]", "", SHAPE.dump_json(reading).decode())
                found += [(path.parent.name, secret) for secret in SECRETS if secret in kept]
    assert found == []
    assert drafts or kind == "other", "nothing was read, so that nothing was shown"
