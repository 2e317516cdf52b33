"""What a change does to journeys: counted, told apart, and the next to depart first."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.factories import ATLAS, BOOK
from tests.travel import BASE, changes, journeys, world
from tests.unit.screening.world import (
    AT,
    GOOD,
    caution,
    itinerary,
    policy,
    rating,
    segment,
    service,
    snapshot,
    subject,
)
from travelrisk.domain.changes import Change
from travelrisk.domain.itineraries import Itinerary, Traveller
from travelrisk.domain.ratings import Record, Snapshot
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.effect import Effect, Journey, applied, effect, touched_subjects

CHANGES = dict(changes())
TIGHTER = Change((caution("carrier:ETH", "review"),), (), 0)
GOOD_ETH = next(record for record in GOOD if record.id == "carrier:eth-recommended")


def to_addis(day: str = "2026-12-12", *people: str) -> Itinerary:
    made = itinerary(segment(f"ET 707 FRA ADD {day}T10:20 {day}T19:50", operator="Ethiopian Airlines"))
    return with_people(made, people)


def with_people(made: Itinerary, people: Iterable[str]) -> Itinerary:
    travellers = tuple(Traveller(given=name.title(), email=f"{name}@example.org") for name in people)
    return Itinerary(made.segments, travellers, outcome=made.outcome, context_date=made.context_date)


def found(*trips: Journey, change: Change = TIGHTER, **more: Any) -> Effect:  # noqa: ANN401 - options of effect
    before = snapshot(*GOOD)
    return effect(trips, before, applied(before, change), policy(), AT, **more)


def filed(records: Iterable[Record], edition: int) -> Snapshot:
    return snapshot(*records, edition=edition)


@pytest.mark.parametrize("name", CHANGES)
def test_applied_is_what_sorting_all_records_anew_would_give(name: str) -> None:
    change = CHANGES[name]
    after = applied(filed(BASE, 3), change)
    staying = [record for record in BASE if record not in change.closed]
    wanted = filed([*staying, *change.opened], 4)
    opened = {record.id for record in change.opened}
    for field in ("ratings", "cautions", "services", "authorisations"):
        assert _unopened(getattr(after, field)) == getattr(wanted, field)
        held = [record for rows in getattr(after, field).values() for record in rows]
        assert all(record.opened_in == (4 if record.id in opened else 0) for record in held)
    assert after.edition == 4


def _unopened(rows: Mapping[Any, tuple[Record, ...]]) -> dict[Any, tuple[Record, ...]]:
    return {key: tuple(replace(each, opened_in=0) for each in records) for key, records in rows.items()}


def test_applying_a_change_leaves_what_was_believed_as_it_is() -> None:
    before = filed(BASE, 3)
    applied(before, Change((), BASE, 0))
    assert before == filed(BASE, 3)


def test_a_change_touches_the_subjects_it_opens_and_closes() -> None:
    change = Change(
        (caution("state:ET"), service("ETH", "FRA", "ADD"), rating("country:KE")), (rating("airport:ADD"),), 0
    )
    wanted = {"state:ET", "route:ETH:ADD-FRA", "country:KE", "airport:ADD"}
    assert touched_subjects(change) == {subject(each) for each in wanted}


def test_who_changes_is_counted_from_what_to_what() -> None:
    effect = found(
        Journey(to_addis("2026-12-12", "alice"), "TR-A", "Geneva"),
        Journey(to_addis("2026-12-01", "alice", "bob"), "TR-B", "Geneva"),
        Journey(to_addis("2027-01-05"), "TR-C", "", "charlie@example.org"),
        Journey(itinerary(segment("LH 590 FRA NBO 2026-12-12", operator="Lufthansa")), "TR-D", "Rome"),
    )
    assert effect.screened == 4
    assert effect.counts == {(Verdict.CLEARED, Verdict.REVIEW): 3}
    assert (effect.itineraries, effect.trips, effect.people, effect.offices) == (3, 3, 3, 1)
    assert (effect.departs, effect.days) == (date(2026, 12, 1), 8)
    assert [each.trip for each in effect.listed] == ["TR-B", "TR-A", "TR-C"]
    assert effect.listed[0].names == ("Alice", "Bob")
    assert effect.readers == 1, "nobody can be written to about the others"


def test_people_without_an_address_are_told_apart_by_name_and_contact() -> None:
    smith = Traveller(raw_name="SMITH/J MR")

    def of(trip: str, contact: str) -> Journey:
        return Journey(
            Itinerary(to_addis().segments, (smith,), outcome=to_addis().outcome), trip, "", contact
        )

    assert found(of("TR-A", "unit@example.org"), of("TR-B", "Unit@example.org")).people == 1
    assert found(of("TR-A", "unit@example.org"), of("TR-B", "other@example.org")).people == 2
    assert found(Journey(to_addis(), "TR-A"), Journey(to_addis(), "TR-B")).people == 2


@pytest.mark.parametrize("limit", [0, 1, 2, 9])
def test_whoever_is_not_listed_is_counted(limit: int) -> None:
    trips = [Journey(to_addis(f"2026-12-{day}"), f"TR-{day}") for day in (20, 14, 17, 12)]
    effect = found(*trips, limit=limit)
    assert effect.itineraries == 4
    assert [each.trip for each in effect.listed] == ["TR-12", "TR-14", "TR-17", "TR-20"][:limit]


def test_the_next_departure_is_one_that_is_ahead() -> None:
    there = segment("ET 706 ADD FRA 2026-11-02T10:20 2026-11-02T19:50", operator="Ethiopian Airlines")
    back = segment("ET 707 FRA ADD 2026-12-12T10:20 2026-12-12T19:50", operator="Ethiopian Airlines")
    change = Change(
        (rating("carrier:ETH", "not_recommended", id="carrier:eth-recommended:2"),), (GOOD_ETH,), 0
    )
    effect = found(Journey(itinerary(there, back), "TR-A"), change=change)
    assert effect.counts == {(Verdict.REVIEW, Verdict.NOT_CLEARED): 1}  # a past date is a review as it is
    assert effect.departs == date(2026, 12, 12)
    undated = itinerary(segment("ET 707 FRA ADD -", operator="Ethiopian Airlines"))
    effect = found(Journey(undated, "TR-A"), change=change)
    assert (effect.itineraries, effect.departs, effect.days) == (1, None, None)


def test_another_condition_under_the_same_verdict_is_told_apart_from_no_change() -> None:
    old = rating("carrier:ETH", "conditional")
    new = rating("carrier:ETH", "conditional", id=f"{old.id}:2")
    records = [record for record in GOOD if record is not GOOD_ETH]
    before = snapshot(*records, old)
    trips = [Journey(to_addis(), "TR-A")]

    def rephrased(change: Change) -> int:
        effect_ = effect(trips, before, applied(before, change), policy(), AT)
        assert effect_.itineraries == 0
        return effect_.rephrased

    assert rephrased(Change((new,), (old,), 0)) == 0
    assert rephrased(Change((replace(new, condition=Texts("Not at night.")),), (old,), 0)) == 1


def test_a_loosening_counts_like_a_tightening() -> None:
    before = snapshot(*GOOD, caution("carrier:ETH", "review"))
    after = snapshot(*GOOD, edition=2)
    counts = effect([Journey(to_addis(), "TR-A")], before, after, policy(), AT).counts
    assert counts == {(Verdict.REVIEW, Verdict.CLEARED): 1}


def test_an_effect_is_known_again_by_who_is_told_what() -> None:
    def digest(*trips: Journey, change: Change = TIGHTER) -> str:
        return found(*trips, change=change).digest

    one, two = Journey(to_addis(), "TR-A"), Journey(to_addis(), "TR-B")
    assert digest(one, two) == digest(two, one)
    assert len({digest(), digest(one), digest(two), digest(one, two)}) == 4
    assert digest(one._replace(contact="a@example.org")) != digest(one._replace(contact="b@example.org"))
    assert digest(one, change=Change((), (), 0)) == digest() == ""


def test_the_same_ratings_change_nobody() -> None:
    trips = [Journey(each, f"TR-{n}") for n, each in enumerate(journeys(world(ATLAS, BOOK), 3, 40))]
    unmoved = effect(trips, filed(BASE, 1), filed(BASE, 2), policy(), AT)
    assert unmoved == Effect(screened=40)
