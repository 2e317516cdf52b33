"""Tables out through the pages: ratings, the booking list and the template."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.web.desk import Desk
from tests.web.tables import (
    rated_desk,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with rated_desk(tmp_path) as made:
        yield made


@pytest.mark.parametrize("when", ["", "1", "2026-11-23"])
def test_the_booking_list_has_the_edition_and_ends(desk: Desk, when: str) -> None:
    file = desk.visitor("dana").look(f"/export/booking-list?form=csv&as_of={when}")
    assert file.headers["Content-Disposition"] == (
        'attachment; filename="booking-list-edition-1-2026-11-23.csv"'
    )
    listed = list(csv.DictReader(io.StringIO(file.get_data().decode("utf-8-sig"))))
    assert {row["edition"] for row in listed} == {"1"}
    assert any(row["valid_until"] for row in listed)


def test_an_old_day_has_what_was_known_then(desk: Desk) -> None:
    file = desk.visitor("alice").look("/export/records?form=csv&as_of=2026-11-22")
    assert file.get_data().decode("utf-8-sig").count("\r\n") == 1, "headings alone"
    refused = desk.visitor("alice").get("/export/booking-list?form=csv&as_of=2026-11-22")
    assert refused.status == 422
    assert "edition 0 rates no carrier" in refused.words


@pytest.mark.parametrize(
    "query", ["form=csv&as_of=soon", "form=csv&as_of=7", "form=csv&as_of=2027-01-01", "form=pdf"]
)
def test_what_cannot_be_exported_is_asked_again(desk: Desk, query: str) -> None:
    page = desk.visitor("alice").get(f"/export/records?{query}")
    assert page.status == 422
    assert page.all("//div[@role='alert']//a")


def test_the_template_has_words_to_choose_from(desk: Desk) -> None:
    file = desk.visitor("alice").look("/import/template")
    workbook = openpyxl.load_workbook(io.BytesIO(file.get_data()))
    assert workbook["records"].data_validations.dataValidation


def test_an_auditor_exports_and_is_offered_no_import(desk: Desk) -> None:
    visitor = desk.visitor("dana")
    page = visitor.get("/export")
    assert page.status == 200
    assert not page.all("//a[starts-with(@href, '/import')]")
    assert visitor.get("/import").status == 404
    assert not visitor.get("/changes").all("//a[starts-with(@href, '/import')]")
