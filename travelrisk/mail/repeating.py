"""A letter that is sent again says the same, to the last byte of its body; its headers say it repeats.

Whoever sends it may put a preface before it, which is marked as theirs.
"""

import re
from datetime import datetime
from email.header import decode_header, make_header
from email.utils import format_datetime

from travelrisk.domain.texts import Language
from travelrisk.mail.addresses import address
from travelrisk.mail.mime import LINE_END, header
from travelrisk.mail.prefacing import Preface, prefaced
from travelrisk.telling.words import speaker

_FIELD = re.compile(r"\r\n(?![ \t])")
_END_OF_HEAD = (LINE_END * 2).encode()


def repeated(  # noqa: PLR0913 - what is repeated, then its headers, all named
    message: bytes,
    language: Language,
    *,
    recipient: str,
    message_id: str,
    at: datetime,
    preface: Preface | None = None,
) -> bytes:
    """Return one of our own messages as a repetition, for the same or another recipient.

    Args:
        message: as ``render.message`` made it.
        language: it is written in.
        recipient: whom the repetition goes to.
        message_id: of the repetition.
        at: aware moment for the header Date.
        preface: words of whoever sends it; None = the body stays as it is.

    Raises:
        BadInputError: the address cannot stand in a header.
    """
    head, _, body = message.partition(_END_OF_HEAD)
    fields = {name: value for name, _, value in (line.partition(": ") for line in _lines(head))}
    subject = str(make_header(decode_header(fields["Subject"].replace(LINE_END, ""))))
    before = fields["Message-ID"]
    changed: dict[str, object] = {
        "To": address(recipient),
        "Subject": _again(subject, language),
        "Date": format_datetime(at),
        "Message-ID": message_id,
    }
    if preface is not None:
        kind, body = prefaced(message, preface, language, message_id)
        fields["Content-Type"] = kind.partition(": ")[2].removesuffix(LINE_END)
    kept = fields | dict.fromkeys(("In-Reply-To", "References"), before) | {"X-Travelrisk-Repeats": before}
    lines = [
        header(name, changed[name]) if name in changed else f"{name}: {value}{LINE_END}"
        for name, value in kept.items()
    ]
    end = b"" if preface is not None else LINE_END.encode()
    return "".join(lines).encode("ascii") + end + body


def _lines(head: bytes) -> list[str]:
    return _FIELD.split(head.decode("ascii"))


def _again(subject: str, language: Language) -> str:
    """Say of a subject that it is repeated, once; with blanks that break, as all subjects have them."""
    before, _, after = (
        speaker(language)("repeated", subject="\0").replace("\N{NO-BREAK SPACE}", " ").partition("\0")
    )
    return f"{before}{subject.removeprefix(before)}{after}"
