"""What is remembered beside a file in a watched folder that another service screens.

It is written before the file is sent, and gone when the file is put away: so whatever is interrupted goes on
with the same batch, and the same file that comes again later is a new arrival that touches only what changed.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Final, NamedTuple, Self

_SUFFIX: Final = ".travelrisk-sent"
_KINDS: Final = {"server": str, "digest": str, "arrival": str, "keeps_back": bool, "batch": str}


class Sent(NamedTuple):
    """A file on its way.

    Attributes:
        server: where it is sent. digest: of its name and content; with another one it is another file.
        arrival: tells it from the same file that was there before and was put away.
        keeps_back: whether its letters wait there until somebody releases them.
        batch: its reference there; empty = no answer has come yet.
    """

    server: str
    digest: str
    arrival: str
    keeps_back: bool
    batch: str = ""

    @classmethod
    def anew(cls, server: str, digest: str, *, keeps_back: bool) -> Self:
        """Return a file that has just come."""
        return cls(server, digest, secrets.token_hex(8), keeps_back)

    @property
    def key(self) -> str:
        """Return its idempotency key; never that of a file which somebody sent by hand, to keep it back."""
        return f"{self.digest}-{self.arrival}"

    def is_of(self, server: str, digest: str) -> bool:
        """Say whether it is this very file, on its way to there."""
        return (self.server, self.digest) == (server, digest)


def remember(path: Path, sent: Sent) -> None:
    """Write it beside the file, whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(sent._asdict(), file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(_beside(path))


def recall(path: Path) -> Sent | None:
    """Return what is remembered of a file; None where that is nothing, or nothing that can be used."""
    try:
        kept = json.loads(_beside(path).read_text("utf-8"))
        kinds = {name: type(each) for name, each in kept.items()}
    except (OSError, ValueError, AttributeError):
        return None
    return Sent(**kept) if kinds == _KINDS else None


def forget(path: Path) -> None:
    """Forget a file that is put away."""
    _beside(path).unlink(missing_ok=True)


def on_their_way(folder: Path) -> list[Path]:
    """Return the files of which something is remembered, and forget those that somebody took away."""
    found = []
    for beside in sorted(folder.glob(f".*{_SUFFIX}")):
        path = beside.with_name(beside.name[1:].removesuffix(_SUFFIX))
        if path.exists():
            found.append(path)
        else:
            beside.unlink(missing_ok=True)
    return found


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}{_SUFFIX}")
