"""A public source from its first round on: what becomes of what it says, and of its defects."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import czibs, sources
from tests.czibs import LIBYA, NAME, UKRAINE
from tests.services.conftest import Clock, in_each_way
from tests.sources import Server
from travelrisk.domain.errors import BadInputError, ForbiddenError
from travelrisk.domain.facts import Fact, News, ProblemKind
from travelrisk.domain.proposals import Content, Proposal, Status
from travelrisk.domain.ratings import Caution, Evidence, Subject, SubjectKind
from travelrisk.domain.signoffs import Weight
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.feeds import http
from travelrisk.feeds.http import Limits
from travelrisk.services.application import Application, Sources
from travelrisk.services.desk import notices
from travelrisk.services.desk.queue import Kind, waiting
from travelrisk.services.feeds.refreshing import Refreshed, refresh, refresh_due
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import standing
from travelrisk.store import feeds, people, proposals, ratings
from travelrisk.store.database import reading, writing
from travelrisk.store.tables import audit

FEED = "feed-easa-czib"
LY = Subject(SubjectKind.COUNTRY, "LY")
DAY = date(2026, 11, 23)


@pytest.fixture
def source() -> Iterator[Server]:
    with sources.serving() as server:
        czibs.put(server, LIBYA, UKRAINE)
        yield server


@pytest.fixture
def fed(desk: Application, source: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Application:
    """Give a service that reads EASA's bulletins from the source of this test."""
    quick = Limits(connect_s=5, read_s=2, total_s=30, retries=0, backoff_s=0.0)
    monkeypatch.setattr(http, "Limits", lambda: quick)
    used = Sources((NAME,), "ops@example.org", czibs.card(tmp_path, source), frozenset({source.place}))
    return replace(desk, facts=replace(desk.facts, sources=used))


def facts(app: Application) -> tuple[Fact, ...]:
    with reading(app.engine) as c:
        return tuple(each.fact for each in feeds.facts_of(c, NAME))


def cautions(app: Application, subject: Subject) -> list[Caution]:
    with reading(app.engine) as c:
        found = ratings.in_force(c)
    return [each for each in found if isinstance(each, Caution) and each.subject == subject]


def proposal(app: Application, reference: str) -> Proposal:
    with reading(app.engine) as c:
        return proposals.by_reference(c, reference)


def sign_and_publish(app: Application, reference: str, *by: str) -> None:
    for person in by:
        now = standing(app, reference)
        signing.sign(app, person, reference, Seen(now.proposal.content_sha256, now.weighed.edition))
    publishing.publish(app, by[0], reference)


def news(done: Refreshed) -> list[tuple[News, str]]:
    return [(each.news, each.key) for each in done.done.differences]


def test_what_a_source_says_waits_for_a_signature_and_is_no_rating_yet(fed: Application) -> None:
    done = refresh(fed, NAME)
    assert news(done) == [(News.NEW, "20582"), (News.NEW, "136057")]
    assert len(done.proposed.references) == 2
    assert cautions(fed, LY) == []
    first = proposal(fed, done.proposed.references[0])
    assert (first.author, first.status, first.weight) == (FEED, Status.PROPOSED, Weight.TIGHTENING)
    (wanted,) = first.content.wanted
    assert isinstance(wanted, Caution)
    assert (wanted.subject, wanted.effect, wanted.valid_until) == (LY, Verdict.REVIEW, date(2027, 1, 31))
    (evidence,) = wanted.evidence
    assert evidence.title == "EASA CZIB-2017-02R20, Airspace of Libya"
    assert (evidence.kind, evidence.retrieved_on, evidence.valid_until) == (
        "EASA CZIB",
        DAY,
        date(2027, 1, 31),
    )
    assert evidence.url.endswith("/20582")
    assert "(HLLL, FL000-319)" in wanted.text.en
    assert "below FL 320" in wanted.text.fr
    asked = [item for item in waiting(fed, "alice").items if item.kind is Kind.SIGN]
    assert {item.reference for item in asked} == set(done.proposed.references)
    sign_and_publish(fed, first.reference, "alice")
    assert [each.id for each in cautions(fed, LY)] == ["feed-easa-czib-20582-ly"]


