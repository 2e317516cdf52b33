"""Where messages wait to be read: the words for it, and the way that needs no network.

A message is marked done, or put aside, only after what it caused stands in the database. So a kill between
the two repeats it, and the repetition is harmless there. Nothing is ever deleted.
"""

import hashlib
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from travelrisk.domain.errors import TravelriskError
from travelrisk.intake.limits import MIB

HEAD: Final = 65_536
"""Bytes that are fetched of a message that is too large: enough to see who sent it."""
_RESTED_S: Final = 2.0
_DONE, _FAILED = "done", "failed"
_MAIL_SUFFIXES: Final = frozenset({".eml", ""})
_UNFINISHED: Final = frozenset({".part", ".tmp", ".crdownload"})


class MailboxError(TravelriskError):
    """The mailbox cannot be read at this moment; no address and no word of a server stands in the message."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that waits.

    Attributes:
        key: what the mailbox calls it.
        content: its bytes, or its beginning where it is too large.
        arrived_at: aware time at which the mailbox got it.
        name: of a file that is no message; empty for a message.
        problem: why *content* is not all of it; empty where it is.
    """

    key: str
    content: bytes
    arrived_at: datetime
    name: str = ""
    problem: str = ""


class Mailbox(Protocol):
    """Messages that wait, and what became of them; not safe for two threads at once."""

    def waiting(self, most: int) -> Iterator[Message]:
        """Yield up to *most* messages, the oldest first; each is fetched when it is asked for.

        Raises:
            MailboxError: it cannot be read.
        """

    def done(self, message: Message) -> None:
        """Take a message out of those that wait.

        Raises:
            MailboxError: it stays, and will be seen again.
        """

    def failed(self, message: Message, why: str) -> None:
        """Put a message where people look for those that could not be read.

        Raises:
            MailboxError: it stays, and will be seen again.
        """

    def look(self) -> int:
        """Return how many messages wait, without touching them.

        Raises:
            MailboxError: it cannot be read.
        """

    def close(self) -> None:
        """Let go of what was kept open; may be called twice."""


def too_large(size: int, most: int) -> str:
    """Return the problem of a message beyond the limit, as readers of documents say it."""
    return (
        f"The document has {size / MIB:.1f} MB; up to {most / MIB:.0f} MB are read: send the itinerary alone"
    )


class WatchedFolder:
    """A maildir, or a plain folder of files: ``.eml`` are messages, anything else a document without sender.

    What is settled goes to ``done/`` or ``failed/`` inside, there with a note beside it that says why.

    Args:
        path: the folder; it must exist.
        most_bytes: largest file that is read.
    """

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._path = path
        self._most_bytes = most_bytes

    def waiting(self, most: int) -> Iterator[Message]:
        """Yield files that nobody is writing any more."""
        for path in self._files()[:most]:
            try:
                yield self._message(path)
            except FileNotFoundError:
                continue  # another worker settled it meanwhile
            except OSError as error:
                raise MailboxError(
                    f"{path.name} cannot be read ({error.strerror}): look at its rights"
                ) from None

    def done(self, message: Message) -> None:
        """Move a file to ``done/``."""
        self._move(message, _DONE)

    def failed(self, message: Message, why: str) -> None:
        """Move a file to ``failed/``, with a note."""
        moved = self._move(message, _FAILED)
        if moved is not None:
            with _plainly(moved.name):
                moved.with_name(f"{moved.name}.why.txt").write_text(f"{why}\n", encoding="utf-8")

    def look(self) -> int:
        """Count the files that nobody is writing any more."""
        return len(self._files())

    def close(self) -> None:
        """Nothing is open."""

    def _files(self) -> list[Path]:
        try:
            is_maildir = (self._path / "new").is_dir()
            folders = [self._path / part for part in ("new", "cur")] if is_maildir else [self._path]
            found = [each for folder in folders for each in folder.iterdir()]
            return [path for _, path in sorted(_rested(found))]
        except OSError as error:
            raise MailboxError(
                f"the folder {self._path} cannot be read ({error.strerror}): look at its rights"
            ) from None

    def _message(self, path: Path) -> Message:
        status = path.stat()
        is_whole = status.st_size <= self._most_bytes
        with path.open("rb") as file:
            content = file.read(self._most_bytes if is_whole else HEAD)
        is_mail = path.parent != self._path or path.suffix.lower() in _MAIL_SUFFIXES
        return Message(
            key=str(path.relative_to(self._path)),
            content=content,
            arrived_at=datetime.fromtimestamp(status.st_mtime, UTC),
            name="" if is_mail else path.name,
            problem="" if is_whole else too_large(status.st_size, self._most_bytes),
        )

    def _move(self, message: Message, where: str) -> Path | None:
        source, folder = self._path / message.key, self._path / where
        target = folder / source.name.partition(":")[0]  # a maildir appends its flags behind a colon
        with _plainly(source.name):
            folder.mkdir(mode=0o700, exist_ok=True)
            if target.exists():
                target = folder / f"{hashlib.sha256(message.content).hexdigest()[:8]}-{target.name}"
            try:
                source.replace(target)
            except FileNotFoundError:
                return None  # another worker was faster
        return target


@contextmanager
def _plainly(name: str) -> Iterator[None]:
    """Tell what a file system complains about in plain words."""
    try:
        yield
    except OSError as error:
        raise MailboxError(f"{name} cannot be moved ({error.strerror}): look at the rights") from None


def _rested(paths: Iterable[Path]) -> Iterator[tuple[float, Path]]:
    """Yield when each file was written, without links, hidden files, and what may still be written."""
    for path in paths:
        if path.name.startswith(".") or path.suffix.lower() in _UNFINISHED:
            continue
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime >= _RESTED_S:
            yield status.st_mtime, path
