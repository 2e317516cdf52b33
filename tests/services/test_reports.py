"""The figures of reports are those that somebody counts by hand, for the whole and for each office."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.services.conftest import Clock
from tests.services.reported import Told, World, generate
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.people import Delegation, Person, Role
from travelrisk.domain.ratings import Evidence, Level, Rating, Subject, SubjectKind
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.reports import desk
from travelrisk.services.reports.figures import FEWEST, Cell, Phrase, Share, by_office
from travelrisk.services.reports.periods import Named, Period, named
from travelrisk.services.reports.reporting import EVERYTHING, Report, Sight, report, sight_of
from travelrisk.store import erasing
from travelrisk.store.database import writing
from travelrisk.store.tables import trips

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
BOTH = Period(date(2026, 10, 1), date(2026, 11, 30))
NAIROBI = Sight("Nairobi", is_own=True)


def counted(app: Application, seed: int) -> World:
    with writing(app.engine) as c:
        return generate(c, seed)


def rows(made: Report, key: str) -> dict[Cell, tuple[Cell, ...]]:
    return {about: tuple(cells) for about, *cells in made.figure(key).rows}


def counts(made: Report, key: str) -> dict[object, Cell]:
    """Return the first column of a figure, by the key of its row."""
    return {
        each.key if isinstance(each, Phrase) else each: cells[0] for each, cells in rows(made, key).items()
    }


def is_in(moment: datetime, period: Period) -> bool:
    return period.first <= moment.astimezone(UTC).date() <= period.last


def of(office: str, sight: Sight) -> bool:
    return sight.office is None or office == sight.office


class ByHand:
    """What somebody counts who has the plain rows."""

    def __init__(self, world: World, sight: Sight, period: Period) -> None:
        self.world = world
        self.arrived = [each for each in world.told if is_in(each.at, period) and of(each.office, sight)]
        self.screened = [each for each in self.arrived if each.verdicts]
        self.letters = [each for each in world.letters if is_in(each.at, period) and of(each.office, sight)]

    def told(self, trip: int) -> list[Verdict]:
        """Return what was told of a trip up to the day it begins; the first advisory always counts."""
        mine = [(each, pair) for each in self.world.told if each.trip == trip for pair in each.verdicts]
        return [
            verdict
            for number, (each, (verdict, at)) in enumerate(mine)
            if number == 0 or at.date() <= each.departs
        ]

    @property
    def trips(self) -> list[list[Verdict]]:
        """What was told of each trip of which something arrived."""
        found = [self.told(trip) for trip in dict.fromkeys(each.trip for each in self.arrived)]
        return [each for each in found if each]


def waits(those: Iterable[Told]) -> list[float]:
    return sorted((each.answered - each.at).total_seconds() for each in those if each.answered is not None)


@pytest.mark.parametrize("sight", [EVERYTHING, NAIROBI], ids=["whole", "own"])
@pytest.mark.parametrize("period", [OCTOBER, BOTH], ids=["days", "weeks"])
def test_the_figures_about_itineraries_are_those_counted_by_hand(
    app: Application, sight: Sight, period: Period
) -> None:
    hand = ByHand(counted(app, 7), sight, period)
    made = report(app, sight, period)
    whole = len(hand.screened)
    assert whole >= FEWEST
    starts = Counter(period.start_of(each.at.date()) for each in hand.screened)
    by_start: dict[object, Cell] = {start: starts[start] for start in period.starts()}
    assert counts(made, "screened") == by_start | {"whole_period": whole}
    last = Counter(each[-1] for each in hand.trips)
    assert counts(made, "verdicts") == {verdict: last[verdict] for verdict in Verdict}
    shares = [cells[1] for cells in rows(made, "verdicts").values()]
    assert sum(each for each in shares if isinstance(each, Share)) == pytest.approx(1)
    moves = [sum(one is not two for one, two in pairwise(each)) for each in hand.trips]
    assert counts(made, "changed") == {
        "changed_never": sum(each == 0 for each in moves),
        "changed_once": sum(each == 1 for each in moves),
        "changed_more": sum(each > 1 for each in moves),
    }
    late = Counter(each.late for each in hand.screened if each.late)
    expected: dict[Cell, Cell] = {Phrase("in_time"): whole - late.total()}
    expected |= {
        Phrase("days_left", (("left", left), ("wanted", wanted))): count
        for (left, wanted), count in late.items()
    }
    assert {about: cells[0] for about, cells in rows(made, "late").items()} == expected
    asked = {(each.trip, name) for each in hand.screened for name in each.unrated}
    assert counts(made, "unrated") == Counter(name for _, name in asked)


@pytest.mark.parametrize("sight", [EVERYTHING, NAIROBI], ids=["whole", "own"])
def test_the_time_to_an_answer_is_that_of_the_letter_where_there_is_one(
    app: Application, sight: Sight
) -> None:
    hand = ByHand(counted(app, 8), sight, BOTH)
    made = report(app, sight, BOTH)
    *parts, total = made.figure("answers").rows
    for about, answered, median, p95, open_ in (*parts, total):
        those = [
            each
            for each in hand.screened
            if about == Phrase("whole_period") or BOTH.start_of(each.at.date()) == about
        ]
        known = waits(those)
        assert (answered, open_) == (len(known), len(those) - len(known))
        if not known:
            assert (median, p95) == (None, None)
            continue
        middle = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2
        assert isinstance(median, timedelta)
        assert isinstance(p95, timedelta)
        assert median.total_seconds() == pytest.approx(middle)
        assert p95.total_seconds() in [pytest.approx(each) for each in known]
        assert sum(each <= p95.total_seconds() + 1e-3 for each in known) >= 0.95 * len(known)
        assert sum(each < p95.total_seconds() - 1e-3 for each in known) < 0.95 * len(known)


@pytest.mark.parametrize("sight", [EVERYTHING, NAIROBI], ids=["whole", "own"])
def test_the_figures_about_letters_are_those_counted_by_hand(app: Application, sight: Sight) -> None:
    hand = ByHand(counted(app, 9), sight, OCTOBER)
    made = report(app, sight, OCTOBER)
    fates = Counter("bounced" if each.bounced else each.state for each in hand.letters)
    assert counts(made, "letters") == {
        "letter_sent": fates["sent"],
        "letter_bounced": fates["bounced"],
        "letter_waiting": fates["queued"],
        "letter_superseded": fates["superseded"],
        "letter_undeliverable": fates["dead"] + fates["hold"],
    }
    lost = [
        each.lost
        for each in hand.world.letters
        if each.lost and is_in(each.lost[0], OCTOBER) and of(each.office, sight)
    ]
    told = sorted((told - found).total_seconds() for found, told, _ in lost if told)
    assert counts(made, "unreached") == {
        "warning_told": len(told),
        "warning_over": sum(over is not None for *_, over in lost),
        "warning_open": sum(told is None and over is None for _, told, over in lost),
    }
    median = rows(made, "unreached")[Phrase("warning_told")][1]
    middle = (told[(len(told) - 1) // 2] + told[len(told) // 2]) / 2 if told else None
    assert (median.total_seconds() if isinstance(median, timedelta) else None) == middle


def test_exceptions_are_counted_by_office_and_by_approver_and_never_by_both(app: Application) -> None:
    world = counted(app, 10)
    whole, own = report(app, EVERYTHING, BOTH), report(app, NAIROBI, BOTH)
    assert counts(whole, "approvers") == Counter(approver for _, approver, _ in world.granted)
    by = Counter(office for office, _, _ in world.granted)
    assert counts(own, "exceptions") == ({"Nairobi": by["Nairobi"]} if by["Nairobi"] else {})
    assert sum(counts(whole, "exceptions").values()) == 25  # type: ignore[arg-type]  # numbers
    keys = {each.key for each in own.figures}
    assert keys.isdisjoint({"approvers", "offices"}), "who works alone in an office would be named"


def test_of_one_office_those_outside_get_no_figure_that_rests_on_few(app: Application) -> None:
    hand = ByHand(counted(app, 11), EVERYTHING, OCTOBER)
    offices = Counter(each.office for each in hand.screened)
    few = "Tuvalu"  # no trips at all, as if there were few
    assert offices["Geneva"] >= FEWEST
    made = report(app, Sight(few), OCTOBER)
    for key in ("screened", "verdicts", "changed", "answers", "late", "unrated"):
        assert (made.figure(key).rows, made.figure(key).note) == ((), "too_few")
    assert report(app, Sight("Geneva"), OCTOBER).figure("verdicts").rows
    assert report(app, replace(Sight(few), is_own=True), OCTOBER).figure("verdicts").rows


def test_small_offices_are_told_together_and_cannot_be_had_by_subtraction() -> None:
    def shown(**numbers: int) -> dict[object, Cell]:
        figure = by_office("offices", "itineraries", numbers)
        return {row[0].key if isinstance(row[0], Phrase) else row[0]: row[1] for row in figure.rows}

    assert shown(a=9, b=5) == {"a": 9, "b": 5}
    assert shown(a=9, b=4, c=3) == {"a": 9, "offices_small": 7}
    assert shown(a=9, b=6, c=1) == {"a": 9, "offices_small": 7}, "one small office alone would be the rest"
    assert shown(a=2, b=1) == {"offices_small": 3}
    own = by_office("exceptions", "exceptions", {"a": 2}, is_own=True)
    assert [row[:2] for row in own.rows] == [("a", 2)]


def test_a_report_takes_as_many_statements_for_many_trips_as_for_few(app: Application) -> None:
    statements: list[str] = []
    event.listen(app.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    numbers = []
    for seed, number in ((1, 6), (2, 60)):
        with writing(app.engine) as c:
            generate(c, seed, number)
        statements.clear()
        report(app, EVERYTHING, BOTH)
        numbers.append(len([each for each in statements if each.lstrip().startswith("SELECT")]))
    assert numbers[0] == numbers[1]


PERSON = Person("p", "Nina", "n@example.org", frozenset({Role.TRAVEL_UNIT}), unit="Nairobi")
TODAY = date(2026, 11, 30)


def test_a_travel_unit_sees_its_own_office_and_nothing_else() -> None:
    assert sight_of(PERSON, TODAY, ()) == sight_of(PERSON, TODAY, (), "Nairobi") == NAIROBI
    for person, office in (
        (PERSON, "Geneva"),
        (replace(PERSON, unit=""), ""),
        (replace(PERSON, unit=""), "Rome"),
    ):
        with pytest.raises(NotFoundError):
            sight_of(person, TODAY, (), office)


def test_who_keeps_ratings_or_audits_sees_the_whole_and_each_office_from_outside() -> None:
    for role in (Role.FOCAL_POINT, Role.AUDITOR):
        person = replace(PERSON, roles=frozenset({role}))
        assert sight_of(person, TODAY, ()) == Sight()
        assert sight_of(person, TODAY, (), "Geneva") == Sight("Geneva")
    acting = replace(PERSON, roles=frozenset({Role.ALTERNATE, Role.TRAVEL_UNIT}))
    delegation = Delegation("bob", "p", TODAY, TODAY)
    assert sight_of(acting, TODAY, (delegation,)) == Sight()
    assert sight_of(acting, TODAY + timedelta(days=1), (delegation,)) == NAIROBI


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        (Named.THIS_MONTH, date(2026, 11, 1), TODAY),
        (Named.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Named.QUARTER, date(2026, 10, 1), TODAY),
        (Named.YEAR, date(2026, 1, 1), TODAY),
    ],
)
def test_a_period_is_what_its_name_says(name: Named, first: date, last: date) -> None:
    assert named(name, TODAY) == Period(first, last)


def test_last_month_of_january_lies_in_the_year_before() -> None:
    assert named(Named.LAST_MONTH, date(2027, 1, 31)) == Period(date(2026, 12, 1), date(2026, 12, 31))


def test_a_period_the_wrong_way_round_or_of_decades_is_refused() -> None:
    with pytest.raises(BadInputError, match="later last day"):
        Period(TODAY, TODAY - timedelta(days=1))
    with pytest.raises(BadInputError, match="three years"):
        Period(date(2000, 1, 1), TODAY)


def test_a_report_of_nothing_is_whole(app: Application, clock: Clock) -> None:
    made = report(app, EVERYTHING, OCTOBER)
    assert made.made_at == clock.at
    assert counts(made, "screened")["whole_period"] == 0
    assert set(rows(made, "verdicts").values()) == {(0, 0.0)}


def test_a_rating_is_stale_where_nothing_holds_any_more_or_nobody_should_lean_on_it() -> None:
    def rated(key: str, last: date | None, **more: Any) -> Rating:  # noqa: ANN401 - as the class takes them
        subject = Subject(SubjectKind.CARRIER, key)
        return Rating(key, subject, Level.RECOMMENDED, date(2026, 1, 1), last, "bob", TODAY, **more)

    gone, lapsed = TODAY - timedelta(days=1), (Evidence("Notice", valid_until=TODAY - timedelta(days=1)),)
    records = [
        rated("AAA", None),
        rated("BBB", gone),
        rated("CCC", gone),
        replace(rated("CCC", None), id="CCC-again"),  # another one holds
        rated("DDD", TODAY, evidence=lapsed, review_on=gone),
        rated("EEE", gone, evidence=lapsed),  # it has ended, whatever its evidence
        replace(rated("FFF", None), valid_from=TODAY + timedelta(days=1)),
        Rating("add", Subject(SubjectKind.AIRPORT, "ADD"), Level.RECOMMENDED, gone, None, "bob", gone),
    ]
    assert desk.stale(records, TODAY).rows == (
        (Phrase("kind_carrier"), 3, 6, 2, 1, 1),
        (Phrase("kind_airport"), 0, 1, 0, 0, 0),
    )


def test_what_was_erased_is_counted_as_before(app: Application) -> None:
    counted(app, 7)
    before = report(app, EVERYTHING, BOTH)
    assert len(counts(before, "unrated")) > 1
    with writing(app.engine) as c:
        for trip in [*c.scalars(select(trips.c.id))]:
            erasing.erase_trip(c, trip, "retention", "job", app.clock())
    after = report(app, EVERYTHING, BOTH)
    for key in ("screened", "late", "unrated"):
        assert rows(after, key) == rows(before, key)
