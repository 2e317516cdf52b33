"""Programs that call, for the tests of the API: one for each kind of key."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests import databases
from travelrisk.domain.programs import Kind, Sealing, Sight
from travelrisk.services.application import Application, SnapshotShelf
from travelrisk.services.programs import keys
from travelrisk.services.programs.keys import Given
from travelrisk.web.app import create_app

SECRET = "a secret of the tests, and of nobody else"  # noqa: S105 - of nobody
OFFICE = "Field office"


@dataclass
class Caller:
    """A program with its key."""

    pages: Flask
    given: Given

    @property
    def headers(self) -> dict[str, str]:
        """Return what it shows."""
        return {"Authorization": f"Bearer {self.given.key}"}

    def get(self, path: str, **more: Any) -> TestResponse:  # noqa: ANN401 - as the client takes them
        """Call with GET, below /api/v1."""
        return self.call("GET", path, **more)

    def post(self, path: str, body: object, **more: Any) -> TestResponse:  # noqa: ANN401 - as above
        """Send JSON."""
        return self.call("POST", path, json=body, **more)

    def call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - as above
    ) -> TestResponse:
        """Call with any method."""
        client = self.pages.test_client()
        return client.open(
            f"/api/v1{path}", method=method, headers=self.headers | dict(headers or {}), **more
        )

    def screen(self, query: Mapping[str, object], ask: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        """Screen one query, and return the response to it."""
        answer = self.post(f"/screen{ask}", {"queries": {"one": query}}, **more)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: dict[str, Any] = answer.get_json()["responses"]["one"]
        return found


@contextmanager
def service(app: Application, folder: Path, *, rated: bool = True) -> Iterator[Application]:
    """Give a service like *app* with a database and a secret of its own."""
    path = folder / "calls.db"
    (databases.put_rated if rated else databases.put_empty)(path)
    facts = replace(app.facts, sealing=Sealing(SECRET))
    own = replace(app, engine=databases.encrypted(f"sqlite:///{path}"), facts=facts, editions=SnapshotShelf())
    yield own
    own.engine.dispose()


def caller(
    app: Application,
    kind: Kind = Kind.LIVE_WRITE,
    office: str = OFFICE,
    pages: Flask | None = None,
    **more: Any,  # noqa: ANN401 - what else makes a key
) -> Caller:
    """Give a program with a key of its own."""
    given = keys.create(
        app, name=f"program of {office}", office=office, kind=kind, is_new_office=True, **more
    )
    return Caller(pages or create_app(app), given)


def air(**fields: object) -> dict[str, object]:
    """Return a segment that is cleared by the ratings of the demonstration, with some fields changed."""
    known: dict[str, object] = {
        "kind": "air",
        "marketing_carrier": "LH",
        "flight_number": "400",
        "operating_carrier": "LH",
        "origin": "FRA",
        "destination": "JFK",
        "departs_local": "2026-12-12T10:20",
    }
    return {name: value for name, value in (known | fields).items() if value is not None}


__all__ = ["OFFICE", "SECRET", "Caller", "Sight", "air", "caller", "service"]
