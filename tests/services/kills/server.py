"""A mail server that misbehaves by lot, and writes down what it has accepted before it says so."""

import asyncio
import hashlib
import json
import logging
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

IDLE_S = 1.0
"""How long it waits in DATA; shorter than the lease, or a paused worker could finish what was outdated."""
_HANG_S = 3.0
_GREY_S = 0.3

GONE = "gone-"
"""Begins the addresses of those who do not exist: 550, each time."""

FAULTS = (
    *("421", "450", "451", "452", "greylist", "drop at RCPT", "drop in DATA", "drop before storing"),
    *("store, then drop", "store, then drop", "store, then hang", "451 after DATA", "451 after DATA"),
    "554 after DATA",
)
"""What may go wrong with a letter; those that leave the client in doubt come up more often."""


class Post:
    """What the server does with one letter after another.

    Attributes:
        rate: the share of letters that something goes wrong with.
        drawn: how often each fault came up.
    """

    def __init__(self, path: Path, seed: int, rate: float, offset_s: float) -> None:
        self.rate = rate
        self.drawn: Counter[str] = Counter()
        self._dice = random.Random(seed)  # noqa: S311 - faults, no secrets
        self._offset_s = offset_s
        self._met: dict[str, float] = {}
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._fault = ""

    def close(self) -> None:
        """Close the book."""
        os.close(self._file)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, server: "_Server", _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Draw what happens to this letter."""
        server.fault = self._dice.choice(FAULTS) if self._dice.random() < self.rate else ""
        self.drawn.update([server.fault] if server.fault else [])
        if server.fault == "421":
            server.hang_up_after_reply()
            return "421 4.3.2 closing"
        if server.fault == "451":
            return "451 4.3.0 try again"
        envelope.mail_from = address
        return "250 2.1.0 fine"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: "_Server", _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Know the recipient, or not yet, or never."""
        if address.startswith(GONE):
            return "550 5.1.1 nobody of this name"
        if server.fault in {"450", "452"}:
            return f"{server.fault} 4.2.0 not now"
        if server.fault == "greylist":
            first = self._met.setdefault(address, time.monotonic())
            if time.monotonic() - first < _GREY_S:
                return "451 4.7.1 come again"
        if server.fault == "drop at RCPT":
            server.abort()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: "_Server", _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take the letter, or do not, and say so, or do not."""
        if server.fault == "drop before storing":
            server.abort()
            return ""
        if server.fault in {"451 after DATA", "554 after DATA"}:
            return f"{server.fault[:3]} 4.3.0 no"
        assert isinstance(envelope.content, bytes)
        self._store(envelope.content, envelope.rcpt_tos[0])
        if server.fault == "store, then drop":
            server.abort()
        if server.fault == "store, then hang":
            await asyncio.sleep(_HANG_S)
        return "250 2.0.0 kept"

    def _store(self, content: bytes, recipient: str) -> None:
        row = {
            "message_id": BytesHeaderParser().parsebytes(content)["Message-ID"],
            "recipient": recipient,
            "sha256": hashlib.sha256(content).hexdigest(),
            "at": time.time() + self._offset_s,
        }
        os.write(self._file, json.dumps(row).encode() + b"\n")
        os.fsync(self._file)


class _Server(SMTP):
    """aiosmtpd with the faults that its hooks do not reach; one for each connection."""

    fault = ""
    _closing = False

    def abort(self) -> None:
        """Break the connection."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def hang_up_after_reply(self) -> None:
        """Say one thing more, and close."""
        self._closing = True

    async def push(self, status: Any) -> None:  # noqa: ANN401 - text or bytes, as aiosmtpd has it
        if self.transport is None or self.transport.is_closing():
            return  # the client is gone, or was let go
        await super().push(status)
        if self._closing and self.transport is not None:
            self.transport.close()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd calls it so
        if self.fault == "drop in DATA":
            await super().push("354 go on")
            await self._reader.readline()
            self.abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, timeout=IDLE_S, hostname="localhost")

    def _trigger_server(self) -> None:
        """Learn the port that the system chose; the usual trial connection would count as a client's."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # it is a base_events.Server
        self.smtpd = self.factory()
        self._factory_invoked.set()


@contextmanager
def receiving(post: Post) -> Iterator[int]:
    """Run the server and give its port."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # broken conversations are what we want
    controller = _Controller(post, hostname="127.0.0.1", port=0)
    controller.start()
    controller.loop.call_soon_threadsafe(controller.loop.set_exception_handler, lambda *_: None)
    try:
        yield controller.port
    finally:
        controller.stop()
        post.close()
