"""Was -> is: only what differs, field by field, both ways alike."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.changes import Change, difference
from travelrisk.domain.differences import Difference, differences, flat, pairs
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Service, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict

DAY = date(2026, 11, 23)
AUDIT = Evidence("Audit report", "iosa", "https://example.org/a", DAY, date(2027, 1, 1))
RATING = Rating(
    "eth",
    Subject(SubjectKind.CARRIER, "ETH"),
    Level.CONDITIONAL,
    DAY,
    None,
    "Alice",
    DAY,
    Texts("Audited.", "Audité."),
    Texts("Daylight only."),
    (AUDIT,),
)
CAUTION = Caution(
    "et", Subject(SubjectKind.STATE, "ET"), Verdict.REVIEW, DAY, None, "Alice", DAY, Texts("x"), ("ETH",)
)
SERVICE = Service("s", "ETH", ("ADD", "FRA"), DAY, None, "timetable", "Alice", DAY)

texts = st.builds(Texts, st.sampled_from(["", "a", "b"]), st.sampled_from(["", "c"]))
ratings = st.builds(
    replace,
    st.just(RATING),
    level=st.sampled_from(Level),
    valid_until=st.none() | st.just(date(2027, 6, 30)),
    reason=texts,
    condition=texts,
    evidence=st.sampled_from([(), (AUDIT,), (replace(AUDIT, valid_until=None),)]),
)


def test_each_field_that_differs_is_named_with_was_and_is() -> None:
    now = replace(
        RATING,
        level=Level.NOT_RECOMMENDED,
        valid_until=date(2027, 6, 30),
        condition=Texts(),
        evidence=(replace(AUDIT, valid_until=None),),
    )
    assert differences(RATING, now) == (
        Difference("level", "conditional", "not_recommended"),
        Difference("valid_until", "", "2027-06-30"),
        Difference(
            "evidence: Audit report",
            "kind iosa, url https://example.org/a, retrieved_on 2026-11-23, valid_until 2027-01-01",
            "kind iosa, url https://example.org/a, retrieved_on 2026-11-23",
        ),
        Difference("condition.en", "Daylight only.", ""),
    )


@given(ratings, ratings)
def test_equal_records_do_not_differ_and_the_way_back_is_the_mirror(one: Rating, other: Rating) -> None:
    assert differences(one, one) == ()
    there, back = differences(one, other), differences(other, one)
    assert {(each.field, each.was, each.now) for each in there} == {
        (each.field, each.now, each.was) for each in back
    }
    assert bool(there) is (flat(one) != flat(other))


def test_who_set_it_and_its_editions_are_no_content() -> None:
    assert differences(RATING, replace(RATING, set_by="Bob", opened_in=3, closed_in=4, id="eth:2")) == ()


def test_every_kind_of_record_is_told_in_full() -> None:
    assert flat(CAUTION)["exceptions"] == "ETH"
    assert flat(CAUTION)["effect"] == "review"
    assert flat(SERVICE)["pair"] == "ADD, FRA"


def test_a_change_is_told_record_by_record() -> None:
    worse = replace(RATING, level=Level.NOT_RECOMMENDED)
    change = difference([RATING, SERVICE], [worse, CAUTION], {"eth": 1, "s": 1}, complete=True)
    told = {pair.either.record: (pair.was is not None, pair.now is not None) for pair in pairs(change)}
    assert told == {"rating": (True, True), "caution": (False, True), "service": (True, False)}
    assert pairs(Change((), (), 0)) == ()
