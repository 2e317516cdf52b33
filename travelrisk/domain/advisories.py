"""Findings and advisories: the verdict on one itinerary, with every reason for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.ratings import Record
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict

Slot = str | int | date | Texts


class Finding(NamedTuple):
    """One reason, good or bad; a NamedTuple because each itinerary makes a dozen of them in the hot path.

    Attributes:
        code: what was found, such as ``operating.not_recommended``; its text stands in screening.messages.
        effect: the verdict it asks for. ``CLEARED`` findings are the proof that a check was made.
        segment: index of the segment in the itinerary; None = the whole itinerary.
        rule: name of the rule that found it.
        matched: what was looked up, as the reader knows it (``ET Ethiopian Airlines``).
        record: the rating, caution or service that decided: who set it, when, until when, on what evidence.
        slots: values for the message, by name; dates and names are written in the reader's language.
        settles: the mandatory check this finding answers, for example ``operating``; empty for others.
        carrier: ICAO designator of the one carrier it is about; empty for all that is not about a carrier.
    """

    code: str
    effect: Verdict
    segment: int | None
    rule: str
    matched: str = ""
    record: Record | None = None
    slots: tuple[tuple[str, Slot], ...] = ()
    settles: str = ""
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Advisory:
    """The judgement: same itinerary, edition, policy and moment give the same advisory, to the last bit.

    Attributes:
        verdict: the worst effect of all findings.
        findings: gravest first; among equals in the order of the rules and of the departures.
        segment_verdicts: one for each segment; None where a segment is not judged (rail, cancelled).
        outcome: how far the itinerary was understood.
        edition, policy_version, engine: what it was judged with. at: aware UTC moment of judging.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    segment_verdicts: tuple[Verdict | None, ...]
    outcome: Outcome
    edition: int
    policy_version: str
    engine: str
    at: datetime

    def reasons(self) -> tuple[Finding, ...]:
        """Return the findings that keep the itinerary from being cleared outright."""
        return tuple(each for each in self.findings if each.effect > Verdict.CLEARED)
