"""Each trap of itineraries as a draft, and what must be settled from it: see tests/cases/settling."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.factories import ATLAS, BOOK
from travelrisk.domain.drafts import Draft
from travelrisk.domain.settling import settle
from travelrisk.domain.shapes import itinerary_shape
from travelrisk.screening.questions import QUESTIONS

CASES = sorted((Path(__file__).parents[2] / "cases" / "settling").iterdir())
DRAFTS = TypeAdapter(Draft)


def _load(case: Path, name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((case / name).read_text("utf-8"))


@pytest.mark.threat(35)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_settles(case: Path) -> None:
    given = _load(case, "in.json")
    draft = DRAFTS.validate_python(given["draft"])
    itinerary = settle(draft, ATLAS, BOOK, date.fromisoformat(given["context"]))
    shape = {
        "outcome": itinerary.outcome.value,
        **itinerary_shape(itinerary),
        "unread": list(itinerary.unread),
    }
    assert shape == _load(case, "out.json")


def test_every_question_has_a_case_and_a_text() -> None:
    asked = {question["code"] for case in CASES for question in _load(case, "out.json")["questions"]}
    assert asked == set(QUESTIONS)
