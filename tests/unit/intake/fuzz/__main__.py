"""`python -m tests.unit.intake.fuzz --inputs N [--seconds S] [--seed N] [--folder F]`: counts and faults."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path

from tests.unit.intake.fuzz.inputs import inputs
from tests.unit.intake.fuzz.watching import Watch
from travelrisk.intake.apart import sandbox
from travelrisk.intake.limits import MIB

_APART = 50  # one input in so many is read by a process of its own too


def main() -> int:
    """Read inputs until there are enough or the time is over; 1 if something happened that must not."""
    parser = ArgumentParser(
        prog="python -m tests.unit.intake.fuzz", description="Spoilt documents and garbage."
    )
    parser.add_argument("--inputs", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--seed", type=int, default=1, help="the same number makes the same inputs")
    parser.add_argument("--folder", type=Path, default=Path("fuzz-failures"), help="for what went wrong")
    arguments = parser.parse_args()
    watch, begun = Watch(arguments.folder), time.monotonic()
    for number, each in enumerate(inputs(arguments.inputs, arguments.seed)):
        if time.monotonic() - begun > arguments.seconds:
            break
        watch.read(each, is_apart=number % _APART == 0)
    sandbox.close()
    print(told(watch, time.monotonic() - begun))  # noqa: T201 - a command
    return 1 if watch.faults else 0


def told(watch: Watch, seconds: float) -> str:
    """Say in lines what was read and what happened."""
    forms = sorted({form for form, _ in watch.counts})
    lines = [f"{watch.counts.total():,} inputs in {seconds:,.0f} s, {watch.apart:,} of them apart too"]
    for form in forms:
        outcomes = {outcome: count for (each, outcome), count in watch.counts.items() if each == form}
        parts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))
        lines.append(f"  {form:<20} {sum(outcomes.values()):>7,}  {parts}")
    taken, what = watch.slowest
    lines.append(f"slowest: {taken * 1000:,.0f} ms of the processor, {what}")
    lines.append(f"grown by {watch.grown / MIB:,.0f} MiB at most")
    lines += [f"{count:>5,} x {fault}" for fault, count in watch.faults.most_common()] or ["no fault"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
