"""The JSON Schema that ``read --schema`` prints holds for every shape of every case, and for nothing else."""

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.unit.intake.cases import ARRIVED, folders
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.itineraries import Claim, Itinerary, Outcome
from travelrisk.domain.settling import settle
from travelrisk.domain.shape_schema import reading_schema
from travelrisk.domain.shapes import outcome_of, reading_shape
from travelrisk.intake.document import Document
from travelrisk.intake.registry import Readers

SCHEMA = reading_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
READERS = Readers(ATLAS, BOOK)


def _told(itinerary: Itinerary) -> Itinerary:
    """Return an itinerary of which a person has told us something."""
    claim = Claim("flight", "ET 1", "ET 2", "Bob")
    segments = tuple(replace(each, claims=(claim,)) for each in itinerary.segments)
    return replace(itinerary, segments=segments, claims=(Claim("no_flight", "a line"),))


def shapes() -> list[Any]:
    """Return the shape of the document of every case, as it is printed."""
    found = []
    for folder in folders():
        (path,) = folder.glob("in.*")
        for reading in READERS.read(Document(path.read_bytes(), path.name, context_date=ARRIVED)):
            settled = tuple(settle(each, ATLAS, BOOK, each.issued or ARRIVED) for each in reading.drafts)
            told = tuple(map(_told, settled))
            outcome = outcome_of(reading.outcome, settled)
            for itineraries in (settled, told):
                shape = reading_shape(path.name, reading.form, outcome, itineraries, reading.unread)
                found.append(json.loads(json.dumps(shape)))
    return found


def test_the_schema_is_one_and_holds_for_every_case() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    every = shapes()
    assert len(every) > 100
    for shape in every:
        VALIDATOR.validate(shape)


@pytest.mark.parametrize(
    "broken",
    [
        {"outcome": "cleared"},
        {"unread": None},
        {"more": 1},
        {"itineraries": [{"locators": [], "travellers": [], "segments": [{}], "questions": []}]},
    ],
)
def test_the_schema_refuses_what_is_no_shape(broken: dict[str, Any]) -> None:
    shape = reading_shape("a.txt", "text", Outcome.COMPLETE, (), ())
    VALIDATOR.validate(shape)
    with pytest.raises(ValidationError):
        VALIDATOR.validate(shape | broken)
