"""What a person told us beyond or against the documents: the answer rests on it, and says so."""

from collections.abc import Iterator

from travelrisk.domain.advisories import Finding
from travelrisk.domain.itineraries import Claim
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case
from travelrisk.screening.claimed import TRAVELLER


def told_by_people(case: Case) -> Iterator[Finding]:
    """What a person corrected is believed, as a condition; what they answered to a question is said.

    The traveller may know better than the document what was booked, and may be mistaken. So a corrected
    flight, place or day, a line called no flight, a flight taken out or added: each is at best cleared with
    the condition that it is so. An answer to one of our questions chose among what the booking itself leaves
    open, and is only told.

    What to do: compare the ticket with what is said here, or send the corrected booking, and check again.

    Example: "that line is no flight": cleared with conditions, and the line is quoted in the letter.
    """
    for claim in case.itinerary.claims:
        yield _finding(claim, None)
    planned = {leg.position for leg in case.planned}
    for index, segment in enumerate(case.itinerary.segments):
        if index in planned:
            told = (claim for claim in segment.claims if claim.about != "operator")  # see the carriers' rules
            yield from (_finding(claim, index) for claim in told)


def _finding(claim: Claim, segment: int | None) -> Finding:
    effect = Verdict.CLEARED if claim.about == "answer" else Verdict.CONDITIONAL
    slots = (("by", claim.by or TRAVELLER), ("text", claim.value), ("was", claim.was or "-"))
    return Finding(f"stated.{claim.about}", effect, segment, "told_by_people", claim.value, None, slots)
