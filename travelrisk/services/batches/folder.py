"""A watched folder: each file in it is screened for an office, and put away with its results beside it.

A file is taken when it did not change between two looks. What is known of it stands in the database before
it is touched, and its results stand beside it before it is forgotten there; so whatever is interrupted is
done again at the next look, with the same batch and without a second letter.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Viewer
from travelrisk.intake.document import Document
from travelrisk.intake.limits import LIMITS
from travelrisk.logs import logger
from travelrisk.services.application import Application
from travelrisk.services.batches import screening
from travelrisk.services.batches.accepting import accept
from travelrisk.services.batches.exporting import exported
from travelrisk.services.batches.results import progress
from travelrisk.store import batches
from travelrisk.store.batches import Batch
from travelrisk.store.database import reading, transact
from travelrisk.store.shapes import sha256

DONE: Final = "done"
FAILED: Final = "failed"
RESULTS: Final = ".results.csv"
_ACTOR: Final = "folder"
_UNFINISHED: Final = (".part", ".partial", ".tmp", ".crdownload", ".filepart")

Marks = Mapping[Path, tuple[int, int]]
"""Size and time of change of each file, as they were at a look."""


class Folder(NamedTuple):
    """A folder, the office whose files lie in it, and whether letters wait until somebody releases them.

    Where another service screens them, its key says whose they are, and *office* is empty.
    """

    path: Path
    office: str
    keeps_back: bool = False

    @property
    def viewer(self) -> Viewer:
        """Who looks at what comes of its files."""
        return Viewer(_ACTOR, self.office)


class Filed(NamedTuple):
    """A file that was put away, and why it failed; *reference* is its batch, empty where there is none."""

    name: str
    reference: str
    reason: str


def prepare(folder: Folder) -> None:
    """Make the folders for what was dealt with.

    Raises:
        BadInputError: the folder is none, or cannot be written.
    """
    try:
        for name in (DONE, FAILED):
            (folder.path / name).mkdir(exist_ok=True)
    except OSError as error:
        raise BadInputError(
            f"{folder.path}: cannot be written ({error.strerror}): check the path and its rights"
        ) from error


def marks(folder: Folder) -> Marks:
    """Return what lies in a folder now, but for what its name calls unfinished."""
    found = {}
    for path in sorted(folder.path.iterdir()):
        if path.name.startswith(".") or path.name.endswith(_UNFINISHED) or path.is_symlink():
            continue
        with suppress(FileNotFoundError):  # taken away in between
            if path.is_file():
                found[path] = _mark(path)
    return found


def unchanged(folder: Folder, before: Marks) -> Marks:
    """Return the files that have not changed since a look before."""
    return {path: mark for path, mark in marks(folder).items() if before.get(path) == mark}


def content_of(path: Path, mark: tuple[int, int]) -> bytes | None:
    """Return what is in a file, one byte more than is ever read at most; None where it changes just now.

    Raises:
        OSError: it is gone, or cannot be read yet.
    """
    with path.open("rb") as file:
        content = file.read(LIMITS.size + 1)
    return content if _mark(path) == mark else None


def look(
    app: Application,
    folder: Folder,
    before: Marks,
    owner: str,
    is_to_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Filed]:
    """Screen the files that have not changed since the last look, and yield those that were put away.

    Raises:
        StoreError: the database cannot be written; files that were not put away are taken up again.
    """
    for path, mark in unchanged(folder, before).items():
        if is_to_stop():
            return
        try:
            content = content_of(path, mark)
            if content is not None:
                yield from _screened(app, folder, path, content, owner)
        except OSError as error:  # the next look sees
            note_unreadable(error)


def note_unreadable(error: OSError) -> None:
    """Log why a file was left alone; its name may be somebody's."""
    logger().warning("folder.unreadable", reason=error.strerror or type(error).__name__)


def _screened(app: Application, folder: Folder, path: Path, content: bytes, owner: str) -> Iterator[Filed]:
    source = str(path.absolute())
    try:
        batch = _known(app, folder, source, content) or accept(
            app,
            folder.viewer,
            Document(content, path.name),
            keeps_back=folder.keeps_back,
            source=source,
        )
    except BadInputError as error:
        yield refuse(path, str(error))
        return
    screening.work(app, owner)
    batch = progress(app, folder.viewer, batch.reference).batch
    if batch.finished_at is not None:  # else a worker is at it: it is put away at a later look
        yield _file(app, folder, path, batch)


def _known(app: Application, folder: Folder, source: str, content: bytes) -> Batch | None:
    with reading(app.engine) as c:
        return batches.of_source(c, folder.office, source, sha256(content))


def _file(app: Application, folder: Folder, path: Path, batch: Batch) -> Filed:
    results = exported(app, folder.viewer, batch.reference, "csv")
    trouble = screening.TROUBLES.get(batch.trouble, batch.trouble)
    filed = put_away(path, results, batch.reference, trouble, batch.done)
    transact(app.engine, lambda c: batches.put_away(c, batch.id))
    return filed


def put_away(path: Path, results: bytes, reference: str, trouble: str, bookings: int) -> Filed:
    """Put a file that was screened away; it failed where it was given up, or no booking was found in it."""
    reason = trouble or ("" if bookings else "no booking was found in it")
    _move(path, FAILED if reason else DONE, results, reference)
    return Filed(path.name, reference, reason)


def refuse(path: Path, reason: str) -> Filed:
    """Put a file away that cannot be screened, with the reason in the place of its results."""
    _move(path, FAILED, f"{reason}\r\n".encode(), "")
    return Filed(path.name, "", reason)


def _move(path: Path, where: str, results: bytes, reference: str) -> None:
    """Write the results, and then move the file beside them; neither takes the place of another file."""
    target = path.parent / where / path.name
    if target.exists():
        target = target.with_name(f"{path.stem}-{reference or os.urandom(3).hex()}{path.suffix}")
    beside = target.with_name(target.name + RESULTS)
    unfinished = target.with_name(f".{target.name}.part")
    unfinished.write_bytes(results)
    unfinished.replace(beside)
    path.replace(target)


def _mark(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
