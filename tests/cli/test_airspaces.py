"""``travelrisk airspaces``: outlines come in, are listed, and show what is on record about them."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def fir(east: float, **properties: object) -> str:
    ring = [[10, 50], [east, 50], [east, 60], [10, 60], [10, 50]]
    feature = {
        "type": "Feature",
        "properties": {"ICAO": "ZZZA", "name": "Example FIR", **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "firs.geojson"
    path.write_text(fir(20), "utf-8")
    return path


@pytest.mark.usefixtures("empty")
def test_a_dry_run_needs_no_name_says_which_days_were_assumed_and_changes_nothing(
    run: Run, file: Path
) -> None:
    done = run("airspaces", "import", file, "--dry-run")
    assert done.exit_code == 0, done.stderr
    assert "Opened: airspace:ZZZA Example FIR (ZZZA): outline, source: " in done.stdout
    assert ", from 23 Nov 2026" in done.stdout
    assert "Without days in the file, and so from today on with no other end: ZZZA." in done.stdout
    assert "nothing was changed" in done.stdout
    assert "No airspace is drawn." in run("airspaces", "list").stdout


@pytest.mark.usefixtures("empty")
def test_an_import_is_one_edition_and_a_changed_outline_needs_a_second_person(run: Run, file: Path) -> None:
    assert run("airspaces", "import", file).exit_code == 2, "it needs a name"
    assert "Published as edition 1." in run("airspaces", "import", file, "--by", "bob").stdout
    assert "1 unchanged. Nothing changes" in run("airspaces", "import", file, "--by", "dana").stdout
    file.write_text(fir(15), "utf-8")
    looked = run("airspaces", "import", file, "--dry-run")
    assert "--signed-by" in looked.stderr
    alone = run("airspaces", "import", file, "--by", "bob")
    assert alone.exit_code == 2
    assert "--signed-by" in alone.stderr
    done = run("airspaces", "import", file, "--by", "bob", "--signed-by", "charlie", "--json")
    told = json.loads(done.stdout)
    assert (told["edition"], told["needs_second_person"], told["undated"]) == (2, True, ["ZZZA"])
    assert [record["id"] for record in told["closed"]] == ["airspace-zzza"]
    assert "outline" not in told["opened"][0]


@pytest.mark.usefixtures("empty")
def test_properties_may_be_told(run: Run, file: Path) -> None:
    file.write_text(fir(20, designator="ZZZB", title="Another"), "utf-8")
    told = ("--key-property", "designator", "--name-property", "title")
    assert run("airspaces", "import", file, "--by", "bob", *told).exit_code == 0
    assert [each["key"] for each in json.loads(run("airspaces", "list", "--json").stdout)] == ["ZZZB"]


@pytest.mark.usefixtures("empty")
def test_a_file_that_cannot_be_used_is_told_in_a_sentence(run: Run, file: Path) -> None:
    file.write_text(fir(20, ICAO=None), "utf-8")
    done = run("airspaces", "import", file, "--by", "bob")
    assert done.exit_code == 2
    assert "feature 1: has no key under key, ICAO" in done.stderr
    assert "--key-property" in done.stderr


@pytest.mark.usefixtures("rated")
def test_what_is_drawn_is_listed_with_what_is_on_record_about_it(run: Run) -> None:
    everything = json.loads(run("airspaces", "list", "--json").stdout)
    assert len(everything) > 250
    assert not any("outline" in each for each in everything)
    done = run("airspaces", "list", "--kind", "area", "--text", "gulf")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["GULF-OF-OMAN-WEST", "GULF-WATERS"]
    assert "2 of" in lines[-1]
    on_record = json.loads(run("airspaces", "list", "--on-record", "--json").stdout)
    assert {"SY", "LY", "PK-WEST"} <= {each["key"] for each in on_record}
    assert "DE" not in {each["key"] for each in on_record}
    assert "No airspace fits." in run("airspaces", "list", "--text", "nowhere").stdout


@pytest.mark.usefixtures("rated")
def test_one_is_shown_with_its_extent_and_the_flights_that_are_concerned(run: Run) -> None:
    done = run("airspaces", "show", "et-north")
    assert done.exit_code == 0
    assert "ET-NORTH: Ethiopia north of 8.5°N" in done.stdout
    assert "area of ET, approximate" in done.stdout
    assert "holds from 1 Jan 2020" in done.stdout
    assert "latitude 8.5 to 14.8" in done.stdout
    assert (
        "caution: review needed (all flights, at FL259 and below), 22 Aug 2026 to 31 Oct 2026" in done.stdout
    )
    shape = json.loads(run("airspaces", "show", "ET-NORTH", "--json").stdout)
    assert shape["outline"].startswith("MULTIPOLYGON (((")
    assert [each["id"] for each in shape["about"]] == ["easa-note-et"]
    assert "Nothing is on record about it." in run("airspaces", "show", "FR").stdout


@pytest.mark.usefixtures("rated")
def test_one_that_nobody_drew_is_not_found(run: Run) -> None:
    done = run("airspaces", "show", "ZZZZ")
    assert done.exit_code == run("ratings", "history", "carrier:QQQ").exit_code
    assert "travelrisk airspaces list" in done.stderr
