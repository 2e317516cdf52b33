"""The desk gives a trip an address that its booking has not: the owed letter follows, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text

from tests.services.conftest import Clock, publish
from tests.services.test_dispatch import Failing
from tests.services.test_unaddressed import (
    HEIDI,
    NAMED,
    bring,
    reasons,
    rescreened,
    row,
    screened,
    sent,
)
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.mail.transport import PermanentFailure
from travelrisk.services.application import Application
from travelrisk.services.batches import releasing, results
from travelrisk.services.batches.releasing import Which
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.letters.undelivered import sweep, told, waiting
from travelrisk.services.privacy import exporting
from travelrisk.services.privacy.forgetting import forget
from travelrisk.services.trips import addressing, story
from travelrisk.services.trips.addressing import Hindrance, Seen, Wanted
from travelrisk.services.trips.cancelling import cancel, take_back
from travelrisk.services.trips.judging import judge_waiting
from travelrisk.services.trips.upserting import put
from travelrisk.store import audit, given_addresses, trips
from travelrisk.store.database import reading
from travelrisk.store.external_trips import Name
from travelrisk.store.tables import METADATA
from travelrisk.store.trips import Trip

ALICE = Wanted("alice@example.org", "fr", "")
BOOKED = "Passenger: GREEN/ALICE MS\nBooking reference: QZNRBX\n"
FLIGHT = "ET707 FRA ADD {day} Dec operated by Ethiopian Airlines\n"


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path, "not_recommended")
    return app


def silent(app: Application, content: bytes = NAMED, to: str = "") -> Trip:
    """Bring a warning that has no address to go to."""
    received = bring(app, content, to)
    assert received.trip is not None
    assert received.nobody
    return received.trip


def give(app: Application, trip: Trip, wanted: Wanted = ALICE) -> Hindrance | None:
    return addressing.give(app, look(app, trip), wanted, "p-heidi")


def look(app: Application, trip: Trip, office: str | None = "OFFICE A") -> Seen:
    return addressing.seen(app, trip.reference, office)


def trip_of(app: Application, trip: Trip) -> Trip:
    with reading(app.engine) as c:
        return trips.by_id(c, trip.id)


def said(app: Application, kind: str) -> list[str]:
    with reading(app.engine) as c:
        return list(c.scalars(text("SELECT body FROM audit WHERE body LIKE :kind"), {"kind": f"%{kind}%"}))


def test_the_letter_that_could_not_be_written_goes_there_and_ends_the_task(
    rated: Application, clock: Clock
) -> None:
    trip = silent(rated, to="alice at example")
    clock.pass_by(minutes=5)
    assert reasons(rated) == ["unaddressed"]
    assert look(rated, trip).hindrance is None
    assert give(rated, trip, ALICE._replace(contact=" Alice Green <alice@example.org> ")) is None
    assert reasons(rated) == []
    ((recipient, words),) = sent(rated)
    assert recipient == "alice@example.org"
    assert "non recommandé" in words
    assert sweep(rated) == 0
    entries = story.view(rated, trip.token).entries
    assert [each.kind for each in entries] == [
        "letter",
        "judged",
        "addressed",
        "unaddressed",
        "judged",
        "received",
    ]
    (kept,) = said(rated, "trip.addressed")
    assert "p-heidi" in kept
    assert "example.org" not in kept
    with reading(rated.engine) as c:
        (given,) = given_addresses.of_trip(c, trip.id)
        assert audit.verify(c).ok
    assert (given.actor, given.language) == ("p-heidi", "fr")


def test_a_letter_that_is_cleared_was_owed_too_and_later_ones_follow(
    app: Application, tmp_path: Path
) -> None:
    publish(app, tmp_path, "recommended")
    trip = silent(app)
    assert give(app, trip) is None
    assert [each[0] for each in sent(app)] == ["alice@example.org"]
    publish(app, tmp_path, "not_recommended")
    rescreened(app)
    assert [each[0] for each in sent(app)] == ["alice@example.org"]
    assert reasons(app) == []


def test_it_is_given_once_whoever_presses_how_often(rated: Application) -> None:
    trip = silent(rated)
    before, start = look(rated, trip), Barrier(2)

    def press(wanted: Wanted) -> Hindrance | None:
        start.wait()
        return addressing.give(rated, before, wanted, "p-heidi")

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(press, [ALICE, ALICE])) == [None, None]
    other = ALICE._replace(contact="other@example.org")
    assert addressing.give(rated, before, other, "p-bob") is Hindrance.MOVED
    assert [each[0] for each in sent(rated)] == ["alice@example.org"]
    assert len(said(rated, "trip.addressed")) == 1


def test_a_kill_between_address_and_letter_is_made_up_for(
    rated: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    trip = silent(rated)
    with monkeypatch.context() as patch:
        patch.setattr(addressing, "judge", lambda *_: None)
        assert give(rated, trip) is None
    assert reasons(rated) == ["unaddressed"], "somebody is to call until there is a letter"
    assert judge_waiting(rated) == 1
    assert [each[0] for each in sent(rated)] == ["alice@example.org"]
    assert reasons(rated) == []


def test_what_is_no_address_changes_nothing(rated: Application) -> None:
    trip = silent(rated)
    for contact in ("", "alice", "alice@", "a@b@c", "alice@example.org\nBcc: b@example.org"):
        with pytest.raises(BadInputError, match="e-mail address cannot be used"):
            give(rated, trip, ALICE._replace(contact=contact))
    assert reasons(rated) == ["unaddressed"]
    assert trip_of(rated, trip).contact == ""


def test_a_trip_that_is_off_or_over_gets_none(rated: Application, clock: Clock) -> None:
    trip = silent(rated)
    before = look(rated, trip)
    cancel(rated, trip.token)
    assert look(rated, trip).hindrance is Hindrance.OFF
    assert addressing.give(rated, before, ALICE, "p-heidi") is Hindrance.OFF
    take_back(rated, trip.token)
    before = look(rated, trip)
    clock.at = datetime(2026, 12, 15, 13, tzinfo=UTC)
    assert look(rated, trip).hindrance is Hindrance.OVER
    assert addressing.give(rated, before, ALICE, "p-heidi") is Hindrance.OVER
    assert trip_of(rated, trip).contact == ""
    assert sent(rated) == []


def test_one_that_has_an_address_of_its_own_keeps_it_and_no_other_office_sees_one(rated: Application) -> None:
    received = bring(rated, to="own@example.org")
    assert received.trip is not None
    assert give(rated, received.trip) is Hindrance.HAS_ONE
    assert trip_of(rated, received.trip).contact == "own@example.org"
    for office in ("OFFICE B", ""):
        with pytest.raises(NotFoundError):
            look(rated, received.trip, office)


def test_what_was_mistyped_is_put_right_and_what_waits_for_it_withdrawn(rated: Application) -> None:
    trip = silent(rated)
    assert give(rated, trip, ALICE._replace(contact="alcie@example.org")) is None
    assert look(rated, trip).was_given
    assert give(rated, trip) is None
    assert [each[0] for each in sent(rated)] == ["alice@example.org"]
    assert give(rated, trip, ALICE._replace(contact="alcie@example.org")) is None
    dispatch(rated, Failing(PermanentFailure("550 no such user")), "one")
    sweep(rated)
    assert reasons(rated) == ["dead"]


def test_whoever_was_told_gets_the_letter_all_the_same(rated: Application) -> None:
    trip = silent(rated)
    (untold,) = waiting(rated)
    assert look(rated, trip).is_task
    told(rated, untold.task.advisory_id, by="bob", note="")
    assert not look(rated, trip).is_task
    assert give(rated, trip) is None
    assert len(sent(rated)) == 1


def test_of_several_travellers_one_is_named(rated: Application) -> None:
    several = NAMED.replace(b"GREEN/ALICE MS", b"GREEN/ALICE MS\nPassenger: GREEN/BEN MR")
    trip = silent(rated, several)
    assert look(rated, trip).travellers == ("ALICE GREEN", "BEN GREEN")
    assert give(rated, trip, ALICE._replace(traveller="BEN GREEN")) is None
    with reading(rated.engine) as c:
        assert [each.traveller for each in given_addresses.of_trip(c, trip.id)] == ["BEN GREEN"]


# --- files of an office ---


def test_of_a_file_that_nobody_released_the_letter_waits_with_the_others(rated: Application) -> None:
    reference = screened(rated, row(1), row(2, "alice2@example.org"), keeps_back=True)
    (one,) = [each for each in results.rows(rated, HEIDI, reference) if each.is_unaddressed]
    assert one.trip is not None
    assert look(rated, one.trip).is_kept_back
    assert give(rated, one.trip) is None
    assert sent(rated) == []
    assert not any(each.nobody for each in results.rows(rated, HEIDI, reference))
    releasing.release(rated, HEIDI, reference, Which.WARNINGS)
    assert sorted(each[0] for each in sent(rated)) == ["alice2@example.org", "alice@example.org"]
    assert reasons(rated) == []


def test_a_file_with_a_later_state_of_the_booking_keeps_what_was_given(rated: Application) -> None:
    screened(rated, row(1), keeps_back=False)
    (untold,) = waiting(rated)
    with reading(rated.engine) as c:
        trip = trips.by_id(c, untold.task.trip_id)
    assert give(rated, trip) is None
    assert len(sent(rated)) == 1
    screened(rated, row(1), keeps_back=False)
    assert sent(rated) == [], "the same file again is nothing new"
    screened(rated, row(1, day="2026-12-14"), keeps_back=False)
    assert [each[0] for each in sent(rated)] == ["alice@example.org"]
    assert reasons(rated) == []


# --- later bookings by the other doors ---


def sends(app: Application, day: int, number: str = "A-1") -> Trip:
    """Let a program say what a trip is."""
    segment = {
        "kind": "air",
        "marketing_carrier": "ET",
        "flight_number": "707",
        "operating_carrier": "ET",
        "origin": "FRA",
        "destination": "ADD",
        "departs_local": f"2026-12-{day}T22:05",
    }
    travellers = [{"name": "GREEN/ALICE MS"}]
    query = {"segments": [segment], "travellers": travellers, "record_locator": "QZNRBX"}
    return put(app, Name("OFFICE A", "concur", number), query, actor="key").current.trip


def test_a_rebooking_without_an_address_keeps_what_was_given(rated: Application) -> None:
    first, later = ((BOOKED + FLIGHT.format(day=day)).encode() for day in (12, 14))
    trip = silent(rated, first)
    assert give(rated, trip) is None
    assert len(sent(rated)) == 1
    bring(rated, first)
    assert sent(rated) == []
    again = bring(rated, later)
    assert again.trip is not None
    assert (again.trip.id, again.nobody) == (trip.id, "")
    assert [each[0] for each in sent(rated)] == ["alice@example.org"]
    other = bring(rated, later.replace(b"QZNRBX", b"QZNRBY"))
    assert other.nobody, "another booking is another trip"
    theirs = bring(rated, later + b"\n", office="OFFICE B")
    assert theirs.nobody, "what another office gave is none of its concern"


def test_a_program_that_puts_the_trip_again_without_an_address_keeps_it(rated: Application) -> None:
    trip = sends(rated, 12)
    assert give(rated, trip) is None
    assert [each[0] for each in sent(rated)] == ["alice@example.org"]
    assert sends(rated, 12).contact == "alice@example.org"
    assert sent(rated) == []
    assert sends(rated, 14).contact == "alice@example.org"
    assert [each[0] for each in sent(rated)] == ["alice@example.org"]
    assert sends(rated, 15, "A-2").id != trip.id, "another id is another trip"


def test_a_program_that_names_the_trip_finds_what_was_given(rated: Application) -> None:
    trip = silent(rated, (BOOKED + FLIGHT.format(day=12)).encode())
    assert give(rated, trip) is None
    found = sends(rated, 14)
    assert (found.id, found.contact) == (trip.id, "alice@example.org")


def test_a_trip_that_was_called_off_afterwards_has_its_letter_when_it_is_on_again(rated: Application) -> None:
    trip = silent(rated)
    give(rated, trip)
    assert len(sent(rated)) == 1
    cancel(rated, trip.token)
    take_back(rated, trip.token)
    assert [each[0] for each in sent(rated)] == ["alice@example.org"]


# --- whose data it is ---


def test_it_is_exported_and_nothing_is_left_where_somebody_is_forgotten(
    rated: Application, clock: Clock
) -> None:
    trip = silent(rated, NAMED.replace(b"GREEN", b"ZZCANARY"))
    give(rated, trip, Wanted("zzcanary@example.org", "es", "ZZCANARY/ALICE MS"))
    with reading(rated.engine) as c:
        stored = c.scalars(
            text("SELECT traveller FROM given_addresses UNION SELECT contact FROM trips")
        ).all()
    assert not any("zzcanary" in each.lower() for each in stored), "it stands encrypted"
    packed = exporting.of_person(rated, "zzcanary@example.org", by="bob")
    assert b"given_addresses.json" in packed
    clock.at = clock.at.replace(year=2027, month=1, day=20)
    forget(rated, "zzcanary@example.org", by="bob")
    with reading(rated.engine) as c:
        assert given_addresses.of_trip(c, trip.id) == ()
        for table in METADATA.tables.values():
            assert not any("zzcanary" in str(row).lower() for row in c.execute(table.select())), table.name
        assert audit.verify(c).ok
