"""Which addresses may be reached when a source is fetched: public ones, of the hosts that its card names.

Judged when a connection is made, and the connection goes to the very address that was judged.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_Address = IPv4Address | IPv6Address
# Not global by their purpose, and taken for global by some versions of Python.
_INSIDE: Final = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",
            "192.88.99.0/24",
            "fec0::/10",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2001::/32",
            "2002::/16",
        ),
    )
)


class ForbiddenAddressError(ValueError):
    """A host that the card does not name, or an address that is not public."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Which hosts may be asked.

    Attributes:
        allows: whether the card of the source names a host.
        excepted: ``host:port`` that may be reached although its address is not public, by the setting.
    """

    allows: Callable[[str], bool]
    excepted: frozenset[str] = frozenset()

    def address(self, host: str, port: int) -> tuple[str, int]:
        """Look a host up and return the address to connect to.

        Raises:
            ForbiddenAddressError: the host is none of the card's, or has an address that is not public.
        """
        name = host.strip("[]").rstrip(".").lower()
        if not self.allows(name):
            raise ForbiddenAddressError(name)
        found = [str(each[4][0]) for each in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
        if f"{name}:{port}" not in self.excepted and not all(map(is_public, found)):
            raise ForbiddenAddressError(name)
        return found[0], port


def is_public(text: str) -> bool:
    """Say whether an address belongs to the internet, and to nobody's own network."""
    try:
        address: _Address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    judged: _Address = mapped or address
    if not judged.is_global or judged.is_multicast or judged.is_reserved or judged.is_unspecified:
        return False
    return not any(judged in network for network in _INSIDE if network.version == judged.version)


class Line:
    """The connection in use, which a clock may end; afterwards none is made until it is opened again."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._is_over = False

    def open(self) -> None:
        """Let connections be made."""
        self._socket, self._is_over = None, False

    def check(self) -> None:
        """Refuse a connection when the time is over.

        Raises:
            TimeoutError: it is.
        """
        if self._is_over:
            raise TimeoutError

    def hold(self, connected: socket.socket | None) -> None:
        """Note the connection in use."""
        self._socket = connected

    def shut(self) -> None:
        """End it; whoever reads from it is woken."""
        self._is_over = True
        try:
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


def pools(gate: Gate, line: Line) -> dict[str, Any]:
    """Return pools for urllib3 that connect through the gate, and note each connection on the *line*."""

    def reached(connection: HTTPConnection) -> socket.socket:
        line.check()
        address = gate.address(connection.host, connection.port or 0)
        return socket.create_connection(address, timeout=_seconds(connection.timeout))

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return reached(self)

        def connect(self) -> None:
            super().connect()
            line.hold(self.sock)

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return reached(self)

        def connect(self) -> None:
            super().connect()
            line.hold(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def _seconds(timeout: object) -> float | None:
    return float(timeout) if isinstance(timeout, int | float) else None
