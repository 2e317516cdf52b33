"""The demonstration from beginning to end: itineraries in, verdicts and letters out, and nothing twice."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from email import message_from_bytes
from pathlib import Path
from subprocess import CompletedProcess
from time import monotonic, sleep
from typing import Any, NamedTuple
from urllib.request import urlopen

import pytest
import requests
import structlog
from click.testing import CliRunner

from tests.cli.programs import PATIENCE, ended, running
from travelrisk import resources
from travelrisk.cli.program import program

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for others")
VERDICTS = {"cleared", "conditional", "review", "not_cleared"}


class Once(NamedTuple):
    """A demonstration that served nothing, and the folder it kept."""

    place: Path
    told: CompletedProcess[str]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Run it once for all tests that look at what it leaves, in any order: each leaves it as it was."""
    folder = tmp_path_factory.mktemp("once")
    told = ended(folder, "demo", "--once", "--json", "--folder", folder / "demo")
    assert told.returncode == 0, told.stderr
    return Once(folder / "demo", told)


def test_it_shows_every_verdict_and_delivers_every_letter_once(once: Once) -> None:
    place, first = once
    shown = json.loads(first.stdout)
    rows = shown["itineraries"]
    assert len(rows) >= 12
    assert {row["advisory"]["verdict"] for row in rows} == VERDICTS
    assert {row["form"] for row in rows} >= {"text", "ics", "eml", "csv", "xlsx"}
    assert "for show" in shown["notice"]
    assert shown["letters"]["sent_now"] == shown["letters"]["sent"] == len(rows)
    letters = list((place / "letters" / "new").iterdir())
    assert len(letters) == len(rows), "each letter arrived over SMTP"
    mails = [message_from_bytes(path.read_bytes()) for path in letters]
    assert {mail["Content-Language"] for mail in mails} == {"en", "fr", "es"}
    assert all(mail["To"].endswith("@example.org") for mail in mails)

    second = ended(place.parent, "demo", "--once", "--json", "--folder", place)
    again = json.loads(second.stdout)
    assert not any(row["is_new"] or row["letters"] for row in again["itineraries"])
    assert [row["trip"] for row in again["itineraries"]] == [row["trip"] for row in rows]
    assert (again["letters"]["sent_now"], again["letters"]["sent"]) == (0, len(rows))


@needs_signals
def test_a_second_time_the_inbox_has_the_letters_of_the_first_on_the_address_they_link_to(
    once: Once,
) -> None:
    place, first = once
    assert f"travelrisk demo --folder {place}" in first.stderr
    letters = [path.read_bytes() for path in (place / "letters" / "new").iterdir()]
    linked = {found for each in letters for found in re.findall(rb"http://127\.0\.0\.1:\d+(?=/trips)", each)}
    assert len(linked) == 1
    (address,) = (each.decode() for each in linked)
    with running(place.parent, "demo", "--folder", place) as process:
        assert f"{address}/inbox" in told_until_it_serves(process)
        with urlopen(f"{address}/inbox", timeout=PATIENCE) as answer:  # noqa: S310 - our own address
            assert answer.read().decode().count('href="/inbox/') >= len(letters)
        with urlopen(f"{address}/inbox/1", timeout=PATIENCE) as answer:  # noqa: S310 - as above
            (trip,) = re.findall(r'href="(/trips/[^"]+)"', answer.read().decode())
        with urlopen(f"{address}{trip}", timeout=PATIENCE) as answer:  # noqa: S310 - as above
            assert answer.status == 200
        beside = ended(place.parent, "demo", "--folder", place)
        assert beside.returncode == 1
        assert "end the demonstration that runs there already" in beside.stderr


