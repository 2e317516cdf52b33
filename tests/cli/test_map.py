"""``travelrisk map``: a picture in a file, a list on the terminal, and nothing half written."""

import json
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from tests.cli.conftest import Run

SVG = "{http://www.w3.org/2000/svg}"


def test_a_route_becomes_a_file_and_a_list(run: Run, tmp_path: Path, place: Path) -> None:
    file = tmp_path / "route.svg"
    done = run("map", "FRA ADD NBO", "-o", file)
    assert done.exit_code == 0, done.output
    assert fromstring(file.read_text("utf-8")).tag == f"{SVG}svg"  # noqa: S314 - our own picture
    lines = done.stdout.splitlines()
    assert lines[0].startswith("FRA to ADD, 5,350 km. Which airspaces the direct track passes was not")
    assert lines[-1] == "Great-circle sketch. The aircraft may fly another way: ask the airline."
    assert not place.exists(), "drawing needs no database"


def test_a_picture_goes_to_standard_output_alone(run: Run) -> None:
    done = run("map", "Genève", "Addis-Abeba", "-o", "-", "--language", "fr")
    root = fromstring(done.stdout)  # noqa: S314 - our own picture
    assert root.findtext(f"{SVG}title") == "Trajectoire directe GVA \N{EN DASH} ADD"
    assert "Genève" in done.stdout


def test_programs_get_the_distances(run: Run) -> None:
    done = run("map", "FRA ADD ADD", "--json")
    assert json.loads(done.stdout) == {
        "legs": [
            {"origin": "FRA", "destination": "ADD", "great_circle_km": 5350.1, "can_be_drawn": True},
            {"origin": "ADD", "destination": "ADD", "great_circle_km": 0.0, "can_be_drawn": False},
        ]
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("FRA QQQ", "-o", "route.svg"), "QQQ is neither the code of an airport"),
        (("FRA NBO",), "give -o FILE.svg"),
        (("FRA NBO", "-o", "-", "--json"), "cannot both go to standard output"),
        (("FRA NBO", "-o", "nowhere/route.svg"), "nowhere/route.svg: cannot be written"),
        ((), "Missing argument 'ROUTE...'"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(
    run: Run, arguments: tuple[str, ...], message: str
) -> None:
    done = run("map", *arguments)
    assert done.exit_code != 0
    assert message in done.stderr
    assert done.stdout == ""
    assert not Path("route.svg").exists()


@pytest.mark.usefixtures("rated")
def test_where_there_are_ratings_the_picture_shows_what_is_on_record_about_airspaces(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "route.svg"
    done = run("map", "FRA ADD", "-o", file)
    assert done.exit_code == 0, done.output
    assert "Sudan" in "".join(fromstring(file.read_text("utf-8")).itertext())  # noqa: S314 - our own picture
    assert "Sudan: about 1,020 km, from km 3,730 to km 4,750: review needed" in done.stdout
    assert "whatever its days and levels. No flight was judged." in " ".join(done.stdout.split())
    (leg,) = json.loads(run("map", "FRA ADD", "--json").stdout)["legs"]
    passed = {each["name"]: each["gravest_on_record"] for each in leg["passes"]}
    assert passed["Sudan"] == "review"
    assert passed["Egypt"] is None, "nothing on record is never shown as cleared"


def test_without_a_database_it_says_why_no_airspace_is_shown(run: Run, tmp_path: Path) -> None:
    done = run("map", "FRA ADD", "-o", tmp_path / "route.svg")
    assert done.exit_code == 0, done.output
    assert "Without airspaces: " in done.stderr
    assert "was not worked out: ask the airline" in " ".join(done.stdout.split())
