"""What governments advise travellers: their gravest level is proposed for a country, the rest are facts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import advices, sources
from tests.services.conftest import Clock, in_each_way
from tests.sources import Server
from travelrisk.domain.facts import Fact, News, ProblemKind
from travelrisk.domain.proposals import Status
from travelrisk.domain.ratings import Caution
from travelrisk.domain.signoffs import Weight
from travelrisk.domain.texts import LANGUAGES
from travelrisk.domain.verdicts import Verdict
from travelrisk.feeds import http
from travelrisk.feeds.card import load_card
from travelrisk.feeds.http import Limits
from travelrisk.services.application import Application, Sources
from travelrisk.services.desk import notices
from travelrisk.services.feeds.refreshing import refresh
from travelrisk.services.proposals import publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import standing
from travelrisk.store import feeds, proposals, ratings
from travelrisk.store.database import reading

GOVUK, CANADA, GERMANY, US = advices.GOOD
MAIN = {GOVUK: "index", CANADA: "list", GERMANY: "list", US: "list"}
GRAVEST = {GOVUK: "AF", CANADA: "AF", GERMANY: "AF", US: "MM"}


@pytest.fixture
def source() -> Iterator[Server]:
    with sources.serving() as server:
        for name in advices.GOOD:
            advices.put_all(server, name)
        yield server


@pytest.fixture
def fed(desk: Application, source: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Application:
    """Give a service that reads all four from the source of this test."""
    quick = Limits(connect_s=5, read_s=8, total_s=30, retries=0, backoff_s=0.0)
    monkeypatch.setattr(http, "Limits", lambda: quick)
    for name in advices.GOOD:
        advices.card(tmp_path, source, name)
    used = Sources(tuple(advices.GOOD), "ops@example.org", tmp_path, frozenset({source.place}))
    return replace(desk, facts=replace(desk.facts, sources=used))


def facts(app: Application, name: str) -> dict[str, Fact]:
    with reading(app.engine) as c:
        return {each.fact.key: each.fact for each in feeds.facts_of(c, name)}


def wanted(app: Application, reference: str) -> Caution:
    with reading(app.engine) as c:
        found = proposals.by_reference(c, reference)
    assert (found.status, found.weight) == (Status.PROPOSED, Weight.TIGHTENING)
    (one,) = found.content.wanted
    assert isinstance(one, Caution)
    return one


def changed(source: Server, name: str, part: str, change: Callable[[Any], object]) -> None:
    """Let the source give the good answer with a change."""
    body = advices.saved(name, part)
    change(body)
    advices.put(source, name, part, body)


@pytest.mark.parametrize("name", advices.GOOD)
def test_only_the_gravest_level_is_proposed_and_waits_for_people(fed: Application, name: str) -> None:
    done = refresh(fed, name)
    assert done.done.told == ""
    assert done.done.problems == ()
    assert {each.news for each in done.done.differences} == {News.NEW}
    assert len(done.done.differences) == done.done.rows == len(facts(fed, name))
    (reference,) = done.proposed.references
    caution = wanted(fed, reference)
    assert (str(caution.subject), caution.effect) == (f"country:{GRAVEST[name]}", Verdict.REVIEW)
    assert (caution.valid_until, caution.evidence[0].kind) == (None, load_card(name).evidence)
    fact = next(each for each in facts(fed, name).values() if each.asks)
    assert fact.words
    assert all(fact.words in caution.text.in_language(each) for each in LANGUAGES)
    assert len(set(map(caution.text.in_language, LANGUAGES))) == len(LANGUAGES)
    assert load_card(name).attribution in caution.evidence[0].note
    with reading(fed.engine) as c:
        assert not [each for each in ratings.in_force(c) if isinstance(each, Caution)]


@pytest.mark.parametrize("name", advices.GOOD)
def test_who_asks_and_how_often_is_said(fed: Application, source: Server, name: str) -> None:
    refresh(fed, name)
    assert {headers["User-Agent"].partition("/")[0] for _, headers in source.asked} == {"travelrisk"}
    assert all("ops@example.org" in headers["User-Agent"] for _, headers in source.asked)
    paths = [path for path, _ in source.asked]
    assert len(paths) == len(set(paths))


Change = Callable[[Any], object]

FEWER: dict[str, Change] = {
    GOVUK: lambda body: body["links"]["children"].__delitem__(slice(2, None)),
    CANADA: lambda body: [body["data"].pop(each) for each in ("AF", "BF")],
    GERMANY: lambda body: body["response"].pop("226768"),
    US: lambda body: body.__delitem__(slice(2, None)),
}
OTHER: dict[str, Change] = {
    GOVUK: lambda body: body["links"]["children"][1].pop("base_path"),
    CANADA: lambda body: body["data"]["BF"].pop("advisory-state"),
    GERMANY: lambda body: body["response"]["226770"].pop("warning"),
    US: lambda body: body[1].pop("Title"),
}
MOVED: dict[str, Change] = {
    GOVUK: lambda body: body.update(links={"pages": []}),
    CANADA: lambda body: body.update(data=[]),
    GERMANY: lambda body: body.pop("response"),
    US: lambda body: body.__setitem__(0, "Switzerland"),
}


@in_each_way(
    "answering fault",
    {
        "500": (sources.status(500), "status"),
        "html": (sources.content("<!DOCTYPE html><html><body>Maintenance</body></html>"), "other_format"),
        "nothing": (sources.content(""), "other_format"),
        "half of it": (FEWER, "below_floor"),
        "a field is missing": (OTHER, "changed"),
        "another shape": (MOVED, "changed"),
    },
)
@pytest.mark.parametrize("name", advices.GOOD)
def test_no_defect_replaces_what_was_known(  # noqa: PLR0913, PLR0917 - fixtures and the three of a case
    fed: Application,
    clock: Clock,
    source: Server,
    name: str,
    answering: sources.Answering | dict[str, Change],
    fault: str,
) -> None:
    refresh(fed, name)
    before = facts(fed, name)
    with reading(fed.engine) as c:
        copies = feeds.answers(c, name)
    if isinstance(answering, dict):
        changed(source, name, MAIN[name], answering[name])
    else:
        source.answers[advices.path(name, MAIN[name])] = answering
    for _ in range(2):
        clock.pass_by(hours=12)
        failed = refresh(fed, name)
        assert (failed.done.fault, failed.proposed.references) == (fault, ())
    assert facts(fed, name) == before
    with reading(fed.engine) as c:
        assert feeds.answers(c, name) == copies
    assert any("cannot be read" in each.title for each in notices.waiting_notices(fed))
    advices.put_all(source, name)
    again = refresh(fed, name)
    assert (again.done.is_good, again.done.differences, again.done.problems) == (True, (), ())


def test_an_empty_list_for_whoever_names_nobody_is_no_calm(fed: Application, source: Server) -> None:
    refresh(fed, US)
    advices.put(source, US, "list", [])
    assert refresh(fed, US).done.fault == "below_floor"
    assert facts(fed, US)["mm"].asks is Verdict.REVIEW


def _again(name: str) -> tuple[str, Callable[[Any], object]]:
    later = "2026-11-21T10:00:00Z"
    return {
        GOVUK: ("country-afghanistan", lambda body: body.update(public_updated_at=later)),
        CANADA: ("list", lambda body: body["data"]["AF"]["date-published"].update(asp=later)),
        GERMANY: ("list", lambda body: body["response"]["226770"].update(effective=1795600000)),
        US: ("list", lambda body: body[3].update(Updated=later)),
    }[name]


@pytest.mark.parametrize("name", advices.GOOD)
def test_the_same_words_under_a_later_date_are_no_news_and_not_asked_again(
    fed: Application, clock: Clock, source: Server, name: str
) -> None:
    (reference,) = refresh(fed, name).proposed.references
    signing.give_back(fed, "alice", reference, note="We know.")
    before = facts(fed, name)
    clock.pass_by(hours=30)
    changed(source, name, *_again(name))
    done = refresh(fed, name)
    assert (done.done.is_good, done.done.differences, done.proposed.references) == (True, (), ())
    assert facts(fed, name) != before, "the later date is kept"


def _milder(name: str) -> tuple[str, Callable[[Any], object]]:
    flags = ["avoid_all_travel_to_parts"]
    text = {"advisory-text": "Avoid non-essential travel"}
    return {
        GOVUK: ("country-afghanistan", lambda body: body["details"].update(alert_status=flags)),
        CANADA: (
            "list",
            lambda body: body["data"]["AF"].update({"advisory-state": 2, "eng": text}),
        ),
        GERMANY: ("list", lambda body: body["response"]["226770"].update(warning=False)),
        US: ("list", lambda body: body[3].update(Title="Burma - Level 3: Reconsider Travel")),
    }[name]


@pytest.mark.parametrize("name", advices.GOOD)
def test_what_becomes_milder_stays_until_people_agree(
    fed: Application, clock: Clock, source: Server, name: str
) -> None:
    (reference,) = refresh(fed, name).proposed.references
    now = standing(fed, reference)
    signing.sign(fed, "alice", reference, Seen(now.proposal.content_sha256, now.weighed.edition))
    publishing.publish(fed, "alice", reference)
    clock.pass_by(hours=12)
    changed(source, name, *_milder(name))
    done = refresh(fed, name)
    assert [each.news for each in done.done.differences] == [News.CHANGED]
    (ending,) = done.proposed.references
    with reading(fed.engine) as c:
        assert proposals.by_reference(c, ending).weight is Weight.LOOSENING
        assert [str(each.subject) for each in ratings.in_force(c) if isinstance(each, Caution)] == [
            f"country:{GRAVEST[name]}"
        ]


def test_an_entry_that_is_missing_is_kept_told_once_and_given_up_after_a_month(
    fed: Application, clock: Clock, source: Server
) -> None:
    refresh(fed, US)
    before = facts(fed, US)
    changed(source, US, "list", lambda body: body.pop(3))
    for _ in range(3):
        clock.pass_by(hours=24)
        done = refresh(fed, US)
        assert (done.done.rows, done.done.differences, facts(fed, US)) == (3, (), before)
        (problem,) = done.done.problems
        assert (problem.kind, "missing since 2026-11-24" in problem.words) == (ProblemKind.OLD_COPY, True)
    told = [each for each in notices.waiting_notices(fed) if "not everything" in each.title]
    assert len(told) == 1
    clock.pass_by(days=31)
    done = refresh(fed, US)
    assert [(each.news, each.key) for each in done.done.differences] == [(News.GONE, "mm")]
    assert any("is no longer listed" in each.title for each in notices.waiting_notices(fed))


def test_an_entry_that_comes_back_under_another_name_is_not_doubled(
    fed: Application, clock: Clock, source: Server
) -> None:
    refresh(fed, US)
    changed(source, US, "list", lambda body: body.pop(3))
    clock.pass_by(hours=6)
    refresh(fed, US)
    changed(source, US, "list", lambda body: body[3].update(Title="Burma - Level 4: Do Not Travel"))
    clock.pass_by(hours=6)
    done = refresh(fed, US)
    assert (done.done.rows, done.done.problems, len(facts(fed, US))) == (4, (), 4)


def test_a_document_that_does_not_come_is_read_from_its_last_copy(
    fed: Application, clock: Clock, source: Server
) -> None:
    refresh(fed, GOVUK)
    before = facts(fed, GOVUK)
    source.answers[advices.path(GOVUK, "country-afghanistan")] = sources.status(503)
    source.answers[advices.path(GOVUK, "country-haiti")] = sources.content("<html>Sorry</html>")
    advices.put(source, GOVUK, "country-nepal", {"document_type": "redirect"})
    clock.pass_by(hours=12)
    done = refresh(fed, GOVUK)
    assert [each.kind for each in done.done.problems] == [ProblemKind.OLD_COPY] * 3
    assert (facts(fed, GOVUK), done.done.differences) == (before, ())


def test_several_documents_that_do_not_come_are_an_outage(
    fed: Application, clock: Clock, source: Server
) -> None:
    refresh(fed, GOVUK)
    before = facts(fed, GOVUK)
    for slug in ("afghanistan", "haiti", "nepal", "somalia"):
        source.answers[advices.path(GOVUK, f"country-{slug}")] = sources.status(503)
    clock.pass_by(hours=12)
    assert (refresh(fed, GOVUK).done.fault, facts(fed, GOVUK)) == ("status", before)


def test_flags_under_another_name_in_all_documents_are_another_form(
    fed: Application, clock: Clock, source: Server
) -> None:
    refresh(fed, GOVUK)
    before = facts(fed, GOVUK)
    for slug in before:
        changed(
            source,
            GOVUK,
            f"country-{slug}",
            lambda body: body["details"].update(alerts=body["details"].pop("alert_status")),
        )
    clock.pass_by(hours=12)
    failed = refresh(fed, GOVUK).done
    assert (failed.fault, "alert_status" in failed.told, facts(fed, GOVUK)) == ("changed", True, before)
