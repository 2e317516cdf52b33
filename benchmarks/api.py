"""Screening over the API, beside /healthz on the same server, and a batch of 100 beside 100 single calls.

The server is a process of its own, as ``travelrisk serve`` starts it; one client keeps its connection.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from statistics import median

from benchmarks.world import RATINGS
from travelrisk.domain.programs import Kind
from travelrisk.services.programs import keys
from travelrisk.services.ratings.records import import_records
from travelrisk.settings import load_settings
from travelrisk.wiring import build

ROUNDS = 9
CALLS = 60
BATCH = 100
SECRET = "of a benchmark"  # noqa: S105 - of nobody
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


def measure() -> dict[str, float | int | str]:
    """Ask for both in turn, and for the batch and the single calls in turn."""
    with tempfile.TemporaryDirectory() as folder:
        key = _filled(Path(folder))
        settings = {
            "TRAVELRISK_DATA_DIR": folder,
            "TRAVELRISK_SECRET_KEY": SECRET,
            "TRAVELRISK_LOG_LEVEL": "error",
        }
        command = [sys.executable, "-m", "travelrisk.cli", "serve", "--port", "0"]
        with subprocess.Popen(  # noqa: S603 - our own program
            command, env=os.environ | settings, stderr=subprocess.PIPE, text=True
        ) as server:
            try:
                return _measured(_port(server), key)
            finally:
                server.terminate()


def _filled(folder: Path) -> str:
    app = build(load_settings(data_dir=folder, secret_key=SECRET))
    import_records(app, RATINGS, by="Benchmark", signed_by="Second person")
    given = keys.create(
        app, name="benchmark", office="benchmark", kind=Kind.LIVE_READ, calls_a_day=10_000_000
    )
    app.engine.dispose()
    return given.key


def _port(server: subprocess.Popen[str]) -> int:
    assert server.stderr is not None  # noqa: S101 - it was asked for
    for line in server.stderr:
        if found := ADDRESS.search(line):
            return int(found[1])
    raise RuntimeError("the server ended before it listened")


def _measured(port: int, key: str) -> dict[str, float | int | str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(method: str, path: str, body: bytes | None = None) -> bytes:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == HTTPStatus.OK, content[:500]  # noqa: S101 - nothing to measure otherwise
        return content

    one, many = _body(1), _body(BATCH)
    single = lambda: ask("POST", "/api/v1/screen", one)  # noqa: E731 - one of three
    health, batch = lambda: ask("GET", "/healthz"), lambda: ask("POST", "/api/v1/screen", many)
    _check(single())
    rounds = [(_rate(health), _rate(single), _rate(batch, BATCH // 20) * BATCH) for _ in range(ROUNDS)]
    connection.close()
    return {
        "screen, ratio to /healthz (median)": round(median(b / a for a, b, _ in rounds), 2),
        "batch of 100, ratio of itineraries to single calls": round(median(c / b for _, b, c in rounds), 2),
        "/healthz, requests/s (median)": round(median(a for a, _, _ in rounds)),
        "screen, requests/s (median)": round(median(b for _, b, _ in rounds)),
        "batch of 100, itineraries/s (median)": round(median(c for _, _, c in rounds)),
        "answer to one, bytes": len(single()),
    }


def _rate(call: Callable[[], bytes], calls: int = CALLS) -> float:
    begun = time.perf_counter()
    for _ in range(calls):
        call()
    return calls / (time.perf_counter() - begun)


def _body(count: int) -> bytes:
    queries = {f"pnr-{number}": {"segments": _segments(number)} for number in range(count)}
    return json.dumps({"queries": queries}).encode()


def _segments(number: int) -> list[dict[str, object]]:
    """Return a journey there and back; each of a batch goes on another day, as bookings do."""
    pairs = (("FRA", "NBO", "590", 1), ("NBO", "FRA", "591", 15))
    return [
        {
            "kind": "air",
            "marketing_carrier": "LH",
            "flight_number": flight,
            "operating_carrier": "LH",
            "origin": origin,
            "destination": destination,
            "departs_local": f"2027-{1 + number % 12:02}-{day + number // 12:02}T10:20",
        }
        for origin, destination, flight, day in pairs
    ]


def _check(content: bytes) -> None:
    (response,) = json.loads(content)["responses"].values()
    assert response["outcome"] == "complete", response  # noqa: S101 - nothing to measure otherwise
