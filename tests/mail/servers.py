"""SMTP servers on this machine that behave as badly as real ones, one fault at a time."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from travelrisk.mail.smtp import Patience

PATIENT = Patience(connect=30, command=30, body=30, final_dot=30)
_SHORT = 1.5  # seconds
_LONG = 30.0  # seconds; the client never waits for it


def patience_with(fault: str) -> Patience:
    """Return the patience of a client that soon gives up where a server hangs, and nowhere else.

    A busy machine answers late: a client in a hurry would give up with a server that has no fault at all.
    """
    command = fault in {"hang-ehlo", "hang-mail", "hang-rcpt", "hang-data"}
    return Patience(
        connect=_SHORT if fault == "hang-greeting" else PATIENT.connect,
        command=_SHORT if command else PATIENT.command,
        body=_SHORT if fault == "hang-body" else PATIENT.body,
        final_dot=_SHORT if fault == "hang-dot" else PATIENT.final_dot,
    )


@dataclass
class Server:
    """A server and its one fault.

    Attributes:
        fault: ``greeting``, ``rcpt``, ``mail``, ``data``: *answer* is given there; ``hang-...`` says nothing
            there, and ``hang-body`` reads nothing of the body; ``drop-rcpt``, ``drop-before-dot``,
            ``drop-after-dot``, ``drop-after-reply`` break the connection.
        accepted: contents of the messages that were taken, also where the client was not told.
        connections, commands: what happened, for the client's manners.
    """

    fault: str = ""
    answer: str = ""
    accepted: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Note the greeting of a client."""
        del server, envelope
        session.host_name = hostname
        self.commands.append("EHLO")
        await self._pause("ehlo")
        return responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL."""
        del server, session
        self.commands.append("MAIL")
        await self._pause("mail")
        if self.fault == "mail":
            return self.answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 fine"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer RCPT."""
        del session
        self.commands.append("RCPT")
        if self.fault == "drop-rcpt":
            _abort(server)
        await self._pause("rcpt")
        if self.fault == "rcpt":
            return self.answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 fine"

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Note that the client begins anew."""
        del server, session, envelope
        self.commands.append("RSET")
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take the message, or do not."""
        del session
        if self.fault == "data":
            return self.answer
        assert isinstance(envelope.content, bytes)
        self.accepted.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        if self.fault == "drop-after-dot":
            _abort(server)
        await self._pause("dot")
        return self.answer or "250 2.0.0 kept"

    async def _pause(self, where: str) -> None:
        if self.fault == f"hang-{where}":
            await asyncio.sleep(_LONG)


class _Faulty(SMTP):
    """aiosmtpd with the faults that its hooks do not reach."""

    def __init__(self, server: Server, **options: Any) -> None:  # noqa: ANN401 - options of aiosmtpd
        self._faulty = server
        super().__init__(server, **options)

    async def _handle_client(self) -> None:
        self._faulty.connections += 1
        if self._faulty.fault == "greeting":
            await self.push(self._faulty.answer)
            _close(self)
            return
        if self._faulty.fault == "hang-greeting":
            await asyncio.sleep(_LONG)
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd calls it so
        self._faulty.commands.append("DATA")
        if self._faulty.fault == "no-354":
            await self.push(self._faulty.answer)
        elif self._faulty.fault == "hang-data":
            await asyncio.sleep(_LONG)
        elif self._faulty.fault == "hang-body":
            await self.push("354 go on")
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.pause_reading()
            await asyncio.sleep(_LONG)
        elif self._faulty.fault == "drop-before-dot":
            await self.push("354 go on")
            await self._reader.readline()
            _abort(self)
        else:
            await super().smtp_DATA(arg)
        if self._faulty.fault == "drop-after-reply":
            _abort(self)


class _Controller(Controller):
    def __init__(self, server: Server, **options: Any) -> None:  # noqa: ANN401 - options of aiosmtpd
        self._faulty = server
        self._conversations: list[SMTP] = []
        super().__init__(server, hostname="127.0.0.1", port=0, server_hostname="localhost", **options)

    def factory(self) -> SMTP:
        conversation = _Faulty(self._faulty, **self.SMTP_kwargs)
        self._conversations.append(conversation)
        return conversation

    async def hang_up(self) -> None:
        """Let go of clients, and of the tasks that would hang for long."""
        for conversation in self._conversations:
            if conversation.transport is not None:
                _abort(conversation)
        await asyncio.sleep(0)

    def _trigger_server(self) -> None:
        """Learn the port that the system chose; the usual trial connection would count as a client's."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # it is a base_events.Server
        self.smtpd = self.factory()
        self._factory_invoked.set()


def _abort(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def _close(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.close()


@contextmanager
def serving(server: Server, **options: Any) -> Iterator[int]:  # noqa: ANN401 - options of aiosmtpd
    """Run *server* and yield its port."""
    controller = _Controller(server, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        asyncio.run_coroutine_threadsafe(controller.hang_up(), controller.loop).result(5)
        controller.stop()


def only_alice(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: object
) -> AuthResult:
    """Let alice in with her password, and nobody else."""
    fits = isinstance(login, LoginPassword) and login == LoginPassword(b"alice", b"right")
    return AuthResult(success=fits, handled=False)


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for 127.0.0.1."""

    file: Path
    context: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Make a certificate that nobody trusts but those who are given its file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("TLS tests need the program openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", "key.pem", "-out", "cert.pem"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return Certificate(folder / "cert.pem", context)
