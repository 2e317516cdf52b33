"""A real conversation over TLS with an IMAP server, also with one that drops, lies, hangs or babbles."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mail.servers import Certificate, certificate
from tests.services.conftest import publish
from tests.services.imap_server import Server, serving
from tests.services.mailboxes import answering, sent
from tests.unit.intake.mails import NOON, mail
from travelrisk.domain.errors import ConfigurationError
from travelrisk.intake.mailbox.imap import Account, Folders, Imap, Patience
from travelrisk.intake.mailbox.waiting import MailboxError
from travelrisk.services.application import Application
from travelrisk.services.mailbox import polling

__all__ = ["certificate"]

PATIENT = Patience(answer=30, visit=60)  # for a busy machine answers late
IMPATIENT = Patience(answer=0.5, visit=5)
ALICE = Account("alice@un.example", lambda: "right")


@contextmanager
def visiting(
    server: Server,
    certificate: Certificate,
    account: Account = ALICE,
    patience: Patience = PATIENT,
    most_bytes: int = 1_000_000,
) -> Iterator[Imap]:
    gc.freeze()  # below, only what comes from here on is looked through for a connection left open
    with serving(server, certificate.context) as port:
        imap = Imap(
            "127.0.0.1",
            port,
            account,
            most_bytes=most_bytes,
            ca_file=certificate.file,
            patience=patience,
            folders=Folders(done="Read", failed="Aside"),
        )
        try:
            yield imap
        finally:
            imap.close()
            gc.collect()
            gc.unfreeze()


@pytest.mark.parametrize("moves", [True, False])
def test_messages_are_fetched_by_uid_and_moved(certificate: Certificate, *, moves: bool) -> None:
    server = Server(moves=moves)
    server.keep(mail(), mail("second"), mail("third"))
    with visiting(server, certificate) as imap:
        assert imap.look() == 3
        first, second = imap.waiting(2)
        assert (first.key, first.content, first.arrived_at) == ("7", mail(), NOON)
        imap.done(first)
        imap.failed(second, "why")
    assert {name: list(folder) for name, folder in server.folders.items()} == {
        "INBOX": [9],
        "Read": [7],
        "Aside": [8],
    }
    assert "LOGOUT" in server.commands


def test_a_token_is_asked_for_at_each_visit(certificate: Certificate) -> None:
    server = Server()
    tokens = iter(["token-1", "token-2", "token-2"])
    account = Account("alice@un.example", lambda: next(tokens), is_token=True)
    with visiting(server, certificate, account) as imap:
        assert imap.look() == 0
        imap.close()
        with pytest.raises(MailboxError, match="signing in"):  # it has ended
            imap.look()
        server.token = "token-2"  # noqa: S105 - of a server in this file
        assert imap.look() == 0
    assert "LOGIN" not in server.commands


def test_a_message_that_is_too_large_is_only_begun(certificate: Certificate) -> None:
    server = Server()
    server.keep(mail("x" * 5_000))
    with visiting(server, certificate, most_bytes=1_000) as imap:
        (message,) = imap.waiting(5)
    assert message.problem.startswith("The document has 0.0 MB")
    assert message.content == mail("x").partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def test_a_message_that_another_worker_moved_is_passed_over(certificate: Certificate) -> None:
    server = Server()
    server.keep(mail(), mail("second"))
    with visiting(server, certificate) as imap:
        messages = imap.waiting(5)
        first = next(messages)
        del server.folders["INBOX"][8]
        assert list(messages) == []
        imap.done(first)
        imap.done(first)


VERBS = ("CAPABILITY", "LOGIN", "LIST", "CREATE", "SELECT", "SEARCH", "FETCH")


# A server that refuses to list is taken to have no such folder; it is made, or that fails.
FAULTY = [(verb, fault) for verb in VERBS for fault in ("drop", "hang", "bad", "no", "nonsense")]
FAULTY.remove(("LIST", "no"))


@pytest.mark.parametrize(("verb", "fault"), FAULTY)
def test_a_server_that_fails_is_told_in_plain_words(certificate: Certificate, verb: str, fault: str) -> None:
    server = Server(fault=f"{verb}:{fault}")
    server.keep(mail())
    begun = time.monotonic()
    patience = PATIENT if fault in {"drop", "bad", "no"} else IMPATIENT
    with visiting(server, certificate, patience=patience) as imap, pytest.raises(MailboxError) as told:
        list(imap.waiting(5))
    assert "alice" not in str(told.value)
    assert "127.0.0.1" in str(told.value)
    assert time.monotonic() - begun < 30
    assert list(server.folders["INBOX"]) == [7]


def test_a_server_that_drips_is_left_at_the_end_of_the_visit(certificate: Certificate) -> None:
    server = Server(fault="drip")
    begun = time.monotonic()
    patience = Patience(answer=0.5, visit=1)
    with visiting(server, certificate, patience=patience) as imap, pytest.raises(MailboxError):
        imap.look()
    assert time.monotonic() - begun < 30  # it would drip for ever; a busy machine takes its time


@pytest.mark.parametrize("fault", ["huge", "lies"])
def test_a_literal_larger_than_allowed_is_not_read(certificate: Certificate, fault: str) -> None:
    server = Server(fault=fault)
    server.keep(mail("x" * 200_000))
    with (
        visiting(server, certificate, most_bytes=1_000) as imap,
        pytest.raises(MailboxError, match="fetching"),
    ):
        list(imap.waiting(5))


def test_a_server_without_our_trust_is_not_spoken_to(certificate: Certificate) -> None:
    server = Server()
    with serving(server, certificate.context) as port:
        imap = Imap("127.0.0.1", port, ALICE, most_bytes=1_000, patience=PATIENT)
        with pytest.raises(MailboxError, match="SSLCertVerificationError"):
            imap.look()
    assert server.commands == []


def test_a_server_that_is_not_there_is_told(certificate: Certificate) -> None:
    with serving(Server(), certificate.context) as port:
        pass
    imap = Imap("127.0.0.1", port, ALICE, most_bytes=1_000, ca_file=certificate.file, patience=PATIENT)
    with pytest.raises(MailboxError, match="cannot be reached"):
        imap.look()


def test_certificates_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"mailbox_ca_file: .*none\.pem"):
        Imap("127.0.0.1", 993, ALICE, most_bytes=1_000, ca_file=tmp_path / "none.pem")


FAULTS: dict[str, Callable[[Server], None]] = {
    "the connection drops when a mail is to be moved": lambda server: setattr(server, "fault", "MOVE:drop"),
    "the move is refused": lambda server: setattr(server, "fault", "MOVE:no"),
    "nothing": lambda _: None,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_mail_is_answered_once_whatever_the_server_does(
    app: Application, tmp_path: Path, certificate: Certificate, name: str
) -> None:
    publish(app, tmp_path)
    service, server = answering(app), Server()
    server.keep(mail(), mail(top="", message_id="<m2@un.example>"))
    FAULTS[name](server)
    with visiting(server, certificate) as imap:
        if server.fault:
            with pytest.raises(MailboxError, match="moving"):
                polling.poll(service, imap, "w1")
            assert set(server.folders["INBOX"]) == {7, 8}
            server.fault = ""
        polling.poll(service, imap, "w1")
    assert {name: list(folder) for name, folder in server.folders.items()} == {
        "INBOX": [],
        "Read": [7],
        "Aside": [8],
    }
    assert [letter["X-To"] for letter in sent(service)] == ["alice@un.example"]
