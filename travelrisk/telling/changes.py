"""What a later answer says differently, and which of it comes first: for letters and pages alike.

A reason that only weighs more or less than before, as when an exception begins or ends, has not gone and is
not new: the exception is what changed, and it is told.
"""

from collections.abc import Iterable
from typing import NamedTuple

from travelrisk.domain.advisories import Advisory, Difference, Finding, told
from travelrisk.domain.verdicts import Verdict


class News(NamedTuple):
    """The reasons that are really new, and those that really hold no longer; gravest first."""

    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]


class Lead(NamedTuple):
    """One of the first lines: a finding, and the key of the text that tells it."""

    key: str
    finding: Finding


def news(change: Difference) -> News:
    """Return what is new and what is gone, without the reasons that only weigh differently."""
    was, now = ({_said(each) for each in some} for some in (change.gone, change.new))
    return News(
        tuple(each for each in change.new if _said(each) not in was),
        tuple(each for each in change.gone if _said(each) not in now),
    )


def leads(change: Difference, advisory: Advisory) -> tuple[Lead, ...]:
    """Return why the answer changed, in one finding or two, the more important one first.

    Where it became worse, the gravest new reason; where it became better, what is gone, and what is left.
    With the same verdict both are told: the new condition and the old one.
    """
    new, gone = news(change)
    no_longer = [Lead("no_longer", each) for each in gone[:1]]
    if change.now < change.was:
        return (*no_longer, *_holds(new or advisory.reasons()))
    if new and change.now is not change.was:
        return _holds(new)
    return (*_holds(new or change.new), *no_longer)


def _holds(findings: Iterable[Finding]) -> tuple[Lead, ...]:
    gravest = next(iter(findings), None)
    if gravest is None:
        return ()
    return (Lead("condition" if gravest.effect is Verdict.CONDITIONAL else "reason", gravest),)


def _said(finding: Finding) -> tuple[object, ...]:
    code, _effect, *rest = told(finding)
    return (code, *rest)
