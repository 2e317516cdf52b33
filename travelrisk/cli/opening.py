"""Getting ready for a command: settings, logs, the parts of the service, and the files that were named."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from travelrisk import logs
from travelrisk.cli.console import hint
from travelrisk.domain.errors import BadInputError
from travelrisk.intake.document import Document
from travelrisk.intake.limits import LIMITS, MIB
from travelrisk.services.application import Application
from travelrisk.settings import Settings, load_settings
from travelrisk.store.database import reading
from travelrisk.wiring import build

STANDARD_INPUT = "-"


def settled(*, serves: bool = False, **given: object) -> Settings:
    """Return the settings, with the logs turned on accordingly.

    Args:
        serves: whether this is a long-running process, whose everyday events are logged too.
        given: settings that win over all others.

    Raises:
        ConfigurationError: a setting cannot be used.
    """
    settings = load_settings(**given)
    level = settings.log_level if serves or settings.log_level in {"debug", "error"} else "warning"
    logs.configure(level, as_json=not sys.stderr.isatty())
    return settings


@contextmanager
def opened(settings: Settings | None = None, *, makes_database: bool = False) -> Iterator[Application]:
    """Put the service together, and close the database afterwards.

    Args:
        settings: those of this process if not given.
        makes_database: whether an absent one is made; all but a demonstration expect that theirs is there.

    Raises:
        ConfigurationError: a setting, the policy or a table cannot be used.
        StoreError: the database is missing, cannot be reached, or is outdated.
    """
    app = build(settings or settled(), must_exist=not makes_database)
    try:
        yield app
    finally:
        app.engine.dispose()


def stay(app: Application) -> None:
    """Get ready for a long life: what never dies is no longer searched for garbage.

    Tables and ratings are some hundred thousand objects. Each full search among them held up whoever was
    being answered for a tenth of a second.
    """
    with reading(app.engine) as c:
        app.shelf.newest(c)
    gc.collect()
    gc.freeze()


def hint_at_ratings(edition: int) -> None:
    """Say why everything is not rated, where no ratings were ever loaded."""
    if edition == 0:
        hint(
            "No ratings are loaded yet: everything is 'not rated'. Import some"
            " (travelrisk ratings import FILE), or look at travelrisk demo."
        )


def expanded(paths: Sequence[Path]) -> list[Path]:
    """Return the files among *paths* and directly in the folders among them, the latter by name.

    Raises:
        BadInputError: nothing is there under one of the names, a folder may not be looked into, or no file
            lies in it: what was never looked at must not pass for cleared.
    """
    found: list[Path] = []
    for path in paths:
        if str(path) != STANDARD_INPUT and not os.path.lexists(path):
            raise click.BadParameter(f"there is no file or folder {path}", param_hint="FILE")
        found.extend(_inside(path) if path.is_dir() else [path])
    return found


def document(path: Path) -> Document:
    """Return the document in a file, or on standard input for ``-``.

    Raises:
        BadInputError: it cannot be read, or is larger than any itinerary; the message names it.
    """
    try:
        if str(path) == STANDARD_INPUT:
            content = sys.stdin.buffer.read(LIMITS.size + 1)
        else:
            with path.open("rb") as file:
                content = file.read(LIMITS.size + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadInputError(f"{path}: cannot be read ({reason}): check the path and its rights") from error
    if len(content) > LIMITS.size:
        raise BadInputError(
            f"{path}: larger than {LIMITS.size // MIB} MB, which no itinerary is: send the itinerary alone"
        )
    return Document(content, path.name)


def _inside(folder: Path) -> list[Path]:
    try:
        files = sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
    except OSError as error:
        raise BadInputError(f"{folder}: cannot be looked into ({error.strerror})") from error
    if not files:
        raise BadInputError(f"{folder}: no file lies in this folder; folders within it are not looked into")
    return files
