"""A change from draft to published, on both databases: who may, who must, and what lapses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError, ForbiddenError, StoreError
from travelrisk.domain.people import Delegation, Role
from travelrisk.domain.proposals import Content, Proposal, Status
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Subject, SubjectKind
from travelrisk.domain.signoffs import Requirement, Weight
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import lapsed, standing
from travelrisk.store import audit, people, proposals, ratings
from travelrisk.store.database import reading, writing

DAY = date(2026, 11, 23)
SOURCE = Evidence("Notice of the authority", "notice", "https://example.org/n", DAY, None)


def caution(effect: Verdict = Verdict.REVIEW, name: str = "state-et") -> Caution:
    return Caution(
        name,
        Subject(SubjectKind.STATE, "ET"),
        effect,
        DAY,
        date(2027, 6, 30),
        "Alice",
        DAY,
        Texts("The authority's oversight is under review."),
        ("ETH",),
        (SOURCE,),
    )


def rating(level: Level, name: str = "eth", until: date = date(2027, 12, 31)) -> Rating:
    condition = Texts("Daylight only.") if level is Level.CONDITIONAL else Texts()
    subject = Subject(SubjectKind.CARRIER, "ETH")
    return Rating(name, subject, level, date(2026, 1, 1), until, "Alice", DAY, Texts(), condition, (SOURCE,))


TIGHTENING = Content("The State's oversight is in doubt.", (caution(),))
LOOSENING = Content("The audit was passed.", (rating(Level.RECOMMENDED),))


def proposed(app: Application, content: Content, by: str = "alice") -> Proposal:
    draft = drafting.draft(app, by, content)
    return drafting.propose(app, by, draft.reference)


def seen(app: Application, proposal: Proposal) -> Seen:
    now = standing(app, proposal.reference)
    return Seen(now.proposal.content_sha256, now.weighed.edition)


def sign(app: Application, by: str, proposal: Proposal) -> Proposal:
    return signing.sign(app, by, proposal.reference, seen(app, proposal))


def edition(app: Application) -> int:
    with reading(app.engine) as c:
        return ratings.current_edition(c)


def test_a_caution_goes_from_draft_to_published_with_a_second_person(desk: Application) -> None:
    before = edition(desk)
    draft = drafting.draft(desk, "alice", TIGHTENING)
    assert (draft.status, draft.weight) == (Status.DRAFT, Weight.TIGHTENING)
    asked = drafting.propose(desk, "alice", draft.reference)
    assert standing(desk, asked.reference).missing == 1
    signed = sign(desk, "bob", asked)
    assert signed.status is Status.SIGNED
    done = publishing.publish(desk, "bob", signed.reference)
    assert (done.status, done.edition) == (Status.PUBLISHED, before + 1)
    with reading(desk.engine) as c:
        published = ratings.records(c, Subject(SubjectKind.STATE, "ET"))
        facts = ratings.edition_facts(c, before + 1)
        assert audit.verify(c).ok
    assert [each.id for each in published] == ["state-et"]
    assert facts.actor == "Alice, signed by Bob"
    assert facts.note == f"{done.reference}: The State's oversight is in doubt."
    life = [step.move.value for step in standing(desk, done.reference).life]
    assert life == ["edit", "propose", "sign", "publish"]


@pytest.mark.threat(7)
def test_loosening_takes_two_more_people(desk: Application) -> None:
    asked = proposed(desk, LOOSENING)
    assert asked.weight is Weight.LOOSENING
    assert sign(desk, "bob", asked).status is Status.PROPOSED
    with pytest.raises(BadInputError, match="that is proposed cannot be moved by 'publish'"):
        publishing.publish(desk, "bob", asked.reference)
    assert sign(desk, "charlie", asked).status is Status.SIGNED
    assert publishing.publish(desk, "alice", asked.reference).status is Status.PUBLISHED


@pytest.mark.threat(5)
def test_nobody_signs_their_own_in_code_or_in_the_database(desk: Application) -> None:
    asked = proposed(desk, TIGHTENING)
    with pytest.raises(ForbiddenError, match="nobody signs their own"):
        sign(desk, "alice", asked)
    forged = text(
        "INSERT INTO signatures (proposal_id, person_id, author, content_sha256, base_edition, at)"
        " VALUES (:id, :who, :author, 'x', 1, '2026-11-23 12:00:00+00')"
    )
    for author in ("alice", "bob"):  # the true author, and a false one to get round the check
        with pytest.raises(StoreError), writing(desk.engine) as c:
            c.execute(forged, {"id": asked.id, "who": "alice", "author": author})


@pytest.mark.parametrize("who", ["dana", "erin"])
def test_who_may_not_sign_is_refused(desk: Application, who: str) -> None:
    with pytest.raises(ForbiddenError, match="may not sign"):
        sign(desk, who, proposed(desk, TIGHTENING))


def test_nobody_signs_as_the_alternate_of_the_author(desk: Application) -> None:
    asked = proposed(desk, TIGHTENING)
    week = Delegation("alice", "dana", DAY, DAY + timedelta(days=7))
    with writing(desk.engine) as c:
        people.delegate(c, week, by="alice", at=desk.clock())
    with pytest.raises(ForbiddenError, match="alternate of the author"):
        sign(desk, "dana", asked)
    with writing(desk.engine) as c:
        people.delegate(c, replace(week, focal_point="charlie"), by="charlie", at=desk.clock())
    assert sign(desk, "dana", asked).status is Status.SIGNED


def test_an_alternate_signs_while_somebody_delegates(desk: Application) -> None:
    asked = proposed(desk, TIGHTENING)
    with writing(desk.engine) as c:
        week = Delegation("charlie", "dana", DAY, DAY + timedelta(days=7))
        people.delegate(c, week, by="charlie", at=desk.clock())
    assert sign(desk, "dana", asked).status is Status.SIGNED


@pytest.mark.threat(4)
def test_who_loses_the_role_between_signing_and_publishing_no_longer_counts(desk: Application) -> None:
    signed = sign(desk, "bob", proposed(desk, TIGHTENING))
    with writing(desk.engine) as c:
        people.save(c, replace(people.by_id(c, "bob"), roles=frozenset({Role.TRAVELLER})))
    with pytest.raises(BadInputError, match="1 more person must sign"):
        publishing.publish(desk, "alice", signed.reference)
    assert standing(desk, signed.reference).has_lapsed
    assert lapsed(desk, signed) == {signed.reference}
    again = sign(desk, "charlie", signed)
    assert ([each.person for each in again.signatures], lapsed(desk, again)) == (["charlie"], frozenset())
    assert publishing.publish(desk, "charlie", signed.reference).status is Status.PUBLISHED


def test_signatures_lapse_when_another_edition_is_published(desk: Application) -> None:
    signed = sign(desk, "bob", proposed(desk, TIGHTENING))
    other = sign(desk, "bob", proposed(desk, Content("Worse.", (rating(Level.NOT_RECOMMENDED),))))
    publishing.publish(desk, "bob", other.reference)
    with pytest.raises(BadInputError, match="lapse when another edition is published"):
        publishing.publish(desk, "bob", signed.reference)
    again = sign(desk, "charlie", signed)
    assert (again.status, again.base_edition) == (Status.SIGNED, edition(desk))
    assert [each.person for each in again.signatures] == ["charlie"]
    assert publishing.publish(desk, "bob", signed.reference).edition == edition(desk)


@pytest.mark.threat(6)
def test_editing_takes_every_signature_off(desk: Application) -> None:
    signed = sign(desk, "bob", proposed(desk, TIGHTENING))
    milder = Content("Better known now.", (caution(Verdict.CONDITIONAL),))
    edited = drafting.edit(desk, "alice", signed.reference, milder, version=signed.version)
    assert (edited.status, edited.signatures) == (Status.DRAFT, ())
    with pytest.raises(BadInputError, match="that is draft cannot be moved by 'publish'"):
        publishing.publish(desk, "bob", signed.reference)


@pytest.mark.threat(6)
def test_a_signature_is_for_what_was_looked_at(desk: Application) -> None:
    asked = proposed(desk, TIGHTENING)
    looked_at = seen(desk, asked)
    other = Content("Another text.", (caution(Verdict.NOT_CLEARED),))
    drafting.edit(desk, "alice", asked.reference, other, version=asked.version)
    drafting.propose(desk, "alice", asked.reference)
    with pytest.raises(ChangedMeanwhileError, match="sign what you see"):
        signing.sign(desk, "bob", asked.reference, looked_at)


def test_two_people_never_overwrite_each_other_unseen(desk: Application) -> None:
    draft = drafting.draft(desk, "alice", TIGHTENING)
    drafting.edit(desk, "alice", draft.reference, LOOSENING, version=draft.version)
    with pytest.raises(ChangedMeanwhileError, match="somebody else changed"):
        drafting.edit(desk, "alice", draft.reference, TIGHTENING, version=draft.version)


def test_an_urgent_tightening_is_published_at_once_and_stands_open_until_countersigned(
    desk: Application,
) -> None:
    draft = drafting.draft(desk, "alice", TIGHTENING, is_urgent=True)
    done = publishing.publish_urgently(desk, "alice", draft.reference)
    assert (done.status, done.is_open_for_countersigning) == (Status.PUBLISHED, True)
    assert done.countersign_by == desk.clock() + timedelta(hours=24)
    with reading(desk.engine) as c:
        assert [each.reference for each in proposals.uncountersigned(c)] == [done.reference]
    with pytest.raises(ForbiddenError, match="nobody signs their own"):
        signing.countersign(desk, "alice", done.reference, Seen(done.content_sha256, 0))
    agreed = signing.countersign(desk, "bob", done.reference, Seen(done.content_sha256, 0))
    assert not agreed.is_open_for_countersigning
    with pytest.raises(BadInputError, match="needs no countersignature"):
        signing.countersign(desk, "charlie", done.reference, Seen(done.content_sha256, 0))


@pytest.mark.threat(7)
def test_nothing_easier_is_published_at_once(desk: Application) -> None:
    with pytest.raises(BadInputError, match="only what makes nothing easier"):
        drafting.draft(desk, "alice", LOOSENING, is_urgent=True)
    calm = drafting.draft(desk, "alice", TIGHTENING)
    with pytest.raises(BadInputError, match="not marked as urgent"):
        publishing.publish_urgently(desk, "alice", calm.reference)


def test_a_proposal_is_returned_with_a_reason_mended_and_signed(desk: Application) -> None:
    asked = proposed(desk, TIGHTENING)
    with pytest.raises(BadInputError, match="say what should be different"):
        signing.give_back(desk, "bob", asked.reference, note=" ")
    back = signing.give_back(desk, "bob", asked.reference, note="Name the exceptions.")
    assert back.status is Status.RETURNED
    assert standing(desk, asked.reference).life[-1].note == "Name the exceptions."
    drafting.edit(desk, "alice", back.reference, TIGHTENING, version=back.version)
    drafting.propose(desk, "alice", back.reference)
    assert sign(desk, "bob", asked).status is Status.SIGNED


def test_what_is_withdrawn_stays_so(desk: Application) -> None:
    asked = proposed(desk, TIGHTENING)
    with pytest.raises(ForbiddenError, match="somebody else's"):
        drafting.withdraw(desk, "bob", asked.reference)
    assert drafting.withdraw(desk, "alice", asked.reference).status is Status.WITHDRAWN
    with pytest.raises(BadInputError, match="that is withdrawn cannot be moved"):
        drafting.propose(desk, "alice", asked.reference)


def test_a_new_demand_takes_the_signatures_of_the_old_one(desk: Application) -> None:
    with pytest.raises(BadInputError, match="only 3 people may sign"):
        drafting.draft(desk, "alice", Content("All of us.", requirement=Requirement(2, 3, 1)))
    with pytest.raises(BadInputError, match="only 0 people may approve"):
        drafting.draft(desk, "alice", Content("Less.", requirement=Requirement(1, 2, 1)))
    with writing(desk.engine) as c:
        people.save(c, replace(people.by_id(c, "erin"), roles=frozenset({Role.APPROVER})))
    asked = proposed(desk, Content("Faster.", requirement=Requirement(1, 2, 1, countersign_hours=4)))
    assert sign(desk, "bob", asked).status is Status.PROPOSED
    sign(desk, "charlie", asked)
    done = publishing.publish(desk, "alice", asked.reference)
    assert done.edition is None
    urgent = drafting.draft(desk, "alice", TIGHTENING, is_urgent=True)
    out = publishing.publish_urgently(desk, "alice", urgent.reference)
    assert out.countersign_by == desk.clock() + timedelta(hours=4)


WRONG: list[tuple[Content, str]] = [
    (Content("x", (replace(caution(), valid_until=DAY - timedelta(days=1)),)), "give a later end"),
    (Content("x", (replace(caution(), evidence=()),)), "evidence: give at least one source"),
    (
        Content("x", (replace(caution(), evidence=(Evidence("t"),)),)),
        "evidence 1: retrieved_on: give the day",
    ),
    (
        Content("x", (replace(caution(), evidence=(replace(SOURCE, retrieved_on=date(2027, 1, 1)),)),)),
        "lies in the future",
    ),
    (Content("x", (replace(caution(), text=Texts()),)), "text: say in English"),
    (Content("x", (replace(rating(Level.CONDITIONAL), condition=Texts()),)), "condition: say in English"),
    (Content("x", (rating(Level.NOT_RECOMMENDED, "another"),)), "overlaps eth, which rates carrier:ETH"),
    (Content("x", (), ("nothing-like-it",)), "is not open, so it cannot be ended"),
    (Content("x", (rating(Level.NOT_RECOMMENDED),), ("eth",)), "cannot be ended and set anew"),
    (Content("x"), "this changes nothing"),
]


@pytest.mark.parametrize(("content", "words"), WRONG, ids=[words for _, words in WRONG])
def test_what_could_not_be_traced_is_refused_and_nothing_is_kept(
    desk: Application, content: Content, words: str
) -> None:
    with pytest.raises(BadInputError, match=words):
        drafting.draft(desk, "alice", content)
    with reading(desk.engine) as c:
        assert proposals.in_status(c, *Status) == ()


def test_a_rating_that_gets_worse_in_its_own_place_is_a_tightening(desk: Application) -> None:
    worse = drafting.draft(desk, "alice", Content("x", (rating(Level.NOT_RECOMMENDED),)))
    better = drafting.draft(desk, "alice", Content("x", (rating(Level.RECOMMENDED),)))
    assert (worse.weight, better.weight) == (Weight.TIGHTENING, Weight.LOOSENING)
