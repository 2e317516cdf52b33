"""A folder is watched: finished files are settled under their names, and nothing is ever deleted."""

import os
import time
from pathlib import Path

import pytest

from tests.unit.intake.mails import mail
from travelrisk.intake.mailbox.waiting import HEAD, MailboxError, WatchedFolder


def put(path: Path, content: bytes, *, age: float = 60) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_files_wait_by_their_age_and_are_settled_with_a_note(tmp_path: Path) -> None:
    put(tmp_path / "b.eml", mail(), age=90)
    put(tmp_path / "a.ics", b"BEGIN:VCALENDAR", age=30)
    put(tmp_path / "c.csv", b"Flight\n", age=60)
    folder = WatchedFolder(tmp_path, 10_000)
    assert folder.look() == 3
    first, second, third = folder.waiting(10)
    found = {each.key: each.name for each in (first, second, third)}
    assert list(found.items()) == [("b.eml", ""), ("c.csv", "c.csv"), ("a.ics", "a.ics")]
    folder.done(first)
    folder.failed(second, "it holds no flight")
    assert [each.key for each in folder.waiting(10)] == ["a.ics"]
    assert (tmp_path / "done" / "b.eml").read_bytes() == mail()
    assert (tmp_path / "failed" / "c.csv.why.txt").read_text() == "it holds no flight\n"


def test_a_maildir_is_read_and_its_flags_are_no_part_of_a_name(tmp_path: Path) -> None:
    put(tmp_path / "new" / "1.host", mail())
    put(tmp_path / "cur" / "2.host:2,S", mail("second"))
    put(tmp_path / "tmp" / "3.host", mail("third"))
    folder = WatchedFolder(tmp_path, 10_000)
    messages = list(folder.waiting(10))
    assert {Path(each.key) for each in messages} == {Path("new/1.host"), Path("cur/2.host:2,S")}
    for message in messages:
        assert message.name == ""
        folder.done(message)
    assert {path.name for path in (tmp_path / "done").iterdir()} == {"1.host", "2.host"}


def test_what_is_still_written_hidden_or_a_link_waits(tmp_path: Path) -> None:
    put(tmp_path / "now.eml", mail(), age=0)
    put(tmp_path / ".hidden.eml", mail())
    put(tmp_path / "big.csv.part", b"x")
    target = put(tmp_path / "elsewhere" / "x.eml", mail())
    (tmp_path / "link.eml").symlink_to(target)
    assert list(WatchedFolder(tmp_path, 10_000).waiting(10)) == []


def test_a_file_that_is_too_large_is_only_begun(tmp_path: Path) -> None:
    put(tmp_path / "big.eml", mail("x" * 3_000_000))
    (message,) = WatchedFolder(tmp_path, 2_000_000).waiting(10)
    assert len(message.content) == HEAD
    assert message.problem == "The document has 2.9 MB; up to 2 MB are read: send the itinerary alone"


@pytest.mark.threat(36)
def test_a_name_that_is_taken_overwrites_nothing(tmp_path: Path) -> None:
    folder = WatchedFolder(tmp_path, 10_000)
    for content in (mail(), mail("second")):
        put(tmp_path / "a.eml", content)
        folder.done(next(folder.waiting(1)))
    assert len(list((tmp_path / "done").iterdir())) == 2


def test_a_file_that_another_worker_settled_is_passed_over(tmp_path: Path) -> None:
    folder = WatchedFolder(tmp_path, 10_000)
    path = put(tmp_path / "a.eml", mail())
    (message,) = folder.waiting(1)
    path.unlink()
    folder.done(message)
    folder.failed(message, "why")
    assert not (tmp_path / "failed" / "a.eml.why.txt").exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MailboxError, match="none cannot be read"):
        WatchedFolder(tmp_path / "none", 10_000).look()


def test_no_more_are_read_than_asked_for(tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path / f"{number}.eml", mail(), age=60 - number)
    assert [each.key for each in WatchedFolder(tmp_path, 10_000).waiting(2)] == ["0.eml", "1.eml"]
