"""The program in a process of its own, on a day in November 2026, with a clock that runs."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests import canaries

_LAUNCH = """
import signal, sys, time_machine
signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started in the background ignores Ctrl-C
from datetime import datetime
time_machine.travel(datetime.fromisoformat({moment!r}), tick=True).start()
from travelrisk.cli import main
from travelrisk.intake.apart import sandbox
sandbox._BEGINNING = 30  # a process that reads documents may begin slowly on a busy machine
main()
"""
BEGINS = datetime(2026, 11, 23, 18, tzinfo=UTC)
"""When each of them begins: no earlier than anything that stands in the databases of the tests."""
PATIENCE = 300.0
"""Seconds in which whatever is waited for has long happened, also on a slow machine."""


def command(*arguments: object) -> list[str]:
    """Return what starts the program."""
    return [sys.executable, "-c", _LAUNCH.format(moment=BEGINS.isoformat()), *map(str, arguments)]


def surroundings(place: Path, **more: object) -> Mapping[str, str]:
    """Return an environment with a folder of its own and further settings."""
    settings = {"data_dir": place, **more}
    return os.environ | {f"TRAVELRISK_{name.upper()}": str(value) for name, value in settings.items()}


def ended(place: Path, *arguments: object, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        command(*arguments),
        env=surroundings(place, **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def running(place: Path, *arguments: object, **settings: object) -> Iterator[subprocess.Popen[str]]:
    """Run the program and make an end of it when the block ends; what it has logged tells of nobody."""
    process = subprocess.Popen(
        command(*arguments),
        env=surroundings(place, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        canaries.look("a process", process.communicate()[1])
