"""SMTP against real servers that misbehave: what is tried again, what is not, and what may have arrived."""

import logging
import smtplib
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from tests.mail.servers import PATIENT, Certificate, Server, certificate, only_alice, patience_with, serving
from travelrisk.domain.errors import ConfigurationError
from travelrisk.mail.smtp import Smtp
from travelrisk.mail.transport import PermanentFailure, Sent, TransientFailure, Withheld

__all__ = ["certificate"]  # a fixture, found by its name

SENDER, RECIPIENT = "Air safety advice <travelrisk@example.org>", "alice@example.org"
LETTER = b"Subject: x\r\n\r\nline\r\n.hidden\n..twice\r\nlast"
ARRIVED = b"Subject: x\r\n\r\nline\r\n.hidden\r\n..twice\r\nlast\r\n"


IN_CLEAR = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep still what aiosmtpd logs of every fault we ask of it."""
    caplog.set_level(logging.CRITICAL, logger="mail.log")


def client(port: int, **changes: Any) -> Smtp:  # noqa: ANN401 - any option of the client
    return Smtp("127.0.0.1", port, **{"tls": "none", "patience": PATIENT, **changes})


def send(smtp: Smtp, recipient: str = RECIPIENT, message: bytes = LETTER) -> Sent | Withheld:
    return smtp.send(message, SENDER, recipient, lambda: True)


def failing(server: Server, kind: type[Exception] = TransientFailure, **changes: Any) -> Any:  # noqa: ANN401 - either failure
    with serving(server) as port:
        smtp = client(port, **changes)
        try:
            with pytest.raises(kind) as caught:
                send(smtp)
        finally:
            smtp.close()
    assert "example.org" not in str(caught.value)
    return caught.value


def test_a_letter_arrives_as_it_was_written() -> None:
    server = Server()
    with serving(server) as port:
        smtp = client(port)
        assert send(smtp) == Sent("250 2.0.0")
        smtp.close()
        smtp.close()
    assert server.accepted == [ARRIVED]
    assert server.recipients == [[RECIPIENT]]


def test_a_large_letter_arrives_whole() -> None:
    server = Server()
    letter = b"Subject: x\r\n\r\n" + b".dot at the start of a line\r\n" * 20_000
    with serving(server) as port:
        smtp = client(port)
        send(smtp, message=letter)
        smtp.close()
    assert server.accepted == [letter]


def test_the_connection_is_kept_over_a_batch() -> None:
    server = Server()
    with serving(server) as port:
        smtp = client(port)
        for _ in range(3):
            send(smtp)
        smtp.close()
    assert server.connections == 1
    assert len(server.accepted) == 3
    assert server.commands.count("RSET") == 2


def test_a_connection_that_went_away_between_two_letters_is_made_again() -> None:
    server = Server("drop-after-reply")
    with serving(server) as port:
        smtp = client(port)
        send(smtp)
        send(smtp)
        smtp.close()
    assert (server.connections, len(server.accepted)) == (2, 2)


def test_a_refused_letter_does_not_harm_the_next() -> None:
    server = Server("rcpt", "550 5.1.1 alice@example.org unknown")
    with serving(server) as port:
        smtp = client(port)
        with pytest.raises(PermanentFailure):
            send(smtp)
        server.fault = server.answer = ""
        send(smtp)
        smtp.close()
    assert server.connections == 1
    assert server.accepted == [ARRIVED]
    assert server.recipients == [[RECIPIENT]]


# --- the last word before the body ---


def test_the_caller_is_asked_after_the_recipient_and_before_the_body() -> None:
    server, seen = Server(), []

    def ask() -> bool:
        seen.append(list(server.commands))
        return False

    with serving(server) as port:
        smtp = client(port)
        assert smtp.send(LETTER, SENDER, RECIPIENT, ask) == Withheld()
        assert seen == [["EHLO", "MAIL", "RCPT"]]
        assert server.commands == ["EHLO", "MAIL", "RCPT", "RSET"]
        assert send(smtp) == Sent("250 2.0.0"), "the connection goes on"
        smtp.close()
    assert len(server.accepted) == 1


def test_an_error_of_the_caller_passes_through_and_nothing_is_sent() -> None:
    server = Server()

    def broken() -> bool:
        raise LookupError

    with serving(server) as port:
        smtp = client(port)
        with pytest.raises(LookupError):
            smtp.send(LETTER, SENDER, RECIPIENT, broken)
        send(smtp)
        smtp.close()
    assert server.accepted == [ARRIVED]


def test_nobody_is_asked_where_the_recipient_is_refused() -> None:
    with serving(Server("rcpt", "450 later")) as port:
        smtp = client(port)
        with pytest.raises(TransientFailure):
            smtp.send(LETTER, SENDER, RECIPIENT, lambda: pytest.fail("asked too early"))
        smtp.close()


# --- answers ---


@pytest.mark.parametrize(
    ("fault", "answer", "kind", "reply"),
    [
        ("greeting", "421 4.3.2 closing", TransientFailure, "421 at connecting"),
        ("greeting", "554 5.7.1 go away alice@example.org", TransientFailure, "554 at connecting"),
        ("mail", "451 4.3.0 later", TransientFailure, "451 4.3.0 at MAIL"),
        ("mail", "530 5.7.0 log in first", TransientFailure, "530 5.7.0 at MAIL"),
        ("mail", "550 5.7.1 not you", PermanentFailure, "550 5.7.1 at MAIL"),
        ("rcpt", "450 4.2.0 greylisted", TransientFailure, "450 4.2.0 at RCPT"),
        ("rcpt", "421 4.3.2 alice@example.org", TransientFailure, "421 4.3.2 at RCPT"),
        ("rcpt", "550 5.1.1 alice@example.org unknown", PermanentFailure, "550 5.1.1 at RCPT"),
        ("rcpt", "553 no enhanced code", PermanentFailure, "553 at RCPT"),
        ("no-354", "452 4.3.1 full", TransientFailure, "452 4.3.1 at DATA"),
        ("no-354", "554 5.5.1 no", PermanentFailure, "554 5.5.1 at DATA"),
        ("no-354", "250 what", TransientFailure, "no SMTP reply at DATA"),
        ("data", "451 4.3.0 try again", TransientFailure, "451 4.3.0 at the final dot"),
        ("data", "421 4.3.0 closing", TransientFailure, "421 4.3.0 at the final dot"),
        ("data", "554 5.6.0 no alice@example.org", PermanentFailure, "554 5.6.0 at the final dot"),
        ("data", "552 5.3.4 too big", PermanentFailure, "552 5.3.4 at the final dot"),
    ],
)
def test_an_answer_decides_whether_to_try_again(
    fault: str, answer: str, kind: type[Exception], reply: str
) -> None:
    server = Server(fault, answer)
    failure = failing(server, kind)
    assert failure.reply == reply
    assert getattr(failure, "ambiguous", False) is False, "a server that answered has not taken it"
    assert server.accepted == []


@pytest.mark.parametrize(
    ("fault", "reply", "ambiguous"),
    [
        ("hang-greeting", "timeout at connecting", False),
        ("hang-ehlo", "timeout at signing in", False),
        ("hang-mail", "timeout at MAIL", False),
        ("hang-rcpt", "timeout at RCPT", False),
        ("hang-data", "timeout at DATA", False),
        ("hang-body", "timeout at the body", False),
        ("drop-rcpt", "connection lost at RCPT", False),
        ("drop-before-dot", "connection lost at the body", False),
        ("hang-dot", "timeout at the final dot", True),
        ("drop-after-dot", "connection lost at the final dot", True),
    ],
)
def test_silence_after_the_dot_is_ambiguous_and_before_it_is_not(
    fault: str, reply: str, *, ambiguous: bool
) -> None:
    # more than a system keeps under way, so that the break is met before the dot is sent
    long = b"Subject: x\r\n\r\n" + (b"x" * 990 + b"\r\n") * 24_000
    letter = long if fault in {"drop-before-dot", "hang-body"} else LETTER
    server = Server(fault)
    with serving(server) as port:
        smtp = client(port, patience=patience_with(fault))
        with pytest.raises(TransientFailure) as caught:
            send(smtp, message=letter)
        smtp.close()
    assert caught.value.reply.startswith(reply)
    assert caught.value.ambiguous is ambiguous
    assert len(server.accepted) == (1 if ambiguous else 0)


def test_an_answer_that_is_none_after_the_dot_is_ambiguous() -> None:
    failure = failing(Server(answer="hello there"))
    assert failure.reply == "no SMTP reply at the final dot"
    assert failure.ambiguous


def test_nobody_listening_is_transient() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(TransientFailure, match=r"^connection refused at connecting$"):
            send(client(port))


def test_a_body_broken_off_by_an_interrupt_is_never_taken_up_by_the_next_letter() -> None:
    server = Server()
    sending = smtplib.SMTP.send

    def interrupted(self: smtplib.SMTP, content: bytes | str) -> None:
        if content == b".\r\n":
            raise KeyboardInterrupt
        sending(self, content)

    with serving(server) as port:
        smtp = client(port)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(smtplib.SMTP, "send", interrupted)
            with pytest.raises(KeyboardInterrupt):
                send(smtp)
        send(smtp)
        smtp.close()
    assert server.connections == 2
    assert server.accepted == [ARRIVED]


def test_the_final_dot_is_not_kept_back_until_the_body_is_acknowledged() -> None:
    with serving(Server()) as port:
        smtp = client(port)
        send(smtp)
        assert smtp._server is not None  # noqa: SLF001 - an option of its socket is all that shows
        assert smtp._server.sock is not None  # noqa: SLF001 - as above
        assert smtp._server.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)  # noqa: SLF001 - as above
        smtp.close()


# --- addresses ---


def test_an_address_that_smtp_cannot_carry_is_nobodys_address() -> None:
    server = Server()
    with serving(server) as port:
        smtp = client(port)
        for bad in ("alice", "alice@example.org>\r\nRCPT TO:<charlie@example.org", "alicé@example.org", ""):
            with pytest.raises(PermanentFailure, match=r"^the recipient's address cannot be used$"):
                send(smtp, bad)
        with pytest.raises(TransientFailure, match="mail_from"):
            smtp.send(LETTER, "nobody", RECIPIENT, lambda: True)
        smtp.close()
    assert server.commands == []


# --- TLS and login ---


def test_a_relay_without_starttls_gets_no_letter_in_clear() -> None:
    server = Server()
    failure = failing(server, tls="starttls", username="alice", password="right")  # noqa: S106 - of a test
    assert failure.reply == "the server offers no STARTTLS, and nothing is sent in clear"
    assert server.commands == ["EHLO"]


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_tls_that_fails_lets_the_letter_wait(tls: str, certificate: Certificate) -> None:
    """STARTTLS: no version of TLS that both know; at once: a server that speaks no TLS there."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    old.load_cert_chain(certificate.file, certificate.file.with_name("key.pem"))
    old.set_ciphers("aNULL:!kRSA")
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    server = Server()
    options: dict[str, Any] = {"tls_context": old} if tls == "starttls" else {}
    with serving(server, **options) as port:
        smtp = client(port, tls=tls, ca_file=certificate.file)
        with pytest.raises(TransientFailure, match=r"^(TLS failed|connection lost|timeout) at ") as caught:
            send(smtp)
        smtp.close()
    assert not caught.value.ambiguous
    assert server.accepted == []
    assert "MAIL" not in server.commands


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_not_accepted(
    tls: str,
    certificate: Certificate,
) -> None:
    server = Server()
    option = (
        {"tls_context": certificate.context} if tls == "starttls" else {"ssl_context": certificate.context}
    )
    with serving(server, **option) as port:
        smtp = client(port, tls=tls)
        with pytest.raises(TransientFailure, match=r"certificate not accepted \(self-signed certificate\)"):
            send(smtp)
        smtp.close()
    assert server.accepted == []
    assert "MAIL" not in server.commands


