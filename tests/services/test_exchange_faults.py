"""Of 300 rows with 20 planted faults exactly those are told, and files that are no table are refused."""

import io
import re
import zipfile
from datetime import date, datetime
from itertools import product

import openpyxl
import pytest

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Person
from travelrisk.reference import load_book
from travelrisk.services.application import Application
from travelrisk.services.exchange.columns import columns_of
from travelrisk.services.exchange.importing import draft, look
from travelrisk.services.exchange.reading import read_table
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.services.ratings.records import listing

COLUMNS = [column.name for column in columns_of(2)]
BOOK = load_book()
SOMEBODY = Person("x", "Somebody", "x@example.org", frozenset())

# Number of the row, what is planted there, the column that is told, and why.
FAULTS: tuple[tuple[int, dict[str, str], str, str], ...] = (
    (5, {"level": "excellent"}, "level", "'excellent' is none of its words"),
    (17, {"level": ""}, "level", "is empty"),
    (33, {"valid_until": "2025-12-31"}, "valid_until", "2025-12-31 lies before valid_from 2026-01-01"),
    (48, {"evidence_1_retrieved_on": ""}, "evidence_1_retrieved_on", "is empty"),
    (
        61,
        {"evidence_1_retrieved_on": "2027-01-01"},
        "evidence_1_retrieved_on",
        "2027-01-01 lies in the future",
    ),
    (62, {"evidence_1_title": ""}, "evidence_1_title", "is empty"),
    (77, {"id": "row-3"}, "id", "'row-3' stands in row 3 already"),
    (90, {"id": "Row 90"}, "id", "is not written as it must be"),
    (104, {"subject": "QQQ"}, "subject", "there is no carrier 'QQQ' in the reference data"),
    (119, {"subject": "KM"}, "subject", "KM is the code of several carriers"),
    (133, {"subject_kind": "ship"}, "subject_kind", "'ship' is none of its words"),
    (149, {"subject_kind": "state", "subject": "ET"}, "subject_kind", "no rating is about a state"),
    (
        163,
        {"valid_from": "01/02/2026"},
        "valid_from",
        "'01/02/2026' may be 2026-02-01 or 2026-01-02, and nothing in the file decides",
    ),
    (180, {"valid_until": "soon"}, "valid_until", "'soon' is no day"),
    (201, {"level": "conditional"}, "condition_en", "is empty"),
    (222, {"effect": "review"}, "effect", "a record of the kind rating has none"),
    (240, {"record": "opinion"}, "record", "'opinion' is no kind of record"),
    (
        266,
        {"subject": "AAL"},
        "valid_from",
        "overlaps 'row-2' in row 2, which rates carrier:AAL from 2026-01-01 until 2027-12-31",
    ),
    (
        287,
        {"evidence_1_kind": "iosa", "evidence_1_value": "yes"},
        "evidence_1_value",
        "'yes' is no finding of iosa",
    ),
    (300, {"review_on": "2026-11-22"}, "review_on", "2026-11-22 is past"),
)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STATES = [one + other for one, other in product(LETTERS, repeat=2)]


def rows() -> list[dict[str, str]]:
    """Return 300 good rows, each about another carrier; American Airlines is the first."""
    every = [code for state in ("US", *STATES) for code in sorted(BOOK.of_state(state))]
    codes = ["AAL", *(code for code in dict.fromkeys(every) if code != "AAL")][:300]
    assert len(codes) == 300
    return [
        {
            "record": "rating",
            "id": f"row-{number}",
            "subject_kind": "carrier",
            "subject": code,
            "level": "recommended",
            "valid_from": "2026-01-01",
            "valid_until": "2027-12-31",
            "reason_en": "=Seen, and in order",
            "evidence_1_title": f"Audit {number}",
            "evidence_1_retrieved_on": "2026-11-01",
        }
        for number, code in enumerate(codes, 2)
    ]


@pytest.mark.parametrize(("name", "write"), [("t.csv", csv_bytes), ("t.xlsx", workbook_bytes)])
def test_exactly_the_planted_faults_are_told(app: Application, name: str, write: object) -> None:
    every = rows()
    for number, cells, _, _ in FAULTS:
        every[number - 2] |= cells
    assert callable(write)
    looked = look(app, SOMEBODY, name, write(COLUMNS, every))
    assert looked.rows == 300
    found = [(each.row, each.column, each.reason) for each in looked.problems]
    assert found == [(number, column, reason) for number, _, column, reason in FAULTS]
    assert all(each.advice for each in looked.problems)
    assert len(looked.wanted) == 300 - 20 - 2  # rows 2 and 3 are in question with the rows that repeat them
    with pytest.raises(BadInputError, match="20 of 300 rows"):
        draft(app, SOMEBODY, looked, "First loading.")
    assert listing(app) == ()


def test_without_the_faults_all_rows_are_taken(app: Application) -> None:
    looked = look(app, SOMEBODY, "t.csv", csv_bytes(COLUMNS, rows()))
    assert looked.problems == ()
    assert len(looked.wanted) == 300
    assert {each.set_on for each in looked.wanted} == {date(2026, 11, 23)}


def test_several_faults_in_one_row_are_all_told(app: Application) -> None:
    bad = rows()[0] | {
        "level": "great",
        "valid_from": "",
        "subject": "QQQ",
        "evidence_1_url": "www.example.org",
        "evidence_2_note": "No title.",
    }
    looked = look(app, SOMEBODY, "t.csv", csv_bytes(COLUMNS, [bad]))
    assert [each.column for each in looked.problems] == [
        "subject",
        "level",
        "valid_from",
        "evidence_1_url",
        "evidence_2_title",
    ]


