"""Who flies and who sells: the operating carrier, its State, the aircraft's owner, the marketing carrier."""

from collections.abc import Iterator

from travelrisk.domain.advisories import Finding
from travelrisk.domain.carriers import Carrier, CarrierClass
from travelrisk.domain.itineraries import Basis
from travelrisk.domain.ratings import Level, Service, Subject, SubjectKind, route_subject
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case, Leg
from travelrisk.screening.claimed import TRAVELLER
from travelrisk.screening.rules.findings import About, is_rated, on_record


def operating_carrier(case: Case) -> Iterator[Finding]:
    """The carrier that flies the segment decides, whoever sold the seat.

    Two airlines may stand on one ticket, and only one of them flies the aircraft. Its rating must be in
    force on every day of the flight. A carrier that is not rated has not been assessed: the segment goes to
    review, and the focal point gets to work. UNHAS and chartered aircraft are judged by standards of their
    own.

    What to do: if the carrier is not recommended, look for another flight; if it is not rated, ask the
    focal point.

    Example: a ticket of LH that says "operated by ET" is judged by the rating of Ethiopian Airlines.
    """
    for leg in case.legs:
        operating = leg.segment.operating
        if operating.carrier is not None and operating.basis is not Basis.UNKNOWN:
            yield from _judged(case, leg, operating.carrier)
            continue
        said = operating.name or operating.code
        code = "unresolved" if said else "unknown"
        subject = Subject(SubjectKind.CARRIER, "")
        segment = leg.segment
        flight = segment.flight or f"{segment.origin.code}-{segment.destination.code}"
        about = About(leg, "operating", subject, said or flight, "operating")
        yield about.finding(code, max(case.policy.unknown_operator, Verdict.REVIEW))
        for candidate in operating.candidates:
            yield from _judged(case, leg, candidate)


def assumed_operator(case: Case) -> Iterator[Finding]:
    """Nobody has said who operates the segment, so the carrier that sells it is taken for the present.

    Silence is not a statement: some bookings leave the line "operated by" out. The segment is at best
    cleared with the condition that the selling carrier flies it itself. Where that carrier is known to
    serve the pair with its own aircraft the condition falls away, except for long flight numbers, which are
    often code-shares.

    What to do: look for "operated by" on the booking, or ask the travel agent, and check again with it.

    Example: "ET707 FRA ADD 12 Dec" does not name the operator: cleared provided ET itself flies it.
    """
    for leg in case.legs:
        carrier = leg.segment.operating.carrier
        if leg.segment.operating.basis is not Basis.ASSUMED or carrier is None:
            continue
        about = _about(leg, "operating", carrier)._replace(settles="", rule="assumed_operator")
        service = _own_service(case, leg, carrier)
        if service is not None:
            pair = (("pair", " - ".join(service.pair)),)
            yield about.finding("own_service", Verdict.CLEARED, service, pair)
        else:
            effect = max(case.policy.assumed_operator, Verdict.CONDITIONAL)
            yield about.finding("assumed", effect, None, (("code", carrier.code),))


def operator_by_traveller(case: Case) -> Iterator[Finding]:
    """Who operates the segment is known from the traveller alone, so it is at best a condition.

    The booking leaves the carrier open, or calls it a partner, and the traveller has answered our question;
    or it names another carrier, and the traveller has corrected that.
    Whoever wants to fly may be mistaken, and nobody has checked it: the segment is at best cleared with the
    condition that the carrier they named does fly it, even where that carrier is known to serve the pair.

    What to do: ask the travel agent for a booking that names the operating carrier, and check again with it.

    Example: "operated by a partner airline", and the traveller says it is ET: cleared provided ET flies it.
    """
    for leg in case.legs:
        carrier = leg.segment.operating.carrier
        if leg.segment.operating.basis is Basis.TRAVELLER and carrier is not None:
            about = _about(leg, "operating", carrier)._replace(settles="", rule="operator_by_traveller")
            effect = max(case.policy.assumed_operator, Verdict.CONDITIONAL)
            claim = next((each for each in leg.segment.claims if each.about == "operator"), None)
            if claim is None:
                yield about.finding("by_traveller", effect)
            else:
                slots = (("by", claim.by or TRAVELLER), ("was", claim.was or "-"))
                yield about.finding("corrected", effect, None, slots)


