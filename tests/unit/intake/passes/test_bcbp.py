"""The grammar of boarding passes: what is written into a string comes out of it, and nothing private."""

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.cases import CASES
from tests.unit.intake.passes.strings import bcbp, leg, seller, unique
from travelrisk.domain.drafts import DraftTime
from travelrisk.intake.masking import masked
from travelrisk.intake.passes.bcbp import pass_of, passes_in
from travelrisk.intake.passes.days import day_in_year

PRIVATE = ("992001234567890", "1234567890", "0045")
LETTERS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)


@given(
    st.lists(
        st.tuples(LETTERS, LETTERS, st.integers(1, 9999), st.integers(1, 366), st.sampled_from(["", "LH"])),
        min_size=1,
        max_size=4,
    ),
    st.text(max_size=20),
)
def test_what_is_written_into_a_string_comes_out_of_it(
    flights: list[tuple[str, str, int, int, str]], behind: str
) -> None:
    legs = [
        leg(
            origin,
            destination,
            number=f"{number:04} ",
            day=f"{day:03}",
            variable=(unique() if place == 0 else "") + (seller(sold) if sold else ""),
        )
        for place, (origin, destination, number, day, sold) in enumerate(flights)
    ]
    boarding = pass_of(bcbp(*legs) + "\n" + behind)
    assert boarding is not None
    assert boarding.issued == (6, 326)
    found = [(each.origin, each.destination, each.number, each.day, each.marketing) for each in boarding.legs]
    assert found == [(origin, to, str(number), day, sold) for origin, to, number, day, sold in flights]


@given(st.text("M1234ABC/ E0>^\n", max_size=300))
def test_no_text_breaks_the_grammar_and_no_place_is_taken_twice(text: str) -> None:
    spans = [(each.start, each.end) for each in passes_in(text)]
    assert all(start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("cut", range(24, 60))
def test_a_string_cut_anywhere_gives_the_same_flight_or_none(cut: int) -> None:
    boarding = pass_of(bcbp(leg())[:cut])
    legs = boarding.legs if boarding else ()
    assert {(each.operating, each.number, each.day) for each in legs} <= {("ET", "707", 346)}
    assert bool(legs) == (cut >= len("M1") + 20 + 1 + 24)


def test_no_reading_keeps_the_numbers_of_people() -> None:
    readings = [path for path in CASES.glob("*/*/out.json") if "bar code:" in path.read_text("utf-8")]
    assert len(readings) > 50
    for path in readings:
        assert not any(number in path.read_text("utf-8") for number in PRIVATE), path


@pytest.mark.parametrize(
    ("day", "issued", "context", "expected"),
    [
        (60, (8, 50), date(2028, 2, 20), DraftTime(2028, 2, 29)),
        (60, (7, 50), date(2027, 2, 20), DraftTime(2027, 3, 1)),
        (366, (8, 360), date(2028, 12, 27), DraftTime(2028, 12, 31)),
        (2, (6, 360), date(2026, 12, 28), DraftTime(2027, 1, 2)),
        (346, (6, 340), date(2026, 12, 12), DraftTime(2026, 12, 12)),
        (346, (6, 340), date(2026, 12, 20), DraftTime(2026, 12, 12)),
        (346, (1, 340), date(2026, 12, 1), DraftTime()),
        (61, None, date(2027, 12, 20), DraftTime(month=3, day=1)),
        (346, None, date(2026, 11, 23), DraftTime(month=12, day=12)),
        (346, None, date(2027, 12, 20), DraftTime()),
        (366, None, date(2026, 11, 23), DraftTime()),
        (59, None, None, DraftTime(month=2, day=28)),
        (60, None, None, DraftTime()),
        (None, (6, 340), date(2026, 11, 23), DraftTime()),
    ],
)
def test_the_year_of_a_day_is_that_of_the_issue_or_of_the_arrival_or_is_asked(
    day: int | None, issued: tuple[int, int] | None, context: date | None, expected: DraftTime
) -> None:
    found = day_in_year(day, issued, context)
    assert (found.year, found.month, found.day) == (expected.year, expected.month, expected.day)
    assert bool(found.text) == (day is not None)


@pytest.mark.parametrize(
    "line",
    [
        "LH 591 NBO FRA 20DEC",
        "LH591 20DEC 992001234567890",
        "OPERATED BY LUFTHANSA",
        "NBOFRA 20DEC 1234567890",
        "and back by bus 1234567890",
        bcbp(leg("ADD", "NBO", number="0308 ")),
    ],
)
def test_a_line_under_a_string_whose_last_blanks_are_lost_is_not_taken_for_its_end(line: str) -> None:
    string = bcbp(leg(variable=unique() + seller("ET", " " * 30))).rstrip()
    ends = [each.end for each in passes_in(f"{string}\n{line}")]
    assert ends[0] == len(string)


@pytest.mark.parametrize("width", range(60, 130, 7))
def test_a_string_that_a_mail_program_has_broken_leaves_no_number_behind(width: int) -> None:
    string = bcbp(leg(variable=unique() + seller("LH")))
    text = f"{string[:width]}\n{string[width:]}\nKind regards"
    (found,) = passes_in(text)
    assert found.boarding is not None
    assert found.boarding.legs[0].operating == "ET"
    assert not re.search("[0-9]{10}", masked(text[found.end :]))
