"""Saved answers in tests/cases/feeds give the reading beside it; the folder's name says what it shows."""

import json
from pathlib import Path

import pytest

from tests.unit.feeds.answers import fetched, folders, stated
from travelrisk.feeds.registry import FEEDS, by_name


@pytest.mark.parametrize("case", folders(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_reads(case: Path) -> None:
    reading = by_name(case.parent.name).facts(fetched(case))
    assert stated(reading) == json.loads((case / "out.json").read_text("utf-8"))


def test_every_feed_has_its_cases() -> None:
    assert {case.parent.name for case in folders()} == {feed.name for feed in FEEDS}
