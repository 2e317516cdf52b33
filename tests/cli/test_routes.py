"""``travelrisk routes``, and ``travelrisk check --alternatives``: what is known, and what of it is better."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

TABLE = "carrier,from,to,source\nLH,HEL,MUC,for show\nLH,MUC,IST,for show\nQQQ,MUC,IST,for show\n"
ROUND = "TK 1762 HEL IST 12 Jan 2027, operated by Turkish Airlines"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "routes.csv"
    path.write_text(TABLE, "utf-8")
    return path


@pytest.mark.usefixtures("empty")
def test_a_table_comes_in_and_is_listed(run: Run, file: Path) -> None:
    assert "No route is known." in run("routes", "list").stdout
    looked = run("routes", "import", file, "--dry-run")
    assert looked.exit_code == 0, looked.stderr
    assert "2 new, 0 changed, 0 unchanged, 0 removed. This was a dry run" in looked.stdout
    done = run("routes", "import", file)
    assert "carrier QQQ (1)" in done.stdout
    assert "Now 2 are loaded." in done.stdout
    again = json.loads(run("routes", "import", file, "--replace", "--json").stdout)
    assert (again["new"], again["unchanged"], again["total"], again["unknown"]) == (
        0,
        2,
        2,
        {"carrier QQQ": 1},
    )
    told = run("routes", "list", "--airport", "IST").stdout
    assert "IST-MUC" in told
    assert "Lufthansa (LH)" in told
    assert "HEL-MUC" not in told
    rows = json.loads(run("routes", "list", "--carrier", "DLH", "--json").stdout)
    assert [(each["pair"], each["seen"]) for each in rows] == [(["HEL", "MUC"], None), (["IST", "MUC"], None)]
    assert rows[0]["loaded"] == {"source": "for show", "as_of": None}


@pytest.mark.usefixtures("empty")
def test_a_bad_row_is_named_with_its_file(run: Run, file: Path) -> None:
    file.write_text(f"{TABLE}LH,MUC\n", "utf-8")
    done = run("routes", "import", file)
    assert done.exit_code == 2
    assert "routes.csv: row 5: has 2 columns where the heading has 4" in done.stderr
    assert "nothing was loaded" in done.stderr


@pytest.mark.usefixtures("rated")
def test_better_ways_are_shown_only_when_they_are_asked_for(run: Run, file: Path) -> None:
    run("routes", "import", file)
    assert "Other ways" not in run("check", ROUND).stdout
    done = run("check", "--alternatives", ROUND)
    assert done.exit_code == 10
    told = " ".join(done.stdout.split())
    for part in (
        "Other ways, with what is on record about them",
        "Instead of HEL-IST, 12 Jan 2027 (cleared with conditions)",
        "HEL-MUC-IST ✔ CLEARED",
        "Compared with the booking: +990 km, about +3.5 h; connections: +1.",
        "the routing rule asks for an exemption",
        "the table “for show”",
        "Not a recommendation to buy; ask your travel unit.",
    ):
        assert part in told, part
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.usefixtures("rated")
def test_that_there_is_no_better_way_is_said(run: Run) -> None:
    told = " ".join(run("check", "--alternatives", ROUND).stdout.split())
    assert "No better-rated way is known instead of HEL-IST. Looked at: 0." in told
    assert "recommendation" not in told


@pytest.mark.usefixtures("rated")
def test_programs_get_each_way_with_its_reasons(run: Run, file: Path) -> None:
    run("routes", "import", file)
    (plain,) = json.loads(run("check", "--json", ROUND).stdout)["answers"]
    assert "alternatives" not in plain
    (answer,) = json.loads(run("check", "--json", "--alternatives", ROUND).stdout)["answers"]
    (part,) = answer["alternatives"]
    assert (part["from"], part["to"], part["segments"], part["verdict"]) == ("HEL", "IST", [0], "conditional")
    (way,) = part["ways"]
    assert (way["verdict"], way["extra_connections"], way["needs_exemption"]) == ("cleared", 1, True)
    assert [each["operating_carrier"] for each in way["flights"]] == ["DLH", "DLH"]
    assert {each["known_from"] for each in way["flights"]} == {"loaded"}
    assert way["reasons"] == []
