"""The letters that remind: what they list, to whom they go, and in which language."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.conftest import Clock
from tests.services.reminding import (
    KEEPERS,
    RATING,
    SOURCE,
    TODAY,
    publish,
    reminded,
    text_to,
    until,
    with_people,
)
from tests.services.test_exceptions import EXCEPTION
from tests.services.test_proposals import proposed, seen
from tests.unit.screening.world import airspace, box
from travelrisk.domain.people import Delegation
from travelrisk.domain.proposals import Content
from travelrisk.domain.ratings import Caution, Service, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import Dispatched, dispatch
from travelrisk.services.proposals import publishing, signing
from travelrisk.services.trips.receiving import receive
from travelrisk.services.watch.reminders import remind
from travelrisk.store import desk_letters, people
from travelrisk.store.database import reading, writing


@pytest.fixture
def staffed(app: Application) -> Application:
    return with_people(app)


def test_one_letter_lists_everything_by_how_soon_it_ends(staffed: Application) -> None:
    lapsing = replace(SOURCE, title="Audit report", valid_until=TODAY + timedelta(2))
    old = replace(SOURCE, title="Old letter", valid_until=TODAY - timedelta(5))
    publish(
        staffed,
        replace(until(30), evidence=(lapsing, old), review_on=TODAY + timedelta(14)),
        Caution(
            "state-et",
            Subject(SubjectKind.STATE, "ET"),
            Verdict.REVIEW,
            TODAY,
            TODAY + timedelta(3),
            "bob",
            TODAY,
            Texts("The authority's oversight is under review."),
        ),
        Service("s1", "ETH", ("FRA", "ADD"), TODAY, TODAY + timedelta(9), "list", "bob", TODAY),
    )
    list(receive(staffed, Document(b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines", "t.txt")))
    assert remind(staffed) == 3
    assert reminded(staffed) == KEEPERS
    text = text_to(staffed)
    places = [
        text.index(part)
        for part in (
            "Things that end or are due: 6.",
            "ENDED ALREADY",
            "Last day of the evidence: Wed 18 Nov 2026. Later flights that rest on it need a review.",
            "Old letter",
            "WITHIN 3 DAYS",
            "Last day of the caution: Thu 26 Nov 2026. Later flights need a review",
            "WITHIN 14 DAYS",
            "Day of the review: Mon 7 Dec 2026.",
            "WITHIN 30 DAYS",
            "Last day of the rating: Wed 23 Dec 2026. Later flights",
        )
    ]
    assert places == sorted(places)
    for part in (
        "Ethiopian Airlines (ETH, ET), Ethiopia",
        "Audit report",
        "Last day of the known service: Wed 2 Dec 2026.",
        "Upcoming journeys it touches: 1 https://travelrisk.example.org/changes/new?subject=carrier:ETH",
        "https://travelrisk.example.org/queue?language=en",
    ):
        assert part in text
    assert "Zimmer" not in text


def test_the_end_of_an_outline_says_what_no_longer_holds(staffed: Application) -> None:
    publish(staffed, airspace("ZZ-BASIN", box(10, 33, 20, 36), since=TODAY, until=TODAY + timedelta(3)))
    remind(staffed)
    told = text_to(staffed)
    assert "Airspace ZZ-BASIN" in told
    assert "Last day of the outline: Thu 26 Nov 2026. Nothing on record about this airspace concerns" in told
    assert "rating" not in told.partition("WHAT TO DO")[0]


def test_a_running_alternate_is_told_and_who_left_is_not(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(3))
    with writing(staffed.engine) as c:
        people.delegate(c, Delegation("bob", "dana", TODAY, TODAY + timedelta(60)), by="bob", at=clock.at)
        people.save(c, replace(people.by_id(c, "charlie"), is_active=False))
    assert remind(staffed) == 3
    assert reminded(staffed) == ["alice", "bob", "dana"]
    with writing(staffed.engine) as c:
        people.save(c, replace(people.by_id(c, "alice"), is_active=False))
    assert dispatch(staffed, Memory(), "one") == Dispatched(sent=2, withheld=1)


def test_the_end_of_a_delegation_is_told_to_its_two_people(staffed: Application, clock: Clock) -> None:
    with writing(staffed.engine) as c:
        last = TODAY + timedelta(14)
        people.delegate(c, Delegation("bob", "dana", TODAY, last), by="bob", at=clock.at)
        over = people.delegate(c, Delegation("alice", "dana", TODAY, last), by="alice", at=clock.at)
        people.end_delegation(c, over, clock.at)
        later = Delegation("charlie", "dana", TODAY + timedelta(1), last)
        people.delegate(c, later, by="charlie", at=clock.at)
    assert remind(staffed) == 2
    assert reminded(staffed) == ["bob", "dana"]
    text = text_to(staffed, "dana")
    assert "Dana for Bob Last day of the delegation: Mon 7 Dec 2026." in text
    assert "https://travelrisk.example.org/account/delegations?language=en" in text


def test_the_end_of_an_exception_is_told_to_who_asked_and_who_decided_too(
    staffed: Application, clock: Clock
) -> None:
    publish(staffed, RATING)
    exception = replace(EXCEPTION, valid_until=TODAY + timedelta(40))
    one = proposed(staffed, Content("The clinic opens.", (exception,)))
    signing.sign(staffed, "frank", one.reference, seen(staffed, one))
    publishing.publish(staffed, "bob", one.reference)
    dispatch(staffed, Memory(), "one")
    before = reminded(staffed)
    clock.pass_by(days=10)
    assert remind(staffed) == 4
    assert sorted(reminded(staffed)) == sorted([*before, *KEEPERS, "frank"])
    text = text_to(staffed, "frank")
    assert "Last day of the exception: Sat 2 Jan 2027. After that the ratings hold." in text
    assert "ask a focal point in good time" in text
    assert "/changes/" not in text, "who may not propose is not sent there"
    for secret in ("Nairobi", "clinic", "Daylight"):
        assert secret not in text_to(staffed)


def test_an_imported_exception_knows_its_people_by_the_names_in_it(staffed: Application) -> None:
    exception = replace(EXCEPTION, set_by="Erin", approved_by="Frank", valid_until=TODAY + timedelta(3))
    publish(staffed, RATING, exception)
    assert remind(staffed) == 5
    assert reminded(staffed) == [*KEEPERS, "erin", "frank"]


def test_a_letter_is_in_the_language_of_its_reader(staffed: Application) -> None:
    with writing(staffed.engine) as c:
        people.save(c, replace(people.by_id(c, "bob"), language="fr"))
    publish(staffed, until(3))
    remind(staffed)
    assert "DANS LES 3 JOURS Ethiopian Airlines (ETH, ET), Éthiopie" in text_to(staffed, "bob")
    assert "WITHIN 3 DAYS" in text_to(staffed, "alice")


def test_hundreds_of_ends_are_counted_and_the_letter_stays_small(staffed: Application) -> None:
    evidence = tuple(
        replace(SOURCE, title=f"{'Report ' * 60}{n}", valid_until=TODAY + timedelta(3)) for n in range(300)
    )
    publish(staffed, replace(RATING, evidence=evidence))
    remind(staffed)
    assert "Things that end or are due: 300." in text_to(staffed)
    assert "More in the queue: 255." in text_to(staffed)
    with reading(staffed.engine) as c:
        assert len(desk_letters.to(c, "alice")[-1].body) < 100_000


def test_an_address_that_cannot_be_used_keeps_nobody_else_from_being_told(staffed: Application) -> None:
    with writing(staffed.engine) as c:
        people.save(c, replace(people.by_id(c, "alice"), email="nowhere"))
    publish(staffed, until(3))
    assert remind(staffed) == 2
    assert reminded(staffed) == ["bob", "charlie"]


def test_evidence_that_lasts_as_long_as_its_record_is_not_told_beside_it(staffed: Application) -> None:
    both = replace(SOURCE, title="Bulletin", valid_until=TODAY + timedelta(3))
    publish(staffed, replace(until(3), evidence=(both,)))
    assert remind(staffed) == 3
    text = text_to(staffed)
    assert "Last day of the rating" in text
    assert "Bulletin" not in text


def test_a_caution_whose_evidence_lapses_is_said_to_need_a_review(staffed: Application) -> None:
    bulletin = replace(SOURCE, title="Bulletin", valid_until=TODAY + timedelta(3))
    where = Subject(SubjectKind.COUNTRY, "ET")
    publish(
        staffed,
        Caution("c1", where, Verdict.REVIEW, TODAY, None, "bob", TODAY, Texts("Look out."), (), (bulletin,)),
    )
    assert remind(staffed) == 3
    words = " ".join(text_to(staffed).split())
    assert (
        "Last day of the evidence: Thu 26 Nov 2026. Later flights that rest on it need a review. Bulletin"
        in words
    )
