"""``travelrisk ratings export|template|import``: out as a table, changed in one cell, in as a proposal."""

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from click.testing import CliRunner

from tests.cli.conftest import AT, RATINGS, Run
from travelrisk.cli.opening import opened
from travelrisk.cli.program import program
from travelrisk.domain.people import Role
from travelrisk.services.people import accounts

PASSWORD = "alice has four plain words"  # noqa: S105 - of a person that is made up
AS_ALICE = ("--as", "alice@example.org", "--password-stdin", "--reason", "The audit was failed.")
CHANGED = {
    "level": "not_recommended",
    "evidence_1_title": "Audit",
    "evidence_1_retrieved_on": "2026-11-20",
    "review_on": "",
}


@pytest.fixture(scope="module")
def _desk_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make it once: a password takes its time."""
    place = tmp_path_factory.mktemp("desk") / "place"
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(AT, tick=False):
        patch.setenv("TRAVELRISK_DATA_DIR", str(place))
        loading = ["ratings", "import", str(RATINGS), "--by", "bob", "--signed-by", "charlie"]
        for arguments in (["db", "upgrade"], loading):
            assert CliRunner().invoke(program, arguments).exit_code == 0
        with opened() as app:
            mail = "alice@example.org"
            accounts.add(app, name="Alice", email=mail, roles=[Role.FOCAL_POINT], password=PASSWORD)
    return place / "travelrisk.db"


@pytest.fixture
def desk(place: Path, _desk_database: Path) -> Path:
    """Give a service with the ratings of the demonstration and one person at its desk."""
    place.mkdir()
    shutil.copy(_desk_database, place)
    return place


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.usefixtures("desk")
def test_a_file_leads_to_its_entry_in_the_audit_trail(run: Run, tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        assert run("ratings", "export", "-o", tmp_path / name).exit_code == 0
    (mark,) = {row["export"] for row in rows_of(tmp_path / "two.csv")}
    found = run("audit", "export", "--csv", "--about", f"export:{mark}").stdout
    (entry,) = csv.DictReader(io.StringIO(found, newline=""))
    assert (entry["kind"], entry["actor"]) == ("ratings.exported", "terminal")
    assert json.loads(entry["body"]) == {"what": "records", "edition": 1, "form": "csv"}
    for form in ("--csv", "--jsonl"):
        assert run("audit", "export", form, "--about", f"export:{mark}").stderr == ""
        assert f"No entry is about {mark}" in run("audit", "export", form, "--about", mark).stderr
    assert run("audit", "verify").exit_code == 0


def edited(run: Run, path: Path, carrier: str, changes: dict[str, str]) -> int:
    """Export to *path*, change the first row about a carrier, and return its number."""
    assert run("ratings", "export", "-o", path).exit_code == 0
    rows = rows_of(path)
    number = next(
        n for n, row in enumerate(rows) if (row["subject_kind"], row["subject"]) == ("carrier", carrier)
    )
    rows[number] |= changes
    write(path, rows)
    return number + 2


@pytest.mark.usefixtures("desk")
def test_a_table_goes_out_and_comes_in_unchanged(run: Run, tmp_path: Path) -> None:
    for name in ("all.csv", "all.xlsx"):
        assert run("ratings", "export", "-o", tmp_path / name).exit_code == 0
        looked = run("ratings", "import", tmp_path / name, "--dry-run")
        assert looked.exit_code == 0, looked.output
        assert "196 rows: 0 change something; 196 say what is in force already; 0 cannot" in looked.stdout


@pytest.mark.usefixtures("desk")
def test_one_cell_is_one_field_and_becomes_a_proposal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    edited(run, path, "DLH", CHANGED)
    shown = run("ratings", "import", path, "--dry-run")
    assert "level: recommended -> not_recommended" in shown.stdout
    assert "196 rows: 1 change something" in shown.stdout
    assert "nothing was changed" in shown.stdout
    done = run("ratings", "import", path, *AS_ALICE, "--json", input=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    shape = json.loads(done.stdout)
    (waiting,) = json.loads(run("ratings", "proposals", "--json").stdout)
    assert (waiting["reference"], waiting["status"]) == (shape["proposal"], "proposed")
    assert waiting["reason"] == "The audit was failed."
    assert [change["is"]["set_by"] for change in shape["changes"]] == ["Alice"]


@pytest.mark.usefixtures("desk")
def test_a_draft_asks_nobody_yet(run: Run, tmp_path: Path) -> None:
    edited(run, tmp_path / "all.csv", "DLH", CHANGED)
    done = run("ratings", "import", tmp_path / "all.csv", *AS_ALICE, "--draft", input=f"{PASSWORD}\n")
    assert "Kept as the draft CH-" in done.stdout
    (waiting,) = json.loads(run("ratings", "proposals", "--json").stdout)
    assert waiting["status"] == "draft"


@pytest.mark.usefixtures("desk")
def test_nobody_imports_for_somebody_else(run: Run, tmp_path: Path) -> None:
    edited(run, tmp_path / "all.csv", "DLH", CHANGED)
    done = run("ratings", "import", tmp_path / "all.csv", *AS_ALICE, input="guessed\n")
    assert (done.exit_code, "address or password is wrong" in done.stderr) == (1, True)
    assert "No proposal waits" in run("ratings", "proposals").stdout


@pytest.mark.usefixtures("desk")
def test_what_is_wrong_is_told_and_comes_back_in_a_file(run: Run, tmp_path: Path) -> None:
    path, back = tmp_path / "all.csv", tmp_path / "back.csv"
    number = edited(run, path, "DLH", CHANGED | {"level": "great", "valid_until": "01/02/2027"})
    shown = run("ratings", "import", path, "--dry-run", "--problems", back)
    assert shown.exit_code == 2
    assert f"Row {number}, level: 'great' is none of its words: write recommended" in shown.stdout
    assert f"Row {number}, valid_until: '01/02/2027' may be 2027-02-01 or 2027-01-02" in shown.stdout
    assert [row for row, each in enumerate(rows_of(back), 2) if each["problem"]] == [number]
    done = run("ratings", "import", path, *AS_ALICE, input=f"{PASSWORD}\n")
    assert done.exit_code == 2
    assert "1 of 196 rows cannot be used, and nothing was drafted" in done.stderr
    done = run("ratings", "import", path, "--dry-run", "--dates", "day-first", "--json")
    assert [each["column"] for each in json.loads(done.stdout)["problems"]] == ["level"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--as", "alice@example.org"), "whose with --as, and why with --reason"),
        (("--by", "bob"), "--by does not fit: all.csv is a table"),
        (("--dry-run", "--problems", "back.xlsx"), "ends in .csv"),
    ],
    ids=["reason", "by", "ending"],
)
@pytest.mark.usefixtures("desk")
def test_what_does_not_fit_a_table_is_refused(run: Run, arguments: tuple[str, ...], says: str) -> None:
    run("ratings", "export", "-o", "all.csv")
    done = run("ratings", "import", "all.csv", *arguments)
    assert done.exit_code == 2
    assert says in " ".join(done.stderr.split())


@pytest.mark.usefixtures("desk")
def test_what_does_not_fit_a_file_of_records_is_refused(run: Run) -> None:
    done = run("ratings", "import", RATINGS, "--as", "alice@example.org")
    assert done.exit_code == 2
    assert "--as does not fit" in done.stderr
    done = run("ratings", "import", RATINGS)
    assert "'--by'" in done.stderr


@pytest.mark.usefixtures("desk")
def test_an_earlier_edition_is_exported_as_it_was(run: Run) -> None:
    earlier, now = (
        json.loads(run("ratings", "export", *options).stdout) for options in (("--as-of", "1"), ())
    )
    assert earlier.pop("export") != now.pop("export"), "each bears an id of its own"
    assert earlier == now
    assert (
        run("ratings", "export", "--format", "csv", "--as-of", "2026-11-22").stdout_bytes.count(b"\r\n") == 1
    )
    assert run("ratings", "export", "--as-of", "2").exit_code == 1
    assert run("ratings", "export", "--as-of", "soon").exit_code == 2


@pytest.mark.usefixtures("desk")
def test_the_booking_list_says_edition_and_end(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert run("ratings", "export", "--booking-list", "-o", path).exit_code == 0
    found: dict[str, Any] = next(row for row in rows_of(path) if row["icao"] == "AZW")
    assert (found["iata"], found["level"]) == ("UM", "not_recommended")
    assert (found["edition"], found["as_of"]) == ("1", "2026-11-23")
    assert run("ratings", "export", "--booking-list", "--format", "json").exit_code == 2


@pytest.mark.usefixtures("place")
def test_the_template_opens_in_a_spreadsheet_and_has_words_to_choose(run: Run, tmp_path: Path) -> None:
    assert run("ratings", "template", "-o", tmp_path / "new.xlsx").exit_code == 0
    workbook = openpyxl.load_workbook(tmp_path / "new.xlsx")
    assert workbook.sheetnames == ["records", "columns"]
    assert workbook["records"].max_row == 1
    assert len(workbook["records"].data_validations.dataValidation) >= 7
    assert run("ratings", "template", "-o", tmp_path / "new.csv").exit_code == 2


def test_a_file_that_cannot_be_read_or_written_is_named(run: Run) -> None:
    done = run("ratings", "import", "nowhere.xlsx", "--dry-run")
    assert (done.exit_code, "nowhere.xlsx" in done.stderr) == (2, True)
    done = run("ratings", "template", "-o", "nowhere/new.xlsx")
    assert (done.exit_code, "cannot be written" in done.stderr) == (2, True)


@pytest.fixture
def conflicting(run: Run, desk: Path, tmp_path: Path) -> Path:
    """Give a table in which a rating is changed that the desk has made stricter since, in edition 2."""
    assert desk.is_dir()
    mine, theirs = tmp_path / "mine.csv", tmp_path / "theirs.json"
    edited(run, mine, "DLH", CHANGED | {"level": "conditional", "condition_en": "Daylight only."})
    records = json.loads(run("ratings", "export").stdout)
    (rating,) = [each for each in records["ratings"] if each["subject"] == "carrier:DLH"]
    theirs.write_text(json.dumps({"ratings": [rating | {"level": "not_recommended"}]}))
    assert run("ratings", "import", theirs, "--by", "bob").exit_code == 0
    return mine


def test_what_the_desk_changed_since_is_overwritten_by_name_alone(run: Run, conflicting: Path) -> None:
    refused = run("ratings", "import", conflicting, "--dry-run")
    assert (refused.exit_code, "196 rows: 0 change something" in refused.stdout) == (2, True)
    (version,) = re.findall(r"to take what the file says: --overwrite (\S+)", refused.stdout)
    shown = run("ratings", "import", conflicting, "--dry-run", "--overwrite", version)
    assert shown.exit_code == 0, shown.output
    said = " ".join(shown.stdout.split())
    assert "level: not_recommended -> conditional" in said
    assert f"takes the place of what the desk set in edition 2 ({version})" in said
    done = run(
        *("ratings", "import", conflicting, *AS_ALICE, "--overwrite", version, "--json"),
        input=f"{PASSWORD}\n",
    )
    (conflict,) = json.loads(done.stdout)["conflicts"]
    assert (conflict["version"], conflict["is_overwritten"]) == (version, True)
    (waiting,) = json.loads(run("ratings", "proposals", "--json").stdout)
    assert (waiting["reference"], waiting["weight"]) == (json.loads(done.stdout)["proposal"], "loosening")


def test_a_version_that_nobody_is_in_conflict_with_is_not_overwritten(run: Run, conflicting: Path) -> None:
    done = run("ratings", "import", conflicting, "--dry-run", "--overwrite", "elsewhere")
    assert (done.exit_code, "--overwrite elsewhere: no row is in conflict" in done.stderr) == (2, True)
    records = run("ratings", "import", RATINGS, "--by", "bob", "--overwrite", "elsewhere")
    assert (records.exit_code, "--overwrite does not fit" in records.stderr) == (2, True)


@pytest.mark.usefixtures("desk")
def test_a_table_that_is_everything_ends_what_it_leaves_out(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    assert run("ratings", "export", "-o", path).exit_code == 0
    rows = [row for row in rows_of(path) if row["subject"] != "DLH"]
    gone = 196 - len(rows)
    write(path, rows)
    assert "Left out" not in run("ratings", "import", path, "--dry-run").stdout
    shown = run("ratings", "import", path, "--dry-run", "--complete")
    assert "Ended: carrier:DLH, Lufthansa (LH)" in shown.stdout
    assert f"Left out, and therefore ended: {gone}." in " ".join(shown.stdout.split())
    done = run("ratings", "import", path, *AS_ALICE, "--complete", "--json", input=f"{PASSWORD}\n")
    assert len(json.loads(done.stdout)["ended"]) == gone
    waiting = json.loads(run("ratings", "show", json.loads(done.stdout)["proposal"], "--json").stdout)
    assert {each["subject"] for each in waiting["changes"] if each["is"] is None} >= {"carrier:DLH"}
    assert len(json.loads(run("ratings", "list", "--json").stdout)) == 196, "nothing is published yet"
