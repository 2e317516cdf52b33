"""Archives, Outlook's messages and winmail.dat: damaged or overfull ones are told, never passed for whole."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.cases import ARRIVED
from tests.unit.intake.outlook import File, Letter, compressed, msg, tnef
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.limits import Limits
from travelrisk.intake.mails.rtf import text_of, unpacked
from travelrisk.intake.registry import Readers

READERS = Readers(ATLAS, BOOK)
LINE = b"LH590 FRA NBO 12 Dec 2026, operated by Kenya Airways"
BACK = b"LH591 NBO FRA 20 Dec 2026"
LETTER = Letter("trip", "see attached\r\n", files=[File("out.txt", LINE), File("back.txt", BACK)])


def _read(content: bytes, name: str = "in", readers: Readers = READERS) -> Reading:
    (reading,) = readers.read(Document(content, name, context_date=ARRIVED))
    return reading


def _numbers(reading: Reading) -> set[str]:
    return {segment.marketing_number for draft in reading.drafts for segment in draft.segments}


def _zip(*files: tuple[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


WHOLE = {
    "in.msg": msg(LETTER),
    "winmail.dat": tnef(LETTER),
    "in.zip": _zip(("out.txt", LINE), ("back.txt", BACK)),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_one_is_read(name: str) -> None:
    reading = _read(WHOLE[name], name)
    assert _numbers(reading) == {"590", "591"}
    assert reading.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("name", WHOLE)
def test_one_that_is_cut_never_passes_for_a_whole_one(name: str) -> None:
    content = WHOLE[name]
    for end in range(5, len(content), 7):
        reading = _read(content[:end], name)
        is_whole = _numbers(reading) == {"590", "591"}
        assert reading.outcome is not Outcome.COMPLETE or is_whole, end
        assert reading.reason or is_whole


@settings(max_examples=60)
@given(name=st.sampled_from(sorted(WHOLE)), place=st.floats(0, 0.999), byte=st.integers(0, 255))
def test_a_spoilt_byte_stops_no_reader(name: str, place: float, byte: int) -> None:
    content = bytearray(WHOLE[name])
    content[int(place * len(content))] = byte
    assert "stopped its reader" not in _read(bytes(content), name).reason


@pytest.mark.threat(32)
@pytest.mark.parametrize("write", [msg, tnef])
def test_messages_inside_messages_have_an_end(write: Callable[[Letter], bytes]) -> None:
    letter = Letter("trip", LINE.decode())
    for _ in range(12):
        letter = Letter("FW: trip", "see below", files=[File("trip", letter)])
    reading = _read(write(letter))
    assert reading.outcome is Outcome.UNREADABLE
    assert "more than 10 deep" in reading.reason


def test_archives_of_archives_share_one_limit_of_documents() -> None:
    many = _zip(*((f"{number}.txt", LINE) for number in range(20)))
    reading = _read(_zip(*((f"{number}.zip", many) for number in range(20))))
    assert reading.outcome is Outcome.PARTIAL
    assert any("more than 200 documents" in line for line in reading.unread)


def test_archives_of_archives_share_one_limit_of_size() -> None:
    readers = Readers(ATLAS, BOOK, Limits(unpacked=1000))
    inner = _zip(("out.txt", LINE), ("much.txt", b"much " * 400))
    reading = _read(_zip(("in.zip", inner)), readers=readers)
    assert any("unpacks to more than" in line for line in reading.unread)


@pytest.mark.threat(29)
def test_a_file_that_claims_less_than_it_holds_is_not_unpacked() -> None:
    written = bytearray(_zip(("out.txt", b" " * 5_000_000 + LINE)))
    place = written.index(b"PK\x01\x02") + 24
    written[place : place + 4] = (100).to_bytes(4, "little")
    reading = _read(bytes(written), "in.zip")
    assert reading.outcome is Outcome.UNREADABLE
    assert not reading.drafts


def test_a_private_line_in_an_outlook_message_stands_nowhere() -> None:
    text = f"{LINE.decode()}\r\nPassport no. X1234567\r\nSSR DOCS LH HK1/P/ETH/X1234567\r\n"
    assert "X1234567" not in str(_read(msg(Letter("trip", text))))


def test_rich_text_goes_back_to_what_was_written() -> None:
    rich = rb"{\rtf1\ansi\ansicpg1251\uc1\fromtext \u1055?\'f0\'e8\'e2\'e5\'f2\par LH590\~FRA\{x\}{\*\x no}}"
    assert text_of(unpacked(compressed(rich), 1000)) == ("Привет\nLH590\u00a0FRA{x}", False)


def test_rich_text_that_repeats_itself_is_expanded() -> None:
    header = (28).to_bytes(4, "little") + (17).to_bytes(4, "little") + b"LZFu" + bytes(4)
    # The sample of [MS-OXRTFCP] 3.1.2: "{\rtf1 WXYZWXYZWXYZWXYZWXYZ}" refers to what it has just written.
    sample = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpacked(sample, 100) == rb"{\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    with pytest.raises(BadInputError):
        unpacked(header.replace(b"LZFu", b"ABCD"), 100)
    with pytest.raises(BadInputError):
        unpacked(sample, 10)
