"""A file comes in for an office: kept by its SHA-256 with a row of its own; a worker does the rest."""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, BusyError
from travelrisk.domain.people import Viewer
from travelrisk.intake.decoding import DAMAGED_ZIP
from travelrisk.intake.document import Document
from travelrisk.intake.limits import LIMITS, MIB
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.services.application import Application
from travelrisk.store import audit, batches, originals
from travelrisk.store.batches import Batch, New
from travelrisk.store.database import reading, transact

MOST_FILES: Final = 20
"""Files that one form brings."""
MOST_WAITING: Final = 200
"""Files of an office that wait to be screened; a worker is then hours behind."""
MOST_WAITING_OF_ALL: Final = 2_000
_LONGEST_NAME: Final = 120
_SHEET: Final = "xl/worksheets/sheet1.xml"
_HEAD: Final = 4096
_DIMENSION: Final = re.compile(rb"<(?:\w+:)?dimension[^>]*ref=\"[A-Z]+[0-9]+:[A-Z]+([0-9]{1,6})\"")


def accept(
    app: Application, viewer: Viewer, document: Document, *, keeps_back: bool = True, source: str = ""
) -> Batch:
    """Keep a file of an office to be screened, and return it as it stands.

    Args:
        app: the parts of the service.
        viewer: who brings it, for which office.
        document: the file.
        keeps_back: whether its letters wait until somebody releases them.
        source: where it lies in a watched folder.

    Raises:
        BadInputError: they work for no office, or the file is empty or too large; nothing was kept.
        BusyError: too many files wait already; nothing was kept, and the sender is told to come again.
    """
    if not viewer.office:
        raise BadInputError("your account names no unit: ask an administrator to enter it")
    name = name_of(document.name)
    check(name, document.content)

    def keep(c: Connection) -> Batch:
        _refuse_if_full(c, viewer.office)
        at = app.clock()
        sha256 = originals.keep(c, document.content, name, document.media_type, at)
        new = New(viewer.office, viewer.actor, sha256, name, keeps_back, rows_of(document), source)
        batch = batches.add(c, new, at)
        note(app, c, "batch.accepted", viewer.actor, batch, original=sha256)
        return batch

    return transact(app.engine, keep)


def _refuse_if_full(c: Connection, office: str) -> None:
    mine, of_all = batches.count_unfinished(c, office)
    if mine >= MOST_WAITING or of_all >= MOST_WAITING_OF_ALL:
        raise BusyError(
            "too many files wait to be screened: nothing was taken, bring it again in some minutes"
        )


def again(app: Application, viewer: Viewer, reference: str) -> Batch:
    """Have a file of the office screened once more: what has not changed since is not touched.

    Raises:
        NotFoundError: this office has no such batch.
    """
    with reading(app.engine) as c:
        batch = batches.of_office(c, viewer.office, reference)
    return accept(app, viewer, document_of(app, viewer, reference), keeps_back=batch.keeps_back)


def document_of(app: Application, viewer: Viewer, reference: str) -> Document:
    """Return the file of a batch of the office.

    Raises:
        NotFoundError: this office has no such batch.
    """
    with reading(app.engine) as c:
        batch = batches.of_office(c, viewer.office, reference)
        kept = originals.load(c, batch.original)
    return Document(kept.content, batch.name, kept.media_type)


def batch_of(app: Application, office: str, sha256: str) -> Batch | None:
    """Return the newest batch that an office made of a document; None where it made none."""
    with reading(app.engine) as c:
        return batches.of_original(c, office, sha256)


def check(name: str, content: bytes) -> None:
    """Refuse what nobody can read.

    Raises:
        BadInputError: it is empty or too large.
    """
    if not content:
        raise BadInputError(f"{name}: the file is empty: choose another one")
    if len(content) > LIMITS.size:
        size = len(content) / MIB
        raise BadInputError(
            f"{name}: the file has {size:.1f} MB, up to {LIMITS.size // MIB} MB are read: send it in parts"
        )


def name_of(name: str) -> str:
    """Return the name of a file without its folders."""
    return PurePath(name.replace("\\", "/")).name[-_LONGEST_NAME:] or "file"


def note(app: Application, c: Connection, kind: str, actor: str, batch: Batch, **body: str | int) -> None:
    """Put into the audit trail what became of a batch."""
    audit.append(c, kind=kind, actor=actor, at=app.clock(), subject=f"batch:{batch.reference}", body=body)


def rows_of(document: Document) -> int | None:
    """Return how many rows a table has, for the bar of progress alone; None where that shows only later."""
    form = form_of(document)
    if form is Form.CSV:
        return max(document.content.count(b"\n"), 1)
    return _stated(document.content) if form is Form.XLSX else None


def _stated(content: bytes) -> int | None:
    """Return what the first sheet says of itself; whether that is true, the readers find out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_SHEET) as sheet:
            found: Sequence[bytes] = _DIMENSION.findall(sheet.read(_HEAD))
    except (KeyError, *DAMAGED_ZIP):
        return None
    return int(found[0]) if found else None
