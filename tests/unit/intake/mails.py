"""Mails as our receiving server hands them over, and as strangers would like it to."""

from datetime import UTC, datetime

NOON = datetime(2026, 11, 23, 17, 58, tzinfo=UTC)
OURS = "mx.un.example"
VOUCHED = (
    f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=un.example;\r\n"
    "\tdkim=pass header.d=un.example; dmarc=pass (p=REJECT) header.from=un.example"
)
QUESTION = "ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


def mail(  # noqa: PLR0913 - the lines of a message, all named
    body: str = QUESTION,
    *,
    top: str = VOUCHED,
    sender: str = "From: Alice <alice@un.example>",
    date: str = "Date: Mon, 23 Nov 2026 17:50:00 +0000",
    message_id: str = "<m1@un.example>",
    more: str = "",
    subject: str = "A question",
) -> bytes:
    """Write a message; each line of the header may be replaced, left out, or doubled."""
    lines = [
        top,
        "Received: from mail.un.example by mx.un.example; Mon, 23 Nov 2026 17:51:00 +0000",
        sender,
        "To: travelrisk@example.org",
        date,
        f"Message-ID: {message_id}" if message_id else "",
        f"Subject: {subject}",
        more,
    ]
    head = "\r\n".join(line for line in lines if line)
    return f"{head}\r\n\r\n".encode() + body.replace("\n", "\r\n").encode()