@IN_CLEAR
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_given_as_a_file_is_trusted(
    tls: str,
    certificate: Certificate,
) -> None:
    server = Server()
    options: dict[str, Any] = (
        {"tls_context": certificate.context, "require_starttls": True}
        if tls == "starttls"
        else {"ssl_context": certificate.context, "auth_require_tls": False}
    )
    with serving(server, authenticator=only_alice, auth_required=True, **options) as port:
        smtp = client(port, tls=tls, ca_file=certificate.file, username="alice", password="right")  # noqa: S106 - of a test
        assert send(smtp) == Sent("250 2.0.0")
        smtp.close()
    assert server.accepted == [ARRIVED]


@IN_CLEAR
@pytest.mark.parametrize(
    ("login", "reply"),
    [
        ({}, "530 5.7.0 at MAIL"),
        ({"username": "alice", "password": "wrong"}, "535 at signing in"),
    ],
)
def test_a_missing_or_wrong_login_lets_the_letter_wait(login: dict[str, str], reply: str) -> None:
    server = Server()
    with serving(server, authenticator=only_alice, auth_required=True, auth_require_tls=False) as port:
        smtp = client(port, **login)
        with pytest.raises(TransientFailure) as caught:
            send(smtp)
        smtp.close()
    assert caught.value.reply == reply
    assert server.accepted == []


def test_a_relay_that_offers_no_login_is_said_to() -> None:
    failure = failing(Server(), username="alice", password="right")  # noqa: S106 - of a test
    assert failure.reply == "login not offered at signing in"


def test_a_password_never_travels_in_clear_to_another_machine() -> None:
    with pytest.raises(ConfigurationError, match="may not travel in clear"):
        Smtp("mail.example.org", 25, tls="none", username="alice", password="right")  # noqa: S106 - of a test


def test_bad_settings_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ASCII"):
        Smtp("127.0.0.1", 25, tls="none", username="alicé")
    for content in (None, "no certificate"):
        file = tmp_path / "ca.pem"
        if content is not None:
            file.write_text(content)
        with pytest.raises(ConfigurationError, match="CA file"):
            Smtp("127.0.0.1", 25, ca_file=file)
