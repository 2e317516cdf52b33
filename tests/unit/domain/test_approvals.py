"""Who must approve an exception: thresholds of the policy add up, and nothing graver needs fewer people."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.approvals import Approval, Threshold, approval
from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_policy, policy_of

AD_HOC, BLANKET = AuthorisationKind.AD_HOC, AuthorisationKind.BLANKET
ROWS = (
    Threshold(1),
    Threshold(2, BLANKET, Verdict.NOT_CLEARED, 90),
    Threshold(1, office="Headquarters", longer_than_days=30),
)
THRESHOLDS = st.lists(
    st.builds(
        Threshold,
        approvals=st.integers(1, 9),
        kind=st.sampled_from([None, *AuthorisationKind]),
        lifts=st.sampled_from(list(Verdict)),
        longer_than_days=st.integers(0, 730),
        office=st.sampled_from(["", "Headquarters", "Nairobi"]),
    )
)


@pytest.mark.parametrize(
    ("kind", "lifts", "days", "needed"),
    [
        (AD_HOC, Verdict.NOT_CLEARED, 30, Approval(1)),
        (AD_HOC, Verdict.NOT_CLEARED, 31, Approval(1, frozenset({"Headquarters"}))),
        (BLANKET, Verdict.NOT_CLEARED, 90, Approval(1, frozenset({"Headquarters"}))),
        (BLANKET, Verdict.NOT_CLEARED, 91, Approval(2, frozenset({"Headquarters"}))),
        (BLANKET, Verdict.REVIEW, 91, Approval(1, frozenset({"Headquarters"}))),
    ],
)
def test_all_rows_that_fit_hold_together(
    kind: AuthorisationKind, lifts: Verdict, days: int, needed: Approval
) -> None:
    assert approval(ROWS, kind, lifts, days) == needed


@given(THRESHOLDS, st.sampled_from(AuthorisationKind), st.sampled_from(list(Verdict)), st.integers(1, 730))
def test_there_is_always_one_approver(
    rows: list[Threshold], kind: AuthorisationKind, lifts: Verdict, days: int
) -> None:
    assert approval(rows, kind, lifts, days).approvals >= 1


@given(THRESHOLDS, st.sampled_from(AuthorisationKind), st.integers(1, 700), st.integers(0, 30))
def test_what_is_graver_or_longer_never_needs_fewer(
    rows: list[Threshold], kind: AuthorisationKind, days: int, more: int
) -> None:
    for milder, graver in pairwise(sorted(Verdict)):
        less, most = approval(rows, kind, milder, days), approval(rows, kind, graver, days + more)
        assert less.approvals <= most.approvals
        assert less.offices <= most.offices


def test_an_office_is_among_them_whatever_its_letters() -> None:
    needed = Approval(1, frozenset({"Headquarters"}))
    assert needed.missing_offices(["Nairobi", ""]) == {"Headquarters"}
    assert needed.missing_offices(["Nairobi", " HEADQUARTERS"]) == frozenset()


def test_no_row_asks_for_nobody() -> None:
    with pytest.raises(BadInputError, match="at least one approver"):
        Threshold(0)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("approvals = 0", r"exceptions\.approval\.\d+\.approvals"),
        ("kind = 'ad_hoc'", r"exceptions\.approval\.\d+\.approvals"),
        ("approvals = 1\nkind = 'for_ever'", r"exceptions\.approval\.\d+\.kind"),
        ("approvals = 1\nlifts = 'maybe'", r"exceptions\.approval\.\d+\.lifts: .*none of cleared"),
        ("approvals = 1\nlonger_than_days = -1", r"exceptions\.approval\.\d+\.longer_than_days"),
        ("approvals = 1\nby = 'frank'", r"exceptions\.approval\.\d+\.by"),
    ],
)
def test_a_row_of_the_policy_that_cannot_be_used_is_named(row: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        policy_of(f"{load_policy().text}\n[[exceptions.approval]]\n{row}\n")


def test_the_policy_that_ships_asks_more_for_what_reaches_far() -> None:
    rows = load_policy().policy.approvals
    assert approval(rows, AD_HOC, Verdict.NOT_CLEARED, 365).approvals == 1
    assert approval(rows, BLANKET, Verdict.REVIEW, 365).approvals == 1
    assert approval(rows, BLANKET, Verdict.NOT_CLEARED, 271).approvals == 2
