"""Documents are read in a child process, and whatever happens to it, the service goes on."""

import io
import os
import signal
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date

import openpyxl
import pytest

from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.apart import sandbox
from travelrisk.intake.apart.sandbox import read_apart, read_line
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.limits import MIB, Limits
from travelrisk.intake.mails.forwards import holds_a_message
from travelrisk.intake.registry import Readers
from travelrisk.reference import load_atlas, load_book

ONE = Document(b"ET707 FRA ADD 12 Dec", context_date=date(2026, 11, 23))
KILLED = "processor time"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of a process need a POSIX system")


@pytest.fixture(autouse=True)
def _no_child_stays() -> Iterator[None]:
    yield
    sandbox.close()


def _read(document: Document, limits: Limits | None = None) -> list[Reading]:
    return list(read_apart(document, limits) if limits else read_apart(document))


def _is_well() -> bool:
    return [reading.outcome for reading in _read(ONE)] == [Outcome.COMPLETE]


def test_reading_apart_gives_what_reading_here_gives() -> None:
    document = Document(b"LH 590 Fra to Nbo 12/11, back LH591 20/12; ZZ 404")
    assert _read(document) == list(Readers(load_atlas(), load_book()).read(document))


def test_a_child_serves_one_document_after_the_other() -> None:
    assert _is_well()
    children = sandbox.children()
    assert len(children) == 1
    assert _is_well()
    assert sandbox.children() == children


def test_a_child_that_was_killed_is_replaced() -> None:
    assert _is_well()
    (child,) = sandbox.children()
    os.kill(child, signal.SIGKILL)
    assert _is_well()


def test_a_document_that_takes_too_long_is_unreadable() -> None:
    slow = Document(("LH 590 FRA NBO 12/12\n" * 9_000).encode(), "slow.txt")
    (reading,) = _read(slow, Limits(wall_seconds=0.02))
    assert reading.outcome is Outcome.UNREADABLE
    assert "slow.txt" in reading.reason
    assert "0.02 seconds" in reading.reason
    assert _is_well()


def test_a_caller_may_stop_half_way() -> None:
    rows = "".join(f"LOC{number},ET707,FRA,ADD,2026-12-12\n" for number in range(5_000))
    readings = read_apart(Document(f"PNR,Flight,From,To,Date\n{rows}".encode(), "long.csv"))
    assert next(iter(readings)).outcome is Outcome.COMPLETE
    readings.close()  # type: ignore[attr-defined] # a generator, promised as an iterator only
    assert sandbox.children() == []
    assert _is_well()


def test_whoever_takes_the_only_reading_and_asks_for_no_more_keeps_the_child() -> None:
    assert _is_well()
    children = sandbox.children()
    for _ in range(3):
        assert next(iter(read_apart(ONE))).outcome is Outcome.COMPLETE
        assert sandbox.children() == children
    assert _is_well()


def test_two_documents_can_be_read_at_once() -> None:
    rows = "".join(f"LOC{number},ET707,FRA,ADD,2026-12-12\n" for number in range(1_000))
    outer = read_apart(Document(f"PNR,Flight,From,To,Date\n{rows}".encode(), "long.csv"))
    seen = [len(reading.drafts) for reading in outer if _is_well()]
    assert seen == [200] * 5


def test_a_document_over_the_size_is_refused_at_once() -> None:
    (reading,) = _read(Document(b"x" * (11 * MIB), "big.txt"))
    assert reading.outcome is Outcome.UNREADABLE
    assert "big.txt has 11.0 MB" in reading.reason
    assert sandbox.children() == []


def test_a_child_ends_with_its_pipe() -> None:
    child = subprocess.run(
        [sys.executable, "-m", "travelrisk.intake.apart.child"],
        input=b"",
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert child.stdout == b""


@pytest.mark.threat(29)
@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        ("import socket; socket.socket()", "socket.__new__"),
        ("import socket; socket.getaddrinfo('localhost', 80)", "socket.getaddrinfo"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
        ("import os; os.system('true')", "os.system"),
        ("bytearray(2 << 30)", "MemoryError"),
        ("open('x', 'wb', 0).write(b'x')", "File too large"),
    ],
)
def test_a_child_may_do_little(attempt: str, refusal: str, tmp_path: object) -> None:
    program = f"from travelrisk.intake.apart import child; child._confine(); {attempt}"
    tried = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        cwd=str(tmp_path),
        timeout=60,
    )
    assert tried.returncode != 0
    assert refusal in tried.stderr


