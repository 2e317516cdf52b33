"""``travelrisk screen DIR --watch``: a folder whose files are screened for an office, without a person."""

import signal
import threading
from pathlib import Path
from types import FrameType

import click

from travelrisk.cli.console import complain_of, hint, say
from travelrisk.cli.opening import opened
from travelrisk.jobs.worker import owner
from travelrisk.services.application import Application
from travelrisk.services.batches.folder import DONE, FAILED, RESULTS, Filed, Folder, look, marks, prepare

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def watch(files: tuple[Path, ...], *, office: str, every: float, keeps_back: bool) -> None:
    """Screen what comes into a folder until SIGTERM or Ctrl-C; the file begun is finished.

    Raises:
        BadInputError: the folder cannot be used.
    """
    if len(files) != 1 or not files[0].is_dir():
        raise click.UsageError("--watch looks after one folder: name it alone")
    if not office.strip():
        raise click.UsageError("--watch needs --office: whose travel the files in the folder are about")
    folder = Folder(files[0], office.strip(), keeps_back)
    prepare(folder)
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in _SIGNALS}
    try:
        with opened() as app:
            hint(f"Watching {folder.path} for {folder.office}; stop with Ctrl-C.")
            _until(stop, app, folder, every)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _until(stop: threading.Event, app: Application, folder: Folder, every: float) -> None:
    mine, seen = owner(), marks(folder)
    while not stop.wait(every):
        now = marks(folder)
        for filed in look(app, folder, seen, mine, stop.is_set):
            _tell(folder, filed)
        seen = now


def _tell(folder: Folder, filed: Filed) -> None:
    place = folder.path / (FAILED if filed.reason else DONE)
    if filed.reason:
        complain_of(filed.name, filed.reason)
    say(f"{filed.name}: {filed.reference or 'not screened'}, results in {place}, in a file {RESULTS}", hang=2)
