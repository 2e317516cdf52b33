"""The readers are found, stay within their limits, and load heavy packages only when they meet their form."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.places import Atlas
from travelrisk.intake import registry
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.limits import Limits
from travelrisk.intake.registry import Readers
from travelrisk.intake.words.names import traveller_named

HEAVY = {"pandas", "numpy", "lxml", "icalendar", "python_calamine", "sqlalchemy", "flask", "PIL", "zxingcpp"}


class _Breaks:
    """A reader that fails in the middle of a document."""

    name = "breaks"

    def __init__(self, _atlas: Atlas, _book: CarrierBook) -> None: ...

    def accepts(self, _document: Document) -> bool:
        return True

    def read(self, _document: Document) -> Iterator[Reading]:
        raise IndexError("alice@example.org")


def test_importing_the_readers_loads_nothing_heavy() -> None:
    program = "import sys, travelrisk.intake.registry; print(' '.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout
    assert HEAVY & set(loaded.split()) == set()


def test_a_reader_that_breaks_makes_the_document_unreadable_and_tells_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "CONTAINERS", ())
    monkeypatch.setattr(registry, "READERS", (_Breaks,))
    (reading,) = Readers(ATLAS, BOOK).read(Document(b"ET707 FRA ADD 12 Dec", "trip.txt"))
    assert reading.outcome is Outcome.UNREADABLE
    assert "trip.txt" in reading.reason
    assert "IndexError" in reading.reason
    assert "alice" not in reading.reason


@pytest.mark.threat(48)
def test_a_booking_over_the_limit_is_refused_as_a_whole() -> None:
    readers = Readers(ATLAS, BOOK, Limits(segments=1))
    (reading,) = readers.read(Document(b"ET707 FRA ADD 12 Dec, ET308 ADD NBO 13 Dec"))
    assert reading.outcome is Outcome.UNREADABLE
    assert reading.drafts == ()
    assert "2 flights" in reading.reason


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("DOE/JANE MRS", ("DOE", "JANE", "MRS")),
        ("DOE/JANEMRS", ("DOE", "JANE", "MRS")),
        ("DOE/AMR", ("DOE", "AMR", "")),
        ("DOE/OMAR", ("DOE", "OMAR", "")),
        ("VAN DER BERG/ANNA-LENA", ("VAN DER BERG", "ANNA-LENA", "")),
        ("Jane Doe", ("", "", "")),
    ],
)
def test_a_name_is_taken_apart_and_kept(raw: str, parts: tuple[str, str, str]) -> None:
    traveller = traveller_named(raw)
    assert (traveller.surname, traveller.given, traveller.title) == parts
    assert traveller.raw_name == raw
