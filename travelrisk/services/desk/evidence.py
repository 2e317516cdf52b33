"""Files as evidence: a page may vanish from the net, and what was seen there must still be there."""

from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, ForbiddenError, Refusal
from travelrisk.domain.people import Act, may
from travelrisk.services.application import Application
from travelrisk.store import audit, evidence, people
from travelrisk.store.database import reading, transact
from travelrisk.store.evidence import EvidenceFile

LARGEST: Final = 5_000_000
_LONGEST_NAME: Final = 200
_TEXT: Final = "text/plain"
# By how the content begins. Nothing that a browser or an office program would run.
_STARTS: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


def keep_file(app: Application, by: str, content: bytes, name: str) -> str:
    """Keep a file as evidence and return its SHA-256, which a piece of evidence then names.

    Args:
        app: the parts of the service.
        by: id of the person.
        content: PDF, PNG, JPEG or plain text in UTF-8, up to 5 MB.
        name: as the file was called.

    Raises:
        BadInputError: it is empty, too large, or of another kind.
        ForbiddenError: this person may not propose changes.
    """
    called = name.replace("\\", "/").rpartition("/")[2].strip()[-_LONGEST_NAME:] or "evidence"
    file = evidence.file_from(content, called, _checked(called, content))
    at = app.clock()
    with reading(app.engine) as c:
        person = people.by_id(c, by)
        if not may(person, Act.PROPOSE, at.date(), people.delegated(c, at.date())):
            raise ForbiddenError("only who may propose changes keeps evidence: ask a focal point")

    def keep(c: Connection) -> None:
        evidence.keep(c, file, by, at)
        audit.append(c, kind="evidence.kept", actor=by, at=at, subject=f"evidence:{file.sha256}", body={})

    transact(app.engine, keep)
    return file.sha256


def file_of(app: Application, sha256: str) -> EvidenceFile:
    """Return a file that was kept as evidence.

    Raises:
        NotFoundError: there is none.
    """
    with reading(app.engine) as c:
        return evidence.by_hash(c, sha256)


def names_of(app: Application, *hashes: str) -> dict[str, str]:
    """Return the names of those of these files that are kept, by their SHA-256."""
    wanted = tuple(filter(None, hashes))
    if not wanted:
        return {}
    with reading(app.engine) as c:
        return evidence.names(c, *wanted)


def _checked(name: str, content: bytes) -> str:
    """Return the media type of a file, judged by its content."""
    if not content:
        raise BadInputError(f"{name} is empty: choose the file again", Refusal.FILE_EMPTY)
    if len(content) > LARGEST:
        size, most = len(content) / 1_000_000, LARGEST // 1_000_000
        raise BadInputError(
            f"{name} has {size:.1f} MB; up to {most} MB are kept: send the page that matters",
            Refusal.FILE_LARGE,
            most=most,
        )
    for start, media_type in _STARTS.items():
        if content.startswith(start):
            return media_type
    if _is_text(content):
        return _TEXT
    raise BadInputError(
        f"{name} is none of PDF, PNG, JPEG and plain text: print it to a PDF file", Refusal.FILE_KIND
    )


def _is_text(content: bytes) -> bool:
    try:
        written = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\r\n\t\f\ufeff" for letter in written)
