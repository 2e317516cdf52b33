"""``travelrisk read``: the shape of the issue, without a database."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Run
from travelrisk import resources

DEMO = resources.data("demo")
FILE_KEYS = ["source", "form", "outcome", "itineraries", "unread"]
ITINERARY_KEYS = ["locators", "travellers", "segments", "questions"]
SEGMENT_KEYS = [
    *(
        "mode",
        "status",
        "marketing",
        "operating",
        "origin",
        "destination",
        "departs",
        "arrives",
        "stops",
        "evidence",
    ),
]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("01-own-service-known.txt", "text"),
        ("08-calendar-operator-stated.ics", "ics"),
        ("12-mail-code-share-operated-by.eml", "eml"),
        ("16-agency-bookings.csv", "csv"),
        ("17-agencia-reservas.xlsx", "xlsx"),
    ],
)
def test_each_form_has_the_same_shape(run: Run, name: str, form: str, place: Path) -> None:
    done = run("read", "--json", DEMO / name)
    shape = json.loads(done.stdout)
    assert list(shape) == FILE_KEYS
    assert (shape["form"], shape["source"]) == (form, str(DEMO / name))
    assert done.exit_code == (0 if shape["outcome"] == "complete" else 12)
    for itinerary in shape["itineraries"]:
        assert list(itinerary) == ITINERARY_KEYS
        for segment in itinerary["segments"]:
            assert list(segment) == SEGMENT_KEYS
            assert set(segment["operating"]) == {"carrier", "number", "name", "basis"}
            assert set(segment["departs"]) == {"local", "zone", "utc"}
    assert not place.exists(), "reading needs no database"


def test_several_files_are_one_object_a_line(run: Run) -> None:
    files = [DEMO / "01-own-service-known.txt", DEMO / "12-mail-code-share-operated-by.eml"]
    done = run("read", "--json", *files)
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == list(map(str, files))
    assert done.exit_code == 0


def test_the_year_is_worked_out_from_the_day_it_arrived(run: Run) -> None:
    done = run("read", "--json", "--context-date", "2025-01-10", "-", input="LH590 FRA NBO 12 Mar")
    (itinerary,) = json.loads(done.stdout)["itineraries"]
    assert itinerary["segments"][0]["departs"]["local"] == "2025-03-12"


def test_standard_input_is_read_beside_files_and_alone(run: Run) -> None:
    name = DEMO / "01-own-service-known.txt"
    done = run("read", "--json", "--from-stdin", name, input="LH590 FRA NBO 12 Mar")
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == [str(name), "-"]
    alone = run("read", "--json", "--from-stdin", input="LH590 FRA NBO 12 Mar")
    assert json.loads(alone.stdout)["source"] == "-"
    assert run("read", "--json").exit_code == 2, "nothing named is a slip, and nothing waits for a keyboard"


def test_each_file_of_a_folder_has_an_outcome_of_its_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("LH590 FRA NBO 12 Mar 2027 operated by Lufthansa")
    (tmp_path / "2.txt").write_text("")
    (tmp_path / "3.txt").write_text("SN 465 BRU KGL 05/12/2027")
    done = run("read", "--json", tmp_path)
    shapes = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["outcome"] for each in shapes] == ["complete", "unreadable", "ambiguous"]
    assert done.exit_code == 12
    schema = json.loads(run("read", "--schema").stdout)
    for shape in shapes:
        Draft202012Validator(schema).validate(shape)


def test_a_person_gets_a_table_with_questions_and_unread_lines(run: Run) -> None:
    done = run("read", DEMO / "04-day-or-month.txt", DEMO / "06-line-not-understood.txt")
    assert done.exit_code == 12
    assert "SN 465" in done.stdout
    assert "Open questions:" in done.stdout
    assert "12/11" in done.stdout
    assert "Not understood:" in done.stdout
    assert "Flight ZZ 318 in between" in done.stdout


def test_a_missing_file_is_a_slip_of_the_command_line(run: Run) -> None:
    done = run("read", "nowhere.ics")
    assert done.exit_code == 2
    assert "nowhere.ics" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "photo.png"),
        ("empty.ics", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n", "empty.ics"),
        (
            "short.csv",
            b"Record locator,Traveller,Airline,Flight,From,Departure date\nX,Alice,LH,590,FRA,2026-12-12\n",
            "short.csv",
        ),
        ("torn.xlsx", b"PK\x03\x04" + b"\0" * 400, "torn.xlsx"),
        ("line.txt", b"LH590 FRA NBO 12 Dec " + b"x" * 10_000_000, "line.txt"),
        ("huge.txt", b"LH590 FRA NBO 12 Dec\n" * 600_000, "huge.txt: larger than 10 MB"),
        ("nothing.txt", b"", "nothing.txt"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(
    run: Run, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = run("read", "--json", path)
    shape = json.loads(done.stdout)
    assert done.exit_code == 12
    assert shape["outcome"] in {"unreadable", "nothing_found", "partial", "ambiguous"}
    assert said in done.stderr
    assert len(done.stderr) < 2_000, "the message does not repeat the file"
    assert "Traceback" not in done.output


def test_a_sheet_without_a_column_names_the_column(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text(
        "Record locator,Traveller,Airline,Flight,From,Departure date\nX,Alice,LH,590,FRA,2026-12-12\n"
    )
    done = run("read", path)
    assert done.exit_code == 12
    assert "destination" in done.stderr.lower() or "to" in done.stderr.lower().split()
