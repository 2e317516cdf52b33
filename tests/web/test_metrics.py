"""Figures for a monitoring program: to whoever has the token, the same from each process, about nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from tests.web.conftest import REVIEW, Visitor, with_facts
from travelrisk.domain.errors import StoreError
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory, PermanentFailure, Sent, Withheld
from travelrisk.services.application import Application, Sources
from travelrisk.services.letters import holding
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.receiving import receive
from travelrisk.store.database import writing
from travelrisk.store.workers import Run, beat, note
from travelrisk.web.app import create_app

TOKEN = "t" * 40
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def measured(empty_app: Application) -> Application:
    return with_facts(empty_app, metrics_token=TOKEN, sources=Sources(("easa_czib",)))


class Refusing(Memory):
    """Takes no letter for alice."""

    def send(
        self, message: bytes, sender: str, recipient: str, before_body: Callable[[], bool]
    ) -> Sent | Withheld:
        """Refuse, or keep the letter."""
        if "alice" in recipient:
            raise PermanentFailure("550 no at RCPT")
        return super().send(message, sender, recipient, before_body)


def read(visitor: Visitor) -> dict[tuple[str, str], float]:
    """Return the figures by name and label."""
    response = visitor.look("/metrics", headers=BEARER)
    assert response.status_code == 200
    assert response.mimetype == "text/plain"
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.get_data(as_text=True))
        for sample in family.samples
    }


def test_there_is_no_such_page_without_the_token(app: Application, measured: Application) -> None:
    assert Visitor(create_app(app)).look("/metrics", headers=BEARER).status_code == 404
    visitor = Visitor(create_app(measured))
    for wrong in ({}, {"Authorization": "Bearer "}, {"Authorization": TOKEN}, {"Authorization": "Bearer é"}):
        assert visitor.look("/metrics", headers=wrong).status_code == 404
    assert visitor.look(f"/metrics?token={TOKEN}").status_code == 404


def test_the_figures_are_those_of_the_database(measured: Application) -> None:
    at = measured.clock()
    with writing(measured.engine) as c:
        beat(c, "host:1:ab", at, at)
        note(c, Run("dispatch", "host:1:ab", at, 1500, at, "", at, "alice@example.org is away"))
    (received,) = receive(measured, Document(REVIEW.encode()), recipient="alice@example.org")
    assert received.letters
    assert list(receive(measured, Document(b"LH 400 FRA JFK 12 Dec"), recipient="bob@example.org"))

    late = replace(measured, clock=lambda: at + timedelta(seconds=90))
    waiting = read(Visitor(create_app(late)))
    assert waiting["travelrisk_outbox_oldest_seconds", ""] == pytest.approx(90)
    dispatch(measured, Refusing(), "one")
    holding.hold(measured, "p-bob")
    found = read(Visitor(create_app(measured)))
    assert found["travelrisk_up", ""] == 1
    assert found["travelrisk_ratings_edition", ""] == 0
    assert found["travelrisk_screenings_total", "review"] == 2
    assert found["travelrisk_screenings_total", "cleared"] == 0
    assert found["travelrisk_outbox_letters", "sent"] == 1
    assert found["travelrisk_mail_failed_total", ""] == 1
    assert found["travelrisk_letters_held", ""] == 1
    assert found["travelrisk_workers", ""] == 1
    assert found["travelrisk_job_failing", "dispatch"] == 1
    assert found["travelrisk_job_last_duration_seconds", "dispatch"] == 1.5
    assert found["travelrisk_feed_stale", "easa_czib"] == 1
    assert found["travelrisk_work_waiting", "judge"] == 0
    again = read(Visitor(create_app(measured)))
    ours = {key: value for key, value in found.items() if "_http_" not in key[0]}
    assert {key: again[key] for key in ours} == ours, "another process says the same"


def test_requests_are_counted_by_route_and_no_address_is_told(measured: Application) -> None:
    visitor = Visitor(create_app(measured))
    visitor.look("/fr/trips/ZZCANARY?q=ZZCANARY")
    visitor.look("/trips/ZZCANARY")
    visitor.look("/ZZCANARY")
    visitor.client.open("/check", method="ZZCANARY")
    found = read(visitor)
    assert found["travelrisk_http_requests_total", "GET /trips/<token> 404"] == 2
    assert found["travelrisk_http_requests_total", "GET - 404"] == 1
    assert found["travelrisk_http_request_duration_seconds_count", "/trips/<token>"] == 2
    text = visitor.look("/metrics", headers=BEARER).get_data(as_text=True)
    for secret in ("ZZCANARY", "alice", TOKEN):
        assert secret not in text


def test_a_look_costs_as_many_queries_however_much_there_is(measured: Application) -> None:
    visitor = Visitor(create_app(measured))
    asked: list[str] = []
    event.listen(measured.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))

    def queries() -> int:
        asked.clear()
        read(visitor)
        return len(asked)

    queries()
    before = queries()
    for number in range(5):
        assert list(receive(measured, Document(REVIEW.encode()), recipient=f"{number}@example.org"))
    assert queries() == before < 60


def test_a_database_that_is_gone_is_a_figure_too(
    measured: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_app: Application) -> None:
        raise StoreError("gone")

    monkeypatch.setattr("travelrisk.web.metrics.figures", gone)
    found = read(Visitor(create_app(measured)))
    assert found["travelrisk_up", ""] == 0
    assert ("travelrisk_workers", "") not in found
