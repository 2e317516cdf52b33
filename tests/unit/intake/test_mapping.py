"""What somebody says of headings: their own meaning changes nothing, and what is wrong is said."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.intake.cases import ARRIVED, CASES
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.columns import FIELDS, ColumnMapping, normalised
from travelrisk.domain.errors import BadInputError
from travelrisk.intake.document import Document
from travelrisk.intake.registry import Readers
from travelrisk.intake.tables.mappingfile import mapping_from
from travelrisk.intake.words.headings import HEADINGS

READERS = Readers(ATLAS, BOOK)
KNOWN = [each for each in sorted((CASES / "table").iterdir()) if not (each / "columns.toml").exists()]


@pytest.mark.parametrize("folder", KNOWN, ids=lambda folder: folder.name)
def test_headings_that_are_said_to_mean_what_they_mean_change_nothing(folder: Path) -> None:
    (path,) = folder.glob("in.*")
    document = Document(path.read_bytes(), path.name, context_date=ARRIVED)
    (sampled,) = READERS.read(replace(document, is_sampled=True))
    said = []
    for sample in sampled.samples:
        names = normalised(sample.headings)
        fields = tuple((name, field) for name, field in zip(names, sample.meanings, strict=False) if field)
        said += [ColumnMapping(fields, headings=names)] if fields else []
    assert list(READERS.read(replace(document, mappings=tuple(said)))) == list(READERS.read(document))


def test_every_field_has_headings_of_its_own() -> None:
    assert tuple(sorted(HEADINGS)) == tuple(sorted(FIELDS))


def test_headings_are_told_apart_whatever_their_signs() -> None:
    assert normalised(["Tag", "TAG ", "", "Cía (2)", "", ""]) == ("tag", "tag 2", "column 3", "cia 2")
    said = ColumnMapping((("tag 2", "arrives"),))
    assert said.meanings(["Tag", "Tag"]) == {"tag 2": "arrives"}
    assert said.meanings(["Tag"]) == {}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Tag = departs", "this is no TOML"),
        ("", "name the columns"),
        ('colums = "x"\n', "colums: there is no such key"),
        ('[columns]\n"Tag" = "departing"\n', "column tag: there is no field 'departing'"),
        ('[columns]\n"Tag" = 3\n', "columns, Tag: write one of"),
        ('[columns]\n"Tag" = "departs"\n"Dia" = "departs"\n', "columns tag and dia are both the departs"),
        ('[columns]\n"Tag" = "departs"\n"TAG" = "arrives"\n', "column tag is named twice"),
        ('[columns]\n"" = "departs"\n', "a heading is empty"),
        ('dates = "dmy"\n[columns]\n"Tag" = "departs"\n', "dates: write day-month-year or month-day-year"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(written: str, told: str) -> None:
    with pytest.raises(BadInputError, match=told):
        mapping_from(written)