@pytest.mark.threat(20)
def test_a_feed_never_signs_or_publishes(fed: Application) -> None:
    (first, *_) = refresh(fed, NAME).proposed.references
    now = standing(fed, first)
    for person in (FEED,):
        with pytest.raises(ForbiddenError):
            signing.sign(fed, person, first, Seen(now.proposal.content_sha256, now.weighed.edition))
        with pytest.raises(ForbiddenError):
            publishing.publish(fed, person, first)
    other = drafting.draft(fed, "alice", Content("By hand.", proposal(fed, first).content.wanted))
    asked = drafting.propose(fed, "alice", other.reference)
    now = standing(fed, asked.reference)
    with pytest.raises(ForbiddenError):
        signing.sign(fed, FEED, asked.reference, Seen(now.proposal.content_sha256, now.weighed.edition))


def test_the_same_words_are_proposed_once_and_keep_the_day_on_which_they_came(
    fed: Application, clock: Clock, source: Server
) -> None:
    refresh(fed, NAME)
    began = clock.at
    clock.pass_by(hours=30)
    again = refresh(fed, NAME)
    assert (again.done.is_good, news(again), again.proposed.references) == (True, [], ())
    with reading(fed.engine) as c:
        assert {each.since for each in feeds.facts_of(c, NAME)} == {began}
        assert feeds.last_good(c, NAME) == again.done
        assert feeds.answers(c, NAME)["page:20582"].content == LIBYA.page().encode()
    assert source.asked


def test_an_extension_takes_the_record_further(fed: Application, clock: Clock, source: Server) -> None:
    for reference in refresh(fed, NAME).proposed.references:
        sign_and_publish(fed, reference, "alice")
    czibs.put(source, replace(LIBYA, number="CZIB-2017-02R21", until="31/07/2027"), UKRAINE)
    clock.pass_by(hours=6)
    done = refresh(fed, NAME)
    assert news(done) == [(News.EXTENDED, "20582")]
    (extended,) = done.done.differences
    assert (extended.was_until, extended.until) == (date(2027, 1, 31), date(2027, 7, 31))
    (reference,) = done.proposed.references
    assert "until 31 Jul 2027" in proposal(fed, reference).content.reason
    sign_and_publish(fed, reference, "bob")
    assert [(each.id, each.valid_until) for each in cautions(fed, LY)] == [
        ("feed-easa-czib-20582-ly:2", date(2027, 7, 31))
    ]


def test_a_proposal_that_waits_is_brought_up_to_date(fed: Application, clock: Clock, source: Server) -> None:
    before = refresh(fed, NAME).proposed.references
    czibs.put(source, replace(LIBYA, until="31/07/2027"), UKRAINE)
    clock.pass_by(hours=6)
    after = refresh(fed, NAME).proposed.references
    assert after == before[:1]
    now = proposal(fed, after[0])
    assert (now.status, now.content.wanted[0].valid_until) == (Status.PROPOSED, date(2027, 7, 31))


def test_what_somebody_decided_is_not_asked_again_until_the_source_says_something_else(
    fed: Application, clock: Clock, source: Server
) -> None:
    libya, _ = refresh(fed, NAME).proposed.references
    signing.give_back(fed, "alice", libya, note="We do not fly there.")
    clock.pass_by(hours=6)
    assert refresh(fed, NAME).proposed.references == ()
    czibs.put(source, replace(LIBYA, advice="Do not operate at all altitudes."), UKRAINE)
    clock.pass_by(hours=6)
    done = refresh(fed, NAME)
    assert news(done) == [(News.CHANGED, "20582")]
    assert done.proposed.references == (libya,)


