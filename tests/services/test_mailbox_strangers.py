"""Strangers and machines: what neither of them learns, changes or is answered."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.conftest import Clock, publish
from tests.services.mailboxes import BOOKING, answering, box, count, poll, reply_to, sent
from tests.unit.intake.mails import VOUCHED, mail
from tests.unit.intake.test_senders import FORGED
from travelrisk.services import health
from travelrisk.services.application import Application
from travelrisk.services.mailbox import polling
from travelrisk.store import unsent
from travelrisk.store.database import reading


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return answering(app)


@pytest.mark.threat(24)
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


@pytest.mark.threat(25)
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
