"""What is stored comes back equal, to the last bit."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.samples import advisory, authorisation, caution, itinerary, rating, service
from travelrisk.domain.advisories import Advisory, Finding
from travelrisk.domain.errors import BadInputError, StoreError
from travelrisk.domain.itineraries import Itinerary, Place, Segment
from travelrisk.domain.places import Airport
from travelrisk.domain.ratings import Rating, Record
from travelrisk.domain.staleness import StaleSource
from travelrisk.domain.texts import Texts
from travelrisk.store.shapes import (
    advisory_from,
    canonical,
    itinerary_from,
    record_from,
    record_text,
    sha256,
)

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SLOTS = st.tuples(WORDS, WORDS | st.integers() | st.dates() | st.builds(Texts, WORDS, WORDS, WORDS))
AIRPORTS = st.builds(Airport, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180), scheduled=...)
PLACES = st.builds(
    Place, text=..., airport=st.none() | AIRPORTS, candidates=st.lists(AIRPORTS, max_size=2).map(tuple)
)
SEGMENTS = st.builds(
    Segment,
    marketing=...,
    operating=...,
    origin=PLACES,
    destination=PLACES,
    departs=...,
    arrives=...,
    mode=...,
    status=...,
    stops=st.lists(PLACES, max_size=2).map(tuple),
    aircraft_owner=...,
)
ITINERARIES = st.builds(
    Itinerary,
    segments=st.lists(SEGMENTS, max_size=2).map(tuple),
    travellers=...,
    locators=...,
    questions=...,
    unread=...,
    outcome=...,
    context_date=...,
)
RECORDS: tuple[Record, ...] = (rating("r"), caution("c"), service("s"), authorisation("a"))


@given(st.builds(Finding, record=st.none() | st.sampled_from(RECORDS), slots=st.lists(SLOTS).map(tuple)))
def test_a_finding_of_any_kind_comes_back_equal(finding: Finding) -> None:
    whole = advisory()
    one = Advisory(whole.verdict, (finding,), (), whole.outcome, 1, "p", "e", whole.at)
    assert advisory_from(canonical(one)) == one
    assert [type(slot) for _, slot in finding.slots] == [
        type(slot) for _, slot in advisory_from(canonical(one)).findings[0].slots
    ]


@given(ITINERARIES)
def test_an_itinerary_of_any_kind_comes_back_equal(anything: Itinerary) -> None:
    assert itinerary_from(canonical(anything)) == anything


def test_a_word_that_looks_like_a_day_stays_a_word() -> None:
    finding = Finding(
        "c", advisory().verdict, None, "r", slots=(("word", "2026-11-02"), ("day", date(2026, 11, 2)))
    )
    one = Advisory(finding.effect, (finding,), (), advisory().outcome, 1, "p", "e", advisory().at)
    assert advisory_from(canonical(one)).findings[0].slots == finding.slots


def test_a_full_advisory_and_a_full_itinerary_come_back_equal() -> None:
    assert advisory_from(canonical(advisory())) == advisory()
    assert itinerary_from(canonical(itinerary())) == itinerary()


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_comes_back_with_the_editions_of_its_columns(record: Record) -> None:
    assert record_from(record_text(record), 0, None) == record
    assert record_from(record_text(record), 3, 7).closed_in == 7
    assert "closed_in" not in record_text(record)


def test_what_was_stored_before_a_field_was_added_is_read() -> None:
    record = json.loads(record_text(rating("r")))
    for added in ("review_on", "aoc"):
        del record[added]
    for evidence in record["evidence"]:
        for added in ("value", "limits", "file"):
            del evidence[added]
    read = record_from(json.dumps(record), 0, None)
    assert isinstance(read, Rating)
    assert (read.review_on, read.aoc) == (None, "")
    assert {(each.value, each.limits, each.file) for each in read.evidence} == {("", (), "")}
    stored = json.loads(canonical(advisory()))
    for finding in stored["findings"]:
        del finding["carrier"]
    assert advisory_from(json.dumps(stored)) == advisory()


def test_an_advisory_of_fresh_sources_has_the_text_it_always_had_and_stale_ones_come_back() -> None:
    assert "stale" not in json.loads(canonical(advisory()))
    source = StaleSource("easa_czib", Texts("a", "b", "c"), "easa czib", date(2026, 11, 20))
    stale = replace(advisory(), stale=(source,))
    assert advisory_from(canonical(stale)) == stale
    assert advisory_from(canonical(advisory())).stale == ()


def test_equal_values_have_equal_text() -> None:
    assert canonical(itinerary()) == canonical(itinerary())
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'
    assert sha256("é") == sha256("é".encode())


def test_half_a_character_is_refused_before_anything_is_written() -> None:
    with pytest.raises(BadInputError, match=r"save the document as UTF-8"):
        canonical({"text": "\ud800"})


def test_what_has_no_shape_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match=r"object"):
        canonical({"what": object()})


def test_a_stored_value_that_does_not_fit_says_where() -> None:
    text = canonical(itinerary()).replace('"status":"held"', '"status":"up in the air"')
    with pytest.raises(StoreError, match=r"stored itinerary cannot be read at segments\.0\.status") as caught:
        itinerary_from(text)
    assert "up in the air" not in str(caught.value)