@pytest.mark.threat(20)
def test_what_is_no_longer_listed_is_proposed_to_end_and_stays_until_people_agree(
    fed: Application, clock: Clock, source: Server
) -> None:
    for reference in refresh(fed, NAME).proposed.references:
        sign_and_publish(fed, reference, "alice")
    czibs.put(source, replace(LIBYA, status="Withdrawn"), UKRAINE)
    clock.pass_by(hours=6)
    done = refresh(fed, NAME)
    assert news(done) == [(News.GONE, "20582")]
    (reference,) = done.proposed.references
    ending = proposal(fed, reference)
    assert (ending.weight, ending.content.ended) == (Weight.LOOSENING, ("feed-easa-czib-20582-ly",))
    assert len(cautions(fed, LY)) == 1
    assert any("is no longer listed" in each.title for each in notices.waiting_notices(fed))
    clock.pass_by(hours=6)
    assert refresh(fed, NAME).proposed.references == ()
    with pytest.raises(BadInputError):
        sign_and_publish(fed, reference, "alice")


def test_what_people_rated_from_the_same_source_is_taken_further_and_not_doubled(
    fed: Application, clock: Clock, source: Server
) -> None:
    by_hand = Caution(
        *("libya", LY, Verdict.REVIEW, date(2026, 10, 3), date(2027, 1, 31), "Alice", DAY),
        text=Texts("EASA concerns Libya."),
        evidence=(Evidence("EASA CZIB-2017-02R20", "EASA CZIB", retrieved_on=DAY),),
    )
    draft = drafting.draft(fed, "alice", Content("Known.", (by_hand,)))
    drafting.propose(fed, "alice", draft.reference)
    sign_and_publish(fed, draft.reference, "bob")
    (ukraine,) = refresh(fed, NAME).proposed.references
    assert proposal(fed, ukraine).content.wanted[0].id == "feed-easa-czib-136057-ua"
    czibs.put(source, replace(LIBYA, until="31/07/2027"), UKRAINE)
    clock.pass_by(hours=6)
    (libya,) = refresh(fed, NAME).proposed.references
    (wanted,) = proposal(fed, libya).content.wanted
    assert (wanted.id, wanted.valid_from, wanted.valid_until) == (
        "libya",
        date(2026, 10, 3),
        date(2027, 7, 31),
    )


def test_what_a_closed_account_cannot_propose_is_somebodys_task(
    fed: Application, clock: Clock, source: Server
) -> None:
    czibs.put(source, UKRAINE)
    refresh(fed, NAME)
    with writing(fed.engine) as c:
        people.save(c, replace(people.by_id(c, FEED), is_active=False))
    czibs.put(source, UKRAINE, LIBYA)
    clock.pass_by(hours=6)
    done = refresh(fed, NAME)
    assert (done.done.is_good, done.proposed.references, len(done.proposed.refused)) == (True, (), 1)
    (notice,) = notices.waiting_notices(fed)
    assert "could not be proposed" in notice.title
    assert len(facts(fed)) == 2


def test_many_at_once_are_one_proposal(fed: Application, source: Server) -> None:
    names = ("Libya", "Ukraine", "Mali", "Sudan", "Iraq", "Yemen", "Somalia")
    czibs.put(
        source, *(replace(LIBYA, nid=str(number), country=name) for number, name in enumerate(names, 1))
    )
    (reference,) = refresh(fed, NAME).proposed.references
    assert len(proposal(fed, reference).content.wanted) == len(names)
    assert refresh(fed, NAME).proposed.references == ()


def test_past_its_date_is_told_and_still_asks_for_a_review(
    fed: Application, clock: Clock, source: Server
) -> None:
    refresh(fed, NAME)
    clock.at = clock.at.replace(year=2027, month=2, day=1)
    done = refresh(fed, NAME)
    assert news(done) == [(News.EXPIRED, "20582"), (News.EXPIRED, "136057")]
    assert [each.kind for each in done.done.problems] == [ProblemKind.EXPIRED, ProblemKind.EXPIRED]
    assert len(facts(fed)) == 2
    assert source.asked


