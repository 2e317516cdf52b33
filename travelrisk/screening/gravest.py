"""The gravest that is on record about a subject, whatever its days: what a map shows of it."""

from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Caution, Rating, Snapshot, SubjectKind
from travelrisk.domain.verdicts import Verdict


def gravest(snapshot: Snapshot, policy: Policy, kind: SubjectKind) -> dict[str, Verdict]:
    """Return the gravest that is on record about each subject of a kind, by its key."""
    worst: dict[str, Verdict] = {}
    for filed in (snapshot.ratings, snapshot.cautions):
        for subject, records in filed.items():
            if subject.kind is kind:
                effects = (_effect(each, policy) for each in records)
                worst[subject.key] = max((*effects, worst.get(subject.key, Verdict.CLEARED)))
    return worst


def _effect(record: Rating | Caution, policy: Policy) -> Verdict:
    return record.effect if isinstance(record, Caution) else policy.levels[record.level]
