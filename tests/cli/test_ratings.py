"""``travelrisk ratings``: what changes is shown, nobody loosens alone, and what goes out comes in again."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import RATINGS, Run

ONE = """
[[ratings]]
id = "lufthansa"
subject = "carrier:DLH"
level = "{level}"
valid_from = 2026-01-01
valid_until = 2027-12-31
set_by = "bob"
set_on = 2026-11-01
"""


@pytest.fixture
def one(tmp_path: Path) -> Path:
    path = tmp_path / "one.toml"
    path.write_text(ONE.format(level="recommended"))
    return path


@pytest.mark.usefixtures("empty")
def test_a_dry_run_shows_what_would_change_and_changes_nothing(run: Run, one: Path) -> None:
    done = run("ratings", "import", one, "--by", "bob", "--dry-run")
    assert done.exit_code == 0
    assert "Opened: carrier:DLH Lufthansa (LH): recommended, 1 Jan 2026 to 31 Dec 2027" in done.stdout
    assert "nothing was changed" in done.stdout
    assert "second person" in done.stderr
    assert "There are no records." in run("ratings", "list").stdout


@pytest.mark.usefixtures("empty")
def test_nobody_makes_anything_easier_alone(run: Run, one: Path) -> None:
    done = run("ratings", "import", one, "--by", "bob")
    assert done.exit_code == 2
    assert "Opened: carrier:DLH" in done.stdout
    assert "--signed-by" in done.stderr
    assert run("ratings", "import", one, "--by", "bob", "--signed-by", "BOB").exit_code == 2
    assert "There are no records." in run("ratings", "list").stdout


@pytest.mark.usefixtures("empty")
def test_an_import_is_one_edition_and_the_same_again_is_none(run: Run, one: Path) -> None:
    arguments = ("ratings", "import", one, "--by", "bob", "--signed-by", "charlie")
    assert "Published as edition 1." in run(*arguments).stdout
    assert "1 unchanged. Nothing changes" in run(*arguments).stdout
    one.write_text(ONE.format(level="not_recommended"))
    stricter = json.loads(run("ratings", "import", one, "--by", "bob", "--json").stdout)
    assert (stricter["edition"], stricter["needs_second_person"]) == (2, False)
    assert [record["id"] for record in stricter["closed"]] == ["lufthansa"]


@pytest.mark.usefixtures("rated")
def test_what_goes_out_comes_in_again_unchanged(run: Run, tmp_path: Path) -> None:
    assert run("ratings", "export", "--output", "all.json").exit_code == 0
    printed, written = run("ratings", "export").stdout, (tmp_path / "all.json").read_text("utf-8")
    one, other = (json.loads(each)["export"] for each in (printed, written))
    assert one != other, "each bears an id of its own"
    assert printed.replace(one, other) == written
    again = run("ratings", "import", "all.json", "--by", "bob", "--complete")
    assert "0 opened, 0 closed" in again.stdout


@pytest.mark.usefixtures("rated")
def test_complete_closes_what_the_file_does_not_name(run: Run, one: Path) -> None:
    shown = run("ratings", "import", one, "--by", "bob", "--complete", "--dry-run", "--json")
    change = json.loads(shown.stdout)
    assert len(change["closed"]) == 196 + 257, "the outlines too"
    assert change["needs_second_person"]


@pytest.mark.usefixtures("rated")
def test_a_file_without_records_is_never_everything(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("# cut off\n")
    done = run("ratings", "import", tmp_path / "empty.toml", "--by", "bob", "--signed-by", "al", "--complete")
    assert done.exit_code == 2
    assert "no records" in done.stderr
    assert "196 of 196 records" in run("ratings", "list").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names no pipe like a file")
@pytest.mark.usefixtures("empty")
def test_what_is_piped_in_is_read_though_it_comes_once(run: Run) -> None:
    out, into = os.pipe()
    os.write(into, ONE.format(level="recommended").encode())
    os.close(into)
    done = run("ratings", "import", f"/dev/fd/{out}", "--by", "bob", "--signed-by", "charlie")
    os.close(out)
    assert "1 opened, 0 closed" in done.stdout


@pytest.mark.usefixtures("rated")
def test_the_list_can_be_narrowed(run: Run) -> None:
    assert "196 of 196 records" in run("ratings", "list").stdout
    assert "Air Zimbabwe (UM)  not recommended" in run("ratings", "list", "--text", "zimbab").stdout
    states = json.loads(run("ratings", "list", "--kind", "state", "--json").stdout)
    assert {row["subject"].partition(":")[0] for row in states} == {"state"}
    ended = json.loads(run("ratings", "list", "--state", "expired", "--json").stdout)
    assert {row["state"] for row in ended} == {"expired"}
    assert all(row["evidence"] for row in ended)
    assert "1 of 196 records" in run("ratings", "list", "--text", "zimbab").stdout


@pytest.mark.usefixtures("rated")
def test_what_is_piped_is_never_cut(run: Run) -> None:
    lines = run("ratings", "list").stdout
    assert "Afghanistan (AF)  " in lines
    assert "caution: review needed  " in lines
    assert "…" not in lines


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.toml", "[[ratings]\n", "broken.toml"),
        ("level.toml", ONE.format(level="great"), "ratings 1, level"),
        ("subject.toml", ONE.format(level="recommended").replace("DLH", "QQQ"), "carrier QQQ"),
        ("rows.csv", "id,subject\nx,carrier:DLH\n", "level"),
        ("latin.toml", "title = 'é'".encode("latin-1"), "UTF-8"),
    ],
)
@pytest.mark.usefixtures("empty")
def test_a_file_that_cannot_be_used_names_file_row_and_field(
    run: Run, tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    done = run("ratings", "import", name, "--by", "bob", "--signed-by", "charlie")
    assert done.exit_code == 2
    assert name in done.stderr
    assert said in done.stderr
    assert "There are no records." in run("ratings", "list").stdout


def test_a_missing_file_is_said(run: Run) -> None:
    done = run("ratings", "import", "nowhere.toml", "--by", "bob")
    assert done.exit_code == 2
    assert "nowhere.toml" in done.stderr


@pytest.mark.usefixtures("empty")
def test_the_ratings_of_the_demonstration_need_two(run: Run) -> None:
    assert run("ratings", "import", RATINGS, "--by", "bob").exit_code == 2


@pytest.mark.usefixtures("rated")
def test_a_word_is_looked_for_in_names_and_not_in_kinds(run: Run) -> None:
    names = [row["name"] for row in json.loads(run("ratings", "list", "--text", "air", "--json").stdout)]
    assert "Air Zimbabwe (UM)" in names
    assert "Amsterdam (AMS)" not in names
