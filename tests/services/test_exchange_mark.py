"""A file of ratings that is found somewhere leads to whoever took it, and comes back as before."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from tests.services.test_exchange_import import alice, edited, evidence
from travelrisk.domain.errors import NotFoundError
from travelrisk.intake.tables.workbook import sheets_of
from travelrisk.services.application import Application
from travelrisk.services.exchange.booking import booking_list
from travelrisk.services.exchange.exporting import export, template
from travelrisk.services.exchange.importing import look
from travelrisk.services.exchange.reading import ENDINGS, read_table
from travelrisk.services.privacy import trailing
from travelrisk.services.ratings.recordfile import read_records, records_text
from travelrisk.store import ratings
from travelrisk.store.database import reading

FORMS = [ending.removeprefix(".") for ending in ENDINGS]


def entries(app: Application, mark: str) -> list[dict[str, object]]:
    """Return what the trail says about an export."""
    lines = trailing.exported(app, "jsonl", subject=f"export:{mark}")
    return [json.loads(json.loads(line)["body"]) for line in lines]


def mark_in(form: str, content: bytes) -> str:
    (mark,) = {row.cells["export"] for row in read_table(f"t.{form}", content).rows}
    return mark


@pytest.mark.parametrize("form", FORMS)
def test_every_row_of_a_table_leads_to_who_took_it_and_when(desk: Application, form: str) -> None:
    export(desk, form, by="erin")
    mark = mark_in(form, export(desk, form, by="bob"))
    (entry,) = entries(desk, mark)
    assert (entry["kind"], entry["actor"]) == ("ratings.exported", "bob")
    assert str(entry["at"]).startswith("2026-11-23T17:58")
    assert entry["body"] == {"what": "records", "edition": 1, "form": form}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_comes_back_as_before_with_its_mark_changed_or_without_it(
    desk: Application, form: str
) -> None:
    content = export(desk, form)
    looked = look(desk, alice(desk), f"all.{form}", content, is_complete=True)
    assert (looked.problems, looked.pairs, looked.compared.unchanged) == ((), (), 3)
    for mark in ("", "ex-0000000000", "=1+1"):
        looked = edited(desk, form, "fra", lambda row, mark=mark: row.update(export=mark, **evidence()))  # type: ignore[misc] # as the last argument says
        assert looked.problems == ()
        assert [pair.either.id for pair in looked.pairs] == ["fra"]


def test_a_workbook_says_it_in_its_properties_too(desk: Application) -> None:
    content = export(desk, "xlsx")
    properties = load_workbook(io.BytesIO(content)).properties
    assert properties.identifier == mark_in("xlsx", content)
    assert properties.description == f"export {properties.identifier}"
    assert "export" not in read_head(template())


def read_head(content: bytes) -> list[object]:
    return [cell.value for cell in next(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows())]


def test_records_as_json_name_the_export_and_come_back_as_they_were(
    desk: Application, tmp_path: Path
) -> None:
    content = export(desk, "json", by="bob")
    mark = json.loads(content)["export"]
    assert [each["actor"] for each in entries(desk, mark)] == ["bob"]
    path = tmp_path / "all.json"
    path.write_bytes(content)
    with reading(desk.engine) as c:
        known = ratings.in_force(c)
    again = read_records(path, desk.atlas, desk.book)
    assert records_text(again) == records_text(known)


@pytest.mark.parametrize("form", FORMS)
def test_the_list_for_agencies_bears_a_mark_too(desk: Application, form: str) -> None:
    content = booking_list(desk, form, 1, date(2026, 11, 23), by="bob")
    (head, *rows) = sheets_of(content)["records"] if form == "xlsx" else csv_rows(content)
    marks = {row[head[1].index("export")] for _, row in rows}
    (entry,) = entries(desk, marks.pop())
    assert (entry["actor"], marks) == ("bob", set())
    assert entry["body"] == {"what": "booking-list", "edition": 1, "form": form}


def csv_rows(content: bytes) -> list[tuple[int, list[str]]]:
    return list(enumerate(csv.reader(io.StringIO(content.decode("utf-8-sig"))), 1))


def test_what_was_not_given_was_not_taken(desk: Application) -> None:
    with pytest.raises(NotFoundError):
        export(desk, "csv", 99)
    with reading(desk.engine) as c:
        assert not c.scalar(text("SELECT count(*) FROM audit WHERE body LIKE '%ratings.exported%'"))
