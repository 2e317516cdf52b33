"""The stories behind the golden letters about time: reminders to travellers, and what the desk is told.

As in ``stories``: the carriers and the people are invented, the airports are real.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from tests.mail.stories import not_cleared, review_expired, review_questions
from tests.mail.world import ADD, AT, BRAVO, FRA, NBO, journey, segment
from travelrisk.domain.itineraries import Moment
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.journeys import DigestFacts, Edition, Journey, Unreached, digest, escalation
from travelrisk.mail.letters import LetterFacts
from travelrisk.mail.looking import looking
from travelrisk.mail.render import Letter
from travelrisk.mail.still_open import still_open
from travelrisk.services.desk.queue import Kind

BASE = "https://travelrisk.example.org"


def not_cleared_demo() -> LetterFacts:
    """A reminder of the demonstration, to somebody unknown."""
    return replace(not_cleared(), demo=True, addressee="")


REMINDED: dict[str, Callable[[], LetterFacts]] = {
    "still_open-questions": review_questions,
    "still_open-day_only": review_expired,
    "still_open-not_cleared": not_cleared,
    "still_open-demo": not_cleared_demo,
}


def reminder_of(story: str, language: Language) -> Letter:
    """Remind of the first flight of a story; without its time in the one where nobody knows it."""
    facts = REMINDED[story]()
    departs = facts.itinerary.segments[0].departs
    return still_open(facts, Moment(departs.day) if story.endswith("day_only") else departs, language)


SOON = Journey(
    journey(segment(day=date(2026, 11, 24))),
    "TR-7KQ2M9",
    Verdict.REVIEW,
    segment(day=date(2026, 11, 24)).departs,
    24,
    f"{BASE}/history/trips/TR-7KQ2M9",
)
LATER = Journey(
    journey(segment(BRAVO, "410", ADD, NBO, date(2026, 11, 26))),
    "TR-4WX8RT",
    Verdict.NOT_CLEARED,
    Moment(date(2026, 11, 26)),
    72,
    f"{BASE}/history/trips/TR-4WX8RT",
)
MANY = tuple(
    SOON._replace(
        itinerary=journey(segment(number=str(1000 + n), origin=FRA)), reference=f"TR-{n:06d}", step=72
    )
    for n in range(60)
)
EVERYTHING = DigestFacts(
    base_url=BASE,
    keeps=True,
    waiting={kind.value: number for number, kind in enumerate(Kind, 2)},
    published=(Edition(1, AT, 40), Edition(318, datetime(2026, 11, 20, 9, 14, tzinfo=UTC), 3)),
    unreached=(
        Unreached("TR-9ABCDE", AT.date(), "trip"),
        Unreached("17", AT.date(), "mail"),
        Unreached("Alice Author", AT.date(), "person"),
    ),
    open=(LATER, SOON),
    late=(SOON,),
)
UNIT = DigestFacts(
    base_url=BASE,
    keeps=False,
    open=tuple(each._replace(url="") for each in MANY),
    late=(LATER._replace(url=""),),
)
DAY = date(2026, 11, 23)


def called_up(*those: Journey, keeps: bool = True, demo: bool = False) -> Callable[[Language], Letter]:
    return lambda language: escalation(those, BASE, language, keeps=keeps, demo=demo)


def told(facts: DigestFacts) -> Callable[[Language], Letter]:
    return lambda language: digest(facts, DAY, language)


DESK_DEADLINES: dict[str, Callable[[Language], Letter]] = {
    "escalation-one": called_up(SOON),
    "escalation-several": called_up(LATER, SOON),
    "escalation-many": called_up(*MANY),
    "escalation-unit": called_up(SOON._replace(url=""), keeps=False),
    "escalation-demo": called_up(LATER, demo=True),
    "digest-everything": told(EVERYTHING),
    "digest-queue": told(DigestFacts(BASE, keeps=True, waiting={"sign": 1})),
    "digest-unit": told(UNIT),
    "digest-anchor": told(DigestFacts(BASE, keeps=True, waiting={"sign": 1}, anchor=(1207, "0f3a" * 16))),
    "looking-many": lambda language: looking(
        "Ursa Minor", 412, limit=60, at=AT, base_url=BASE, language=language
    ),
}
