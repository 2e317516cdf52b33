"""Which changes loosen, what the desk refuses, and how exceptions are kept apart from ratings."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.screening.world import authorisation, caution, policy, rating
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.changes import Change, authorises, check, check_authorisations
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.loosening import gravity, loosens
from travelrisk.domain.ratings import Evidence, Rating, Record
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict

TODAY = date(2026, 11, 23)
SOURCE = Evidence("Notice of the authority", "notice", retrieved_on=TODAY)
EXCEPTION = authorisation("ETH", office="Nairobi", since=TODAY)
CONDITIONAL = replace(rating("carrier:ETH", "conditional", id="eth"), evidence=(SOURCE,))


def opening(*opened: Record, closing: tuple[Record, ...] = ()) -> Change:
    return Change(opened, closing, 0)


def refused(change: Change) -> str:
    with pytest.raises(BadInputError) as caught:
        check(change, change.closed, TODAY, policy())
    return str(caught.value)


def test_an_authorisation_loosens_and_its_end_does_not() -> None:
    assert gravity(EXCEPTION, policy()) is Verdict.CLEARED
    shorter = replace(EXCEPTION, id="exc-eth:2", valid_until=TODAY)
    for change, is_loosening, by_approvers in (
        (opening(EXCEPTION), True, True),
        (opening(closing=(EXCEPTION,)), False, False),
        (opening(shorter, closing=(EXCEPTION,)), True, True),
    ):
        check(change, (EXCEPTION,), TODAY, policy())
        assert loosens(change, policy()) is is_loosening
        assert authorises(change) is by_approvers


@pytest.mark.parametrize(
    ("record", "is_loosening"),
    [
        (caution("country:ET", "conditional"), True),
        (caution("state:ET", "conditional"), True),
        (caution("carrier:ETH", "conditional"), True),
        (rating("airport:ADD", "conditional"), True),  # its country may be recommended
        (rating("country:ET", "conditional"), True),
        (rating("route:ADD-FRA", "conditional"), True),
        (rating("carrier:ETH", "conditional"), False),  # it is not rated then, which asks for a review
        (rating("carrier:ETH"), False),
        (rating("airport:ADD"), False),
        (rating("carrier:ETH", "not_recommended"), True),
    ],
    ids=str,
)
def test_what_warns_is_not_taken_away_as_if_that_were_stricter(record: Record, *, is_loosening: bool) -> None:
    assert loosens(opening(closing=(record,)), policy()) is is_loosening


@pytest.mark.parametrize("effect", ["conditional", "review", "not_cleared"])
@pytest.mark.parametrize("subject", ["state:ET", "country:ET", "carrier:ETH", "airport:ADD", "route:ADD-FRA"])
def test_a_new_caution_makes_nothing_easier(subject: str, effect: str) -> None:
    assert not loosens(opening(caution(subject, effect)), policy())


def test_a_mild_caution_in_the_place_of_another_record_loosens() -> None:
    was = caution("state:ET", "conditional", until=TODAY, id="c")
    for before in (was, replace(was, effect=Verdict.REVIEW), rating("carrier:ETH", id="c")):
        longer = replace(was, id="c:2", valid_until=None)  # after its last day it asked for a review
        assert loosens(opening(longer, closing=(before,)), policy())


def test_an_authorisation_in_the_place_of_a_rating_loosens() -> None:
    refusal = rating("carrier:ETH", "not_recommended", id="exc-eth")
    assert loosens(opening(EXCEPTION, closing=(refusal,)), policy())


def test_exceptions_and_ratings_are_two_changes() -> None:
    assert refused(opening(EXCEPTION, CONDITIONAL)).startswith("eth: is no authorisation")
    assert refused(opening(EXCEPTION, closing=(CONDITIONAL,))).startswith("eth: is no authorisation")


def test_an_authorisation_may_be_revoked_together_with_a_stricter_rating() -> None:
    stricter = replace(rating("carrier:ETH", "not_recommended", id="eth:2"), evidence=(SOURCE,))
    change = opening(stricter, closing=(CONDITIONAL, EXCEPTION))
    check(change, (CONDITIONAL, EXCEPTION), TODAY, policy())
    assert not loosens(change, policy())


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"office": ""}, "office: a blanket authorisation is for one office"),
        ({"trip": "TR-7KQ2M9"}, "trip: a blanket authorisation is for an office"),
        ({"kind": AuthorisationKind.AD_HOC}, "trip: an ad-hoc authorisation is for one trip"),
        ({"need": " "}, "need: "),
        ({"alternatives_tried": ""}, "alternatives_tried: "),
        ({"mitigation": ""}, "mitigation: "),
        ({"conditions": Texts(fr="De jour.")}, "conditions: say in English"),
        ({"approved_by": ""}, "approved_by: name who"),
        ({"approved_by": " Bob"}, "approved_by: nobody approves what they prepared"),
        ({"valid_until": TODAY + timedelta(days=365)}, "valid_until 2027-11-23: it would last 366 days"),
        ({"valid_until": TODAY - timedelta(days=1)}, "valid_until 2026-11-22 lies before valid_from"),
        (
            {"valid_from": TODAY - timedelta(days=9), "valid_until": TODAY - timedelta(days=1)},
            "valid_until 2026-11-22 is past",
        ),
    ],
)
def test_an_authorisation_states_its_scope_its_end_its_grounds_and_its_approver(
    fields: dict[str, Any], says: str
) -> None:
    assert refused(opening(replace(EXCEPTION, **fields))).startswith(f"exc-eth: {says}")


def test_an_authorisation_may_last_as_long_as_the_policy_allows() -> None:
    year = replace(EXCEPTION, valid_until=TODAY + timedelta(days=364))
    check(opening(year), (), TODAY, policy())
    with pytest.raises(BadInputError, match="the policy allows 30"):
        check(opening(year), (), TODAY, replace(policy(), longest_authorisation_days=30))


def test_an_import_takes_what_is_past_but_nothing_that_is_not_stated() -> None:
    past: Authorisation = replace(EXCEPTION, valid_from=date(2025, 1, 1), valid_until=date(2025, 6, 1))
    check_authorisations(opening(past, CONDITIONAL), policy())
    with pytest.raises(BadInputError, match="need: "):
        check_authorisations(opening(replace(past, need="")), policy())


def test_a_finding_that_does_not_fit_its_factor_is_refused() -> None:
    wrong = replace(SOURCE, kind="iasa", value="category_3")
    said = refused(opening(replace(CONDITIONAL, evidence=(SOURCE, wrong))))
    assert said.startswith("eth: evidence 2: value: 'category_3'")


def test_a_review_that_is_past_already_is_refused() -> None:
    assert refused(opening(replace(CONDITIONAL, review_on=TODAY - timedelta(days=1)))).startswith(
        "eth: review_on 2026-11-22 is past"
    )
    check(opening(replace(CONDITIONAL, review_on=TODAY)), (), TODAY, policy())


@pytest.mark.parametrize(
    ("before", "after", "is_loosening"),
    [
        (None, date(2027, 1, 1), False),
        (date(2027, 1, 1), date(2027, 1, 1), False),
        (date(2027, 1, 1), date(2026, 12, 1), False),
        (date(2027, 1, 1), date(2027, 1, 2), True),
        (date(2027, 1, 1), None, True),
    ],
)
def test_to_put_a_review_off_is_to_loosen(
    before: date | None, after: date | None, *, is_loosening: bool
) -> None:
    was: Rating = replace(CONDITIONAL, review_on=before)
    now = replace(CONDITIONAL, id="eth:2", review_on=after)
    assert loosens(opening(now, closing=(was,)), policy()) is is_loosening
