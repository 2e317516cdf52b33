"""A message taken apart: its texts, pages, files and subjects, each with the date of its own message.

The standard parser is asked only after a scan for the bombs that break it, and each text is decoded here,
since declared charsets are wrong as often as not.
"""

import re
from base64 import decodebytes
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from quopri import decodestring

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.decoding import decode
from travelrisk.intake.limits import LIMITS
from travelrisk.intake.mails.attachments import Attachment
from travelrisk.intake.mails.headers import day_of

_MOST_PARTS = LIMITS.parts
_LONGEST_HEADER = 65_536
_LONGEST_NAME = 200
_BOUNDARY = re.compile(rb"boundary[ \t]*=[ \t]*\"?([^\"\r\n;]{1,200})", re.IGNORECASE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_SHOWN = re.compile(r"cid:([^\s\"'<>)]{1,200})", re.IGNORECASE)
_UNDECODED = (ValueError, LookupError, AttributeError, IndexError, TypeError, MessageError)  # of a header
_CUT = {"CloseBoundaryNotFoundDefect", "StartBoundaryNotFoundDefect"}


@dataclass(frozen=True, slots=True)
class Part:
    """A readable part of a message.

    Attributes:
        issued: the day of the innermost message it stands in.
        is_page: it is HTML, or was.
        age: 0 for the newest message of a text, 1 for the one it quotes, and so on.
        is_dated: *issued* is the day of its own message, and not of one around it.
    """

    text: str = ""
    file: Attachment = field(default_factory=Attachment)
    issued: date | None = None
    is_page: bool = False
    age: int = 0
    is_dated: bool = True


@dataclass(slots=True)
class Envelope:
    """What a message holds.

    Attributes:
        texts: what people read, the pages as they see them among it once those are read.
        pages: HTML as it came.
        files: everything else.
        notes: texts among the files, once those are read.
        subjects: of the message and of those inside it.
        languages: as stated, the outermost first.
        lost: what could not be unpacked, each by its name.
        is_cut: its last part does not end.
    """

    texts: list[Part] = field(default_factory=list)
    pages: list[Part] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    notes: list[Part] = field(default_factory=list)
    subjects: list[Part] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    is_cut: bool = False

    @property
    def shown(self) -> frozenset[str]:
        """The identifiers of the pictures that a page of the mail shows in its midst."""
        return frozenset(match[1] for part in self.pages for match in _SHOWN.finditer(part.text))


def why_not(content: bytes) -> str:
    """Return why a message must not be parsed, or nothing.

    Measured with the standard parser: 20,000 parts take 14 seconds, a subject of 5.6 MB over 20, and 2,000
    nested parts end in a RecursionError.
    """
    end = _END_OF_HEADER.search(content.lstrip()[: 2 * _LONGEST_HEADER])
    if (end.start() if end else len(content)) > _LONGEST_HEADER:
        return f"The header of the mail is longer than {_LONGEST_HEADER // 1024} kB: forward it without"
    boundaries = {match[1].strip() for match in _BOUNDARY.finditer(content)}
    nested = content.lower().count(b"message/rfc822")
    parts = sum(content.count(b"\n--" + boundary) for boundary in sorted(boundaries)[:_MOST_PARTS])
    if max(len(boundaries), nested, parts - len(boundaries)) > _MOST_PARTS:
        return f"The mail has more than {_MOST_PARTS} parts: send the itinerary alone"
    return ""


def opened(content: bytes) -> Envelope:
    """Take a message apart, and those inside it.

    Raises:
        BadInputError: too many parts, too deep, or a header too long.
    """
    return _opened(message_from_bytes(content.lstrip(), policy=policy.compat32))


def _opened(message: Message) -> Envelope:
    letter = Envelope()
    waiting: list[tuple[Message, int, date | None]] = [(message, 0, None)]
    count = 0
    while waiting:
        part, depth, issued = waiting.pop()
        count += 1
        if depth > LIMITS.depth or count > _MOST_PARTS:
            limits = f"more than {_MOST_PARTS} parts, or parts more than {LIMITS.depth} deep"
            raise BadInputError(f"The mail has {limits}: send the itinerary alone")
        if sum(len(name) + len(str(value)) for name, value in part.raw_items()) > _LONGEST_HEADER:
            raise BadInputError(f"A part of the mail has a header longer than {_LONGEST_HEADER // 1024} kB")
        issued = _date_of(part) or issued
        if part.get("Subject"):
            letter.subjects.append(Part(_header(_raw(part, "Subject")), issued=issued))
        if part.get("Content-Language"):
            letter.languages.append(str(part["Content-Language"]))
        letter.is_cut |= any(type(defect).__name__ in _CUT for defect in part.defects)
        inner = _inner(part)
        if part.is_multipart() and isinstance(inner, list):
            waiting.extend((each, depth + 1, issued) for each in reversed(inner) if isinstance(each, Message))
        else:
            _sort_in(letter, part, issued)
    return letter


def _inner(part: Message) -> object:
    """Return what is inside a part; a message that was encoded although it must not be is decoded first."""
    held: object = part.get_payload()
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if part.get_content_type() != "message/rfc822" or encoding not in {"base64", "quoted-printable"}:
        return held
    if not (isinstance(held, list) and held and isinstance(held[0], Message)):
        return held
    written = held[0].as_bytes()
    try:
        content = decodebytes(written) if encoding == "base64" else decodestring(written)
    except ValueError:
        return held
    return [message_from_bytes(content.lstrip(), policy=policy.compat32)] if b":" in content[:1000] else held


def _sort_in(letter: Envelope, part: Message, issued: date | None) -> None:
    content = _content(part)
    media_type = part.get_content_type().lower()
    name = _file_name(part)
    is_attached = part.get_content_disposition() == "attachment"
    is_file = is_attached or bool(name)
    if media_type == "text/html" and not is_file:
        letter.pages.append(Part(_text(part, content), issued=issued))
    elif media_type == "text/plain" and not is_file:
        letter.texts.append(Part(_text(part, content), issued=issued))
    else:
        content_id = str(part.get("Content-ID", "")).strip(" <>")
        file = Attachment(content, name, media_type, content_id, is_attached=is_attached)
        letter.files.append(Part("", file, issued))


def _content(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AttributeError, AssertionError):
        payload = None
    if isinstance(payload, bytes):
        return payload
    return str(part.get_payload()).encode(errors="replace")


def _text(part: Message, content: bytes) -> str:
    """Decode a text: UTF-8 where the bytes allow it, else as declared, else cp1252."""
    declared = str(part.get_content_charset() or "").lower()
    if declared.startswith(("iso-2022", "utf-7", "utf-16", "utf-32", "hz")):
        return _decoded(content, declared) or decode(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(content, declared) or decode(content)


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except (LookupError, ValueError):  # unknown-8bit, or not what it says
        return ""


def _file_name(part: Message) -> str:
    try:
        return _header(part.get_filename() or "")[-_LONGEST_NAME:]
    except _UNDECODED:
        return "attachment"


def _raw(part: Message, name: str) -> str:
    """Return a header as written; UTF-8 stands in it without a code word where a mail was saved as a file."""
    written = next(str(value) for each, value in part.raw_items() if each.lower() == name.lower())
    return written.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _header(written: str) -> str:
    """Decode a header; what no charset explains stays as written."""
    try:
        return str(make_header(decode_header(written)))
    except _UNDECODED:
        return written


def _date_of(part: Message) -> date | None:
    """Return the day of a message; one pasted from a mail program says "Sent:" where a mail has a date."""
    written = str(part.get("Date") or part.get("Sent") or "")
    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None if part.get("Date") else day_of(written, None)
