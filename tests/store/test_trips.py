"""Trips, their documents and itineraries: found by whoever holds the token, and arrived once."""

import re
from threading import Barrier

import pytest
from sqlalchemy import Engine

from tests.store.samples import ALICE, NOON, itinerary, judge
from tests.store.test_database import at_once
from travelrisk.domain.errors import NotFoundError, StoreError
from travelrisk.store import arrivals, originals, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.shapes import sha256


def test_a_trip_is_found_by_its_token_and_its_reference(engine: Engine) -> None:
    with writing(engine) as c:
        trip = trips.new_trip(c, contact=ALICE, language="fr", at=NOON)
        trips.new_trip(c, contact="", language="en", at=NOON)
    with reading(engine) as c:
        assert trips.find(c, trip.token) == trip
        assert trips.by_reference(c, f" {trip.reference.lower()} ") == trip
        assert trips.by_id(c, trip.id) == trip
    assert re.fullmatch(r"TR-[2-9A-HJKMNP-TV-Z]{6}", trip.reference)
    assert re.fullmatch(r"[\w-]{22}", trip.token)


def test_references_and_tokens_do_not_repeat(engine: Engine) -> None:
    with writing(engine) as c:
        made = [trips.new_trip(c, contact="", language="en", at=NOON) for _ in range(200)]
    assert len({trip.reference for trip in made}) == len({trip.token for trip in made}) == 200


def test_a_reference_that_is_taken_is_drawn_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = iter("AAAAAAAAAAAABBBBBB")
    monkeypatch.setattr("travelrisk.store.trips.secrets.choice", lambda _: next(letters))
    with writing(engine) as c:
        made = [trips.new_trip(c, contact="", language="en", at=NOON).reference for _ in range(2)]
    assert made == ["TR-AAAAAA", "TR-BBBBBB"]


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 100_000, "\x00", "é\ud800", "' OR 1=1 --", "%", "TR-AAAAAA"]
)
def test_a_stranger_finds_nothing(engine: Engine, token: str) -> None:
    with writing(engine) as c:
        trips.new_trip(c, contact=ALICE, language="fr", at=NOON)
    with reading(engine) as c:
        assert trips.find(c, token) is None


def test_what_does_not_exist_is_not_found(engine: Engine) -> None:
    with reading(engine) as c:
        assert trips.by_reference(c, "TR-AAAAAA") is None
        with pytest.raises(NotFoundError):
            trips.by_id(c, 1)
        with pytest.raises(NotFoundError):
            trips.itinerary(c, 1)
        with pytest.raises(NotFoundError):
            originals.content(c, "0" * 64)


def test_a_document_is_kept_once(engine: Engine) -> None:
    with writing(engine) as c:
        sha = originals.keep(c, b"\x00\xff ticket", "ticket.eml", "message/rfc822", NOON)
        assert originals.keep(c, b"\x00\xff ticket", "other.eml", "", NOON) == sha
        assert originals.content(c, sha) == b"\x00\xff ticket"
        assert originals.known(c, sha)
        assert not originals.known(c, sha256("another"))


def test_an_itinerary_is_found_by_its_document_and_by_its_content(engine: Engine) -> None:
    with writing(engine) as c:
        sha = originals.keep(c, b"two bookings", "two.csv", "text/csv", NOON)
        trip = judge(c).trip
        ids = [
            trips.add_itinerary(c, trip, itinerary(locator), original=sha, position=position, at=NOON)
            for position, locator in ((1, "AAAAAA"), (0, "BBBBBB"))
        ]
    with reading(engine) as c:
        assert trips.itinerary(c, ids[0]) == itinerary("AAAAAA")
        found = arrivals.of_document(c, sha)
        assert [each[:3] for each in found] == [(trip, ids[1], 0), (trip, ids[0], 1)]
        assert arrivals.same_content(c, trips.content_sha256(itinerary("AAAAAA"))) == (found[1],)


def test_the_same_reading_arrives_once_and_another_reading_may_follow(engine: Engine) -> None:
    with writing(engine) as c:
        sha = originals.keep(c, b"x", "x", "", NOON)
        trip = judge(c).trip
        trips.add_itinerary(c, trip, itinerary(), original=sha, position=0, at=NOON)
        trips.add_itinerary(c, trip, itinerary("ZZZZZZ"), original=sha, position=0, at=NOON)
    with pytest.raises(StoreError), writing(engine) as c:
        trips.add_itinerary(c, trip, itinerary(), original=sha, position=0, at=NOON)


def test_itineraries_of_a_trip_are_listed_and_unjudged_ones_are_found(engine: Engine) -> None:
    with writing(engine) as c:
        judged = judge(c)
        (first,) = trips.history(c, judged.trip)
        assert trips.unjudged(c, 10) == ()
        second = trips.add_itinerary(c, judged.trip, itinerary(), original=None, position=0, at=NOON)
        assert trips.history(c, judged.trip) == (first, (second, NOON))
        assert trips.unjudged(c, 10) == (second,)
        assert trips.unjudged(c, 0) == ()


def test_two_doors_that_receive_the_same_document_make_one_arrival(engine: Engine) -> None:
    documents = [b"%d" % number for number in range(20)]
    with writing(engine) as c:
        for content in documents[::2]:  # every other one is known already, though nothing came out of it
            originals.keep(c, content, "", "", NOON)
    together = Barrier(2, timeout=10)

    def receive() -> None:
        for content in documents:
            together.wait()
            with writing(engine) as c:
                sha = originals.keep(c, content, "twice.eml", "", NOON)
                if arrivals.of_document(c, sha):
                    continue
                trip = trips.new_trip(c, contact=ALICE, language="en", at=NOON)
                trips.add_itinerary(c, trip.id, itinerary(trip.reference), original=sha, position=0, at=NOON)

    at_once(receive, receive)
    with reading(engine) as c:
        assert [len(arrivals.of_document(c, sha256(content))) for content in documents] == [1] * 20
