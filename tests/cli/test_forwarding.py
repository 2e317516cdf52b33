"""``screen DIR --watch --server URL``: another service screens what comes into a folder."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from tests.cli.conftest import Run
from tests.cli.moody import LISTING, Moody, Reply, serving
from tests.cli.services import Service
from travelrisk import resources
from travelrisk.cli import forwarding, sent
from travelrisk.cli.faults import Fault
from travelrisk.cli.forwarding import Forwarding, Patience, Told
from travelrisk.cli.options import KEY
from travelrisk.cli.program import program
from travelrisk.cli.watching import Stop, Stopped
from travelrisk.client import ApiError, Client, UnansweredError
from travelrisk.services.batches import folder as folders
from travelrisk.services.batches import screening
from travelrisk.services.batches.folder import Folder, marks, prepare

TABLE = resources.data("demo", "16-agency-bookings.csv")
URL = "https://travelrisk.example.org"


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    prepare(Folder(made, ""))
    return made


@pytest.fixture
def _at_a_terminal() -> Iterator[None]:
    """Let advice be given without the program, which is asked whether it is wanted."""
    with click.Context(program):
        yield


@contextmanager
def stopped_when(is_over: Callable[[], bool]) -> Iterator[None]:
    """Say stop as soon as something is so."""

    def wait() -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and not is_over():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # where the program has ended by itself
    thread = threading.Thread(target=wait)
    thread.start()
    yield
    thread.join()
    signal.signal(signal.SIGTERM, before)


def left(watched: Path) -> list[str]:
    """Return what lies in the folder itself, what is remembered included."""
    return sorted(each.name for each in watched.iterdir() if each.is_file())


def watch(run: Run, watched: Path, url: str, *options: str) -> Result:
    """Watch the folder until nothing lies in it."""
    with stopped_when(lambda: not left(watched)):
        return run("screen", watched, "--watch", "--server", url, "--every", "0.1", *options)


def put(watched: Path) -> None:
    (watched / TABLE.name).write_bytes(TABLE.read_bytes())


@pytest.mark.usefixtures("worker")
def test_files_are_screened_there_and_put_away_here_and_letters_leave(
    run: Run, service: Service, watched: Path
) -> None:
    put(watched)
    (watched / "empty.csv").touch()
    (watched / "note.txt").write_text("Nothing to see here.")
    first = watch(run, watched, service.url)
    assert first.exit_code == 0, first.output
    assert (watched / "done" / f"{TABLE.name}.results.csv").read_text("utf-8-sig").count("not_cleared") == 4
    assert "is empty" in (watched / "failed" / "empty.csv.results.csv").read_text()
    assert {each.name for each in (watched / "failed").iterdir()} >= {"empty.csv", "note.txt"}
    lines = " ".join(first.stdout.split())
    assert f"{TABLE.name}: BA-" in lines
    assert "empty.csv: not screened, results in" in lines
    assert "note.txt: no booking was found in it" in first.stderr
    assert service.key not in first.output
    letters = service.count("outbox")
    assert (letters, service.count("unreleased")) == (7, 0), "nobody is there to release them"
    put(watched)
    again = watch(run, watched, service.url)
    assert again.exit_code == 0
    assert (service.count("batches"), service.count("trips"), service.count("outbox")) == (3, 7, letters)
    assert len(list((watched / "done").iterdir())) == 4


@pytest.mark.usefixtures("worker")
def test_letters_wait_where_that_is_wanted_and_each_booking_is_printed(
    run: Run, service: Service, watched: Path
) -> None:
    put(watched)
    (watched / "empty.csv").touch()
    done = watch(run, watched, service.url, "--keep-back", "--json")
    shapes = [json.loads(each) for each in done.stdout.splitlines()]
    here = [json.loads(each) for each in run("screen", TABLE, "--dry-run", "--json").stdout.splitlines()]
    mine = [each for each in shapes if each["source"] == str(watched / TABLE.name)]
    assert [each["advisory"]["verdict"] for each in mine] == [each["advisory"]["verdict"] for each in here]
    (other,) = (each for each in shapes if each not in mine)
    assert (other["outcome"], other["advisory"]) == ("unreadable", None)
    assert (service.count("outbox"), service.count("unreleased")) == (7, 7)


class _Killed(BaseException):
    """What a process that is killed does not get to say."""


@pytest.mark.usefixtures("_at_a_terminal")
@pytest.mark.parametrize(
    ("owner", "name", "is_after"),
    [
        (Client, "send_batch", False),
        (Client, "send_batch", True),
        (Client, "batch_file", True),
        (folders, "_move", True),
        (sent, "forget", False),
    ],
)
def test_a_kill_between_loses_and_doubles_nothing(  # noqa: PLR0913, PLR0917 - fixtures and a case
    service: Service,
    watched: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,  # noqa: ANN401 - a module or a class
    name: str,
    is_after: bool,  # noqa: FBT001 - a case
) -> None:
    whole = getattr(owner, name)

    def die(*given: Any, **more: Any) -> None:  # noqa: ANN401 - as it takes them
        if is_after:
            whole(*given, **more)
        raise _Killed

    def looked() -> list[Told]:
        """Look twice, as a program that was just started does, with a worker in between."""
        with Client(service.url, service.key, tries=1) as client:
            mine = Forwarding(client, Folder(watched, ""), service.url, Stop(), with_rows=False)
            found = list(mine.look(marks(mine.folder)))
            screening.work(service.app, "one")
            return [*found, *mine.look(marks(mine.folder))]

    put(watched)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, die)
        with pytest.raises(_Killed):
            looked()
    looked()
    assert left(watched) == []
    assert len(list((watched / "done").iterdir())) == 2
    assert [service.count(each) for each in ("batches", "trips", "outbox")] == [1, 7, 7]


@pytest.mark.usefixtures("_at_a_terminal")
def test_a_file_that_changes_on_its_way_is_sent_anew(service: Service, watched: Path) -> None:
    with Client(service.url, service.key, tries=1) as client:
        mine = Forwarding(client, Folder(watched, ""), service.url, Stop(), with_rows=False)
        put(watched)
        list(mine.look(marks(mine.folder)))
        first = sent.recall(watched / TABLE.name)
        (watched / TABLE.name).write_bytes(TABLE.read_bytes() + b"\n")
        list(mine.look(marks(mine.folder)))
        second = sent.recall(watched / TABLE.name)
        assert first is not None
        assert second is not None
        assert first.batch != second.batch
        (watched / TABLE.name).unlink()
        list(mine.look(marks(mine.folder)))
    assert left(watched) == [], "what was taken away is forgotten"


@pytest.fixture(autouse=True)
def _key(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - what it sets is first
    monkeypatch.setenv(KEY, os.environ.get(KEY) or "trk_live_w_x")


def test_a_service_that_does_not_answer_is_waited_for_and_told_once(
    run: Run, watched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "TIMEOUT_S", 0.3)
    monkeypatch.setattr(forwarding, "LONGEST_OWN_PAUSE_S", 0.1)
    put(watched)
    moody = Moody(
        (503, '{"status": "down", "errors": "many"}', {"Retry-After": "0"}),
        (502, "<html>", {}),
        (200, '"a portal"', {}),
        (200, '{"batches": [], "cursor": ""}', {}),
        None,
        (429, '{"title": "Too many"}', {"Retry-After": "1"}),
        (409, '{"type": "x/in_flight"}', {}),
        (200, "{}", {}),
    )
    with serving(moody) as url:
        done = watch(run, watched, url)
    assert done.exit_code == 0, done.output
    assert done.stderr.count("Nothing is lost") == done.stderr.count("answers again") == 1
    assert (watched / "done" / TABLE.name).exists()
    assert len({each for each in moody.calls if "POST" in each}) == 1


def test_a_file_that_is_refused_holds_up_no_other(run: Run, watched: Path) -> None:
    for name in ("a-unusable.csv", "b-large.csv", "c-unlucky.csv", "d.csv", "e.csv"):
        (watched / name).write_bytes(b"x")
    is_done = (watched / "done" / "e.csv").exists
    with serving(Moody()) as url, stopped_when(is_done):
        done = run("screen", watched, "--watch", "--server", url, "--every", "0.1")
    assert done.exit_code == 0, done.output
    assert sorted(each.name for each in (watched / "failed").iterdir() if "results" not in each.name) == [
        "a-unusable.csv",
        "b-large.csv",
    ]
    assert "a-unusable.csv: Not usable: no file" in done.stderr
    assert "answers 413" in (watched / "failed" / "b-large.csv.results.csv").read_text()
    assert done.stderr.count("c-unlucky.csv: Fault. It stays") == 1
    assert (watched / "c-unlucky.csv").exists()
    assert "On their way: 1 file" in done.stderr


def test_a_call_that_is_broken_off_leaves_no_connection_open() -> None:
    stop, made = Stop(), list[socket.socket]()

    def call() -> None:
        connecting = socket.socket()
        made.append(connecting)
        stop.say(signal.SIGTERM, None)

    with pytest.raises(Stopped):
        stop.breaking_off(call)
    assert [each.fileno() for each in made] == [-1]


@pytest.mark.parametrize("reply", [(401, '{"title": "No key"}', {}), (403, "<html>", {})])
def test_whoever_is_not_let_in_is_told_and_nothing_is_moved(run: Run, watched: Path, reply: Reply) -> None:
    put(watched)
    with serving(Moody(reply)) as url:
        done = run("screen", watched, "--watch", "--server", url, "--every", "0.1")
    assert done.exit_code == 1
    assert "The watch ends" in done.stderr
    assert "trk_live" not in done.output
    assert left(watched) == [TABLE.name]


def test_what_is_not_known_there_any_more_is_told(run: Run, watched: Path) -> None:
    put(watched)
    good = Moody().usual
    listed = good(LISTING, b"")
    moody = Moody(listed, good("", b""), listed, (404, "{}", {}))
    with serving(moody) as url:
        done = watch(run, watched, url)
    assert done.exit_code == 0
    assert "BA-222222 is not known there any more" in done.stderr
    assert (watched / "failed" / TABLE.name).exists()


def test_stop_breaks_a_silence_off(run: Run, watched: Path) -> None:
    put(watched)
    moody = Moody(Moody().usual(LISTING, b""), None)
    with serving(moody) as url, stopped_when(moody.hung.is_set):
        done = run("screen", watched, "--watch", "--server", url, "--every", "0.1")
        assert not moody.over.is_set()
    assert done.exit_code == 0, done.output
    assert "On their way: 1 file" in done.stderr
    kept = sent.recall(watched / TABLE.name)
    assert kept is not None
    assert kept.batch == ""


@pytest.mark.usefixtures("_at_a_terminal")
def test_whoever_waits_waits_longer_each_time_or_as_long_as_is_asked_for() -> None:
    patience, lost = Patience(URL, 10), UnansweredError("lost")
    waits = [patience.after(lost) for _ in range(8)]
    assert (waits[:3], waits[-1]) == ([10, 20, 40], 300)
    assert patience.heal() == 10
    assert patience.after(ApiError({"status": 503}, 77)) == 77
    assert patience.after(UnansweredError("a proxy", 99)) == 99
    assert patience.after(ApiError({"status": 429}, 80_000)) == 3600
    with pytest.raises(Fault, match="stays in the folder"):
        patience.after(ApiError({"status": 403, "title": "Not yours"}))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--office", "A"), "leave --office away"),
        (("--csv",), "--json may be added"),
        (("--dry-run",), "goes with"),
    ],
)
def test_what_does_not_go_together_is_said(
    run: Run, watched: Path, options: tuple[str, ...], words: str
) -> None:
    done = run("screen", watched, "--watch", "--server", URL, *options)
    assert (done.exit_code, words in done.output) == (2, True)


@pytest.mark.parametrize("kept", ["", "[]", '{"server": 1}', '{"server": "a", "digest": "b"}', "\x00"])
def test_what_is_remembered_badly_is_not_remembered(watched: Path, kept: str) -> None:
    path = watched / "a.csv"
    path.touch()
    sent.remember(path, sent.Sent.anew(URL, "digest", keeps_back=True))
    assert sent.on_their_way(watched) == [path]
    (beside,) = watched.glob(".a.csv.*")
    beside.write_text(kept)
    assert sent.recall(path) is None
