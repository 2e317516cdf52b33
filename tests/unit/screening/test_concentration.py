"""What the rule about many people on one flight finds, and what it never says."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.screening.world import (
    AT,
    GOOD,
    authorisation,
    itinerary,
    policy,
    rating,
    segment,
    snapshot,
)
from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import NOBODY, Authorisation, AuthorisationKind, Whose
from travelrisk.domain.concentration import Aboard, Ceilings
from travelrisk.domain.policy import Policy
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.engine import screen
from travelrisk.screening.explain import finding_text
from travelrisk.telling.reasons import noted, proofs

OUT = segment("ET 707 FRA ADD 2026-12-12T10:20 2026-12-12T19:50", operator="Ethiopian Airlines")
BACK = segment("ET 706 ADD FRA 2026-12-20T10:20 2026-12-20T19:50", operator="Ethiopian Airlines")
BOSS = Texts("Director", "Directrice", "Directora")
CEILINGS = Ceilings(20, 30, 1, 2, frozenset({"head@example.org"}), approver=BOSS)


def under(ceilings: Ceilings) -> Policy:
    return replace(policy(), concentration=ceilings)


def found(*aboard: Aboard, ceilings: Ceilings = CEILINGS, later: timedelta = timedelta()) -> Advisory:
    trip = itinerary(OUT, BACK)
    return screen(trip, snapshot(*GOOD), under(ceilings), AT + later, NOBODY, AT, aboard)


def codes(advisory: Advisory) -> list[tuple[str, int | None, Verdict]]:
    return [
        (each.code.removeprefix("concentration."), each.segment, each.effect)
        for each in advisory.findings
        if each.rule == "concentration"
    ]


def test_more_than_a_ceiling_asks_for_its_verdict_on_that_flight_alone() -> None:
    few = found(Aboard(0, 20, 1), Aboard(1, 1, 0))
    assert (few.verdict, codes(few)) == (Verdict.CLEARED, [])
    many = found(Aboard(0, 31, 0), Aboard(1, 21, 3))
    assert many.segment_verdicts == (Verdict.REVIEW, Verdict.REVIEW)
    assert codes(many) == [
        ("staff_block", 0, Verdict.REVIEW),
        ("heads_block", 1, Verdict.REVIEW),
        ("staff_warn", 1, Verdict.CONDITIONAL),
    ]
    assert found(Aboard(0, 31, 0), Aboard(1, 1, 0)).segment_verdicts == (Verdict.REVIEW, Verdict.CLEARED)


def test_the_answer_says_how_many_the_ceiling_and_who_decides() -> None:
    (finding,) = found(Aboard(0, 31, 0), Aboard(1, 1, 0)).reasons()
    for language in LANGUAGES:
        text = finding_text(finding, language)
        assert re.findall(r"\b3\d\b", text) == ["31", "30"]
        assert "ET 707" in text
        assert BOSS.in_language(language) in text


def test_without_an_approver_the_focal_point_decides() -> None:
    advisory = found(Aboard(0, 31, 0), Aboard(1, 1, 0), ceilings=replace(CEILINGS, approver=Texts()))
    assert policy().focal_point.name.en in finding_text(advisory.reasons()[0], "en")


def test_a_warning_may_be_a_note() -> None:
    only_said = replace(CEILINGS, warn_verdict=Verdict.CLEARED)
    advisory = found(Aboard(0, 21, 0), Aboard(1, 1, 0), ceilings=only_said)
    assert advisory.verdict is Verdict.CLEARED
    assert [each.code for each in noted(advisory)] == ["concentration.staff_warn"]
    assert "concentration.staff_warn" not in {each.code for each in proofs(advisory, 0)}


def test_a_flight_on_which_nobody_can_be_counted_is_named() -> None:
    advisory = found(Aboard(1, 1, 0))
    assert codes(advisory) == [("not_counted", 0, Verdict.CLEARED)]
    assert "ET 707" in finding_text(noted(advisory)[0], "en")


def test_a_question_is_told_that_nobody_was_counted() -> None:
    advisory = screen(itinerary(OUT, BACK), snapshot(*GOOD), under(CEILINGS), AT)
    assert codes(advisory) == [("later", None, Verdict.CLEARED)]
    assert [each.code for each in noted(advisory)] == ["concentration.later"]


def test_without_ceilings_nothing_is_found_whoever_is_aboard() -> None:
    trip = itinerary(OUT, BACK)
    counted = screen(trip, snapshot(*GOOD), policy(), AT, aboard=(Aboard(0, 500, 50),))
    assert counted == screen(trip, snapshot(*GOOD), policy(), AT)


def test_a_flight_that_was_flown_is_over() -> None:
    advisory = found(Aboard(0, 31, 0), Aboard(1, 1, 0), later=timedelta(days=22))
    assert codes(advisory) == []


def granted(**more: Any) -> Authorisation:  # noqa: ANN401 - fields of the record
    wanted: dict[str, Any] = {"kind": AuthorisationKind.CONCENTRATION, "people": 31, **more}
    return replace(authorisation("ETH", trip="TR-7KQ2M9"), **wanted)


def held(allowed: Authorisation, *aboard: Aboard, trip: str = "TR-7KQ2M9") -> Advisory:
    journey = itinerary(OUT)
    return screen(journey, snapshot(*GOOD, allowed), under(CEILINGS), AT, Whose(trip), AT, aboard)


def test_somebody_may_let_one_trip_fly_above_the_ceiling_and_no_more_people_than_were_named() -> None:
    advisory = held(granted(), Aboard(0, 31, 0))
    assert advisory.verdict is Verdict.CONDITIONAL
    (said,) = [each for each in advisory.findings if each.code == "authorised.concentration"]
    for language in LANGUAGES:
        assert granted().id in finding_text(said, language)
    assert held(granted(), Aboard(0, 32, 0)).verdict is Verdict.REVIEW, "one more than was authorised"
    assert held(granted(), Aboard(0, 31, 3)).verdict is Verdict.CONDITIONAL
    assert held(granted(people=2), Aboard(0, 10, 3)).verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    "other",
    [
        {"trip": "TR-222222"},
        {"carrier": "KQA"},
        {"route": "ADD-CDG"},
        {"valid_until": date(2026, 12, 11)},
        {"kind": AuthorisationKind.AD_HOC},
        {"kind": AuthorisationKind.BLANKET, "office": "Geneva"},
    ],
)
def test_outside_of_its_scope_or_of_another_kind_it_lifts_no_ceiling(other: dict[str, Any]) -> None:
    assert held(granted(**other), Aboard(0, 31, 0)).verdict is Verdict.REVIEW


def test_it_lifts_nothing_else() -> None:
    refused = [each for each in GOOD if str(each.subject) != "carrier:ETH"]
    on = snapshot(*refused, rating("carrier:ETH", "not_recommended"), granted())
    advisory = screen(itinerary(OUT), on, under(CEILINGS), AT, Whose("TR-7KQ2M9"), AT, (Aboard(0, 31, 0),))
    assert advisory.verdict is Verdict.NOT_CLEARED
