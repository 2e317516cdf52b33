"""Messages that Outlook saved (.msg): a compound file with a stream for each property.

Source: [MS-OXMSG]. Names of streams end in the number of the property and its type: ``1000001F`` is the body.
"""

import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.limits import LIMITS
from travelrisk.intake.mails.envelope import Envelope
from travelrisk.intake.mails.mapi import (
    BINARY,
    DATA,
    LONG,
    STRING,
    TIME,
    UNICODE,
    Node,
    Value,
    encoding_of,
    envelope_of,
    value_of,
)

if TYPE_CHECKING:
    from olefile import OleFileIO

_STREAM = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})", re.IGNORECASE)
_FIXED = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_"
_INNER = "__substg1.0_3701000D"
_HEADS = {"message": 32, "inner": 24, "attachment": 8}
_ENTRY = 16
_KINDS = {UNICODE, STRING, BINARY}
_DAMAGED = "The Outlook message (.msg) is damaged: save it again, or paste its text"

_BREAKS = (OSError, ValueError, IndexError, TypeError, AttributeError, RecursionError, OverflowError)
"""What the library raises for a damaged file."""

Path = tuple[str, ...]


def opened(content: bytes) -> Envelope:
    """Take a message apart, and those inside it.

    Raises:
        BadInputError: it is damaged, or has too many parts.
    """
    from olefile import OleFileIO  # noqa: PLC0415 - few documents are of this form

    try:
        with OleFileIO(io.BytesIO(content)) as ole:
            streams = {tuple(path) for path in ole.listdir()}
            message = _Reader(ole, streams, len(content)).message((), _HEADS["message"], 0)
    except _BREAKS as error:
        raise BadInputError(_DAMAGED) from error
    if not message.properties:
        raise BadInputError(_DAMAGED)
    return envelope_of(message)


class _Reader:
    """Reads the nodes of one file."""

    def __init__(self, ole: "OleFileIO[Any]", streams: Iterable[Path], size: int) -> None:
        self._ole = ole
        self._size = size
        self._streams = sorted(streams)
        self._parts = 0

    def message(self, path: Path, head: int, depth: int) -> Node:
        """Read a message with its attachments."""
        if depth > LIMITS.depth:
            raise BadInputError(
                f"The message holds messages more than {LIMITS.depth} deep: send the itinerary alone"
            )
        node = Node(self._properties(path, head))
        for each in self._attachments(path):
            self._parts += 1
            if self._parts > LIMITS.parts:
                raise BadInputError(
                    f"The message has more than {LIMITS.parts} parts: send the itinerary alone"
                )
            inner = (*each, _INNER)
            attachment = Node(self._properties(each, _HEADS["attachment"]))
            if DATA not in attachment.properties and self._has(inner):
                attachment.inner = self.message(inner, _HEADS["inner"], depth + 1)
            node.attachments.append(attachment)
        return node

    def _properties(self, path: Path, head: int) -> dict[int, Value]:
        fixed = dict(self._fixed(path, head))
        encoding = encoding_of(fixed)
        for stream in self._streams:
            match = _STREAM.fullmatch(stream[-1]) if stream[:-1] == path else None
            kind = int(match[2], 16) if match else 0
            if match and kind in _KINDS:
                fixed[int(match[1], 16)] = value_of(kind, self._read(stream), encoding)
        return fixed

    def _fixed(self, path: Path, head: int) -> Iterator[tuple[int, Value]]:
        """Yield times and numbers, which stand in one stream for all of a node."""
        stream = (*path, _FIXED)
        content = self._read(stream)[head:] if stream in self._streams else b""
        for start in range(0, len(content) - _ENTRY + 1, _ENTRY):
            entry = content[start : start + _ENTRY]
            kind, number = (int.from_bytes(entry[place : place + 2], "little") for place in (0, 2))
            if kind in {TIME, LONG}:
                yield number, value_of(kind, entry[8:])

    def _attachments(self, path: Path) -> list[Path]:
        size = len(path) + 1
        return sorted(
            {
                stream[:size]
                for stream in self._streams
                if len(stream) > size
                and stream[: len(path)] == path
                and stream[len(path)].startswith(_ATTACHMENT)
            }
        )

    def _has(self, path: Path) -> bool:
        return any(stream[: len(path)] == path and len(stream) > len(path) for stream in self._streams)

    def _read(self, stream: Path) -> bytes:
        """Return a stream, unless it claims more than the file has: the library would gather all of that."""
        if self._ole.get_size(list(stream)) > self._size:
            raise ValueError("a stream is longer than the file")
        return bytes(self._ole.openstream(list(stream)).read())