@pytest.mark.parametrize(
    ("subject", "kind", "advice"),
    [
        ("KM", "carrier", "AMC (Air Malta)"),
        ("LON", "airport", "LHR"),
        ("ADD-ADD", "route", "two different airports"),
        ("ADD", "route", "ADD-FRA"),
        ("XX", "country", "two letters"),
        ("Ethiopian Airlines", "carrier", "ICAO designator"),
        ("ЕТН", "carrier", "ICAO designator"),  # noqa: RUF001 - Cyrillic
    ],
)
def test_what_may_be_several_is_asked(app: Application, subject: str, kind: str, advice: str) -> None:
    row = rows()[0] | {"subject_kind": kind, "subject": subject}
    (problem,) = look(app, SOMEBODY, "t.csv", csv_bytes(COLUMNS, [row])).problems
    assert problem.column == "subject"
    assert advice in problem.advice


def test_a_code_of_one_carrier_will_do(app: Application) -> None:
    row = rows()[0] | {"subject": "et", "record": "Rating", "level": "Not recommended"}
    (record,) = look(app, SOMEBODY, "t.csv", csv_bytes(COLUMNS, [row])).wanted
    assert str(getattr(record, "subject", "")) == "carrier:ETH"


HEAD = "record,id,subject_kind,subject,valid_from,level\n"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.ods", b"", "save it as CSV or XLSX"),
        ("t.csv", b"", "missing columns: record, id"),
        ("t.csv", HEAD.encode(), "no row below"),
        ("t.csv", (HEAD + "rating,a,carrier,ETH,2026-01-01,é\n").encode("latin-1"), "is not UTF-8"),
        ("t.csv", HEAD.replace("level", "score").encode(), "unknown columns: score"),
        ("t.csv", HEAD.replace("level", "id").encode(), "id stands twice"),
        ("t.csv", (HEAD + 'rating,"a').encode(), "cannot be taken apart"),
        ("t.csv", (HEAD + "rating,a\n" * 5001).encode(), "more than 5,000 rows"),
        ("t.csv", (HEAD + "rating," + "a" * 32_768).encode(), "row 2, cell 2: longer than 32,767"),
        ("t.csv", b" " * 10_000_001, "larger than 10 MB"),
        ("t.xlsx", b"PK\x03\x04", "damaged or protected"),
    ],
)
def test_what_is_no_table_is_refused(name: str, content: bytes, says: str) -> None:
    with pytest.raises(BadInputError, match=re.escape(f"{name}: ") + r".*" + says):
        read_table(name, content)


def saved(workbook: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def test_a_formula_is_never_taken_for_its_last_value() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(workbook_bytes(COLUMNS, rows()[:2])))
    workbook["records"]["L3"] = "=1+1"
    with pytest.raises(BadInputError, match=r"holds formulas \(L3\)"):
        read_table("t.xlsx", saved(workbook))


@pytest.mark.threat(29)
def test_a_workbook_that_unpacks_to_much_more_is_not_opened() -> None:
    content = io.BytesIO(workbook_bytes(COLUMNS, rows()[:2]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/one.bin", bytes(60_000_000))
    with pytest.raises(BadInputError, match=r"unpacks to 5[0-9] MB"):
        read_table("t.xlsx", content.getvalue())


@pytest.mark.threat(28)
def test_what_a_spreadsheet_makes_of_a_file_is_read(app: Application) -> None:
    day = {"valid_from": "01/02/2026", "valid_until": "31/12/2027"}
    text = csv_bytes(COLUMNS, [rows()[0] | day]).decode("utf-8-sig").replace(",", ";")
    looked = look(app, SOMEBODY, "t.csv", text.encode())
    assert [record.valid_from for record in looked.wanted] == [date(2026, 2, 1)]
    workbook = openpyxl.load_workbook(io.BytesIO(workbook_bytes(COLUMNS, rows()[:1])))
    cell = workbook["records"].cell(2, COLUMNS.index("valid_until") + 1)
    assert isinstance(cell.value, datetime)
    assert workbook["records"].freeze_panes == "C2"
    assert {each.formula1 for each in workbook["records"].data_validations.dataValidation} > {
        '"recommended,conditional,not_recommended,not_rated"',
        '"conditional,review,not_cleared"',
        '"carrier,state,airport,country,route,airspace"',
    }
    assert workbook.sheetnames == ["records", "columns"]


@pytest.mark.threat(27)
def test_no_cell_of_an_export_is_a_formula() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(workbook_bytes(COLUMNS, rows()[:1])))
    cells = [cell for sheet in workbook for line in sheet.iter_rows() for cell in line]
    assert "f" not in {cell.data_type for cell in cells}
    assert not [cell for cell in cells if str(cell.value or "").startswith(("=", "+", "-", "@"))]


def test_a_row_without_an_id_is_told_that_and_not_that_nothing_is_in_force(app: Application) -> None:
    every = rows()[:3]
    every[0] |= {"id": "", "edition": "1"}
    every[1] |= {"id": "x" * 200, "edition": "1"}
    looked = look(app, SOMEBODY, "t.csv", csv_bytes(COLUMNS, every))
    found = [(each.row, each.column, each.reason) for each in looked.problems]
    assert found == [
        (2, "id", "is empty"),
        (3, "id", "is not written as it must be"),
        (3, "edition", f"'{'x' * 40}' was not in force in edition 1"),
    ]
