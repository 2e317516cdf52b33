"""``travelrisk screen``: the real way, row by row, and what is stored of it."""

import csv
import gc
import io
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from travelrisk import resources
from travelrisk.cli import screening
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips.checking import Answer, answers

DEMO = resources.data("demo")
CLEARED = "01-own-service-known.txt"
CONDITIONAL = "03-operator-not-stated-french.txt"
REVIEW = "02-note-past-its-date.txt"
NOT_CLEARED = "14-mail-listed-operator.eml"
INCOMPLETE = "06-line-not-understood.txt"


@pytest.mark.parametrize(
    ("names", "options", "code"),
    [
        ([CLEARED], [], 0),
        ([CONDITIONAL], [], 10),
        ([REVIEW], [], 10),
        ([CLEARED, INCOMPLETE, REVIEW], [], 12),
        ([CLEARED, NOT_CLEARED, INCOMPLETE], [], 11),
        ([CONDITIONAL], ["--fail-on", "review"], 0),
        ([REVIEW], ["--fail-on", "review"], 10),
        ([REVIEW], ["--fail-on", "not_cleared"], 0),
        ([NOT_CLEARED], ["--fail-on", "not_cleared"], 11),
        ([INCOMPLETE], ["--fail-on", "not_cleared"], 12),
    ],
)
@pytest.mark.usefixtures("rated")
def test_the_gravest_result_is_the_exit_code(
    run: Run, names: list[str], options: list[str], code: int
) -> None:
    done = run("screen", "--dry-run", *options, *(DEMO / name for name in names))
    assert done.exit_code == code, done.output


@pytest.mark.usefixtures("rated")
def test_a_letter_waits_for_each_itinerary_with_an_address(run: Run) -> None:
    done = run("screen", DEMO / NOT_CLEARED, DEMO / CLEARED)
    assert "NOT CLEARED" in done.stdout
    assert (
        "2 itineraries: 1 cleared, 0 cleared with conditions, 0 review needed, 1 not cleared" in done.stdout
    )
    assert "1 letter waits in the outbox" in done.stderr
    assert "travelrisk worker" in done.stderr
    assert "1 of those cleared: no address" in done.stderr


HEAD = "Record locator,Traveller,E-mail,Airline,Flight,Operated by,From,To,Departure date\n"
CLEAR = "LH,400,Lufthansa,FRA,JFK,2026-12-12"
PROVIDED = "AF,6,,CDG,JFK,2027-09-14"
STOP = "UM,462,Air Zimbabwe,HRE,JNB,2027-08-25"


@pytest.mark.parametrize(
    ("booking", "options", "code"),
    [
        (f"alice,{CLEAR}", [], 12),
        (f",{PROVIDED}", [], 12),
        (f",{PROVIDED}", ["--fail-on", "not_cleared"], 12),
        (f"alice@,{PROVIDED}", ["--quiet", "--json"], 12),
        (f"alice@,{STOP}", [], 11),
        (f",{STOP}", ["--csv"], 11),
    ],
)
@pytest.mark.usefixtures("rated")
def test_a_warning_that_reaches_nobody_is_no_success(
    run: Run, booking: str, options: list[str], code: int
) -> None:
    Path("a.csv").write_text(f"{HEAD}A1B2C3,Lindgren/Alice,{booking}\n")
    done = run("screen", "a.csv", *options)
    assert done.exit_code == code, done.output
    assert re.search(r"^a\.csv: TR-\w{6}, .*: .*nobody was written to", done.stderr, re.MULTILINE)
    assert "1 letter was not written" in done.stderr
    assert "alice" not in done.stderr.lower(), "an address is nobody else's business"


@pytest.mark.parametrize(
    ("booking", "options", "code"),
    [
        (f"alice@example.org,{CLEAR}", [], 0),
        (f",{CLEAR}", [], 0),
        (f"alice@example.org,{PROVIDED}", [], 10),
        (f"alice@,{PROVIDED}", ["--to", "alice@example.org"], 10),
        (f"alice@,{PROVIDED}", ["--dry-run"], 10),
    ],
)
@pytest.mark.usefixtures("rated")
def test_where_everybody_is_reached_or_nothing_is_warned_of_the_verdict_alone_counts(
    run: Run, booking: str, options: list[str], code: int
) -> None:
    Path("a.csv").write_text(f"{HEAD}A1B2C3,Lindgren/Alice,{booking}\n")
    done = run("screen", "a.csv", *options)
    assert done.exit_code == code, done.output
    assert "TR-" not in done.stderr
    assert "not written" not in done.stderr


