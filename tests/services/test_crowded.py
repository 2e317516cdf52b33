"""A booking held above the ceiling: found, listed with its flight, granted by a second person, and ended."""

from dataclasses import replace
from typing import Any

import pytest

from tests.services.test_concentration import book, under
from tests.services.test_effect import publish
from tests.services.test_exceptions import employ
from tests.services.watching import to_addis, verdicts, work
from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.errors import ForbiddenError
from travelrisk.domain.people import Role
from travelrisk.domain.proposals import Proposal, Status
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.exceptions import asking, deciding
from travelrisk.services.exceptions.asking import UnfitRequestError
from travelrisk.services.exceptions.background import background
from travelrisk.services.exceptions.offering import for_reference
from travelrisk.services.exceptions.requests import Request
from travelrisk.services.proposals import drafting
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import standing
from travelrisk.services.trips.crowded import crowded
from travelrisk.store.trips import Stored

C, K, R = Verdict.CLEARED, Verdict.CONDITIONAL, Verdict.REVIEW


@pytest.fixture
def app(app: Application) -> Application:
    """Give a service that lets two travel on one flight, with a travel unit and an approver."""
    app = under(app, "block = 2")
    publish(app)
    employ(app, heidi=Role.TRAVEL_UNIT, frank=Role.APPROVER)
    return app


def request(app: Application, held: Stored) -> Request:
    (offer,) = for_reference(app, held.trip.reference).offers
    return Request(
        kind=offer.kind,
        carrier=offer.carrier,
        first=offer.span.first,
        last=offer.span.last,
        need="The team must arrive together.",
        alternatives_tried="The next flight leaves two days later.",
        mitigation="The head of office takes another flight.",
        conditions=Texts("Only on this flight."),
        trip=held.trip.reference,
        route=offer.route,
        people=offer.people,
    )


def asked(app: Application, held: Stored, **more: Any) -> Proposal:  # noqa: ANN401 - fields of the request
    made = asking.draft(app, "heidi", replace(request(app, held), **more))
    return drafting.propose(app, "heidi", made.reference)


def approved(app: Application, by: str, proposal: Proposal) -> Proposal:
    now = standing(app, proposal.reference)
    seen = Seen(now.proposal.content_sha256, now.weighed.edition)
    return deciding.approve(app, by, proposal.reference, seen)


def test_a_held_booking_can_be_granted_by_a_second_person_until_its_last_day(app: Application) -> None:
    _, _, charlie = (book(app, name) for name in ("Alice", "Bob", "Charlie"))
    wanted = request(app, charlie)
    assert (wanted.kind, wanted.people) == (AuthorisationKind.CONCENTRATION, 3)
    proposal = asked(app, charlie)
    with pytest.raises(ForbiddenError):
        approved(app, "heidi", proposal)
    assert verdicts(app, charlie) == [R], "asking alone changes nothing"
    assert approved(app, "frank", proposal).status is Status.PUBLISHED
    work(app)
    assert verdicts(app, charlie) == [R, K]
    dana = book(app, "Dana")
    assert verdicts(app, dana) == [R], "it is for one trip"
    (record,) = standing(app, proposal.reference).weighed.change.opened or (proposal.content.wanted[0],)
    deciding.end(app, "frank", record.id.partition("~")[0], note="The team travels by road.")
    work(app)
    assert verdicts(app, charlie) == [R, K, R]


def test_it_holds_for_no_more_people_than_were_named(app: Application) -> None:
    _, _, charlie = (book(app, name) for name in ("Alice", "Bob", "Charlie"))
    approved(app, "frank", asked(app, charlie, people=2))
    work(app)
    assert verdicts(app, charlie) == [R]


def test_without_a_number_it_cannot_be_asked_for(app: Application) -> None:
    _, _, charlie = (book(app, name) for name in ("Alice", "Bob", "Charlie"))
    with pytest.raises(UnfitRequestError, match="people: say how many"):
        asked(app, charlie, people=0)


def test_no_record_is_said_to_stand_in_its_way(app: Application) -> None:
    _, _, charlie = (book(app, name) for name in ("Alice", "Bob", "Charlie"))
    (record,) = asked(app, charlie).content.wanted
    known = background(app, record)  # type: ignore[arg-type] # an authorisation was asked for
    assert known.lifted is None
    assert known.doubts == ()


def test_the_desk_sees_each_flight_over_the_ceiling_with_all_its_bookings(app: Application) -> None:
    booked = [book(app, name) for name in ("Alice", "Bob", "Charlie", "Dana")]
    book(app, "Erin", to_addis(app, "12-20"))
    (flight,) = crowded(app)
    assert [(each.of, each.step, each.number, each.ceiling) for each in flight.broken] == [
        ("staff", "block", 4, 2)
    ]
    assert {each.trip for each in flight.seats} == {each.trip.reference for each in booked}
    assert sorted(each.verdict for each in flight.seats) == [C, C, R, R]
    assert crowded(under(app, "block = 9")) == ()
    assert crowded(under(app, "block = 0")) == ()
