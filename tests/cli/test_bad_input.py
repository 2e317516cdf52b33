"""Bad input over HTTP, to a server in a process of its own: a plain refusal, nothing kept, nothing told."""

import base64
import http.client
import io
import json
import socket
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.conftest import AT
from tests.cli.programs import PATIENCE, running
from tests.cli.test_serving import said
from travelrisk.domain.programs import Kind
from travelrisk.services.programs import keys
from travelrisk.settings import load_settings
from travelrisk.wiring import build

SECRET = "a secret of this test, long enough for keys"  # noqa: S105 - of nobody
CANARY = "ZZCANARY"
MEGABYTE = b" " * 1_000_000
# What a refused call may leave: that it was counted, and that a worker or a program was there.
COUNTED = {"program_calls", "program_uses", "programs", "workers"}


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The problem that it tells of, in the one form of all of them."""
        assert self.headers["Content-Type"] == "application/problem+json"
        assert "no-store" in self.headers["Cache-Control"]
        told: dict[str, Any] = json.loads(self.body)
        assert told["status"] == self.status
        assert CANARY not in self.body.decode()
        assert b"cleared" not in self.body
        return told


@dataclass
class Service:
    """A server, its database and a key to it."""

    host: str
    port: int
    key: str
    database: Path

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send JSON with the right key, or with another one."""
        given = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.connected() as line:
            line.request(method, f"/api/v1{path}", json.dumps(body) if body else None, given | more)
            return answer_of(line)

    @contextmanager
    def connected(self) -> Iterator[http.client.HTTPConnection]:
        """Give a connection."""
        with closing(http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)) as line:
            yield line

    def rows(self) -> dict[str, int]:
        """Count the rows of every table, but of those that only count."""
        with closing(sqlite3.connect(self.database)) as c:
            names = [name for (name,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            kept = (name for name in names if name not in COUNTED)
            return {name: c.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in kept}  # noqa: S608 - as listed


def answer_of(line: http.client.HTTPConnection) -> Answer:
    """Read an answer to its end."""
    got = line.getresponse()
    return Answer(got.status, dict(got.getheaders()), got.read())


@pytest.fixture(scope="module")
def service(_rated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serve from a process of its own; what it writes to its log tells nothing either."""
    place = tmp_path_factory.mktemp("served")
    (place / "travelrisk.db").write_bytes(_rated_database.read_bytes())
    app = replace(build(load_settings(data_dir=place, secret_key=SECRET)), clock=lambda: AT)
    given = keys.create(app, name="program", office="Field office", kind=Kind.LIVE_WRITE)
    app.engine.dispose()
    with running(place, "serve", "--port", 0, secret_key=SECRET, log_level="info") as process:
        where = said(process, r"Listening on http://(127\.0\.0\.1):(\d+)/")
        assert process.stderr is not None
        with ThreadPoolExecutor(1) as beside:
            logged = beside.submit(process.stderr.read)  # all along: a pipe that nobody reads is full soon
            yield Service(where[1], int(where[2]), given.key, place / "travelrisk.db")
            process.terminate()
            assert '"event": "request"' in logged.result()
            assert CANARY not in logged.result()


@pytest.fixture
def kept(service: Service) -> Iterator[Service]:
    """Hold a test to leaving every table as it was."""
    before = service.rows()
    yield service
    assert service.rows() == before


def test_wrong_keys_by_the_hundred_wait_and_the_right_one_does_not(kept: Service) -> None:
    """Ten thousand of them stand in the tests of the doorkeeper, without a line between."""
    wrong = f"Bearer {kept.key[:-4]}{CANARY[-4:]}"
    statuses = []
    with kept.connected() as line:
        for _ in range(300):
            line.request("GET", "/api/v1/catalog", headers={"Authorization": wrong})
            answer = answer_of(line)
            statuses.append(answer.status)
            assert answer.problem["type"].rpartition("/")[2] in {"no_key", "wrong_keys"}
    assert statuses == [401] * 20 + [429] * 280
    assert int(answer.headers["Retry-After"]) <= 60
    assert kept.call("GET", "/catalog").status == 200


@pytest.mark.threat(48)
@pytest.mark.parametrize("is_announced", [True, False], ids=["announced", "in pieces"])
@pytest.mark.parametrize("has_key", [True, False], ids=["key", "no key"])
def test_a_body_of_a_hundred_megabytes_is_refused(
    kept: Service, *, is_announced: bool, has_key: bool
) -> None:
    with kept.connected() as line:
        line.putrequest("POST", "/api/v1/screen?store=true")
        line.putheader("Content-Type", "application/json")
        line.putheader("Idempotency-Key", "hundred")
        if has_key:
            line.putheader("Authorization", f"Bearer {kept.key}")
        line.putheader(
            *(("Content-Length", "100000000") if is_announced else ("Transfer-Encoding", "chunked"))
        )
        line.endheaders()
        sent = _poured(line, in_pieces=not is_announced)
        answer = answer_of(line)
    assert answer.status == 413
    assert "send it in parts" in answer.problem["detail"]
    assert sent < 100, "it was refused before its end"


def _poured(line: http.client.HTTPConnection, *, in_pieces: bool) -> int:
    """Send a hundred megabytes for as long as somebody takes them; return how many were sent."""
    for number in range(100):
        try:
            line.send(b"f4240\r\n%b\r\n" % MEGABYTE if in_pieces else MEGABYTE)
        except (BrokenPipeError, ConnectionResetError):
            return number
    return 100


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", f"<workbook>{CANARY}</workbook>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 100_000_000)
    return out.getvalue()


@pytest.mark.threat(29)
def test_a_spreadsheet_that_is_a_bomb_is_named_and_clears_nothing(kept: Service) -> None:
    document = {"name": "trips.xlsx", "content": base64.b64encode(_bomb()).decode()}
    answer = kept.call("POST", "/screen", {"queries": {"one": {"document": document}}})
    (told,) = json.loads(answer.body)["responses"].values()
    assert (answer.status, told["status"]) == (200, 422), "of many queries each has its own answer"
    assert "cleared" not in answer.body.decode().replace("not_cleared", "")
    assert CANARY not in answer.body.decode()


@pytest.mark.threat(16)
@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "2852039166", "0xa9fea9fe"])
def test_a_webhook_to_the_metadata_of_the_machine_is_refused(kept: Service, host: str) -> None:
    answer = kept.call("POST", "/webhooks", {"url": f"https://{host}/latest/meta-data/{CANARY}"})
    assert answer.status == 422
    assert answer.problem["errors"][0]["pointer"] == "/url"


@pytest.mark.threat(48)
@pytest.mark.parametrize(
    "asked", ["limit=-1", "limit=0", "limit=1e9", "limit=99999999999999999999", "page=-1"]
)
def test_a_page_that_cannot_be_is_refused_at_its_parameter(kept: Service, asked: str) -> None:
    answer = kept.call("GET", f"/changes?{asked}")
    assert answer.status == 422
    assert answer.problem["errors"][0]["pointer"] == f"/{asked.partition('=')[0]}"


def test_an_idempotency_key_that_comes_with_another_body_makes_nothing(service: Service) -> None:
    def sent(flight: str) -> Answer:
        query = {"text": f"LH {flight} FRA JFK 12 Dec operated by Lufthansa"}
        return service.call(
            "POST", "/screen?store=true", {"queries": {"one": query}}, Idempotency_Key=f"{CANARY}-1"
        )

    first, before = sent("400"), service.rows()
    assert first.status == 200
    other = sent("402")
    assert (other.status, other.problem["type"].rpartition("/")[2]) == (422, "idempotency_key_reused")
    assert sent("400").body == first.body, "the first answer is the one that stands"
    assert service.rows() == before


def test_half_a_request_holds_up_nobody(kept: Service) -> None:
    """Somebody says how much will come, and sends nothing of it; the others are answered meanwhile."""
    with socket.create_connection((kept.host, kept.port), timeout=PATIENCE) as silent:
        silent.sendall(b"POST /api/v1/screen HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{")
        assert kept.call("GET", "/catalog").status == 200
