"""Too many of our people on one aircraft."""

from collections.abc import Iterator

from travelrisk.domain.advisories import Finding
from travelrisk.domain.concentration import Broken
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case
from travelrisk.screening.rules.findings import Slots
from travelrisk.screening.rules.place import segment_name


def concentration(case: Case) -> Iterator[Finding]:
    """No more staff, and no more heads of office, travel on one flight than the policy allows.

    One accident must not take a whole office. People are counted on the flight that is really flown, whatever
    numbers it is sold under and however many bookings there are; the same person in two bookings counts once.
    Two bookings are taken for one flight unless their flight numbers, or else their times, say otherwise. A
    booking is judged with those that were judged before it: later ones change nothing about it. The answer
    says how many there are and never who. Where the operating carrier, an airport or the day is unknown,
    nobody can be counted, and the answer says so. A question that is not kept as a booking is not counted.

    What to do: take another flight, or ask whoever the answer names; they know who else travels.

    Example: the policy allows 30 on one flight, and this booking is the 31st: review.
    """
    if not case.policy.concentration.are_on:
        return
    if case.aboard is None:
        yield Finding("concentration.later", Verdict.CLEARED, None, "concentration")
        return
    counted = {each.position: each for each in case.aboard}
    for leg in case.legs:
        name = segment_name(leg.segment)
        if leg.position not in counted:
            slots: Slots = (("name", name),)
            code = "concentration.not_counted"
            yield Finding(code, Verdict.CLEARED, leg.position, "concentration", name, None, slots)
            continue
        for broken in case.policy.concentration.broken(counted[leg.position]):
            yield _above(leg.position, name, broken, case.policy.decides_on_concentration)


def _above(position: int, name: str, broken: Broken, decides: Texts) -> Finding:
    code = f"concentration.{broken.of}_{broken.step}"
    slots = (("name", name), ("number", broken.number), ("ceiling", broken.ceiling), ("by", decides))
    return Finding(code, broken.effect, position, "concentration", name, None, slots)
