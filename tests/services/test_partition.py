"""Connections that hang, and servers that read slowly: no letter is lost, and any doubt is noted."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.mail.partition import Network, between
from tests.mail.servers import Server, serving
from tests.services.conftest import Clock, publish
from tests.services.test_dispatch import LINE
from tests.services.test_dispatch_faults import app, letter
from travelrisk.intake.document import Document
from travelrisk.mail.smtp import Patience, Smtp
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import Dispatched, dispatch
from travelrisk.services.trips.receiving import receive
from travelrisk.services.watch.rescreening import rescreen

__all__ = ["app"]

PATIENCE = Patience(connect=1, command=1, body=1, final_dot=1)
WAIT_S = 30.0


def send(app: Application, port: int, owner: str = "one", patience: Patience = PATIENCE) -> Dispatched:
    return dispatch(app, Smtp("127.0.0.1", port, tls="none", patience=patience), owner)


def rescreened(app: Application) -> None:
    while rescreen(app, "one") is not None:
        pass


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while not is_so() and time.monotonic() < until:
        time.sleep(0.02)
    assert is_so()


@pytest.mark.parametrize(
    ("where", "is_late", "copies", "ambiguous"),
    [
        pytest.param("connect", False, 1, 0, id="on connect"),
        pytest.param("body", False, 1, 1, id="in the body"),
        pytest.param("body", True, 2, 1, id="in the body, which arrives later"),
        pytest.param("reply", False, 2, 1, id="before the final reply"),
    ],
)
def test_a_letter_outlasts_a_network_that_falls_apart(  # noqa: PLR0913 - a case, and the parts
    app: Application, clock: Clock, where: str, copies: int, ambiguous: int, *, is_late: bool
) -> None:
    """What may have arrived goes again as the same message, and is counted; nothing else is ever doubled."""
    server, network = Server(), Network(where, is_late=is_late)
    with serving(server) as port, between(network, port) as entrance:
        assert send(app, entrance) == Dispatched(retried=1)
        assert network.met == [where]
        wait_until(lambda: network.resets == int(where != "connect"))
        assert (letter(app).state, letter(app).ambiguous) == ("queued", ambiguous)
        network.cut = ""
        clock.pass_by(seconds=76)
        wait_until(lambda: len(server.accepted) == copies - 1)
        assert send(app, entrance) == Dispatched(sent=1)
        network.cut = where
    assert len(server.accepted) == copies
    assert len(set(server.accepted)) == 1
    assert (letter(app).state, letter(app).ambiguous) == ("sent", ambiguous)


@pytest.mark.parametrize("where", ["connect", "body", "reply"])
def test_a_network_that_stays_cut_loses_no_letter(app: Application, clock: Clock, where: str) -> None:
    server, network = Server(), Network(where)
    patience = Patience(connect=0.2, command=0.2, body=0.2, final_dot=0.2)
    with serving(server) as port, between(network, port) as entrance:
        for _ in range(3):
            assert send(app, entrance, patience=patience) == Dispatched(retried=1)
            clock.pass_by(minutes=20)
        network.cut = ""
        assert send(app, entrance).sent == 1
        network.cut = where
    found = letter(app)
    assert (found.state, found.attempts) == ("sent", 4)
    assert 1 <= len(server.accepted) <= found.ambiguous + 1


def test_a_clearance_that_hangs_is_replaced_by_the_warning_and_never_sent_again(
    app: Application, clock: Clock, tmp_path: Path
) -> None:
    """While the server has its bytes in its hands they may arrive; from our side it never goes again."""
    server, network = Server(), Network("body")
    publish(app, tmp_path, "recommended")
    rescreened(app)
    with serving(server) as port, between(network, port) as entrance:
        assert send(app, entrance) == Dispatched(retried=1)
        publish(app, tmp_path, "not_recommended")
        rescreened(app)
        network.cut = ""
        clock.pass_by(seconds=76)
        assert send(app, entrance) == Dispatched(sent=1)
        clock.pass_by(hours=1)
        assert send(app, entrance) == Dispatched()
        network.cut = "body"
    (only,) = server.accepted
    assert b"Subject: [Not cleared" in only


def test_a_server_that_reads_slowly_gets_each_letter_once_while_others_leave(
    app: Application,
) -> None:
    """The letter stays leased to whoever is at it; another worker sends what waits behind it."""
    server, network = Server(), Network(pace=40)
    with serving(server) as port, between(network, port) as entrance, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(send, app, entrance, "slow", Patience(final_dot=60))
        wait_until(lambda: letter(app).state == "leased")
        assert send(app, port, "other") == Dispatched(), "it is leased"
        list(receive(app, Document(LINE.replace(b"12 Dec", b"14 Dec")), recipient="charlie@example.org"))
        assert send(app, port, "other") == Dispatched(sent=1)
        assert not slow.done()
        network.pace = 0
        assert slow.result() == Dispatched(sent=1)
    assert sorted(server.recipients) == [["alice@example.org"], ["charlie@example.org"]]
    assert letter(app).ambiguous == 0


def test_a_server_slower_than_we_wait_for_may_double_a_letter_and_that_is_noted(
    app: Application, clock: Clock
) -> None:
    server, network = Server(), Network(pace=400, is_late=True)
    with serving(server) as port, between(network, port) as entrance:
        impatient = Patience(connect=5, command=5, body=5, final_dot=0.1)
        assert send(app, entrance, patience=impatient) == Dispatched(retried=1)
        wait_until(lambda: len(server.accepted) == 1)
        network.pace = 0
        clock.pass_by(seconds=76)
        assert send(app, entrance) == Dispatched(sent=1)
    first, second = server.accepted
    assert first == second
    assert (letter(app).state, letter(app).ambiguous) == ("sent", 1)
