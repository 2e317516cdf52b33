"""A trip as a line of the desk: what stands in its way, who decides on that, and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from travelrisk.domain.advisories import Finding
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.people import Person
from travelrisk.domain.policy import Policy
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import legs_of
from travelrisk.screening.rules.authorised import CROWDED
from travelrisk.screening.rules.timing import lead_time_for
from travelrisk.services.application import Application
from travelrisk.services.units.refunds import Refund, refunds
from travelrisk.store.units import HELD, OPEN, TICKETS, Ahead, Good, Step

_NOBODY: Final = Texts()


@dataclass(frozen=True, slots=True)
class Line:
    """A trip of the office.

    Attributes:
        verdict: None where nobody has judged it yet.
        why: the gravest reason; None where there is none.
        decides: who decides on that reason, by the policy; empty where nobody has to.
        departs: local day of the first flight; None where it is not known.
        due: the last day on which the policy wants it settled. is_late: that day is past.
        ticket: what the desk said of its ticket last; empty = nothing.
        assignee: who of the office works on it; None = nobody.
        refunds: why a ticket may have to be given back, and what the airline may owe then.
        is_untold: a warning about it reached nobody, and nobody has said that its traveller knows.
    """

    ahead: Ahead
    verdict: Verdict | None
    why: Finding | None
    decides: Texts
    departs: date | None
    due: date | None
    is_late: bool
    ticket: str = ""
    assignee: Person | None = None
    refunds: tuple[Refund, ...] = ()
    is_untold: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether the trip must not be ticketed, by its verdict or by the desk's own word."""
        return self.verdict is None or self.verdict.word in OPEN or self.ticket in HELD

    @property
    def is_affected(self) -> bool:
        """Say whether a ticket may have been bought that should not be flown on as things stand."""
        was_good = self.ahead.cleared_by is not None or self.ticket == "ticketed"
        return was_good and (self.verdict is None or self.verdict.word in OPEN)


def line(  # noqa: PLR0913 - what the tables have of it
    app: Application,
    ahead: Ahead,
    steps: tuple[Step, ...],
    colleagues: Mapping[str, Person],
    good: Good | None = None,
    *,
    is_untold: bool = False,
) -> Line:
    """Return a trip as the desk shows it.

    Args:
        app: the parts of the service.
        ahead: the trip.
        steps: what the desk did with it.
        colleagues: the people of the office, by id.
        good: its last answer with which it could be ticketed, and the booking then.
        is_untold: whether it has a warning that reached nobody.
    """
    advisory, policy = ahead.advisory, app.policy.policy
    why = next(iter(advisory.reasons()), None) if advisory else None
    departs, due = deadline(ahead.itinerary, policy)
    tickets = [each.kind for each in steps if each.kind in TICKETS]
    assigned = [each.assignee for each in steps if each.kind == "assigned"]
    return Line(
        ahead=ahead,
        verdict=advisory.verdict if advisory else None,
        why=why,
        decides=_decides(why, policy) if advisory and advisory.verdict.word in OPEN else _NOBODY,
        departs=departs,
        due=due,
        is_late=due is not None and due < app.clock().date(),
        ticket=tickets[-1] if tickets else "",
        assignee=colleagues.get(assigned[-1] or "") if assigned else None,
        refunds=refunds(good, ahead) if good else (),
        is_untold=is_untold,
    )


def deadline(itinerary: Itinerary, policy: Policy) -> tuple[date | None, date | None]:
    """Return the local day of the first flight, and the last day on which the policy wants a trip settled.

    That is as long before the departure as an itinerary should arrive, in working days where the policy
    counts them; without a rule it is the day before.
    """
    dated = [leg for leg in legs_of(itinerary, date.max) if leg.segment.departs.day is not None]
    if not dated:
        return None, None
    departs, rule = dated[0].span.first, lead_time_for(dated, policy)
    return departs, rule.latest(departs) if rule else departs - timedelta(days=1)


def _decides(why: Finding | None, policy: Policy) -> Texts:
    return policy.decides_on_concentration if why and why.code in CROWDED else policy.focal_point.name
