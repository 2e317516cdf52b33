"""Files as evidence in both databases: kept once, by who may, and never changed."""

import pytest
from sqlalchemy import text

from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError, StoreError
from travelrisk.services.application import Application
from travelrisk.services.desk import evidence
from travelrisk.store import audit
from travelrisk.store.database import reading, writing

NOTICE = b"Notice of the authority, as read on 23 November.\n"


def test_the_same_file_is_kept_once_under_its_first_name(desk: Application) -> None:
    first = evidence.keep_file(desk, "alice", NOTICE, "C:\\Papers\\notice.txt")
    again = evidence.keep_file(desk, "bob", NOTICE, "other.txt")
    assert first == again
    kept = evidence.file_of(desk, first)
    assert (kept.name, kept.media_type, kept.content) == ("notice.txt", "text/plain", NOTICE)
    assert evidence.names_of(desk, first, "", "0" * 64) == {first: "notice.txt"}
    with reading(desk.engine) as c:
        assert audit.verify(c).ok


def test_a_file_that_was_kept_cannot_be_changed_or_removed(desk: Application) -> None:
    evidence.keep_file(desk, "alice", NOTICE, "notice.txt")
    for statement in ("UPDATE evidence_files SET name = 'x'", "DELETE FROM evidence_files"):
        with pytest.raises(StoreError, match="append-only"), writing(desk.engine) as c:
            c.execute(text(statement))


def test_who_may_not_propose_keeps_nothing(desk: Application) -> None:
    with pytest.raises(ForbiddenError):
        evidence.keep_file(desk, "dana", NOTICE, "notice.txt")


@pytest.mark.parametrize("content", [b"", b"GIF89a\x00\x01", "caf\xe9".encode("latin-1"), b"a\x1b[2Jb"])
def test_other_kinds_are_refused_by_name(desk: Application, content: bytes) -> None:
    with pytest.raises(BadInputError, match=r"odd\.gif"):
        evidence.keep_file(desk, "alice", content, "odd.gif")


def test_an_unknown_hash_is_not_found(desk: Application) -> None:
    with pytest.raises(NotFoundError):
        evidence.file_of(desk, "0" * 64)
