"""The demonstration's inbox: letters of ours in, over real SMTP, and read again."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.mail.stories import STORIES
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.texts import LANGUAGES
from travelrisk.mail.inbox import Inbox
from travelrisk.mail.letters import compose
from travelrisk.mail.render import Letter, message
from travelrisk.mail.smtp import Smtp
from travelrisk.mail.transport import PermanentFailure, TransientFailure

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def written(letter: Letter, number: int = 1) -> bytes:
    return message(
        letter,
        sender="travelrisk@example.org",
        recipient="alice@example.org",
        message_id=f"<o{number}.v1@example.org>",
        thread_id="",
        reply_to="",
        at=AT,
    )


def test_every_letter_arrives_and_is_read_again(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, clock=lambda: AT)
    host, port = inbox.start()
    assert host == "127.0.0.1"
    smtp = Smtp(host, port, tls="none")
    letters = [compose(facts(), language) for facts in STORIES.values() for language in LANGUAGES]
    for number, letter in enumerate(letters):
        smtp.send(written(letter, number), "travelrisk@example.org", "alice@example.org", lambda: True)
    smtp.close()
    inbox.stop()
    inbox.stop()
    kept = inbox.messages()
    assert [each.id for each in kept] == list(range(1, len(letters) + 1))
    assert {(each.at, each.to) for each in kept} == {(AT, "alice@example.org")}
    assert [(each.letter, each.language, each.subject) for each in kept] == [
        (letter.name, letter.language, letter.subject) for letter in letters
    ]
    assert [each.text.rstrip() for each in kept] == [letter.text.rstrip() for letter in letters]
    assert [each.html.rstrip() for each in kept] == [letter.html.rstrip() for letter in letters]
    assert len(list((tmp_path / "new").iterdir())) == len(letters)


def test_a_full_inbox_refuses_and_loses_nothing() -> None:
    inbox = Inbox(most=1)
    smtp = Smtp(*inbox.start(), tls="none")
    letter = written(compose(STORIES["cleared-all_well"](), "en"))
    smtp.send(letter, "travelrisk@example.org", "alice@example.org", lambda: True)
    with pytest.raises(TransientFailure, match=r"^452 4\.3\.1 at the final dot$"):
        smtp.send(letter, "travelrisk@example.org", "alice@example.org", lambda: True)
    smtp.close()
    inbox.stop()
    assert len(inbox.messages()) == 1


def test_a_message_that_is_too_large_is_refused() -> None:
    inbox = Inbox()
    smtp = Smtp(*inbox.start(), tls="none")
    huge = b"Subject: x\r\n\r\n" + b"x" * 78 + b"\r\n" + (b"y" * 78 + b"\r\n") * 65_000
    with pytest.raises(PermanentFailure, match=r"^552"):
        smtp.send(huge, "travelrisk@example.org", "alice@example.org", lambda: True)
    smtp.close()
    inbox.stop()
    assert inbox.messages() == ()


def test_what_is_no_letter_of_ours_is_kept_too() -> None:
    inbox = Inbox()
    smtp = Smtp(*inbox.start(), tls="none")
    smtp.send(b"just words", "travelrisk@example.org", "bob@example.org", lambda: True)
    smtp.close()
    inbox.stop()
    (kept,) = inbox.messages()
    assert (kept.to, kept.subject, kept.letter, kept.html) == ("bob@example.org", "", "", "")


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port}"):
            Inbox(port=port).start()


def test_an_inbox_stops_while_somebody_is_still_connected() -> None:
    inbox = Inbox()
    with socket.create_connection(inbox.start()) as lingering:
        lingering.settimeout(5)
        assert lingering.recv(100).startswith(b"220")
        inbox.stop()
        assert lingering.recv(100) == b""


def test_an_inbox_listens_on_this_machine_alone() -> None:
    inbox = Inbox()
    _, port = inbox.start()
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", port))
    inbox.stop()
