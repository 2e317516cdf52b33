"""The one session through which sources are fetched: whatever a source does wrong has a name."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import sources
from tests.mail.servers import Certificate, certificate
from tests.sources import Server
from travelrisk.feeds.addresses import Gate, is_public
from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer
from travelrisk.feeds.http import HttpSession, Limits

__all__ = ["certificate"]  # a fixture, found by its name

LIMITS = Limits(connect_s=1, read_s=0.4, total_s=1.5, retries=1, backoff_s=0.0, retry_after_s=1)
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture
def source() -> Iterator[Server]:
    with sources.serving() as server:
        yield server


def session(source: Server, *known: Answer, limits: Limits = LIMITS) -> HttpSession:
    gate = Gate(lambda host: host == "127.0.0.1", frozenset({source.place}))
    return HttpSession("ops@example.org", gate, lambda: NOW, {each.url: each for each in known}, limits)


def fault_of(source: Server, *, limits: Limits = LIMITS) -> FeedError:
    with session(source, limits=limits) as asking, pytest.raises(FeedError) as caught:
        asking.get(source.url("/list"))
    assert str(caught.value).startswith(source.url("/list"))
    return caught.value


def test_an_answer_comes_with_what_says_later_that_nothing_changed(source: Server) -> None:
    source.answers["/list"] = sources.content(
        "{}", ETag='"a"', Last_Modified="Mon", Content_Type="text/json; x"
    )
    with session(source) as asking:
        answer = asking.get(source.url("/list"))
    assert answer == Answer(source.url("/list"), b"{}", "text/json", '"a"', "Mon")
    said = source.asked[0][1]
    assert said["User-Agent"].startswith("travelrisk/")
    assert "ops@example.org" in said["User-Agent"]
    assert "Cookie" not in said
    assert "Authorization" not in said


def test_what_has_not_changed_is_not_sent_again(source: Server) -> None:
    source.answers["/list"] = sources.tagged(b"{}", '"a"')
    with session(source) as asking:
        first = asking.get(source.url("/list"))
    with session(source, first) as asking:
        assert asking.get(source.url("/list")) == first
        assert asking.known(source.url("/list")) == first
    assert source.asked[1][1]["If-None-Match"] == '"a"'


def test_nothing_changed_is_no_answer_to_whoever_knows_nothing(source: Server) -> None:
    source.answers["/list"] = sources.status(304, b"")
    assert fault_of(source).fault is Fault.STATUS


def test_what_passes_is_tried_again(source: Server) -> None:
    source.answers["/list"] = sources.in_turn(sources.status(503), sources.content("{}"))
    with session(source) as asking:
        assert asking.get(source.url("/list")).content == b"{}"
    assert len(source.asked) == 2


def test_a_source_may_ask_for_patience_and_not_for_hours(source: Server) -> None:
    source.answers["/list"] = sources.in_turn(sources.status(429, Retry_After="7200"), sources.content("{}"))
    began = time.monotonic()
    with session(source, limits=Limits(total_s=60, retry_after_s=1)) as asking:
        assert asking.get(source.url("/list")).content == b"{}"
    assert 0.9 < time.monotonic() - began < 30


@pytest.mark.threat(18)
@pytest.mark.parametrize(
    ("answering", "fault"),
    [
        (sources.status(500), Fault.STATUS),
        (sources.status(404), Fault.STATUS),
        (sources.silent(1.0), Fault.TIMEOUT),
        (sources.dripping(100, 0.05), Fault.TIMEOUT),
        (sources.reset, Fault.UNREACHABLE),
        (sources.cut(b"[" * 1000), Fault.INCOMPLETE),
        (sources.endless, Fault.TOO_LARGE),
        (sources.bomb, Fault.TOO_LARGE),
        (sources.garbage, Fault.DAMAGED),
        (sources.redirect("http://169.254.169.254/latest/meta-data/"), Fault.ADDRESS),
        (sources.redirect("http://127.0.0.1:9/"), Fault.ADDRESS),
        (sources.redirect("http://localhost/"), Fault.ADDRESS),
        (sources.redirect("http://[::1]/"), Fault.ADDRESS),
        (sources.redirect("http://0x7f000001/"), Fault.ADDRESS),
        (sources.redirect("file:///etc/passwd"), Fault.ADDRESS),
        (sources.redirect("/list"), Fault.ADDRESS),
    ],
    ids=[
        *("500", "404", "silent", "dripping", "reset", "cut", "endless", "bomb", "garbage", "metadata"),
        *("another port of ours", "localhost", "ipv6", "hexadecimal", "file", "in circles"),
    ],
)
def test_each_defect_has_a_name(source: Server, answering: sources.Answering, fault: Fault) -> None:
    source.answers["/list"] = answering
    limits = Limits(connect_s=5, read_s=8, total_s=60, retries=1, backoff_s=0.0)
    if fault is Fault.TIMEOUT:
        limits = LIMITS
    assert fault_of(source, limits=limits).fault is fault


@pytest.mark.threat(18)
def test_what_drips_ends_in_time(source: Server) -> None:
    source.answers["/list"] = sources.dripping(1000, 0.05)
    began = time.monotonic()
    assert fault_of(source).fault is Fault.TIMEOUT
    assert time.monotonic() - began < 20


def test_with_encryption_the_certificate_and_the_clock_count_too(certificate: Certificate) -> None:
    with sources.serving(certificate.context) as source:
        source.answers["/list"] = sources.content("{}")
        source.answers["/drips"] = sources.dripping(1000, 0.05)
        url = f"https://{source.place}"
        with session(source) as asking:
            with pytest.raises(FeedError) as unknown:
                asking.get(f"{url}/list")
            asking._requests.verify = str(certificate.file)  # noqa: SLF001 - nobody else trusts it
            assert asking.get(f"{url}/list").content == b"{}"
            with pytest.raises(FeedError) as late:
                asking.get(f"{url}/drips")
    assert (unknown.value.fault, late.value.fault) == (Fault.UNREACHABLE, Fault.TIMEOUT)


@pytest.mark.threat(16)
def test_a_host_that_turns_into_ours_is_not_reached(source: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is judged when it is connected to: public at the first look, and ours at the second."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", source.server_port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: found)
    gate = Gate(lambda host: host == "source.example")
    with (
        HttpSession("ops@example.org", gate, lambda: NOW, limits=LIMITS) as asking,
        pytest.raises(FeedError) as caught,
    ):
        asking.get(f"http://source.example:{source.server_port}/list")
    assert caught.value.fault is Fault.ADDRESS
    assert source.asked == []


def test_a_name_that_nobody_knows_is_unreachable(source: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: object, **_options: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert fault_of(source).fault is Fault.UNREACHABLE


@pytest.mark.threat(18)
def test_the_environment_names_no_proxy(source: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    source.answers["/list"] = sources.content("{}")
    with session(source) as asking:
        assert asking.get(source.url("/list")).content == b"{}"


@pytest.mark.threat(17)
@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),  # noqa: S104 - nothing is bound
        *("192.0.0.8", "192.88.99.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1"),
        *("100.127.255.254", "172.31.255.255", "127.255.255.254", "0.1.2.3", "192.0.2.1", "198.51.100.7"),
        *("203.0.113.9", "239.255.255.250", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"),
        *("fd12:3456::1", "ff0e::1", "2002:a9fe:a9fe::1", "100::1"),
        *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "2001:db8::1", "no address"),
    ],
)
def test_what_is_not_public_is_not_reached(address: str) -> None:
    assert not is_public(address)


@pytest.mark.threat(17)
@pytest.mark.parametrize("address", ["1.1.1.1", "193.0.6.139", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_what_is_public_is_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.threat(18)
def test_a_worse_way_is_refused() -> None:
    """An answer that came without encryption, from where one with it was asked, may be anybody's."""
    from travelrisk.feeds import http  # noqa: PLC0415 - a part of it that no plain server on this machine can show

    class Hop:
        def __init__(self, url: str, *history: "Hop") -> None:
            self.url, self.history = url, history

    check: Callable[[Any], None] = http._check_way  # noqa: SLF001 - as above
    check(Hop("https://b.example/", Hop("https://a.example/")))
    with pytest.raises(FeedError) as caught:
        check(Hop("http://a.example/", Hop("https://a.example/")))
    assert caught.value.fault is Fault.ADDRESS
