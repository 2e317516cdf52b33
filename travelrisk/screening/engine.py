"""The one place where a verdict is made.

Cleared is proved, not left over: every segment needs a finding that settles each of the mandatory checks, and
the worst finding decides. A rule that fails is a finding too. What rests on a source that is too old is found
among the others; what an authorisation covers is softened at the end, and to a condition at best.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter

from travelrisk.domain.advisories import Advisory, Finding
from travelrisk.domain.authorisations import NOBODY, Whose
from travelrisk.domain.concentration import Aboard
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Snapshot
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case, ahead, legs_of
from travelrisk.screening.rules import RULES
from travelrisk.screening.rules.authorised import authorisations
from travelrisk.screening.rules.freshness import stale_sources

ENGINE = "8"  # goes up whenever the same input may give another advisory
MANDATORY = ("operating", "origin", "destination", "date")
_EFFECT = attrgetter("effect")


def screen(  # noqa: PLR0913, PLR0917 - what is judged, by what, for whom; everything there is to know
    itinerary: Itinerary,
    snapshot: Snapshot,
    policy: Policy,
    at: datetime,
    whose: Whose = NOBODY,
    known_since: datetime | None = None,
    aboard: tuple[Aboard, ...] | None = None,
) -> Advisory:
    """Judge *itinerary* by what *snapshot* says, under *policy*, at the aware moment *at*.

    *whose* journey it is matters to authorisations alone; without it none of them holds. *known_since* is
    when the itinerary reached us (None = just now): late is reckoned from then, and a flight that has left
    since is judged no longer, for nothing can be done about it. One that had left before is doubted. Where
    *known_since* lies after *at*, a clock had been ahead: then it counts as just now.
    *aboard* says how many of our people are booked on each of its flights; None = nobody was counted.

    Pure: the same arguments give the same advisory, to the last bit. Never raises: a rule that fails asks
    for a review. An itinerary without flights is a review, never a clearance.
    """
    since = min(known_since or at, at)
    planned = legs_of(itinerary, at.date())
    legs = ahead(planned, since, at)
    case = Case(itinerary, snapshot, policy, at, legs, whose, since, planned, aboard)
    findings = _found(case)
    if len(legs) < len(planned):
        flown = {leg.position for leg in planned} - {leg.position for leg in legs}
        findings = [each for each in findings if each.segment not in flown]
    findings.extend(_unproved(case, findings))
    if snapshot.stale:
        findings = _amended(stale_sources, case, findings)
    if snapshot.authorisations:
        findings = _amended(authorisations, case, findings)
    findings.sort(key=_EFFECT, reverse=True)  # stable: among equals the order of rules and departures stays
    worst: dict[int | None, Verdict] = {}
    for finding in findings:
        worst.setdefault(finding.segment, finding.effect)
    judged = {leg.position: worst[leg.position] for leg in case.legs}
    return Advisory(
        verdict=findings[0].effect,
        findings=tuple(findings),
        segment_verdicts=tuple(map(judged.get, range(len(itinerary.segments)))),
        outcome=itinerary.outcome,
        edition=snapshot.edition,
        policy_version=policy.version,
        engine=ENGINE,
        at=at,
        stale=snapshot.stale,
    )


def _found(case: Case) -> list[Finding]:
    findings: list[Finding] = []
    for rule in RULES:
        try:
            findings.extend(rule(case))  # what a rule found before it failed is kept
        except Exception as error:  # noqa: BLE001 - whatever goes wrong inside a rule must end as a review
            findings.append(_failed(rule.__name__, error))
    return findings


def _amended(
    by: Callable[[Case, Sequence[Finding]], list[Finding]], case: Case, findings: list[Finding]
) -> list[Finding]:
    try:
        return by(case, findings)
    except Exception as error:  # noqa: BLE001 - as above; nothing that was found is softened
        return [*findings, _failed(by.__name__, error)]


def _failed(name: str, error: Exception) -> Finding:
    slots = (("name", name), ("text", type(error).__name__))
    return Finding("rule.failed", Verdict.REVIEW, None, name, name, None, slots)


def _unproved(case: Case, findings: list[Finding]) -> list[Finding]:
    settled = {(finding.segment, finding.settles) for finding in findings if finding.settles}
    missing = [
        Finding("check.missing", Verdict.REVIEW, leg.position, "engine", check, None, (("name", check),))
        for leg in case.legs
        for check in MANDATORY
        if (leg.position, check) not in settled
    ]
    if not findings and not missing:  # no rule found anything at all, not even that there is no flight
        missing.append(Finding("itinerary.no_flight", Verdict.REVIEW, None, "engine"))
    return missing
