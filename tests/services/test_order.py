"""The letters of a trip leave in order, whatever happens to its verdict while they wait; a short run.

``python -m tests.services.order`` makes it as long as wanted, and with one mistake in the package.
"""

from pathlib import Path

from tests.services.order import Plan, run


def test_the_last_letter_of_no_trip_is_outdated(database_url: str, tmp_path: Path) -> None:
    ended = run(Plan(database_url, trips=20, workers=3), tmp_path)
    assert ended.verdict.faults == {}
    assert ended.verdict.superseded, "no verdict changed while its letter waited"
    assert ended.verdict.sent + ended.verdict.superseded + ended.verdict.dead == ended.verdict.letters
