"""A request for an exception from its draft to its end, and whose journeys it reaches, on both databases."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from tests.services.conftest import Clock, publish
from tests.services.test_exceptions import MAIL, employ
from travelrisk.domain.approvals import Threshold
from travelrisk.domain.authorisations import UNDECIDED, AuthorisationKind
from travelrisk.domain.errors import (
    BadInputError,
    ChangedMeanwhileError,
    ForbiddenError,
    NotFoundError,
    TravelriskError,
)
from travelrisk.domain.people import Role
from travelrisk.domain.proposals import Proposal, Status
from travelrisk.domain.signoffs import Signature, Weight
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.screening.case import Span
from travelrisk.screening.effect import Effect
from travelrisk.services import queue
from travelrisk.services.application import Application
from travelrisk.services.effect import preview
from travelrisk.services.exceptions import asking, deciding, ledger
from travelrisk.services.exceptions.alternatives import alternatives
from travelrisk.services.exceptions.asking import UnfitRequestError
from travelrisk.services.exceptions.background import Doubt, background, can_be_met
from travelrisk.services.exceptions.ledger import State
from travelrisk.services.exceptions.requests import Request
from travelrisk.services.proposals import drafting
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import standing
from travelrisk.services.receiving import receive
from travelrisk.store import proposals, ratings
from travelrisk.store.database import reading, writing

FIRST, LAST = date(2026, 12, 10), date(2026, 12, 20)
STAFF = {
    "alice": Role.TRAVELLER,
    "bob": Role.FOCAL_POINT,
    "charlie": Role.TRAVELLER,
    "erin": Role.AUDITOR,
    "frank": Role.APPROVER,
    "grace": Role.APPROVER,
    "heidi": Role.TRAVEL_UNIT,
}


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Application:
    """Give a service on which Ethiopian Airlines is not recommended, and staff of every role."""
    publish(app, tmp_path, "not_recommended")
    employ(app, **STAFF)
    return app


def trip(app: Application, day: int = 12, office: str = "Nairobi", flown: str = MAIL) -> str:
    document = Document(flown.format(day=day).encode(), "trip.txt")
    (received,) = receive(app, document, recipient=f"traveller{day}@example.org", office=office)
    assert received.trip is not None
    return received.trip.reference


def asked(**more: Any) -> Request:  # noqa: ANN401 - fields of Request
    fields: dict[str, Any] = {
        "kind": AuthorisationKind.BLANKET,
        "carrier": "ET",
        "first": FIRST,
        "last": LAST,
        "need": "The clinic opens.",
        "alternatives_tried": "Nobody else flies there that week.",
        "mitigation": "Two travel together.",
        "conditions": Texts("Daylight only."),
        "office": "Nairobi",
    }
    return Request(**(fields | more))


def for_trip(reference: str, **more: Any) -> Request:  # noqa: ANN401 - as above
    return asked(kind=AuthorisationKind.AD_HOC, trip=reference, office="", route="FRA-ADD", **more)


def sent(app: Application, request: Request, by: str = "heidi") -> Proposal:
    return drafting.propose(app, by, asking.draft(app, by, request).reference)


def looked(app: Application, proposal: Proposal) -> Seen:
    now = standing(app, proposal.reference)
    return Seen(now.proposal.content_sha256, now.weighed.edition)


def granted(app: Application, request: Request, by: str = "heidi", approver: str = "frank") -> Proposal:
    proposal = sent(app, request, by)
    return deciding.approve(app, approver, proposal.reference, looked(app, proposal))


def effect_of(app: Application, proposal: Proposal) -> Effect:
    return preview(app, proposal.reference, viewer="frank")


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


def test_each_sees_their_own_and_the_desk_sees_all(desk: Application) -> None:
    mine, theirs = sent(desk, asked(), by="alice"), sent(desk, asked(office="Amman"), by="charlie")
    for name, sees in (
        ("alice", {mine.reference}),
        ("charlie", {theirs.reference}),
        ("bob", {mine.reference, theirs.reference}),
        ("erin", {mine.reference, theirs.reference}),
        ("frank", {mine.reference, theirs.reference}),
        ("heidi", set()),
    ):
        assert {each.key for each in ledger.listing(desk, name)} == sees, name
    with pytest.raises(NotFoundError):
        ledger.story(desk, "alice", theirs.reference)
    with pytest.raises(NotFoundError):
        ledger.story(desk, "heidi", mine.reference)


@pytest.mark.parametrize("who", ["heidi", "bob", "grace"])
def test_it_is_ended_at_once_by_who_asked_or_decides_and_countersigned(desk: Application, who: str) -> None:
    reference = trip(desk)
    done = granted(desk, for_trip(reference))
    name = done.content.wanted[0].id
    with pytest.raises(ForbiddenError, match="ask an approver"):
        deciding.end(desk, "alice", name, note="No.")
    with pytest.raises(BadInputError, match="say why it ends"):
        deciding.end(desk, who, name, note="")
    ended = deciding.end(desk, who, name, note="The meeting is off.")
    assert ended.is_open_for_countersigning
    with reading(desk.engine) as c:
        assert not ratings.snapshot(c).authorisations
    assert ledger.story(desk, "heidi", done.reference).entry.state is State.ENDED
    with pytest.raises(NotFoundError, match="no exception"):
        deciding.end(desk, who, name, note="Twice.")


def test_its_state_follows_the_days(desk: Application, clock: Clock) -> None:
    done = granted(desk, asked(first=date(2026, 11, 25), last=date(2027, 1, 10)))
    for days, state in (
        (0, State.NOT_YET_VALID),
        (2, State.IN_FORCE),
        (15, State.IN_FORCE),
        (1, State.ENDING),
        (30, State.ENDING),
        (1, State.ENDED),
    ):
        clock.pass_by(days=days)
        assert ledger.story(desk, "frank", done.reference).entry.state is state, clock.at


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"last": FIRST - timedelta(days=1)}, "valid_until: it ends before it begins"),
        (
            {"last": FIRST + timedelta(days=365)},
            "valid_until: it would last 366 days",
        ),
        ({"first": date(2026, 11, 1), "last": date(2026, 11, 22)}, "valid_until: its last day is past"),
        ({"first": None}, "valid_from: give a day"),
        ({"carrier": ""}, "carrier: say which"),
        ({"carrier": "Nobody Air"}, "carrier: there is no carrier Nobody Air"),
        ({"office": " "}, "office: it is for the trips of one office"),
        ({"kind": AuthorisationKind.AD_HOC}, "trip: it is for one trip"),
        ({"kind": AuthorisationKind.AD_HOC, "trip": "TR-QQQQQQ"}, "trip: there is no trip TR-QQQQQQ"),
        ({"route": "FRA"}, "route: FRA is no pair of airports"),
        ({"route": "FRA-QZQ"}, "route: FRA-QZQ is no pair"),
        ({"need": " "}, "need: say why"),
        ({"alternatives_tried": ""}, "alternatives_tried: say what else"),
        ({"mitigation": ""}, "mitigation: say what makes up for it"),
        ({"conditions": Texts(fr="De jour.")}, "conditions_en: say in English"),
        ({"need": "x" * 2001}, "need: is longer than 2000 characters"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    desk: Application, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(UnfitRequestError) as caught:
        asking.draft(desk, "heidi", asked(**more))
    assert says in str(caught.value)
    assert ledger.listing(desk, "frank") == ()


def test_a_designator_of_several_carriers_is_asked_back(desk: Application) -> None:
    with pytest.raises(UnfitRequestError, match="carrier: several carriers are called that"):
        asking.draft(desk, "heidi", asked(carrier="Copa Airline"))


def test_all_that_is_wrong_is_said_at_once(desk: Application) -> None:
    with pytest.raises(UnfitRequestError) as caught:
        asking.draft(desk, "heidi", asked(carrier="", need="", office=""))
    assert [each.field for each in caught.value.problems] == ["carrier", "office", "need"]


def test_what_needs_no_exception_is_doubted_and_not_refused(desk: Application, tmp_path: Path) -> None:
    publish(desk, tmp_path, "recommended")
    proposal = sent(desk, for_trip(trip(desk)))
    record = ledger.story(desk, "frank", proposal.reference).entry.record
    found = background(desk, record, effect_of(desk, proposal))
    assert found.doubts == (Doubt.NEEDS_NONE, Doubt.CHANGES_NOTHING)


def test_what_another_one_covers_already_is_doubted(desk: Application) -> None:
    trip(desk)
    first = granted(desk, asked())
    again = sent(desk, asked(first=FIRST + timedelta(days=1)))
    record = ledger.story(desk, "frank", again.reference).entry.record
    found = background(desk, record)
    assert (found.doubts, found.covered_by) == ((Doubt.COVERED,), (first.content.wanted[0].id,))


def test_an_office_that_no_trip_names_is_doubted(desk: Application) -> None:
    trip(desk, office="Nairobi")
    for office, doubts in (("Nairobi", ()), ("nairobi", (Doubt.UNKNOWN_OFFICE,))):
        record = ledger.story(desk, "frank", sent(desk, asked(office=office)).reference).entry.record
        assert background(desk, record).doubts == doubts


def test_carriers_seen_on_the_pair_are_alternatives_if_they_need_no_exception(
    desk: Application, tmp_path: Path
) -> None:
    more = tmp_path / "more.toml"
    more.write_text(
        "".join(
            f'[[ratings]]\nid = "{key.lower()}"\nsubject = "carrier:{key}"\nlevel = "{level}"\n'
            'valid_from = 2026-01-01\nset_by = "bob"\nset_on = 2026-11-03\n'
            'condition = { en = "Daylight only." }\n'
            for key, level in (("DLH", "recommended"), ("KQA", "conditional"), ("MSR", "not_recommended"))
        ),
        encoding="utf-8",
    )
    from travelrisk.services.ratings import import_records  # noqa: PLC0415 - beside its one use

    import_records(desk, more, by="bob", signed_by="charlie")
    for day, flown in ((1, "LH590"), (2, "LH590"), (3, "KQ113"), (4, "MS986"), (5, "TK1"), (6, "ET707")):
        trip(desk, day, flown=f"{flown} ADD FRA {day} Dec")
    with reading(desk.engine) as c:
        found = alternatives(desk, c, "ADD-FRA", Span(FIRST, LAST), "ETH")
    told = [(each.carrier.icao, each.verdict, each.itineraries, each.last_seen) for each in found]
    assert told == [
        ("DLH", Verdict.CLEARED, 2, date(2026, 12, 2)),
        ("KQA", Verdict.CONDITIONAL, 1, date(2026, 12, 3)),
    ]


def test_whoever_travels_asks_for_an_exception_and_for_nothing_else(desk: Application) -> None:
    draft: Callable[[], Proposal] = lambda: asking.draft(desk, "alice", asked())  # noqa: E731 - twice below
    proposal = draft()
    assert proposal.content.wanted[0].set_by == "Alice"
    ending = replace(proposal.content, wanted=(), ended=("eth",))
    with pytest.raises(ForbiddenError, match="may not propose"):
        drafting.draft(desk, "alice", ending)
    with pytest.raises(ForbiddenError, match="may not propose"):
        drafting.edit(desk, "alice", proposal.reference, ending, version=proposal.version)
    with pytest.raises(ForbiddenError, match="may not request exception"):
        asking.draft(desk, "erin", asked())
    record = ledger.story(desk, "alice", draft().reference).entry.record
    assert record.approved_by == UNDECIDED


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