@pytest.mark.usefixtures("rated")
def test_the_command_that_is_advised_writes_the_letters_that_are_owed(run: Run, tmp_path: Path) -> None:
    lines = [f"A1B2C{number},Lindgren/Alice,,{PROVIDED}\n" for number in range(30)]
    (tmp_path / "many.csv").write_text(HEAD + "".join(lines))
    first = run("screen", "many.csv")
    assert first.exit_code == 12
    named = re.findall("^many.csv: TR-", first.stderr, re.MULTILINE)
    assert len(named) == 20, "the others are in --csv and --json"
    assert "30 letters were not written" in first.stderr
    second = run("screen", "many.csv", "--to", "bob@example.org")
    assert second.exit_code == 10
    assert "30 letters wait in the outbox" in second.stderr
    assert "30 of them had arrived before" in run("screen", "many.csv").stderr


@pytest.mark.usefixtures("rated")
def test_piped_lines_are_short_and_only_a_path_may_be_longer(run: Run, tmp_path: Path) -> None:
    near = shutil.copy(DEMO / NOT_CLEARED, tmp_path / "a.eml")
    deep = tmp_path / ("deep" * 20)
    deep.mkdir()
    far = shutil.copy(near, deep / "a.eml")
    flights = "KQ 101 LHR-NBO-JRO, 17 Aug 2027"
    lines = run("screen", "--dry-run", "a.eml", far).stdout.splitlines()
    assert f"✖ NOT CLEARED  a.eml  {flights}" in lines
    assert lines[lines.index(f"✖ NOT CLEARED  {far}") + 1] == f"    {flights}"
    assert [line for line in lines if len(line) > 100] == [f"✖ NOT CLEARED  {far}"]


@pytest.mark.usefixtures("rated")
def test_the_same_file_twice_is_the_same_arrival(run: Run) -> None:
    first = json.loads(run("screen", "--json", DEMO / NOT_CLEARED).stdout)
    second = json.loads(run("screen", "--json", DEMO / NOT_CLEARED).stdout)
    assert (first["is_new"], first["letters"]) == (True, 1)
    assert (second["is_new"], second["letters"]) == (False, 0)
    assert first["trip"] == second["trip"]
    assert first["advisory"] == second["advisory"]


@pytest.mark.usefixtures("rated")
def test_letters_go_where_and_in_the_language_they_were_asked_for(run: Run, place: Path) -> None:
    run("screen", DEMO / CLEARED, "--to", "bob@example.org", "--language", "fr")
    assert "1 sent" in run("worker", "--once", "dispatch").stdout
    (letter,) = (place / "letters" / "new").iterdir()
    mail = message_from_bytes(letter.read_bytes())
    assert (mail["To"], mail["Content-Language"]) == ("bob@example.org", "fr")


@pytest.mark.usefixtures("rated")
def test_a_dry_run_stores_nothing(run: Run) -> None:
    done = run("screen", "--dry-run", DEMO / NOT_CLEARED)
    assert "nothing was stored" in done.stderr
    assert "advisory 1" in run("replay", "1").stderr
    assert "0 waiting, 0 sent" in run("doctor").stdout


@pytest.mark.usefixtures("rated")
def test_json_is_one_object_a_line(run: Run) -> None:
    done = run("screen", "--json", DEMO / "16-agency-bookings.csv")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 7
    assert {row["advisory"]["verdict"] for row in rows} >= {"cleared", "not_cleared"}
    assert all(row["trip"].startswith("TR-") for row in rows)


@pytest.mark.threat(27)
@pytest.mark.usefixtures("rated")
def test_csv_gives_a_spreadsheet_nothing_to_execute(run: Run, tmp_path: Path) -> None:
    booking = tmp_path / "=HYPERLINK(evil).csv"
    booking.write_text(
        "Record locator,Traveller,Airline,Flight,Operated by,From,To,Departure date\n"
        'DEMO,"=cmd|calc",LH,400,Lufthansa,FRA,JFK,2026-12-12\n'
    )
    (tmp_path / "box").mkdir()
    booking.rename(tmp_path / "box" / booking.name)
    done = run("screen", "--csv", "--dry-run", "box")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["verdict"] == "cleared"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


@pytest.mark.usefixtures("rated")
def test_a_folder_stands_for_the_files_in_it(run: Run, tmp_path: Path) -> None:
    box = tmp_path / "box"
    (box / "deeper").mkdir(parents=True)
    (box / "b.txt").write_text("LH400 FRA JFK 12 Dec")
    (box / "a.txt").write_text("UM 462 HRE JNB 25 Aug 2027")
    (box / ".hidden").write_text("UM 462 HRE JNB 25 Aug 2027")
    (box / "deeper" / "c.txt").write_text("LH400 FRA JFK 12 Dec")
    done = run("screen", "--json", "--dry-run", "box")
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == [
        os.path.join("box", "a.txt"),  # noqa: PTH118 - as the program prints it
        os.path.join("box", "b.txt"),  # noqa: PTH118 - as above
    ]


