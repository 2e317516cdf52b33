"""What somebody with the authority to do so has allowed: the one thing that softens what the rules found."""

from collections.abc import Sequence

from travelrisk.domain.advisories import Finding
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.ratings import Rating, route_subject
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case, Leg

# What is on record, or missing there, about one carrier. Cautions on the carrier itself are not among it:
# they are news, and whoever authorised it may not have known them. Nor is anything that is merely unknown.
_STANDINGS = (
    "recommended",
    "conditional",
    "not_recommended",
    "not_rated",
    "expired",
    "not_yet_valid",
    "evidence_lapsed",
    "review_due",
)
COVERED = frozenset(
    {f"{role}.{standing}" for role in ("operating", "owner", "marketing", "route") for standing in _STANDINGS}
    | {f"{role}.{kind}" for role in ("operating", "owner") for kind in ("unhas", "charter")}
    | {"state.caution", "state.caution_ended", "state.caution_unsupported"}
)
# Too many of our people on one flight: lifted by an exception for just that, and by no other.
CROWDED = frozenset({"concentration.staff_warn", "concentration.staff_block"}) | frozenset(
    {"concentration.heads_warn", "concentration.heads_block"}
)


def authorisations(case: Case, findings: Sequence[Finding]) -> list[Finding]:
    """An exception lets one carrier be used where its rating alone would say no, or ask for a review.

    It is for one trip, or for one office, for some days and perhaps for one route; a named person answers
    for it. What is on record about that carrier then makes the segment conditional, never cleared outright,
    and the answer says who authorised it, until when, and under which conditions. That more of our people are
    on a flight than the ceiling allows is for an exception of its own kind: for one trip, and for no more
    people than it names. Nothing else becomes easier: an airport, a country, a date or a carrier that nobody
    could identify is judged as ever.
    Outside of its scope, or when it has ended, an exception has no effect. Nor has it any on a rating or
    caution that was set after it was approved: whoever approved it could not know.

    What to do: keep to its conditions; if the flight changes, check again, for it may no longer hold.

    Example: one office may use a carrier that is not rated, on one route, until the end of March.
    """
    legs = {leg.position: leg for leg in case.legs}
    answered: list[Finding] = []
    used: dict[tuple[int, str], Finding] = {}
    for finding in findings:
        leg = None if finding.segment is None else legs.get(finding.segment)
        granted = None if leg is None else _granted(case, leg, finding)
        if leg is None or granted is None:
            answered.append(finding)
            continue
        answered.append(finding._replace(effect=Verdict.CONDITIONAL))
        used.setdefault((leg.position, granted.id), _said(leg, finding, granted))
    return [*answered, *used.values()]


def _granted(case: Case, leg: Leg, finding: Finding) -> Authorisation | None:
    """Return the authorisation that speaks to a finding, if there is one."""
    if finding.effect <= Verdict.CONDITIONAL or finding.code not in COVERED | CROWDED:
        return None
    if leg.segment.departs.day is None:  # nobody knows whether the day lies in its scope
        return None
    pair = _pair(leg)
    for each in case.snapshot.authorisations.get(carrier_of(finding, leg), ()):
        if (
            _is_for(each, finding)
            and each.covers(case.whose, *leg.span, pair)
            and _is_on_its_route(each, finding)
            and _was_known(each, finding)
        ):
            return each
    return None


def carrier_of(finding: Finding, leg: Leg) -> str:
    """Return the carrier that an exception would name; empty where nobody knows who flies."""
    operating = leg.segment.operating.carrier
    if finding.code in CROWDED:
        return operating.icao if operating is not None else ""
    return finding.carrier


def people_in(finding: Finding) -> int:
    """Return how many of our people a finding counted; 0 where it is about something else."""
    number = dict(finding.slots).get("number", 0)
    return number if finding.code in CROWDED and isinstance(number, int) else 0


def _is_for(authorisation: Authorisation, finding: Finding) -> bool:
    """Say whether it is of the kind that lifts such a finding, and for as many people."""
    is_crowded = authorisation.kind is AuthorisationKind.CONCENTRATION
    return is_crowded == (finding.code in CROWDED) and people_in(finding) <= authorisation.people


def _pair(leg: Leg) -> str:
    origin, destination = leg.segment.origin.airport, leg.segment.destination.airport
    if origin is None or destination is None:
        return ""
    return route_subject(origin.code, destination.code).key


def _was_known(authorisation: Authorisation, finding: Finding) -> bool:
    """Say whether what was found stood on record when the exception was approved; what came later is news."""
    return finding.record is None or finding.record.opened_in <= authorisation.opened_in


def _is_on_its_route(authorisation: Authorisation, finding: Finding) -> bool:
    """Say whether a rating of the carrier on a pair, such as one between two stops, is on that route."""
    if not authorisation.route or not finding.code.startswith("route."):
        return True
    key = f"{authorisation.carrier}:{authorisation.route}"
    return isinstance(finding.record, Rating) and finding.record.subject.key == key


def _said(leg: Leg, finding: Finding, granted: Authorisation) -> Finding:
    slots = (
        ("name", finding.matched),
        ("exception", granted.id),
        ("by", granted.approved_by),
        ("until", granted.valid_until),
        ("conditions", granted.conditions),
    )
    return Finding(
        f"authorised.{granted.kind}",
        Verdict.CONDITIONAL,
        leg.position,
        "authorisations",
        finding.matched,
        granted,
        slots,
        "",
        granted.carrier,
    )