def state_of_operator(case: Case) -> Iterator[Finding]:
    """A caution on a State holds for every operator certified there, but for those it excepts by name.

    Sometimes the concern is not one airline but the authority that oversees all of them. Such a caution has
    its own text, source and end date. When the date has passed it does not vanish: it asks for a review
    until the focal point renews or closes it.

    What to do: read the caution; if the operator should be an exception, ask the focal point.

    Example: a caution on all operators of one State, with two of them excepted by name.
    """
    for leg in case.legs:
        for carrier in leg.segment.flyers:
            key = (SubjectKind.STATE, carrier.state.code)  # equal to a Subject, and made sooner
            if key not in case.snapshot.cautions:
                continue
            about = About(leg, "state", Subject(*key), carrier_name(carrier), carrier=carrier.icao)
            yield from on_record(case, about, carrier.icao)


def marketing_carrier(case: Case) -> Iterator[Finding]:
    """The carrier that sold the seat is looked at too, where another one flies.

    It answers for the ticket, and it may put you on its own aircraft when plans change. Its rating never
    stands in for the rating of the operating carrier.

    What to do: as for the operating carrier.

    Example: a seat sold by a carrier that is not recommended, on a flight of one that is: not cleared.
    """
    for leg in case.legs:
        marketing = leg.segment.marketing
        if marketing.carrier is not None:
            if marketing.carrier not in leg.segment.operators:
                yield from _sold_by(case, leg, marketing.carrier)
        elif said := marketing.code or marketing.name or marketing.number:  # a number is somebody's
            about = About(leg, "marketing", Subject(SubjectKind.CARRIER, ""), said)
            yield about.finding("unknown", Verdict.REVIEW)


def aircraft_owner(case: Case) -> Iterator[Finding]:
    """Where the aircraft belongs to a third carrier, that one is judged like the one that operates.

    A carrier may hire an aircraft together with its crew. Who sells the seat and who operates the flight may
    both be well known, and the people in the cockpit work for somebody else. Some bookings say whose aircraft
    it is; where they do, its owner must be rated as well.

    What to do: as for the operating carrier.

    Example: a flight of KQ with the remark "aircraft owner" and the name of a charter company: the rules for
    charter companies apply too.
    """
    for leg in case.legs:
        owner = leg.segment.aircraft_owner
        if owner is None:
            continue
        for carrier in owner.carriers:
            if carrier not in leg.segment.operators:
                yield from _judged(case, leg, carrier, "owner")
        if not owner.carriers:
            about = About(leg, "owner", Subject(SubjectKind.CARRIER, ""), owner.name)
            yield about.finding("unresolved", max(case.policy.unknown_operator, Verdict.REVIEW))


def carrier_name(carrier: Carrier) -> str:
    """Return the name and code a reader knows: ``Ethiopian Airlines (ET)``."""
    return f"{carrier.name} ({carrier.code})"


def _about(leg: Leg, role: str, carrier: Carrier) -> About:
    subject = Subject(SubjectKind.CARRIER, carrier.icao)
    settles = role if role == "operating" else ""
    return About(leg, role, subject, carrier_name(carrier), settles, carrier=carrier.icao)


def _judged(case: Case, leg: Leg, carrier: Carrier, role: str = "operating") -> list[Finding]:
    about = _about(leg, role, carrier)
    found = on_record(case, about)
    if is_rated(case, about.subject):
        return found
    if carrier.kind is CarrierClass.UNHAS:
        return [*found, about.finding("unhas", case.policy.unhas)]
    if carrier.kind is CarrierClass.CHARTER:
        return [*found, about.finding("charter", case.policy.charter)]
    return [*found, about.finding("not_rated", case.policy.levels[Level.NOT_RATED])]


def _sold_by(case: Case, leg: Leg, carrier: Carrier) -> list[Finding]:
    about = _about(leg, "marketing", carrier)
    found = on_record(case, about)
    if is_rated(case, about.subject):
        return found
    return [*found, about.finding("not_rated", case.policy.unrated_marketing)]


def _own_service(case: Case, leg: Leg, carrier: Carrier) -> Service | None:
    policy, segment = case.policy, leg.segment
    digits = sum(each.isdigit() for each in segment.marketing.number)
    if not policy.known_service_clears or not 0 < digits < policy.code_share_digits:
        return None
    if segment.origin.airport is None or segment.destination.airport is None:
        return None
    pair = route_subject(segment.origin.airport.code, segment.destination.airport.code, carrier.icao)
    held = (each for each in case.snapshot.services.get(pair, ()) if each.covers(*leg.span))
    return next(held, None)
