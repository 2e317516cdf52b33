"""A service on this machine, behind a real socket, and a worker that screens what programs bring to it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, request
from sqlalchemy import func, select
from werkzeug.serving import make_server

from travelrisk.domain.programs import Kind
from travelrisk.services.application import Application
from travelrisk.services.batches import screening
from travelrisk.services.programs import keys
from travelrisk.settings import load_settings
from travelrisk.store import tables
from travelrisk.store.database import reading
from travelrisk.web.app import create_app
from travelrisk.wiring import build

SECRET = "a secret of this test, long enough"  # noqa: S105 - of no service


@dataclass
class Service:
    """A service, its address, and a key of one of its offices."""

    app: Application
    url: str
    key: str
    calls: list[str] = field(default_factory=list)

    def count(self, table: str) -> int:
        """Return how many rows there are."""
        with reading(self.app.engine) as c:
            return c.scalar(select(func.count()).select_from(tables.METADATA.tables[table])) or 0


@contextmanager
def service_in(folder: Path) -> Iterator[Service]:
    """Serve what lies in a folder."""
    app = build(load_settings(data_dir=folder, secret_key=SECRET))
    given = keys.create(app, name="terminal", office="Field office", kind=Kind.LIVE_WRITE)
    pages = create_app(app)
    with served(pages) as url:
        held = Service(app, url, given.key)
        pages.before_request(lambda: held.calls.append(f"{request.method} {request.path}"))
        yield held
    app.engine.dispose()


@contextmanager
def served(pages: Flask) -> Iterator[str]:
    """Serve pages, and give their address."""
    server = make_server("127.0.0.1", 0, pages, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def working(app: Application) -> Iterator[None]:
    """Let a worker screen what programs bring."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.05):
            screening.work(app, "one")

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()
