"""Rich text as Outlook keeps it: compressed (LZFu), and often with the page it was made from inside.

Source: [MS-OXRTFCP] for the compression, [MS-OXRTFEX] for pages and plain texts kept in rich text.
"""

import codecs
import re
from dataclasses import dataclass, replace

from travelrisk.domain.errors import BadInputError

_HEADER = 16
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_RING = 4096
_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\(?P<word>[a-z]{1,32})(?P<figure>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-f]{2})|\\(?P<mark>[^a-z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)",
    re.IGNORECASE | re.DOTALL,
)
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_SPOKEN = {
    "par": "\n",
    "line": "\n",
    "tab": "\t",
    "row": "\n",
    "cell": "\t",
    "lquote": "'",
    "rquote": "'",
    "ldblquote": '"',
    "rdblquote": '"',
    "bullet": "-",
    "endash": "-",
    "emdash": "-",
}
_UNSPOKEN = frozenset(
    "fonttbl colortbl stylesheet info pict header footer generator themedata".split()  # noqa: SIM905 - a table
)
_ESCAPED = {"~": "\u00a0", "_": "-", "-": "", "\n": "\n", "\r": "\n", "{": "{", "}": "}", "\\": "\\"}


def unpacked(content: bytes, most: int) -> bytes:
    """Return rich text that Outlook has compressed.

    Args:
        content: as it stands in the message.
        most: bytes that it may have.

    Raises:
        BadInputError: it is damaged, or larger.
    """
    raw_size, kind = int.from_bytes(content[4:8], "little"), content[8:12]
    if kind == _PLAIN:
        return content[_HEADER : _HEADER + raw_size]
    if kind != _COMPRESSED or raw_size > most:
        raise BadInputError("The rich text of the message is damaged or too large: paste its text")
    return bytes(_expanded(content[_HEADER:], raw_size))


def _expanded(content: bytes, raw_size: int) -> bytearray:
    """Expand runs of the last 4096 bytes, which begin as words that all rich texts have."""
    ring = bytearray(_START) + bytearray(_RING - len(_START))
    place, position, found = len(_START), 0, bytearray()
    while position < len(content) and len(found) < raw_size:
        control, position = content[position], position + 1
        for bit in range(8):
            if not control >> bit & 1:
                piece, position = content[position : position + 1], position + 1
            else:
                pair, position = int.from_bytes(content[position : position + 2], "big"), position + 2
                start, length = pair >> 4, (pair & 15) + 2
                if start == place:
                    return found
                piece = b""
                for offset in range(length):  # a run may go on into what it writes itself
                    byte = ring[(start + offset) % _RING]
                    ring[(place + offset) % _RING] = byte
                    piece += bytes((byte,))
            if not piece:
                return found
            for byte in piece:
                ring[place] = byte
                place = (place + 1) % _RING
            found += piece
    return found


def text_of(content: bytes) -> tuple[str, bool]:
    """Return what a rich text says, and if that is HTML."""
    is_page = b"\\fromhtml" in content[:1024]
    match = _CODE_PAGE.search(content[:1024])
    encoding = f"cp{int(match[1])}" if match else "cp1252"
    try:
        codecs.lookup(encoding)
    except LookupError:
        encoding = "cp1252"
    return "".join(map(_Speaker(encoding).said, _TOKEN.finditer(content))), is_page


@dataclass(slots=True)
class _Group:
    """What holds inside one pair of braces.

    Attributes:
        is_silent: nobody reads it.
        is_rich: it is there for the rich text alone, and not of the page it was made from.
        fallback: how many characters behind a number of Unicode stand in for it.
    """

    is_silent: bool = False
    is_rich: bool = False
    fallback: int = 1


class _Speaker:
    """Says a rich text, one token after the other."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._groups = [_Group()]
        self._skip = 0
        self._is_optional = False

    def said(self, token: re.Match[bytes]) -> str:
        """Return what one token adds."""
        if token["brace"]:
            self._turn(token["brace"])
        was_optional, self._is_optional = self._is_optional, token["mark"] == b"*"
        if token["brace"] or self._is_optional:
            return ""
        if token["word"]:
            figure = int(token["figure"]) if token["figure"] else None
            return self._word(token["word"].decode().lower(), figure, is_optional=was_optional)
        return "" if self._is_still else self._text(token)

    @property
    def _is_still(self) -> bool:
        return self._groups[-1].is_silent or self._groups[-1].is_rich

    def _turn(self, brace: bytes) -> None:
        if brace == b"{":
            self._groups.append(replace(self._groups[-1]))
        elif len(self._groups) > 1:
            self._groups.pop()

    def _word(self, name: str, figure: int | None, *, is_optional: bool) -> str:
        group = self._groups[-1]
        if name == "htmltag":
            group.is_silent = False
        elif name == "htmlrtf":
            group.is_rich = figure != 0
        elif is_optional or name in _UNSPOKEN:
            group.is_silent = True
        elif name == "uc":
            group.fallback = figure or 0
        elif name == "u" and figure is not None and not self._is_still:
            self._skip = group.fallback
            return chr(figure % 65536)
        return "" if self._is_still else _SPOKEN.get(name, "")

    def _text(self, token: re.Match[bytes]) -> str:
        if token["hex"]:
            piece = bytes.fromhex(token["hex"].decode()).decode(self._encoding, "replace")
        elif token["mark"]:
            piece = _ESCAPED.get(token["mark"].decode("latin-1"), "")
        else:
            piece = token["text"].decode(self._encoding, "replace")
        left, self._skip = piece[self._skip :], max(0, self._skip - len(piece))
        return left