def test_what_is_not_understood_is_somebodys_task_once(
    fed: Application, clock: Clock, source: Server
) -> None:
    czibs.put(source, replace(LIBYA, country="Ruritania"), replace(UKRAINE, advice="See the notices."))
    done = refresh(fed, NAME)
    assert [each.kind for each in done.done.problems] == [
        ProblemKind.UNMAPPED_COUNTRY,
        ProblemKind.NOT_UNDERSTOOD,
    ]
    clock.pass_by(hours=6)
    refresh(fed, NAME)
    (notice,) = notices.waiting_notices(fed)
    assert "Ruritania" in notice.body
    assert "See the notices." in notice.body
    unknown = next(each for each in facts(fed) if each.key == "136057")
    assert (unknown.level, unknown.asks) == ("unknown", Verdict.REVIEW)


def test_one_page_that_does_not_come_is_read_from_its_last_copy(
    fed: Application, clock: Clock, source: Server
) -> None:
    refresh(fed, NAME)
    before = facts(fed)
    source.answers["/136057"] = sources.status(503)
    clock.pass_by(hours=6)
    done = refresh(fed, NAME)
    assert [each.kind for each in done.done.problems] == [ProblemKind.OLD_COPY]
    assert (facts(fed), news(done)) == (before, [])


def test_several_pages_that_do_not_come_are_an_outage(fed: Application, clock: Clock, source: Server) -> None:
    names = ("Libya", "Ukraine", "Mali", "Sudan", "Iraq")
    czibs.put(
        source, *(replace(LIBYA, nid=str(number), country=name) for number, name in enumerate(names, 1))
    )
    refresh(fed, NAME)
    before = facts(fed)
    for number in range(1, 5):
        source.answers[f"/{number}"] = sources.status(503)
    clock.pass_by(hours=6)
    done = refresh(fed, NAME)
    assert (done.done.fault, facts(fed)) == ("status", before)


HEADER_CHANGED = czibs.export(LIBYA, UKRAINE).replace("valid_until_date", "valid_to")


@pytest.mark.threat(20)
@in_each_way(
    "answering fault",
    {
        "500": (sources.status(500), "status"),
        "silent": (sources.silent(3.0), "timeout"),
        "reset": (sources.reset, "unreachable"),
        "cut": (sources.cut(czibs.export(LIBYA, UKRAINE).encode()), "incomplete"),
        "html": (sources.content("<!DOCTYPE html><html><body>Maintenance</body></html>"), "other_format"),
        "nothing": (sources.content(""), "other_format"),
        "another form": (sources.content("[]"), "changed"),
        "no rows": (sources.content('{"conflict_zones": []}'), "below_floor"),
        "half a list": (sources.content(czibs.export(LIBYA)), "below_floor"),
        "header": (sources.content(HEADER_CHANGED), "changed"),
        "200 MB": (sources.endless, "too_large"),
        "bomb": (sources.bomb, "too_large"),
        "garbage": (sources.garbage, "damaged"),
        "loopback": (sources.redirect("http://127.0.0.1:1/"), "address"),
        "metadata": (sources.redirect("http://169.254.169.254/latest/meta-data/"), "address"),
    },
)
def test_no_defect_replaces_what_was_known(  # noqa: PLR0913, PLR0917 - fixtures and the two of a case
    fed: Application, clock: Clock, source: Server, tmp_path: Path, answering: sources.Answering, fault: str
) -> None:
    czibs.card(tmp_path, source, floor=2)
    refresh(fed, NAME)
    before = facts(fed)
    source.answers["/list"] = answering
    clock.pass_by(hours=6)
    failed = refresh(fed, NAME)
    assert (failed.done.fault, failed.proposed.references) == (fault, ())
    assert facts(fed) == before
    clock.pass_by(hours=6)
    refresh(fed, NAME)
    with reading(fed.engine) as c:
        good, last = feeds.last_good(c, NAME), feeds.last(c, NAME)
        assert feeds.failing_since(c, NAME) == failed.done.at
        assert feeds.answers(c, NAME)["list"].content == czibs.export(LIBYA, UKRAINE).encode()
    assert good is not None
    assert last is not None
    assert last.at - good.at == timedelta(hours=12)
    assert last.fault == fault
    told = [each for each in notices.waiting_notices(fed) if "cannot be read" in each.title]
    assert len(told) == 1
    assert "stays in force" in told[0].body
    czibs.put(source, LIBYA, UKRAINE)
    assert refresh(fed, NAME).done.is_good
    with reading(fed.engine) as c:
        assert feeds.failing_since(c, NAME) is None


