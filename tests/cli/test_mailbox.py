"""``travelrisk mailbox``, the worker's job and the doctor, with a folder that is watched."""

import json
import os
import time
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.cli.conftest import AT, Run
from tests.unit.intake.mails import OURS, mail

ASKED = mail(date="Date: Mon, 23 Nov 2026 11:50:00 +0000")
FORGED = mail(
    top="", date="Date: Mon, 23 Nov 2026 11:50:00 +0000", message_id="<m2@un.example>", subject="Who?"
)


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bytes], Path]:
    """Watch a folder, and let files lie in it."""
    folder = tmp_path / "drop"
    folder.mkdir()
    monkeypatch.setenv("TRAVELRISK_MAILBOX", "folder")
    monkeypatch.setenv("TRAVELRISK_MAILBOX_FOLDER", str(folder))
    monkeypatch.setenv("TRAVELRISK_MAILBOX_DOMAINS", '["un.example"]')
    monkeypatch.setenv("TRAVELRISK_MAILBOX_AUTHSERV_ID", OURS)

    def lay(name: str, content: bytes) -> Path:
        (folder / name).write_bytes(content)
        os.utime(folder / name, (AT.timestamp() - 60,) * 2)
        return folder / name

    return lay


@pytest.mark.usefixtures("empty")
def test_mails_are_off_until_somebody_says_whose_are_answered(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "mailbox: off" in run("worker", "--once", "mailbox").stdout
    done = run("mailbox", "poll")
    assert done.exit_code == 1
    assert "TRAVELRISK_MAILBOX_DOMAINS" in done.stderr
    monkeypatch.setenv("TRAVELRISK_MAILBOX", "imap")
    assert "mailbox: off" in run("worker", "--once", "mailbox").stdout


def test_a_mail_is_read_and_answered_by_the_worker(
    run: Run, rated: Path, put: Callable[[str, bytes], Path]
) -> None:
    put("a.eml", ASKED)
    assert "mailbox: 1 dealt with, 0 put aside, 0 put off" in run("worker", "--once").stdout
    (letter,) = [path.read_bytes() for path in (rated / "letters" / "new").iterdir()]
    answer = message_from_bytes(letter)
    assert (answer["To"], answer["X-Travelrisk-Letter"]) == ("alice@un.example", "answer")


@pytest.mark.usefixtures("empty")
def test_what_was_put_aside_is_listed_shown_taken_up_again_and_dismissed(
    run: Run, put: Callable[[str, bytes], Path]
) -> None:
    put("b.eml", FORGED)
    assert "0 dealt with, 1 put aside: 1 unauthenticated." in run("mailbox", "poll").stdout
    (aside,) = json.loads(run("mailbox", "failed", "--json").stdout)
    assert (aside["kind"], aside["sender"], aside["subject"]) == ("unauthenticated", "", "Who?")
    listed = run("mailbox", "failed").stdout
    assert "unverified sender: Who?" in listed
    assert "no receiving server of ours vouches for it" in " ".join(listed.split())
    assert run("mailbox", "show", aside["number"]).stdout_bytes == FORGED
    assert "at the next round" in run("mailbox", "retry", aside["number"]).stdout
    assert "No mail was put aside" in run("mailbox", "failed").stdout
    assert "1 put aside: 1 unauthenticated." in run("mailbox", "poll").stdout
    assert "off the list" in run("mailbox", "dismiss", aside["number"]).stdout
    assert "No mail was put aside" in run("mailbox", "failed").stdout


@pytest.mark.parametrize("command", ["show", "retry", "dismiss"])
@pytest.mark.usefixtures("empty")
def test_a_number_that_no_mail_has_is_told(run: Run, command: str) -> None:
    done = run("mailbox", command, 7)
    assert done.exit_code == 1
    assert "there is no mail 7" in done.stderr


def test_the_doctor_looks_at_the_mailbox(
    run: Run, rated: Path, put: Callable[[str, bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rated.is_dir()
    put("a.eml", ASKED)

    def told() -> tuple[bool, str]:
        found = {each["part"]: each for each in json.loads(run("doctor", "--json").stdout)}
        return found["mailbox"]["ok"], found["mailbox"]["text"]

    known = "1 waiting; addresses of un.example are answered"
    assert told() == (True, f"{known}; set reply_to to its address, so that replies come here")
    monkeypatch.setenv("TRAVELRISK_REPLY_TO", "travelrisk@example.org")
    assert told() == (True, known)
    monkeypatch.setenv("TRAVELRISK_MAILBOX_AUTHSERV_ID", "")
    assert told()[0] is False
    assert "mailbox_authserv_id" in told()[1]
    monkeypatch.setenv("TRAVELRISK_MAILBOX_AUTHSERV_ID", OURS)
    monkeypatch.setenv("TRAVELRISK_MAILBOX_FOLDER", "nowhere")
    assert "is no folder" in told()[1]
    monkeypatch.setenv("TRAVELRISK_MAILBOX", "imap")
    assert "TRAVELRISK_MAILBOX_USERNAME" in told()[1]
    monkeypatch.setenv("TRAVELRISK_MAILBOX_USERNAME", "alice@un.example")
    monkeypatch.setenv("TRAVELRISK_MAILBOX_TOKEN_FILE", "none")
    monkeypatch.setenv("TRAVELRISK_MAILBOX_PORT", "1")
    begun = time.monotonic()
    assert "cannot be reached" in told()[1]
    assert time.monotonic() - begun < 30
