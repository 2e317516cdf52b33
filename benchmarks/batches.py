"""A file of 10,000 rows from its upload to the last result, in a worker of its own: rows a second, memory."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.batch import write

SIZES = (1_000, 10_000)
_CHILD = """
import json, resource, sys, time
from pathlib import Path
from benchmarks.world import RATINGS
from travelrisk.domain.people import Viewer
from travelrisk.intake.apart import sandbox
from travelrisk.intake.document import Document
from travelrisk.services.batches import accepting, releasing, results, screening
from travelrisk.services.ratings.records import import_records
from travelrisk.settings import load_settings
from travelrisk.wiring import build
folder, file = map(Path, sys.argv[1:])
app, viewer = build(load_settings(data_dir=folder, demo=True)), Viewer("benchmark", "OFFICE")
import_records(app, RATINGS, by="Benchmark", signed_by="Second person")
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
loaded = sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, WHOSE))
begun = time.perf_counter()
batch = accepting.accept(app, viewer, Document(file.read_bytes(), file.name))
accepted = time.perf_counter()
while not screening.work(app, "benchmark").finished:
    pass
screened, after = time.perf_counter(), peak()
sandbox.close()  # the processes that read are counted when they have ended
spent = sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, WHOSE)) - loaded
found = results.progress(app, viewer, batch.reference)
shown = time.perf_counter()
released = releasing.release(app, viewer, batch.reference, releasing.Which.ALL)
print(json.dumps({
    "rows": found.rows, "accept": accepted - begun, "seconds": screened - accepted, "spent": spent,
    "after": after, "progress": shown - screened, "letters": released.letters,
    "release": time.perf_counter() - shown,
}))
"""


def measure() -> dict[str, float | int | str]:
    """Run each size in a process of its own."""
    figures: dict[str, float | int | str] = {}
    runs = [_run(size) for size in SIZES]
    for size, run in zip(SIZES, runs, strict=True):
        figures[f"{size:,} rows: answered after, ms"] = round(run["accept"] * 1000, 1)
        figures[f"{size:,} rows: screened"] = run["rows"]
        figures[f"{size:,} rows: rows a second"] = round(run["rows"] / run["seconds"], 1)
        figures[f"{size:,} rows: rows a second of processor time"] = round(run["rows"] / run["spent"], 1)
        figures[f"{size:,} rows: peak memory, MB"] = round(run["after"], 1)
        figures[f"{size:,} rows: counts for the page, ms"] = round(run["progress"] * 1000, 1)
        figures[f"{size:,} rows: letters released"] = run["letters"]
        figures[f"{size:,} rows: released in, s"] = round(run["release"], 2)
    small, large = runs
    figures["growth of peak memory from the small to the large, MB"] = round(
        large["after"] - small["after"], 1
    )
    return figures


def _run(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bookings.csv"
        write(file, size)
        command = [sys.executable, "-c", _CHILD, folder, str(file)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    found: dict[str, float] = json.loads(done.stdout)
    return found
