"""Who must sign: laws over all lists of signatures, and the demands that are refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.signoffs import (
    Requirement,
    Signature,
    Sought,
    Weight,
    check_can_be_met,
    counted,
    missing,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PEOPLE = ("alice", "bob", "charlie", "dana")

people = st.sampled_from(PEOPLE)
contents = st.sampled_from(("aa", "bb"))
editions = st.integers(1, 3)
signature = st.builds(Signature, people, contents, editions, st.just(NOON))
signatures = st.lists(signature, max_size=8)
sought = st.builds(Sought, people, st.sampled_from(Weight), contents, editions)
able = st.frozensets(people)
requirement = st.integers(1, 3).flatmap(
    lambda few: st.builds(Requirement, st.just(few), st.integers(few + 1, 4), st.integers(1, 4))
)


@given(sought, signatures, able)
def test_the_author_never_counts(sought: Sought, given_: list[Signature], able: frozenset[str]) -> None:
    assert sought.author not in {each.person for each in counted(sought, given_, able)}


@pytest.mark.threat(5)
@given(sought, signatures, able)
def test_each_person_counts_once_and_only_with_the_right_to_sign(
    sought: Sought, given_: list[Signature], able: frozenset[str]
) -> None:
    names = [each.person for each in counted(sought, given_, able)]
    assert len(names) == len(set(names))
    assert set(names) <= able


@given(sought, signatures, able, requirement)
def test_signatures_lapse_when_the_base_moves_or_the_content_changes(
    sought: Sought, given_: list[Signature], able: frozenset[str], requirement: Requirement
) -> None:
    moved = replace(sought, base_edition=99)
    edited = replace(sought, content_sha256="cc")
    for lapsed in (moved, edited):
        assert counted(lapsed, given_, able) == ()
        assert missing(lapsed, given_, able, requirement) == requirement.signatures(sought.weight)


@given(sought, signatures, signature, able, requirement)
def test_one_more_signature_never_asks_for_more_and_gives_at_most_one(
    sought: Sought, given_: list[Signature], one: Signature, able: frozenset[str], requirement: Requirement
) -> None:
    before = missing(sought, given_, able, requirement)
    after = missing(sought, [*given_, one], able, requirement)
    assert before - 1 <= after <= before


@given(sought, signatures, able, requirement, st.randoms())
def test_order_does_not_matter(
    sought: Sought, given_: list[Signature], able: frozenset[str], requirement: Requirement, dice: Random
) -> None:
    shuffled = dice.sample(given_, len(given_))
    assert missing(sought, given_, able, requirement) == missing(sought, shuffled, able, requirement)


@pytest.mark.threat(7)
@given(sought, signatures, able, requirement)
def test_what_may_be_published_was_agreed_by_others_than_its_author(
    sought: Sought, given_: list[Signature], able: frozenset[str], requirement: Requirement
) -> None:
    if missing(sought, given_, able, requirement) == 0:
        wanted = (sought.content_sha256, sought.base_edition)
        agreed = {each.person for each in given_ if (each.content_sha256, each.base_edition) == wanted}
        assert len((agreed & able) - {sought.author}) >= requirement.signatures(sought.weight)


@given(requirement)
def test_loosening_takes_more_people_and_the_demand_guards_itself(requirement: Requirement) -> None:
    loosening = requirement.signatures(Weight.LOOSENING)
    assert loosening > requirement.signatures(Weight.TIGHTENING) >= 1
    assert requirement.signatures(Weight.REQUIREMENT) >= loosening


@given(requirement, sought, signatures, able)
def test_a_new_demand_needs_all_that_the_old_one_asks_for_anything(
    old: Requirement, sought: Sought, given_: list[Signature], able: frozenset[str]
) -> None:
    if missing(replace(sought, weight=Weight.REQUIREMENT), given_, able, old) == 0:
        assert all(missing(replace(sought, weight=weight), given_, able, old) == 0 for weight in Weight)


@pytest.mark.parametrize(
    ("tightening", "loosening", "exception", "hours", "words"),
    [
        (0, 2, 1, 24, "at least one signature"),
        (1, 1, 1, 24, "more signatures than making it stricter"),
        (2, 1, 1, 24, "more signatures than making it stricter"),
        (1, 2, 0, 24, "at least one signature"),
        (1, 2, 1, 0, "within 1 to 336 hours"),
        (1, 2, 1, 337, "within 1 to 336 hours"),
    ],
)
def test_a_demand_under_which_somebody_acts_alone_is_refused(
    tightening: int, loosening: int, exception: int, hours: int, words: str
) -> None:
    with pytest.raises(BadInputError, match=words):
        Requirement(tightening, loosening, exception, hours)


def test_a_demand_that_nobody_could_meet_is_refused() -> None:
    check_can_be_met(Requirement(1, 2, 1), signers=3, approvers=1)
    with pytest.raises(BadInputError, match="only 2 people may sign"):
        check_can_be_met(Requirement(1, 2, 1), signers=2, approvers=1)
    with pytest.raises(BadInputError, match="only 0 people may approve"):
        check_can_be_met(Requirement(1, 2, 1), signers=3, approvers=0)


def test_the_countersignature_is_due_after_the_hours_of_the_policy() -> None:
    assert Requirement(countersign_hours=24).countersign_by(NOON) == NOON + timedelta(hours=24)
