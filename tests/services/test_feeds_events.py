"""Sources that tell of events: what they say passes by itself, and no defect changes what was known."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests import sources
from tests.cards import card
from tests.services.conftest import Clock, in_each_way
from tests.sources import Answering, Request, Server, content
from tests.unit.feeds.answers import CASES
from travelrisk.domain.facts import News
from travelrisk.domain.ratings import Caution
from travelrisk.services.application import Application, Sources
from travelrisk.services.desk.queue import Kind, waiting
from travelrisk.services.feeds.refreshing import Refreshed, refresh
from travelrisk.store import feeds, proposals
from travelrisk.store.database import reading


@dataclass(frozen=True)
class Told:
    """A feed, the part that it fetches, a saved answer, the keys of its facts, and an answer with no rows."""

    feed: str
    part: str
    case: str
    keys: tuple[str, ...]
    nothing: str

    def saved(self) -> bytes:
        """Return the saved answer."""
        folder = CASES / self.feed / self.case
        return next(path for path in folder.iterdir() if path.name != "out.json").read_bytes()


GDACS = Told("gdacs", "events", "false-is-a-text-and-is-no-truth", ("fl1000002",), '{"features": []}')
SIGMET = Told("awc_sigmet", "sigmets", "ash-in-a-fir-for-some-hours", ("wiif-05-202611230300",), "[]")
WHO = Told("who_don", "list", "older-ones-count-as-rows-only", ("2026-don002",), '{"value": []}')
MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ALL = pytest.mark.parametrize("told", [GDACS, SIGMET, WHO], ids=lambda told: told.feed)
Serve = Callable[..., Application]


@pytest.fixture
def source() -> Iterator[Server]:
    with sources.serving() as server:
        yield server


@pytest.fixture
def serve(desk: Application, clock: Clock, source: Server, tmp_path: Path) -> Serve:
    """Give what reads one feed from the source of this test, where no fewer than one row is enough."""

    def serve(told: Told, **cautions: str) -> Application:
        clock.at = MORNING
        source.answers[f"/{told.part}"] = content(told.saved())
        folder = card(tmp_path, source, told.feed, 1, **cautions)
        used = Sources((told.feed,), "ops@example.org", folder, frozenset({source.place}))
        return replace(desk, facts=replace(desk.facts, sources=used))

    return serve


def keys(app: Application, feed: str) -> tuple[str, ...]:
    with reading(app.engine) as c:
        return tuple(each.fact.key for each in feeds.facts_of(c, feed))


def asked(app: Application, done: Refreshed) -> list[Caution]:
    with reading(app.engine) as c:
        found = [proposals.by_reference(c, each).content.wanted for each in done.proposed.references]
    return [each for wanted in found for each in wanted if isinstance(each, Caution)]


def tasks(app: Application) -> list[str]:
    return [item.title for item in waiting(app, "alice").items if item.kind is Kind.NOTICE]


def over(told: Told) -> str:
    """Return the saved answer of GDACS with no event that is still on."""
    answer = json.loads(told.saved())
    for each in answer["features"]:
        each["properties"]["iscurrent"] = "false"
    return json.dumps(answer)


@ALL
def test_events_become_facts_and_ask_for_nothing(serve: Serve, told: Told) -> None:
    app = serve(told)
    done = refresh(app, told.feed)
    assert (done.done.told, done.proposed.references) == ("", ())
    assert keys(app, told.feed) == told.keys


@ALL
@in_each_way(
    "answering fault",
    {
        "html": (content("<html><body>Back soon</body></html>"), "other_format"),
        "an error": (content('{"error": "down"}'), "changed"),
        "other fields": (
            content('{"features": [{"properties": {"id": 1}}], "value": [{"id": 1}]}'),
            "changed",
        ),
        "other rows": (content('[{"id": 1}]'), "changed"),
        "nothing listed": (None, "below_floor"),
        "refused": (sources.status(403), "status"),
        "cut": (sources.cut(b"[" * 100), "incomplete"),
    },
)
def test_no_defect_replaces_what_was_known(
    serve: Serve, source: Server, told: Told, answering: Answering | None, fault: str
) -> None:
    app = serve(told)
    refresh(app, told.feed)
    source.answers[f"/{told.part}"] = answering or content(told.nothing)
    failed = refresh(app, told.feed)
    assert failed.done.fault == fault
    assert keys(app, told.feed) == told.keys


def test_an_event_that_is_over_is_nobodys_task(serve: Serve, clock: Clock, source: Server) -> None:
    app = serve(GDACS)
    refresh(app, "gdacs")
    clock.pass_by(hours=3)
    source.answers["/events"] = content(over(GDACS))
    done = refresh(app, "gdacs")
    assert [(each.news, each.key) for each in done.done.differences] == [(News.GONE, "fl1000002")]
    assert (keys(app, "gdacs"), tasks(app)) == ((), [])


def test_an_event_that_asks_for_something_is_proposed_and_its_end_is_told(
    serve: Serve, clock: Clock, source: Server
) -> None:
    app = serve(GDACS, Orange="review")
    done = refresh(app, "gdacs")
    (wanted,) = asked(app, done)
    assert (str(wanted.subject), wanted.effect.word, wanted.valid_until) == ("country:KE", "review", None)
    clock.pass_by(hours=3)
    source.answers["/events"] = content(over(GDACS))
    refresh(app, "gdacs")
    assert tasks(app) == ["GDACS disasters: GDACS, Flood (invented) in Kenya is no longer listed"]


def test_ash_passes_with_its_hours_and_is_nobodys_task(serve: Serve, clock: Clock) -> None:
    app = serve(SIGMET)
    refresh(app, "awc_sigmet")
    clock.pass_by(hours=6)
    done = refresh(app, "awc_sigmet")
    assert [(each.news, each.key) for each in done.done.differences] == [(News.GONE, SIGMET.keys[0])]
    assert (done.done.told, keys(app, "awc_sigmet"), tasks(app)) == ("", (), [])


def test_ash_that_is_asked_about_where_nobody_drew_the_airspace_is_a_task(serve: Serve) -> None:
    app = serve(SIGMET, VA="review")
    done = refresh(app, "awc_sigmet")
    assert (done.proposed.references, len(done.proposed.refused)) == ((), 1)
    assert "no outline of the airspace WIIF" in done.proposed.refused[0]
    assert tasks(app) == ["SIGMETs about volcanic ash: something could not be proposed"]


def test_outbreaks_are_asked_for_in_shorter_times_as_long_as_a_hundred_come(
    serve: Serve, source: Server
) -> None:
    app = serve(WHO)
    old = {"Title": "Invented - Kenya", "PublicationDate": "2026-02-15T00:00:00Z"}
    rows = [old | {"DonId": f"2026-DON{number:03}"} for number in range(100)]
    queries: list[str] = []

    def answer(request: Request) -> None:
        queries.append(unquote(request.path.partition("?")[2]))
        told = rows if len(queries) == 1 else [old | {"DonId": "new", "PublicationDate": "2026-11-20"}]
        request.send(200, json.dumps({"value": told}).encode())

    source.answers["/list"] = answer
    done = refresh(app, "who_don")
    assert queries == [
        "$filter=PublicationDate ge 2025-11-01&$top=100",
        "$filter=PublicationDate ge 2026-05-01&$top=100",
    ]
    assert (done.done.rows, done.done.problems, keys(app, "who_don")) == (101, (), ("new",))


def test_an_outbreak_that_is_old_passes_and_is_nobodys_task(serve: Serve, clock: Clock) -> None:
    app = serve(WHO)
    refresh(app, "who_don")
    clock.pass_by(days=181)
    done = refresh(app, "who_don")
    assert (done.done.rows, keys(app, "who_don"), tasks(app)) == (1, (), [])


def test_characters_that_no_database_keeps_end_no_round(serve: Serve, source: Server) -> None:
    app = serve(GDACS)
    answer = json.loads(GDACS.saved())
    event = answer["features"][1]["properties"]
    event |= {"name": "Flood \ud800\u0000", "country": "Ruritania \udfff", "affectedcountries": []}
    source.answers["/events"] = content(json.dumps(answer))
    done = refresh(app, "gdacs")
    assert (done.done.told, keys(app, "gdacs")) == ("", GDACS.keys)
    assert [each.words for each in done.done.problems] == ["Ruritania"]
