"""The demonstration's own inbox: a real SMTP server on this machine alone, which keeps what it is given.

A first-time user sees real letters delivered with nothing configured. It never listens beyond 127.0.0.1, asks
for no login and passes nothing on.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from weakref import WeakSet

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from travelrisk.domain.errors import ConfigurationError
from travelrisk.mail.transport import Folder, TransientFailure, file_name

_HERE = "127.0.0.1"
_MOST = 2_000
_LARGEST = 5_000_000  # bytes of one message
_PATIENCE = 5.0  # seconds to hang up in


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message as it arrived: *id* counts from 1, *at* is UTC, *letter* is the letter's name or ``""``."""

    id: int
    at: datetime
    to: str
    subject: str
    letter: str
    language: str
    text: str
    html: str


class Inbox:
    """Takes up to 2,000 messages of 5 MB each and refuses the next, so that nothing disappears unseen.

    With a folder it also shows what lies there already, and what other programs put there.
    """

    def __init__(
        self,
        folder: Path | None = None,
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        most: int = _MOST,
    ) -> None:
        self._folder = Folder(folder) if folder is not None else None
        self._wanted_port = port
        self._clock = clock
        self._most = most
        self._kept: list[InboxMessage] = []
        self._names: set[str] = set()
        self._lock = threading.Lock()
        self._server: _OnSocket | None = None

    def start(self) -> tuple[str, int]:
        """Listen, on a free port unless one was asked for; return host and port.

        Raises:
            ConfigurationError: the port is taken, or the folder cannot be read.
        """
        self.messages()  # what lies in the folder comes first, and takes its room
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((_HERE, self._wanted_port))
        except OSError:
            listening.close()
            raise ConfigurationError(
                f"the inbox cannot listen on port {self._wanted_port}: choose another port, or 0 for any"
            ) from None
        self._server = _OnSocket(self, listening)
        self._server.start()
        return _HERE, self._server.port

    def stop(self) -> None:
        """Stop listening; the messages stay. May be called twice."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def messages(self) -> tuple[InboxMessage, ...]:
        """Return what has arrived, oldest first.

        Raises:
            ConfigurationError: the folder cannot be read.
        """
        with self._lock:
            self._look_into_the_folder()
            return tuple(self._kept)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd calls it so
        """Keep one message, and only then accept it."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        return await asyncio.get_running_loop().run_in_executor(None, self._keep, content, envelope.rcpt_tos)

    def _keep(self, content: bytes, recipients: list[str]) -> str:
        with self._lock:
            if len(self._kept) >= self._most:
                return "452 4.3.1 The inbox is full: start the demonstration again, in another folder"
            kept = _read(len(self._kept) + 1, self._clock(), ", ".join(recipients), content)
            if self._folder is not None:
                try:
                    self._folder.send(content, "", "", lambda: True)
                except TransientFailure:
                    return "451 4.3.0 The folder of the inbox cannot be written"
                if file_name(content) in self._names:
                    return "250 2.0.0 Kept before"
                self._names.add(file_name(content))
            self._kept.append(kept)
        return "250 2.0.0 Kept"

    def _look_into_the_folder(self) -> None:
        if self._folder is None:
            return
        for name, at, content in self._folder.letters(but_not=self._names):
            if len(self._kept) >= self._most:
                return
            self._names.add(name)
            self._kept.append(_read(len(self._kept) + 1, at, "", content))


class _OnSocket(Controller):
    """aiosmtpd on a socket that is bound already: only so can the system choose the port."""

    def __init__(self, inbox: Inbox, listening: socket.socket) -> None:
        self._listening = listening
        self._conversations: WeakSet[SMTP] = WeakSet()
        super().__init__(
            inbox,
            hostname=_HERE,
            port=listening.getsockname()[1],
            data_size_limit=_LARGEST,
            ident="travelrisk inbox",
            server_hostname="localhost",
        )

    def factory(self) -> SMTP:
        """Make the conversation with one client, and remember it."""
        conversation = SMTP(self.handler, **self.SMTP_kwargs)
        self._conversations.add(conversation)
        return conversation

    def stop(self, no_assert: bool = False) -> None:  # noqa: FBT001, FBT002 - as aiosmtpd has it
        """Hang up on clients that linger, for newer Pythons would wait for them, and stop."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(_PATIENCE)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        for conversation in tuple(self._conversations):
            if conversation.transport is not None:
                conversation.transport.close()
        await asyncio.sleep(0)  # what close() has put off happens in the next round

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


def _read(number: int, at: datetime, to: str, content: bytes) -> InboxMessage:
    mail = message_from_bytes(content, policy=SMTP_POLICY)
    return InboxMessage(
        id=number,
        at=at,
        to=to or _header(mail, "To"),
        subject=_header(mail, "Subject"),
        letter=_header(mail, "X-Travelrisk-Letter"),
        language=_header(mail, "Content-Language"),
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
    )


def _header(mail: EmailMessage, name: str) -> str:
    return str(mail.get(name, ""))


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        return ""
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(raw, bytes) else ""
