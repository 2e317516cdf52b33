"""Letters: claimed in order, one of a trip at a time, never outdated, and accounted for to the end."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from tests.store.samples import ALICE, BOB, LEASE, NOON, Judged, judge, post
from travelrisk.domain.errors import StoreError
from travelrisk.domain.verdicts import Verdict
from travelrisk.store import outbox
from travelrisk.store.database import reading, writing
from travelrisk.store.outbox import Written

LATER = NOON + LEASE + timedelta(seconds=1)


def claim(engine: Engine, owner: str = "w1", now: object = NOON) -> outbox.Leased | None:
    with writing(engine) as c:
        return outbox.claim(c, owner=owner, now=now, lease=LEASE)  # type: ignore[arg-type] # NOON or LATER


def claimed(engine: Engine, owner: str = "w1", now: object = NOON) -> outbox.Leased:
    leased = claim(engine, owner, now)
    assert leased is not None
    return leased


def start(engine: Engine, letter: int, owner: str = "w1") -> bool:
    with writing(engine) as c:
        return outbox.start_body(c, letter, owner, NOON, LEASE)


def sent(engine: Engine, letter: int, owner: str = "w1") -> bool:
    with writing(engine) as c:
        return outbox.mark_sent(c, letter, owner, NOON, "250")


def retried(engine: Engine, letter: int, owner: str = "w1", *, ambiguous: bool = False) -> bool:
    with writing(engine) as c:
        next_at = NOON + timedelta(seconds=30)
        return outbox.retry(c, letter, owner, NOON, next_at=next_at, reply="451", ambiguous=ambiguous)


def states(engine: Engine, trip: int) -> list[str]:
    with reading(engine) as c:
        return [each.state for each in outbox.of_trip(c, trip)]


def judged(engine: Engine, trip: int | None = None, verdict: Verdict = Verdict.REVIEW) -> Judged:
    with writing(engine) as c:
        return judge(c, trip, verdict)


def posted(engine: Engine, about: Judged, recipient: str = ALICE) -> int:
    with writing(engine) as c:
        return post(c, about, recipient)


def test_a_letter_goes_from_queued_to_sent(engine: Engine) -> None:
    about = judged(engine)
    letter = posted(engine, about)
    leased = claimed(engine)
    assert (leased.id, leased.trip_id, leased.advisory_id) == (letter, *about)
    assert (leased.recipient, leased.language, leased.attempts, leased.ambiguous) == (ALICE, "fr", 1, 0)
    assert leased.body == b"From: x\r\n\r\nvoil\xc3\xa0\r\n"
    assert states(engine, about.trip) == ["leased"]
    assert start(engine, letter)
    assert sent(engine, letter)
    with reading(engine) as c:
        (row,) = outbox.of_trip(c, about.trip)
        assert (row.state, row.settled_at, row.last_reply) == ("sent", NOON, "250")
        assert outbox.counts(c)["sent"] == 1
        assert outbox.oldest_due(c) is None
        assert outbox.oldest_unsent(c) is None


def test_nothing_is_claimed_before_it_is_due(engine: Engine) -> None:
    about = judged(engine)
    with writing(engine) as c:
        post(c, about, at=LATER)
        assert outbox.oldest_due(c) == outbox.oldest_unsent(c) == LATER
    assert claim(engine) is None
    assert claim(engine, now=LATER) is not None


def test_an_advisory_sends_one_letter_to_one_person_once(engine: Engine) -> None:
    about = judged(engine)
    posted(engine, about)
    with pytest.raises(StoreError, match=r"refused a row"):
        posted(engine, about)
    assert states(engine, about.trip) == ["queued"]


def test_a_trip_has_one_letter_under_way_at_a_time(engine: Engine) -> None:
    about = judged(engine)
    first, second = posted(engine, about, ALICE), posted(engine, about, BOB)
    assert claimed(engine).id == first
    assert claim(engine, "w2") is None
    assert sent(engine, first)
    assert claimed(engine, "w2").id == second


def test_the_database_itself_refuses_a_second_lease_of_a_trip(engine: Engine) -> None:
    about = judged(engine)
    posted(engine, about, ALICE)
    posted(engine, about, BOB)
    with pytest.raises(StoreError, match=r"refused a row"), writing(engine) as c:
        c.execute(text("UPDATE outbox SET state = 'leased'"))


def test_a_letter_that_waits_for_another_try_does_not_hold_up_another_person(engine: Engine) -> None:
    about = judged(engine)
    first, second = posted(engine, about, ALICE), posted(engine, about, BOB)
    assert claimed(engine).id == first
    assert retried(engine, first)
    assert claimed(engine, "w2").id == second


def test_other_trips_do_not_wait(engine: Engine) -> None:
    first, second = posted(engine, judged(engine)), posted(engine, judged(engine))
    assert [claimed(engine).id, claimed(engine, "w2").id] == [first, second]


def test_a_lease_that_ran_out_is_picked_up_again(engine: Engine) -> None:
    letter = posted(engine, judged(engine))
    claimed(engine)
    again = claimed(engine, "w2", LATER)
    assert (again.id, again.attempts, again.ambiguous) == (letter, 2, 0)
    assert not start(engine, letter)  # the first worker wakes up, and the letter is no longer its own
    assert not sent(engine, letter)
    assert not retried(engine, letter)
    assert sent(engine, letter, "w2")


def test_silence_after_the_body_was_begun_is_ambiguous(engine: Engine) -> None:
    letter = posted(engine, judged(engine))
    before = claimed(engine)
    assert start(engine, letter)
    again = claimed(engine, "w2", LATER)
    assert (again.ambiguous, again.message_id, again.body) == (1, before.message_id, before.body)


def test_beginning_the_body_renews_the_lease(engine: Engine) -> None:
    letter = posted(engine, judged(engine))
    claimed(engine)
    with writing(engine) as c:
        assert outbox.start_body(c, letter, "w1", LATER, LEASE)
    assert claim(engine, "w2", LATER) is None


def test_a_letter_is_tried_again_when_its_time_has_come(engine: Engine) -> None:
    about = judged(engine)
    letter = posted(engine, about)
    claimed(engine)
    assert retried(engine, letter, ambiguous=True)
    assert claim(engine) is None
    again = claimed(engine, "w2", NOON + timedelta(seconds=30))
    assert (again.attempts, again.ambiguous) == (2, 1)


def test_a_letter_that_is_given_up_stays_for_a_person(engine: Engine) -> None:
    about = judged(engine)
    letter = posted(engine, about)
    claimed(engine)
    with writing(engine) as c:
        assert outbox.mark_dead(c, letter, "w1", NOON, "550 " + "x" * 500)
        (row,) = outbox.of_trip(c, about.trip)
    assert (row.state, len(row.last_reply)) == ("dead", 200)
    assert claim(engine, now=LATER) is None


def test_a_new_verdict_withdraws_what_still_waits(engine: Engine) -> None:
    about = judged(engine, verdict=Verdict.CLEARED)
    posted(engine, about)
    other = judged(engine)
    posted(engine, other)
    newer = posted(engine, judged(engine, about.trip, Verdict.NOT_CLEARED))
    assert states(engine, about.trip) == ["superseded", "queued"]
    assert states(engine, other.trip) == ["queued"]
    claimed(engine)
    assert claimed(engine, "w2").id == newer


def test_a_letter_under_way_is_stopped_before_its_body(engine: Engine) -> None:
    about = judged(engine, verdict=Verdict.CLEARED)
    letter = posted(engine, about)
    claimed(engine)
    newer = posted(engine, judged(engine, about.trip, Verdict.NOT_CLEARED))
    assert claim(engine, "w2") is None  # the older one first, so that it cannot come last
    assert not start(engine, letter)
    assert states(engine, about.trip) == ["superseded", "queued"]
    assert claimed(engine, "w2").id == newer


def test_a_new_verdict_without_a_letter_yet_stops_the_old_one_too(engine: Engine) -> None:
    about = judged(engine, verdict=Verdict.CLEARED)
    letter = posted(engine, about)
    claimed(engine)
    judged(engine, about.trip, Verdict.NOT_CLEARED)
    assert not start(engine, letter)


def test_the_same_verdict_again_without_a_letter_loses_nothing(engine: Engine) -> None:
    about = judged(engine, verdict=Verdict.NOT_CLEARED)
    letter = posted(engine, about)
    claimed(engine)
    judged(engine, about.trip, Verdict.NOT_CLEARED)
    assert start(engine, letter)


def test_a_verdict_of_another_trip_stops_nothing(engine: Engine) -> None:
    about = judged(engine, verdict=Verdict.CLEARED)
    letter = posted(engine, about)
    claimed(engine)
    other = judged(engine, verdict=Verdict.CLEARED)
    posted(engine, other)
    posted(engine, judged(engine, other.trip, Verdict.NOT_CLEARED))
    assert start(engine, letter)


def test_an_outdated_letter_does_not_wait_for_another_try(engine: Engine) -> None:
    about = judged(engine, verdict=Verdict.CLEARED)
    letter = posted(engine, about)
    claimed(engine)
    newer = posted(engine, judged(engine, about.trip, Verdict.NOT_CLEARED))
    assert retried(engine, letter, ambiguous=True)
    assert claimed(engine, "w2").id == newer
    with reading(engine) as c:
        old, _ = outbox.of_trip(c, about.trip)
    assert (old.state, old.ambiguous, old.last_reply) == ("superseded", 1, "451")


def test_letters_can_be_withdrawn_for_another_advisory(engine: Engine) -> None:
    about = judged(engine)
    posted(engine, about)
    again = judged(engine, about.trip)
    with writing(engine) as c:
        assert outbox.supersede(c, [about.trip], [about.advisory], NOON) == 0
        assert outbox.supersede(c, [about.trip], [again.advisory], NOON) == 1
    assert states(engine, about.trip) == ["superseded"]


def test_letters_that_are_queued_together_outdate_those_of_their_own_trips_alone(engine: Engine) -> None:
    first, second, other = (judged(engine, verdict=Verdict.CLEARED) for _ in range(3))
    for each in (first, second, other):
        posted(engine, each)
    newer = [judged(engine, each.trip, Verdict.NOT_CLEARED) for each in (first, second)]
    with writing(engine) as c:
        written = [
            Written(each.trip, each.advisory, "changed", "fr", ALICE, f"<n{each.trip}@example.org>", b"x")
            for each in newer
        ]
        outbox.queue_all(c, written, NOON)
        outbox.queue_all(c, [], NOON)
        assert outbox.supersede(c, [], [], NOON) == 0
        letters = outbox.of_trips(c, [first.trip, second.trip, other.trip, 4711])
        assert outbox.of_trips(c, []) == {}
    assert [[each.state for each in mine] for mine in letters.values()] == [
        ["superseded", "queued"],
        ["superseded", "queued"],
        ["queued"],
        [],
    ]
    assert [letters[each.trip][-1].advisory_id for each in newer] == [each.advisory for each in newer]
    assert claimed(engine).trip_id in {first.trip, second.trip, other.trip}


def test_a_letter_that_was_changed_is_held_and_the_next_one_goes(engine: Engine) -> None:
    about = judged(engine)
    damaged = posted(engine, about)
    whole = posted(engine, judged(engine))
    with writing(engine) as c:
        body = "'\\x6162'" if engine.dialect.name == "postgresql" else "x'6162'"
        c.execute(text(f"UPDATE outbox SET body = {body} WHERE id = :id"), {"id": damaged})  # noqa: S608 - own constants
    assert claimed(engine).id == whole
    assert states(engine, about.trip) == ["hold"]


def test_every_state_is_counted(engine: Engine) -> None:
    with reading(engine) as c:
        assert outbox.counts(c) == dict.fromkeys(
            ("queued", "leased", "sent", "superseded", "dead", "hold"), 0
        )
