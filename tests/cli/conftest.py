"""A terminal for tests: the program in this process, on a day in November 2026, with a folder of its own."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
import time_machine
from click.testing import CliRunner, Result

from tests.cli.services import SECRET, Service, service_in, working
from travelrisk import resources
from travelrisk.cli.options import KEY
from travelrisk.cli.program import program

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RATINGS = resources.data("ratings", "demonstration.toml")

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """Let the whole test happen at noon; what logs keep of it goes away afterwards."""
    with time_machine.travel(AT, tick=False):
        yield
    structlog.reset_defaults()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder that the program keeps its database and letters in."""
    folder = tmp_path / "place"
    monkeypatch.setenv("TRAVELRISK_DATA_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def run(place: Path) -> Run:  # noqa: ARG001 - the program looks for it in the environment
    """Run the program and return exit code, stdout and stderr."""

    def run_program(*arguments: object, **options: object) -> Result:
        return CliRunner().invoke(program, [str(each) for each in arguments], **options)  # type: ignore[arg-type] # passed on as they are

    return run_program


@pytest.fixture(scope="session")
def _rated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rated")
    loading = ["ratings", "import", str(RATINGS), "--by", "bob", "--signed-by", "charlie"]
    with time_machine.travel(AT, tick=False):
        for arguments in (["db", "upgrade"], loading):
            done = CliRunner().invoke(program, arguments, env={"TRAVELRISK_DATA_DIR": str(folder)})
            assert done.exit_code == 0, done.output
    return folder / "travelrisk.db"


@pytest.fixture
def empty(run: Run, place: Path) -> Path:
    """Give the folder with a database in which nothing is yet."""
    assert run("db", "upgrade").exit_code == 0
    return place


@pytest.fixture
def rated(place: Path, _rated_database: Path) -> Path:
    """Give the folder with a database in which the ratings of the demonstration are loaded."""
    place.mkdir()
    shutil.copy(_rated_database, place)
    return place


@pytest.fixture
def service(rated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Give a service that asks the very database which the program asks, with a key for the program."""
    monkeypatch.setenv("TRAVELRISK_SECRET_KEY", SECRET)  # one database, so one secret for both that ask it
    with service_in(rated) as found:
        monkeypatch.setenv(KEY, found.key)
        yield found


@pytest.fixture
def worker(service: Service) -> Iterator[None]:
    """Let a worker screen what programs bring."""
    with working(service.app):
        yield
