"""Processes that are killed at every step between a verdict and its letter: is anything lost, or stale?

``python -m tests.services.kills --rounds 10000 --database postgresql`` makes a database of its own, lets
three workers and a producer work on it against a mail server that misbehaves, kills or freezes them at named
moments until so many have died, lets the last ones finish, and compares database and mail server. With
``--control NAME`` the package has one mistake, which must be found.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from tests.services.kills.cluster import Cluster, cluster
from tests.services.kills.controls import CONTROLS
from tests.services.kills.points import POINTS
from tests.services.kills.story import Ended, Plan, tell


def report(plan: Plan, ended: Ended) -> Iterator[str]:
    """Say how it ended, line by line."""
    kind = plan.url.partition(":")[0]
    killed, frozen = ended.kills.total(), ended.stops.total()
    yield (
        f"{kind}{f', {plan.control}' if plan.control else ''}: {killed:,} killed, {frozen:,} frozen,"
        f" in {ended.war_s:,.0f} s ({killed / max(ended.war_s, 0.1):.1f} a second);"
        f" then {ended.peace_s:,.0f} s of peace"
    )
    yield "  " + ", ".join(
        f"{each.name} {getattr(ended.verdict, each.name):,}" for each in fields(ended.verdict)
    )
    for point in (*POINTS, "anywhere"):
        yield f"  {point:20} {ended.kills[point]:6,} killed {ended.stops[point]:6,} frozen"
    yield "  faults of the server: " + ", ".join(
        f"{name} {count:,}" for name, count in sorted(ended.faults.items())
    )


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, Cluster | None]]:
    """Give the URL of a fresh database, and the server behind it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'kills.db'}", None
    else:
        with cluster() as server:
            yield server.url, server


def main() -> None:
    """Run it once; fail where anything is wrong, or where a mistake was not found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=150, help="how many processes are killed")
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--faults", type=float, default=0.25, help="share of letters the server fails with"
    )
    arguments.add_argument("--stops", type=float, default=0.12, help="share of processes frozen, not killed")
    arguments.add_argument("--seconds", type=float, default=0.0, help="end the killing after so long")
    arguments.add_argument(
        "--server", action="store_true", help="kill PostgreSQL itself too, again and again"
    )
    arguments.add_argument("--control", choices=sorted(CONTROLS), default="")
    arguments.add_argument("--loud", action="store_true", help="show what the service logs")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name, database(asked.database, Path(name)) as (url, server):
        plan = Plan(
            url, asked.rounds, asked.seed, asked.stops, asked.faults, asked.control, asked.seconds, asked.loud
        )
        trouble = server.trouble(asked.seed) if server is not None and asked.server else None
        ended = tell(plan, Path(name), *([trouble] if trouble else []))
    for line in report(plan, ended):
        print(line)  # noqa: T201 - a command
    if server is not None and asked.server:
        print(f"  {server.backends:,} backends and {server.postmasters:,} servers killed")  # noqa: T201 - as above
    print(f"  wrong: {ended.verdict.faults or 'nothing'}")  # noqa: T201 - as above
    raise SystemExit(bool(ended.verdict.faults) is not bool(asked.control))


if __name__ == "__main__":
    main()
