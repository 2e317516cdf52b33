"""A table of many bookings, received and judged on SQLite in one process: time a row, memory by size."""

import csv
import json
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

SIZES = (1_000, 10_000)
HEADER = [
    "Record locator",
    "Traveller",
    "E-mail",
    "Airline",
    "Flight",
    "Operated by",
    "From",
    "To",
    "Departure date",
    "Departure time",
]
_CHILD = """
import json, resource, sys, time
from pathlib import Path
from benchmarks.world import RATINGS
from travelrisk.intake.document import Document
from travelrisk.services.ratings.records import import_records
from travelrisk.services.trips.receiving import receive
from travelrisk.settings import load_settings
from travelrisk.wiring import build
folder, file = map(Path, sys.argv[1:])
app = build(load_settings(data_dir=folder, demo=True))
import_records(app, RATINGS, by="Benchmark", signed_by="Second person")
begun, rows, stored = time.perf_counter(), 0, 0
for received in receive(app, Document(file.read_bytes(), file.name)):
    rows += 1
    stored += received.advisory is not None
seconds = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"rows": rows, "stored": stored, "seconds": seconds, "peak_mb": peak / 1024}))
"""


FLIGHTS = (
    ("LH", "590", "Lufthansa", "FRA", "NBO"),
    ("ET", "707", "", "FRA", "ADD"),
    ("KQ", "101", "", "LHR", "NBO"),
)


def measure() -> dict[str, float | int | str]:
    """Run each size in a process of its own."""
    figures: dict[str, float | int | str] = {}
    peaks = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "bookings.csv"
            write(file, size)
            command = [sys.executable, "-c", _CHILD, folder, str(file)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
            run = json.loads(done.stdout)
        peaks.append(run["peak_mb"])
        figures[f"{size:,} rows: itineraries stored"] = run["stored"]
        figures[f"{size:,} rows: seconds"] = round(run["seconds"], 2)
        figures[f"{size:,} rows: ms a row"] = round(run["seconds"] / size * 1000, 2)
        figures[f"{size:,} rows: peak memory, MB"] = round(run["peak_mb"], 1)
    figures["peak memory, ratio of the two sizes"] = round(peaks[-1] / peaks[0], 2)
    return figures


def write(file: Path, rows: int) -> None:
    """Write *rows* bookings of one segment each; the people are invented."""
    first = date(2027, 1, 10)
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(HEADER)
        for number in range(rows):
            code, flight, operator, origin, destination = FLIGHTS[number % len(FLIGHTS)]
            day = first + timedelta(days=number % 200)
            name, email = f"GREEN/ALICE {number}", f"alice{number}@example.org"
            locator = f"T{number:05d}"
            table.writerow([locator, name, email, code, flight, operator, origin, destination, day, "10:10"])
