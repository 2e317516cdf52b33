"""Outside of the database, how far its audit trail had come: an older copy in its place is noticed by that.

The anchor is a small file, best on another disk or machine than the database. A worker writes it each
minute, and each backup does. A database that does not hold the entry it names is an older copy, or another
database: nobody knows then what was sent and judged since, so every letter is held until a person has looked.

A clock that was set back is noticed at the same time: the entries of the trail are then later than now.

Where the service has a secret, the anchor bears a signed checkpoint: whoever writes the trail anew cannot
make an anchor that fits. One of the secret before it counts while that is set, and is signed anew; the keys
that stand in the database do not, for whoever wrote the trail anew could write his own there.
"""

import json
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.logs import logger
from travelrisk.services.application import Application
from travelrisk.services.certificates.signing import Signer
from travelrisk.services.letters import holding
from travelrisk.services.watch import checkpoints
from travelrisk.services.watch.checkpoints import Checkpoint
from travelrisk.store import audit
from travelrisk.store.database import reading, transact

OFF: Final = "off: no place is known for the anchor; set anchor_file"


class Anchor(NamedTuple):
    """Number and hash of the newest entry of the trail at a time, and when a backup was made last.

    *checkpoint* is what was signed of the first three; empty = nothing was.
    """

    seq: int
    head: str
    at: datetime
    backup_at: datetime | None = None
    checkpoint: str = ""


def keep(app: Application) -> str:
    """Hold the letters where the clock was set back or the database is an older copy; note where it is.

    Raises:
        ConfigurationError: the anchor cannot be read or written.
        StoreError: the database cannot be read or written.
    """
    late = holding.hold_while_behind(app)
    told = _compare(app)
    return f"the clock stands before {late:%Y-%m-%d %H:%M} UTC, letters are held; {told}" if late else told


def _compare(app: Application) -> str:
    path = app.facts.anchor
    if path is None:
        return OFF
    known = read(path, *app.facts.secrets)
    with reading(app.engine) as c:
        lost = missing(c, known)
        seq, head = audit.head(c)
    if lost:
        logger().error("letters.held", reason="older", missing=lost)
        transact(app.engine, lambda c: holding.place(app, c, "older", lost))
        with reading(app.engine) as c:
            seq, head = audit.head(c)
    checkpoints.publish_key(app)
    if lost or known is None or known.seq != seq or not _is_ours(known, app.facts.secrets[:1]):
        write(path, Anchor(seq, head, app.clock(), known.backup_at if known else None), app.facts.secret)
    return f"{lost} entries are missing, letters are held" if lost else f"entry {seq}"


def missing(c: Connection, known: Anchor | None) -> int:
    """Return how many entries the anchor knows and this database lacks; 0 = it holds them all."""
    if known is None or audit.holds(c, audit.Anchor(known.seq, known.head)):
        return 0
    return max(known.seq - audit.head(c)[0], 1)


def read(path: Path | None, *secrets: str) -> Anchor | None:
    """Return the anchor; None where none was written yet. Where there are *secrets*, one must have signed it.

    Raises:
        ConfigurationError: there is a file that cannot be read, or that somebody else wrote.
    """
    if path is None or not path.exists():
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
        last = found.get("backup_at")
        anchor = Anchor(
            int(found["seq"]),
            str(found["head"]),
            datetime.fromisoformat(found["at"]),
            datetime.fromisoformat(last) if last else None,
            str(found.get("checkpoint", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"{path}: the anchor cannot be read ({type(error).__name__}): look at it, and move it away"
        ) from None
    if not _is_ours(anchor, secrets):
        raise ConfigurationError(
            f"{path}: the anchor is not signed by TRAVELRISK_SECRET_KEY. Where that secret is new, set"
            " TRAVELRISK_PREVIOUS_SECRET_KEY to the one before it, or move the file away; otherwise somebody"
            " else wrote it: travelrisk audit verify --anchor, with an entry of a daily digest"
        )
    return anchor


def is_signed_before(app: Application) -> bool:
    """Say whether the anchor still bears the signature of the secret before: a worker signs it anew.

    Raises:
        ConfigurationError: there is a file that cannot be read, or that somebody else wrote.
    """
    known = read(app.facts.anchor, *app.facts.secrets)
    return known is not None and not _is_ours(known, app.facts.secrets[:1])


def _is_ours(anchor: Anchor, secrets: Sequence[str]) -> bool:
    """Say whether one of these secrets has signed it; without any, nothing need be signed."""
    keys = [Signer(each).public() for each in secrets if each]
    if not keys:
        return True
    try:
        signed = checkpoints.read(anchor.checkpoint, *keys)
    except BadInputError:
        return False
    return signed == (anchor.seq, anchor.head, anchor.at)


def write(path: Path, anchor: Anchor, secret: str) -> None:
    """Write the anchor anew, signed where there is a *secret*, otherwise with what was signed of it before.

    All of it is written, or nothing.

    Raises:
        ConfigurationError: it cannot be written.
    """
    shown = anchor._asdict() | {
        "at": anchor.at.isoformat(),
        "backup_at": anchor.backup_at.isoformat() if anchor.backup_at else None,
    }
    if secret:
        shown["checkpoint"] = checkpoints.signed(secret, Checkpoint(*anchor[:3]))
    elif not anchor.checkpoint:
        del shown["checkpoint"]
    try:
        number, name = tempfile.mkstemp(prefix=".anchor-", dir=path.absolute().parent)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(shown, file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the anchor cannot be written ({error.strerror}): let this user write there, or set"
            " anchor_file"
        ) from None
