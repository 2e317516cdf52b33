"""What an authorisation may do to a judgement, and all that it may not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.screening.test_laws import PLAIN, WORSE, on_record, segments, some_segments
from tests.unit.screening.world import (
    AT,
    GOOD,
    authorisation,
    caution,
    itinerary,
    policy,
    rating,
    segment,
    snapshot,
)
from travelrisk.domain.advisories import Advisory, Finding
from travelrisk.domain.authorisations import NOBODY, Authorisation, AuthorisationKind, Whose
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Basis, Itinerary, Place
from travelrisk.domain.ratings import Rating, Record
from travelrisk.domain.texts import LANGUAGES
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import engine
from travelrisk.screening.engine import screen
from travelrisk.screening.explain import advisory_shape, finding_text, handbook

OURS = Whose("TR-7KQ2M9", "Nairobi")
SCOPES = ({"trip": OURS.trip}, {"office": OURS.office}, {"office": "Amman"}, {"trip": "TR-222222"})
FIRST, LAST = date(2026, 12, 12), date(2026, 12, 13)
ETH = authorisation("ETH", office=OURS.office)
ABOUT_CARRIERS = ("operating.", "marketing.", "route.", "state.")


@st.composite
def granted(draw: st.DrawFn) -> Authorisation:
    carrier = draw(st.sampled_from(("ETH", "ETH", "DLH", "KQA", "FIN")))
    until = draw(st.sampled_from((date(2026, 12, 10), date(2027, 6, 1))))
    route = draw(st.sampled_from(("", "", "ADD-FRA")))
    number = draw(st.integers(0, 9))
    scope = draw(st.sampled_from(SCOPES))
    return authorisation(carrier, until=until, route=route, id=f"exc-{carrier}-{number}", **scope)


exceptions = st.lists(granted(), min_size=1, max_size=4, unique_by=lambda each: each.id).map(tuple)


def judged(trip: Itinerary, *on: Record, whose: Whose = OURS) -> Advisory:
    return screen(trip, snapshot(*on), policy(), AT, whose)


def refused(about: str = "carrier:ETH", level: str = "not_recommended") -> tuple[Record, ...]:
    return (
        *(each for each in GOOD if str(each.subject) != about),
        rating(about, level),
    )


@given(some_segments, on_record, exceptions)
def test_it_makes_nothing_better_than_conditional_and_nothing_worse(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...], allowed: tuple[Authorisation, ...]
) -> None:
    trip = itinerary(*fly)
    before, after = judged(trip, *on), judged(trip, *on, *allowed)
    pairs = zip(
        (before.verdict, *before.segment_verdicts), (after.verdict, *after.segment_verdicts), strict=True
    )
    for was, now in pairs:
        if was is None or now is None:
            assert was is now
        else:
            assert min(was, Verdict.CONDITIONAL) <= now <= was


@given(some_segments, on_record, exceptions)
def test_it_softens_what_is_on_record_about_its_carrier_and_nothing_else(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...], allowed: tuple[Authorisation, ...]
) -> None:
    trip = itinerary(*fly)
    before, after = judged(trip, *on).findings, judged(trip, *on, *allowed).findings
    said = [each for each in after if each.code.startswith("authorised.")]
    softened = [each for each in before if each not in after]
    carriers = {each.record.carrier for each in said if isinstance(each.record, Authorisation)}
    assert all(each.carrier in carriers for each in softened)
    assert all(each.code.startswith(ABOUT_CARRIERS) for each in softened)
    assert all(each.segment in {one.segment for one in said} for each in softened)
    assert bool(said) is bool(softened)
    assert len(after) == len(before) + len(said)


@given(some_segments, on_record, exceptions)
def test_outside_of_its_scope_it_is_as_if_it_were_not_there(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...], allowed: tuple[Authorisation, ...]
) -> None:
    trip = itinerary(*fly)
    assert judged(trip, *on, *allowed, whose=NOBODY) == judged(trip, *on)
    elsewhere = Whose("TR-999999", "Geneva")
    assert judged(trip, *on, *allowed, whose=elsewhere) == judged(trip, *on)
    ended = tuple(replace(each, valid_until=AT.date() - timedelta(days=9)) for each in allowed)
    assert judged(trip, *on, *ended) == judged(trip, *on)


@given(some_segments, on_record, exceptions, st.data())
def test_a_worse_rating_never_makes_it_better_even_where_it_is_authorised(
    fly: tuple[DraftSegment, ...],
    on: tuple[Record, ...],
    allowed: tuple[Authorisation, ...],
    data: st.DataObject,
) -> None:
    ratings = [each for each in on if isinstance(each, Rating)]
    if not ratings:
        return
    chosen = data.draw(st.sampled_from(ratings))
    level = data.draw(st.sampled_from(WORSE[chosen.level]))
    worse = tuple(replace(each, level=level) if each is chosen else each for each in on)
    trip = itinerary(*fly)
    assert judged(trip, *worse, *allowed).verdict >= judged(trip, *on, *allowed).verdict


@given(segments(), on_record, exceptions)
def test_the_order_of_authorisations_does_not_matter(
    fly: DraftSegment, on: tuple[Record, ...], allowed: tuple[Authorisation, ...]
) -> None:
    trip = itinerary(fly)
    assert judged(trip, *on, *allowed) == judged(trip, *reversed(allowed), *on)


@pytest.mark.parametrize(
    "on",
    [
        refused(),
        refused(level="not_rated"),
        (*refused(level="recommended")[:-1], rating("carrier:ETH", until=date(2026, 12, 1))),
        (*refused(level="recommended")[:-1], rating("carrier:ETH", evidence_until=date(2026, 12, 1))),
        (*refused(level="recommended")[:-1], rating("carrier:ETH", review_on=date(2026, 11, 1))),
        (*GOOD, caution("state:ET", "not_cleared")),
        (*GOOD, rating("route:ETH:ADD-FRA", "not_recommended")),
        GOOD[1:],
    ],
    ids=["refused", "not rated", "expired", "evidence", "review", "State", "route", "nothing on record"],
)
def test_what_is_on_record_about_the_carrier_becomes_a_condition(on: tuple[Record, ...]) -> None:
    trip = itinerary(PLAIN)
    assert judged(trip, *on).verdict >= Verdict.REVIEW
    advisory = judged(trip, *on, ETH)
    assert advisory.verdict is Verdict.CONDITIONAL
    (said,) = [each for each in advisory.findings if each.code == "authorised.blanket"]
    assert said.record == ETH
    for language in LANGUAGES:
        text = finding_text(said, language)
        assert all(word in text for word in ("exc-eth", "Charlie", "2027", "Daylight only."))


@pytest.mark.parametrize(
    "on",
    [
        refused(),
        (*GOOD, caution("state:ET", "not_cleared")),
        (*GOOD, rating("route:ETH:ADD-FRA", "not_recommended")),
    ],
    ids=["refused", "State", "route"],
)
def test_what_was_set_after_its_approval_is_news_and_stays(on: tuple[Record, ...]) -> None:
    trip, before, after = itinerary(PLAIN), replace(ETH, opened_in=5), replace(ETH, opened_in=4)
    later = tuple(replace(each, opened_in=5) for each in on)
    assert judged(trip, *later, before).verdict is Verdict.CONDITIONAL
    assert judged(trip, *later, after).verdict == judged(trip, *later).verdict >= Verdict.REVIEW


@pytest.mark.parametrize(
    "on",
    [
        (*refused(), caution("carrier:ETH", "review")),
        (*refused(), rating("airport:QZQ"), caution("airport:FRA", "review")),
        (*refused(), caution("country:ET", "review")),
        (*refused(), caution("route:ADD-FRA", "review")),
        (*refused(), rating("route:ADD-FRA", "not_recommended")),
        tuple(each for each in refused() if "airport:add" not in each.id),
    ],
    ids=["the carrier itself", "airport", "country", "pair", "pair rated", "airport not rated"],
)
def test_what_is_on_record_about_anything_else_stays(on: tuple[Record, ...]) -> None:
    assert judged(itinerary(PLAIN), *on, ETH).verdict >= Verdict.REVIEW


def _changed(trip: Itinerary) -> dict[str, Itinerary]:
    flown = trip.segments[0]
    nowhere = replace(flown.departs, day=None, local=None, utc=None)
    unsure = replace(flown.operating, basis=Basis.UNKNOWN)
    return {
        "date": replace(trip, segments=(replace(flown, departs=nowhere),)),
        "operator": replace(trip, segments=(replace(flown, operating=unsure),)),
        "airport": replace(trip, segments=(replace(flown, origin=Place("QZQ")),)),
        "unread": replace(trip, unread=("KQ 1OO NBO JUB",)),
    }


@pytest.mark.parametrize("missing", sorted(_changed(itinerary(PLAIN))))
def test_what_is_unknown_stays_unknown(missing: str) -> None:
    trip = itinerary(PLAIN)
    assert judged(trip, *refused(), ETH).verdict is Verdict.CONDITIONAL
    assert judged(_changed(trip)[missing], *refused(), ETH).verdict >= Verdict.REVIEW


@pytest.mark.parametrize(
    ("allowed", "holds"),
    [
        (ETH, True),
        (authorisation("ETH", trip=OURS.trip), True),
        (replace(ETH, route="ADD-FRA"), True),
        (replace(ETH, valid_from=FIRST, valid_until=LAST), True),
        (replace(ETH, carrier="DLH"), False),
        (replace(ETH, route="ADD-NBO"), False),
        (replace(ETH, valid_from=LAST), False),
        (replace(ETH, valid_until=FIRST), False),
        (replace(ETH, office="nairobi "), False),
        (replace(ETH, office=""), False),
        (replace(ETH, kind=AuthorisationKind.AD_HOC), False),
        (authorisation("ETH", trip="TR-222222"), False),
        (replace(authorisation("ETH", trip=OURS.trip), office="Amman"), False),
    ],
)
def test_the_scope_is_exact(allowed: Authorisation, *, holds: bool) -> None:
    wanted = Verdict.CONDITIONAL if holds else Verdict.NOT_CLEARED
    assert judged(itinerary(PLAIN), *refused(), allowed).verdict is wanted


def test_a_rating_between_two_stops_is_not_on_the_authorised_route() -> None:
    flown = itinerary(PLAIN).segments[0]
    stop = itinerary(segment("ET 1 NBO ADD 2026-12-12")).segments[0].origin
    trip = replace(itinerary(PLAIN), segments=(replace(flown, stops=(stop,)),))
    on = (*GOOD, rating("route:ETH:FRA-NBO", "not_recommended"))
    assert judged(trip, *on, replace(ETH, route="ADD-FRA")).verdict is Verdict.NOT_CLEARED
    assert judged(trip, *on, ETH).verdict is Verdict.CONDITIONAL


def test_a_carrier_that_needs_no_exception_is_cleared_as_ever() -> None:
    assert judged(itinerary(PLAIN), *GOOD, ETH) == judged(itinerary(PLAIN), *GOOD)


def test_where_it_cannot_be_looked_at_nothing_is_softened(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_case: object, _findings: object) -> list[Finding]:
        raise RuntimeError

    monkeypatch.setattr(engine, "authorisations", failing)
    advisory = judged(itinerary(PLAIN), *refused(), ETH)
    assert advisory.verdict is Verdict.NOT_CLEARED
    assert "rule.failed" in {each.code for each in advisory.findings}


def test_the_handbook_explains_it_and_the_answer_shows_it() -> None:
    advisory = judged(itinerary(PLAIN), *refused(), ETH)
    assert {each.rule for each in advisory.findings} <= {name for name, _ in handbook()}
    shown = [each["record"] for each in advisory_shape(advisory)["findings"] if each["record"]]
    (record,) = [each for each in shown if each["record"] == "authorisation"]
    assert (record["office"], record["approved_by"], record["valid_until"]) == (
        "Nairobi",
        "Charlie",
        "2027-06-30",
    )
