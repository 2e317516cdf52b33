"""The service as it is run: processes that count together, bodies too large, secrets that are none."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.cli.conftest import Run
from tests.cli.programs import PATIENCE, running
from tests.cli.programs import surroundings as around
from tests.cli.test_serving import needs_signals, said
from travelrisk.cli import surroundings
from travelrisk.domain.errors import ConfigurationError
from travelrisk.settings import load_settings

TOKEN = "m" * 40
PUBLIC = "https://risk.example.org"


def ask(address: str, **headers: str) -> tuple[int, str]:
    """Return status and text of an answer of our own server."""
    try:
        with urlopen(Request(address, headers=headers), timeout=PATIENCE) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def counted(text: str) -> int:
    found = re.search(r'http_requests_total\{method="GET",route="/healthz",status="200"\} (\d+)', text)
    return int(found[1]) if found else 0


@needs_signals
def test_processes_add_their_requests_up(rated: Path) -> None:
    with running(rated, "serve", "--port", 0, "--workers", 2, metrics_token=TOKEN) as process:
        address = said(process, r"Listening on (http://127\.0\.0\.1:\d+/)")[1]
        for _ in range(30):
            assert ask(f"{address}healthz")[0] == 200
        looks = [ask(f"{address}metrics", Authorization=f"Bearer {TOKEN}") for _ in range(6)]
    assert {status for status, _ in looks} == {200}
    assert {counted(text) for _, text in looks} == {30}, "whichever process answers"
    assert all("travelrisk_ratings_edition 1.0" in text for _, text in looks)


def test_a_container_asks_under_the_public_name(rated: Path, tmp_path: Path) -> None:
    with running(rated, "serve", "--port", 0, base_url=PUBLIC) as process:
        address = said(process, r"Listening on (http://127\.0\.0\.1:\d+/)")[1]
        port = address.rpartition(":")[2].rstrip("/")
        assert ask(f"{address}healthz")[0] == 400, "no other name is served"

        def asked(**settings: object) -> int:
            alive = [sys.executable, "-m", "travelrisk.cli.alive", port]
            return subprocess.run(
                alive, env=around(rated, **settings), cwd=tmp_path, check=False, timeout=PATIENCE
            ).returncode

        assert asked(base_url=PUBLIC) == 0
        assert asked(base_url="https://other.example.org") == 1
        process.kill()
        process.wait(PATIENCE)
        assert asked(base_url=PUBLIC) == 1


def test_a_body_beyond_all_measure_is_refused_before_it_is_sent(rated: Path) -> None:
    with running(rated, "serve", "--port", 0) as process:
        address = said(process, r"Listening on (http://127\.0\.0\.1:\d+/)")[1]
        port = int(address.rpartition(":")[2].rstrip("/"))
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as near:
            near.sendall(
                b"POST /check HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 300000000\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\ntext="
            )
            assert b" 413 " in near.recv(100)
        assert ask(f"{address}healthz")[0] == 200


def test_each_request_is_one_line_of_json(rated: Path) -> None:
    with running(rated, "serve", "--port", 0) as process:
        address = said(process, r"Listening on (http://127\.0\.0\.1:\d+/)")[1]
        ask(f"{address}check?q=ET707+FRA+ADD+12+Dec+ZZCANARY", **{"X-Request-Id": "followed-up-1"})
        line = json.loads(said(process, '.*"event": "request".*')[0])
    assert line["request"] == "followed-up-1"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/check", 200)
    assert "ZZCANARY" not in str(line)


@pytest.mark.threat(42)
@pytest.mark.parametrize("name", ["SECRET_KEY", "METRICS_TOKEN"])
@pytest.mark.parametrize("word", ["changeme", " ChangeMe ", "secret"])
@pytest.mark.usefixtures("rated")
def test_a_word_of_examples_is_no_secret(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, word: str
) -> None:
    monkeypatch.setenv(f"TRAVELRISK_{name}", word)
    done = run("serve", "--port", 0)
    assert done.exit_code == 1
    assert f"TRAVELRISK_{name}: is a word that anybody tries" in done.stderr
    assert "hangeme" not in done.stderr.lower()


def parts(run: Run) -> dict[str, dict[str, object]]:
    return {each["part"]: each for each in json.loads(run("doctor", "--json").stdout)}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"BASE_URL": PUBLIC, "PROXIES": "1"}, "secret_key is not set"),
        ({"BASE_URL": PUBLIC, "PROXIES": "1", "SECRET_KEY": "x" * 12}, "secret_key is not set or short"),
        ({"BASE_URL": PUBLIC, "SECRET_KEY": "x" * 40}, "proxies is 0"),
        ({"BASE_URL": "http://risk.example.org", "SECRET_KEY": "x" * 40}, "not https"),
        (
            {"BASE_URL": PUBLIC, "PROXIES": "1", "SECRET_KEY": "x" * 40, "METRICS_TOKEN": "y"},
            "metrics_token is short",
        ),
        ({"BASE_URL": PUBLIC, "PROXIES": "1", "SECRET_KEY": "x" * 40}, ""),
    ],
)
def test_the_doctor_says_what_a_public_service_needs(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"TRAVELRISK_{name}", value)
    try:
        text = surroundings.secrets(load_settings())
    except ConfigurationError as error:
        assert said
        text = str(error)
    assert (said or "long enough") in text


@pytest.mark.usefixtures("rated")
def test_the_doctor_finds_an_older_copy_and_a_sign_in_that_is_silent(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    run("worker", "--once", "anchor")
    anchor = place / "travelrisk.db.anchor"
    known = json.loads(anchor.read_text())
    anchor.write_text(json.dumps(known | {"seq": known["seq"] + 3, "head": "0" * 64}))
    monkeypatch.setenv("TRAVELRISK_OIDC_ISSUER", "http://127.0.0.1:9")
    monkeypatch.setenv("TRAVELRISK_OIDC_CLIENT_ID", "travelrisk")
    monkeypatch.setenv("TRAVELRISK_OIDC_CLIENT_SECRET", "geheim")
    found = parts(run)
    assert not found["copies"]["ok"]
    assert "3 entries of the audit trail are missing" in str(found["copies"]["text"])
    assert not found["sign-in"]["ok"]
    assert "does not answer" in str(found["sign-in"]["text"])
    assert "geheim" not in str(found)
    assert {"sending", "optional parts", "disk", "clock", "mailbox", "feeds"} <= found.keys()
