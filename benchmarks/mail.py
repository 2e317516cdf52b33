"""Letters a second over SMTP on the loopback: one connection kept, against a connection for each letter.

Both send the same letters through the same client to the same server (aiosmtpd, which takes what it is given
and keeps nothing), in turn, the order changing each round. What TLS and a distance would add to each
connection is not in these figures: with them a kept connection gains more.
"""

import socket
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from travelrisk.mail.smtp import Smtp
from travelrisk.mail.transport import Sent

LETTERS, ROUNDS = 40, 41
SENDER, RECIPIENT = "travelrisk@example.org", "alice@example.org"
LETTER = b"Subject: [Cleared] ET 707 FRA-ADD\r\n\r\n" + (b"x" * 74 + b"\r\n") * 200  # as ours are: 15 KB

Figures = dict[str, float | int | str]


class _Sink:
    """Takes every letter and counts."""

    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        del server, session, envelope
        self.taken += 1
        return "250 2.0.0 taken"


def measure() -> Figures:
    """Send the same letters both ways, in turn."""
    sink = _Sink()
    port = _free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port, server_hostname="localhost")
    controller.start()
    try:
        ways: dict[str, Callable[[], None]] = {"kept": partial(_kept, port), "each": partial(_each, port)}
        for send in ways.values():
            send()  # not measured: whatever is loaded at first
        rounds: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(ROUNDS):
            for name in sorted(ways, reverse=bool(number % 2)):
                rounds[name].append(_timed(ways[name]))
    finally:
        controller.stop()
    if sink.taken != 2 * LETTERS * (ROUNDS + 1):
        raise ValueError(f"{sink.taken} letters arrived: the figures mean nothing")
    ratios = [each / kept for kept, each in zip(rounds["kept"], rounds["each"], strict=True)]
    return {
        "kept connection, times as fast (median)": round(median(ratios), 2),
        "the same, lowest and highest round": f"{min(ratios):.2f}, {max(ratios):.2f}",
        "kept connection, letters/s (median)": round(LETTERS / median(rounds["kept"])),
        "a connection each, letters/s (median)": round(LETTERS / median(rounds["each"])),
        "letters a round, KB each": f"{LETTERS}, {len(LETTER) // 1000}",
    }


def _kept(port: int) -> None:
    smtp = Smtp("127.0.0.1", port, tls="none")
    for _ in range(LETTERS):
        _send(smtp)
    smtp.close()


def _each(port: int) -> None:
    for _ in range(LETTERS):
        smtp = Smtp("127.0.0.1", port, tls="none")
        _send(smtp)
        smtp.close()


def _send(smtp: Smtp) -> None:
    if not isinstance(smtp.send(LETTER, SENDER, RECIPIENT, lambda: True), Sent):
        raise TypeError("a letter was not sent")


def _timed(work: Callable[[], None]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
