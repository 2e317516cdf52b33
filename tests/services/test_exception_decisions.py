"""Deciding on exceptions: who may approve or refuse, how many it takes, and on what they looked at."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from tests.services.asked import FIRST, STAFF, asked, effect_of, for_trip, looked, sent, trip
from tests.services.conftest import publish
from tests.services.test_exceptions import employ
from travelrisk.domain.approvals import Threshold
from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.errors import (
    BadInputError,
    ChangedMeanwhileError,
    ForbiddenError,
    TravelriskError,
)
from travelrisk.domain.proposals import Proposal, Status
from travelrisk.domain.signoffs import Signature, Weight
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.desk import queue
from travelrisk.services.exceptions import asking, deciding, ledger
from travelrisk.services.exceptions.background import can_be_met
from travelrisk.services.exceptions.ledger import State
from travelrisk.services.proposals import drafting
from travelrisk.services.proposals.standing import standing
from travelrisk.store import proposals, ratings
from travelrisk.store.database import reading, writing


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Application:
    """Give a service on which Ethiopian Airlines is not recommended, and staff of every role."""
    publish(app, tmp_path, "not_recommended")
    employ(app, **STAFF)
    return app


def test_the_approval_that_was_missing_puts_it_in_force_under_the_name_of_who_decided(
    desk: Application,
) -> None:
    reference = trip(desk)
    proposal = sent(desk, for_trip(reference))
    assert (proposal.weight, proposal.status) == (Weight.EXCEPTION, Status.PROPOSED)
    waiting = queue.waiting(desk, "frank").counts
    assert [kind.value for kind, count in waiting.items() if count] == ["exception"]
    done = deciding.approve(desk, "frank", proposal.reference, looked(desk, proposal), note="Agreed.")
    assert (done.status, done.edition) == (Status.PUBLISHED, 2)
    with reading(desk.engine) as c:
        (record,) = ratings.snapshot(c).authorisations["ETH"]
        assert ratings.edition_facts(c, 2).actor == "Heidi, signed by Frank"
    assert (record.approved_by, record.set_by) == ("Frank", "Heidi")
    assert (record.trip, record.office, record.route) == (reference, "", "ADD-FRA")
    told = ledger.story(desk, "heidi", done.reference)
    assert [step.move.value for step in told.life] == ["edit", "propose", "sign", "publish"]
    assert told.entry.state is State.NOT_YET_VALID


def test_it_turns_exactly_its_scope_conditional(desk: Application) -> None:
    mine, other = trip(desk, 12), trip(desk, 13)
    proposal = sent(desk, for_trip(mine))
    found = effect_of(desk, proposal)
    assert [(each.trip, each.was, each.now) for each in found.listed] == [
        (mine, Verdict.NOT_CLEARED, Verdict.CONDITIONAL)
    ]
    assert found.screened == 2
    assert other not in {each.trip for each in found.listed}


@pytest.mark.parametrize("approver", ["heidi", "bob", "alice", "erin"])
def test_nobody_but_another_approver_approves_or_refuses(desk: Application, approver: str) -> None:
    proposal = sent(desk, asked())
    seen = looked(desk, proposal)
    with pytest.raises(ForbiddenError):
        deciding.approve(desk, approver, proposal.reference, seen)
    with pytest.raises(ForbiddenError):
        deciding.refuse(desk, approver, proposal.reference, note="No.")
    with reading(desk.engine) as c:
        assert proposals.by_reference(c, proposal.reference).signatures == ()


def test_an_approver_who_asks_does_not_decide_and_neither_does_the_database_let_them(
    desk: Application,
) -> None:
    proposal = sent(desk, asked(), by="frank")
    with pytest.raises(ForbiddenError, match="nobody signs their own"):
        deciding.approve(desk, "frank", proposal.reference, looked(desk, proposal))
    given = Signature("frank", proposal.content_sha256, proposal.base_edition, desk.clock())
    with pytest.raises(IntegrityError, match="signed_by_somebody_else"), desk.engine.begin() as c:
        proposals.sign(c, proposal, given)


def test_a_refusal_keeps_its_reason_and_can_be_asked_anew(desk: Application) -> None:
    proposal = sent(desk, asked())
    with pytest.raises(BadInputError, match="say why it is refused"):
        deciding.refuse(desk, "frank", proposal.reference, note=" ")
    deciding.refuse(desk, "frank", proposal.reference, note="Go by train.")
    told = ledger.story(desk, "heidi", proposal.reference)
    assert (told.entry.state, told.why_refused) == (State.REFUSED, "Go by train.")
    with pytest.raises(BadInputError, match="cannot be moved"):
        deciding.approve(desk, "grace", proposal.reference, looked(desk, proposal))
    request = told.entry.request
    assert request is not None
    better = asking.edit(desk, "heidi", request, asked(need="No train."), version=request.version)
    again = drafting.propose(desk, "heidi", better.reference)
    assert deciding.approve(desk, "frank", again.reference, looked(desk, again)).edition == 2


def test_who_looked_at_another_one_decides_nothing(desk: Application, tmp_path: Path) -> None:
    proposal = sent(desk, asked())
    seen = looked(desk, proposal)
    publish(desk, tmp_path, "conditional")
    with pytest.raises(ChangedMeanwhileError):
        deciding.approve(desk, "frank", proposal.reference, seen)
    stale = asking.edit(desk, "heidi", proposal, asked(need="More."), version=proposal.version)
    with pytest.raises(ChangedMeanwhileError):
        asking.edit(desk, "heidi", proposal, asked(need="Less."), version=proposal.version)
    assert stale.version > proposal.version


def test_two_approvers_where_a_threshold_says_so(desk: Application) -> None:
    rows = (Threshold(2, AuthorisationKind.BLANKET, Verdict.NOT_CLEARED, 5),)
    strict = replace(desk, policy=replace(desk.policy, policy=replace(desk.policy.policy, approvals=rows)))
    proposal = sent(strict, asked())
    assert standing(strict, proposal.reference).missing == 2
    first = deciding.approve(strict, "frank", proposal.reference, looked(strict, proposal))
    assert (first.status, first.edition) == (Status.PROPOSED, None)
    with pytest.raises(BadInputError, match=r"signed .* already"):
        deciding.approve(strict, "frank", proposal.reference, looked(strict, proposal))
    done = deciding.approve(strict, "grace", proposal.reference, looked(strict, proposal))
    assert done.status is Status.PUBLISHED
    with reading(strict.engine) as c:
        (record,) = ratings.snapshot(c).authorisations["ETH"]
    assert record.approved_by == "Frank, Grace"
    short = sent(strict, asked(last=FIRST + timedelta(days=3)))
    assert standing(strict, short.reference).missing == 1


def test_one_approver_of_an_office_where_a_threshold_names_it(desk: Application) -> None:
    policy = replace(desk.policy.policy, approvals=(Threshold(1, office="Headquarters"),))
    strict = replace(desk, policy=replace(desk.policy, policy=policy))
    proposal = sent(strict, asked())
    assert not can_be_met(strict, standing(strict, proposal.reference))
    assert deciding.approve(strict, "frank", proposal.reference, looked(strict, proposal)).edition is None
    with writing(strict.engine) as c:
        c.exec_driver_sql("UPDATE people SET unit = 'headquarters' WHERE id = 'grace'")
    assert can_be_met(strict, standing(strict, proposal.reference))
    assert deciding.approve(strict, "grace", proposal.reference, looked(strict, proposal)).edition == 2


def test_who_approves_while_the_request_is_rewritten_never_approves_what_nobody_saw(
    desk: Application,
) -> None:
    ends: Counter[str] = Counter()
    for number in range(12):
        proposal = sent(desk, asked(need=f"Seen {number}."))
        seen = looked(desk, proposal)
        other = asked(need="Nobody saw this.")
        works: tuple[Callable[[], Proposal], ...] = (
            partial(deciding.approve, desk, "frank", proposal.reference, seen),
            partial(asking.edit, desk, "heidi", proposal, other, version=proposal.version),
            partial(deciding.refuse, desk, "grace", proposal.reference, note="No."),
        )
        start = Barrier(len(works))
        with ThreadPoolExecutor(len(works)) as pool:
            list(pool.map(partial(_attempt, start), works[number % 3 :] + works[: number % 3]))
        ends[ledger.story(desk, "frank", proposal.reference).entry.state.value] += 1
    with reading(desk.engine) as c:
        granted_ones = ratings.snapshot(c).authorisations.get("ETH", ())
    assert not any("Nobody saw this." in each.need for each in granted_ones)
    assert {each.approved_by for each in granted_ones} <= {"Frank"}
    assert len(granted_ones) == ends["not_yet_valid"]
    assert sum(ends.values()) == 12


def _attempt(start: Barrier, work: Callable[[], Proposal]) -> None:
    start.wait()
    with suppress(TravelriskError):  # somebody else was faster
        work()
