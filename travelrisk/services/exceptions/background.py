"""What whoever decides on an exception should know: what it lifts, what else there is, and what to doubt."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.changes import base_id
from travelrisk.domain.people import Act
from travelrisk.screening.case import Span
from travelrisk.screening.effect import Effect
from travelrisk.screening.lifting import Lifted
from travelrisk.services.application import Application
from travelrisk.services.exceptions.alternatives import Alternative, alternatives
from travelrisk.services.exceptions.ledger import State, state_of
from travelrisk.services.proposals.standing import Standing
from travelrisk.services.proposals.weighing import lifts
from travelrisk.store import offices, people
from travelrisk.store.database import reading


class Doubt(StrEnum):
    """Why an exception may not be what somebody needs."""

    NEEDS_NONE = "needs_none"  # nothing on record asks for more than a condition
    COVERED = "covered"  # another one in force has all of its scope
    UNKNOWN_OFFICE = "unknown_office"  # no trip on record names the office
    CHANGES_NOTHING = "changes_nothing"  # no journey that is known changes its verdict


@dataclass(frozen=True, slots=True)
class Background:
    """What is known about an exception today.

    Attributes:
        lifted: what stands in the way of its carrier; None where no table of ours has the carrier.
        alternatives: carriers seen on its route that need none.
        doubts: what to look at twice.
        covered_by: base ids of others in force that have all of its scope.
    """

    lifted: Lifted | None
    alternatives: tuple[Alternative, ...]
    doubts: tuple[Doubt, ...]
    covered_by: tuple[str, ...] = ()


def background(app: Application, asked: Authorisation, effect: Effect | None = None) -> Background:
    """Return what is known about an exception; *effect* is what it would do, where that was looked at."""
    with reading(app.engine) as c:
        is_crowded = (
            asked.kind is AuthorisationKind.CONCENTRATION
        )  # no record stands in its way: a ceiling does
        found = None if is_crowded else lifts(app, asked, app.shelf.newest(c))
        span = Span(asked.valid_from, asked.valid_until)
        others = alternatives(app, c, asked.route, span, asked.carrier)
        covering = _covering(app, c, asked)
        is_known = not asked.office or offices.has_trips(c, asked.office)
    doubts = [Doubt.NEEDS_NONE] if found is not None and not found.needs_exception else []
    doubts += [Doubt.COVERED] if covering else []
    doubts += [] if is_known else [Doubt.UNKNOWN_OFFICE]
    if asked.kind.is_for_one_trip and effect is not None and not effect.itineraries and not effect.rephrased:
        doubts.append(Doubt.CHANGES_NOTHING)
    return Background(found, others, tuple(doubts), covering)


def can_be_met(app: Application, now: Standing) -> bool:
    """Say whether enough people may approve a request, one of each office that must be among them."""
    needed = now.weighed.approval
    with reading(app.engine) as c:
        able = people.able(c, Act.APPROVE_EXCEPTION, app.clock().date()) - {now.proposal.author}
        offices = [people.by_id(c, each).unit for each in able]
    return len(able - set(now.signed_by)) >= now.missing and not needed.missing_offices(offices)


def _reaches(each: Authorisation, asked: Authorisation) -> bool:
    """Say whether both lift the same: what is on record, or a ceiling, up to as many people."""
    crowded = AuthorisationKind.CONCENTRATION
    return (each.kind is crowded) == (asked.kind is crowded) and each.people >= asked.people


def _covering(app: Application, c: Connection, asked: Authorisation) -> tuple[str, ...]:
    today = app.clock().date()
    return tuple(
        base_id(each.id)
        for each in app.shelf.newest(c).authorisations.get(asked.carrier, ())
        if state_of(each, today) is not State.ENDED
        and base_id(each.id) != base_id(asked.id)
        and each.valid_from <= asked.valid_from
        and asked.valid_until <= each.valid_until
        and each.route in {"", asked.route}
        and (each.trip, each.office) == (asked.trip, asked.office)
        and _reaches(each, asked)
    )
