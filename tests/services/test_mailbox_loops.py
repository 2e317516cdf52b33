"""Services that write to one another, and answers to answers: it ends."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.services.conftest import publish
from tests.services.mailboxes import BOOKING, answering, poll, reply_to, sent
from tests.unit.intake.mails import OURS, VOUCHED, mail
from travelrisk.services.application import Application, Correspondents, SnapshotShelf
from travelrisk.store import answers, outbox, schema
from travelrisk.store.database import engine_for, reading


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return answering(app)


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
        editions=SnapshotShelf(),
    )
    known = Correspondents(frozenset({"un.example", "example.org"}), OURS)
    services = [replace(each, facts=replace(each.facts, correspondents=known)) for each in (app, other)]
    yield services[0], services[1]
    other.engine.dispose()


@pytest.mark.threat(25)
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
