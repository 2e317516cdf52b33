"""The surroundings of the tests are as foreign and as closed as they claim to be."""

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

FAR = "192.0.2.1"  # kept for documentation by RFC 5737: it would never answer


def _connect(near: socket.socket) -> None:
    near.connect((FAR, 80))


def _connect_ex(near: socket.socket) -> None:
    near.connect_ex((FAR, 80))


def _send(near: socket.socket) -> None:
    near.sendto(b"", (FAR, 53))


def _look_up(_near: socket.socket) -> None:
    socket.getaddrinfo("example.org", 80)


@pytest.mark.parametrize("reach", [_connect, _connect_ex, _send, _look_up])
def test_no_test_reaches_the_network(reach: Callable[[socket.socket], None]) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near,
        pytest.raises(pytest.fail.Exception, match="network"),
    ):
        reach(near)


def test_the_machine_itself_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as near,
    ):
        assert near.getpeername() == server.getsockname()


@pytest.mark.skipif(
    not hasattr(time, "tzset"), reason="this system has no tzset: the zone stays that of the machine"
)
def test_local_time_is_nobody_s() -> None:
    offset = datetime(2026, 7, 1, tzinfo=UTC).astimezone().utcoffset()
    assert offset == timedelta(hours=12, minutes=45)
