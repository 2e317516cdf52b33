"""A message that was sent, opened again: what its reader saw."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

from travelrisk.mail.mime import LINE_END


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
