"""Screening over the API, beside /healthz on the same server, and a batch of 100 beside 100 single calls.

Each is measured for a call that came before, as booking tools send it at every step; single calls also for
its flights under another key; and both for flights that nobody has asked about.
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
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.world import RATINGS
from travelrisk.domain.programs import Kind
from travelrisk.services.programs import keys
from travelrisk.services.ratings.records import import_records
from travelrisk.settings import load_settings
from travelrisk.wiring import build

ROUNDS = 9
CALLS = 60
BATCH = 100
BATCHES = 5
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

    def screen(body: bytes) -> bytes:
        return ask("POST", "/api/v1/screen", body)

    numbers = count(BATCH)
    one, many = _body([0]), _body(range(BATCH))
    screen(many)
    rounds: list[_Round] = []
    for _ in range(ROUNDS):
        other = [_body([0], f"{len(rounds)}-{number}") for number in range(CALLS)]
        new = [_body([next(numbers)]) for _ in range(CALLS)]
        whole = [_body(list(islice(numbers, BATCH))) for _ in range(BATCHES)]
        rounds.append(
            _Round(
                _rate(lambda _: ask("GET", "/healthz"), [b""] * CALLS),
                _rate(screen, [one] * CALLS),
                _rate(screen, other),
                _rate(screen, new),
                _rate(screen, [many] * BATCHES) * BATCH,
                _rate(screen, whole) * BATCH,
            )
        )
    answer = screen(one)
    _check(answer)
    connection.close()
    told = {
        "screen again, ratio to /healthz": median(each.again / each.health for each in rounds),
        "screen again under another key, ratio to /healthz": median(
            each.other / each.health for each in rounds
        ),
        "screen new, ratio to /healthz": median(each.new / each.health for each in rounds),
        "batch again, ratio to single calls again": median(each.batch / each.again for each in rounds),
        "batch new, ratio to single calls new": median(each.new_batch / each.new for each in rounds),
        "batch again, ratio to single calls new": median(each.batch / each.new for each in rounds),
    }
    rates = {
        f"{name}, itineraries/s": round(median(getattr(each, field) for each in rounds))
        for name, field in (
            ("screen again", "again"),
            ("screen again under another key", "other"),
            ("screen new", "new"),
            ("batch again", "batch"),
            ("batch new", "new_batch"),
        )
    }
    return {
        **{name: round(ratio, 2) for name, ratio in told.items()},
        "/healthz, requests/s": round(median(each.health for each in rounds)),
        **rates,
        "answer to one, bytes": len(answer),
    }


class _Round(NamedTuple):
    """What was measured in turn, in calls or itineraries a second."""

    health: float
    again: float
    other: float
    new: float
    batch: float
    new_batch: float


def _rate(call: Callable[[bytes], bytes], bodies: Sequence[bytes]) -> float:
    begun = time.perf_counter()
    for each in bodies:
        call(each)
    return len(bodies) / (time.perf_counter() - begun)


def _body(numbers: Iterable[int], key: str = "pnr") -> bytes:
    queries = {f"{key}-{number}": {"segments": _segments(number)} for number in numbers}
    return json.dumps({"queries": queries}).encode()


def _segments(number: int) -> list[dict[str, object]]:
    """Return a journey there and back; each goes at another time, as bookings do."""
    hour, minute = divmod(number // 144 % 1440, 60)
    pairs = (("FRA", "NBO", "590", 1), ("NBO", "FRA", "591", 15))
    return [
        {
            "kind": "air",
            "marketing_carrier": "LH",
            "flight_number": flight,
            "operating_carrier": "LH",
            "origin": origin,
            "destination": destination,
            "departs_local": f"2027-{1 + number % 12:02}-{day + number // 12 % 12:02}T{hour:02}:{minute:02}",
        }
        for origin, destination, flight, day in pairs
    ]


def _check(content: bytes) -> None:
    (response,) = json.loads(content)["responses"].values()
    assert response["outcome"] == "complete", response  # noqa: S101 - nothing to measure otherwise
