"""A refusal is told by what it is and where, never by its words: the same in three languages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.services.test_proposals import DAY, SOURCE, caution, rating
from travelrisk.domain.changes import change_of, check
from travelrisk.domain.errors import BadInputError, ForbiddenError, Refusal
from travelrisk.domain.ratings import Evidence, Level, Rating, Record
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.reference import load_policy
from travelrisk.web.focal.faults import Fault, fault_in_editor, fault_of
from travelrisk.web.words import speaker

ETH = rating(Level.RECOMMENDED)
LISTED = replace(SOURCE, kind="eu_air_safety_list", value="annex_b")
FLEET = replace(SOURCE, kind="fleet_size", value="12")


def on(*evidence: Evidence) -> Rating:
    return replace(ETH, evidence=evidence)


REFUSED: Mapping[str, tuple[Record, Refusal]] = {
    "valid_until": (replace(ETH, valid_until=date(2025, 1, 1)), Refusal.ENDS_BEFORE),
    "review_on": (replace(ETH, review_on=DAY - timedelta(days=1)), Refusal.REVIEW_PAST),
    "condition_en": (replace(ETH, level=Level.CONDITIONAL), Refusal.NO_CONDITION),
    "text_en": (replace(caution(), text=Texts()), Refusal.NO_TEXT),
    "source-0-title": (on(), Refusal.NO_SOURCE),
    "source-1-retrieved_on": (on(SOURCE, replace(SOURCE, retrieved_on=None)), Refusal.NO_RETRIEVAL),
    "source-0-limits": (on(LISTED), Refusal.LIMITS_MISSING),
    "source-1-value": (on(SOURCE, replace(LISTED, value="annex_c")), Refusal.FINDING_WORDS),
    "source-0-value": (on(replace(FLEET, value="6000")), Refusal.FINDING_MOST),
}


def refused(*wanted: Record, now: tuple[Record, ...] = ()) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        check(change_of(wanted, (), now, {}), now, DAY, load_policy().policy)
    return caught.value


def said(fault: Fault) -> set[str]:
    return {speaker(language)(fault.key, **fault.slots) for language in LANGUAGES}


@pytest.mark.parametrize("field", REFUSED)
def test_each_is_tied_to_its_field_in_three_languages(field: str) -> None:
    record, refusal = REFUSED[field]
    error = refused(record)
    fault = fault_in_editor(error)
    assert (error.refusal, fault.field) == (refusal, field)
    assert len(said(fault)) == 3


def test_another_rating_of_the_same_days_is_named() -> None:
    fault = fault_in_editor(refused(replace(ETH, id="eth-new"), now=(ETH,)))
    assert fault == Fault("valid_from", "error_overlaps", {"record": "eth"})
    assert all("eth" in text for text in said(fault))


def test_what_the_desk_has_no_text_for_stays_english_and_keeps_its_place() -> None:
    assert fault_of(BadInputError("x: y"), "acts") == Fault("acts", english="x: y")
    assert fault_of(ForbiddenError("Alice may not"), "acts", "error_role") == Fault("acts", "error_role")
    assert fault_in_editor(BadInputError("z")) == Fault("why", english="z")
