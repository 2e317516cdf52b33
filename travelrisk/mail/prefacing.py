"""A person puts words of their own before a letter that is sent again: plain, short, and marked as theirs.

The letter itself stays as it was, below them. No word of a preface can be taken for one of the letter: each
line of it is quoted, and it says who wrote it and that the letter is unchanged.
"""

import hashlib
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from textwrap import wrap
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import Language
from travelrisk.mail.mime import LINE_END, bodies
from travelrisk.telling.foreign import visible
from travelrisk.telling.words import speaker

LONGEST: Final = 600
_MOST_LINES: Final = 20
_QUOTE: Final = "| "
_COLUMNS: Final = 78
_SHEET: Final = re.compile(r'<td class="cell"[^>]*>')
_FRAME: Final = (
    '\n<div style="margin: 0 0 16px; padding: 4px 12px; border-left: 4px solid #59636e;">'
    '<p class="small">{}</p><p class="line">{}</p><p class="small">{}</p></div>'
)


class Preface(NamedTuple):
    """What somebody wants to have said before a letter; *author* is their name."""

    author: str
    text: str

    @property
    def sha256(self) -> str:
        """What the audit trail keeps of it: the words stand in the letter."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def preface(author: str, text: str) -> Preface | None:
    """Return the words as they may be sent; None where there are none.

    Raises:
        BadInputError: they are too long.
    """
    lines = "\n".join(visible(line).rstrip() for line in text.strip().splitlines())
    if len(lines) > LONGEST or lines.count("\n") >= _MOST_LINES:
        raise BadInputError(
            f"preface: it may have {LONGEST} characters on {_MOST_LINES} lines: make it shorter"
        )
    return Preface(visible(author), lines) if lines else None


def prefaced(message: bytes, before: Preface, language: Language, message_id: str) -> tuple[str, bytes]:
    """Return the header Content-Type and the body of a letter of a trip with a preface in both of its parts.

    Args:
        message: as ``render.message`` made it.
        before: the words.
        language: the letter is written in.
        message_id: of the message that is made; its parts are bounded by it.

    Raises:
        ValueError: the message is no letter of a trip.
    """
    mail = message_from_bytes(message, policy=SMTP)
    text, html = (_part(mail, kind) for kind in ("plain", "html"))
    calendar = next((str(each.get_content()) for each in mail.iter_attachments()), "")
    if not _SHEET.search(html):
        raise ValueError("a letter without its sheet has no place for a preface")
    say = speaker(language)
    head, foot = say("preface_by", name=before.author), say("preface_end")
    boundary = "=_" + hashlib.sha256(message_id.encode()).hexdigest()[:40]
    kind, body = bodies(
        boundary, f"{_as_text(head, before, foot)}{text}", _into(html, head, before, foot), calendar
    )
    return kind, f"{LINE_END}{body}".encode("ascii")


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        raise ValueError(f"a letter of a trip has a part text/{kind}")
    return str(part.get_content()).replace(LINE_END, "\n")


def _as_text(head: str, before: Preface, foot: str) -> str:
    said = [
        f"{_QUOTE}{line}".rstrip()
        for each in before.text.split("\n")
        for line in wrap(each, _COLUMNS - len(_QUOTE)) or [""]
    ]
    lines = [*wrap(head, _COLUMNS), "", *said, "", *wrap(foot, _COLUMNS), "", "--------", "", ""]
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _into(html: str, head: str, before: Preface, foot: str) -> str:
    said = Markup("<br>").join(before.text.split("\n"))
    frame = _FRAME.format(escape(head), said, escape(foot))
    return _SHEET.sub(lambda found: found[0] + frame, html, count=1)
