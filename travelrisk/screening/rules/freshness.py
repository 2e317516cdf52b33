"""What rests on a public source that nobody has been able to read for too long."""

from collections.abc import Sequence

from travelrisk.domain.advisories import Finding
from travelrisk.domain.ratings import Caution, Rating
from travelrisk.domain.staleness import StaleSource
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case

_ALTERNATES = "alternates"  # what is found of them is a condition at most


def stale_sources(case: Case, findings: Sequence[Finding]) -> list[Finding]:
    """A rating whose evidence comes from a public source is as fresh as the last reading of that source.

    Sources fall silent: a page moves, a list comes half empty, a connection fails. What was read last stays
    in force, but after the time that is set for each source nobody knows whether it would still say so. What
    rests on it is then at best cleared with the condition that nothing has changed there, and the answer
    names the source and the day on which it was last read. What asks for as much already stays as it is.
    When the source can be read again, the condition falls away, and those concerned are told.

    What to do: ask the focal point, who looks at the source itself.

    Example: an airport is recommended because a bulletin lists nothing there, and the bulletins could not be
    read for three days: cleared on the condition that they still list nothing.
    """
    found: dict[tuple[int | None, str, str], Finding] = {}
    for finding in findings:
        record = finding.record
        if finding.effect >= max(case.policy.stale_source, Verdict.CONDITIONAL):
            continue
        if not isinstance(record, Rating | Caution):
            continue
        for source in case.snapshot.stale:
            if any(source.gave(each.kind) for each in record.evidence):
                key = (finding.segment, source.name, record.id)
                found.setdefault(key, _said(case, finding, source))
    return [*findings, *found.values()]


def _said(case: Case, finding: Finding, source: StaleSource) -> Finding:
    effect = case.policy.stale_source
    if finding.rule == _ALTERNATES:
        effect = min(effect, Verdict.CONDITIONAL)
    name = dict(finding.slots).get("name", finding.matched)
    return finding._replace(
        code="source.stale",
        effect=effect,
        rule=stale_sources.__name__,
        slots=(("name", name), ("source", source.title), ("day", source.since)),
        settles="",
    )
