"""Messages of Outlook as trees of numbered properties, in whatever file, and what they say as a mail.

Source: [MS-OXPROPS] for the numbers. Only those that tell of text, time and attachments are known here.
"""

import codecs
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.decoding import decode
from travelrisk.intake.limits import LIMITS
from travelrisk.intake.mails.attachments import Attachment
from travelrisk.intake.mails.envelope import Envelope, Part
from travelrisk.intake.mails.rtf import text_of, unpacked

SUBJECT, BODY, HTML, RTF = 0x0037, 0x1000, 0x1013, 0x1009
SUBMITTED, DELIVERED = 0x0039, 0x0E06
DATA, LONG_NAME, SHORT_NAME, MEDIA_TYPE, CONTENT_ID, IS_HIDDEN = (
    0x3701,
    0x3707,
    0x3704,
    0x370E,
    0x3712,
    0x7FFE,
)
CODE_PAGES = (0x3FDE, 0x3FFD)
UNICODE, STRING, BINARY, TIME, OBJECT, LONG = 0x001F, 0x001E, 0x0102, 0x0040, 0x000D, 0x0003

Value = str | bytes | int | datetime
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_UTF_8 = 65001  # as Windows counts code pages
_LAST = 0x7FFF_FFFF_FFFF_FFFF


@dataclass(slots=True)
class Node:
    """A message or an attachment.

    Attributes:
        properties: values by number.
        attachments: of a message.
        inner: the message that is attached, if it is one.
    """

    properties: dict[int, Value] = field(default_factory=dict)
    attachments: list["Node"] = field(default_factory=list)
    inner: "Node | None" = None

    def text(self, number: int) -> str:
        """Return a property as text."""
        value = self.properties.get(number, "")
        written = decode(value) if isinstance(value, bytes) else str(value)
        return written.rstrip("\0")


def value_of(kind: int, content: bytes, encoding: str = "cp1252") -> Value:
    """Return the value of a property as it stands in a file."""
    if kind == UNICODE:
        return content.decode("utf-16-le", "replace").rstrip("\0")
    if kind == STRING:
        return content.decode(encoding, "replace").rstrip("\0")
    if kind == TIME:
        return _time(int.from_bytes(content[:8], "little"))
    if kind == LONG:
        return int.from_bytes(content[:4], "little")
    return content


def _time(ticks: int) -> Value:
    """Return the time that is so many tenths of a microsecond after 1600; 0 if there is none."""
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10) if ticks < _LAST else 0
    except OverflowError:
        return 0


def encoding_of(properties: dict[int, Value]) -> str:
    """Return the encoding that a message states for its texts."""
    for number in CODE_PAGES:
        page = properties.get(number)
        name = "utf-8" if page == _UTF_8 else f"cp{page if isinstance(page, int) else 0}"
        try:
            codecs.lookup(name)
        except LookupError:
            continue
        return name
    return "cp1252"


def envelope_of(message: Node) -> Envelope:
    """Take a message apart, and those inside it."""
    letter = Envelope()
    _sort_in(letter, message, None, 0)
    return letter


def _sort_in(letter: Envelope, message: Node, around: date | None, depth: int) -> None:
    if depth > LIMITS.depth:
        raise BadInputError(
            f"The message holds messages more than {LIMITS.depth} deep: send the itinerary alone"
        )
    issued = _day(message) or around
    subject = message.text(SUBJECT)
    if subject:
        letter.subjects.append(Part(subject, issued=issued))
    page, text = _page(message), message.text(BODY)
    if page:
        letter.pages.append(Part(page, issued=issued))
    if text.strip() or not page:
        letter.texts.append(Part(text, issued=issued))
    for each in message.attachments:
        if each.inner:
            _sort_in(letter, each.inner, issued, depth + 1)
        else:
            letter.files.append(Part("", _file(each), issued))


def _day(message: Node) -> date | None:
    times = (message.properties.get(number) for number in (SUBMITTED, DELIVERED))
    return next((each.date() for each in times if isinstance(each, datetime)), None)


def _page(message: Node) -> str:
    """Return the page; else that in the rich text, which may be all there is of a text as well."""
    page = message.properties.get(HTML)
    if page:
        return decode(page) if isinstance(page, bytes) else str(page)
    rich = message.properties.get(RTF)
    if not isinstance(rich, bytes) or not rich:
        return ""
    written, is_page = text_of(unpacked(rich, LIMITS.size))
    if not is_page and not message.text(BODY).strip():
        message.properties[BODY] = written
    return written if is_page else ""


def _file(each: Node) -> Attachment:
    content = each.properties.get(DATA, b"")
    return Attachment(
        content if isinstance(content, bytes) else str(content).encode(),
        each.text(LONG_NAME) or each.text(SHORT_NAME),
        each.text(MEDIA_TYPE).lower(),
        each.text(CONTENT_ID).strip(" <>"),
        is_attached=not (each.text(CONTENT_ID) and each.properties.get(IS_HIDDEN)),
    )
