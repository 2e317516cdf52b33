"""Letters at the terminal: what was sent to the last byte, once more, and whom no letter reached."""

import json
import re
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.test_dispatch_by_hand import FILE, over_smtp, relay
from tests.mail.servers import Server
from tests.mail.test_bounces import CASES
from travelrisk.cli.opening import opened
from travelrisk.domain.people import Role
from travelrisk.services.people import accounts

__all__ = ["over_smtp"]  # a fixture, found by its name
BOOKING = "Passenger: DOE/JANE MS\nLH400 FRA JFK 12 Dec operated by Lufthansa\n"

PASSWORD = "bob has four plain words"  # noqa: S105 - of nobody

pytestmark = pytest.mark.usefixtures("rated")


def screened(run: Run, *options: object, **more: Any) -> str:  # noqa: ANN401 - options of the runner
    """Screen something and return the reference of its trip."""
    done = run("screen", *options, "--json", **more)
    return str(json.loads(done.stdout.splitlines()[0])["trip"])


def listed(run: Run, reference: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("letters", "list", reference, "--json").stdout)
    return found


def warned(run: Run, monkeypatch: pytest.MonkeyPatch, *options: object) -> str:
    """Let a warning be refused by its mail server."""
    reference = screened(run, FILE, *options)
    with relay(monkeypatch, Server("rcpt", "550 5.1.1 unknown")):
        run("worker", "--once", "dispatch")
    return reference


def test_the_letters_of_a_trip_are_listed_and_shown_as_they_were_sent(run: Run, place: Path) -> None:
    reference = screened(run, FILE)
    assert listed(run, reference)[0]["state"] == "queued"
    run("worker", "--once", "dispatch")
    (letter,) = listed(run, reference)
    assert (letter["letter"], letter["state"], letter["is_repeated"]) == ("not_cleared", "sent", False)
    (kept,) = (place / "letters" / "new").iterdir()
    source = run("letters", "show", letter["number"], "--source")
    assert source.stdout_bytes == kept.read_bytes(), "to the last byte"
    shown = run("letters", "show", letter["number"]).stdout
    assert re.search(r"^Subject: \[Avis défavorable\] ", shown, re.MULTILINE)
    assert reference in shown
    table = run("letters", "list", reference.lower()).stdout
    assert "not cleared" in table
    assert letter["recipient"] in table


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("list", "TR-AAAAAA"), "there is no trip TR-AAAAAA"),
        (("show", 99), "there is no letter 99"),
        (("preview", "TR-AAAAAA"), "there is no trip TR-AAAAAA"),
        (("resend", "TR-AAAAAA"), "there is no trip TR-AAAAAA"),
        (("told", "TR-AAAAAA"), "TR-AAAAAA has no warning to tell"),
    ],
)
def test_what_is_not_there_is_said(run: Run, command: tuple[object, ...], reason: str) -> None:
    done = run("letters", *command)
    assert done.exit_code != 0
    assert reason in done.stderr


def test_the_answer_can_be_seen_in_each_language_and_nobody_is_written_to(run: Run) -> None:
    reference = screened(run, FILE)
    shown = run("letters", "preview", reference).stdout
    for subject in ("[Not cleared]", "[Avis défavorable]", "[Sin visto bueno]"):
        assert f"Subject: {subject}" in shown
    assert "[Not cleared]" not in run("letters", "preview", reference, "--language", "fr").stdout
    assert len(listed(run, reference)) == 1


def test_a_letter_is_sent_again_and_says_so(run: Run, place: Path) -> None:
    reference = screened(run, FILE)
    early = run("letters", "resend", reference)
    assert early.exit_code != 0
    assert "still on its way" in early.stderr
    run("worker", "--once", "dispatch")
    for again in (2, 3):
        assert run("letters", "resend", reference).exit_code == 0
        run("worker", "--once", "dispatch")
        assert [each["is_repeated"] for each in listed(run, reference)] == [False] + [True] * (again - 1)
    files = [path.read_bytes() for path in (place / "letters" / "new").iterdir()]
    first, *others = sorted((message_from_bytes(each, policy=policy.default) for each in files), key=repeats)
    assert [each["Subject"] for each in others] == [f"Répété : {first['Subject']}"] * 2, "and says it once"
    assert len({each["Message-ID"] for each in (first, *others)}) == 3
    assert all(each["X-Travelrisk-Repeats"] == each["References"] for each in others)
    assert first["Message-ID"] in {each["X-Travelrisk-Repeats"] for each in others}
    assert {each.partition(b"\r\n\r\n")[2] for each in files} == {files[0].partition(b"\r\n\r\n")[2]}
    assert run("audit", "verify").exit_code == 0


