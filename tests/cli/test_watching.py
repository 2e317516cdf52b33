"""``travelrisk screen DIR --watch``: a folder is looked after until somebody says stop."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from travelrisk import resources

DEMO = resources.data("demo")


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def _stop_when(folder: Path, name: str) -> threading.Thread:
    """Press Ctrl-C as soon as a file was put away."""

    def wait() -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and not (folder / "done" / name).exists():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@pytest.mark.usefixtures("rated")
def test_what_comes_into_the_folder_is_screened(run: Run, watched: Path) -> None:
    name = "16-agency-bookings.csv"
    (watched / name).write_bytes((DEMO / name).read_bytes())
    stopping = _stop_when(watched, name)
    done = run("screen", watched, "--watch", "--office", "OFFICE A", "--every", "0.1")
    stopping.join()
    assert done.exit_code == 0, done.output
    assert "BA-" in done.stdout
    assert (watched / "done" / f"{name}.results.csv").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "needs --office"),
        (("--office", "A", "--dry-run"), "goes with --office"),
        (("--office", "A", "--to", "a@example.org"), "goes with --office"),
    ],
)
def test_what_does_not_go_together_is_said(
    run: Run, watched: Path, options: tuple[str, ...], words: str
) -> None:
    done = run("screen", watched, "--watch", *options)
    assert done.exit_code == 2
    assert words in done.output


def test_one_folder_is_looked_after(run: Run, watched: Path) -> None:
    file = watched / "a.csv"
    file.write_bytes(b"x")
    for files in ((file,), (watched, watched)):
        done = run("screen", *files, "--watch", "--office", "A")
        assert (done.exit_code, "one folder" in done.output) == (2, True)
    assert "goes with --watch" in run("screen", file, "--keep-back").output
