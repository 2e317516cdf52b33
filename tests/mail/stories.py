"""The stories behind the golden letters: one for each branch of each letter, judged by the engine itself."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tests.mail.world import (
    ADD,
    ALL_WELL,
    ALPHA,
    AT,
    BRAVO,
    FRA,
    KENYA,
    NBO,
    NOT_RECOMMENDED,
    PLACES,
    POLICY,
    TRIP_URL,
    carrier,
    facts,
    journey,
    segment,
)
from travelrisk.domain.authorisations import NOBODY, Authorisation, AuthorisationKind, Whose
from travelrisk.domain.carriers import Carrier
from travelrisk.domain.itineraries import (
    AircraftOwner,
    Basis,
    Claim,
    Itinerary,
    Locator,
    Mode,
    Operating,
    Outcome,
    Question,
    Severity,
    Status,
)
from travelrisk.domain.ratings import Level, Record, snapshot_of
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.letters import LetterFacts
from travelrisk.screening.engine import screen
from travelrisk.telling.reasons import DEMONSTRATION


def cleared() -> LetterFacts:
    """Everything is recommended and stated."""
    return facts(journey(segment(), locators=(Locator("ABC123"),)))


def cleared_late() -> LetterFacts:
    """As above, two days before departure."""
    return facts(journey(segment()), at=datetime(2026, 12, 10, 9, 5, tzinfo=UTC))


def cleared_return() -> LetterFacts:
    """There and back, with a train between and a cancelled flight that another one replaces."""
    train = replace(
        segment(number="", origin=FRA, destination=FRA, day=date(2026, 12, 11)),
        mode=Mode.RAIL,
        source="ICE 371",
    )
    back = segment(number="708", origin=ADD, destination=FRA, day=date(2026, 12, 20))
    return facts(journey(train, replace(segment(number="709"), status=Status.CANCELLED), segment(), back))


def conditional_assumed() -> LetterFacts:
    """Nobody states who flies."""
    return facts(journey(segment(basis=Basis.ASSUMED)))


def conditional_by_traveller() -> LetterFacts:
    """The booking names no carrier that flies, and the traveller has told us one."""
    return facts(journey(segment(basis=Basis.TRAVELLER)))


def conditional_corrected() -> LetterFacts:
    """Somebody of the desk has named the carrier, and a new document has replaced what was told before."""
    named = replace(
        segment(basis=Basis.TRAVELLER),
        claims=(Claim("operator", ALPHA.name, was="Bravo Air", by="Bob Brown"),),
    )
    gone = (Claim("departs", "2026-12-13"), Claim("operator", "Charlie Air", by="Bob Brown"))
    return replace(facts(journey(named)), dropped=gone)


def conditional_rating() -> LetterFacts:
    """The carrier is recommended with a condition, in words not yet translated."""
    row = carrier(ALPHA, Level.CONDITIONAL, condition=Texts("Daylight landings in Addis Ababa only."))
    return facts(journey(segment()), (*PLACES, row))


def review_questions() -> LetterFacts:
    """Day and month may be the wrong way round, an operator is unknown, and two lines were not understood."""
    asked = (
        Question(
            "day_month", Severity.ASK, 0, "12/11", ("2026-11-12 (12 Nov 2026)", "2026-12-11 (11 Dec 2026)")
        ),
        Question("operator_unresolved", Severity.BLOCK, 1, "PARTNER AIRLINE", ()),
    )
    unknown = replace(
        segment(BRAVO, "410", ADD, NBO, date(2026, 12, 13), hour=8),
        operating=Operating(name="PARTNER AIRLINE", basis=Basis.UNKNOWN),
    )
    lines = (
        "3 X1 99 Y 15DEC 2 NBOXXX HK1",
        "OPERATED BY SUBJECT TO CHANGE WITHOUT NOTICE, SEE YOUR TRAVEL AGENT",
    )
    return facts(journey(segment(), unknown, questions=asked, unread=lines, outcome=Outcome.AMBIGUOUS))


def review_expired() -> LetterFacts:
    """The rating ended before the flight."""
    row = carrier(ALPHA, valid_until=date(2026, 11, 30))
    return facts(journey(segment()), (*PLACES, row))


def review_replaces() -> LetterFacts:
    """As above, after an older letter that may be on its way."""
    return replace(review_expired(), replaces=datetime(2026, 11, 20, 9, 14, tzinfo=UTC), sequence=1)


def review_nothing() -> LetterFacts:
    """Nothing was found in the document."""
    return facts(Itinerary(outcome=Outcome.NOTHING_FOUND))


def not_cleared() -> LetterFacts:
    """The carrier that flies is not recommended, on evidence."""
    flight = segment(BRAVO, "410", ADD, NBO, hour=8)
    return facts(journey(flight), (*PLACES, carrier(ALPHA), NOT_RECOMMENDED))


def not_cleared_aircraft() -> LetterFacts:
    """The carrier that flies is recommended, and hires the aircraft of one that is not."""
    leased = replace(segment(), aircraft_owner=AircraftOwner("BRAVO AIR", (BRAVO,)))
    return facts(journey(leased), (*PLACES, carrier(ALPHA), NOT_RECOMMENDED))


def not_cleared_segments() -> LetterFacts:
    """One segment is cleared, one needs a review, one is not cleared, and one begins elsewhere."""
    charlie = Carrier("XXC", "X3", "Charlie Wings", KENYA)
    flights = (
        segment(),
        segment(BRAVO, "410", ADD, NBO, date(2026, 12, 13), hour=8),
        segment(ALPHA, "2410", NBO, ADD, date(2026, 12, 18), operator=charlie, hour=11),
        segment(ALPHA, "708", NBO, FRA, date(2026, 12, 20)),
    )
    locators = (Locator("ABC123", "1A"), Locator("7XYZ9K", "X2"), Locator("QR5TUV"))
    return facts(journey(*flights, locators=locators), (*PLACES, carrier(ALPHA), NOT_RECOMMENDED))


def cleared_demo() -> LetterFacts:
    """A cleared letter of the demonstration."""
    shown = carrier(ALPHA, set_by=DEMONSTRATION)
    return replace(facts(journey(segment()), (*PLACES, shown)), demo=True)


def not_cleared_demo() -> LetterFacts:
    """A not-cleared letter of the demonstration, to somebody unknown."""
    return replace(not_cleared(), demo=True, addressee="")


EARLIER = datetime(2026, 11, 20, 9, 14, tzinfo=UTC)
WHOSE = Whose("TR-7KQ2M9", "Nairobi")


def changed(
    itinerary: Itinerary,
    before: Iterable[Record],
    after: Iterable[Record],
    *,
    at: datetime = AT,
    whose: Whose = NOBODY,
    **more: Any,  # noqa: ANN401 - any field of it
) -> LetterFacts:
    """Judge an itinerary with one edition, and later with another, and return what the letter tells."""
    was = screen(itinerary, snapshot_of(317, before), POLICY, EARLIER, whose, EARLIER)
    now = screen(itinerary, snapshot_of(318, after), POLICY, at, whose, EARLIER)
    told = LetterFacts(itinerary, now, POLICY, "TR-7KQ2M9", TRIP_URL, "alice@example.org", was=was)
    return replace(told, replaces=EARLIER, sequence=1, **more)


TWO_FLIGHTS = (segment(), segment(BRAVO, "410", ADD, NBO, date(2026, 12, 13), hour=8))
BRAVO_REFUSED: tuple[Record, ...] = (*PLACES, carrier(ALPHA), NOT_RECOMMENDED)
EXCEPTION = Authorisation(
    id="EX-2026-7",
    carrier=BRAVO.icao,
    kind=AuthorisationKind.AD_HOC,
    valid_from=date(2026, 12, 1),
    valid_until=date(2026, 12, 31),
    set_by="bob",
    set_on=date(2026, 11, 21),
    approved_by="Charlie Chief",
    need="The clinic opens that week.",
    alternatives_tried="No other carrier flies there.",
    mitigation="Flights by day only.",
    conditions=Texts("Flights by day only.", "Vols de jour uniquement.", "Solo vuelos de día."),
    trip=WHOSE.trip,
    opened_in=318,
)


def changed_worse() -> LetterFacts:
    """A carrier that was recommended is not any more."""
    return changed(journey(TWO_FLIGHTS[1], locators=(Locator("ABC123"),)), ALL_WELL, BRAVO_REFUSED)


def changed_better() -> LetterFacts:
    """The reason against the journey is gone."""
    return changed(journey(TWO_FLIGHTS[1]), BRAVO_REFUSED, ALL_WELL)


def changed_better_in_part() -> LetterFacts:
    """The carrier is recommended again, and with a condition."""
    kept = carrier(BRAVO, Level.CONDITIONAL, condition=Texts("Seats by day only.", "De jour.", "De día."))
    return changed(journey(*TWO_FLIGHTS), BRAVO_REFUSED, (*PLACES, carrier(ALPHA), kept))


def changed_other_conditions() -> LetterFacts:
    """It was to be by day, and is to be on one aircraft."""
    before, after = (
        carrier(ALPHA, Level.CONDITIONAL, id=f"A-{number}", condition=condition)
        for number, condition in (
            (1, Texts("Daylight landings only.", "Atterrissages de jour.", "Aterrizajes de día.")),
            (2, Texts("On the Boeing 787 only.", "Sur Boeing 787 seulement.", "Solo en Boeing 787.")),
        )
    )
    return changed(journey(segment(basis=Basis.ASSUMED)), (*PLACES, before), (*PLACES, after))


def changed_one_segment() -> LetterFacts:
    """One flight of two needs a review now; the other one stays as it was."""
    expired = carrier(BRAVO, valid_until=date(2026, 11, 30))
    return changed(journey(*TWO_FLIGHTS), ALL_WELL, (*PLACES, carrier(ALPHA), expired))


def changed_segment_flown() -> LetterFacts:
    """The first flight has been flown; the way home has become worse; a question is still open."""
    back = segment(BRAVO, "411", ADD, FRA, date(2026, 12, 20))
    asked = (Question("operator_unresolved", Severity.ASK, 1, "PARTNER AIRLINE", ()),)
    booked = journey(segment(), back, questions=asked)
    return changed(booked, ALL_WELL, BRAVO_REFUSED, at=datetime(2026, 12, 14, 6, tzinfo=UTC))


def changed_within() -> LetterFacts:
    """The journey needs a review as before, though for another one of its flights."""
    one, other = (
        (*PLACES, carrier(fine), carrier(old, valid_until=date(2026, 11, 30)))
        for fine, old in ((BRAVO, ALPHA), (ALPHA, BRAVO))
    )
    return changed(journey(*TWO_FLIGHTS), one, other)


def changed_exception_begun() -> LetterFacts:
    """Somebody allowed a carrier for this trip."""
    return changed(journey(TWO_FLIGHTS[1]), BRAVO_REFUSED, (*BRAVO_REFUSED, EXCEPTION), whose=WHOSE)


def changed_exception_ended() -> LetterFacts:
    """What was allowed for this trip is not any more."""
    return changed(journey(TWO_FLIGHTS[1]), (*BRAVO_REFUSED, EXCEPTION), BRAVO_REFUSED, whose=WHOSE)


def changed_no_reason() -> LetterFacts:
    """Nobody can say why: the answer is a review, and no finding stands behind it."""
    told = changed_worse()
    bare = replace(told.advisory, verdict=Verdict.REVIEW, findings=(), segment_verdicts=(Verdict.REVIEW,))
    return replace(told, advisory=bare)


def changed_demo() -> LetterFacts:
    """As above, in the demonstration."""
    return replace(changed_one_segment(), demo=True)


STORIES: dict[str, Callable[[], LetterFacts]] = {
    "cleared-all_well": cleared,
    "cleared-late": cleared_late,
    "cleared-return": cleared_return,
    "cleared-demo": cleared_demo,
    "conditional-assumed_operator": conditional_assumed,
    "conditional-operator_by_traveller": conditional_by_traveller,
    "conditional-corrected": conditional_corrected,
    "conditional-rating": conditional_rating,
    "review-questions_and_unread": review_questions,
    "review-expired_rating": review_expired,
    "review-replaces": review_replaces,
    "review-nothing_found": review_nothing,
    "not_cleared-evidence": not_cleared,
    "not_cleared-aircraft_of_another": not_cleared_aircraft,
    "not_cleared-segments": not_cleared_segments,
    "not_cleared-demo": not_cleared_demo,
    "changed-worse": changed_worse,
    "changed-better": changed_better,
    "changed-better_in_part": changed_better_in_part,
    "changed-other_conditions": changed_other_conditions,
    "changed-one_segment": changed_one_segment,
    "changed-segment_flown": changed_segment_flown,
    "changed-within": changed_within,
    "changed-exception_begun": changed_exception_begun,
    "changed-exception_ended": changed_exception_ended,
    "changed-no_reason": changed_no_reason,
    "changed-demo": changed_demo,
}
