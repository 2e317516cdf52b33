"""Words that look like codes, and marks that say which flight a footnote is about."""

from datetime import date

import pytest

from travelrisk.domain.drafts import DraftSegment
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.registry import Readers
from travelrisk.reference import load_atlas, load_book

READERS = Readers(load_atlas(), load_book())


def read(text: str) -> Reading:
    (reading,) = READERS.read(Document(text.encode(), "", "text/plain", date(2026, 11, 23)))
    return reading


def flights(text: str) -> list[DraftSegment]:
    return [segment for draft in read(text).drafts for segment in draft.segments]


def test_flt_is_a_flight_and_no_airport() -> None:
    (segment,) = flights("FLT KP 053   FNA-LFW  15 FEB 2027\n")
    assert (segment.origin, segment.destination, segment.stops) == ("FNA", "LFW", ())


@pytest.mark.parametrize("word", ["CONFIRMADO", "CONFIRMATA", "REFERENCED"])
def test_a_word_that_begins_like_a_label_holds_no_locator(word: str) -> None:
    drafts = read(f"ET 920 ADD ACC 3 Mar 2027\nEstado: {word}\n").drafts
    assert [draft.locators for draft in drafts] == [()]


def test_a_locator_without_a_blank_behind_its_label_is_still_one() -> None:
    (draft,) = read("ET 920 ADD ACC 3 Mar 2027\nPNR:ABC123\n").drafts
    assert [each.code for each in draft.locators] == ["ABC123"]


TWO = (
    "{first}  Johannesburg (JNB) - Lusaka (LUN) 9 Mar 2027\n"
    "{second}  Lusaka (LUN) - Johannesburg (JNB) 11 Mar 2027\n"
)


@pytest.mark.parametrize(
    ("first", "second", "note", "operators"),
    [
        ("SA7160*", "SA064", "\n* Flight operated by Proflight Zambia\n", ["Proflight Zambia", ""]),
        ("SA064", "SA7160*", "\n* operated by Proflight Zambia\n", ["", "Proflight Zambia"]),
        ("SA7160*", "SA7162*", "\n* operated by Proflight Zambia\n", ["Proflight Zambia"] * 2),
        ("SA7160*", "SA7162**", "\n* operated by Proflight Zambia\n", ["Proflight Zambia", ""]),
        ("*SA064*", "*SA7160*", "* operated by Proflight Zambia\n", ["", "Proflight Zambia"]),
        ("SA064", "SA7160", "* operated by Proflight Zambia\n", ["", "Proflight Zambia"]),
    ],
)
def test_a_footnote_is_about_the_flights_with_its_mark(
    first: str, second: str, note: str, operators: list[str]
) -> None:
    text = TWO.format(first=first, second=second) + note
    assert [each.operator for each in flights(text)] == operators
