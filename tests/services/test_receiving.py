"""A document arrives: what is stored, what is written, and what a second arrival or a kill changes."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.services.conftest import Clock, publish
from travelrisk.domain.errors import StoreError
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import Envelope, envelope
from travelrisk.services.trips import judging, receiving
from travelrisk.services.trips.judging import judge_waiting
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.trips.replay import replay
from travelrisk.store import advisories, audit, outbox, tables, trips
from travelrisk.store.database import reading

MAIL = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


def arrive(app: Application, content: bytes = MAIL, recipient: str = "alice@example.org") -> list[Received]:
    return list(receive(app, Document(content, "trip.txt"), recipient=recipient))


def count(app: Application, table: str) -> int:
    with reading(app.engine) as c:
        return c.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 - a name from this file


def test_a_cleared_trip_is_stored_with_its_letter(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    (received,) = arrive(app)
    assert received.advisory is not None
    assert received.advisory.verdict is Verdict.CLEARED
    assert received.letters == 1
    assert received.trip is not None
    with reading(app.engine) as c:
        (letter,) = outbox.of_trip(c, received.trip.id)
        assert letter.recipient == "alice@example.org"
        assert audit.verify(c).ok


def test_the_same_document_again_is_the_same_arrival(app: Application, tmp_path: Path, clock: Clock) -> None:
    publish(app, tmp_path)
    (first,) = arrive(app)
    clock.pass_by(hours=5)
    (second,) = arrive(app)
    assert first.is_new
    assert not second.is_new
    assert second.letters == 0
    assert second.trip == first.trip
    assert second.advisory == first.advisory
    assert (count(app, "outbox"), count(app, "advisories"), count(app, "itineraries")) == (1, 1, 1)


def test_without_an_address_nobody_is_written_to_and_it_is_said(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    (received,) = arrive(app, recipient="")
    assert received.letters == 0
    assert "--to" in received.nobody
    (received,) = arrive(app, MAIL + b" ", recipient="not an address")
    assert received.letters == 0
    assert "name@example.org" in received.nobody


@pytest.mark.parametrize("first", ["", "not an address"])
def test_an_address_given_later_brings_the_letter_that_is_owed(
    app: Application, tmp_path: Path, first: str
) -> None:
    publish(app, tmp_path, level="not_recommended")
    (silent,) = arrive(app, recipient=first)
    assert silent.letters == 0
    (owed,) = arrive(app, recipient="bob@example.org")
    assert (owed.letters, owed.nobody, owed.is_new) == (1, "", True)
    assert owed.trip is not None
    assert silent.trip is not None
    assert owed.trip.id == silent.trip.id
    with reading(app.engine) as c:
        assert [each.recipient for each in outbox.of_trip(c, owed.trip.id)] == ["bob@example.org"]
    (again,) = arrive(app, recipient="charlie@example.org")
    assert (again.letters, again.is_new) == (0, False), "a trip that has an address keeps it"
    assert again.trip == owed.trip


def test_an_address_given_later_does_not_bring_an_older_booking_back(
    app: Application, tmp_path: Path
) -> None:
    """Both bookings have the same useless address; the trip is what the second one says."""
    publish(app, tmp_path)
    booking = b"Record locator: XQZ4TR\n" + MAIL
    (old,) = arrive(app, booking, recipient="alice")
    (new,) = arrive(app, booking.replace(b"12 Dec", b"13 Dec"), recipient="alice")
    assert old.trip is not None
    assert new.trip is not None
    assert old.trip.id == new.trip.id
    (late,) = arrive(app, booking, recipient="bob@example.org")
    assert late.letters == 0
    assert count(app, "outbox") == 0


def test_nothing_found_is_said_and_clears_nothing(app: Application) -> None:
    (received,) = arrive(app, b"see you in Addis")
    assert received.advisory is None
    assert received.reason
    assert count(app, "trips") == 0


def test_without_ratings_everything_goes_to_review(app: Application) -> None:
    (received,) = arrive(app)
    assert received.advisory is not None
    assert received.advisory.verdict is Verdict.REVIEW


def test_what_a_kill_leaves_unjudged_is_judged_later(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, tmp_path)

    def killed(*_: object) -> list[judging.Judged]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "judge", killed)
        with pytest.raises(KeyboardInterrupt):
            arrive(app)
    assert (count(app, "itineraries"), count(app, "advisories"), count(app, "outbox")) == (1, 0, 0)
    assert judge_waiting(app) == 1
    assert judge_waiting(app) == 0
    assert (count(app, "advisories"), count(app, "outbox")) == (1, 1)


def test_two_processes_that_judge_the_same_itinerary_write_one_letter(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker finds the itinerary unjudged while the one that received it is about to record."""
    publish(app, tmp_path)

    def overtaken(*arguments: Any, **named: Any) -> Envelope | None:  # noqa: ANN401 - handed on as they came
        monkeypatch.setattr(judging, "envelope", envelope)
        assert judge_waiting(app) == 1
        return envelope(*arguments, **named)

    monkeypatch.setattr(judging, "envelope", overtaken)
    (received,) = arrive(app)
    assert received.advisory is not None
    assert (count(app, "advisories"), count(app, "outbox")) == (1, 1)


