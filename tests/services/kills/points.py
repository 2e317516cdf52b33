"""The moments at which a process may die, or freeze: functions of the package, wrapped in the child alone."""

import os
import signal
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

from travelrisk.mail.smtp import Smtp
from travelrisk.mail.transport import Sent
from travelrisk.services.letters import dispatch
from travelrisk.services.trips import judging
from travelrisk.store import advisories, leases, outbox, slots
from travelrisk.store.leasing import Box

JUDGING = ("verdict recorded", "letter queued", "before a commit", "judged")
SENDING = (
    *("letter selected", "letter leased", "before a commit", "letter claimed", "connected", "MAIL", "RCPT"),
    *("before DATA", "before the body", "in the body", "after the dot", "accepted", "noted as sent"),
)
TAKING_TURNS = ("job taken", "job done", "slot marked")
POINTS = tuple(dict.fromkeys((*JUDGING, *SENDING, *TAKING_TURNS)))
"""Every moment, by name."""


@dataclass
class Fate:
    """What becomes of a process: at the *passes*-th time that it comes by *point*, *number* is sent to it."""

    point: str = ""
    passes: int = 1
    number: int = signal.SIGKILL

    def passing(self, point: str, log: int) -> None:
        """Come by a point."""
        if point != self.point:
            return
        self.passes -= 1
        if self.passes == 0:
            name = signal.Signals(self.number).name
            os.write(log, f"{os.getpid()} {name} {point}\n".encode())
            os.kill(os.getpid(), self.number)


def expose(engine: Engine, fate: Fate, log: int) -> None:
    """Let this process meet its fate."""

    def passing(point: str) -> None:
        fate.passing(point, log)

    after(advisories, "record", "verdict recorded", passing)
    after(outbox, "queue", "letter queued", passing)
    after(judging, "transact", "judged", passing)
    after(Box, "_due", "letter selected", passing, lambda row: row is not None)
    after(Box, "_take", "letter leased", passing, lambda letter: letter is not None)
    after(Smtp, "_connect", "connected", passing)
    after(Smtp, "send", "accepted", passing, lambda result: isinstance(result, Sent))
    after(dispatch, "_sent", "noted as sent", passing)
    after(leases, "take", "job taken", passing, lambda lease: lease is not None)
    after(slots, "mark", "slot marked", passing)
    before(dispatch, "_send", lambda *_: passing("letter claimed"))
    before(slots, "mark", lambda *_: passing("job done"))
    _commands(passing)
    _bytes(passing)
    event.listen(engine, "commit", lambda c: passing("before a commit") if _writes(c) else None)


def after(
    where: Any,  # noqa: ANN401 - a module or a class
    name: str,
    point: str,
    passing: Callable[[str], None],
    counts: Callable[[Any], bool] = lambda _: True,
) -> None:
    """Come by a point whenever a function has returned."""
    original = getattr(where, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function it stands for
        answer = original(*arguments, **named)
        if counts(answer):
            passing(point)
        return answer

    setattr(where, name, wrapped)


def before(where: Any, name: str, first: Callable[..., None]) -> None:  # noqa: ANN401 - a module or a class
    """Do something whenever a function is called."""
    original = getattr(where, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function it stands for
        first(*arguments)
        return original(*arguments, **named)

    setattr(where, name, wrapped)


def _commands(passing: Callable[[str], None]) -> None:
    original = Smtp._command  # noqa: SLF001 - the moments lie between its commands
    points = {"MAIL": "MAIL", "RCPT": "RCPT", "DATA": "before the body"}

    def command(self: Smtp, phase: str, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - as the method
        if phase == "DATA":
            passing("before DATA")
        original(self, phase, *arguments, **named)
        if phase in points:
            passing(points[phase])

    setattr(Smtp, "_command", command)  # noqa: B010 - mypy forbids the assignment, with good reason


def _bytes(passing: Callable[[str], None]) -> None:
    original = smtplib.SMTP.send

    def send(self: smtplib.SMTP, content: Any) -> None:  # noqa: ANN401 - text or bytes, as smtplib has it
        if content == b".\r\n":
            original(self, content)
            passing("after the dot")
        elif isinstance(content, bytes) and content.endswith(b"\r\n"):
            half = len(content) // 2
            original(self, content[:half])
            passing("in the body")
            original(self, content[half:])
        else:
            original(self, content)

    setattr(smtplib.SMTP, "send", send)  # noqa: B010 - as above


def _writes(c: Any) -> bool:  # noqa: ANN401 - a connection
    options = c.get_execution_options()
    return options.get("begin") != "DEFERRED" and not options.get("postgresql_readonly", False)
