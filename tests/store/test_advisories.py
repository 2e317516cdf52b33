"""Advisories and what they rest on come back as they were recorded."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.store.samples import NOON, POLICY, advisory, judge
from travelrisk.domain.errors import NotFoundError, StoreError
from travelrisk.domain.verdicts import Verdict
from travelrisk.store import advisories, heartbeats, policies
from travelrisk.store.advisories import Made
from travelrisk.store.database import reading, writing
from travelrisk.store.shapes import sha256


def test_an_advisory_comes_back_equal_with_all_it_rests_on(engine: Engine) -> None:
    with writing(engine) as c:
        judged = judge(c, verdict=Verdict.CONDITIONAL)
    with reading(engine) as c:
        stored = advisories.load(c, judged.advisory)
        assert stored.advisory == advisory(Verdict.CONDITIONAL)
        assert (stored.trip_id, stored.audit_seq) == (judged.trip, 1)
        assert policies.text(c, stored.policy_sha256) == POLICY


def test_the_advisories_of_a_trip_stand_in_their_order(engine: Engine) -> None:
    with writing(engine) as c:
        first = judge(c, verdict=Verdict.CLEARED)
        judge(c)
        second = judge(c, first.trip, verdict=Verdict.NOT_CLEARED)
    with reading(engine) as c:
        assert [each.id for each in advisories.of_trip(c, first.trip)] == [first.advisory, second.advisory]
        latest = advisories.newest(c, first.trip)
        assert latest is not None
        assert latest.id == second.advisory
        assert advisories.newest(c, 4711) is None


def test_advisories_that_are_kept_together_have_rising_ids_in_their_order(engine: Engine) -> None:
    verdicts = [Verdict.NOT_CLEARED, Verdict.CLEARED, Verdict.REVIEW, Verdict.CONDITIONAL] * 60
    with writing(engine) as c:
        before = [advisories.load(c, judge(c).advisory) for _ in range(4)] * 60
        made = [
            Made(each.trip_id, each.itinerary_id, advisory(verdict), each.policy_sha256, each.audit_seq)
            for each, verdict in zip(before, verdicts, strict=True)
        ]
        numbers = advisories.record_all(c, made)
        assert advisories.record_all(c, []) == []
    with reading(engine) as c:
        kept = advisories.by_ids(c, numbers)
        assert advisories.by_ids(c, []) == {}
    assert numbers == sorted(set(numbers))
    assert [kept[each].advisory.verdict for each in numbers] == verdicts
    assert [kept[each].trip_id for each in numbers] == [each.trip_id for each in before]


def test_tallies_count_each_trip_by_its_latest_verdict(engine: Engine) -> None:
    with writing(engine) as c:
        changed = judge(c, verdict=Verdict.CLEARED)
        judge(c, changed.trip, verdict=Verdict.NOT_CLEARED)
        judge(c, verdict=Verdict.CLEARED)
    with reading(engine) as c:
        assert advisories.tallies(c) == {
            Verdict.CLEARED: 1,
            Verdict.CONDITIONAL: 0,
            Verdict.REVIEW: 0,
            Verdict.NOT_CLEARED: 1,
        }


def test_an_advisory_without_its_policy_is_not_recorded(engine: Engine) -> None:
    with writing(engine) as c:
        stored = advisories.load(c, judge(c).advisory)
    with pytest.raises(StoreError), writing(engine) as c:
        advisories.record(
            c,
            trip_id=stored.trip_id,
            itinerary_id=stored.itinerary_id,
            advisory=stored.advisory,
            policy_sha256=sha256("another"),
            audit_seq=stored.audit_seq,
        )


def test_a_policy_is_kept_under_its_own_hash_only(engine: Engine) -> None:
    with writing(engine) as c:
        policies.keep(c, sha256(POLICY), "1", POLICY, NOON)
        policies.keep(c, sha256(POLICY), "1", POLICY, NOON)
    with (
        pytest.raises(StoreError, match=r"policy 2: the text does not have the SHA-256"),
        writing(engine) as c,
    ):
        policies.keep(c, sha256(POLICY), "2", "levels = 'lax'", NOON)


def test_what_does_not_exist_is_not_found(engine: Engine) -> None:
    with reading(engine) as c:
        with pytest.raises(NotFoundError):
            advisories.load(c, 1)
        with pytest.raises(NotFoundError):
            policies.text(c, sha256("x"))


def test_a_worker_is_remembered_by_when_it_was_last_seen(engine: Engine) -> None:
    later = NOON + timedelta(seconds=1, microseconds=1)
    with writing(engine) as c:
        assert heartbeats.last(c, "worker") is None
        heartbeats.beat(c, "worker", NOON)
        heartbeats.beat(c, "worker", later)
        heartbeats.beat(c, "clock", NOON)
        assert heartbeats.last(c, "worker") == later
