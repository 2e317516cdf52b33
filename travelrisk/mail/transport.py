"""How a finished letter leaves: the words for it, and the ways that need no network.

Two kinds of failure, because they ask for different things: a TransientFailure is tried again, a
PermanentFailure becomes somebody's task. Neither carries an address, nor a server's words, for these
often repeat one.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import NamedTuple, Protocol

from travelrisk.domain.errors import ConfigurationError, TravelriskError


@dataclass(frozen=True, slots=True)
class Sent:
    """The letter was accepted; *reply* is the code that said so."""

    reply: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """The caller took the letter back at the last moment; nothing was sent."""


class TransientFailure(TravelriskError):  # noqa: N818 - the word of the house: a failure, of two kinds
    """It may work later. *ambiguous*: the letter was handed over without an answer: it may have arrived."""

    def __init__(self, reply: str, *, ambiguous: bool = False) -> None:
        super().__init__(reply)
        self.reply = reply
        self.ambiguous = ambiguous


class PermanentFailure(TravelriskError):  # noqa: N818 - see TransientFailure
    """No repetition can mend it: a person must act."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class Transport(Protocol):
    """Sends one letter to one recipient; not safe for two threads at once."""

    def send(
        self, message: bytes, sender: str, recipient: str, before_body: Callable[[], bool]
    ) -> Sent | Withheld:
        """Send *message*; ask *before_body* at the last moment before it leaves, False = do not.

        Raises:
            TransientFailure: try again later, with the same bytes.
            PermanentFailure: never try this again.
        """

    def close(self) -> None:
        """Let go of what was kept open; may be called twice."""


@dataclass
class Memory:
    """Keeps letters in a list, for tests."""

    sent: list[tuple[bytes, str, str]] = field(default_factory=list)

    def send(
        self, message: bytes, sender: str, recipient: str, before_body: Callable[[], bool]
    ) -> Sent | Withheld:
        """Append the letter to ``sent`` as (message, sender, recipient)."""
        if not before_body():
            return Withheld()
        self.sent.append((message, sender, recipient))
        return Sent("kept in memory")

    def close(self) -> None:
        """Nothing is open."""


class Kept(NamedTuple):
    """A letter in a maildir: its name without flags, since when it lies there, and its bytes."""

    name: str
    at: datetime
    message: bytes


class Folder:
    """Writes letters into a maildir, one file a Message-ID: sending the same letter twice leaves one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(
        self,
        message: bytes,
        sender: str,  # noqa: ARG002 - the file holds what the headers say; the protocol has an envelope
        recipient: str,  # noqa: ARG002 - as above
        before_body: Callable[[], bool],
    ) -> Sent | Withheld:
        """Write the letter to ``tmp``, sync it, and move it to ``new``, as maildir wants it."""
        name = file_name(message)
        try:
            self._prepare()
            if not before_body():
                return Withheld()
            if not self._has(name):
                self._write(name, message)
        except OSError as error:
            what = errno.errorcode.get(error.errno or 0, type(error).__name__)
            raise TransientFailure(f"the mail folder cannot be written: {what}") from None
        return Sent("kept in the folder")

    def close(self) -> None:
        """Nothing is open."""

    def letters(self, but_not: Container[str] = ()) -> Iterator[Kept]:
        """Yield the letters that lie here, read or not, the oldest first, without those named in *but_not*.

        Raises:
            ConfigurationError: the folder or a letter cannot be read.
        """
        try:
            found = [each for part in ("new", "cur") for each in _inside(self._path / part)]
            new = [(path.stat().st_mtime, _without_flags(path), path) for path in found]
            for changed, name, path in sorted(each for each in new if each[1] not in but_not):
                yield Kept(name, datetime.fromtimestamp(changed, UTC), path.read_bytes())
        except OSError as error:
            raise ConfigurationError(
                f"the letters in {self._path} cannot be read ({error.strerror}): look at their rights"
            ) from None

    def _prepare(self) -> None:
        for part in ("tmp", "new", "cur"):
            (self._path / part).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _has(self, name: str) -> bool:
        read = (self._path / "cur").glob(f"{name}*")  # a mail program moves it there and appends flags
        return (self._path / "new" / name).exists() or any(read)

    def _write(self, name: str, message: bytes) -> None:
        draft = self._path / "tmp" / f"{name}.{os.getpid()}"
        with draft.open("wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path / "new" / name)
        _sync_folder(self._path / "new")


def file_name(message: bytes) -> str:
    """Return the name under which a maildir keeps a letter; the same for each copy of it."""
    known = BytesHeaderParser().parsebytes(message).get("Message-ID")
    return hashlib.sha256(str(known).encode() if known else message).hexdigest()[:40] + ".travelrisk"


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _without_flags(path: Path) -> str:
    return path.name.partition(":")[0]  # as a mail program appends them when it moves a letter to "cur"


def _sync_folder(path: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot open a folder, and keeps its own journal
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
