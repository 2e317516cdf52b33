"""The stories behind the golden letters of the month; figures and carriers are invented."""

from collections.abc import Callable
from datetime import date, timedelta

from tests.mail.world import AT
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.monthly import MonthFacts, month
from travelrisk.mail.render import Letter
from travelrisk.services.reports.figures import Figure, Phrase, Row, share
from travelrisk.services.reports.monthly import parts_of
from travelrisk.services.reports.periods import Period
from travelrisk.services.reports.reporting import Report, Sight

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
SOON, LATER = timedelta(seconds=45), timedelta(hours=5, minutes=20)
TIMES = ("median", "p95")


def _shares(key: str, columns: tuple[str, str], *rows: tuple[Phrase | Verdict | str, int]) -> Figure:
    whole = sum(count for _, count in rows)
    told: tuple[Row, ...] = tuple((about, count, share(count, whole)) for about, count in rows)
    return Figure(key, (*columns, "share"), told)


def _late(left: int, wanted: int) -> Phrase:
    return Phrase("days_left", (("left", left), ("wanted", wanted)))


FULL = (
    Figure(
        "screened", ("day", "itineraries"), ((OCTOBER.first, 100), (Phrase("whole_period"), 212)), total=True
    ),
    _shares("offices", ("office", "itineraries"), ("Nairobi", 200), (Phrase("offices_small"), 12)),
    _shares("verdicts", ("verdict", "trips"), *zip(Verdict, (120, 40, 33, 7), strict=True)),
    _shares("changed", ("changes", "trips"), (Phrase("changed_never"), 180), (Phrase("changed_once"), 20)),
    Figure(
        "answers",
        ("day", "answers", *TIMES, "unanswered"),
        ((Phrase("whole_period"), 210, SOON, LATER, 2),),
        total=True,
    ),
    _shares("late", ("lead", "itineraries"), (Phrase("in_time"), 190), (_late(3, 7), 22)),
    Figure("unrated", ("subject", "trips", "kind"), (("Bravo Air (X2)", 9, Phrase("kind_carrier")),)),
    _shares("exceptions", ("office", "exceptions"), ("Nairobi", 6), (Phrase("offices_small"), 5)),
    _shares("approvers", ("approver", "exceptions"), ("Alice Author", 11)),
    Figure(
        "stale",
        ("kind", "stale", "rated", "expired", "evidence_lapsed", "review_due"),
        ((Phrase("kind_carrier"), 4, 310, 1, 2, 3),),
    ),
    _shares("letters", ("fate", "letters"), (Phrase("letter_sent"), 240), (Phrase("letter_bounced"), 3)),
    Figure(
        "unreached",
        ("outcome", "warnings", *TIMES),
        ((Phrase("warning_told"), 2, SOON, LATER), (Phrase("warning_open"), 1, None, None)),
    ),
)
FEW = tuple(each for each in FULL if each.key not in {"offices", "approvers", "unrated"})
QUIET = Figure("unrated", ("subject", "trips", "kind"), ())


def told(
    figures: tuple[Figure, ...], *, is_own: bool = False, demo: bool = False
) -> Callable[[Language], Letter]:
    """Return what writes the letter about some figures."""
    made = Report(OCTOBER, Sight("Nairobi" if is_own else None, is_own=is_own), AT, figures)
    base = "https://travelrisk.example.org"

    def write(language: Language) -> Letter:
        facts = MonthFacts(
            base, OCTOBER.first, OCTOBER.last, parts_of(made, language), is_own=is_own, demo=demo
        )
        return month(facts, language)

    return write


MONTHS: dict[str, Callable[[Language], Letter]] = {
    "report-whole": told(FULL),
    "report-own": told((*FEW, QUIET), is_own=True),
    "report-demo": told(FEW, demo=True),
}
