"""What is on record about a carrier for some days and a route: what an exception would have to lift.

It looks at the records and at no journey, because a blanket exception is for journeys that nobody has booked
yet. Where it cannot know, it takes the graver answer: it decides how many people must approve.
"""

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.carriers import Carrier, CarrierClass
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Caution, Level, Rating, Snapshot, Subject, SubjectKind
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Span, is_covered, touches


class Lifted(NamedTuple):
    """What stands in the way of a carrier: the gravest verdict, and the records; none = it is not rated."""

    verdict: Verdict
    records: tuple[Rating | Caution, ...]

    @property
    def needs_exception(self) -> bool:
        """Say whether anything on record asks for more than a condition."""
        return self.verdict >= Verdict.REVIEW


def lifted(asked: Authorisation, carrier: Carrier, snapshot: Snapshot, policy: Policy) -> Lifted:
    """Return what an exception would lift."""
    return on_record(carrier, asked.route, Span(asked.valid_from, asked.valid_until), snapshot, policy)


def on_record(carrier: Carrier, route: str, span: Span, snapshot: Snapshot, policy: Policy) -> Lifted:
    """Return what is on record about a carrier in some days.

    Args:
        carrier: who would operate.
        route: a pair (``ADD-FRA``); empty = any, so that its ratings on all pairs count.
        span: first and last day.
        snapshot: what is believed.
        policy: what levels mean.
    """
    carriers = snapshot.ratings.get(Subject(SubjectKind.CARRIER, carrier.icao), ())
    rated = [carriers, *_on_routes(carrier.icao, route, snapshot)]
    in_force = [[each for each in rows if touches(each, span)] for rows in rated]
    ratings = list(chain.from_iterable(in_force))
    cautions = _cautions(carrier, span, snapshot)
    verdicts = [_gravity(each, span, policy) for each in ratings]
    verdicts += [_caution_gravity(each, span, policy) for each in cautions]
    some_end = any(rows and not is_covered(now, span) for rows, now in zip(rated, in_force, strict=True))
    verdicts += [policy.lapsed] if some_end else []
    if not carriers:
        verdicts.append(_unrated(carrier, policy))
    return Lifted(max(verdicts), (*ratings, *cautions))


def _gravity(rating: Rating, span: Span, policy: Policy) -> Verdict:
    verdict = policy.levels[rating.level]
    if rating.level is Level.NOT_RECOMMENDED:  # whatever the policy makes of both, never less than unknown
        verdict = max(verdict, policy.levels[Level.NOT_RATED])
    may_lapse = rating.lapsed_evidence(span.last) or rating.is_due_for_review(span.last)
    return max(verdict, policy.lapsed) if may_lapse else verdict


def _caution_gravity(caution: Caution, span: Span, policy: Policy) -> Verdict:
    has_end = caution.valid_until is not None and caution.valid_until < span.last
    may_lapse = has_end or caution.lapsed_evidence(span.last)
    return max(caution.effect, policy.lapsed) if may_lapse else caution.effect


def _unrated(carrier: Carrier, policy: Policy) -> Verdict:
    own = {CarrierClass.UNHAS: policy.unhas, CarrierClass.CHARTER: policy.charter}
    return own.get(carrier.kind, max(policy.levels[Level.NOT_RATED], policy.unrated_marketing))


def _on_routes(icao: str, route: str, snapshot: Snapshot) -> Iterable[tuple[Rating, ...]]:
    for subject, rows in snapshot.ratings.items():
        own, _, pair = subject.key.rpartition(":")
        if subject.kind is SubjectKind.ROUTE and own == icao and route in {"", pair}:
            yield rows


def _cautions(carrier: Carrier, span: Span, snapshot: Snapshot) -> list[Caution]:
    rows = snapshot.cautions.get(Subject(SubjectKind.STATE, carrier.state.code), ())
    return [each for each in rows if each.valid_from <= span.last and carrier.icao not in each.exceptions]
