"""``python -m benchmarks COMMAND``: measure, and say on what machine."""

import json
import os
import platform
import sys
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path

COMMANDS = ("screen", "startup", "web", "batch")
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
    """Run one command, or all of them; ``--json`` prints figures for programs."""
    arguments = [each for each in sys.argv[1:] if each != "--json"]
    wanted = arguments or list(COMMANDS)
    unknown = set(wanted) - set(COMMANDS)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    results: dict[str, Figures] = {"machine": machine()}
    for name in wanted:
        measure: Callable[[], Figures] = import_module(f"benchmarks.{name}").measure
        results[name] = measure()
    results["machine"]["load_after"] = round(os.getloadavg()[0], 2)
    if "--json" in sys.argv:
        print(json.dumps(results, indent=2))
        return 0
    for name, figures in results.items():
        print(name)
        for what, figure in figures.items():
            print(f"  {what:<44} {figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
