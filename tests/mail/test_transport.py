"""The transports that need no network."""

import errno
import os
import stat
from pathlib import Path

import pytest

from travelrisk.mail.transport import Folder, Memory, Sent, TransientFailure, Withheld

LETTER = b"Message-ID: <o1.v1@example.org>\r\nSubject: x\r\n\r\nbody\r\n"
OTHER = LETTER.replace(b"o1", b"o2")


def send(folder: Folder, message: bytes = LETTER) -> Sent | Withheld:
    return folder.send(message, "travelrisk@example.org", "alice@example.org", lambda: True)


def test_a_letter_lies_in_new_and_nothing_is_left_in_tmp(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "letters")
    assert isinstance(send(folder), Sent)
    assert isinstance(send(folder, OTHER), Sent)
    kept = sorted(path.read_bytes() for path in (tmp_path / "letters" / "new").iterdir())
    assert kept == [LETTER, OTHER]
    assert list((tmp_path / "letters" / "tmp").iterdir()) == []
    assert stat.S_IMODE((tmp_path / "letters" / "new").stat().st_mode) == 0o700
    folder.close()


def test_the_same_letter_twice_is_one_file_also_after_it_was_read(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    send(folder)
    send(folder)
    (only,) = (tmp_path / "new").iterdir()
    only.rename(tmp_path / "cur" / f"{only.name}:2,S")
    send(folder)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_letter_without_an_id_is_known_by_its_bytes(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for message in (b"Subject: x\r\n\r\n1", b"Subject: x\r\n\r\n2", b"Subject: x\r\n\r\n1"):
        send(folder, message)
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_a_withheld_letter_is_written_nowhere(tmp_path: Path) -> None:
    assert Folder(tmp_path).send(LETTER, "", "", lambda: False) == Withheld()
    assert list((tmp_path / "new").iterdir()) == []
    memory = Memory()
    assert memory.send(LETTER, "", "", lambda: False) == Withheld()
    assert memory.sent == []


def test_a_folder_that_cannot_be_written_is_transient(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TransientFailure, match="the mail folder cannot be written") as caught:
        send(Folder(tmp_path / "file"))
    assert str(tmp_path) not in str(caught.value)


def test_a_crash_in_the_middle_leaves_nothing_in_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TransientFailure, match="ENOSPC"):
        send(Folder(tmp_path))
    assert list((tmp_path / "new").iterdir()) == []


def test_memory_keeps_letter_and_envelope() -> None:
    memory = Memory()
    assert isinstance(memory.send(LETTER, "a@example.org", "b@example.org", lambda: True), Sent)
    assert memory.sent == [(LETTER, "a@example.org", "b@example.org")]
    memory.close()
