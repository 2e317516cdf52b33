"""Each document of tests/cases/intake gives the reading beside it; the folder's name says what it shows."""

import json
from pathlib import Path

import pytest

from tests.unit.intake.cases import folders, reading_of_case

FOLDERS = list(folders())


def test_every_form_has_its_cases() -> None:
    assert {folder.parent.name for folder in FOLDERS} >= {
        "text",
        "ics",
        "eml",
        "structured",
        "table",
        "other",
        "bcbp",
        "image",
        "pkpass",
    }


@pytest.mark.threat(36)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_document_gives_the_reading_beside_it(folder: Path) -> None:
    expected = json.loads((folder / "out.json").read_text("utf-8"))
    assert reading_of_case(folder) == expected


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_no_reading_is_an_empty_success(folder: Path) -> None:
    reading = json.loads((folder / "out.json").read_text("utf-8"))
    is_complete = reading.get("outcome") == "complete"
    assert is_complete == bool(reading.get("drafts") and not reading.get("unread"))
    assert is_complete != bool(reading.get("reason"))
