"""An answer to one of our letters: what its sender wrote, without what is quoted, and numbered answers in it.

What is quoted is our own letter, with flights and questions in it; read as the sender's words it would answer
itself. Whatever is not surely quoted stays, and is then told as not understood.
"""

import re
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Final, NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.mails.envelope import Envelope, opened, why_not
from travelrisk.intake.pages.webpages import webpage

_LONGEST: Final = 20_000
_LONGEST_PAGE: Final = 400_000
_LONGEST_LINE: Final = 200
_BROKEN: Final = (LookupError, ValueError, AttributeError, TypeError, AssertionError, RecursionError)
_QUOTED: Final = re.compile(r"^[ \t]*>.*\n?", re.MULTILINE)
_WROTE: Final = (
    r"^[ \t]*(?:on|le|el)[ ][^\n]{4,200}(?:\n(?![ \t]*>)[^\n]{0,120})?"
    r"(?:wrote|a écrit|escribió)[ \u00a0]?:[ \t]*$"
)
_INTRODUCED: Final = re.compile(rf"{_WROTE}(?=\n+[ \t]*>)", re.MULTILINE | re.IGNORECASE)
# Where a mail program puts the letter that is answered below the answer, or a signature begins.
_BELOW: Final = re.compile(
    rf"^-- ?$|^_{{8,}}[ \t]*$|{_WROTE}"
    r"|^[ \t]*-{2,}[ \t]*(?:original message|message d'origine|mensaje original)[ \t]*-{2,}"
    r"|^[ \t*]*(?:from|de)[ \u00a0*]?:[^\n]*"
    r"\n[ \t*]*(?:sent|date|envoyé|enviado|fecha|to|à|para)[ \u00a0*]?:",
    re.MULTILINE | re.IGNORECASE,
)
_TYPE: Final = re.compile(r"(?!multipart|message)([a-z0-9.+-]{1,60})/([a-z0-9.+-]{1,60})", re.ASCII)
_LANGUAGE: Final = re.compile(r"[A-Za-z-]{2,20}", re.ASCII)
_NUMBERED: Final = re.compile(
    r"[ \t]*(?:(?:question|pregunta|q)[ \t]*)?(?P<number>[0-9]{1,2})[ \t\u00a0]*"
    r"(?:=|:|\)|[.\-\u2013](?=[ \t]))[ \t]*(?P<value>\S.*)",
    re.IGNORECASE,
)


class Answer(NamedTuple):
    """One numbered answer, and the line as it was written."""

    number: int
    value: str
    line: str


def own_words(content: bytes) -> str:
    """Return what the sender of a message wrote; empty where there is nothing, or the message is broken."""
    letter = _opened(content)
    if letter is None:
        return ""
    if letter.texts:
        return _unquoted(letter.texts[0].text[:_LONGEST])
    page = letter.pages[0].text[:_LONGEST_PAGE] if letter.pages else ""
    return _unquoted(webpage(page).text[:_LONGEST]) if page else ""


def has_files(content: bytes) -> bool:
    """Say whether files are attached."""
    letter = _opened(content)
    return letter is not None and bool(letter.files)


def without_quotes(content: bytes, words: str) -> bytes:
    """Return a message of its sender's words and files alone, the same bytes each time.

    One that holds another message stays as it is: nothing of what was forwarded may be lost.

    Args:
        content: the message.
        words: what its sender wrote, from ``own_words``.
    """
    letter = _opened(content)
    if letter is None or b"message/rfc822" in content.lower():
        return content
    made = EmailMessage()
    head = BytesHeaderParser(policy=compat32).parsebytes(content)
    made["Date"] = format_datetime(parsedate_to_datetime(str(head["Date"])))
    if _LANGUAGE.fullmatch(str(head.get("Content-Language", ""))):
        made["Content-Language"] = str(head["Content-Language"])
    made.set_content(words)
    for part in letter.files:
        kind = _TYPE.fullmatch(part.file.media_type)
        main, sub = kind.groups() if kind else ("application", "octet-stream")
        name = "".join(filter(str.isprintable, part.file.name.encode("ascii", "ignore").decode()))
        made.add_attachment(part.file.content, maintype=main, subtype=sub, filename=name or None)
    if made.is_multipart():
        made.set_boundary(f"=_{sha256(content).hexdigest()[:40]}")
    return made.as_bytes()


def numbered(words: str) -> tuple[Answer, ...]:
    """Return the lines that begin with the number of a question and a mark: ``1 = 12 November``."""
    lines = [line.strip() for line in words.splitlines() if len(line) <= _LONGEST_LINE]
    found = ((_NUMBERED.fullmatch(line), line) for line in lines)
    return tuple(Answer(int(match["number"]), match["value"], line) for match, line in found if match)


def _unquoted(text: str) -> str:
    """Return the text above a signature and the letter that is answered, without quoted lines between."""
    text = _INTRODUCED.sub("", text.replace("\r\n", "\n"))
    text = _QUOTED.sub("", text)
    below = _BELOW.search(text)
    return (text[: below.start()] if below else text).strip()


def _opened(content: bytes) -> Envelope | None:
    if why_not(content):
        return None
    try:
        return opened(content)
    except (BadInputError, *_BROKEN):
        return None
