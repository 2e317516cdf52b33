"""Smartraveller from a source of our own: its gravest level is proposed, and its refusals change nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import sources
from tests.cards import card
from tests.services.conftest import Clock, in_each_way
from tests.sources import Answering, Server, content
from tests.unit.feeds.answers import CASES
from travelrisk.domain.facts import News
from travelrisk.domain.proposals import Proposal
from travelrisk.domain.ratings import Caution
from travelrisk.domain.signoffs import Weight
from travelrisk.services.application import Application, Sources
from travelrisk.services.desk.queue import Kind, waiting
from travelrisk.services.feeds.refreshing import refresh
from travelrisk.services.proposals import publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import standing
from travelrisk.store import feeds, proposals
from travelrisk.store.database import reading

NAME = "smartraveller"
PATH = "/destinations"
ROWS = json.loads((CASES / NAME / "only-its-gravest-level-asks" / "destinations.json").read_text("utf-8"))
AFGHANISTAN = ROWS[0]


@pytest.fixture
def source() -> Iterator[Server]:
    with sources.serving() as server:
        put(server, *ROWS)
        yield server


@pytest.fixture
def fed(desk: Application, source: Server, tmp_path: Path) -> Application:
    """Give a service that reads the advice from the source of this test, where three rows are enough."""
    used = Sources((NAME,), "ops@example.org", card(tmp_path, source, NAME, 3), frozenset({source.place}))
    return replace(desk, facts=replace(desk.facts, sources=used))


def put(source: Server, *rows: dict[str, str]) -> None:
    source.answers[PATH] = content(json.dumps(rows))


def proposal(app: Application, reference: str) -> Proposal:
    with reading(app.engine) as c:
        return proposals.by_reference(c, reference)


def levels(app: Application) -> dict[str, str]:
    with reading(app.engine) as c:
        return {each.fact.key: each.fact.level for each in feeds.facts_of(c, NAME)}


def test_only_the_gravest_level_is_proposed_as_a_caution_on_the_country(fed: Application) -> None:
    done = refresh(fed, NAME)
    assert [(each.news, each.key) for each in done.done.differences] == [
        (News.NEW, key) for key in ("af", "jp", "ke", "ml")
    ]
    (reference,) = done.proposed.references
    first = proposal(fed, reference)
    assert (first.author, first.weight) == ("feed-smartraveller", Weight.TIGHTENING)
    (wanted,) = first.content.wanted
    assert isinstance(wanted, Caution)
    assert (wanted.id, str(wanted.subject)) == ("feed-smartraveller-af", "country:AF")
    assert (wanted.effect.word, wanted.evidence[0].kind) == ("review", "Smartraveller")
    assert "Do not travel" in wanted.text.es


def test_a_milder_level_ends_nothing_before_somebody_agrees(
    fed: Application, clock: Clock, source: Server
) -> None:
    (reference,) = refresh(fed, NAME).proposed.references
    now = standing(fed, reference)
    signing.sign(fed, "alice", reference, Seen(now.proposal.content_sha256, now.weighed.edition))
    publishing.publish(fed, "alice", reference)
    clock.pass_by(hours=12)
    milder = AFGHANISTAN | {"field_overall_advice_level": "Reconsider your need to travel"}
    put(source, milder, *ROWS[1:])
    (ending,) = refresh(fed, NAME).proposed.references
    found = proposal(fed, ending)
    assert (found.weight, found.content.ended) == (Weight.LOOSENING, ("feed-smartraveller-af",))


def test_a_country_that_is_missing_is_somebodys_task(fed: Application, clock: Clock, source: Server) -> None:
    refresh(fed, NAME)
    clock.pass_by(hours=12)
    put(source, *ROWS[:3])
    refresh(fed, NAME)
    titles = [item.title for item in waiting(fed, "alice").items if item.kind is Kind.NOTICE]
    assert titles == ["Smartraveller travel advice (Australia): Smartraveller, Japan is no longer listed"]


@in_each_way(
    "answering fault",
    {
        "refused": (sources.status(403, b"<html>Access Denied</html>"), "status"),
        "html": (content("<html><body>Access Denied</body></html>"), "other_format"),
        "empty": (content("[]"), "below_floor"),
        "half": (content(json.dumps(ROWS[:2])), "below_floor"),
        "an object": (content(json.dumps({"destinations": ROWS})), "changed"),
        "other fields": (content(json.dumps([{"title": "Kenya", "level": 4}] * 4)), "changed"),
        "other phrases": (
            content(json.dumps([row | {"field_overall_advice_level": f"{n}"} for n, row in enumerate(ROWS)])),
            "changed",
        ),
        "cut": (sources.cut(json.dumps(ROWS).encode()), "incomplete"),
    },
)
def test_no_defect_replaces_what_was_known(
    fed: Application, source: Server, answering: Answering, fault: str
) -> None:
    refresh(fed, NAME)
    before = levels(fed)
    source.answers[PATH] = answering
    assert refresh(fed, NAME).done.fault == fault
    assert levels(fed) == before
    assert before["af"] == "Do not travel"