def test_a_failure_while_recording_leaves_neither_advisory_nor_letter(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, tmp_path)

    def refuse(*_: object, **__: object) -> int:
        raise StoreError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "queue", refuse)
        with pytest.raises(StoreError):
            arrive(app)
    assert (count(app, "advisories"), count(app, "outbox")) == (0, 0)
    (received,) = arrive(app)
    assert received.letters == 1


def test_an_edition_published_while_judging_is_used(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, tmp_path)

    def interrupted(*arguments: Any, **named: Any) -> Envelope | None:  # noqa: ANN401 - handed on as they came
        monkeypatch.setattr(judging, "envelope", envelope)
        publish(app, tmp_path, "not_recommended")
        return envelope(*arguments, **named)

    monkeypatch.setattr(judging, "envelope", interrupted)
    (received,) = arrive(app)
    assert received.advisory is not None
    assert received.advisory.edition == 2
    assert received.advisory.verdict is Verdict.NOT_CLEARED


@pytest.mark.threat(49)
def test_an_advisory_can_be_made_again_from_its_edition(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    publish(app, tmp_path)
    (received,) = arrive(app)
    clock.pass_by(days=40)
    publish(app, tmp_path, "not_recommended")
    assert received.advisory_id is not None
    replayed = replay(app, received.advisory_id)
    assert replayed.is_equal
    assert replayed.stored.edition == 1


def test_a_changed_booking_joins_its_trip_and_names_the_message_it_replaces(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    """The same file read again a year later: the date without a year now means another day."""
    publish(app, tmp_path)
    (first,) = arrive(app)
    clock.at = clock.at.replace(year=2027)
    (second,) = arrive(app)
    assert first.trip is not None
    assert second.trip == first.trip
    assert second.is_new
    assert second.itinerary is not None
    assert second.itinerary.segments[0].departs.day == date(2027, 12, 12)
    with reading(app.engine) as c:
        states = [letter.state for letter in outbox.of_trip(c, first.trip.id)]
        assert states == ["superseded", "queued"]
        assert len(trips.history(c, first.trip.id)) == 2
        assert len(advisories.of_trip(c, first.trip.id)) == 2


HEAD = "Record locator,Traveller,Airline,Flight,Operated by,From,To,Departure date\n"
GOOD = "SUP001,GREEN/ALICE,ET,707,Ethiopian Airlines,FRA,ADD,2026-12-12\n"


def arrive_table(app: Application, row: str) -> list[Received]:
    return list(receive(app, Document((HEAD + row).encode(), "t.csv"), recipient="alice@example.org"))


def test_a_changed_booking_in_another_document_replaces_the_answer_to_the_first(
    app: Application, tmp_path: Path
) -> None:
    """The agency sends the booking again with another operator: one trip, and one letter that counts."""
    publish(app, tmp_path)
    (first,) = arrive_table(app, GOOD)
    (second,) = arrive_table(app, GOOD.replace("Ethiopian Airlines", "Kenya Airways"))
    assert first.trip is not None
    assert second.trip == first.trip
    assert second.advisory is not None
    assert second.advisory.verdict is Verdict.REVIEW
    with reading(app.engine) as c:
        assert [letter.state for letter in outbox.of_trip(c, first.trip.id)] == ["superseded", "queued"]


@pytest.mark.parametrize(
    "row",
    [
        GOOD.replace("SUP001", "SUP002"),
        GOOD.replace("ALICE", "BOB"),
        GOOD.replace("707", "706").replace("FRA,ADD", "ADD,FRA"),
    ],
    ids=["another booking", "another traveller", "another part of the booking"],
)
def test_what_does_not_replace_a_booking_withdraws_no_letter_of_it(
    app: Application, tmp_path: Path, row: str
) -> None:
    publish(app, tmp_path)
    (first,) = arrive_table(app, GOOD)
    (second,) = arrive_table(app, row)
    assert first.trip is not None
    assert second.trip != first.trip
    with reading(app.engine) as c:
        assert [letter.state for letter in outbox.of_trip(c, first.trip.id)] == ["queued"]


def test_the_original_is_kept_as_it_came(app: Application) -> None:
    arrive(app)
    with reading(app.engine) as c:
        assert c.scalar(select(tables.originals.c.content)) == MAIL


def test_no_word_about_a_person_reaches_the_audit_trail(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    arrive(app)
    with reading(app.engine) as c:
        bodies = " ".join(c.scalars(text("SELECT body FROM audit")))
    assert "alice" not in bodies
    assert "ADD" not in bodies


def test_a_trip_belongs_to_the_office_it_was_handed_in_for(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    (received,) = receive(app, Document(MAIL, "a.txt"), office=" UNIT-X ")
    assert received.trip is not None
    with reading(app.engine) as c:
        assert trips.by_id(c, received.trip.id).office == "UNIT-X"


def test_the_same_document_of_another_office_is_another_trip(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    unit_x, unit_y, nobody, again = (
        next(receive(app, Document(MAIL, "a.txt"), recipient="alice@example.org", office=office))
        for office in ("UNIT-X", "UNIT-Y", "", "UNIT-X")
    )
    assert unit_x.trip is not None
    assert unit_y.trip is not None
    assert unit_y.trip.office == "UNIT-Y"
    assert unit_y.trip.reference != unit_x.trip.reference
    assert (unit_x.letters, unit_y.letters, nobody.letters, again.letters) == (1, 1, 0, 0)
    assert again.trip == unit_x.trip
