"""When something is wrong: what to do, a request id, and never a word that could be taken for a yes."""

import re
from types import ModuleType
from typing import Never

import pytest
from structlog.testing import capture_logs

from tests.web.conftest import Visitor
from travelrisk.domain.errors import StoreError
from travelrisk.domain.texts import LANGUAGES
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.explain import verdict_words
from travelrisk.services import health
from travelrisk.services.application import Application
from travelrisk.services.ratings import records
from travelrisk.services.trips import checking, story
from travelrisk.web.app import create_app
from travelrisk.web.traveller import check as check_module

WHO_IS_WHERE = "GREEN/ALICE PNR ABC123"
GOOD_WORDS = [verdict_words(verdict).in_language(language) for verdict in Verdict for language in LANGUAGES]
PREFIXES = {"en": "", "fr": "/fr", "es": "/es"}
USES = [
    (checking, "check", "/check?q=ET707+FRA+ADD+12+Dec"),
    (story, "view", "/trips/abc"),
    (records, "listing", "/ratings"),
    (records, "history", "/ratings/carrier/ETH"),
    (health, "health", "/health"),
]


@pytest.mark.threat(41)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("service", "name", "address"), USES, ids=[use[2] for use in USES])
def test_a_failure_shows_an_id_and_nothing_else(  # noqa: PLR0913, PLR0917 - four of them make the case
    service: ModuleType,
    name: str,
    address: str,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    visitor: Visitor,
) -> None:
    def fail(*_: object, **__: object) -> Never:
        raise RuntimeError(WHO_IS_WHERE)

    monkeypatch.setattr(service, name, fail)
    with capture_logs() as logged:
        page = visitor.get(PREFIXES[language] + address)
    assert page.status == 500
    assert page.response.headers["X-Request-Id"] in page.words
    raw = page.response.get_data(as_text=True)
    assert "GREEN" not in raw
    assert "Traceback" not in raw
    assert "RuntimeError" not in raw
    assert not [word for word in GOOD_WORDS if word in page.words.lower()]
    (entry,) = [each for each in logged if each["event"] == "page.failed"]
    assert entry["error"] == "RuntimeError"
    assert WHO_IS_WHERE not in str(logged)


@pytest.mark.threat(41)
@pytest.mark.parametrize(("service", "name", "address"), USES, ids=[use[2] for use in USES])
def test_a_database_that_is_gone_is_a_503(
    service: ModuleType,
    name: str,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    visitor: Visitor,
) -> None:
    def gone(*_: object, **__: object) -> Never:
        raise StoreError("the database /var/lib/x.db is locked")

    monkeypatch.setattr(service, name, gone)
    page = visitor.get(address)
    assert page.status == 503
    assert page.response.headers["Retry-After"] == "60"
    assert "x.db" not in page.words
    assert not [word for word in GOOD_WORDS if word in page.words.lower()]


def test_readiness_follows_the_database(monkeypatch: pytest.MonkeyPatch, visitor: Visitor) -> None:
    monkeypatch.setattr(health, "is_ready", lambda _app: False)
    response = visitor.client.get("/readyz")
    assert response.status_code == 503
    assert "travelrisk db upgrade" in response.get_data(as_text=True)
    assert visitor.client.get("/healthz").status_code == 200


@pytest.mark.parametrize("address", ["/nope", "/fr/nope", "/es/trips/x", "/check/<script>alert(1)</script>"])
def test_a_page_that_is_not_there_says_so_and_echoes_nothing(address: str, visitor: Visitor) -> None:
    page = visitor.get(address)
    assert page.status == 404
    assert "alert" not in page.response.get_data(as_text=True)
    language = {"fr": "fr", "es": "es"}.get(address.split("/")[1], "en")
    assert page.tree.get("lang") == language
    assert page.all(f"//main//a[@href='{PREFIXES[language]}/check']")


def test_a_wrong_method_names_the_right_ones(visitor: Visitor) -> None:
    page = visitor.post("/ratings")
    assert page.status == 405
    assert "GET" in page.response.headers["Allow"]


def test_a_script_gets_a_small_piece_instead_of_a_page(
    monkeypatch: pytest.MonkeyPatch, visitor: Visitor
) -> None:
    def fail(*_: object) -> Never:
        raise RuntimeError(WHO_IS_WHERE)

    monkeypatch.setattr(checking, "check", fail)
    response = visitor.client.post("/check", data={"text": "x"}, headers={"X-Fragment": "answer"})
    assert response.status_code == 500
    body = response.get_data(as_text=True)
    assert "<html" not in body
    assert response.headers["X-Request-Id"] in body


def test_something_is_said_even_when_the_templates_are_broken(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = create_app(app)
    monkeypatch.setattr(check_module, "render_template", None)
    pages.jinja_env.globals["own_file"] = None
    response = pages.test_client().get("/check")
    assert response.status_code == 500
    assert re.search(r"Request [0-9a-f]{16}", response.get_data(as_text=True))