NEXT = {
    "levels above": {"advice": LIBYA.advice.replace("FL 320", "FL 600")},
    "fewer levels": {"advice": LIBYA.advice.replace("FL 320", "FL 100")},
    "no advice": {"advice": ""},
    "the contrary": {"advice": "Air operators may operate within the affected airspace."},
    "NA": {"advice": "NA", "area": "NA"},
    "no area": {"area": ""},
    "another area": {"area": "Tripoli FIR (HLLL), below FL 50"},
    "another country": {"country": "Chad"},
    "ended": {"until": "01/01/2020"},
    "without an end": {"until": ""},
    "withdrawn": {"status": "Withdrawn"},
    "a status nobody knows": {"status": "NA"},
    "another number": {"number": "CZIB-1999-01"},
}


@pytest.mark.threat(20)
def test_whatever_a_source_says_next_what_people_signed_stays(
    fed: Application, clock: Clock, source: Server
) -> None:
    references = refresh(fed, NAME).proposed.references
    sign_and_publish(fed, next(each for each in references if "LY" in str(proposal(fed, each))), "alice")
    with reading(fed.engine) as c:
        before = ratings.in_force(c)
    assert before
    for changed in NEXT.values():
        czibs.put(source, replace(LIBYA, **changed), UKRAINE)
        clock.pass_by(hours=6)
        told = refresh(fed, NAME).proposed.references
        with reading(fed.engine) as c:
            assert ratings.in_force(c) == before, changed
        assert all(proposal(fed, each).status is not Status.PUBLISHED for each in told)


def test_nothing_is_sent_again_that_has_not_changed(fed: Application, source: Server) -> None:
    source.answers["/list"] = sources.tagged(czibs.export(LIBYA, UKRAINE).encode(), '"v1"')
    refresh(fed, NAME)
    source.asked.clear()
    done = refresh(fed, NAME)
    assert (done.done.is_good, done.done.rows, news(done)) == (True, 2, [])
    assert source.asked[0][1]["If-None-Match"] == '"v1"'


def test_a_source_is_due_by_its_card_and_a_failed_one_soon(
    fed: Application, clock: Clock, source: Server
) -> None:
    assert refresh_due(fed).keys() == {NAME}
    assert refresh_due(fed) == {}
    clock.pass_by(hours=6)
    source.answers["/list"] = sources.status(500)
    assert not refresh_due(fed)[NAME].done.is_good
    clock.pass_by(minutes=10)
    assert refresh_due(fed) == {}
    clock.pass_by(minutes=5)
    assert refresh_due(fed).keys() == {NAME}
    clock.pass_by(minutes=15)
    assert refresh_due(fed) == {}


def test_nothing_is_fetched_that_nobody_asked_for(desk: Application) -> None:
    assert refresh_due(desk) == {}
    with pytest.raises(BadInputError, match="TRAVELRISK_FEEDS"):
        refresh(desk, NAME)


def test_the_trail_says_what_a_source_changed(fed: Application) -> None:
    refresh(fed, NAME)
    with reading(fed.engine) as c:
        (body,) = c.scalars(select(audit.c.body).where(audit.c.body.contains("feed.changed")))
    assert '"new":2' in body
