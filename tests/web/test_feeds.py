"""The pages about public sources: what they say, how old that is, what went wrong; in every language."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests import advices, czibs, sources
from tests.cards import card
from tests.czibs import LIBYA, NAME, UKRAINE
from tests.sources import Server
from tests.unit.feeds.answers import CASES
from tests.web.conftest import NOW
from tests.web.desk import Desk, desk_of
from travelrisk.domain.people import Role
from travelrisk.services.application import Application, Sources
from travelrisk.services.feeds.refreshing import refresh
from travelrisk.web.app import create_app


@pytest.fixture
def source() -> Iterator[Server]:
    with sources.serving() as server:
        czibs.put(server, replace(LIBYA, until="16/11/2026"), replace(UKRAINE, country="Ruritania, Ukraine"))
        yield server


@pytest.fixture
def desk(app: Application, source: Server, tmp_path: Path) -> Iterator[Desk]:
    """Give a desk that reads one source, whose card is the organisation's own."""
    used = Sources((NAME,), "ops@example.org", czibs.card(tmp_path, source), frozenset({source.place}))
    fed = replace(app, facts=replace(app.facts, sources=used))
    with desk_of(fed, tmp_path, bob=Role.FOCAL_POINT, erin=Role.AUDITOR, alice=Role.TRAVELLER) as desk:
        yield desk


def test_every_source_says_its_age_what_was_new_and_what_was_not_understood(desk: Desk) -> None:
    bob = desk.visitor("bob")
    assert "Never read so far" in bob.get("/feeds").words
    refresh(desk.app, NAME)
    page = bob.get("/feeds")
    for wanted in (
        "EASA Conflict Zone Information Bulletins",
        "Read on 23 Nov 2026",
        "EASA CZIB-2022-01R14, Airspace of Ruritania, Ukraine: new, until 31 Jan 2027",
        "unknown name of a country: Airspace of Ruritania, Ukraine: Ruritania",
        "past its date, needs a review: Airspace of Libya: 16 Nov 2026",
        "Source: European Union Aviation Safety Agency",
    ):
        assert wanted in page.words
    assert "Too old" not in page.words
    assert page.text("//nav[@aria-label='Pages']//a[@aria-current='page']") == "Sources"


def test_a_source_shows_its_facts_in_its_own_words_and_language(desk: Desk) -> None:
    refresh(desk.app, NAME)
    page = desk.visitor("erin").get(f"/fr/feeds/{NAME}")
    assert "Libye (LY)" in page.words
    assert "date dépassée, à réexaminer" in page.words
    (level, _) = page.all("//bdi[@lang='en'][text()='do not operate']")
    assert level is not None
    assert (
        page.all("//details//p[@lang='en']")[0].text_content().startswith("Air operators should not operate")
    )


def test_what_asks_for_something_stands_first_and_the_words_say_their_language(
    app: Application, source: Server, tmp_path: Path
) -> None:
    name = "germany_travel_warnings"
    advices.put_all(source, name)
    used = Sources(
        (name,), "ops@example.org", advices.card(tmp_path, source, name), frozenset({source.place})
    )
    fed = replace(app, facts=replace(app.facts, sources=used))
    with desk_of(fed, tmp_path, bob=Role.FOCAL_POINT) as desk:
        refresh(desk.app, name)
        page = desk.visitor("bob").get(f"/feeds/{name}")
    levels = [each.text_content() for each in page.all("//tbody//td/span/bdi[@lang='de']")]
    assert levels == ["Reisewarnung", "keine Reisewarnung", "Teilreisewarnung"]


def test_a_source_that_fails_says_since_when_and_keeps_what_it_said(desk: Desk, source: Server) -> None:
    refresh(desk.app, NAME)
    source.answers["/list"] = sources.content("<html>Maintenance</html>")
    refresh(desk.app, NAME)
    page = desk.visitor("bob").get(f"/es/feeds/{NAME}")
    assert "envió algo distinto de su lista" in page.words
    assert "Lo que decía antes sigue en vigor" in page.words
    assert "Airspace of Libya" in page.words


def test_a_copy_that_is_too_old_says_so(desk: Desk) -> None:
    refresh(desk.app, NAME)
    later = create_app(replace(desk.app, clock=lambda: NOW + timedelta(hours=49)), secret_key="x" * 32)
    page = (
        Desk(replace(desk.app, clock=lambda: NOW + timedelta(hours=49)), later).visitor("bob").get("/feeds")
    )
    assert "Too old" in page.words


@pytest.mark.threat(40)
def test_markup_of_a_source_is_text(desk: Desk, source: Server) -> None:
    czibs.put(
        source,
        replace(LIBYA, number="<b>x</b>", advice="&lt;script&gt;alert(1)&lt;/script&gt; Do not operate."),
    )
    refresh(desk.app, NAME)
    page = desk.visitor("bob").get(f"/feeds/{NAME}")
    assert page.all("//main//script") == []
    assert "alert(1)" in page.words


def test_who_does_not_work_at_the_desk_sees_no_sources(desk: Desk) -> None:
    alice = desk.visitor("alice")
    assert alice.get("/feeds").status == 404
    assert alice.get(f"/feeds/{NAME}").status == 404
    assert desk.visitor("bob").get("/feeds/nothing").status == 404


def test_without_a_setting_the_page_says_that_there_are_none(app: Application, tmp_path: Path) -> None:
    with desk_of(app, tmp_path, bob=Role.FOCAL_POINT) as desk:
        page = desk.visitor("bob").get("/feeds")
    assert "No public source is used here." in page.words


def test_an_airspace_that_nobody_drew_is_shown_by_its_indicator(app: Application, tmp_path: Path) -> None:
    feed = "awc_sigmet"
    saved = CASES / feed / "ash-in-a-fir-for-some-hours" / "sigmets.json"
    with sources.serving() as server:
        ash = json.loads(saved.read_text("utf-8"))
        for each in ash:
            each["validTimeTo"] = int((NOW + timedelta(hours=6)).timestamp())
        server.answers["/sigmets"] = sources.content(json.dumps(ash))
        used = Sources((feed,), "ops@example.org", card(tmp_path, server, feed, 1), frozenset({server.place}))
        fed = replace(app, facts=replace(app.facts, sources=used))
        with desk_of(fed, tmp_path, bob=Role.FOCAL_POINT) as desk:
            assert refresh(desk.app, feed).done.told == ""
            page = desk.visitor("bob").get(f"/es/feeds/{feed}")
    assert "SIGMET de cenizas volcánicas" in page.words
    assert "WIIF" in page.words
    assert "SIGMET 05, WIIF JAKARTA, volcanic ash" in page.words
