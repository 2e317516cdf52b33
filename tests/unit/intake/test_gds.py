"""Lines of reservation systems, however they were pasted: see tests/cases/intake/gds for what each means."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.unit.intake.cases import CASES
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Status
from travelrisk.intake.document import Document
from travelrisk.intake.gds.operated import stops_of
from travelrisk.intake.gds.segments import clock
from travelrisk.intake.registry import Readers

READERS = Readers(ATLAS, BOOK)
BY_PEOPLE = ("words", "letter", "free-line", "line-without", "stream", "64-columns")
PASTED = {
    path.parent.name: path.read_text("utf-8")
    for path in sorted((CASES / "gds").glob("*/in.txt"))
    if not any(word in path.parent.name for word in BY_PEOPLE)
}
"""What reservation systems wrote, without the words of people."""

WAYS: dict[str, Callable[[str], str]] = {
    "small letters": str.lower,
    "leading blanks lost": lambda text: "\n".join(line.lstrip() for line in text.split("\n")),
    "runs of blanks lost": lambda text: "\n".join(" ".join(line.split()) for line in text.split("\n")),
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "page marks": lambda text: text.rstrip("\n").replace("\n", " )>\n") + " )>\n",
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "blanks that do not break": lambda text: text.replace("  ", " \N{NO-BREAK SPACE}"),
    "empty lines between": lambda text: text.replace("\n", "\n\n"),
}


def read(text: str) -> tuple[Draft, ...]:
    (reading,) = READERS.read(Document(text.encode(), "in.txt"))
    return reading.drafts


def bare(segment: DraftSegment) -> DraftSegment:
    """Return what a segment says, without the words it says it in."""
    return replace(
        segment,
        source="",
        operator=segment.operator.upper(),
        aircraft_owner=segment.aircraft_owner.upper(),
        departs=replace(segment.departs, text=""),
        arrives=replace(segment.arrives, text=""),
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PASTED)
def test_a_record_reads_the_same_however_it_was_pasted(name: str, way: str) -> None:
    said, pasted = read(PASTED[name]), read(WAYS[way](PASTED[name]))
    assert [list(map(bare, draft.segments)) for draft in pasted] == [
        list(map(bare, draft.segments)) for draft in said
    ]
    assert [draft.locators for draft in pasted] == [draft.locators for draft in said]


@pytest.mark.parametrize("name", PASTED)
def test_no_passport_card_or_date_of_birth_is_kept(name: str) -> None:
    (reading,) = READERS.read(Document(PASTED[name].encode(), "in.txt"))
    kept = repr(reading)
    assert not [
        secret for secret in ("999999999", "4111111111111111", "01FEB80", "25JAN25") if secret in kept
    ]


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("1159P", 23, 59),
        ("920A", 9, 20),
        ("1200N", 12, 0),
        ("1200M", 0, 0),
        ("12M", 0, 0),
        ("12N", 12, 0),
        ("12A", 0, 0),
        ("1205A", 0, 5),
        ("1205P", 12, 5),
        ("9P", 21, 0),
        ("845", 8, 45),
        ("0020", 0, 20),
        ("2215", 22, 15),
        ("805PM", 20, 5),
        ("20:05", 20, 5),
    ],
)
def test_a_time_of_day(written: str, hour: int, minute: int) -> None:
    at = clock(written)
    assert at is not None
    assert (at.hour, at.minute) == (hour, minute)


@pytest.mark.parametrize("written", ["2575", "789", "1361P", "1430P", "2500"])
def test_what_is_no_time_of_day(written: str) -> None:
    assert clock(written) is None


@pytest.mark.parametrize(
    ("legs", "stops", "is_whole"),
    [
        ([("EBB", "KGL"), ("KGL", "AMS")], ("KGL",), True),
        ([("KGL", "AMS"), ("EBB", "KGL")], ("KGL",), True),
        ([("EBB", "KGL"), ("KGL", "BRU"), ("BRU", "AMS")], ("KGL", "BRU"), True),
        ([("EBB", "KGL")], ("KGL",), False),
        ([("KGL", "AMS")], ("KGL",), False),
        ([("EBB", "AMS")], (), False),
        ([("EBB", "EBB"), ("KGL", "KGL")], ("KGL",), False),
    ],
)
def test_legs_tell_of_stops(legs: list[tuple[str, str]], stops: tuple[str, ...], is_whole: bool) -> None:  # noqa: FBT001 - a case of the table
    assert stops_of(("EBB", "AMS"), legs) == (stops, is_whole)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        *((code, Status.HELD) for code in ("HK", "KK", "KL", "RR", "DK", "HS", "SS", "TK")),
        *((code, Status.PASSIVE) for code in ("GK", "BK", "MK")),
        *((code, Status.WAITLIST) for code in ("HL", "LL", "UU", "PB")),
        *((code, Status.REQUESTED) for code in ("NN", "HN", "PN")),
        *((code, Status.CANCELLED) for code in ("UC", "UN", "NO", "US", "HX", "XX", "XL", "XK", "WK")),
    ],
)
def test_a_state_is_understood(code: str, status: Status) -> None:
    (draft,) = read(f"  2  KQ 101 Y 11DEC 5 LHRNBO {code}1   805P 640A 12DEC  E\n")
    assert [segment.status for segment in draft.segments] == [status]
    assert draft.unread == ()


def test_a_departure_is_never_the_latest_check_in() -> None:
    for line in (
        "910P 5  1010P 620A+1 789",
        "910P 1010P 620A+1",
        "2110 5 2210 0620+1 789",
        "2110 2210 0620+1",
    ):
        (draft,) = read(f"  2  ET 715 Y 12DEC 6 ARNADD HK1   {line} E0 M\n")
        (segment,) = draft.segments
        assert segment.departs == DraftTime(month=12, day=12, clock=clock("2210"), weekday=6, text="12DEC")
        assert (segment.arrives.clock, segment.arrives.day_shift) == (clock("0620"), 1)
