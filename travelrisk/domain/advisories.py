"""Findings and advisories: the verdict on one itinerary, with every reason; and how two of them differ."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.ratings import Rating, Record
from travelrisk.domain.staleness import StaleSource
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
        stale: the sources that were too old then.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    segment_verdicts: tuple[Verdict | None, ...]
    outcome: Outcome
    edition: int
    policy_version: str
    engine: str
    at: datetime
    stale: tuple[StaleSource, ...] = ()

    def reasons(self) -> tuple[Finding, ...]:
        """Return the findings that keep the itinerary from being cleared outright."""
        return tuple(each for each in self.findings if each.effect > Verdict.CLEARED)


class Moved(NamedTuple):
    """A segment that is judged differently."""

    segment: int
    was: Verdict
    now: Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """What a later advisory on the same itinerary says differently; flights flown since are left out of both.

    Attributes:
        was, now: the verdicts.
        gone, new: the reasons that hold no longer, and those that are new; gravest first.
        moved: the segments with another verdict.
    """

    was: Verdict
    now: Verdict
    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]
    moved: tuple[Moved, ...]

    @property
    def is_for_the_traveller(self) -> bool:
        """Say whether anything is to be done differently: another verdict, or other conditions to keep to.

        A journey that still needs a review, for one reason more or less, waits for the same people as before.
        """
        return self.was is not self.now or bool(self.moved) or self.now is Verdict.CONDITIONAL


def difference(was: Advisory, now: Advisory) -> Difference | None:
    """Return what *now* says differently; None where a reader would be told the same.

    Both judge one itinerary. Only the segments that *now* still judges are compared: a flight that has been
    flown meanwhile is no change.
    """
    flown = {
        index
        for index, (before, after) in enumerate(zip(was.segment_verdicts, now.segment_verdicts, strict=True))
        if before is not None and after is None
    }
    before = [each for each in was.findings if each.segment not in flown]
    verdict = max((each.effect for each in before), default=Verdict.CLEARED)
    old = {told(each): each for each in before if each.effect > Verdict.CLEARED}
    new = {told(each): each for each in now.reasons()}
    if verdict is now.verdict and old.keys() == new.keys():
        return None
    pairs = zip(was.segment_verdicts, now.segment_verdicts, strict=True)
    return Difference(
        was=verdict,
        now=now.verdict,
        gone=tuple(each for key, each in old.items() if key not in new),
        new=tuple(each for key, each in new.items() if key not in old),
        moved=tuple(
            Moved(index, before, after)
            for index, (before, after) in enumerate(pairs)
            if before is not None and after is not None and before is not after
        ),
    )


def told(finding: Finding) -> tuple[object, ...]:
    """Return what a reader is told by a finding, without the ids and editions of the records behind it."""
    condition = finding.record.condition if isinstance(finding.record, Rating) else None
    return (finding.code, finding.effect, finding.segment, finding.slots, condition)
