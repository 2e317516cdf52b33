"""SMTP: a relay, reached with or without TLS and login, one letter to one recipient at a time.

``smtplib`` knows one timeout and sends DATA and the body in one call. Here the phases are taken one by
one, so that each has its own patience, and the caller can be asked just before the body whether the
letter is still the newest.

Whatever is the fault of our own configuration (greeting, TLS, login) is transient, even at 5xx: the
letters wait until it is mended. One wrong password may not turn a night's warnings into dead letters.
"""

import errno
import re
import smtplib
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.mail.addresses import address
from travelrisk.mail.hosts import is_here
from travelrisk.mail.transport import PermanentFailure, Sent, TransientFailure, Withheld

if TYPE_CHECKING:
    from travelrisk.mail.tokens import Tokens

Tls = Literal["none", "starttls", "tls"]
Reply = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait in each phase (RFC 5321, 4.5.3.2, shortened where a relay of ours stands close by).

    Attributes:
        body: for all of it, however slowly the server reads: a letter is leased for no longer.
    """

    connect: float = 30
    command: float = 60
    body: float = 180
    final_dot: float = 600


_BLOCK = 64 * 1024
_SHORTEST = 0.001  # second; 0 would mean not to wait at all, which is no timeout
_LINGER = "hh" if sys.platform == "win32" else "ii"
_RESET, _USUAL = struct.pack(_LINGER, 1, 0), struct.pack(_LINGER, 0, 0)
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_STATUS = re.compile(rb"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?=\s|$)")
_OURS_TO_MEND = frozenset({530, 534, 535, 538})  # a login or TLS is missing: RFC 4954, RFC 3207


class Smtp:
    """A relay, reached with or without TLS and login; the connection is kept over a batch of letters.

    STARTTLS, once configured, is required: a relay that does not offer it gets no letter in clear.
    """

    def __init__(  # noqa: PLR0913 - the settings of one relay, all but two by name
        self,
        host: str,
        port: int,
        *,
        tls: Tls = "starttls",
        username: str = "",
        password: str = "",
        tokens: "Tokens | None" = None,
        ca_file: Path | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self._host = host
        self._port = port
        self._tls = tls
        self._login = (username, password)
        self._tokens = tokens
        self._patience = patience
        self._context = _tls_context(ca_file) if tls != "none" else None
        self._server: smtplib.SMTP | None = None
        if username and tls == "none" and not is_here(host):
            raise ConfigurationError("smtp: a password may not travel in clear; set tls to starttls or tls")
        if not (username + password).isascii():
            raise ConfigurationError("smtp: user name and password must be plain ASCII")

    def send(
        self, message: bytes, sender: str, recipient: str, before_body: Callable[[], bool]
    ) -> Sent | Withheld:
        """Take the letter through MAIL, RCPT, the caller's last word, DATA and the final dot."""
        envelope_sender, envelope_recipient = _envelope(sender, recipient)
        server = self._ready()
        self._command("MAIL", lambda: server.mail(envelope_sender))
        self._command("RCPT", lambda: server.rcpt(envelope_recipient))
        if not before_body():
            self._reset()
            return Withheld()
        self._command("DATA", lambda: server.docmd("DATA"), wanted=354)
        try:
            return self._body(server, message)
        except PermanentFailure:
            raise
        except BaseException:
            self._drop()  # in the middle of a body every further command would become a part of it
            raise

    def close(self) -> None:
        """Say goodbye, if anybody is still there."""
        if self._server is not None:
            with suppress(OSError):
                self._server.quit()
        self._drop()

    def _body(self, server: smtplib.SMTP, message: bytes) -> Sent:
        """Send the body and wait for the answer; whoever hangs up in between takes back what is on its way.

        Closed as usual, and even after a kill, the system would go on delivering what nobody has received
        yet, for many minutes: a clearance could then arrive after the warning that has replaced it.
        """
        body = _lines(message)
        with self._failing("the body"):
            self._hang_up_by(_RESET)
            until = time.monotonic() + self._patience.body
            for start in range(0, len(body), _BLOCK):
                self._wait(max(until - time.monotonic(), _SHORTEST))
                server.send(body[start : start + _BLOCK])
        with self._failing("the final dot", ambiguous=True):
            server.send(b".\r\n")
            self._wait(self._patience.final_dot)
            code, text = server.getreply()
            self._hang_up_by(_USUAL)
        return Sent(self._judged("the final dot", (code, text), 250))

    def _command(self, phase: str, call: Callable[[], Reply], wanted: int = 250) -> None:
        with self._failing(phase):
            self._wait(self._patience.command)
            reply = call()
        self._judged(phase, reply, wanted)

    def _judged(self, phase: str, reply: Reply, wanted: int) -> str:
        code, text = reply
        status = _STATUS.match(text)
        said = f"{code} {status[0].decode()}" if status else f"{code}"
        if code == wanted or (wanted == 250 and code in {251, 252}):  # noqa: PLR2004 - RFC 5321, 4.2.3
            return said
        if 500 <= code <= 599 and code not in _OURS_TO_MEND:  # noqa: PLR2004 - RFC 5321, 4.2.1
            raise PermanentFailure(f"{said} at {phase}")
        understood = 400 <= code <= 599  # noqa: PLR2004 - as above
        if code == 421 or not understood:  # noqa: PLR2004 - the server is closing
            self._drop()
        raise TransientFailure(
            f"{said if understood else 'no SMTP reply'} at {phase}",
            ambiguous=not understood and phase == "the final dot",
        )

    @contextmanager
    def _failing(self, phase: str, *, ambiguous: bool = False) -> Iterator[None]:
        """Turn whatever breaks off inside into a TransientFailure, and let go of the connection."""
        try:
            yield
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            # "from None": a server's words, which a traceback would show, may hold an address
            raise TransientFailure(f"{_told(error)} at {phase}", ambiguous=ambiguous) from None

    def _ready(self) -> smtplib.SMTP:
        if self._server is None or not self._reset():
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        with self._failing("connecting"):
            name, patience = _own_name(), self._patience.connect
            server = (
                smtplib.SMTP_SSL(self._host, self._port, name, timeout=patience, context=self._context)
                if self._tls == "tls"
                else smtplib.SMTP(self._host, self._port, name, timeout=patience)
            )
            if server.sock is not None:
                # the final dot is a packet of its own: without this it waits 40 ms for the body's receipt
                server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._server = server
        try:
            with self._failing("signing in"):
                self._wait(self._patience.command)
                self._sign_in(server)
        except TransientFailure:
            self._drop()  # whoever is not signed in is not connected
            raise
        return server

    def _sign_in(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._tls == "starttls":
            if not server.has_extn("starttls"):
                raise TransientFailure("the server offers no STARTTLS, and nothing is sent in clear")
            server.starttls(context=self._context)
            server.ehlo_or_helo_if_needed()
        if self._tokens is not None:
            self._tokens.sign_in(server, self._login[0])
        elif self._login[0]:
            server.login(*self._login)

    def _reset(self) -> bool:
        """Begin a new letter on the kept connection; False = it is gone."""
        if self._server is not None:
            with suppress(OSError):
                self._wait(self._patience.command)
                if self._server.rset()[0] == 250:  # noqa: PLR2004 - RFC 5321
                    return True
        self._drop()
        return False

    def _drop(self) -> None:
        if self._server is not None:
            with suppress(OSError):
                self._server.close()
        self._server = None

    def _hang_up_by(self, linger: bytes) -> None:
        if self._server is not None and self._server.sock is not None:
            with suppress(OSError):  # of a connection that is gone already nothing is on its way
                self._server.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def _wait(self, seconds: float) -> None:
        if self._server is not None and self._server.sock is not None:
            self._server.sock.settimeout(seconds)


def _lines(message: bytes) -> bytes:
    """Return a message as it travels: lines end with CRLF, and a dot at the beginning of one is doubled."""
    pairs = message.count(b"\r\n")
    if not pairs == message.count(b"\n") == message.count(b"\r"):  # ours all are as they should be
        message = _NEWLINE.sub(b"\r\n", message)
    doubled = message.rstrip(b"\r\n").replace(b"\r\n.", b"\r\n..")
    return (b"." if doubled.startswith(b".") else b"") + doubled + b"\r\n"


def _envelope(sender: str, recipient: str) -> tuple[str, str]:
    try:
        envelope_sender = address(sender).addr_spec
    except BadInputError:
        raise TransientFailure("the sender's address cannot be used: mend the setting mail_from") from None
    try:
        return envelope_sender, address(recipient).addr_spec
    except BadInputError:
        raise PermanentFailure("the recipient's address cannot be used") from None


# In order: the first kind that fits names the failure. Never a server's words.
_BREAKS: tuple[tuple[type[OSError], str], ...] = (
    (smtplib.SMTPNotSupportedError, "login not offered"),
    (smtplib.SMTPServerDisconnected, "connection lost"),
    (smtplib.SMTPException, "conversation broke off"),
    (ssl.SSLError, "TLS failed"),
    (socket.gaierror, "host not found"),
    (ConnectionRefusedError, "connection refused"),
)


def _told(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not accepted ({error.verify_message})"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "timeout"
    names = (name for kind, name in _BREAKS if isinstance(error, kind))
    return next(names, errno.errorcode.get(error.errno or 0, "connection failed"))


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise ConfigurationError(
            "smtp: the CA file cannot be read; it must hold certificates in PEM form"
        ) from None


def _own_name() -> str:
    """The name said in EHLO; the machine's own, and no look-up, which can hang for long."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
