"""The calendar of a letter: read by a calendar program, one entry a flight, and nobody named in it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.reading import EVERY_LANGUAGE, told
from tests.mail.stories import BRAVO_REFUSED, STORIES, changed, cleared_return
from tests.mail.world import ALL_WELL, BRAVO, facts, journey, segment
from travelrisk.domain.itineraries import Moment, Place, Segment, Status
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.letters import LetterFacts, compose
from travelrisk.screening import explain
from travelrisk.telling.calendars import Answer, calendar

EVERY_STORY = pytest.mark.parametrize("story", sorted(STORIES))  # a reminder changes no calendar


def entries(ics: str) -> list[Any]:
    """Return the entries as a calendar program reads them."""
    read = icalendar.Calendar.from_ical(ics)
    assert not read.errors
    return list(read.walk("VEVENT"))


def timed(flight: Segment, departs: datetime, arrives: datetime | None) -> Segment:
    return replace(flight, departs=replace(flight.departs, utc=departs), arrives=Moment(utc=arrives))


@EVERY_STORY
@EVERY_LANGUAGE
def test_a_calendar_comes_where_one_may_fly_or_an_earlier_letter_said_so(
    story: str, language: Language
) -> None:
    one, letter = STORIES[story](), told(story, language)
    may_fly = one.advisory.verdict <= Verdict.CONDITIONAL
    assert bool(letter.calendar) is (may_fly or one.was is not None or one.replaces is not None)


@EVERY_STORY
@EVERY_LANGUAGE
def test_a_calendar_is_read_whole_and_folded_by_octets(story: str, language: Language) -> None:
    ics = told(story, language).calendar
    if not ics:
        return
    lines = ics.split("\r\n")
    assert lines.pop() == ""
    assert max(len(line.encode()) for line in lines) <= 75
    assert not any("\n" in line for line in lines)
    read = icalendar.Calendar.from_ical(ics)
    assert (read["METHOD"], read["VERSION"]) == ("PUBLISH", "2.0")
    flying = [each for each in STORIES[story]().advisory.segment_verdicts if each is not None]
    assert len([each for each in entries(ics) if each["STATUS"] != "CANCELLED"]) == len(flying)


@EVERY_STORY
@EVERY_LANGUAGE
def test_each_entry_says_the_answer_on_the_trip(story: str, language: Language) -> None:
    one = STORIES[story]()
    words = explain.verdict_words(one.advisory.verdict).in_language(language)
    for entry in entries(told(story, language).calendar or "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"):
        if entry["STATUS"] != "CANCELLED":
            assert entry["SUMMARY"].casefold().startswith(f"[{words}] x")
            assert entry["STATUS"] == (
                "CONFIRMED" if one.advisory.verdict <= Verdict.CONDITIONAL else "TENTATIVE"
            )
        assert words in entry["DESCRIPTION"].replace("\u00a0", " ")
        assert "TRIP" in entry["DESCRIPTION"]


@EVERY_STORY
def test_nobody_is_named_and_nothing_opens_the_trip(story: str) -> None:
    for language in LANGUAGES:
        unfolded = told(story, language).calendar.replace("\r\n ", "")
        for secret in ("alice", "ABC123", "http", "q3Jx0vT7mZ1nK8dR5yWb2A", "@example", "bob"):
            assert secret not in unfolded


def test_a_later_letter_changes_the_same_entry() -> None:
    first = facts(journey(segment(BRAVO)))
    later = changed(journey(segment(BRAVO)), ALL_WELL, BRAVO_REFUSED)
    (was,), (now,) = (entries(compose(each, "en").calendar) for each in (first, later))
    assert was["UID"] == now["UID"]
    assert (was["SEQUENCE"], now["SEQUENCE"]) == (0, 1)
    assert was["SUMMARY"] == "[Cleared] X2 707 FRA-ADD"
    assert now["SUMMARY"] == "[Not cleared] X2 707 FRA-ADD"


def test_a_review_after_a_clearance_changes_the_entry_too() -> None:
    one = replace(facts(journey(segment(BRAVO)), BRAVO_REFUSED), sequence=1)
    assert entries(compose(one, "en").calendar)[0]["SUMMARY"].startswith("[Not cleared]")


def test_a_cancelled_flight_is_marked_and_a_train_is_left_out() -> None:
    told_of = entries(compose(cleared_return(), "en").calendar)
    assert [(each["UID"], each["STATUS"]) for each in told_of] == [
        ("TR-7KQ2M9-2@travelrisk", "CANCELLED"),
        ("TR-7KQ2M9-3@travelrisk", "CONFIRMED"),
        ("TR-7KQ2M9-4@travelrisk", "CONFIRMED"),
    ]
    assert told_of[0]["SUMMARY"] == "[Cancelled] X1 709 FRA-ADD"


def test_all_flights_of_a_cancelled_trip_are_marked() -> None:
    one = facts(journey(segment()))
    ics = calendar([Answer(one.itinerary, one.advisory, "TR-7KQ2M9", 3, is_cancelled=True)], "en")
    assert [each["STATUS"] for each in entries(ics)] == ["CANCELLED"]


def test_times_are_in_utc_and_a_flight_without_one_fills_its_day() -> None:
    departs = datetime(2026, 12, 12, 20, 55, tzinfo=UTC)
    flights = (
        timed(segment(), departs, datetime(2026, 12, 13, 3, 10, tzinfo=UTC)),
        timed(segment(number="708", day=date(2026, 12, 14)), departs, None),
        timed(segment(number="709", day=date(2026, 12, 15)), departs, departs),
        segment(number="710", day=date(2026, 12, 16)),
    )
    first, open_end, no_time_between, whole_day = entries(
        compose(LetterFacts(**_as(facts(journey(*flights)), Verdict.CLEARED)), "en").calendar
    )
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (departs, datetime(2026, 12, 13, 3, 10, tzinfo=UTC))
    assert "DTEND" not in open_end
    assert "DTEND" not in no_time_between
    assert whole_day["DTSTART"].dt == date(2026, 12, 16)


def _as(one: LetterFacts, verdict: Verdict) -> dict[str, Any]:
    advisory = replace(one.advisory, verdict=verdict)
    return {
        "itinerary": one.itinerary,
        "advisory": advisory,
        "policy": one.policy,
        "trip_reference": one.trip_reference,
        "trip_url": one.trip_url,
    }


def test_a_flight_without_a_day_has_no_entry() -> None:
    one = facts(journey(replace(segment(), departs=Moment())))
    assert entries(compose(replace(one, sequence=1), "en").calendar) == []


NASTY = st.text(st.characters(codec="utf-8"), max_size=120)


@given(NASTY, st.sampled_from(LANGUAGES))
def test_foreign_words_bring_no_line_and_no_entry(words: str, language: Language) -> None:
    flight = replace(segment(), origin=Place(words), marketing=replace(segment().marketing, number=words))
    one = replace(facts(journey(flight, replace(segment(), status=Status.CANCELLED))), sequence=1)
    ics = compose(one, language).calendar
    assert len(entries(ics)) == ics.count("BEGIN:VEVENT\r\n") == 2
    assert max(len(line.encode()) for line in ics.split("\r\n")) <= 75


def test_a_feed_has_a_name() -> None:
    ics = calendar((), "fr", name="Voyages ; été, 2027")
    assert "X-WR-CALNAME:Voyages \\; été\\, 2027\r\n" in ics
    assert icalendar.Calendar.from_ical(ics)["METHOD"] == "PUBLISH"