@pytest.mark.parametrize("command", ["screen", "read"])
@pytest.mark.usefixtures("rated")
def test_a_folder_without_a_file_is_not_cleared(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "box" / "deeper").mkdir(parents=True)
    (tmp_path / "box" / ".hidden").write_text("LH400 FRA JFK 12 Dec")
    done = run(command, "box")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no file lies in this folder" in done.stderr


@pytest.mark.usefixtures("rated")
def test_what_cannot_be_read_is_named_and_stops_nothing_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "torn.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 400)
    done = run("screen", "torn.xlsx", DEMO / CLEARED)
    assert done.exit_code == 12
    assert done.stderr.startswith("torn.xlsx: ")
    assert done.stderr.count("torn.xlsx") == 1
    assert "CLEARED" in done.stdout
    assert "1 not judged" in done.stdout


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="this user may read every file")
@pytest.mark.usefixtures("rated")
def test_a_file_without_rights_is_named_and_stops_nothing_else(run: Run, tmp_path: Path) -> None:
    closed = tmp_path / "closed.txt"
    closed.write_text("LH400 FRA JFK 12 Dec")
    closed.chmod(stat.S_IWUSR)
    done = run("screen", closed, DEMO / CLEARED)
    assert done.exit_code == 12
    assert "closed.txt: cannot be read" in done.stderr
    assert "CLEARED" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.txt"], "nowhere.txt"),
        ([str(DEMO / CLEARED), "--to", "nobody"], "name@example.org"),
        ([str(DEMO / CLEARED), "--csv", "--json"], "cannot be given together"),
        ([], "FILES"),
    ],
)
@pytest.mark.usefixtures("rated")
def test_a_slip_of_the_command_line_is_2_and_stores_nothing(
    run: Run, arguments: list[str], said: str
) -> None:
    done = run("screen", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "0 waiting, 0 sent" in run("doctor").stdout


@pytest.mark.usefixtures("rated")
def test_a_long_table_comes_row_by_row(run: Run, tmp_path: Path) -> None:
    head = "Record locator,Traveller,Airline,Flight,Operated by,From,To,Departure date\n"
    rows = (f"REF{number:04},Lindgren/Alice,LH,400,Lufthansa,FRA,JFK,2026-12-12\n" for number in range(450))
    (tmp_path / "long.csv").write_text(head + "".join(rows))
    done = run("screen", "--json", "--dry-run", "long.csv")
    assert len(done.stdout.splitlines()) == 450
    assert done.exit_code == 0


@pytest.mark.parametrize("options", [["--json"], ["--csv"], []])
@pytest.mark.usefixtures("rated")
def test_nothing_is_kept_of_what_was_printed(
    run: Run, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    """Memory may not grow with the file: at no time is more than the last answer or two alive."""
    alive: list[int] = []
    gc.collect()
    gc.freeze()  # only what is made from here on is looked through: not the house itself, again and again

    def many(app: Application, document: Document) -> Iterator[Answer]:
        for _ in range(8):
            yield from answers(app, document)
            gc.collect()
            alive.append(sum(isinstance(each, Answer) for each in gc.get_objects()))

    monkeypatch.setattr(screening, "answers", many)
    try:
        assert run("screen", "--dry-run", *options, DEMO / CLEARED).exit_code == 0
    finally:
        gc.unfreeze()
    assert len(alive) == 8
    assert max(alive) <= 2


@pytest.mark.usefixtures("rated")
def test_a_row_that_was_not_understood_is_named_once_and_taints_no_other(run: Run, tmp_path: Path) -> None:
    (tmp_path / "half.csv").write_text(
        "Record locator,Traveller,Airline,Flight,Operated by,From,To,Departure date\n"
        "A1,Lindgren/Alice,LH,400,Lufthansa,FRA,JFK,2026-12-12\n"
        "A2,Lindgren/Alice,LH,,Lufthansa,,JFK,2026-12-12\n"
    )
    done = run("screen", "--csv", "--dry-run", "half.csv")
    rows = {row["flights"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    whole = rows["LH 400 FRA-JFK, 12 Dec 2026"]
    assert (whole["verdict"], whole["outcome"]) == ("cleared", "complete")
    assert done.exit_code == 12
    assert done.stderr.count("row 3") == 1
