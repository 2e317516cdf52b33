"""Mails come in: what is stored and written for whom, and what neither a stranger nor a kill can change."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.services.conftest import Clock, publish
from tests.services.mailboxes import answering, box, count, poll, reply_to, sent, words
from tests.unit.intake.mails import NOON, OURS, VOUCHED, mail
from tests.unit.intake.test_senders import FORGED
from travelrisk.domain.errors import StoreError
from travelrisk.intake.document import Document
from travelrisk.intake.mailbox.waiting import MailboxError, Message
from travelrisk.services import health
from travelrisk.services.application import Application, Correspondents, SnapshotShelf
from travelrisk.services.mailbox import documents, polling
from travelrisk.services.mailbox.outcomes import Outcome
from travelrisk.services.trips.receiving import receive
from travelrisk.store import advisories, answers, mails, outbox, schema, trips, unsent
from travelrisk.store.database import engine_for, reading, writing

BOOKING = (
    "Booking reference: ABC123\nPassenger: DOE/ALICE MRS\n\n"
    "ET 707 FRA ADD 12 Dec 2026 21:55 06:35+1 operated by Ethiopian Airlines\n"
    "Please confirm.\nRegards\nAlice"
)
CHANGED = BOOKING.replace("12 Dec", "14 Dec")
BOB = "From: Bob <bob@un.example>"


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return answering(app)


def only_trip(app: Application) -> int:
    with reading(app.engine) as c:
        found = trips.latest_of_contact(c, "alice@un.example", but_not_from="")
    assert len(found) == 1
    return found[0][0].id


# --- questions ----------------------------------------------------------------------------------------------


def test_a_question_is_answered_in_short_and_nothing_is_stored_as_a_trip(rated: Application) -> None:
    polled = poll(rated, mail())
    assert polled.kinds == {"question": 1}
    assert (count(rated, "trips"), count(rated, "originals"), count(rated, "answers")) == (0, 0, 1)
    (letter,) = sent(rated)
    assert letter["X-To"] == letter["To"] == "alice@un.example"
    assert letter["Subject"].startswith("[Cleared] ET 707 FRA-ADD, 12 Dec 2026")
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["In-Reply-To"] == "<m1@un.example>"
    assert letter.get_content_type() == "text/plain"
    assert len(words(letter).encode()) < 2000
    assert "https://travelrisk.example.org/check?q=ET707+FRA+ADD" in words(letter)


def test_a_question_may_stand_in_the_subject_alone(rated: Application) -> None:
    polled = poll(rated, mail("", subject="ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"))
    assert polled.kinds == {"question": 1}
    assert "[Cleared]" in sent(rated)[0]["Subject"]


def test_the_answer_is_in_the_language_of_the_mail(rated: Application) -> None:
    poll(rated, mail(more="Content-Language: fr-FR"))
    (letter,) = sent(rated)
    assert letter["Content-Language"] == "fr"
    assert "Vous pouvez acheter ce billet" in words(letter)


def test_the_answer_never_goes_to_another_address_than_the_one_that_is_vouched_for(
    rated: Application,
) -> None:
    poll(
        rated,
        mail(more="Reply-To: mallory@evil.example\r\nSender: mallory@evil.example\r\nCc: bob@un.example"),
    )
    (letter,) = sent(rated)
    assert "mallory" not in letter.as_string()
    assert letter["X-To"] == "alice@un.example"


def test_an_answer_that_a_new_edition_outdates_does_not_go_and_is_written_anew(
    rated: Application, tmp_path: Path
) -> None:
    poll(rated, mail())
    publish(rated, tmp_path, "not_recommended")
    assert sent(rated) == []
    polling.poll(rated, box(), "w1")
    (letter,) = sent(rated)
    assert letter["Subject"].startswith("[Not cleared]")


# --- bookings -----------------------------------------------------------------------------------------------


def test_a_booking_becomes_a_trip_of_its_sender(rated: Application) -> None:
    polled = poll(rated, mail(BOOKING))
    assert polled.kinds == {"itinerary": 1}
    only_trip(rated)
    (letter,) = sent(rated)
    assert (letter["X-To"], letter["X-Travelrisk-Letter"]) == ("alice@un.example", "cleared")
    assert count(rated, "answers") == 0


def test_a_changed_booking_of_the_contact_replaces_it(rated: Application) -> None:
    poll(rated, mail(BOOKING))
    poll(rated, mail(CHANGED, message_id="<m2@un.example>"))
    with reading(rated.engine) as c:
        assert len(trips.history(c, only_trip(rated))) == 2


def test_no_forged_mail_changes_a_trip(rated: Application) -> None:
    poll(rated, mail(BOOKING))
    sent(rated)
    heads = [content.partition(b"\r\n\r\n")[0] for content in FORGED.values()]
    changed = CHANGED.replace("\n", "\r\n").encode()
    polled = polling.poll(rated, box(*(head + b"\r\n\r\n" + changed for head in heads[:50])), "w1")
    assert polled.failed == len(heads[:50])
    with reading(rated.engine) as c:
        assert len(trips.history(c, only_trip(rated))) == 1
        assert len(advisories.of_trip(c, only_trip(rated))) == 1
    assert (sent(rated), count(rated, "trips")) == ([], 1)


def test_a_colleague_who_sends_the_same_booking_gets_a_trip_of_their_own(rated: Application) -> None:
    poll(rated, mail(BOOKING))
    (letter,) = sent(rated)
    poll(rated, mail(CHANGED, sender=BOB, message_id="<m2@un.example>"))
    with reading(rated.engine) as c:
        assert len(trips.history(c, only_trip(rated))) == 1
    (other,) = sent(rated)
    assert other["X-To"] == "bob@un.example"
    assert letter["X-Travelrisk-Trip"] not in other.as_string()


def test_a_booking_that_came_by_another_way_is_named_and_not_judged_twice(
    rated: Application, clock: Clock
) -> None:
    content = mail(BOOKING)
    list(receive(rated, Document(content, "trip.eml"), recipient="alice@un.example"))
    assert len(sent(rated)) == 1
    clock.pass_by(minutes=5)
    poll(rated, content)
    (letter,) = sent(rated)
    assert letter["X-Travelrisk-Letter"] == "received"
    assert "https://travelrisk.example.org/trips/" in words(letter)
    assert "leared" not in words(letter)


def test_a_message_that_had_made_a_trip_of_somebody_else_shows_nothing_of_it(rated: Application) -> None:
    content = mail(BOOKING)
    list(receive(rated, Document(content, "trip.eml"), recipient="bob@un.example"))
    sent(rated)
    polled = poll(rated, content)
    assert polled.kinds == {"somebody_elses": 1}
    assert sent(rated) == []


def test_what_cannot_be_read_is_said_and_put_aside(rated: Application) -> None:
    polled = poll(rated, mail("Could you please book me something nice?"))
    assert (polled.kinds, polled.failed) == ({"unreadable": 1}, 1)
    (letter,) = sent(rated)
    assert "This is not a clearance" in words(letter)
    (aside,) = polling.failed(rated)
    assert aside.sender == "alice@un.example"
    assert aside.content is not None


def test_a_message_that_was_too_large_to_fetch_is_answered(rated: Application) -> None:
    head = mail().partition(b"\r\n\r\n")[0]
    problem = "The document has 60.0 MB; up to 10 MB are read: send the itinerary alone"
    waiting = box()
    waiting.messages = [Message("0", head, NOON, problem=problem)]
    assert polling.poll(rated, waiting, "w1").kinds == {"unreadable": 1}
    assert "60.0 MB" in words(sent(rated)[0])


def test_a_file_without_a_sender_goes_to_the_travellers_in_it(rated: Application) -> None:
    table = (
        b"Traveller,E-mail,Flight,From,To,Date,Operated by\r\n"
        b"DOE/ALICE,alice@un.example,ET707,FRA,ADD,2026-12-12,Ethiopian Airlines\r\n"
    )
    waiting = box()
    waiting.messages = [Message("a", table, NOON, "agency.csv"), Message("b", b"nothing", NOON, "notes.txt")]
    assert polling.poll(rated, waiting, "w1").kinds == {"document": 1, "unreadable": 1}
    assert waiting.settled["a"] == ""
    assert "no flight" in waiting.settled["b"].lower()
    assert [each["X-To"] for each in sent(rated)] == ["alice@un.example"]


# --- strangers and machines ---------------------------------------------------------------------------------


def test_no_forged_mail_learns_anything(rated: Application) -> None:
    for start in range(0, len(FORGED), polling.AT_ONCE):
        polling.poll(rated, box(*list(FORGED.values())[start : start + polling.AT_ONCE]), "w1")
    assert (sent(rated), count(rated, "trips"), count(rated, "originals")) == ([], 0, 0)
    found = health.health(rated)
    assert found.mails == {"unauthenticated": len(FORGED)}
    assert found.forged == len(FORGED)
    assert {each.sender for each in polling.failed(rated)} == {""}


def test_an_address_of_another_domain_is_not_answered(rated: Application) -> None:
    top = VOUCHED.replace("header.from=un.example", "header.from=evil.example")
    other = mail(sender="From: eve@evil.example", top=top)
    assert poll(rated, other).kinds == {"unknown_sender": 1}
    assert sent(rated) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Auto-Submitted: auto-generated", "automatic"),
        ("Precedence: list", "automatic"),
        ("List-Id: <staff.un.example>", "automatic"),
        ("Return-Path: <>", "automatic"),
        ("X-Travelrisk-Letter: review", "automatic"),
        ("Auto-Submitted: auto-replied", "automatic"),
        ("X-Failed-Recipients: alice@un.example", "bounce"),
    ],
)
def test_a_machine_gets_no_answer(rated: Application, line: str, kind: str) -> None:
    assert poll(rated, mail(more=line)).kinds == {kind: 1}
    assert sent(rated) == []


RETURNED = """From: postmaster@mx.un.example\r
To: travelrisk@example.org\r
Subject: Undelivered Mail\r
Message-ID: <dsn@mx.un.example>\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.un.example\r
\r
Final-Recipient: rfc822; alice@un.example\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 unknown\r
\r
--b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: {letter}\r
\r
--b--\r
"""


def test_a_letter_that_came_back_is_noted_on_it_and_no_task_of_the_mailbox(rated: Application) -> None:
    poll(rated, mail(BOOKING))
    (letter,) = sent(rated)
    bounce = RETURNED.format(letter=letter["Message-ID"]).encode()
    assert poll(rated, bounce).kinds == {"bounce": 1}
    assert polling.failed(rated) == ()
    with reading(rated.engine) as c:
        assert len(unsent.lost(c, 5)) == 1
    poll(rated, RETURNED.format(letter="<nobodys@example.org>").replace("<dsn@", "<dsn2@").encode())
    assert [each.kind for each in polling.failed(rated)] == ["bounce"]


def test_an_absence_note_to_a_letter_of_ours_is_nobodys_task_and_any_other_is(rated: Application) -> None:
    poll(rated, mail(BOOKING))
    (letter,) = sent(rated)
    note = "Auto-Submitted: auto-replied"
    poll(rated, reply_to(letter, "I am out of office.", more=note))
    assert polling.failed(rated) == ()
    poll(rated, mail(BOOKING, more=note, message_id="<m2@un.example>"))
    assert [each.kind for each in polling.failed(rated)] == ["automatic"]
    assert sent(rated) == []


def test_our_own_address_gets_no_answer(app: Application, rated: Application) -> None:
    top = (
        mail().split(b"\r\nReceived")[0].decode().replace("header.from=un.example", "header.from=example.org")
    )
    loop = mail(sender=f"From: {app.facts.mail_from}", top=top)
    known = replace(rated.facts.correspondents, domains=frozenset({"example.org"}))
    own = replace(rated, facts=replace(rated.facts, correspondents=known))
    assert poll(own, loop).kinds == {"automatic": 1}
    assert sent(own) == []


def test_a_sender_gets_no_more_answers_than_allowed_within_a_day(rated: Application, clock: Clock) -> None:
    few = answering(rated, most=3)
    polled = poll(few, *(mail(message_id=f"<m{number}@un.example>") for number in range(5)))
    assert polled.kinds == {"question": 3, "too_many": 2}
    assert len(sent(few)) == 3
    clock.pass_by(hours=25)
    late = mail(message_id="<late@un.example>", date="Date: Tue, 24 Nov 2026 18:00:00 +0000")
    assert poll(few, late, at=clock()).kinds == {"question": 1}


def test_workers_that_poll_at_once_never_answer_more_than_allowed(rated: Application) -> None:
    few = answering(rated, most=3)
    contents = [mail(message_id=f"<m{number}@un.example>") for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: polling.poll(few, box(*contents[n::4]), f"w{n}"), range(4)))
    assert len(sent(few)) == 3


def test_a_copy_that_came_another_way_is_not_answered_again(rated: Application) -> None:
    copy = mail(more="X-Another-Way: yes")
    assert poll(rated, mail(), copy).kinds == {"question": 1, "repeated": 1}
    assert len(sent(rated)) == 1


def test_a_forged_copy_that_comes_first_does_not_hide_the_genuine_one(rated: Application) -> None:
    assert poll(rated, mail(top=""), mail()).kinds == {"unauthenticated": 1, "question": 1}
    assert len(sent(rated)) == 1


# --- kills and rivals ---------------------------------------------------------------------------------------

KILLED = ("deal_with", "_finish", "_settle_in")


MAILS = {"question": mail(), "booking": mail(BOOKING), "nothing": mail("no flight at all")}


@pytest.mark.parametrize("content", MAILS.values(), ids=MAILS)
@pytest.mark.parametrize("place", KILLED)
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_point_is_repeated_without_harm(  # noqa: PLR0913 - a case, its place, and the parts
    rated: Application,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    place: str,
    *,
    after: bool,
) -> None:
    class KilledError(BaseException):
        """Stands for a kill: nothing that runs afterwards may be relied on."""

    real: Callable[..., Any] = getattr(polling, place)

    def killed(*arguments: Any) -> Any:  # noqa: ANN401 - stands in for any of three functions
        if after:
            real(*arguments)
        raise KilledError

    waiting = box(content)
    with monkeypatch.context() as patch:
        patch.setattr(polling, place, killed)
        patch.setattr(mails, "release", lambda *_: True)  # a killed process releases nothing
        with pytest.raises(KilledError):
            polling.poll(rated, waiting, "w1")
    if not (place == "_settle_in" and after):
        waiting.settled.clear()
    clock.pass_by(minutes=11)  # the lease has run out
    polling.poll(rated, waiting, "w2")
    assert list(waiting.settled) == ["0"]
    assert len(sent(rated)) == 1
    assert count(rated, "trips") == int(b"ABC123" in content)
    polling.poll(rated, box(content), "w3")
    assert sent(rated) == []


def test_a_mailbox_that_breaks_after_the_commit_shows_the_mail_again(rated: Application) -> None:
    waiting = box(mail())
    waiting.breaks = True
    with pytest.raises(MailboxError):
        polling.poll(rated, waiting, "w1")
    waiting.breaks = False
    polling.poll(rated, waiting, "w1")
    assert list(waiting.settled) == ["0"]
    assert len(sent(rated)) == 1


def test_two_workers_never_do_one_mail_twice(rated: Application) -> None:
    contents = [
        mail(BOOKING.replace("ABC123", f"ABC12{n}"), message_id=f"<m{n}@un.example>") for n in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: polling.poll(rated, box(*contents), f"w{n}"), range(4)))
    assert count(rated, "trips") == 4
    assert len(sent(rated)) == 4


def test_a_worker_that_lost_its_lease_changes_nothing(rated: Application, clock: Clock) -> None:
    with writing(rated.engine) as c:
        slow = mails.take(
            c,
            mail(),
            message_id="<m1@un.example>",
            name="",
            problem="",
            arrived_at=NOON,
            owner="slow",
            now=clock(),
            lease=timedelta(minutes=10),
        )
    assert slow is not None
    clock.pass_by(minutes=11)
    poll(rated, mail())
    with writing(rated.engine) as c:
        assert not mails.settle(c, slow.id, "slow", clock(), kind="question")
    assert len(sent(rated)) == 1


def test_a_database_that_does_not_work_puts_a_mail_off_and_leaves_it_in_the_mailbox(
    rated: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError("the disk is full")

    waiting = box(mail())
    with monkeypatch.context() as patch:
        patch.setattr(polling, "deal_with", broken)
        assert polling.poll(rated, waiting, "w1").put_off == 1
    assert waiting.settled == {}
    clock.pass_by(minutes=2)
    assert polling.poll(rated, waiting, "w1").kinds == {"question": 1}


def test_a_mail_that_breaks_whoever_reads_it_is_put_aside_in_the_end(
    rated: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError("again")

    monkeypatch.setattr(polling, "deal_with", broken)
    waiting = box(mail())
    for _ in range(6):
        polled = polling.poll(rated, waiting, "w1")
        clock.pass_by(minutes=2)
    assert polled.kinds == {"broken": 1}


# --- what was put aside -------------------------------------------------------------------------------------


def test_a_mail_that_was_put_aside_can_be_taken_up_again(
    rated: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(documents, "of_sender", lambda *_: Outcome("unreadable", "a reader was broken"))
        poll(rated, mail())
    (aside,) = polling.failed(rated)
    assert polling.take_up_again(rated, aside.id)
    assert polling.poll(rated, box(), "w1").kinds == {"question": 1}
    assert polling.failed(rated) == ()
    assert not polling.take_up_again(rated, aside.id)
    assert len(sent(rated)) == 1


def test_a_mail_of_a_stranger_that_is_taken_up_again_stays_unanswered(rated: Application) -> None:
    poll(rated, mail(top=""))
    (aside,) = polling.failed(rated)
    polling.take_up_again(rated, aside.id)
    assert polling.poll(rated, box(), "w1").kinds == {"unauthenticated": 1}
    assert sent(rated) == []
    assert polling.dismiss(rated, aside.id)
    assert polling.failed(rated) == ()


def test_the_content_of_mails_is_forgotten_after_a_while(rated: Application, clock: Clock) -> None:
    poll(rated, mail(), mail(top="", message_id="<m2@un.example>"))
    clock.pass_by(days=8)
    polling.poll(rated, box(), "w1")
    with reading(rated.engine) as c:
        assert [mails.by_id(c, number).content is None for number in (1, 2)] == [True, False]
    clock.pass_by(days=30)
    polling.poll(rated, box(), "w1")
    assert polling.failed(rated) == ()
    assert not polling.take_up_again(rated, 2)


# --- loops --------------------------------------------------------------------------------------------------


def vouched(letter: EmailMessage, stripped: str) -> bytes:
    """Return a letter of a service as a receiving server would hand it over, perhaps without a header."""
    domain = str(letter["From"]).rpartition("@")[2]
    del letter[stripped]
    del letter["X-To"]
    top = VOUCHED.replace("header.from=un.example", f"header.from={domain}")
    return top.encode() + b"\r\n" + letter.as_bytes()


@pytest.fixture
def two(app: Application, tmp_path: Path) -> Iterator[tuple[Application, Application]]:
    """Give two services with databases of their own, each of which answers the addresses of the other."""
    schema.upgrade(f"sqlite:///{tmp_path / 'other.db'}")
    other = replace(
        app,
        engine=engine_for(f"sqlite:///{tmp_path / 'other.db'}"),
        facts=replace(app.facts, mail_from="other@un.example"),
        shelf=SnapshotShelf(),
    )
    known = Correspondents(frozenset({"un.example", "example.org"}), OURS)
    services = [replace(each, facts=replace(each.facts, correspondents=known)) for each in (app, other)]
    yield services[0], services[1]
    other.engine.dispose()


@pytest.mark.parametrize("body", ["ET707 FRA ADD 12 Dec", BOOKING, "no flight at all"])
@pytest.mark.parametrize("stripped", ["Nothing", "Auto-Submitted", "X-Travelrisk-Letter"])
def test_two_services_wired_to_one_another_exchange_two_mails_at_most(
    two: tuple[Application, Application], body: str, stripped: str
) -> None:
    """The first mail bears the address of the other service; each letter goes into the other's mailbox."""
    here, there = two
    passed, waiting = 1, [mail(body, sender="From: other@un.example")]
    for _ in range(4):
        poll(here, *waiting)
        letters = sent(here)
        passed += len(letters)
        waiting = [vouched(each, stripped) for each in letters]
        here, there = there, here
    assert passed == 2


def test_an_answer_to_an_answer_is_read_without_what_it_quotes(rated: Application) -> None:
    poll(rated, mail("ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"))
    (letter,) = sent(rated)
    poll(rated, reply_to(letter, "Thanks a lot!"))
    (second,) = sent(rated)
    assert second["X-Travelrisk-Letter"] == "unreadable"
    question = "And ET707 FRA ADD 13 Dec operated by Ethiopian Airlines?"
    poll(rated, reply_to(letter, question, message_id="<r2@un.example>"))
    (third,) = sent(rated)
    assert "13 Dec 2026" in third["Subject"]
    with reading(rated.engine) as c:
        assert len(answers.of_mail(c, 1)) == 1
        assert outbox.counts(c)["queued"] == 0
