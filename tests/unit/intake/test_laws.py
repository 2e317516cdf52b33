"""What holds for every document: nothing raises, nothing is lost in silence, an empty hand is no success."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.intake.cases import CASES
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.codes import flight_number
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.apart.wire import reading_from, reading_line
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.registry import Readers

READERS = Readers(ATLAS, BOOK)
GOOD = [CASES / name for name in ("ics/zone-that-is-no-zone/in.ics", "eml/structured-and-text/in.eml")]

carriers = st.sampled_from(["ET", "LH", "AF", "KQ", "3U", "XZ", "Q7", "et"])
numbers = st.integers(100, 9999).map(str)
designators = st.one_of(
    st.builds(
        lambda carrier, gap, number: carrier + gap + number, carriers, st.sampled_from(["", " "]), numbers
    ),
    st.integers(100, 999).map("ETH {}".format),  # an airport too: with four digits it may be one, and a time
)
places = st.sampled_from(
    ["FRA ADD", "FRA-ADD", "NBO to LHR", "from Frankfurt to Nairobi", "CDGNBO", "FRA", "SAT", "fra add"]
)
dates = st.sampled_from(
    ["12 Dec", "12DEC", "2026-12-12", "12/11", "Sat 12 Dec 2026", "le 12 décembre", "am 3. März"]
)
times = st.sampled_from(["10:10", "2215 0605+1", "845P", "1200N", "at 10:10", "22h15"])
words = st.sampled_from(
    ["and", "back", "operated by KQ", "via ADD", "for alice", "return", "meeting on the roof", "is full"]
)
marks = st.sampled_from([" ", " ", ", ", "\n", "; ", ". "])
pieces = st.one_of(designators, places, dates, times, words)


def _read(content: bytes, name: str = "") -> list[Reading]:
    return list(READERS.read(Document(content, name)))


def _is_honest(reading: Reading) -> bool:
    is_complete = reading.outcome is Outcome.COMPLETE
    has_all = bool(reading.drafts) and not reading.unread
    return is_complete == has_all and is_complete != bool(reading.reason)


@given(st.text())
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    readings = _read(text.encode())
    assert readings
    assert all(map(_is_honest, readings))


@given(
    st.binary(),
    st.sampled_from(
        [
            b"",
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
            b"From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n",
            b"<html><script type='application/ld+json'>",
            b'{"@type":"FlightReservation",',
            b"Flight,From,To,Date\n",
            b"PK\x03\x04",
            b"\xff\xfe",
        ],
    ),
)
@example(b"", b"<")
def test_any_bytes_are_read_or_refused_with_a_reason(content: bytes, start: bytes) -> None:
    readings = _read(start + content)
    assert readings
    assert all(map(_is_honest, readings))
    assert [reading_from(reading_line(reading)) for reading in readings] == readings


@given(st.lists(st.tuples(pieces, marks), min_size=1, max_size=12))
@example([("FRA ADD", " "), ("3U 100", " ")])  # ADD 3U looks like a flight too, and once hid this one
def test_every_flight_of_a_text_is_used_or_reported(parts: list[tuple[str, str]]) -> None:
    text = "".join(piece + mark for piece, mark in parts)
    (reading,) = _read(text.encode())
    used = {
        (segment.marketing_code, segment.marketing_number)
        for draft in reading.drafts
        for segment in draft.segments
    }
    operators = " ".join(segment.operator for draft in reading.drafts for segment in draft.segments)
    unread = "\n".join(reading.unread)
    for piece, _ in parts:
        flight = flight_number(piece)
        if flight and flight.number:
            is_used = (flight.carrier, flight.number + flight.suffix) in used
            assert is_used or piece in unread or piece in operators, (text, reading)


@given(st.lists(st.tuples(pieces, marks), min_size=1, max_size=8))
def test_the_same_text_gives_the_same_reading(parts: list[tuple[str, str]]) -> None:
    text = "".join(piece + mark for piece, mark in parts).encode()
    assert _read(text) == _read(text)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.suffix)
def test_a_document_that_is_cut_never_passes_for_a_whole_one(path: Path) -> None:
    content = path.read_bytes().rstrip()
    whole = _segments(_read(content, path.name))
    for end in range(1, len(content)):
        readings = _read(content[:end], path.name)
        is_complete = all(reading.outcome is Outcome.COMPLETE for reading in readings)
        assert not is_complete or _segments(readings) == whole, content[:end][-80:]


def _segments(readings: list[Reading]) -> list[tuple[str, str, str, str]]:
    return [
        (segment.marketing_code, segment.marketing_number, segment.origin, segment.destination)
        for reading in readings
        for draft in reading.drafts
        for segment in draft.segments
    ]


ROW = ["ABC123", "Jane Doe", "ET", "707", "FRA", "ADD", "2026-12-12"]
HEADINGS = "PNR,Name,Carrier,Flight,From,To,Departure date\n"


@given(
    st.integers(2, len(ROW) - 1),
    st.text(alphabet=st.characters(blacklist_characters=',"\r\n|;\t', max_codepoint=0x2FF)),
)
def test_a_spoilt_cell_never_loses_its_row(place: int, cell: str) -> None:
    row = [*ROW]
    row[place] = cell
    (reading,) = _read(
        (HEADINGS + ",".join(ROW) + "\n" + ",".join(["DEF456", *row[1:]]) + "\n").encode(), "in.csv"
    )
    rows = [segment.source for draft in reading.drafts for segment in draft.segments]
    is_refused = reading.outcome is Outcome.UNREADABLE and reading.reason != ""
    assert is_refused or any(source.startswith("row 2:") for source in rows)
    assert is_refused or any(line.startswith("row 3:") for line in (*rows, *reading.unread))


def _lines_of_a_table(count: int) -> Iterator[str]:
    yield HEADINGS
    for number in range(count):
        yield f"LOC{number:05},Jane Doe,ET,707,FRA,ADD,2026-12-12\n"


def test_a_long_table_comes_in_chunks() -> None:
    readings = _read("".join(_lines_of_a_table(1001)).encode(), "in.csv")
    assert [len(reading.drafts) for reading in readings] == [200, 200, 200, 200, 200, 1]
