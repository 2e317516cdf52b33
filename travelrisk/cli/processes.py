"""Several processes for the pages, looked after by gunicorn."""

import os
import socket
from tempfile import TemporaryDirectory
from typing import Any

from gunicorn.app.base import BaseApplication

from travelrisk.cli.doctor import examine
from travelrisk.cli.opening import stay
from travelrisk.settings import Settings
from travelrisk.web.app import create_app
from travelrisk.wiring import build

_THREADS = 4
_GRACE_S = 30


class _Pages(BaseApplication):
    """Each process puts the service together for itself; the secret is the same in all of them."""

    def __init__(self, settings: Settings, secret: str, options: dict[str, object]) -> None:
        self._settings = settings
        self._secret = secret
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options and nothing from files or the environment."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn's own name for a WSGI application exists in its stubs only
        """Build the pages, in the process that serves them."""
        app, hosts = build(self._settings, must_exist=True), self._settings.trusted_hosts
        settings = self._settings
        pages = create_app(
            app, secret_key=self._secret, trusted_hosts=hosts, examine=lambda: examine(settings)
        )
        stay(app)
        return pages


def serve_in_processes(settings: Settings, secret: str, listening: socket.socket, workers: int) -> None:
    """Serve on a socket, which is gunicorn's from now on, until Ctrl-C or SIGTERM."""
    options: dict[str, object] = {
        "bind": f"fd://{listening.detach()}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": _THREADS,
        "graceful_timeout": _GRACE_S,
        "loglevel": settings.log_level,
        "proc_name": "travelrisk",
        "control_socket_disable": True,
    }
    with TemporaryDirectory(prefix="travelrisk-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # the processes add their requests up in it
        _Pages(settings, secret, options).run()
