"""What rests on a source that was not read for too long is never cleared as if it had been."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.screening.test_laws import SKY, on_record, some_segments
from tests.unit.screening.world import AT, GOOD, itinerary, policy, rating, segment, snapshot, stale
from travelrisk.domain.advisories import Advisory, difference
from travelrisk.domain.changes import Change
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Caution, Evidence, Rating, Record
from travelrisk.domain.staleness import StaleSource
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.effect import applied
from travelrisk.screening.engine import screen
from travelrisk.screening.rules import freshness

EASA = stale("EASA CZIB", date(2026, 11, 20))
FCDO = stale("FCDO travel advice", date(2026, 11, 21))
PLAIN = itinerary(segment("ET 707 FRA ADD 2026-12-12T22:30 2026-12-13T06:10", operator="Ethiopian Airlines"))
BASES = ("EASA CZIB", "easa czib", "FCDO travel advice", "registry", "")


def judged(
    *records: Record, by: Policy | None = None, sources: tuple[StaleSource, ...] = (EASA,)
) -> Advisory:
    return screen(PLAIN, replace(snapshot(*GOOD, *records), stale=sources), by or policy(), AT)


def resting(records: tuple[Record, ...], kinds: list[str]) -> tuple[Record, ...]:
    """Give each record its evidence, of these kinds in turn."""
    return tuple(
        replace(each, evidence=(Evidence("Read", kind),)) if isinstance(each, Rating | Caution) else each
        for each, kind in zip(records, kinds, strict=True)
    )


@given(
    some_segments,
    on_record,
    st.lists(st.sampled_from(BASES), min_size=12, max_size=12),
    st.sampled_from((Verdict.CLEARED, Verdict.CONDITIONAL, Verdict.REVIEW)),
)
def test_a_source_that_grows_stale_never_makes_a_verdict_better_and_clears_nothing_that_rests_on_it(
    fly: tuple[DraftSegment, ...], on: tuple[Record, ...], kinds: list[str], asks: Verdict
) -> None:
    trip, rules = itinerary(*fly), replace(policy(), stale_source=asks)
    fresh = snapshot(*resting(on, kinds[: len(on)]), *SKY)
    before, one, both = (
        screen(trip, replace(fresh, stale=sources), rules, AT) for sources in ((), (EASA,), (EASA, FCDO))
    )
    assert before.verdict <= one.verdict <= both.verdict
    pairs = zip(before.segment_verdicts, both.segment_verdicts, strict=True)
    assert all(was is None or (now is not None and was <= now) for was, now in pairs)
    assert [each for each in both.findings if each.rule != "stale_sources"] == list(before.findings)
    for finding in both.findings:
        record, segment_at = finding.record, finding.segment
        kinds_of = [each.kind for each in record.evidence] if isinstance(record, Rating | Caution) else []
        if finding.effect is Verdict.CLEARED and any(EASA.gave(kind) or FCDO.gave(kind) for kind in kinds_of):
            now = None if segment_at is None else both.segment_verdicts[segment_at]
            assert now is not None
            assert now >= asks


@pytest.mark.parametrize("word", ["conditional", "review", "not_cleared"])
def test_the_verdict_is_that_of_the_policy(word: str) -> None:
    asks = Verdict.from_word(word)
    found = judged(rating("country:ET", rests_on="EASA CZIB"), by=replace(policy(), stale_source=asks))
    assert found.verdict is asks


def test_each_record_is_told_once_a_flight_with_each_source_it_rests_on() -> None:
    both = replace(
        rating("country:ET"), evidence=(Evidence("A", "EASA CZIB"), Evidence("B", "FCDO travel advice"))
    )
    found = judged(both, sources=(EASA, FCDO)).reasons()
    assert [(each.code, each.record, dict(each.slots)["day"]) for each in found] == [
        ("source.stale", both, EASA.since),
        ("source.stale", both, FCDO.since),
    ]
    assert judged(rating("country:ET", rests_on="EASA CZIB"), sources=(FCDO,)).verdict is Verdict.CLEARED


def test_evidence_without_a_kind_comes_from_no_source() -> None:
    assert not EASA.gave("")
    assert not stale("", EASA.since, "nameless").gave("")


def test_an_alternate_is_a_condition_at_most() -> None:
    sky = replace(policy().sky, alternates={"ADD": ("NBO",)})
    rules = replace(policy(), sky=sky, stale_source=Verdict.REVIEW)
    good = tuple(each for each in GOOD if each.subject.key != "NBO")
    on = replace(snapshot(*good, rating("airport:NBO", rests_on="EASA CZIB")), stale=(EASA,))
    assert screen(PLAIN, on, rules, AT).verdict is Verdict.CONDITIONAL


def test_a_look_at_the_sources_that_fails_is_a_review(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "Rating", None)
    found = judged(rating("country:ET", rests_on="EASA CZIB"))
    assert (found.verdict, found.findings[0].code) == (Verdict.REVIEW, "rule.failed")
    assert found.findings[0].matched == "stale_sources"


def test_what_would_be_believed_after_a_change_rests_on_the_same_sources() -> None:
    now = replace(snapshot(*GOOD), stale=(EASA,))
    assert applied(now, Change((rating("country:ET"),), (), 1)).stale == (EASA,)


def test_a_reader_is_told_when_a_source_was_read_and_fell_silent_again() -> None:
    record = rating("country:ET", rests_on="EASA CZIB")
    was, now = (judged(record, sources=(EASA._replace(since=each),)) for each in (EASA.since, FCDO.since))
    found = difference(was, now)
    assert found is not None
    assert [each.code for each in (*found.gone, *found.new)] == ["source.stale"] * 2
    assert difference(was, was) is None


def test_the_advisory_keeps_which_sources_were_stale() -> None:
    assert judged(sources=(EASA, FCDO)).stale == (EASA, FCDO)
