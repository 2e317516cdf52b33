"""Digests: on working days, once, for those who can do something, and only with something in them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from threading import Barrier

import pytest

from tests.services.conftest import Clock, publish
from tests.services.reminding import reminded, text_to
from tests.services.test_escalation import arrive, person
from tests.services.test_health import Broken
from tests.store.test_database import at_once
from travelrisk.domain.deadlines import Calendar, Notices
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Delegation, Role
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory, PermanentFailure
from travelrisk.mail.unsubscribing import Unsubscribing
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.receiving import receive
from travelrisk.services.watch import digests
from travelrisk.services.watch.digests import send_digests
from travelrisk.services.watch.escalation import escalate
from travelrisk.store import desk_letters, people
from travelrisk.store.database import reading, writing

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def staffed(app: Application, clock: Clock) -> Application:
    """Give a service on a Monday morning, with a focal point, an alternate, an auditor and a travel unit."""
    clock.at = MONDAY - timedelta(days=3)
    with writing(app.engine) as c:
        for name, role in (
            ("alice", Role.FOCAL_POINT),
            ("dana", Role.ALTERNATE),
            ("erin", Role.AUDITOR),
            ("nina", Role.TRAVEL_UNIT),
        ):
            people.add(c, replace(person(name, role), unit="Nairobi"), at=app.clock())
    clock.at = MONDAY
    return app


def sent(app: Application, clock: Clock, hours: int) -> Iterator[datetime]:
    """Work so many hours, and give each at which digests were written."""
    for _ in range(hours):
        if send_digests(app):
            yield clock.at
        clock.pass_by(hours=1)


def test_without_anything_to_tell_there_is_no_letter(staffed: Application) -> None:
    assert send_digests(staffed) == 0
    assert send_digests(staffed) is None, "the day has had its own"
    assert reminded(staffed) == []


def test_it_comes_on_working_mornings_once_a_day(staffed: Application, clock: Clock) -> None:
    arrive(staffed)  # a carrier that is not rated waits in the queue
    clock.at = MONDAY - timedelta(days=2)
    moments = list(sent(staffed, clock, 24 * 8))
    days = [MONDAY + timedelta(days=days) for days in (0, 1, 2, 3, 4)]
    assert moments == days
    assert reminded(staffed).count("alice") == 5


def test_the_policy_says_when_and_on_whose_working_days(staffed: Application, clock: Clock) -> None:
    arrive(staffed)
    gulf = Notices(digest_hour=15, digest_days=Calendar(frozenset({"friday", "saturday"})))
    policy = replace(staffed.policy.policy, notices=gulf)
    clock.at = datetime(2026, 11, 26, tzinfo=UTC)
    moments = list(
        sent(replace(staffed, policy=replace(staffed.policy, policy=policy), clock=clock), clock, 100)
    )
    assert moments == [datetime(2026, 11, 26, 15, tzinfo=UTC), datetime(2026, 11, 29, 15, tzinfo=UTC)]


def test_a_focal_point_is_told_of_the_queue_the_editions_and_the_letters_that_reached_nobody(
    staffed: Application, clock: Clock, tmp_path: Path
) -> None:
    reference = arrive(staffed)
    dispatch(staffed, Broken(PermanentFailure("550 at RCPT")), "one")  # type: ignore[arg-type] # see Broken
    publish(staffed, tmp_path)
    list(receive(staffed, Document(b"KQ100 NBO LHR 14 Dec operated by Kenya Airways")))
    clock.pass_by(minutes=1)
    assert send_digests(staffed) == 1
    text = text_to(staffed)
    for part in (
        f"LETTERS THAT COULD NOT BE DELIVERED Letter of trip {reference}, given up on 23 Nov 2026",
        "Carriers flown and not rated: 1",
        "PUBLISHED Edition 1, 23 Nov 2026, records changed: 3",
    ):
        assert part in text
    assert "NOT CLEARED YET" not in text, "that is for travel units"
    clock.pass_by(days=1)
    send_digests(staffed)
    text = text_to(staffed)
    assert "PUBLISHED" not in text, "it was told yesterday"
    assert "DELIVERED" not in text


def test_a_travel_unit_is_told_of_its_open_journeys_and_of_those_sent_in_late(
    staffed: Application, clock: Clock
) -> None:
    early = arrive(staffed, "ET707 FRA ADD 4 Dec 22:05")
    late = arrive(staffed, "ET707 FRA ADD 26 Nov 22:05")
    other = arrive(staffed, "ET707 FRA ADD 27 Nov 22:05", office="Geneva")
    far = arrive(staffed, "ET707 FRA ADD 20 Jan 22:05")
    clock.pass_by(minutes=1)
    send_digests(staffed)
    text = text_to(staffed, "nina")
    opened, short = text.split("SENT IN ON SHORT NOTICE")
    assert opened.index(late) < opened.index(early)
    assert late in short
    assert early not in short
    assert other not in text
    assert far not in text
    assert "QUEUE" not in text
    clock.pass_by(days=1)
    send_digests(staffed)
    assert "SHORT NOTICE" not in text_to(staffed, "nina")


def test_an_alternate_has_it_while_a_delegation_runs(staffed: Application, clock: Clock) -> None:
    arrive(staffed)
    with writing(staffed.engine) as c:
        today = clock.at.date()
        people.delegate(c, Delegation("alice", "dana", today, today), by="alice", at=clock.at)
    send_digests(staffed)
    clock.pass_by(days=1)
    send_digests(staffed)
    assert reminded(staffed).count("dana") == 1
    assert "erin" not in reminded(staffed)


def test_one_click_refuses_digests_and_nothing_else(staffed: Application) -> None:
    signer = Unsubscribing("of a test")
    app = replace(staffed, facts=replace(staffed.facts, unsubscribing=signer))
    arrive(app)
    send_digests(app)
    escalate(app)
    with reading(app.engine) as c:
        heads = {each.letter: message_from_bytes(each.body) for each in desk_letters.to(c, "alice")}
    digest = heads["digest"]
    address = f"https://travelrisk.example.org/unsubscribe/{signer.token('alice')}"
    assert "".join(digest["List-Unsubscribe"].split()) == f"<{address}>"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for name, letter in heads.items():
        assert name == "digest" or not (letter["List-Unsubscribe"] or letter["List-Unsubscribe-Post"])
    digests.unsubscribe(app, signer.token("alice"))
    assert not digests.is_wanted(app, "alice")
    assert digests.is_wanted(app, "bob")
    for forged in ("", "alice", f"bob~{'a' * 32}", signer.token("bob")[:-1], Unsubscribing("x").token("bob")):
        with pytest.raises(NotFoundError):
            digests.unsubscribe(app, forged)
    with pytest.raises(NotFoundError):
        digests.unsubscribe(app, signer.token("nobody"))
    assert digests.is_wanted(app, "bob")


def test_it_can_be_refused_and_had_again_and_says_where(staffed: Application, clock: Clock) -> None:
    arrive(staffed)
    send_digests(staffed)
    with reading(staffed.engine) as c:
        (letter,) = desk_letters.to(c, "alice")
    head = letter.body.decode().split("\r\n\r\n")[0]
    assert "List-Unsubscribe: <https://travelrisk.example.org/account>" in head
    for _ in range(2):
        digests.choose(staffed, "alice", wanted=False)
    assert not digests.is_wanted(staffed, "alice")
    clock.pass_by(days=1)
    send_digests(staffed)
    assert reminded(staffed).count("alice") == 1
    assert reminded(staffed).count("nina") == 0, "for her nothing has come up"
    digests.choose(staffed, "alice", wanted=True)
    clock.pass_by(days=1)
    send_digests(staffed)
    assert reminded(staffed).count("alice") == 2


def test_a_worker_that_was_down_writes_it_later_and_of_all_that_happened_since(
    staffed: Application, clock: Clock, tmp_path: Path
) -> None:
    assert send_digests(staffed) == 0
    clock.pass_by(hours=3)
    publish(staffed, tmp_path)
    clock.at = MONDAY + timedelta(days=2, hours=14)
    assert send_digests(staffed) == 1
    assert "Edition 1, 23 Nov 2026" in text_to(staffed)


def test_a_clock_that_is_set_back_repeats_nothing(staffed: Application, clock: Clock) -> None:
    arrive(staffed)
    assert send_digests(staffed)
    clock.pass_by(hours=-1)
    assert send_digests(staffed) is None
    clock.pass_by(hours=5)
    assert send_digests(staffed) is None


@pytest.mark.parametrize("day", [date(2026, 3, 30), date(2026, 10, 26)])
def test_after_the_night_in_which_the_clocks_change_there_is_one(
    staffed: Application, clock: Clock, day: date
) -> None:
    morning = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    clock.at = morning - timedelta(days=2)
    arrive(staffed, f"ET707 FRA ADD {day.day} {'Apr' if day.month == 3 else 'Nov'} 22:05")
    assert list(sent(staffed, clock, 70)) == [morning]


def test_two_workers_write_it_once(staffed: Application) -> None:
    arrive(staffed)
    together, done = Barrier(2, timeout=20), list[int | None]()

    def work() -> None:
        together.wait()
        done.append(send_digests(staffed))

    at_once(work, work)
    assert sorted(done, key=str) == [1, None]
    assert reminded(staffed) == ["alice"]


def test_it_is_in_the_language_of_its_reader(staffed: Application) -> None:
    arrive(staffed)
    with writing(staffed.engine) as c:
        people.save(c, replace(people.by_id(c, "alice"), language="es"))
    send_digests(staffed)
    assert "Transportistas utilizados y sin evaluar: 1" in text_to(staffed)
    delivered = Memory()
    dispatch(staffed, delivered, "one")
    assert [recipient for *_, recipient in delivered.sent][-1] == "alice@example.org"
