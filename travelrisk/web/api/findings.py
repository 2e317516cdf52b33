"""Findings as they are told: the public shape of the domain, kept, for the same ones come again and again.

Of a thousand itineraries nearly all findings say one of a few hundred things. To say each anew, in three
languages and with its record, would take longer than the whole judgement.
"""

from typing import Any, Final

from travelrisk.domain.advisories import Finding
from travelrisk.domain.ratings import Record
from travelrisk.screening.explain import finding_shape

_MOST: Final = 5_000

_kept: dict[tuple[object, ...], tuple[Record | None, dict[str, Any]]] = {}


def told(finding: Finding) -> dict[str, Any]:
    """Return the public JSON of a finding, which nobody may change.

    A record is known by its identity, not compared: it holds texts and evidence, and is kept here, so that no
    other one takes its place in memory.
    """
    record = finding.record
    key = (
        finding.code,
        finding.effect,
        finding.segment,
        finding.rule,
        finding.matched,
        finding.slots,
        id(record),
    )
    known = _kept.get(key)
    if known is not None:
        return known[1]
    shape = finding_shape(finding)
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[key] = (record, shape)
    return shape
