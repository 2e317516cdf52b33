"""What is wrong with a table that was brought in: told row by row, or refused as a whole."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.services.test_exchange_faults import COLUMNS, FAULTS, rows
from tests.web.conftest import with_facts
from tests.web.desk import Desk, csrf
from tests.web.tables import (
    WHY,
    address,
    bare_desk,
    brought,
    planted,
    proposed,
)
from travelrisk.services.desk import lookups as services
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.web.app import create_app


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Desk]:
    with bare_desk(tmp_path) as made:
        yield made


def test_exactly_the_planted_faults_are_shown(bare: Desk) -> None:
    page = brought(bare, planted())
    table = page.all("//main//table[caption[contains(., 'What cannot be used')]]//tbody/tr")
    found = [[" ".join(cell.text_content().split()) for cell in row] for row in table]
    assert [(row, column, reason) for row, column, reason, _ in found] == [
        (f"Row {number}", column, reason) for number, _, column, reason in FAULTS
    ]
    assert all(advice for *_, advice in found)
    file = bare.visitor("alice").look(page.response.request.path + "/problems")
    assert file.headers["Content-Disposition"] == 'attachment; filename="problems.csv"'
    back = list(csv.DictReader(io.StringIO(file.get_data().decode("utf-8-sig"))))
    told = {number for number, row in enumerate(back, 2) if row["problem"]}
    assert told == {number for number, *_ in FAULTS} | {2, 3}


@pytest.mark.parametrize(("prefix", "language"), [("/fr", "fr"), ("/es", "es")])
def test_the_faults_are_told_in_the_language_of_the_page(bare: Desk, prefix: str, language: str) -> None:
    page = brought(bare, planted(), prefix=prefix)
    assert page.tree.get("lang") == language
    table = "//main//table[.//th[text()='Ligne' or text()='Fila']]"
    assert len(page.all(f"{table}/tbody/tr")) == 20
    assert not page.all(f"{table}//*[@lang='en']")


def test_a_problem_beyond_what_a_workbook_holds_is_told(bare: Desk) -> None:
    every = rows()[20:24]
    every[0] |= {"reason_en": "x" * 32_767, "level": "excellent"}
    every[1] |= {"reason_en": "=" + "x" * 32_766}
    page = brought(bare, csv_bytes(COLUMNS, every), "t.csv")
    assert page.status == 422
    assert "longer than 32,767 characters" in page.words


def test_bad_rows_are_left_out_only_where_somebody_says_so(bare: Desk) -> None:
    where = address(bare, planted())
    refused = proposed(bare, where, reason=WHY)
    assert refused.status == 422
    assert "Some rows cannot be used" in refused.words
    assert WHY in refused.text("//textarea")
    assert services.open_proposals(bare.app) == ()
    overlapping = proposed(bare, where, reason=WHY, skip="1")
    (proposal,) = services.open_proposals(bare.app)
    assert overlapping.status == 303
    assert len(proposal.content.wanted) == 300 - 20 - 2


def test_a_file_with_too_much_wrong_is_refused_as_a_whole(bare: Desk) -> None:
    every = rows()[20:30]
    for row in every[:3]:
        row["level"] = "excellent"
    page = brought(bare, csv_bytes(COLUMNS, every))
    assert "This file is refused as a whole" in page.words
    assert "3 of 10. From 30 % on" in page.words
    assert not page.all("//form[@method='post']")
    visitor = bare.visitor("alice")
    forged = {"reason": WHY, "skip": "1", "edition": "0", "csrf_token": csrf(visitor.get("/import"))}
    refused = visitor.post(page.response.request.path, data=forged)
    assert refused.status == 422
    assert services.open_proposals(bare.app) == ()


def formula() -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(workbook_bytes(COLUMNS, rows()[:2])))
    workbook["records"]["L3"] = "=1+1"
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def bomb() -> bytes:
    content = io.BytesIO(workbook_bytes(COLUMNS, rows()[:2]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/one.bin", bytes(60_000_000))
    return content.getvalue()


HEAD = "record,id,subject_kind,subject,valid_from,level\n"
REFUSED: list[tuple[str, bytes, str]] = [
    ("t.ods", b"x", "t.ods: is no table: save it as CSV or XLSX"),
    ("t.csv", b"", "t.csv: is empty: choose the file again"),
    ("t.csv", HEAD.encode(), "has headings and no row below them"),
    ("t.csv", HEAD.replace("level", "score").encode(), "row 1: unknown columns: score"),
    ("t.csv", b"name,flight\nx,y\n", "row 1: unknown columns: flight"),
    ("t.csv", (HEAD + "rating,a\n" * 5001).encode(), "more than 5,000 rows: split it"),
    ("t.csv", (HEAD + "rating,a,carrier,ETH,2026-01-01,é\n").encode("latin-1"), "is not UTF-8"),
    ("t.xlsx", b"PK\x03\x04", "damaged or protected"),
    ("t.xlsx", formula(), "holds formulas (L3)"),
    ("t.xlsx", bomb(), "unpacks to 5"),
]


@pytest.mark.parametrize(("name", "content", "says"), REFUSED)
@pytest.mark.parametrize("prefix", ["", "/fr", "/es"])
def test_what_is_no_table_is_refused_and_not_kept(
    bare: Desk, name: str, content: bytes, says: str, prefix: str
) -> None:
    page = brought(bare, content, name, prefix=prefix)
    assert page.status == 422
    assert page.all("//input[@id='file' and @aria-invalid='true']")
    if not prefix:
        assert says in page.text("//div[@role='alert']")
    assert not page.all("//div[@role='alert']//*[@lang='en']"), "told in the language of the page"
    assert "You looked at" not in bare.visitor("alice").get("/import").words


def test_without_a_file_there_is_nothing_to_look_at(bare: Desk) -> None:
    visitor = bare.visitor("alice")
    page = visitor.post("/import", data={"csrf_token": csrf(visitor.get("/import"))})
    assert page.status == 422
    assert "Choose a CSV or XLSX file" in page.words


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(bare: Desk) -> None:
    small = with_facts(bare.app, upload_limit=2_000)
    page = brought(Desk(small, create_app(small)), b" " * 3_000)
    assert page.status == 413
