"""A message that was sent, opened again: what its reader saw, and the same message under a new date."""

import re
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final, NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.mail.mime import LINE_END, header

_HEAD_END: Final = (LINE_END * 2).encode()
_OWN: Final = re.compile(
    rb"^(?:Message-ID|Date|In-Reply-To|References):.*(?:\r\n[ \t].*)*\r\n", re.IGNORECASE | re.MULTILINE
)


class Opened(NamedTuple):
    """A message as its reader has it; *attached* are the names of files."""

    subject: str
    to: str
    text: str
    attached: tuple[str, ...]


def opened(message: bytes) -> Opened:
    """Return what stands in a message of ours."""
    mail = message_from_bytes(message, policy=SMTP)
    part = mail.get_body(("plain",))
    text = str(part.get_content()) if isinstance(part, EmailMessage) else ""
    names = (each.get_filename() for each in mail.iter_attachments())
    return Opened(
        str(mail.get("Subject", "")),
        str(mail.get("To", "")),
        text.replace(LINE_END, "\n"),
        tuple(filter(None, names)),
    )


def dated_anew(message: bytes, *, message_id: str, thread_id: str, at: datetime) -> bytes:
    """Return the same message under a new Message-ID and date, as an answer in its thread.

    Args:
        message: as it was sent.
        message_id: with its angle brackets.
        thread_id: Message-ID of the first letter of its thread.
        at: aware moment for the header Date.

    Raises:
        BadInputError: it is no message.
    """
    head, end, body = message.partition(_HEAD_END)
    if not end:
        raise BadInputError("this is no message: it has no headers")
    kept = _OWN.sub(b"", head + LINE_END.encode())
    own = {
        "Date": format_datetime(at),
        "Message-ID": message_id,
        "In-Reply-To": thread_id,
        "References": thread_id,
    }
    new = "".join(header(name, value) for name, value in own.items()).encode("ascii")
    return kept + new + LINE_END.encode() + body
