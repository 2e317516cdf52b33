"""``travelrisk report``: as text, as CSV, as JSON and as a workbook, and nobody's name in any of them."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Run

NOVEMBER = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.mark.usefixtures("rated")
def test_what_was_screened_is_counted_in_every_form(run: Run, tmp_path: Path) -> None:
    trip = tmp_path / "trip.txt"
    trip.write_text("LH 400 FRA JFK 12 Dec\nPassenger: DOE/ALICE MS\n")
    assert run("screen", trip).exit_code in {0, 1, 2, 3, 4, 5}
    told = run("report", *NOVEMBER)
    assert told.exit_code == 0, told.output
    assert "Whole organisation, 2026-11-01 to 2026-11-30" in told.stdout
    assert any(line.split() == ["Whole", "period", "1"] for line in told.stdout.splitlines())
    shape = json.loads(run("report", *NOVEMBER, "--json").stdout)
    assert shape["figures"]["screened"]["rows"][-1] == ["Whole period", 1]
    assert (shape["from"], shape["to"], shape["office"]) == ("2026-11-01", "2026-11-30", None)
    table = run("report", *NOVEMBER, "--csv").stdout
    assert "Itineraries screened,Whole period,Itineraries,1" in table
    book = tmp_path / "report.xlsx"
    assert run("report", *NOVEMBER, "--xlsx", book).exit_code == 0
    assert len(load_workbook(book).worksheets) == 12
    for text in (told.stdout, table, json.dumps(shape)):
        assert "DOE" not in text


@pytest.mark.usefixtures("rated")
def test_of_one_office_too_few_are_not_told_and_a_wrong_call_says_why(run: Run, tmp_path: Path) -> None:
    assert "Fewer than five in this office" in run("report", "--office", "Rome").stdout
    for arguments, said in (
        (("--to", "2026-11-30"), "--to needs --from"),
        (("--csv", "--json"), "give one of"),
        (("--from", "2026-11-30", "--to", "2026-11-01"), "later last day"),
        (("--xlsx", tmp_path / "nowhere" / "x.xlsx"), "cannot be written"),
    ):
        done = run("report", *arguments)
        assert done.exit_code != 0
        assert said in done.output
