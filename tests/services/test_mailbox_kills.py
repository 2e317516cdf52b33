"""Kills, rivals and broken parts: a mail is dealt with once, and what was put aside can be taken up again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.services.conftest import Clock, publish
from tests.services.mailboxes import (
    BOOKING,
    answering,
    box,
    count,
    poll,
    sent,
)
from tests.unit.intake.mails import NOON, mail
from travelrisk.domain.errors import StoreError
from travelrisk.intake.mailbox.waiting import MailboxError
from travelrisk.services.application import Application
from travelrisk.services.mailbox import documents, polling
from travelrisk.services.mailbox.outcomes import Outcome
from travelrisk.store import mails
from travelrisk.store.database import reading, writing


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return answering(app)


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
    assert len(sent(rated)) == 1, "whose answer has not left is kept"
    clock.pass_by(hours=25)
    polling.poll(rated, box(), "w1")
    with reading(rated.engine) as c:
        assert [mails.by_id(c, number).content is None for number in (1, 2)] == [True, False]
    clock.pass_by(days=7)
    polling.poll(rated, box(), "w1")
    assert polling.failed(rated) == ()
    assert not polling.take_up_again(rated, 2)
