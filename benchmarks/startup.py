"""What a command costs before it does anything, beside bare Python; and what it loads."""

import subprocess
import sys
import time
from statistics import median

ROUNDS = 9
HEAVY = ("pandas", "sqlalchemy", "flask", "apscheduler", "pydantic", "icalendar")
COMMANDS = {
    "bare Python": ["-c", "pass"],
    "travelrisk --help": ["-m", "travelrisk.cli", "--help"],
    "travelrisk read --help": ["-m", "travelrisk.cli", "read", "--help"],
}


def measure() -> dict[str, float | int | str]:
    """Start each command several times, in turn."""
    rounds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, *command], check=True, capture_output=True)  # noqa: S603 - our own
            rounds[name].append(time.perf_counter() - begun)
    zero = median(rounds["bare Python"])
    figures: dict[str, float | int | str] = {
        f"{name}, ratio to bare Python": round(median(times) / zero, 2) for name, times in rounds.items()
    }
    figures |= {f"{name}, ms (median)": round(median(times) * 1000, 1) for name, times in rounds.items()}
    figures["heavy modules loaded by --help"] = _loaded() or "none"
    return figures


def _loaded() -> str:
    script = (
        "import sys, contextlib, io\n"
        "from travelrisk.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    sys.argv = ['travelrisk', '--help']; main()\n"
        f"print(' '.join(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - our own
    return done.stdout.strip()