def _far_cell() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["XFD1048576"] = 1
    return _saved(workbook)


def _far_cell_that_hides() -> bytes:
    """A sheet that claims to be small and has a cell far out."""
    packed = io.BytesIO(_far_cell())
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member).replace(b'ref="XFD1048576"', b'ref="A1"')
            new.writestr(member.filename, content)
    return out.getvalue()


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (300 * MIB))
    return out.getvalue()


def _saved(workbook: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _mail(content_type: str, body: str, header: str = "") -> bytes:
    top = "From: alice@example.org\r\nSubject: trip\r\nMIME-Version: 1.0\r\n"
    return f"{top}{header}Content-Type: {content_type}\r\n\r\n{body}".encode()


def _nested_mail() -> bytes:
    body = "".join(
        f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n' for n in range(2_000)
    )
    return _mail('multipart/mixed; boundary="b0"', body)


def _mail_in_mail() -> bytes:
    return _mail("message/rfc822", "Content-Type: message/rfc822\r\n\r\n" * 50)


def _calendar(inside: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{inside}END:VEVENT\r\nEND:VCALENDAR\r\n".encode()


BOMBS: dict[str, Callable[[], bytes]] = {
    "far.xlsx": _far_cell,
    "hidden.xlsx": _far_cell_that_hides,
    "bomb.xlsx": _zip_bomb,
    "nested.eml": _nested_mail,
    "mails.eml": _mail_in_mail,
    "parts.eml": lambda: _mail('multipart/mixed; boundary="b"', "--b\r\n\r\nx\r\n" * 20_000),
    "subject.eml": lambda: _mail("text/plain", "x", f"Subject: {'=?utf-8?q?x?= ' * 400_000}\r\n"),
    "part-header.eml": lambda: _mail(
        'multipart/mixed; boundary="b"', f"--b\r\nSubject: {'x ' * 400_000}\r\n\r\nx\r\n--b--"
    ),
    "alarms.ics": lambda: _calendar("BEGIN:VALARM\r\nEND:VALARM\r\n" * 20_000),
    "deep.ics": lambda: b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 60_000,
    "line.txt": lambda: b"ET707 " * (10 * MIB // 6),
    "line.csv": lambda: b"Flight,From,To,Date\n" + b"x" * (9 * MIB),
    "line.ics": lambda: b"BEGIN:VCALENDAR\r\nX:" + b"x" * (9 * MIB),
    "deep.json": lambda: b'[{"@type":"FlightReservation","x":' + b"[" * 500_000,
}


@pytest.mark.threat(29, 31, 32)
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_the_limits(name: str) -> None:
    (reading,) = _read(Document(BOMBS[name](), name))
    assert reading.outcome is Outcome.UNREADABLE
    assert reading.drafts == ()
    assert KILLED not in reading.reason, "it was the last line of defence that held"
    assert _is_well()


def _pdf(*objects: bytes) -> bytes:
    numbered = (b"%d 0 obj\n%b\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer << /Root 1 0 R >>\n%%EOF\n"


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>"


def _drawn(content: bytes, times: int = 1) -> bytes:
    """A page whose content was packed so many times."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = b"[" + b"/FlateDecode " * times + b"]"
    stream = b"<< /Length %d /Filter %b >> stream\n%b\nendstream" % (len(content), filters, content)
    return _pdf(_CATALOG, _PAGES, _PAGE, stream)


PDF_BOMBS: dict[str, Callable[[], bytes]] = {
    "unpacks to fifty megabytes": lambda: _drawn(b"0 0 m " * (50 * MIB // 6)),
    "packed twice": lambda: _drawn(b"\0" * (50 * MIB), 2),
    "a page that is its own parent": lambda: _pdf(
        _CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 9999999 >>"
    ),
    "states inside states": lambda: _drawn(b"q " * 500_000),
    "arrays inside arrays": lambda: _pdf(_CATALOG, _PAGES, _PAGE, b"[" * 1_000_000),
}


ODD_LINES = (
    "RRULE:FREQ=SECONDLY",
    "RRULE:FREQ=DAILY;COUNT=999999999",
    "RDATE:" + ",".join(["20261212T211500Z"] * 2000),
    "DTSTART;TZID=Europe/:20261212T211500",
    "DTSTART;TZID=" + "x" * 400 + ":20261212T211500",
    "DTSTART;TZID=../../etc/passwd:20261212T211500",
    "ATTENDEE" + ';X=""' * 2000 + ":mailto:alice@example.org",
)


@pytest.mark.threat(31, 36)
def test_a_calendar_that_repeats_or_leads_elsewhere_is_not_followed() -> None:
    for line in ODD_LINES:  # one child reads them all: it takes longer to begin than to read
        starts = "" if line.startswith("DTSTART") else "DTSTART:20261212T211500Z\r\n"
        event = f"SUMMARY:ET707 FRA-ADD\r\n{starts}{line}\r\n"
        (reading,) = _read(Document(_calendar(event), "trip.ics", context_date=date(2026, 11, 23)))
        is_repeated = line.startswith("R")
        assert (reading.outcome is Outcome.COMPLETE) is not is_repeated, "what is repeated is asked about"
        segments = [segment for draft in reading.drafts for segment in draft.segments]
        assert len(segments) == (0 if is_repeated else 1)
        assert {segment.departs.zone for segment in segments} <= {"", "UTC"}
    assert len(sandbox.children()) == 1, "none was killed"


@pytest.mark.threat(30)
def test_a_pdf_that_is_a_bomb_gives_no_flight_and_stops_nobody() -> None:
    for name, made in PDF_BOMBS.items():
        readings = _read(Document(made(), "trip.pdf"))
        assert [each.outcome for each in readings] in ([Outcome.UNREADABLE], [Outcome.NOTHING_FOUND]), name
        assert all(each.drafts == () and each.reason for each in readings)
    assert _is_well()


@pytest.mark.parametrize(
    "content",
    [
        b"<html>" + b"<div>" * 200_000 + b"ET707 FRA ADD 12 Dec",
        b"<html><script type='application/ld+json'>" + b'{"a":' * 50_000,
        b"<html>" + b"<p itemscope itemprop=x>" * 50_000,
        b"((((" * 100_000 + b" ET707 FRA ADD 12 Dec",
        b"from Frankfurt to " * 10_000,
        b"12 Dec 12:10 " * 15_000,
        b"AAA-BBB-" * 20_000,
    ],
)
def test_whatever_a_page_or_text_repeats_the_service_lives(content: bytes) -> None:
    readings = _read(Document(content[: 9 * MIB]))
    assert all(reading.outcome is not Outcome.COMPLETE for reading in readings)
    assert _is_well()


def test_a_short_text_with_a_message_in_it_is_read_apart_as_every_reader_reads_it() -> None:
    text = "Begin forwarded message:\n\nFrom: Alice <alice@example.org>\n\nET707 FRA ADD 12 Dec"
    day = date(2026, 11, 23)
    (expected,) = Readers(load_atlas(), load_book()).read(Document(text.encode(), context_date=day))
    assert holds_a_message(text)
    assert read_line(text, day, ATLAS, BOOK) == expected
    assert len(sandbox.children()) == 1


def test_a_short_line_is_read_here_and_anything_else_apart() -> None:
    assert read_line("ET707 FRA ADD 12 Dec", date(2026, 11, 23), ATLAS, BOOK).outcome is Outcome.COMPLETE
    assert sandbox.children() == []
    calendar = _calendar("DTSTART:20261212T211500Z\r\nSUMMARY:ET707 FRA-ADD\r\n").decode()
    assert read_line(calendar, date(2026, 11, 23), ATLAS, BOOK).form == "ics"
    assert len(sandbox.children()) == 1
    table = "Flight,From,To,Date\n" + "ET707,FRA,ADD,2026-12-12\n" * 450
    assert len(read_line(table, date(2026, 11, 23), ATLAS, BOOK).drafts) == 450
