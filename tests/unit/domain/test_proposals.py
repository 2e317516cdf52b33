"""The life of a proposal: what can follow what, and that nothing else can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.proposals import Move, Status, after, moves_from

ENDS = {Status.PUBLISHED, Status.WITHDRAWN}


def walked(moves: list[Move]) -> list[Status]:
    """Return the statuses a draft goes through; moves that cannot be made are left out."""
    statuses = [Status.DRAFT]
    for move in moves:
        if move in moves_from(statuses[-1]):
            statuses.append(after(statuses[-1], move))
    return statuses


def test_the_usual_way() -> None:
    way = [Move.PROPOSE, Move.SIGN, Move.COMPLETE, Move.PUBLISH]
    assert [status.value for status in walked(way)] == [
        "draft", "proposed", "proposed", "signed", "published",
    ]  # fmt: skip


def test_whoever_edits_starts_anew() -> None:
    for status in (Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.RETURNED):
        assert after(status, Move.EDIT) is Status.DRAFT


@given(st.lists(st.sampled_from(Move), max_size=20))
def test_what_is_published_or_withdrawn_stays_so(moves: list[Move]) -> None:
    statuses = walked(moves)
    for index, status in enumerate(statuses):
        if status in ENDS:
            assert set(statuses[index:]) == {status}


@pytest.mark.threat(7)
@given(st.lists(st.sampled_from(Move), max_size=20))
def test_nothing_but_an_urgent_change_is_published_unsigned(moves: list[Move]) -> None:
    statuses = walked([move for move in moves if move is not Move.PUBLISH_URGENTLY])
    if Status.PUBLISHED in statuses:
        assert statuses[statuses.index(Status.PUBLISHED) - 1] is Status.SIGNED


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
def test_a_move_that_is_not_in_the_table_is_refused_in_words(status: Status, move: Move) -> None:
    if move in moves_from(status):
        assert after(status, move) in Status
    else:
        with pytest.raises(BadInputError, match=f"a proposal that is {status.value} cannot be moved"):
            after(status, move)
