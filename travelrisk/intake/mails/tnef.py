"""The winmail.dat that Outlook makes of rich text: a row of attributes, most of them lists of properties.

Source: [MS-OXTNEF]. The form has no end mark: one that is cut exactly between two files looks whole.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.limits import ALONE, LIMITS
from travelrisk.intake.mails import mapi
from travelrisk.intake.mails.envelope import Envelope
from travelrisk.intake.mails.mapi import Node, Value, encoding_of, envelope_of, value_of

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = 6
_SENT, _PROPERTIES, _CODE_PAGE = 0x8005, 0x9003, 0x9007
_TEXTS = {0x8004: mapi.SUBJECT, 0x800C: mapi.BODY}
_NEXT_FILE, _FILE_DATA, _FILE_TITLE, _FILE_PROPERTIES = 0x9002, 0x800F, 0x8010, 0x9005
_SIZES = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
_MANY = 0x1000
_NAMED = 0x8000
_GUID = 16
_DAMAGED = "The winmail.dat is damaged: send the mail again as plain text or HTML"


class _Attribute(NamedTuple):
    number: int
    content: bytes


def opened(content: bytes) -> Envelope:
    """Take a message apart.

    Raises:
        BadInputError: it is damaged, or has too many parts.
    """
    try:
        return envelope_of(_message(content, 0))
    except (ValueError, IndexError, OverflowError) as error:
        raise BadInputError(_DAMAGED) from error


def _message(content: bytes, depth: int) -> Node:
    reader = _Reader(depth)
    for number, value in _attributes(content):
        reader.take(number, value)
    is_cut = any(not each.properties for each in reader.message.attachments)
    if is_cut or not (reader.message.properties or reader.message.attachments):
        raise BadInputError(_DAMAGED)
    return reader.message


class _Reader:
    """Makes a message of attributes, one after the other."""

    def __init__(self, depth: int) -> None:
        if depth > LIMITS.depth:
            raise BadInputError(f"The message holds messages more than {LIMITS.depth} deep: {ALONE}")
        self.message = Node()
        self._depth = depth
        self._encoding = "cp1252"

    def take(self, number: int, value: bytes) -> None:
        """Take one attribute; those that tell of something else are passed over."""
        properties = self.message.properties
        if number == _CODE_PAGE:
            self._encoding = encoding_of({mapi.CODE_PAGES[0]: int.from_bytes(value[:4], "little")})
        elif number == _PROPERTIES:
            properties |= dict(_properties(value, self._encoding))
        elif number == _SENT:
            properties.setdefault(mapi.SUBMITTED, _date(value))
        elif number in _TEXTS:
            properties.setdefault(_TEXTS[number], self._text(value))
        elif number == _NEXT_FILE:
            self._begin_file()
        elif self.message.attachments:
            self._into_file(self.message.attachments[-1], number, value)

    def _text(self, value: bytes) -> str:
        return value.decode(self._encoding, "replace").rstrip("\0")

    def _begin_file(self) -> None:
        self.message.attachments.append(Node())
        if len(self.message.attachments) > LIMITS.parts:
            raise BadInputError(f"The message has more than {LIMITS.parts} parts: {ALONE}")

    def _into_file(self, file: Node, number: int, value: bytes) -> None:
        if number == _FILE_DATA:
            file.properties.setdefault(mapi.DATA, value)
        elif number == _FILE_TITLE:
            file.properties.setdefault(mapi.SHORT_NAME, self._text(value))
        elif number == _FILE_PROPERTIES:
            file.properties |= dict(_properties(value, self._encoding))
            held = file.properties.get(mapi.DATA)
            if isinstance(held, bytes) and held[_GUID : _GUID + 4] == _SIGNATURE:
                file.inner = _message(held[_GUID:], self._depth + 1)


def _attributes(content: bytes) -> Iterator[_Attribute]:
    position = _HEAD
    while position + 9 <= len(content):
        number = int.from_bytes(content[position + 1 : position + 3], "little")
        size = int.from_bytes(content[position + 5 : position + 9], "little")
        position += 9
        value = content[position : position + size]
        check = content[position + size : position + size + 2]
        if len(value) < size or sum(value) % 65536 != int.from_bytes(check, "little"):
            raise BadInputError(_DAMAGED)
        yield _Attribute(number, value)
        position += size + 2
    if content[position:].strip(b"\0\r\n"):
        raise BadInputError(_DAMAGED)


def _properties(content: bytes, encoding: str) -> Iterator[tuple[int, Value]]:
    """Yield the properties of a list; raises IndexError where it ends early."""
    cursor = _Cursor(content)
    for _ in range(cursor.number()):
        kind, number = cursor.number(2), cursor.number(2)
        if number >= _NAMED:
            cursor.skip_name()
        count = cursor.number() if kind & _MANY or kind & ~_MANY not in _SIZES else 1
        bare = kind & ~_MANY
        for _ in range(count):
            value = (
                cursor.take(_SIZES[bare]) if bare in _SIZES else cursor.take(cursor.number(), is_padded=True)
            )
            if number < _NAMED:
                yield number, value_of(bare, value, encoding)


class _Cursor:
    """Reads a list of properties from the front."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def take(self, size: int, *, is_padded: bool = False) -> bytes:
        """Return the next bytes; those of varying length fill up to a multiple of four."""
        value = self._content[self._place : self._place + size]
        if len(value) < size:
            raise IndexError("the list of properties ends early")
        self._place += size + (-size % 4 if is_padded else 0)
        return value

    def number(self, size: int = 4) -> int:
        """Return the next number."""
        return int.from_bytes(self.take(size), "little")

    def skip_name(self) -> None:
        """Pass over the name that a property of a program's own has."""
        self.take(_GUID)
        if self.number() == 0:
            self.take(4)
        else:
            self.take(self.number(), is_padded=True)


def _date(content: bytes) -> Value:
    fields = [int.from_bytes(content[place : place + 2], "little") for place in range(0, 12, 2)]
    try:
        year, month, day, hour, minute, second = fields
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return 0
