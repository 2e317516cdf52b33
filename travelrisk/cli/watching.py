"""``travelrisk screen DIR --watch``: a folder whose files are screened for an office, without a person."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from traceback import walk_tb
from types import FrameType
from typing import TypeVar

import click

from travelrisk.cli.console import complain_of, hint, say
from travelrisk.cli.opening import opened
from travelrisk.jobs.worker import owner
from travelrisk.services.application import Application
from travelrisk.services.batches.folder import DONE, FAILED, RESULTS, Filed, Folder, look, marks, prepare

_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Answer = TypeVar("Answer")


class Stopped(BaseException):
    """Somebody said stop while another service was asked; no fault, so that nothing takes it for one."""


class Stop(threading.Event):
    """Set when somebody says stop, which ends at once what may be broken off and be done again."""

    def __init__(self) -> None:
        super().__init__()
        self._may_break_off = False

    def breaking_off(self, call: Callable[[], Answer]) -> Answer:
        """Return what *call* returns.

        Raises:
            Stopped: somebody said stop; what became of the call, nobody knows.
        """
        self._may_break_off = True  # first: whoever says stop from here on is heard
        if self.is_set():
            self._may_break_off = False
            raise Stopped
        try:
            return call()
        except Stopped as stopped:
            _close_sockets(stopped)
            raise
        finally:
            self._may_break_off = False

    def say(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        self.set()
        if self._may_break_off:
            self._may_break_off = False
            raise Stopped


def _close_sockets(stopped: Stopped) -> None:
    """Close a connection that was just being made: the call that was broken off is all that knows of it."""
    for frame, _ in walk_tb(stopped.__traceback__):
        for each in frame.f_locals.values():
            if isinstance(each, socket):
                each.close()


def check_watch(ctx: click.Context) -> None:
    """Refuse what does not go together with ``--watch``.

    Raises:
        UsageError: it was given, and would be dropped.
    """
    given = ctx.params
    is_elsewhere = bool(given["server"])
    if any(given[name] for name in ("dry_run", "recipient", "second", "language", "as_csv")) or (
        given["as_json"] and not is_elsewhere
    ):
        raise click.UsageError(
            "--watch goes with --office, --every and --keep-back alone; with --server, --json may be added"
        )
    if is_elsewhere and given["office"]:
        raise click.UsageError("with --server the key says whose travel it is: leave --office away")


def watch(files: tuple[Path, ...], *, office: str, every: float, keeps_back: bool) -> None:
    """Screen what comes into a folder until SIGTERM or Ctrl-C; the file begun is finished.

    Raises:
        BadInputError: the folder cannot be used.
    """
    path = the_one(files)
    if not office.strip():
        raise click.UsageError("--watch needs --office: whose travel the files in the folder are about")
    folder = Folder(path, office.strip(), keeps_back)
    prepare(folder)
    with stopping() as stop, opened() as app:
        hint(f"Watching {folder.path} for {folder.office}; stop with Ctrl-C.")
        _until(stop, app, folder, every)


def the_one(files: tuple[Path, ...]) -> Path:
    """Return the folder to look after.

    Raises:
        UsageError: it is none, or not one alone.
    """
    if len(files) != 1 or not files[0].is_dir():
        raise click.UsageError("--watch looks after one folder: name it alone")
    return files[0]


@contextmanager
def stopping() -> Iterator[Stop]:
    """Give what is set by SIGTERM and Ctrl-C."""
    stop = Stop()
    before = {number: signal.signal(number, stop.say) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def tell(folder: Folder, filed: Filed) -> None:
    """Say what became of a file, and where it lies now."""
    if filed.reason:
        complain_of(filed.name, filed.reason)
    say(put_words(folder, filed), hang=2)


def put_words(folder: Folder, filed: Filed) -> str:
    """Return where a file lies now, with its results."""
    place = folder.path / (FAILED if filed.reason else DONE)
    return f"{filed.name}: {filed.reference or 'not screened'}, results in {place}, in a file {RESULTS}"


def _until(stop: Stop, app: Application, folder: Folder, every: float) -> None:
    mine, seen = owner(), marks(folder)
    while not stop.wait(every):
        now = marks(folder)
        for filed in look(app, folder, seen, mine, stop.is_set):
            tell(folder, filed)
        seen = now
