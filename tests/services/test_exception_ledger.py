"""The ledger of exceptions: who sees which, how they stand, how they end, and what to doubt about one."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.services.asked import FIRST, LAST, STAFF, asked, effect_of, for_trip, granted, sent, trip
from tests.services.conftest import Clock, publish
from tests.services.test_exceptions import employ
from travelrisk.domain.errors import (
    BadInputError,
    ForbiddenError,
    NotFoundError,
)
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Span
from travelrisk.services.application import Application
from travelrisk.services.exceptions import deciding, ledger
from travelrisk.services.exceptions.alternatives import alternatives
from travelrisk.services.exceptions.background import Doubt, background
from travelrisk.services.exceptions.ledger import State
from travelrisk.store import ratings
from travelrisk.store.database import reading


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Application:
    """Give a service on which Ethiopian Airlines is not recommended, and staff of every role."""
    publish(app, tmp_path, "not_recommended")
    employ(app, **STAFF)
    return app


def test_each_sees_their_own_and_the_desk_sees_all(desk: Application) -> None:
    mine, theirs = sent(desk, asked(), by="alice"), sent(desk, asked(office="Amman"), by="charlie")
    for name, sees in (
        ("alice", {mine.reference}),
        ("charlie", {theirs.reference}),
        ("bob", {mine.reference, theirs.reference}),
        ("erin", {mine.reference, theirs.reference}),
        ("frank", {mine.reference, theirs.reference}),
        ("heidi", set()),
    ):
        assert {each.key for each in ledger.listing(desk, name)} == sees, name
    with pytest.raises(NotFoundError):
        ledger.story(desk, "alice", theirs.reference)
    with pytest.raises(NotFoundError):
        ledger.story(desk, "heidi", mine.reference)


@pytest.mark.parametrize("who", ["heidi", "bob", "grace"])
def test_it_is_ended_at_once_by_who_asked_or_decides_and_countersigned(desk: Application, who: str) -> None:
    reference = trip(desk)
    done = granted(desk, for_trip(reference))
    name = done.content.wanted[0].id
    with pytest.raises(ForbiddenError, match="ask an approver"):
        deciding.end(desk, "alice", name, note="No.")
    with pytest.raises(BadInputError, match="say why it ends"):
        deciding.end(desk, who, name, note="")
    ended = deciding.end(desk, who, name, note="The meeting is off.")
    assert ended.is_open_for_countersigning
    with reading(desk.engine) as c:
        assert not ratings.snapshot(c).authorisations
    assert ledger.story(desk, "heidi", done.reference).entry.state is State.ENDED
    with pytest.raises(NotFoundError, match="no exception"):
        deciding.end(desk, who, name, note="Twice.")


def test_its_state_follows_the_days(desk: Application, clock: Clock) -> None:
    done = granted(desk, asked(first=date(2026, 11, 25), last=date(2027, 1, 10)))
    for days, state in (
        (0, State.NOT_YET_VALID),
        (2, State.IN_FORCE),
        (15, State.IN_FORCE),
        (1, State.ENDING),
        (30, State.ENDING),
        (1, State.ENDED),
    ):
        clock.pass_by(days=days)
        assert ledger.story(desk, "frank", done.reference).entry.state is state, clock.at


def test_what_needs_no_exception_is_doubted_and_not_refused(desk: Application, tmp_path: Path) -> None:
    publish(desk, tmp_path, "recommended")
    proposal = sent(desk, for_trip(trip(desk)))
    record = ledger.story(desk, "frank", proposal.reference).entry.record
    found = background(desk, record, effect_of(desk, proposal))
    assert found.doubts == (Doubt.NEEDS_NONE, Doubt.CHANGES_NOTHING)


def test_what_another_one_covers_already_is_doubted(desk: Application) -> None:
    trip(desk)
    first = granted(desk, asked())
    again = sent(desk, asked(first=FIRST + timedelta(days=1)))
    record = ledger.story(desk, "frank", again.reference).entry.record
    found = background(desk, record)
    assert (found.doubts, found.covered_by) == ((Doubt.COVERED,), (first.content.wanted[0].id,))


def test_an_office_that_no_trip_names_is_doubted(desk: Application) -> None:
    trip(desk, office="Nairobi")
    for office, doubts in (("Nairobi", ()), ("nairobi", (Doubt.UNKNOWN_OFFICE,))):
        record = ledger.story(desk, "frank", sent(desk, asked(office=office)).reference).entry.record
        assert background(desk, record).doubts == doubts


def test_carriers_seen_on_the_pair_are_alternatives_if_they_need_no_exception(
    desk: Application, tmp_path: Path
) -> None:
    more = tmp_path / "more.toml"
    more.write_text(
        "".join(
            f'[[ratings]]\nid = "{key.lower()}"\nsubject = "carrier:{key}"\nlevel = "{level}"\n'
            'valid_from = 2026-01-01\nset_by = "bob"\nset_on = 2026-11-03\n'
            'condition = { en = "Daylight only." }\n'
            for key, level in (("DLH", "recommended"), ("KQA", "conditional"), ("MSR", "not_recommended"))
        ),
        encoding="utf-8",
    )
    from travelrisk.services.ratings.records import import_records  # noqa: PLC0415 - beside its one use

    import_records(desk, more, by="bob", signed_by="charlie")
    for day, flown in ((1, "LH590"), (2, "LH590"), (3, "KQ113"), (4, "MS986"), (5, "TK1"), (6, "ET707")):
        trip(desk, day, flown=f"{flown} ADD FRA {day} Dec")
    with reading(desk.engine) as c:
        found = alternatives(desk, c, "ADD-FRA", Span(FIRST, LAST), "ETH")
    told = [(each.carrier.icao, each.verdict, each.itineraries, each.last_seen) for each in found]
    assert told == [
        ("DLH", Verdict.CLEARED, 2, date(2026, 12, 2)),
        ("KQA", Verdict.CONDITIONAL, 1, date(2026, 12, 3)),
    ]
