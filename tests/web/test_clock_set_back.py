"""By a clock that was set back no door gives a verdict; the pages say why, and who may go on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.web.calling import air, caller, service
from tests.web.conftest import CLEARED, Visitor
from tests.web.desk import Desk, employ, send
from travelrisk.domain.people import Role
from travelrisk.services.application import Application, SnapshotShelf
from travelrisk.services.letters import holding
from travelrisk.services.watch import anchor
from travelrisk.store import tables
from travelrisk.store.database import reading
from travelrisk.web.app import create_app

pytestmark = pytest.mark.threat(50)

VERDICTS = ("Cleared", "cleared", "Review", "Autoris")


def set_back(app: Application) -> Application:
    """Return the same service, whose clock says two days less."""
    earlier = app.clock() - timedelta(days=2)
    return replace(app, clock=lambda: earlier, editions=SnapshotShelf())


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    with service(app, tmp_path) as own:
        rated = replace(own, facts=replace(own.facts, demo=False))
        employ(rated, erin=Role.ADMIN)
        yield Desk(rated, create_app(rated))


def recorded(app: Application) -> int:
    with reading(app.engine) as c:
        return c.scalar(select(func.count()).select_from(tables.advisories)) or 0


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "The clock of the service is wrong"),
        ("/fr", "L'horloge du service n'est pas à l'heure"),
        ("/es", "El reloj del servicio no está en hora"),
    ],
)
def test_the_check_page_names_the_clock_and_gives_an_id_and_no_verdict(
    desk: Desk, prefix: str, words: str
) -> None:
    page = Visitor(create_app(set_back(desk.app))).post(f"{prefix}/check", data={"text": CLEARED})
    assert page.status == 503
    assert page.response.headers["Retry-After"] == "60"
    assert page.response.headers["X-Request-Id"] in page.words, "by which it is found in the log"
    assert words in page.words.replace("\u2019", "'")
    assert "UTC" not in page.text("//main"), "how far it is off is for operators"
    assert not page.all("//*[contains(@class, 'tr-verdict')]")
    assert not any(each in page.words for each in VERDICTS)
    right = Visitor(create_app(desk.app)).post("/check", data={"text": CLEARED})
    assert (right.status, "Cleared" in right.words) == (200, True), "and by the right clock it is judged"


def test_a_program_is_told_that_nothing_is_judged(app: Application, tmp_path: Path) -> None:
    with service(app, tmp_path) as own:
        tool = caller(own, pages=create_app(set_back(own)))
        answer = tool.post("/screen", {"queries": {"one": {"segments": [air()]}}})
        assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
        assert answer.get_json()["request_id"]
        assert answer.get_json()["type"].endswith("/problems/unavailable")
        assert answer.get_json()["detail"] == (
            "The clock of the service is wrong, so nothing was checked."
            " An operator of the service must look at it."
        )
        assert "verdict" not in answer.get_data(as_text=True)
        assert recorded(own) == 0
        assert caller(own).screen({"segments": [air()]})["verdict"] == "cleared"


def test_the_pages_and_the_probe_say_why(desk: Desk) -> None:
    late = set_back(desk.app)
    anchor.keep(late)
    pages = create_app(late)
    visitor = Visitor(pages)
    ready = visitor.look("/readyz")
    assert ready.status_code == 200, "a person must still find the button"
    assert "nothing is judged, for the clock" in ready.get_data(as_text=True)
    for prefix, words in {
        "": "Nothing is judged and no letter leaves",
        "/fr": "Rien n'est évalué et aucun message ne part",
        "/es": "No se evalúa nada y no sale ningún mensaje",
    }.items():
        told = visitor.get(f"{prefix}/health").words.replace("\u2019", "'")
        assert words in told
        assert "not affected" not in told


def test_an_administrator_answers_for_a_clock_that_had_been_ahead(desk: Desk) -> None:
    late = set_back(desk.app)
    anchor.keep(late)
    erin = Desk(late, create_app(late)).visitor("erin")
    page = erin.get("/doctor")
    assert "Nothing is judged" in page.words
    assert [each.get("value") for each in page.all("//main//button[@name]")] == ["right"], "and nothing else"
    assert send(erin, "/doctor/release", "/doctor", clock="right").status == 303
    page = erin.get("/doctor")
    assert "The clock is confirmed" in page.words
    assert "Letters leave; nothing is held." in page.words
    assert holding.held(late) == (None, 0, None)
    assert erin.post("/check", data={"text": CLEARED}).status == 200


def test_without_that_word_nothing_is_released(desk: Desk) -> None:
    late = set_back(desk.app)
    anchor.keep(late)
    erin = Desk(late, create_app(late)).visitor("erin")
    assert send(erin, "/doctor/release", "/doctor").status == 503
    assert holding.held(late).hold is not None
