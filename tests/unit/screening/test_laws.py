"""The laws of the judgement, tried on many generated itineraries and ratings."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.screening.world import (
    AT,
    GOOD,
    airspace,
    box,
    caution,
    itinerary,
    policy,
    rating,
    segment,
    service,
    snapshot,
)
from travelrisk.domain.advisories import Finding
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Basis, Itinerary, Outcome, Place, Question, Segment, Severity
from travelrisk.domain.ratings import Level, Rating, Record
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import engine
from travelrisk.screening.engine import screen
from travelrisk.screening.rules import RULES

CARRIERS = ("ET", "LH", "KQ", "AF", "BA", "AY", "QQ")
AIRPORTS = ("FRA", "ADD", "NBO", "CDG", "LHR", "LON", "HEL", "QZQ")
OPERATORS = ("", "Ethiopian Airlines", "Lufthansa", "Finnair", "Grey Heron Airways", "UNDEFINED")
SUBJECTS = (
    *(f"carrier:{each}" for each in ("ETH", "DLH", "KQA", "AFR", "BAW", "FIN")),
    *(f"airport:{each}" for each in ("FRA", "ADD", "NBO", "CDG", "LHR", "LGW", "HEL")),
    *(f"country:{each}" for each in ("DE", "ET", "KE")),
    "route:ADD-FRA",
    "route:ETH:ADD-FRA",
    "airspace:NILE",
    "airspace:RHINE",
)
# Under the ways to Africa, and round an airport: a flight passes the one, and begins or ends in the other.
SKY = (airspace("NILE", box(25, 24, 34, 32), state="ET"), airspace("RHINE", box(7, 49, 10, 51), state="DE"))
WORSE = {
    Level.RECOMMENDED: (Level.CONDITIONAL, Level.NOT_RATED, Level.NOT_RECOMMENDED),
    Level.CONDITIONAL: (Level.NOT_RATED, Level.NOT_RECOMMENDED),
    Level.NOT_RATED: (Level.NOT_RECOMMENDED,),
    Level.NOT_RECOMMENDED: (Level.NOT_RECOMMENDED,),
}
days = st.dates(date(2026, 11, 20), date(2027, 3, 1))


@st.composite
def segments(draw: st.DrawFn) -> DraftSegment:
    day = draw(days)
    clock = draw(st.sampled_from(("T06:30", "T23:10", "")))
    arrives = f"{day + timedelta(days=1)}T09:00" if clock else ""
    ends = f"{draw(st.sampled_from(AIRPORTS))} {draw(st.sampled_from(AIRPORTS))}"
    number = draw(st.sampled_from(("707", "3707")))
    text = f"{draw(st.sampled_from(CARRIERS))} {number} {ends} {day}{clock} {arrives}"
    status = draw(st.sampled_from(("held", "held", "waitlist", "cancelled")))
    return segment(text, operator=draw(st.sampled_from(OPERATORS)), status=status)


@st.composite
def records(draw: st.DrawFn) -> Record:
    since = draw(st.sampled_from((date(2026, 1, 1), date(2026, 12, 15))))
    until = draw(st.sampled_from((None, date(2026, 12, 10), date(2027, 6, 1))))
    kind = draw(st.sampled_from(("rating", "rating", "rating", "caution", "service")))
    about = draw(st.sampled_from(SUBJECTS))
    if kind == "caution":
        effect = draw(st.sampled_from(("conditional", "review", "not_cleared")))
        return caution(about, effect, since=since, until=until)
    if kind == "service":
        return service(draw(st.sampled_from(("ETH", "DLH"))), "FRA", "ADD", until)
    level = draw(st.sampled_from(list(Level)))
    return rating(
        about,
        level.value,
        since=since,
        until=until,
        evidence_until=draw(st.sampled_from((None, date(2026, 12, 1), date(2028, 1, 1)))),
        review_on=draw(st.sampled_from((None, None, AT.date() - timedelta(days=1), AT.date()))),
        id=f"{about}-{level}-{draw(st.sampled_from('ab'))}".lower(),
    )


on_record = st.lists(records(), max_size=12, unique_by=lambda each: each.id).map(tuple)
some_segments = st.lists(segments(), max_size=4).map(tuple)
PLAIN = segment("ET 707 FRA ADD 2026-12-12T22:30 2026-12-13T06:10", operator="Ethiopian Airlines")


def verdict(of: Itinerary, on: tuple[Record, ...]) -> Verdict:
    return screen(of, snapshot(*on, *SKY), policy(), AT).verdict


@given(some_segments, on_record, st.data())
def test_a_worse_rating_never_makes_the_verdict_better(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...], data: st.DataObject
) -> None:
    ratings = [each for each in on if isinstance(each, Rating)]
    if not ratings:
        return
    chosen = data.draw(st.sampled_from(ratings))
    level = data.draw(st.sampled_from(WORSE[chosen.level]))
    worse = tuple(replace(each, level=level) if each is chosen else each for each in on)
    trip = itinerary(*fly)
    assert verdict(trip, worse) >= verdict(trip, on)


@given(some_segments, on_record, records())
def test_one_more_worse_rating_or_caution_never_makes_it_better(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...], more: Record
) -> None:
    adverse = (
        replace(more, id="more", level=Level.NOT_RECOMMENDED, valid_from=date(2026, 1, 1), valid_until=None)
        if isinstance(more, Rating)
        else caution("state:ET", "not_cleared", id="more")
    )
    trip = itinerary(*fly)
    assert verdict(trip, (*on, adverse)) >= verdict(trip, on)


@given(some_segments, segments(), on_record)
def test_one_more_segment_never_makes_the_verdict_better(
    fly: tuple[DraftSegment, ...], more: DraftSegment, on: tuple[Record, ...]
) -> None:
    """Put at the end, after all others: in the middle a segment may close a gap, and at the front a wait."""
    trip = itinerary(*fly)
    last = itinerary(more).segments
    longer = replace(trip, segments=(*trip.segments, *(_later(each) for each in last)))
    if not trip.segments:
        return
    assert verdict(longer, on) >= verdict(trip, on)


def _later(flown: Segment) -> Segment:
    year = timedelta(days=120)
    departs, arrives = flown.departs, flown.arrives
    return replace(
        flown,
        departs=replace(
            departs,
            day=departs.day and departs.day + year,
            local=departs.local and departs.local + year,
            utc=departs.utc and departs.utc + year,
        ),
        arrives=replace(
            arrives,
            day=arrives.day and arrives.day + year,
            local=arrives.local and arrives.local + year,
            utc=arrives.utc and arrives.utc + year,
        ),
    )


@given(some_segments, on_record, st.randoms(use_true_random=False))
def test_the_order_of_ratings_and_segments_does_not_matter(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...], chance: Random
) -> None:
    trip = itinerary(*fly)
    order = list(range(len(trip.segments)))
    chance.shuffle(order)
    shuffled_records = list(on)
    chance.shuffle(shuffled_records)
    moved = {old: new for new, old in enumerate(order)}
    shuffled = replace(
        trip,
        segments=tuple(trip.segments[index] for index in order),
        questions=tuple(
            replace(each, segment=None if each.segment is None else moved[each.segment])
            for each in trip.questions
        ),
    )
    one = screen(trip, snapshot(*on, *SKY), policy(), AT)
    other = screen(shuffled, snapshot(*shuffled_records, *SKY), policy(), AT)
    assert other.verdict is one.verdict

    def reasons(findings: tuple[Finding, ...]) -> Counter[tuple[object, ...]]:
        return Counter((each.code, each.effect, each.matched, each.record) for each in findings)

    # Segments that leave at the same minute have no order of their own; any gap is found either way.
    gap = {"itinerary.gap"}
    assert reasons(tuple(f for f in one.findings if f.code not in gap)) == reasons(
        tuple(f for f in other.findings if f.code not in gap)
    )


@given(some_segments, on_record)
def test_the_same_question_has_the_same_answer_to_the_last_bit(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...]
) -> None:
    trip = itinerary(*fly)
    assert screen(trip, snapshot(*on, *SKY), policy(), AT) == screen(
        trip, snapshot(*SKY, *reversed(on)), policy(), AT
    )


@given(some_segments, on_record)
def test_the_verdict_is_the_worst_of_its_segments_and_of_the_findings_on_the_whole(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...]
) -> None:
    advisory = screen(itinerary(*fly), snapshot(*on, *SKY), policy(), AT)
    parts = [each for each in advisory.segment_verdicts if each is not None]
    whole = [each.effect for each in advisory.findings]
    assert advisory.verdict is max([*parts, *whole], default=Verdict.REVIEW)


@given(some_segments, on_record, st.dates(date(2026, 6, 1), date(2027, 12, 1)), st.data())
def test_a_shorter_validity_never_makes_the_verdict_better(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...], until: date, data: st.DataObject
) -> None:
    """For what clears; a warning that ends early turns into "expired", which is a review of its own.

    A rating that has lost its support is such a warning, too.
    """
    good = [each for each in on if isinstance(each, Rating) and _clears(each)]
    if not good:
        return
    chosen = data.draw(st.sampled_from(good))
    end = min(until, chosen.valid_until or until)
    shorter = tuple(replace(each, valid_until=end) if each is chosen else each for each in on)
    trip = itinerary(*fly)
    assert verdict(trip, shorter) >= verdict(trip, on)


def _clears(rated: Rating) -> bool:
    is_supported = not rated.lapsed_evidence(date(2027, 12, 1)) and not rated.is_due_for_review(AT.date())
    return rated.level is Level.RECOMMENDED and is_supported


@given(some_segments, on_record, st.data())
def test_a_review_that_is_due_never_makes_the_verdict_better(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...], data: st.DataObject
) -> None:
    ratings = [each for each in on if isinstance(each, Rating)]
    if not ratings:
        return
    chosen = data.draw(st.sampled_from(ratings))
    due = tuple(replace(each, review_on=date(2026, 6, 1)) if each is chosen else each for each in on)
    trip = itinerary(*fly)
    assert verdict(trip, due) >= verdict(trip, on)
    advisory = screen(trip, snapshot(*due, *SKY), policy(), AT)
    if any(each.record is not None and each.record.id == chosen.id for each in advisory.findings):
        assert advisory.verdict >= Verdict.REVIEW


def _unknown(trip: Itinerary) -> dict[str, Itinerary]:
    flown = trip.segments[0]

    def with_segment(**fields: object) -> Itinerary:
        return replace(trip, segments=(replace(flown, **fields), *trip.segments[1:]))  # type: ignore[arg-type] # fields of Segment

    operating = flown.operating
    stated = replace(operating, basis=Basis.STATED)
    return {
        "operator": with_segment(operating=replace(operating, carrier=None, basis=Basis.STATED)),
        "basis": with_segment(operating=replace(operating, basis=Basis.UNKNOWN)),
        "marketing": with_segment(marketing=replace(flown.marketing, code="QQ", carrier=None)),
        "seller of a number": with_segment(
            marketing=replace(flown.marketing, code="", name="", carrier=None), operating=stated
        ),
        "origin": with_segment(origin=Place("QZQ")),
        "destination": with_segment(destination=Place("QZQ")),
        "stop": with_segment(stops=(Place("QZQ"),)),
        "date": with_segment(departs=replace(flown.departs, day=None, local=None, utc=None)),
        "question": replace(trip, questions=(Question("day_month", Severity.ASK, 0, "12/11"),)),
        "unread": replace(trip, unread=("KQ 1OO NBO JUB",)),
        "outcome": replace(trip, outcome=Outcome.PARTIAL),
        "no segments": replace(trip, segments=()),
    }


@pytest.mark.parametrize("missing", sorted(_unknown(itinerary(PLAIN))))
def test_nothing_with_an_unknown_is_cleared(missing: str) -> None:
    trip = itinerary(PLAIN)
    assert verdict(trip, GOOD) is Verdict.CLEARED
    assert verdict(_unknown(trip)[missing], GOOD) >= Verdict.REVIEW


@given(on_record, st.sampled_from(sorted(_unknown(itinerary(PLAIN)))))
def test_no_rating_clears_what_is_unknown(on: tuple[Record, ...], missing: str) -> None:
    assert verdict(_unknown(itinerary(PLAIN))[missing], (*GOOD, *on)) >= Verdict.REVIEW


def test_removing_any_record_never_clears_what_was_not() -> None:
    for left_out in GOOD:
        on = tuple(each for each in GOOD if each is not left_out)
        assert verdict(itinerary(PLAIN), on) >= verdict(itinerary(PLAIN), GOOD)


@pytest.mark.threat(41)
@pytest.mark.parametrize("broken", range(len(RULES)))
def test_a_rule_that_fails_is_a_review(broken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_case: object) -> Iterator[Finding]:
        raise RuntimeError

    rules = list(RULES)
    rules[broken] = failing
    monkeypatch.setattr(engine, "RULES", tuple(rules))
    advisory = screen(itinerary(PLAIN), snapshot(*GOOD), policy(), AT)
    assert advisory.verdict >= Verdict.REVIEW


@pytest.mark.parametrize("missing", range(len(RULES)))
def test_a_rule_that_settles_a_check_cannot_be_left_out(
    missing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tuple(rule for index, rule in enumerate(RULES) if index != missing)
    monkeypatch.setattr(engine, "RULES", left)
    advisory = screen(itinerary(PLAIN), snapshot(*GOOD), policy(), AT)
    settling = {"operating_carrier", "airports", "dates"}
    proved = engine.MANDATORY
    if {rule.__name__ for rule in left} >= settling:
        assert advisory.verdict is Verdict.CLEARED
    else:
        assert advisory.verdict >= Verdict.REVIEW
        assert {f.matched for f in advisory.findings if f.code == "check.missing"} <= set(proved)


def test_every_small_case_agrees_with_an_independent_judgement() -> None:
    """All itineraries of one segment: five states of each rating, four of the operator, and the seller."""
    states = ("recommended", "conditional", "not_recommended", "not_rated", "expired", "absent")
    worth = {"recommended": 0, "conditional": 1, "not_recommended": 3}
    for operating, selling, origin, said in itertools.product(
        states, states, states, ("stated", "told", "assumed", "unknown")
    ):
        on = [rating("airport:ADD")]
        for about, state in (("carrier:ETH", operating), ("carrier:DLH", selling), ("airport:FRA", origin)):
            if state == "expired":
                on.append(rating(about, until=date(2026, 12, 1)))
            elif state != "absent":
                on.append(rating(about, state))
        operator = {"assumed": "", "unknown": "UNDEFINED"}.get(said, "Ethiopian Airlines")
        flown = segment("LH 590 FRA ADD 2026-12-12T22:30 2026-12-13T06:10", operator=operator)
        trip = itinerary(replace(flown, operating_basis=Basis.TRAVELLER if said == "told" else None))
        flies = {"stated": operating, "told": operating, "assumed": selling}.get(said)
        wanted = max(
            worth.get(selling, 2),
            worth.get(origin, 2),
            2 if flies is None else worth.get(flies, 2),
            1 if said in {"assumed", "told"} else 0,
        )
        assert verdict(trip, tuple(on)) == wanted, (operating, selling, origin, said)


@given(some_segments, on_record)
def test_an_operator_that_the_traveller_states_is_never_better_than_a_condition(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...]
) -> None:
    """Nor better than what the booking would have led to, had it stated the same; services known or not."""
    told = itinerary(*(replace(each, operating_basis=Basis.TRAVELLER) for each in fly if each.operator))
    stated = itinerary(*(each for each in fly if each.operator))
    assert verdict(told, on) >= verdict(stated, on)
    known: tuple[Record, ...] = (*GOOD, service("ETH", "FRA", "ADD"), service("DLH", "FRA", "ADD"))
    advisory = screen(told, snapshot(*known, *SKY), policy(), AT)
    for each, flown in zip(advisory.segment_verdicts, told.segments, strict=True):
        if each is not None and flown.operating.carrier is not None:
            assert flown.operating.basis is Basis.TRAVELLER
            assert each >= Verdict.CONDITIONAL


@given(some_segments, on_record)
def test_every_finding_names_a_rule_of_the_handbook(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...]
) -> None:
    names = {rule.__name__ for rule in RULES}
    advisory = screen(itinerary(*fly), snapshot(*on, *SKY), policy(), AT)
    assert {finding.rule for finding in advisory.findings} <= names