def test_what_served_nothing_names_no_address(
    once: Once, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (json.loads(once.told.stdout)["pages"], json.loads(once.told.stdout)["inbox"]) == (None, None)
    first = min(resources.data("demo").glob("*.txt"))
    (tmp_path / first.name).write_bytes(first.read_bytes())  # one itinerary says how to go on as thirty do
    data = resources.data
    monkeypatch.setattr(resources, "data", lambda *at: tmp_path if at == ("demo",) else data(*at))
    done = CliRunner().invoke(program, ["demo", "--once"])
    structlog.reset_defaults()
    assert done.exit_code == 0
    assert "http" not in done.stderr
    assert "leave --once away" in done.stderr


@pytest.mark.parametrize("left", ["travelrisk.db", "travelrisk.toml"])
def test_the_folder_of_another_service_is_left_as_it_is(tmp_path: Path, left: str) -> None:
    """Ratings for show may not come among those that people rely on. It is refused before anything starts."""
    place = tmp_path / "service"
    place.mkdir()
    (place / left).write_text('mail_from = "unit@example.org"\n')
    done = CliRunner().invoke(program, ["demo", "--once", "--folder", str(place)])
    structlog.reset_defaults()
    assert done.exit_code == 1
    assert f"it holds {left}" in done.stderr
    assert [path.name for path in place.iterdir()] == [left]
    assert "unit@example.org" in (place / left).read_text()


@needs_signals
def test_without_a_folder_it_serves_until_ctrl_c_and_nothing_stays_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No setting of the machine matters to it."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    own = {
        "smtp_port": "many",
        "database_url": "mysql://x",
        "policy_file": "nowhere.toml",
        "mail_from": "x",
    }
    with running(tmp_path / "own", "demo", **own) as process:
        text = told_until_it_serves(process)
        inbox = re.search(r"Letters: (http://127\.0\.0\.1:\d+/inbox)", text)
        configuration = re.search(r"TRAVELRISK_CONFIG=(\S+)", text)
        assert inbox, text
        assert configuration, text
        with urlopen(inbox[1], timeout=PATIENCE) as answer:  # noqa: S310 - our own address
            assert "alice@example.org" in answer.read().decode()
        assert "LH 400 FRA-JFK" in screened(inbox[1].removesuffix("/inbox"))
        asked = ended_with_configuration(configuration[1])
        assert "for show" in asked
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.stdout is not None
        fits_a_narrow_place_and_says_what_it_is(process.stdout.read().splitlines())
    assert not Path(configuration[1]).exists()
    assert not [path.name for path in temporary.iterdir() if "demo" in path.name]
    assert not (tmp_path / "own").exists()


def fits_a_narrow_place_and_says_what_it_is(lines: list[str]) -> None:
    verdicts = [line for line in lines if re.match(r"[✔▲?✖] [A-Z ]+  \S", line)]
    assert len(verdicts) >= 12
    assert {line.split("  ")[0][2:] for line in verdicts} == {
        *("CLEARED", "CLEARED WITH CONDITIONS", "REVIEW NEEDED", "NOT CLEARED")
    }
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("Demonstration. The ratings are for show.")


def told_until_it_serves(process: subprocess.Popen[str]) -> str:
    """Return what the demonstration says on standard error before it serves the pages."""
    assert process.stderr is not None
    told: list[str] = []
    for line in process.stderr:
        told.append(line)
        if "Ctrl-C" in line:
            return "".join(told)
    pytest.fail(f"it ended and never served: {''.join(told)}")


def screened(address: str) -> str:
    """Sit down at a desk of the demonstration, bring a file, and return the batch when it has a result."""
    with requests.Session() as clerk:

        def send(path: str, on: str, **sent: Any) -> requests.Response:  # noqa: ANN401 - as requests takes it
            (token, *_) = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', clerk.get(address + on).text)
            return clerk.post(address + path, data={"csrf_token": token}, timeout=PATIENCE, **sent)

        send("/story/desk/demo-gina", on="/story")
        batch = send("/batches", on="/batches", files={"file": ("asked.txt", "LH400 FRA JFK 12 Dec")}).url
        deadline = monotonic() + PATIENCE
        while "No result yet" in (page := clerk.get(batch, timeout=PATIENCE).text) and monotonic() < deadline:
            sleep(0.5)
    return page


def ended_with_configuration(path: str) -> str:
    """Ask the running demonstration from another process, as its last lines suggest."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRAVELRISK_CONFIG"] = path
        try:
            return ended(Path(folder), "check", "LH400 FRA JFK 12 Dec").stdout
        finally:
            del os.environ["TRAVELRISK_CONFIG"]
