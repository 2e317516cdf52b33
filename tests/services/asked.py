"""Requests for exceptions, for the tests of what becomes of them."""

from datetime import date
from typing import Any

from tests.services.test_exceptions import MAIL
from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.people import Role
from travelrisk.domain.proposals import Proposal
from travelrisk.domain.texts import Texts
from travelrisk.intake.document import Document
from travelrisk.screening.effect import Effect
from travelrisk.services.application import Application
from travelrisk.services.exceptions import asking, deciding
from travelrisk.services.exceptions.requests import Request
from travelrisk.services.proposals import drafting
from travelrisk.services.proposals.effect import preview
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import standing
from travelrisk.services.trips.receiving import receive

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
