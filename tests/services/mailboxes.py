"""A mailbox in memory, and short ways to look at what a mail led to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from sqlalchemy import text

from tests.unit.intake.mails import NOON, OURS, mail
from travelrisk.intake.mailbox.waiting import MailboxError, Message
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application, Correspondents
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.mailbox import polling
from travelrisk.services.mailbox.polling import Polled
from travelrisk.store import trips
from travelrisk.store.database import reading

BOOKING = (
    "Booking reference: ABC123\nPassenger: DOE/ALICE MRS\n\n"
    "ET 707 FRA ADD 12 Dec 2026 21:55 06:35+1 operated by Ethiopian Airlines\n"
    "Please confirm.\nRegards\nAlice"
)
CHANGED = BOOKING.replace("12 Dec", "14 Dec")
"""A booking as people send it, and the same two days later."""


@dataclass
class Waiting:
    """Keeps messages in memory; *breaks* = it cannot mark any as done, as after a kill."""

    messages: list[Message] = field(default_factory=list)
    settled: dict[str, str] = field(default_factory=dict)
    breaks: bool = False

    def waiting(self, most: int) -> Iterator[Message]:
        """Yield what is not settled."""
        yield from [each for each in self.messages if each.key not in self.settled][:most]

    def done(self, message: Message) -> None:
        """Settle a message without a reason."""
        self._settle(message, "")

    def failed(self, message: Message, why: str) -> None:
        """Settle a message with a reason."""
        self._settle(message, why)

    def look(self) -> int:
        """Count what waits."""
        return len(self.messages) - len(self.settled)

    def close(self) -> None:
        """Nothing is open."""

    def _settle(self, message: Message, why: str) -> None:
        if self.breaks:
            raise MailboxError("the connection is gone")
        self.settled[message.key] = why


def answering(app: Application, most: int = 50) -> Application:
    """Give a service that answers mails of un.example."""
    known = Correspondents(frozenset({"un.example"}), OURS, most)
    return replace(app, facts=replace(app.facts, correspondents=known))


def box(*contents: bytes, at: datetime = NOON) -> Waiting:
    """Give a mailbox in which these messages wait."""
    return Waiting([Message(f"{number}", content, at) for number, content in enumerate(contents)])


def poll(app: Application, *contents: bytes, at: datetime = NOON) -> Polled:
    """Deal with these messages, each new."""
    return polling.poll(app, box(*contents, at=at), "w1")


def sent(app: Application) -> list[EmailMessage]:
    """Send all that waits, and return it with its envelope's recipient as X-To."""
    memory = Memory()
    dispatch(app, memory, "w1")
    letters = []
    for content, _, recipient in memory.sent:
        letter = message_from_bytes(content, policy=default)
        letter["X-To"] = recipient
        letters.append(letter)
    return letters


def words(letter: EmailMessage) -> str:
    """Return the text of a letter."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def count(app: Application, table: str) -> int:
    """Count the rows of a table."""
    with reading(app.engine) as c:
        return c.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 - a name from the tests


def reply_to(letter: EmailMessage, body: str, **more: str) -> bytes:
    """Write a reply of Alice to a letter, with the letter quoted below."""
    quoted = "\n".join(f"> {line}" for line in words(letter).splitlines())
    answering_to = f"In-Reply-To: {letter['Message-ID']}\r\nReferences: {letter['Message-ID']}"
    lines = f"{body}\n\nOn Mon, 23 Nov 2026 at 17:58, travelrisk <travelrisk@example.org> wrote:\n{quoted}"
    extra = more.pop("more", "")
    return mail(lines, more=f"{answering_to}\r\n{extra}".strip(), **{"message_id": "<r1@un.example>", **more})


def only_trip(app: Application) -> int:
    """Return the one trip of Alice."""
    with reading(app.engine) as c:
        found = trips.latest_of_contact(c, "alice@un.example", but_not_from="")
    assert len(found) == 1
    return found[0][0].id
