"""What goes out as a table comes in again to the letter: every kind of record, every text, both formats."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from travelrisk.domain.airspaces import HIGHEST_LEVEL, Movement, Scope
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.ratings import (
    Caution,
    Evidence,
    Level,
    Rating,
    Record,
    Service,
    Subject,
    SubjectKind,
    route_subject,
)
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_atlas, load_book
from travelrisk.services.exchange.cells import day_first, day_of, joined, parted, restored
from travelrisk.services.exchange.checking import RowReader
from travelrisk.services.exchange.columns import columns_of
from travelrisk.services.exchange.reading import read_table
from travelrisk.services.exchange.rows import Stamp, cells_of
from travelrisk.services.exchange.subjects import Finder
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.telling.cells import harmless

FINDER = Finder(load_atlas(), load_book(), {"OIIX", "ZZ-BASIN"})
DANGEROUS = st.sampled_from(
    ["=1+1", "'=1", "''@x", "\tx", "\rx", "-5", "+", "@", "_x000D_", "a\r\nb", "#REF!"]
)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=40)
TEXT = DANGEROUS | ANYTHING
SOMETHING = TEXT.filter(bool)
WORDS = SOMETHING.filter(str.strip)
DAYS = st.dates(date(1890, 1, 1), date(2199, 12, 31))
TEXTS = st.builds(Texts, TEXT, TEXT, TEXT)
CARRIERS = st.sampled_from(["ETH", "DLH", "AFR", "NMB"])
PAIRS = st.sampled_from([("ADD", "FRA"), ("ADD", "NBO"), ("CDG", "JFK")])
IDS = st.from_regex(r"[a-z0-9][a-z0-9.-]{0,20}", fullmatch=True)

PLAIN_EVIDENCE: dict[str, Any] = {
    "title": SOMETHING,
    "url": st.sampled_from(["", "https://example.org/n?a=1&b=é"]),
    "retrieved_on": st.none() | DAYS,
    "valid_until": st.none() | DAYS,
    "note": TEXT,
    "file": st.sampled_from(["", "0" * 64]),
}
EVIDENCE = (
    st.builds(Evidence, kind=st.sampled_from(["", "notice", "iosa"]), **PLAIN_EVIDENCE)
    | st.builds(Evidence, kind=st.just("fleet_age"), value=st.sampled_from(["12", "62.40"]), **PLAIN_EVIDENCE)
    | st.builds(
        Evidence,
        kind=st.just("eu_air_safety_list"),
        value=st.just("annex_b"),
        limits=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
        **PLAIN_EVIDENCE,
    )
)
SUBJECTS = (
    CARRIERS.map(lambda code: Subject(SubjectKind.CARRIER, code))
    | st.just(Subject(SubjectKind.AIRPORT, "ADD"))
    | st.just(Subject(SubjectKind.COUNTRY, "NA"))
    | PAIRS.map(lambda pair: route_subject(*pair))
    | st.builds(lambda pair, carrier: route_subject(pair[0], pair[1], carrier), PAIRS, CARRIERS)
)
AIRSPACES = st.sampled_from(["OIIX", "ZZ-BASIN"]).map(lambda key: Subject(SubjectKind.AIRSPACE, key))
SCOPES = st.none() | st.builds(
    Scope,
    floor=st.integers(0, 300),
    ceiling=st.none() | st.integers(300, HIGHEST_LEVEL),
    movement=st.sampled_from(Movement),
    airports=st.lists(st.sampled_from(["BEY", "TIP", "ADD"]), max_size=3).map(tuple),
)
COMMON: dict[str, Any] = {"id": IDS, "valid_from": DAYS, "set_by": st.just("Alice"), "set_on": DAYS}
GROUNDED: dict[str, Any] = {
    "valid_until": st.none() | DAYS,
    "evidence": st.lists(EVIDENCE, max_size=3).map(tuple),
}
RECORDS: st.SearchStrategy[Record] = st.one_of(
    st.builds(
        Rating,
        subject=SUBJECTS,
        level=st.sampled_from(Level),
        reason=TEXTS,
        condition=TEXTS,
        review_on=st.none() | DAYS,
        **COMMON,
        **GROUNDED,
    ),
    st.builds(
        Rating,
        subject=st.just(Subject(SubjectKind.CARRIER, "ETH")),
        level=st.just(Level.RECOMMENDED),
        aoc=TEXT,
        **COMMON,
        **GROUNDED,
    ),
    st.builds(
        Caution,
        subject=SUBJECTS | st.just(Subject(SubjectKind.STATE, "NA")),
        effect=st.sampled_from([Verdict.CONDITIONAL, Verdict.REVIEW, Verdict.NOT_CLEARED]),
        text=TEXTS,
        exceptions=st.lists(CARRIERS, max_size=3).map(tuple),
        **COMMON,
        **GROUNDED,
    ),
    st.builds(Rating, subject=AIRSPACES, level=st.sampled_from(Level), scope=SCOPES, **COMMON, **GROUNDED),
    st.builds(Caution, subject=AIRSPACES, effect=st.just(Verdict.REVIEW), scope=SCOPES, **COMMON, **GROUNDED),
    st.builds(
        Service, carrier=CARRIERS, pair=PAIRS, source=SOMETHING, valid_until=st.none() | DAYS, **COMMON
    ),
    st.builds(
        Authorisation,
        carrier=CARRIERS,
        kind=st.sampled_from(AuthorisationKind),
        valid_until=DAYS,
        approved_by=TEXT,
        need=TEXT,
        alternatives_tried=TEXT,
        mitigation=TEXT,
        conditions=TEXTS,
        trip=TEXT,
        office=TEXT,
        route=st.sampled_from(["", "ADD-FRA"]),
        criticality=st.sampled_from(["", "PC1", "PC4"]),
        **COMMON,
    ),
)


@pytest.mark.threat(28)
@pytest.mark.parametrize(("name", "write"), [("t.csv", csv_bytes), ("t.xlsx", workbook_bytes)])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=st.lists(RECORDS, min_size=1, max_size=4))
def test_a_record_comes_back_to_the_letter(
    name: str, write: Callable[..., bytes], records: list[Record]
) -> None:
    columns = [column.name for column in columns_of(3)]
    content = write(columns, [cells_of(record, 7, "Some name") for record in records])
    table = read_table(name, content)
    assert table.columns == tuple(columns)
    for row, record in zip(table.rows, records, strict=True):
        reader = RowReader(FINDER, Stamp(record.set_by, record.set_on), is_day_first=None)
        said = reader.read(row)
        assert said.troubles == ()
        assert said.record == record
        assert row.cells == cells_of(record, 7, "Some name")


@pytest.mark.threat(27)
@given(TEXT)
def test_no_cell_is_run_and_every_text_comes_back(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert restored(cell) == text


@given(st.lists(WORDS, max_size=4))
def test_a_list_comes_back(parts: list[str]) -> None:
    assert parted(joined(parts)) == tuple(parts)


def test_a_list_is_written_as_people_write_it() -> None:
    assert joined(("AFR", "DLH")) == "AFR; DLH"
    assert parted("AFR;DLH ; ") == ("AFR", "DLH ")


@pytest.mark.parametrize(
    ("cell", "is_day_first", "day"),
    [
        ("2027-02-01", None, date(2027, 2, 1)),
        (" 2027-02-01 ", None, date(2027, 2, 1)),
        ("13/02/2027", None, date(2027, 2, 13)),
        ("02/13/2027", None, date(2027, 2, 13)),
        ("05/05/2027", None, date(2027, 5, 5)),
        ("01.02.2027", True, date(2027, 2, 1)),
        ("01/02/2027", False, date(2027, 1, 2)),
    ],
)
def test_a_day_that_is_decided_is_read(cell: str, is_day_first: bool | None, day: date) -> None:  # noqa: FBT001 - a column of the table above
    assert day_of(cell, is_day_first=is_day_first) == day


@pytest.mark.parametrize(
    ("cell", "is_day_first", "says"),
    [
        ("01/02/2027", None, "may be 2027-02-01 or 2027-01-02"),
        ("02/13/2027", True, "is no day"),
        ("13/13/2027", None, "is no day"),
        ("00/05/2027", None, "is no day"),
        ("2027-02-30", None, "is no day"),
        ("20270201", None, "is no day"),
        ("1 Feb 2027", None, "is no day"),
        ("01/02/27", True, "is no day"),
        ("\u0662\u0660\u0662\u0667-02-01", None, "is no day"),
    ],
)
def test_a_day_that_may_be_two_or_none_is_refused(cell: str, is_day_first: bool | None, says: str) -> None:  # noqa: FBT001 - as above
    with pytest.raises(BadInputError, match=says):
        day_of(cell, is_day_first=is_day_first)


@pytest.mark.parametrize(
    ("cells", "decided"),
    [
        (["01/02/2027", "13/02/2027"], True),
        (["01/02/2027", "02/13/2027"], False),
        (["01/02/2027"], None),
        (["13/02/2027", "02/13/2027"], None),
        (["2027-01-13"], None),
    ],
)
def test_one_day_decides_for_the_whole_file(cells: list[str], decided: bool | None) -> None:  # noqa: FBT001 - as above
    assert day_first(cells) is decided
