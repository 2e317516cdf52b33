"""The demonstration's inbox: letters of ours in, over real SMTP, and read again."""

import os
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
from travelrisk.mail.transport import Folder, PermanentFailure, TransientFailure

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


def test_letters_of_an_earlier_time_and_of_other_programs_are_shown_once(tmp_path: Path) -> None:
    letters = [written(compose(facts(), "en"), number) for number, facts in enumerate(STORIES.values())]
    folder = Folder(tmp_path)
    for letter in letters[:-1]:
        folder.send(letter, "", "", lambda: True)
    inbox = Inbox(tmp_path)
    smtp = Smtp(*inbox.start(), tls="none")
    assert [each.id for each in inbox.messages()] == list(range(1, len(letters)))
    assert {each.to for each in inbox.messages()} == {"alice@example.org"}
    read = next((tmp_path / "new").iterdir())
    read.rename(tmp_path / "cur" / f"{read.name}:2,S")
    smtp.send(letters[0], "travelrisk@example.org", "alice@example.org", lambda: True)
    assert len(inbox.messages()) == len(letters) - 1, "a mail program moved one, and one came again"
    folder.send(letters[-1], "", "", lambda: True)
    smtp.close()
    inbox.stop()
    shown = inbox.messages()
    assert [each.id for each in shown] == list(range(1, len(letters) + 1))
    assert sorted(each.letter for each in shown) == sorted(
        compose(facts(), "en").name for facts in STORIES.values()
    )


def test_an_inbox_that_is_full_of_earlier_letters_refuses_and_loses_nothing(tmp_path: Path) -> None:
    letters = [written(compose(facts(), "en"), number) for number, facts in enumerate(STORIES.values())]
    for letter in letters[:3]:
        Folder(tmp_path).send(letter, "", "", lambda: True)
    inbox = Inbox(tmp_path, most=3)
    smtp = Smtp(*inbox.start(), tls="none")
    with pytest.raises(TransientFailure, match="452"):
        smtp.send(letters[3], "travelrisk@example.org", "alice@example.org", lambda: True)
    smtp.close()
    inbox.stop()
    assert len(inbox.messages()) == len(list((tmp_path / "new").iterdir())) == 3


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="this user may read every file")
def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    Folder(tmp_path).send(written(compose(STORIES["cleared-all_well"](), "en")), "", "", lambda: True)
    next((tmp_path / "new").iterdir()).chmod(0)
    with pytest.raises(ConfigurationError, match="look at their rights"):
        Inbox(tmp_path).start()


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
