"""Keys of programs: what they look like, what they are good for, and that a changed one is none of ours."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from travelrisk.domain.programs import PATTERN, Kind, Program, Scope, Sealing, Secret

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SEALING = Sealing("one secret")
KEY = SEALING.sealed(Kind.LIVE_WRITE, "0123456789ab", "0" * 32)
PROGRAM = Program("0123456789ab", "booking tool", "Field office", Kind.LIVE_WRITE)


def test_a_key_is_taken_apart_as_it_was_put_together() -> None:
    assert str(KEY).startswith("trk_live_w_0123456789ab_")
    assert Secret.parse(str(KEY)) == KEY
    assert SEALING.is_ours(KEY)
    assert re.fullmatch(PATTERN, str(KEY))


@pytest.mark.threat(14)
@pytest.mark.parametrize("place", range(len("trk_live_w_"), len(str(KEY))))
def test_a_key_with_one_letter_changed_is_none_of_ours(place: int) -> None:
    text = str(KEY)
    other = "1" if text[place] != "1" else "2"
    changed = Secret.parse(text[:place] + other + text[place + 1 :])
    assert changed is None or not SEALING.is_ours(changed)


def test_a_key_for_reading_does_not_become_one_for_writing() -> None:
    reads = str(SEALING.sealed(Kind.LIVE_READ, "0123456789ab", "0" * 32))
    forged = Secret.parse(reads.replace("trk_live_r", "trk_live_w"))
    assert forged is not None
    assert not SEALING.is_ours(forged)


def test_a_key_of_another_secret_is_none_of_ours() -> None:
    assert not Sealing("another secret").is_ours(KEY)
    assert Sealing("another secret").kept(KEY) != SEALING.kept(KEY)


@pytest.mark.parametrize("text", ["", "trk_", str(KEY).upper(), f"{KEY} ", f"{KEY}\n", f"x{KEY}", "é" * 80])
def test_what_is_no_key_is_none(text: str) -> None:
    assert Secret.parse(text) is None


@pytest.mark.threat(14)
def test_nothing_of_the_secret_is_printed() -> None:
    assert "one secret" not in repr(SEALING)


def test_only_keys_that_write_write() -> None:
    may = {kind: replace(PROGRAM, kind=kind).may(Scope.WRITE) for kind in Kind}
    assert may == {Kind.LIVE_READ: False, Kind.LIVE_WRITE: True, Kind.TEST: True}
    assert all(replace(PROGRAM, kind=kind).may(Scope.READ) for kind in Kind)


def test_a_key_works_until_it_expires_or_is_revoked() -> None:
    last = replace(PROGRAM, expires_at=NOW)
    assert PROGRAM.works_at(NOW)
    assert last.works_at(NOW - timedelta(seconds=1))
    assert not last.works_at(NOW)
    assert not replace(PROGRAM, revoked_at=NOW).works_at(NOW)


def test_the_last_day_is_the_one_before_midnight() -> None:
    assert PROGRAM.last_day is None
    midnight = datetime(2027, 1, 1, tzinfo=UTC)
    assert str(replace(PROGRAM, expires_at=midnight).last_day) == "2026-12-31"
