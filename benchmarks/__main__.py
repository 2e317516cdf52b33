"""``python -m benchmarks COMMAND``: measure, and say on what machine."""

import json
import os
import platform
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path

COMMANDS = (
    "screen",
    "startup",
    "web",
    "batch",
    "batches",
    "effect",
    "rescreen",
    "queue",
    "mail",
    "read",
    "picture",
    "crossing",
    "api",
)
STORED = ("effect", "rescreen", "queue")  # who fills a store
STORE = ("itineraries", "database")  # and how it is set
PACKAGES = ("flask", "icalendar", "pydantic", "sqlalchemy")

Figures = dict[str, float | int | str]


def machine() -> Figures:
    """Return what has to stand beside every figure."""
    model = "unknown"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    return {
        "cpu": model,
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        "packages": versions,
        "load": round(os.getloadavg()[0], 2),
    }


def main() -> int:
    """Run one command, or all of them."""
    parser = ArgumentParser(prog="python -m benchmarks", description="Print figures; ratios first.")
    parser.add_argument(
        "commands", nargs="*", metavar="COMMAND", help=f"of {', '.join(COMMANDS)}; none = all"
    )
    parser.add_argument("--json", action="store_true", help="print figures for programs")
    parser.add_argument("--itineraries", type=int, help="effect, rescreen, queue: how many to store")
    parser.add_argument("--database", help="effect, rescreen, queue: URL of an empty PostgreSQL database")
    arguments = parser.parse_args()
    unknown = set(arguments.commands) - set(COMMANDS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(COMMANDS)}")
    of_store = {name: value for name in STORE if (value := getattr(arguments, name))}
    results: dict[str, Figures] = {"machine": machine()}
    for name in arguments.commands or COMMANDS:
        measure: Callable[..., Figures] = import_module(f"benchmarks.{name}").measure
        results[name] = measure(**(of_store if name in STORED else {}))
    results["machine"]["load_after"] = round(os.getloadavg()[0], 2)
    if arguments.json:
        print(json.dumps(results, indent=2))
        return 0
    for name, figures in results.items():
        print(name)
        for what, figure in figures.items():
            print(f"  {what:<44} {figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
