"""A day at a time keeps everything else that is known of the day."""

from dataclasses import fields, replace
from datetime import UTC, datetime, time

from travelrisk.domain.drafts import DraftTime

FULL = DraftTime(2026, 12, 5, time(9), 6, "CET", datetime(2026, 12, 5, 8, tzinfo=UTC), 1, True, 2, "words")  # noqa: FBT003 - every field in its order


def test_a_day_at_a_time_is_what_replacing_would_give() -> None:
    assert all(getattr(FULL, each.name) != each.default for each in fields(DraftTime))
    told = FULL.at(time(10, 10), "Z", 2, "10:10")
    assert told == replace(FULL, clock=time(10, 10), zone="Z", day_shift=2, text="10:10")
