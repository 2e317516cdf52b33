"""A booking is one wherever its rows stand in a table, or says that it is not; memory stays where it is."""

import tracemalloc
from collections import Counter
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.drafts import Draft
from travelrisk.intake.document import Document
from travelrisk.intake.tables import bookings
from travelrisk.intake.tables.table import Table

TABLE = Table(ATLAS, BOOK)
HEADINGS = "PNR,Name,Carrier,Flight,From,To,Departure date\n"

booked = st.tuples(
    st.sampled_from(["AAA111", "BBB222", "CCC333", ""]),
    st.sampled_from(["Jane Doe", "DOE/JANE MRS", "Bob Roe", ""]),
)


def _row(locator: str, name: str, number: int) -> str:
    return f"{locator},{name},ET,{number},FRA,ADD,2026-12-12\n"


def _drafts(rows: list[str]) -> list[Draft]:
    document = Document((HEADINGS + "".join(rows)).encode(), "in.csv")
    return list(chain.from_iterable(reading.drafts for reading in TABLE.read(document)))


def _flights(drafts: list[Draft]) -> Counter[str]:
    return Counter(segment.marketing_number for draft in drafts for segment in draft.segments)


@given(st.lists(booked, min_size=1, max_size=12), st.sampled_from([2, 2_000]))
def test_every_row_is_in_one_booking_and_none_is_split_in_silence(
    rows: list[tuple[str, str]], waiting: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bookings, "_MOST_WAITING", waiting)
        drafts = _drafts([_row(*row, number) for number, row in enumerate(rows, 700)])
    assert _flights(drafts) == Counter(str(number) for number in range(700, 700 + len(rows)))
    split = Counter(
        (locator.code, traveller.surname or traveller.raw_name.split()[-1].upper())
        for draft in drafts
        for locator in draft.locators
        for traveller in draft.travellers
        if not draft.unread
    )
    assert all(count == 1 for count in split.values()), (rows, drafts)


def test_a_booking_that_returns_too_late_says_so_in_each_of_its_parts() -> None:
    others = [_row(f"L{n:05}", "Bob Roe", 590) for n in range(2_500)]
    rows = [_row("AAA111", "Jane Doe", 707), *others, *reversed(others), _row("AAA111", "Jane Doe", 706)]
    drafts = _drafts(rows)
    parts = [draft for draft in drafts if draft.locators[0].code == "AAA111"]
    assert len(parts) == 2
    assert all("AAA111 has too many rows, or rows too far apart" in " ".join(draft.unread) for draft in parts)


def test_a_locator_of_a_whole_crowd_is_asked_about_and_takes_no_time() -> None:
    rows = [_row("AAA111", f"Jane Doe{n}", 707) for n in range(60)]
    drafts = _drafts([*rows, _row("BBB222", "Bob Roe", 590), *rows])
    assert {bool(draft.unread) for draft in drafts if draft.locators[0].code == "AAA111"} == {True}
    assert {draft.unread for draft in _drafts(rows)} == {()}


def _peak(size: int, *, returns: bool) -> int:
    """Return the most memory that reading takes of a table with *size* rows."""
    rows = [_row(f"L{n % (size // 2 if returns else size):05}", "Jane Doe", 707) for n in range(size)]
    content = (HEADINGS + "".join(rows)).encode()
    del rows
    tracemalloc.start()
    for reading in TABLE.read(Document(content, "in.csv")):
        assert reading.drafts
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest


@pytest.mark.parametrize("returns", [False, True], ids=["each once", "each twice, far apart"])
def test_memory_does_not_grow_with_the_table(monkeypatch: pytest.MonkeyPatch, *, returns: bool) -> None:
    monkeypatch.setattr(bookings, "_MOST_WAITING", 200)  # far fewer than there are in either table
    assert _peak(5_000, returns=returns) < 1.25 * _peak(2_500, returns=returns)


def test_memory_would_grow_if_bookings_waited_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookings, "_MOST_WAITING", 1_000_000)
    assert _peak(3_000, returns=True) > 1.25 * _peak(1_500, returns=True)
