"""Tables for the tests of the pages that bring them in: exported, changed row by row, and sent."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.services.test_exchange_faults import COLUMNS, FAULTS, rows
from tests.web.conftest import Page, evening, unrated
from tests.web.desk import Desk, csrf, employ
from travelrisk.domain.people import Role
from travelrisk.domain.ratings import Rating
from travelrisk.intake.document import Document
from travelrisk.services.exchange.exporting import export
from travelrisk.services.exchange.reading import read_table
from travelrisk.services.exchange.writing import csv_bytes
from travelrisk.services.trips import receiving
from travelrisk.store import ratings as stored
from travelrisk.store.database import reading
from travelrisk.web.app import create_app

Edit = Callable[[list[dict[str, str]]], object]
WHY = "After the audit."


@contextmanager
def rated_desk(folder: Path) -> Iterator[Desk]:
    """Give a service with the ratings of the demonstration, two focal points, an auditor and one trip."""
    app = evening(folder)
    employ(app, alice=Role.FOCAL_POINT, bob=Role.FOCAL_POINT, dana=Role.AUDITOR, erin=Role.TRAVELLER)
    document = Document(b"LH 400 FRA JFK 12 Dec operated by Lufthansa", "trip.txt")
    list(receiving.receive(app, document, recipient="frank@example.org"))
    yield Desk(app, create_app(app))
    app.engine.dispose()


@contextmanager
def bare_desk(folder: Path) -> Iterator[Desk]:
    """Give a service without any ratings, and a focal point."""
    app = unrated(folder)
    employ(app, alice=Role.FOCAL_POINT)
    yield Desk(app, create_app(app))
    app.engine.dispose()


def brought(
    desk: Desk, content: bytes, name: str = "t.csv", who: str = "alice", prefix: str = "", **how: str
) -> Page:
    """Bring a file in as somebody, and return the page that follows."""
    visitor = desk.visitor(who)
    fields = {"csrf_token": csrf(visitor.get("/import")), "file": (io.BytesIO(content), name), **how}
    page = visitor.post(f"{prefix}/import", data=fields)
    return visitor.get(page.response.headers["Location"]) if page.status == 303 else page


def edited(desk: Desk, edit: Edit, exported: bytes = b"") -> bytes:
    """Return an export of now in which rows were changed."""
    table = read_table("t.csv", exported or export(desk.app, "csv"))
    every = [dict(row.cells) for row in table.rows]
    edit(every)
    return csv_bytes(table.columns, every)


def row_of(every: list[dict[str, str]], base: str) -> dict[str, str]:
    return next(row for row in every if row["id"] == base)


def rated(desk: Desk) -> Rating:
    """Return a rating of the demonstration that the trip rests on."""
    with reading(desk.app.engine) as c:
        found = [
            each for each in stored.in_force(c) if isinstance(each, Rating) and each.subject.key == "DLH"
        ]
    return found[0]


def worse(desk: Desk) -> bytes:
    return edited(
        desk,
        lambda every: row_of(every, rated(desk).id).update(
            level="not_recommended",
            evidence_1_title="Audit",
            evidence_1_retrieved_on="2026-11-01",
        ),
    )


def numbers(page: Page) -> dict[str, str]:
    """Return what the head of the page of a dry run counts."""
    (head,) = page.all("//main//dl[1]")
    return {
        each.findtext("dt"): " ".join(each.find("dd").text_content().split()) for each in head.findall("div")
    }


def address(desk: Desk, content: bytes, **how: object) -> str:
    page = brought(desk, content)
    here = page.response.request.path
    return f"{here}?{urlencode(how, doseq=True)}" if how else here


def proposed(desk: Desk, where: str, **fields: str) -> Page:
    """Send the form of a dry run, with what the page holds hidden."""
    visitor = desk.visitor("alice")
    page = visitor.get(where)
    hidden = page.all("//form[@method='post']//input[@type='hidden']")
    return visitor.post(where, data={each.get("name"): each.get("value") for each in hidden} | fields)


def planted() -> bytes:
    every = rows()
    for number, cells, _, _ in FAULTS:
        every[number - 2] |= cells
    return csv_bytes(COLUMNS, every)
