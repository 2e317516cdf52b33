"""Bytes become text, and text becomes plain: no marks, blanks or digits that only look like others."""

import codecs
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator

DAMAGED_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)
"""What the standard library raises where a ZIP archive is cut, damaged or protected."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STEP = 65536
_HEAD = 200
_LOOK_ALIKES = {**dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"), ord("’"): "'"}  # noqa: RUF001 - the look-alikes are what is replaced
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_BLANKS = re.compile(r"[^\S\n]")
_NOT_A_LINE_END = re.compile(r"[^\n]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HALF = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_PRIVATE = re.compile(
    r"^[ \t]*(?:[0-9]{1,2}[ .]*)?(?:SSR[ /-]*(?:DOC[SOA]|FOID|CTC)|FOP\b|FP[ ]?CC).*$",
    re.MULTILINE | re.IGNORECASE,
)
"""Lines of reservation systems that carry passports, cards and telephone numbers: nobody here needs them."""


def encoding_of(content: bytes) -> str:
    """Return the encoding: by its mark, else UTF-8 or UTF-16 where the bytes show it, else cp1252.

    Guessing libraries took short German texts for other alphabets, so nothing else is tried.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding
    zeros = content[:_HEAD].count(0)
    if zeros and zeros * 3 >= len(content[:_HEAD]):
        return "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    return "utf-8" if _is_utf8(content) else "cp1252"


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _STEP):
            decoder.decode(content[start : start + _STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


_TWICE = re.compile(
    r"[\u00c2-\u00c5][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]"
)
"""UTF-8 that was taken for cp1252 and encoded once more: an accent becomes two signs."""


def _once(match: re.Match[str]) -> str:
    try:
        return match[0].encode("cp1252").decode()
    except UnicodeError:
        return match[0]


def decode(content: bytes) -> str:
    """Return *content* as text; bytes that no encoding explains become U+FFFD and so never part of a code."""
    return content.decode(encoding_of(content), errors="replace")


def plain_text(text: str) -> str:
    """Return *text* without invisible marks, odd blanks and dashes, full-width digits and passport lines."""
    text = _TWICE.sub(_once, text)
    one_feed = text.replace("\r\n", "\n").replace("\r", "\n").replace("\N{LINE SEPARATOR}", "\n")
    normal = unicodedata.normalize("NFKC", one_feed).translate(_LOOK_ALIKES)
    seen = _CONTROLS.sub(" ", _UNSEEN.sub("", normal))
    return _PRIVATE.sub("", _BLANKS.sub(" ", seen)).replace("=3D", "=").replace("=20\n", "\n")


def matches(
    pattern: re.Pattern[str], text: str, is_right: Callable[[re.Match[str]], bool]
) -> Iterator[re.Match[str]]:
    """Yield the matches that are right; one that is not hides no other that begins inside it.

    In ``ADD 3U 100`` the airport and the 3 look like a flight of a carrier ADD, and hide the flight of 3U.
    """
    match = pattern.search(text)
    while match:
        right = is_right(match)
        if right:
            yield match
        match = pattern.search(text, match.end() if right else match.start() + 1)


def blotted(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return *text* with each span replaced by NUL, line ends excepted; the length stays."""
    pieces, done = [], 0
    for start, end in sorted(spans):
        if start < done:
            continue
        pieces += [text[done:start], _NOT_A_LINE_END.sub("\0", text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])


def json_text(text: str) -> str:
    """Return JSON in which no escape stands for half a character, as it does where a text was cut."""
    return _HALF.sub(r"\\ufffd", text) if "\\u" in text else text
