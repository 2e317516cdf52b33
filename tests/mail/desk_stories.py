"""The stories behind the golden letters of the desk: one for each branch of each letter.

As in ``stories``: the carriers and the people are invented, the airports are real.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tests.mail.broadcast_stories import BROADCASTS
from tests.mail.deadline_stories import DESK_DEADLINES
from tests.mail.month_stories import MONTHS
from tests.mail.stories import not_cleared_segments
from tests.mail.world import BRAVO, NOT_RECOMMENDED, carrier, segment
from travelrisk.domain.airspaces import Airspace, AirspaceKind, Movement, Scope
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.concentration import Broken
from travelrisk.domain.itineraries import Itinerary, Moment, Traveller
from travelrisk.domain.ratings import Caution, Level, Rating, Service, Subject, SubjectKind
from travelrisk.domain.signoffs import Requirement, Weight
from travelrisk.domain.texts import Language, Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.calendars import calendar_letter
from travelrisk.mail.changes import ChangeFacts, Name, Shift, about_change
from travelrisk.mail.concentration import Booked, FlightFacts, concentration
from travelrisk.mail.question import QuestionFacts, question
from travelrisk.mail.reminders import Due, ReminderFacts, reminder
from travelrisk.mail.render import Letter
from travelrisk.mail.undelivered import UndeliveredFacts, undelivered
from travelrisk.screening.effect import Effect

BASE = "https://travelrisk.example.org"
BRAVO_NAME = Texts(*(f"Bravo Airways (XXB, X2), {state}" for state in ("Kenya", "Kenya", "Kenia")))
STATE_NAME = Texts("Ethiopia (ET)", "Éthiopie (ET)", "Etiopía (ET)")
DUE = datetime(2026, 11, 24, 17, 58, tzinfo=UTC)

RATED: Rating = carrier(BRAVO, Level.RECOMMENDED)
STRICTER = replace(NOT_RECOMMENDED, valid_until=date(2027, 3, 1))
CAUTION = Caution(
    "state-et",
    Subject(SubjectKind.STATE, "ET"),
    Verdict.REVIEW,
    date(2026, 11, 23),
    date(2027, 6, 30),
    "Alice",
    date(2026, 11, 23),
    Texts("The authority's oversight is under review."),
)
SERVICE = Service(
    "s-x2",
    "XXB",
    ("ADD", "NBO"),
    date(2026, 1, 1),
    None,
    source="timetable",
    set_by="bob",
    set_on=date(2026, 1, 1),
)
SKY_NAME = Texts("Zephyr basin (ZZ-BASIN)", "Bassin du Zéphyr (ZZ-BASIN)", "Cuenca del Céfiro (ZZ-BASIN)")
LOW = replace(CAUTION, subject=Subject(SubjectKind.AIRSPACE, "ZZ-BASIN"), scope=Scope(0, 259))
DRAWN = Airspace(
    "zz-basin",
    "ZZ-BASIN",
    SKY_NAME,
    AirspaceKind.AREA,
    "MULTIPOLYGON (((10 33, 20 33, 20 36, 10 33)))",
    date(2026, 11, 23),
    None,
    "drawn after a chart",
    "Alice",
    date(2026, 11, 23),
    approximate=True,
)
EXCEPTION = Authorisation(
    "exc-xxb",
    "XXB",
    AuthorisationKind.BLANKET,
    date(2026, 11, 23),
    date(2026, 12, 31),
    "Alice",
    date(2026, 11, 23),
    "Frank",
    "Dr Zimmer must reach the clinic.",
    "None that week.",
    "Two travel together.",
    Texts("Daylight only."),
    office="Nairobi",
)
EFFECT = Effect(
    screened=40,
    counts={(Verdict.CLEARED, Verdict.NOT_CLEARED): 2, (Verdict.CLEARED, Verdict.REVIEW): 14},
)
TIGHTER = ChangeFacts(
    reference="CH-7KQ2M9",
    url=f"{BASE}/changes/CH-7KQ2M9",
    author="Alice Author",
    actor="Bob Signer",
    weight=Weight.TIGHTENING,
    shifts=(Shift(BRAVO_NAME, RATED, STRICTER),),
    missing=1,
    effect=EFFECT,
)
LOOSER = replace(
    TIGHTER,
    weight=Weight.LOOSENING,
    shifts=(Shift(BRAVO_NAME, STRICTER, RATED),),
    missing=2,
    effect=Effect(screened=7),
)
SEVERAL = replace(
    TIGHTER,
    shifts=(
        Shift(BRAVO_NAME, None, STRICTER),
        Shift(STATE_NAME, CAUTION, replace(CAUTION, exceptions=("XXA",))),
        Shift(BRAVO_NAME, SERVICE, None),
    ),
    effect=None,
)
IN_THE_SKY = replace(
    TIGHTER,
    shifts=(
        Shift(SKY_NAME, None, LOW),
        Shift(SKY_NAME, LOW, replace(LOW, scope=Scope(0, 319, Movement.LANDING, ("NBO",)))),
        Shift(SKY_NAME, None, DRAWN),
        Shift(SKY_NAME, DRAWN, replace(DRAWN, outline="MULTIPOLYGON (((10 33, 20 33, 20 37, 10 33)))")),
    ),
)
MANY = replace(
    TIGHTER, shifts=tuple(Shift(Texts(f"Carrier {n} (Q{n:02d})"), None, STRICTER) for n in range(1, 31))
)
URGENT = replace(TIGHTER, is_published=True, edition=318, missing=0, due=DUE)
ASKED = replace(
    TIGHTER,
    url=f"{BASE}/exceptions/CH-7KQ2M9",
    weight=Weight.EXCEPTION,
    shifts=(Shift(BRAVO_NAME, None, EXCEPTION),),
)
ENDED = replace(
    ASKED,
    url=f"{BASE}/exceptions/CH-7QK2MP",
    weight=Weight.TIGHTENING,
    shifts=(Shift(BRAVO_NAME, EXCEPTION, None),),
    is_published=True,
    edition=320,
    missing=0,
)
DEMAND = replace(
    TIGHTER,
    weight=Weight.REQUIREMENT,
    shifts=(),
    effect=None,
    demand=(Requirement(), Requirement(2, 3, 2, 12)),
)

NEW = f"{BASE}/changes/new?subject="
KEPT = f"{NEW}carrier:XXB"
DUES = (
    Due("validity", BRAVO_NAME.en, date(2026, 12, 20), "", 30, 12, KEPT),
    Due(
        "review",
        "Alpha Air (XXA, X1)",
        date(2026, 12, 3),
        "",
        14,
        0,
        f"{NEW}carrier:XXA",
    ),
    Due("evidence", BRAVO_NAME.en, date(2026, 11, 26), "Assessment report 2026-04", 3, 12, KEPT),
    Due("evidence", BRAVO_NAME.en, date(2026, 11, 20), "Letter of the operator", 3, 12, KEPT, has_ended=True),
    Due("caution", "Ethiopia (ET)", date(2026, 11, 25), "", 3, 40, f"{NEW}state:ET"),
    Due("authorisation", BRAVO_NAME.en, date(2026, 11, 26), "", 3, 12, KEPT),
    Due(
        "service",
        "XXB:ADD-NBO (Bravo Airways)",
        date(2026, 12, 6),
        "",
        14,
        3,
        f"{NEW}route:XXB:ADD-NBO",
    ),
    Due("evidence", "Niger (NE)", date(2026, 12, 1), "Bulletin 2026-09", 14, 5, f"{NEW}country:NE"),
    Due(
        "delegation",
        "Dana Deputy / Bob Signer",
        date(2026, 12, 1),
        "",
        14,
        None,
        f"{BASE}/account/delegations",
    ),
)


def change(name: Name, facts: ChangeFacts) -> Callable[[Language], Letter]:
    return lambda language: about_change(name, facts, language)


def ends(*due: Due, keeps: bool = True, demo: bool = False) -> Callable[[Language], Letter]:
    return lambda language: reminder(ReminderFacts(due, BASE, keeps, demo), language)


UNHEARD = UndeliveredFacts(
    "TR-7KQ2M9",
    Verdict.NOT_CLEARED,
    not_cleared_segments().itinerary,
    "dead",
    "",
    has_second=False,
    base_url=BASE,
)
NAMED = replace(UNHEARD.itinerary, travellers=(Traveller(surname="Author", given="Alice"),))
DAY_ONLY = replace(
    NAMED,
    segments=tuple(replace(each, departs=Moment(each.departs.day)) for each in NAMED.segments),
)


def unheard(reason: str, reply: str = "", **changes: Any) -> Callable[[Language], Letter]:  # noqa: ANN401 - any fields of the facts
    facts = replace(UNHEARD, reason=reason, reply=reply, **changes)
    return lambda language: undelivered(facts, language)


def asks(verdict: Verdict | None, *, demo: bool = False) -> Callable[[Language], Letter]:
    facts = QuestionFacts("TR-7KQ2M9", verdict, NAMED, BASE, demo=demo)
    return lambda language: question(facts, language)


def leads_to(url: str, *, demo: bool = False) -> Callable[[Language], Letter]:
    return lambda language: calendar_letter(url, "TR-7KQ2M9", language, demo=demo)


CROWDED = FlightFacts(
    segment(),
    (Broken("staff", "block", 31, 30, Verdict.REVIEW),),
    (
        Booked("TR-7KQ2M9", "Geneva", "X1 101", is_newest=True),
        Booked("TR-4WX8RT", "", "X2 9101"),
        Booked("TR-9QM3ZB", "Addis Ababa", ""),
    ),
    Texts("Director of Management", "Directeur de la gestion", "Director de Gestión"),
    BASE,
)


def crowded(**changes: Any) -> Callable[[Language], Letter]:  # noqa: ANN401 - any fields of the facts
    return lambda language: concentration(replace(CROWDED, **changes), language)


DESK_STORIES: dict[str, Callable[[Language], Letter]] = {
    **DESK_DEADLINES,
    **BROADCASTS,
    **MONTHS,
    "signature_asked-stricter": change("signature_asked", TIGHTER),
    "signature_asked-easier": change("signature_asked", LOOSER),
    "signature_asked-several": change("signature_asked", SEVERAL),
    "signature_asked-airspaces": change("signature_asked", IN_THE_SKY),
    "signature_asked-many": change("signature_asked", MANY),
    "signature_asked-exception": change("signature_asked", ASKED),
    "signature_asked-demand": change("signature_asked", DEMAND),
    "signature_asked-demo": change("signature_asked", replace(TIGHTER, demo=True)),
    "countersignature_asked-urgent": change("countersignature_asked", URGENT),
    "countersignature_overdue-urgent": change("countersignature_overdue", URGENT),
    "change_returned-easier": change("change_returned", LOOSER),
    "change_returned-nothing_left": change("change_returned", replace(TIGHTER, shifts=())),
    "change_signed-easier": change("change_signed", LOOSER),
    "change_published-stricter": change("change_published", replace(URGENT, due=None)),
    "change_published-demand": change(
        "change_published", replace(DEMAND, is_published=True, demand=(None, Requirement(2, 3, 2, 12)))
    ),
    "exception_decided-granted": change(
        "exception_decided", replace(ASKED, is_published=True, edition=319, missing=0)
    ),
    "exception_decided-returned": change("exception_decided", ASKED),
    "exception_ended-early": change("exception_ended", ENDED),
    "calendar-made": leads_to(f"{BASE}/calendar/q3Jx0vT7mZ1nK8dR5yWb2A.ics"),
    "calendar-demo": leads_to(f"{BASE}/calendar/q3Jx0vT7mZ1nK8dR5yWb2A.ics", demo=True),
    "reminder-every_kind": ends(*DUES),
    "reminder-one": ends(DUES[0]),
    "reminder-delegation": ends(DUES[-1]),
    "reminder-whoever_asked": ends(DUES[5]._replace(url=""), keeps=False),
    "reminder-airspace": ends(
        Due("airspace", SKY_NAME.en, date(2026, 12, 6), "", 14, 3, f"{NEW}airspace:ZZ-BASIN")
    ),
    "reminder-demo": ends(DUES[1], demo=True),
    "reminder-many": ends(
        *(DUES[0]._replace(name=f"Carrier {n} (Q{n:03d})", journeys=n) for n in range(100, 200))
    ),
    "question": asks(Verdict.REVIEW),
    "question-not_judged": asks(None, demo=True),
    "undelivered-refused": unheard("dead", "550 5.1.1 at RCPT", itinerary=NAMED),
    "undelivered-given_up": unheard("dead", itinerary=DAY_ONLY),
    "undelivered-came_back": unheard("bounced", "550 5.1.1", has_second=True),
    "undelivered-came_back_in_silence": unheard("bounced", itinerary=Itinerary(())),
    "undelivered-late": unheard("unsent", demo=True),
    "undelivered-changed": unheard("hold"),
    "undelivered-kept_back": unheard("kept"),
    "undelivered-unaddressed": unheard("unaddressed", itinerary=NAMED),
    "undelivered-unaddressed_like_others": unheard("unaddressed", more=12),
    "concentration-staff": crowded(),
    "concentration-both": crowded(
        broken=(*CROWDED.broken, Broken("heads", "block", 3, 2, Verdict.REVIEW)), demo=True
    ),
    "concentration-many": crowded(
        booked=tuple(Booked(f"TR-7KQ2Q{n:02d}", "Geneva", "X1 101") for n in range(70))
    ),
}
