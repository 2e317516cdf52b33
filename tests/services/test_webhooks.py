"""Programs are told of new answers: signed, thin, at least once, and never inside our own network."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook as Receiver
from standardwebhooks.webhooks import WebhookVerificationError

from tests.services.conftest import Clock, publish
from tests.services.test_trip_acts import ALICE, LINE
from travelrisk.domain.errors import BadInputError, ConfigurationError, NotFoundError
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips.receiving import receive
from travelrisk.services.webhooks import managing, signing
from travelrisk.services.webhooks.sending import PAUSES, Sent, send_due

OFFICE = "UNIT-X"


@dataclass
class Program:
    """A program on this machine that notes what it is told, and answers what a test wants."""

    server: ThreadingHTTPServer
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server.server_address[1]}"

    @property
    def url(self) -> str:
        """What is given to the service."""
        return f"http://{self.place}/hook"


@pytest.fixture
def program() -> Iterator[Program]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            held.told.append((self.path, dict(self.headers), self.rfile.read(length)))
            self.send_response(held.status)
            for name, value in {**held.headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    held = Program(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    thread = threading.Thread(target=held.server.serve_forever, daemon=True)
    thread.start()
    yield held
    held.server.shutdown()
    held.server.server_close()


@pytest.fixture
def telling(app: Application, program: Program, tmp_path: Path) -> Application:
    """Give a service with ratings that may reach the program."""
    publish(app, tmp_path)
    private = frozenset({program.place})
    return replace(app, facts=replace(app.facts, secret="a secret of this test", webhooks_private=private))  # noqa: S106


def answered(app: Application, office: str = OFFICE, name: str = "trip.txt") -> str:
    (received,) = receive(app, Document(LINE, name), recipient=ALICE, office=office)
    assert received.trip is not None
    return received.trip.reference


@pytest.mark.threat(19)
def test_a_new_answer_is_told_and_names_nobody(telling: Application, program: Program) -> None:
    shown = managing.add(telling, OFFICE, program.url, "p-admin")
    reference = answered(telling)
    assert send_due(telling) == Sent(done=1)
    ((path, headers, body),) = program.told
    assert path == "/hook"
    assert json.loads(body) == {
        "type": "screening.completed",
        "timestamp": "2026-11-23T17:58:00Z",
        "data": {
            "trip_id": reference,
            "verdict": "cleared",
            "url": f"https://travelrisk.example.org/api/v1/trips/{reference}",
        },
    }
    known = Receiver(shown.secret)
    stamp = telling.clock()
    signed = known.sign(headers["webhook-id"], stamp, body.decode())
    assert (headers["webhook-timestamp"], headers["webhook-signature"]) == (
        str(int(stamp.timestamp())),
        signed,
    )
    with pytest.raises(WebhookVerificationError):  # an old message, by a program's own clock
        known.verify(body, headers)
    assert send_due(telling) == Sent()


def test_only_the_office_of_the_trip_is_told(telling: Application, program: Program) -> None:
    managing.add(telling, "UNIT-Y", program.url, "p-admin")
    answered(telling)
    answered(telling, "", "nobody-s.txt")
    assert send_due(telling) == Sent()


def test_it_is_tried_again_under_the_same_id_and_given_up_after_days(
    telling: Application, program: Program, clock: Clock
) -> None:
    hook = managing.add(telling, OFFICE, program.url, "p-admin").webhook
    answered(telling)
    program.status = 503
    for _ in PAUSES:
        assert send_due(telling) == Sent(put_off=1)
        assert send_due(telling) == Sent(), "not before its time"
        clock.pass_by(days=2)
    assert send_due(telling) == Sent(dead=1)
    assert len({headers["webhook-id"] for _, headers, _ in program.told}) == 1
    assert len(program.told) == len(PAUSES) + 1
    (message,) = managing.messages(telling, hook.id)
    assert (message.state, message.reply) == ("dead", "answers 503")
    program.status = 204
    managing.replay(telling, hook.id, message.id, OFFICE)
    assert send_due(telling) == Sent(done=1)


def test_a_program_that_asks_us_to_wait_is_left_alone(
    telling: Application, program: Program, clock: Clock
) -> None:
    managing.add(telling, OFFICE, program.url, "p-admin")
    answered(telling)
    program.status, program.headers = 429, {"Retry-After": "3600"}
    send_due(telling)
    clock.pass_by(minutes=59)
    assert send_due(telling) == Sent()
    clock.pass_by(minutes=2)
    program.status, program.headers = 200, {}
    assert send_due(telling) == Sent(done=1)


def test_one_that_is_gone_is_told_nothing_more(telling: Application, program: Program) -> None:
    hook = managing.add(telling, OFFICE, program.url, "p-admin").webhook
    answered(telling)
    managing.try_out(telling, hook.id)
    program.status = 410
    assert send_due(telling, 1) == Sent(dead=1)
    assert send_due(telling) == Sent()
    assert len(program.told) == 1
    assert managing.everything(telling)[0].ended_why == "gone"
    with pytest.raises(NotFoundError, match="add its address anew"):
        managing.rotate(telling, hook.id, "p-admin")


@pytest.mark.threat(16)
def test_a_redirect_is_not_followed(telling: Application, program: Program) -> None:
    managing.add(telling, OFFICE, program.url, "p-admin")
    answered(telling)
    program.status, program.headers = 302, {"Location": f"http://{program.place}/elsewhere"}
    assert send_due(telling) == Sent(put_off=1)
    assert [path for path, _, _ in program.told] == ["/hook"]


@pytest.mark.threat(19)
def test_both_secrets_sign_for_a_day_after_a_rotation(
    telling: Application, program: Program, clock: Clock
) -> None:
    first = managing.add(telling, OFFICE, program.url, "p-admin")
    second = managing.rotate(telling, first.webhook.id, "p-admin")
    assert first.secret != second.secret
    for secrets in ([second.secret, first.secret], [second.secret]):
        managing.try_out(telling, first.webhook.id)
        send_due(telling)
        _, headers, body = program.told[-1]
        said = headers["webhook-signature"].split(" ")
        signed = [
            Receiver(each).sign(headers["webhook-id"], telling.clock(), body.decode()) for each in secrets
        ]
        assert said == signed
        clock.pass_by(hours=25)


@pytest.mark.threat(16)
@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1:{port}/hook",
        "https://localhost:{port}/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://[64:ff9b::a9fe:a9fe]/hook",
        "https://10.0.0.8/hook",
    ],
)
def test_no_address_of_our_own_network_is_reached(url: str, telling: Application, program: Program) -> None:
    elsewhere = replace(telling, facts=replace(telling.facts, webhooks_private=frozenset()))
    port = program.server.server_address[1]
    hook = managing.add(elsewhere, OFFICE, url.format(port=port), "p-admin").webhook
    managing.try_out(elsewhere, hook.id)
    assert send_due(elsewhere) == Sent(put_off=1)
    assert managing.messages(elsewhere, hook.id)[0].reply == "address"
    assert program.told == []


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://example.org/hook", "ftp://example.org", "https://", "https://user@example.org/",
     "https://example.org/" + "x" * 500, "https://example.org:99999/"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_before_it_is_kept(url: str, telling: Application) -> None:
    with pytest.raises(BadInputError, match="url:"):
        managing.add(telling, OFFICE, url, "p-admin")
    assert managing.everything(telling) == ()


def test_what_belongs_to_another_office_is_not_there(telling: Application, program: Program) -> None:
    hook = managing.add(telling, OFFICE, program.url, "p-admin").webhook
    assert managing.everything(telling, "UNIT-Y") == ()
    for act in (managing.try_out, managing.messages):
        with pytest.raises(NotFoundError):
            act(telling, hook.id, "UNIT-Y")
    with pytest.raises(NotFoundError):
        managing.remove(telling, hook.id, "key:9", "UNIT-Y")
    managing.remove(telling, hook.id, "key:7", OFFICE)
    assert managing.everything(telling, OFFICE)[0].ended_why == "removed"


def test_without_a_secret_of_the_service_there_are_none(app: Application) -> None:
    with pytest.raises(ConfigurationError, match="TRAVELRISK_SECRET_KEY"):
        managing.add(app, OFFICE, "https://example.org/hook", "p-admin")
    assert managing.everything(app) == ()


def test_secrets_of_two_addresses_differ_and_none_is_stored(telling: Application) -> None:
    made = [managing.add(telling, OFFICE, f"https://example.org/{n}", "p-admin") for n in range(2)]
    assert made[0].secret != made[1].secret
    assert made[0].secret == signing.secret(telling, made[0].webhook)
    assert made[0].secret not in str(managing.everything(telling))