def repeats(message: Any) -> int:  # noqa: ANN401 - a message of the standard library
    return int("X-Travelrisk-Repeats" in message)


def test_several_people_are_written_to_only_after_a_question(run: Run) -> None:
    trips = [
        screened(run, "-", "--to", f"{name}@example.org", input=BOOKING + f"Ref: {name}\n")
        for name in ("alice", "bob")
    ]
    run("worker", "--once", "dispatch")
    asked = run("letters", "resend", *trips, input="n\n")
    assert "2 people will get this. Send?" in asked.stdout
    assert asked.exit_code == 1
    assert [len(listed(run, each)) for each in trips] == [1, 1]
    assert run("letters", "resend", *trips, input="").exit_code == 1, "nobody is there to answer"
    assert "2 letters are in the outbox." in run("letters", "resend", *trips, "--yes").stdout
    assert [len(listed(run, each)) for each in trips] == [2, 2]
    assert run("letters", "resend", *trips, "--to", "charlie@example.org").exit_code == 2


@pytest.mark.usefixtures("over_smtp")
def test_a_refused_letter_goes_to_an_address_that_is_given(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = warned(run, monkeypatch)
    assert run("letters", "resend", reference, "--to", "nobody").exit_code != 0
    assert run("letters", "resend", reference, "--to", "new@example.org").exit_code == 0
    server = Server()
    with relay(monkeypatch, server):
        assert run("worker", "--once", "dispatch").exit_code == 0
    assert server.recipients == [["new@example.org"]]


def test_a_warning_without_an_address_is_told_until_somebody_has_called(run: Run) -> None:
    reference = screened(run, "-", input="Passenger: DOE/JANE MS\nLH400 FRA QQQ 12 Dec\n")
    shown = run("letters", "undelivered").stdout
    assert reference in shown
    assert "no address: unaddressed" in shown
    (task,) = json.loads(run("letters", "undelivered", "--json").stdout)
    assert (task["trip"], task["reason"], task["recipient"]) == (reference, "unaddressed", "")
    assert "the traveller of" in run("letters", "told", reference.lower()).stdout
    assert "no warning" in run("letters", "undelivered").stdout
    assert run("letters", "told", reference).exit_code == 1


def test_an_address_is_given_at_the_terminal_and_the_letter_follows(run: Run) -> None:
    people = "Passenger: DOE/JANE MS\nPassenger: DOE/JOHN MR\n"
    reference = screened(run, "-", input=f"{people}LH400 FRA QQQ 12 Dec\n")
    unnamed = run("letters", "address", reference, "jane@example.org")
    assert unnamed.exit_code == 2
    assert "'JANE DOE', 'JOHN DOE'" in unnamed.stderr
    whose = ("--traveller", "JANE DOE", "--language", "fr")
    assert run("letters", "address", reference, "jane at example", *whose).exit_code == 2
    done = run("letters", "address", reference.lower(), "jane@example.org", *whose)
    assert f"{reference} has the address, and its letter (fr) is written." in done.stdout
    (letter,) = listed(run, reference)
    assert (letter["recipient"], letter["language"]) == ("jane@example.org", "fr")
    assert "no warning" in run("letters", "undelivered").stdout
    assert run("letters", "address", "TR-AAAAAA", "jane@example.org").exit_code == 1
    booked = screened(run, FILE)
    assert "its booking has an address" in run("letters", "address", booked, "jane@example.org").stderr


@pytest.mark.usefixtures("over_smtp")
def test_a_warning_that_reached_nobody_is_told_until_somebody_has_called(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = warned(run, monkeypatch, "--second-to", "second@example.com")
    assert "no warning" in run("letters", "undelivered").stdout
    server = Server()
    with relay(monkeypatch, server):
        done = run("worker", "--once")
    assert "undelivered: 1 found" in done.stdout
    assert sorted(server.recipients) == [["focal-point@example.org"], ["second@example.com"]]
    shown = run("letters", "undelivered").stdout
    for wanted in (reference, "not cleared", "dead", "550 5.1.1 at RCPT", "copy to the second address: sent"):
        assert wanted in shown
    assert json.loads(run("letters", "undelivered", "--json").stdout)[0]["trip"] == reference
    assert "1 warning reached nobody" in run("doctor").stdout + run("doctor").stderr
    assert run("letters", "told", reference, "--note", "by phone").exit_code == 0
    assert "no warning" in run("letters", "undelivered").stdout
    assert "reached nobody" not in run("doctor").stdout + run("doctor").stderr
    assert run("audit", "verify").exit_code == 0


def test_a_second_address_must_be_one(run: Run) -> None:
    assert run("screen", FILE, "--second-to", "nobody").exit_code != 0


def test_a_message_that_brings_a_letter_back_is_taken(run: Run, tmp_path: Path, place: Path) -> None:
    reference = screened(run, FILE)
    run("worker", "--once", "dispatch")
    (kept,) = (place / "letters" / "new").iterdir()
    message_id = str(message_from_bytes(kept.read_bytes())["Message-ID"]).encode()
    bounce = (CASES / "postfix-no-such-user" / "in.eml").read_bytes()
    back = tmp_path / "bounce.eml"
    back.write_bytes(bounce.replace(b"<0123456789abcdef0123456789abcdef@travelrisk.example.org>", message_id))
    (tmp_path / "other.eml").write_bytes((CASES / "out-of-office-vacation" / "in.eml").read_bytes())
    names = ("bounce.eml", "bounce.eml", "other.eml", "-")  # in the folder where the program runs
    done = run("letters", "take-back", *names, input=bounce)
    words = [line.rpartition(": ")[2] for line in done.stdout.splitlines()]
    assert words == [
        "a letter came back; it is noted",
        "a letter came back, which was known",
        "no bounce",
        "a bounce that is about no letter of ours",
    ]
    assert listed(run, reference)[0]["returned"] == "550 5.1.1"
    assert "came back" in run("letters", "list", reference).stdout
    assert "undelivered: 1 found" in run("worker", "--once").stdout
    assert "bounced" in run("letters", "undelivered").stdout


def test_a_letter_goes_again_with_words_of_whoever_sends_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    with opened() as app:
        accounts.add(app, name="Bob", email="bob@example.org", roles=[Role.TRAVEL_UNIT], password=PASSWORD)
    monkeypatch.setenv("TRAVELRISK_PASSWORD_FILE", str(password))
    reference = screened(run, FILE)
    run("worker", "--once", "dispatch")
    nameless = run("letters", "resend", reference, "--preface", "Call me.")
    assert nameless.exit_code == 2
    assert "--preface and --as go together" in nameless.stderr
    named = ("letters", "resend", reference, "--preface", "Call me.", "--as", "bob@example.org")
    asked = run(*named, input="n\n")
    assert "Bob, qui vous renvoie ce message, ajoute :\n\n| Call me.\n" in asked.stdout
    assert "1 person will get this. Send?" in asked.stdout
    assert len(listed(run, reference)) == 1
    assert "1 letter is in the outbox." in run(*named, input="y\n").stdout
    again = max(each["number"] for each in listed(run, reference))
    assert "| Call me." in run("letters", "show", again).stdout
    assert run("audit", "verify").exit_code == 0
    run("worker", "--once", "dispatch")
    assert run("letters", "resend", reference).exit_code == 0
    third = max(each["number"] for each in listed(run, reference))
    assert "Call me." not in run("letters", "show", third).stdout, "the next one is of the letter alone"
