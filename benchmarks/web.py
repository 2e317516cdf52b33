"""Server time of the check page, beside /healthz in the same process."""

import tempfile
import timeit
from http import HTTPStatus
from pathlib import Path
from statistics import median

from benchmarks.world import RATINGS
from travelrisk.services.ratings.records import import_records
from travelrisk.settings import load_settings
from travelrisk.web.app import create_app
from travelrisk.wiring import build

ROUNDS = 15
CALLS = 200
QUESTION = "/check?q=LH590+FRA+NBO+12+Dec+operated+by+Lufthansa"


def measure() -> dict[str, float | int | str]:
    """Ask both pages in turn through Flask's own client, which both pay for alike."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(load_settings(data_dir=Path(folder), demo=True, requests_a_minute=0))
        import_records(app, RATINGS, by="Benchmark", signed_by="Second person")
        client = create_app(app).test_client()
        paths = {"healthz": "/healthz", "check": "/check", "answer": QUESTION}
        for path in paths.values():
            assert client.get(path).status_code == HTTPStatus.OK, path  # noqa: S101 - nothing to measure otherwise
        rounds: dict[str, list[float]] = {name: [] for name in paths}
        for _ in range(ROUNDS):
            for name, path in paths.items():
                timed = timeit.timeit(lambda path=path: client.get(path), number=CALLS)  # type: ignore[misc] # bound at once
                rounds[name].append(timed / CALLS * 1e6)
        app.engine.dispose()
    ratios = {
        name: median(a / b for a, b in zip(rounds[name], rounds["healthz"], strict=True)) for name in paths
    }
    return {
        "check page, ratio to /healthz (median)": round(ratios["check"], 2),
        "answer to a question, ratio to /healthz": round(ratios["answer"], 2),
        "/healthz, us (median)": round(median(rounds["healthz"])),
        "/check, us (median)": round(median(rounds["check"])),
        "answer, us (median)": round(median(rounds["answer"])),
    }
