"""What is thought of airspaces at a terminal: which flights it concerns, and outlines without coordinates."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.services.test_exchange_airspaces import BASIN

WIDER = "(((10 33, 20 33, 20 37, 10 37, 10 33)))"


@pytest.fixture
def changed(run: Run, empty: Path, tmp_path: Path) -> Run:  # noqa: ARG001 - the run finds the database
    """Give a program to which an outline and a caution were brought, and then both again, changed."""
    file = tmp_path / "basin.toml"
    newer = BASIN.replace("(((10 33, 20 33, 20 36, 10 36, 10 33)))", WIDER).replace("259", "319")
    for text in (BASIN, newer.replace('key = "ZZ-BASIN"', 'key = "ZZ-BASIN"\napproximate = true')):
        file.write_text(text, encoding="utf-8")
        done = run("ratings", "import", file, "--by", "bob", "--signed-by", "charlie")
        assert done.exit_code == 0, done.output
    return run


def test_the_list_says_which_flights_are_concerned(changed: Run) -> None:
    listed = " ".join(changed("ratings", "list", "--kind", "airspace").stdout.split())
    for words in (
        "caution: review needed (flights that pass it",
        "at FL319 and below",
        "to or from BEY, TIP)",
    ):
        assert words in listed
    assert "MULTIPOLYGON" not in listed


def test_two_editions_differ_by_a_scope_and_an_outline_that_is_told_by_its_size(changed: Run) -> None:
    told = changed("ratings", "diff", "1", "2").stdout
    assert "scope: overflight, FL000 to FL259, not BEY TIP -> overflight, FL000 to FL319, not BEY TIP" in told
    assert "Changed: airspace on airspace:ZZ-BASIN, Zephyr basin (ZZ-BASIN), record zz-basin" in told
    assert "outline: 305686 km2, 4 points, " in told
    assert "approximate: nothing -> yes" in told
    assert "MULTIPOLYGON" not in told
    assert "MULTIPOLYGON" not in changed("ratings", "history", "airspace:ZZ-BASIN").stdout
