"""Making a database: whole or not at all, for its owner's eyes only, and never half up to date."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.contracts.tree import ROOT
from travelrisk.domain.errors import StoreError
from travelrisk.store import schema
from travelrisk.store.database import engine_for, writing


def test_an_absent_file_is_made_complete(tmp_path: Path) -> None:
    path = tmp_path / "made.db"
    schema.ensure(f"sqlite:///{path}")
    assert schema.is_current(engine_for(f"sqlite:///{path}"))
    assert [each.name for each in tmp_path.iterdir()] == ["made.db"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    schema.upgrade(f"sqlite:///{path}")
    schema.ensure(f"sqlite:///{path}")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere does not exist: create it"):
        schema.ensure(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    assert list(tmp_path.iterdir()) == []


def test_an_outdated_database_is_refused_with_the_command_that_mends_it(database_url: str) -> None:
    schema.upgrade(database_url)
    engine = engine_for(database_url)
    with writing(engine) as c:
        c.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert not schema.is_current(engine)
    with pytest.raises(StoreError, match=r"run travelrisk db upgrade"):
        schema.ensure(database_url)
    engine.dispose()


def test_an_empty_server_is_refused_with_the_command_that_mends_it(bare_database_url: str) -> None:
    if bare_database_url.startswith("sqlite"):
        Path(bare_database_url.removeprefix("sqlite:///")).touch()
    with pytest.raises(StoreError, match=r"run travelrisk db upgrade"):
        schema.ensure(bare_database_url)


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    schema.upgrade(database_url)
    engine = engine_for(database_url)
    with writing(engine) as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer version"):
        schema.upgrade(database_url)
    engine.dispose()


def test_a_database_in_memory_is_not_worth_making() -> None:
    with pytest.raises(StoreError, match=r"sqlite:///FILE"):
        schema.upgrade("sqlite://")


def test_programs_that_start_together_all_find_a_whole_database(tmp_path: Path) -> None:
    script = (
        "import sys; from travelrisk.store import schema, database; url = sys.argv[1]; schema.ensure(url);"
        "assert schema.is_current(database.engine_for(url))"
    )
    command = [sys.executable, "-c", script, f"sqlite:///{tmp_path / 'shared.db'}"]
    programs = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [program.wait(60) for program in programs] == [0] * 4
