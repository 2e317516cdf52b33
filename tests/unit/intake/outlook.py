"""Writes messages as Outlook saves and sends them: .msg, winmail.dat and compressed rich text."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

SECTOR, MINI = 512, 64
_FREE, _END, _FAT = 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFD
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
SENT = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


@dataclass(frozen=True)
class File:
    """An attachment: bytes, or a message."""

    name: str
    content: "bytes | Letter"


@dataclass(frozen=True)
class Letter:
    """What a message says."""

    subject: str = ""
    text: str = ""
    page: bytes = b""
    rich: bytes = b""
    files: Sequence[File] = ()
    sent: datetime = SENT
    is_unicode: bool = True


@dataclass
class _Storage:
    """A folder of a compound file."""

    streams: dict[str, bytes] = field(default_factory=dict)
    folders: "dict[str, _Storage]" = field(default_factory=dict)


def msg(letter: Letter) -> bytes:
    """Write a message as Outlook saves it."""
    return _compound(_message(letter, 32))


def _message(letter: Letter, head: int) -> _Storage:
    kind = "001F" if letter.is_unicode else "001E"
    encoding = "utf-16-le" if letter.is_unicode else "cp1252"
    texts = {"0037": letter.subject, "1000": letter.text}
    streams = {f"__substg1.0_{number}{kind}": text.encode(encoding) for number, text in texts.items() if text}
    streams |= {"__substg1.0_10130102": letter.page} if letter.page else {}
    streams |= {"__substg1.0_10090102": letter.rich} if letter.rich else {}
    ticks = int((letter.sent - _EPOCH).total_seconds()) * 10_000_000
    streams["__properties_version1.0"] = bytes(head) + struct.pack("<HHIQ", 0x0040, 0x0039, 2, ticks)
    folders = {
        f"__attach_version1.0_#{number:08X}": _attachment(file) for number, file in enumerate(letter.files)
    }
    return _Storage(streams, folders)


def _attachment(file: File) -> _Storage:
    streams = {"__properties_version1.0": bytes(8), "__substg1.0_3707001F": file.name.encode("utf-16-le")}
    if isinstance(file.content, Letter):
        return _Storage(streams, {"__substg1.0_3701000D": _message(file.content, 24)})
    return _Storage(streams | {"__substg1.0_37010102": file.content})


class _Compound:
    """A compound file while it is written; source: [MS-CFB]."""

    def __init__(self) -> None:
        self.entries: list[list[object]] = []
        self.mini = bytearray()
        self.mini_fat: list[int] = []
        self.sectors = bytearray()
        self.fat: list[int] = []

    def store(self, content: bytes) -> int:
        """Write sectors in a row; return the first."""
        first, count = len(self.fat), -(-len(content) // SECTOR)
        if not count:
            return _END
        self.fat += [*range(first + 1, first + count), _END]
        self.sectors += content.ljust(count * SECTOR, b"\0")
        return first

    def store_small(self, content: bytes) -> int:
        """Write small sectors in a row; return the first."""
        first, count = len(self.mini_fat), -(-len(content) // MINI)
        if not count:
            return _END
        self.mini_fat += [*range(first + 1, first + count), _END]
        self.mini += content.ljust(count * MINI, b"\0")
        return first

    def enter(self, name: str, folder: _Storage) -> int:
        """Enter a folder and what is in it; return its number."""
        number = len(self.entries)
        self.entries.append([name, 1 if number else 5, _FREE, 0, 0])
        below = [self._stream(each, content) for each, content in folder.streams.items()]
        below += [self.enter(each, inner) for each, inner in folder.folders.items()]
        for one, following in zip(below, [*below[1:], _FREE], strict=True):
            self.entries[one].append(following)
        self.entries[number][2] = below[0] if below else _FREE
        return number

    def _stream(self, name: str, content: bytes) -> int:
        is_small = len(content) < 4096
        start = self.store_small(content) if is_small else self.store(content)
        self.entries.append([name, 2, _FREE, start, len(content)])
        return len(self.entries) - 1


def _compound(root: _Storage) -> bytes:
    file = _Compound()
    file.enter("Root Entry", root)
    file.entries[0][3:5] = [file.store(bytes(file.mini)), len(file.mini)]
    mini_fat = struct.pack(f"<{len(file.mini_fat)}I", *file.mini_fat)
    mini_start, mini_count = (
        file.store(mini_fat.ljust(-(-len(mini_fat) // SECTOR) * SECTOR, b"\xff")),
        -(-len(mini_fat) // SECTOR),
    )
    directory = file.store(b"".join(map(_entry, file.entries)))
    count = 1
    while (len(file.fat) + count) * 4 > count * SECTOR:
        count += 1
    start = len(file.fat)
    fat = [*file.fat, *[_FAT] * count]
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(count * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, count)
    header += struct.pack(
        "<IIIIIII", directory, 0, 4096, mini_start if mini_count else _END, mini_count, _END, 0
    )
    header += struct.pack(f"<{count}I", *range(start, start + count)).ljust(109 * 4, b"\xff")
    return header + bytes(file.sectors) + table


def _entry(entry: list[object]) -> bytes:
    name, kind, child, start, size, *following = entry
    written = str(name).encode("utf-16-le") + b"\0\0"
    right = following[0] if following else _FREE
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    return head + struct.pack("<III16xI8x8xIQ", _FREE, right, child, 0, start, size)


def compressed(rich: bytes) -> bytes:
    """Write rich text as Outlook keeps it; nothing is said to repeat, which is allowed."""
    runs = b"".join(b"\0" + rich[start : start + 8] for start in range(0, len(rich), 8))
    return struct.pack("<II4sI", len(runs) + 12, len(rich), b"LZFu", 0) + runs


def tnef(letter: Letter) -> bytes:
    """Write a message as Outlook sends it to people who use other programs."""
    sent = letter.sent
    date = struct.pack("<7H", sent.year, sent.month, sent.day, sent.hour, sent.minute, sent.second, 0)
    parts = [_attribute(1, 0x00069007, struct.pack("<II", 1252, 0)), _attribute(1, 0x00038005, date)]
    if letter.subject:
        parts.append(_attribute(1, 0x00018004, letter.subject.encode("cp1252") + b"\0"))
    properties = [(0x001F, 0x1000, letter.text.encode("utf-16-le") + b"\0\0")] if letter.text else []
    properties += [(0x0102, 0x1013, letter.page)] if letter.page else []
    properties += [(0x0102, 0x1009, letter.rich)] if letter.rich else []
    parts.append(_attribute(1, 0x00069003, _properties(properties)))
    for file in letter.files:
        parts.append(_attribute(2, 0x00069002, bytes(14)))
        content = file.content
        inner = bytes(16) + tnef(content) if isinstance(content, Letter) else content
        named = [(0x001F, 0x3707, file.name.encode("utf-16-le") + b"\0\0")]
        if isinstance(content, Letter):
            named.append((0x000D, 0x3701, inner))
        else:
            parts.append(_attribute(2, 0x0006800F, inner))
        parts.append(_attribute(2, 0x00069005, _properties(named)))
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(parts)


def _attribute(level: int, number: int, content: bytes) -> bytes:
    return (
        struct.pack("<BII", level, number, len(content)) + content + struct.pack("<H", sum(content) % 65536)
    )


def _properties(properties: list[tuple[int, int, bytes]]) -> bytes:
    named = struct.pack("<HH16sIIII", 0x001F, 0x8001, bytes(16), 0, 1, 1, 4) + "x\0".encode("utf-16-le")
    written = b"".join(
        struct.pack("<HHII", kind, number, 1, len(content)) + content.ljust(-(-len(content) // 4) * 4, b"\0")
        for kind, number, content in properties
    )
    return struct.pack("<I", len(properties) + 1) + named + written
