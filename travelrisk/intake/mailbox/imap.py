"""A mailbox on an IMAP server: everything in its folder waits; what is settled is moved to another one.

Flags are left to people: whoever looks into the mailbox and so marks a message as read hides nothing from us.
The server is trusted with little: every wait has an end, and so has the whole visit, a literal may not be
larger than what was asked for, and none of its words reach a log.
"""

import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

from imap_tools import BaseMailBox, ImapToolsError

from travelrisk.domain.errors import ConfigurationError
from travelrisk.intake.mailbox.waiting import HEAD, MailboxError, Message, too_large

_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d{1,12})")
_DATE: Final = re.compile(rb'INTERNALDATE "([^"]{1,40})"')
_SLACK: Final = 65_536  # bytes by which a literal may be larger than the server announced


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: for each answer, and for a whole visit."""

    answer: float = 30.0
    visit: float = 300.0


@dataclass(frozen=True, slots=True)
class Account:
    """Whose mailbox it is.

    Attributes:
        secret: gives the password, or the access token of OAuth 2; asked at each visit, for tokens end.
        is_token: whether it is a token.
    """

    username: str
    secret: Callable[[], str]
    is_token: bool = False


@dataclass(frozen=True, slots=True)
class Folders:
    """The folder that is read, and those for settled messages, which are made where they are missing."""

    inbox: str = "INBOX"
    done: str = "Done"
    failed: str = "Failed"


class Imap:
    """Visits a mailbox; the connection is opened when it is needed, always over TLS.

    Args:
        host: of the server.
        port: of IMAP over TLS.
        account: whose mailbox it is.
        folders: where messages wait, and where they go.
        most_bytes: largest message that is fetched.
        ca_file: certificates to trust besides the system's own.
        patience: how long to wait.
    """

    def __init__(  # noqa: PLR0913 - what a server needs, by name where it could be mixed up
        self,
        host: str,
        port: int,
        account: Account,
        *,
        most_bytes: int,
        folders: Folders = Folders(),
        ca_file: Path | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self._where = (host, port)
        self._account = account
        self._folders = folders
        self._most_bytes = most_bytes
        self._patience = patience
        self._context = _tls_context(ca_file)
        self._box: _Box | None = None

    def waiting(self, most: int) -> Iterator[Message]:
        """Yield the oldest messages of the folder, by UID."""
        with self._failing("listing the folder"):
            uids = sorted(self._open().uids("ALL", charset=None), key=int)[:most]
        for uid in uids:
            with self._failing("fetching a message"):
                message = self._message(uid)
            if message is not None:
                yield message

    def done(self, message: Message) -> None:
        """Move a message to the folder of what is done."""
        self._move(message.key, self._folders.done)

    def failed(self, message: Message, why: str) -> None:  # noqa: ARG002 - why it failed stands in our own list
        """Move a message to the folder of what failed."""
        self._move(message.key, self._folders.failed)

    def close(self) -> None:
        """Say goodbye, if anybody is still there."""
        box, self._box = self._box, None
        if box is not None:
            with suppress(*_BROKEN):
                box.logout()
            box.hang_up()

    def look(self) -> int:
        """Return how many messages wait, and make sure that the other folders are there.

        Raises:
            MailboxError: the mailbox cannot be used.
        """
        with self._failing("listing the folder"):
            return len(self._open().uids("ALL", charset=None))

    def _open(self) -> "_Box":
        if self._box is None:
            box = _Box(self._where, self._context, self._patience, self._most_bytes)
            self._box = box
            with self._failing("signing in"):
                self._sign_in(box)
            with self._failing("opening its folders"):
                for name in (self._folders.done, self._folders.failed):
                    if not box.folder.exists(name):
                        box.folder.create(name)
                box.folder.set(self._folders.inbox)
        return self._box

    def _sign_in(self, box: "_Box") -> None:
        username, secret = self._account.username, self._account.secret()
        if self._account.is_token:
            box.xoauth2(username, secret, initial_folder=None)
        elif (username + secret).isascii():
            box.login(username, secret, initial_folder=None)
        else:
            box.login_utf8(username, secret, initial_folder=None)

    def _message(self, uid: str) -> Message | None:
        client = self._open().client
        about = _joined(_fetched(client, uid, "(RFC822.SIZE INTERNALDATE)"))
        size, date = _SIZE.search(about), _DATE.search(about)
        if size is None or date is None:
            return None  # it was moved meanwhile
        is_whole = int(size[1]) <= self._most_bytes
        what = "(BODY.PEEK[])" if is_whole else f"(BODY.PEEK[HEADER]<0.{HEAD}>)"
        content = _literal(_fetched(client, uid, what))
        if content is None:
            return None
        problem = "" if is_whole else too_large(int(size[1]), self._most_bytes)
        return Message(uid, content, _moment(date[1]), problem=problem)

    def _move(self, uid: str, where: str) -> None:
        with self._failing("moving a message"):
            self._open().move(uid, where)

    @contextmanager
    def _failing(self, phase: str) -> Iterator[None]:
        try:
            yield
        except MailboxError:
            raise
        except _BROKEN as error:
            self._drop()
            raise MailboxError(
                f"the mailbox on {self._where[0]} does not work ({type(error).__name__} while {phase})"
            ) from None

    def _drop(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            box.hang_up()


# What imaplib raises on an answer that it does not understand; the words of a server stay out of messages.
_BROKEN: Final = (
    OSError,
    imaplib.IMAP4.error,
    ImapToolsError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    KeyError,
)


class _Client(imaplib.IMAP4_SSL):
    """A client that reads no literal larger than it may, and whose connection ends with the visit."""

    def __init__(
        self, where: tuple[str, int], context: ssl.SSLContext, patience: Patience, most_bytes: int
    ) -> None:
        self._most_bytes = most_bytes
        self._connection: ssl.SSLSocket | None = None
        self._alarm = threading.Timer(patience.visit, self._break_off)
        self._alarm.daemon = True
        self._alarm.start()
        try:
            super().__init__(*where, ssl_context=context, timeout=patience.answer)
        except BaseException:
            self.hang_up()
            raise

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        # The handshake may drip as well, so the connection is known before it.
        plain = socket.create_connection((self.host, self.port), timeout)
        self._connection = self.ssl_context.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self._connection.do_handshake()
        return self._connection

    def read(self, size: int) -> bytes:
        """Read a literal."""
        if size > self._most_bytes + _SLACK:
            raise self.abort("a literal larger than what was asked for")
        return super().read(size)

    def hang_up(self) -> None:
        """End the connection; may be called twice."""
        self._alarm.cancel()
        self._break_off()
        with suppress(OSError, AttributeError):  # there is no file to close before the greeting
            self.shutdown()
        if self._connection is not None:
            self._connection.close()

    def _break_off(self) -> None:
        """Wake whoever waits for the server, from another thread; closing is left to that one."""
        if self._connection is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)


class _Box(BaseMailBox):
    """imap-tools on our own client."""

    client: _Client

    def __init__(
        self, where: tuple[str, int], context: ssl.SSLContext, patience: Patience, most_bytes: int
    ) -> None:
        self._how = (where, context, patience, most_bytes)
        try:
            super().__init__()
        except _BROKEN as error:
            raise MailboxError(
                f"the mailbox on {where[0]}, port {where[1]} cannot be reached ({type(error).__name__}):"
                " check the settings mailbox_*, and the server"
            ) from None

    def _get_mailbox_client(self) -> _Client:
        return _Client(*self._how)

    def hang_up(self) -> None:
        """End the connection."""
        self.client.hang_up()


def _fetched(client: _Client, uid: str, what: str) -> list[Any]:
    status, answer = client.uid("FETCH", uid, what)
    if status != "OK":
        raise ValueError("a fetch was refused")
    return answer or []


def _joined(answer: list[Any]) -> bytes:
    return b" ".join(
        part for each in answer for part in (each if isinstance(each, tuple) else (each,)) if part
    )


def _literal(answer: list[Any]) -> bytes | None:
    return next((bytes(each[1]) for each in answer if isinstance(each, tuple)), None)


def _moment(written: bytes) -> datetime:
    """Read ``23-Nov-2026 17:58:00 +0000``, whatever the language of this machine."""
    moment = parsedate_to_datetime(written.decode("ascii").replace("-", " ", 2).strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is None:
        return context
    try:
        context.load_verify_locations(ca_file)
    except OSError as error:  # an SSLError, where the file is no certificate, is one too
        raise ConfigurationError(f"mailbox_ca_file: {ca_file} cannot be used ({error.strerror})") from None
    return context
