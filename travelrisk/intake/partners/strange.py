"""What a table does not read and may change who flies, or where: told, and never dropped.

Interfaces grow: a field of a new version, a remark that names the operator, a warning. What repeats what is
known, and what says no, is silent.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from travelrisk.domain.codes import bare_number, folded
from travelrisk.domain.drafts import DraftSegment
from travelrisk.intake.partners.source import Source
from travelrisk.intake.partners.trees import TEXT, Value, name_of, steps_of
from travelrisk.intake.words import words

_NO = frozenset({"", "0", "00", "n", "no", "none", "false", "null", "nonstop", "direct", "notapplicable"})
_YES = frozenset({"y", "yes", "true", "1"})
_TELLS = re.compile(
    r"operat|disclos|codeshare|sharecode|lease|stop|^via$|layover|technical|changeof|schedulechange|cancel"
    r"|divert|delay|resched|replac|blacklist|charter|aircraftowner|carrier|airline|warning|disrupt"
)
_HARMLESS = re.compile(
    r"class|cabin|rbd|url$|id$|ref$|key$|logo|frequent|loyal|stopover|changeable|cancellable|currency|number$"
)
_STATE = re.compile(r"cancel|divert|delay|resched|void|refund|suspend|denied|reject", re.IGNORECASE)
_SAYS = re.compile(
    rf"\b(?:{words.any_of(words.OPERATED_BY)}|d/?b/?a|opb|code[ -]?shares?|wet[ -]?leased?|chartered)\b",
    re.IGNORECASE,
)
_OPERATED = re.compile(
    rf"(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z])[ -]?0*(?P<number>[0-9]{{1,4}}[A-Z]?)\b[ ,:/-]*(?P<words>.*"
    rf"\b(?:{words.any_of(words.OPERATED_BY)}|d/?b/?a)\b.*)",
    re.IGNORECASE,
)
_SHOWN = 160


class Heard(NamedTuple):
    """What the words of a document say of its flights: operators by flight, and what could not be placed."""

    operators: dict[tuple[str, str], str]
    unread: tuple[str, ...]


def says_yes(text: str) -> bool:
    """Say whether a field says yes."""
    return name_of(text) in _YES


@lru_cache(maxsize=32)
def _read(source: Source) -> frozenset[tuple[str, ...]]:
    return frozenset(
        tuple(step.name for step in steps_of(path)) for path in source.read if path != "."
    )


def strange_fields(node: Value, source: Source, segment: DraftSegment) -> Iterator[str]:
    """Yield each field of a segment that the table does not read and that may change who flies, or where."""
    read = _read(source)
    known = _known(segment)
    skipped = frozenset(map(name_of, (*source.harmless, source.legs.each))) - {""}
    for path, said in _leaves(node, ()):
        if path in read or skipped.intersection(path) or name_of(said) in _NO:
            continue
        last = path[-1] if path else ""
        is_state = last.endswith("status") and bool(_STATE.search(said))
        tells = any(map(_TELLS.search, path)) and not any(map(_HARMLESS.search, path))
        if (tells or is_state) and folded(said) not in known and not said.startswith("http"):
            yield f"{segment.source}: {'/'.join(filter(None, path))}: {said}"[:_SHOWN]


def _known(segment: DraftSegment) -> set[str]:
    """Return the words that only repeat what is read of a flight."""
    words_read = (
        segment.marketing_code,
        segment.marketing_name,
        segment.operating_code,
        segment.operator,
        segment.origin,
        segment.destination,
        *segment.stops,
    )
    return {folded(each) for each in words_read if each}


def _leaves(value: Value, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
        return
    for name, values in value.items():
        for each in values:
            yield from _leaves(each, path if name == TEXT else (*path, name))


def heard_in(document: Value, segments: Sequence[DraftSegment]) -> Heard:
    """Listen to every text in a document that speaks of who flies.

    One that begins with a flight that was read, such as ``XA 8025 A DBA B``, names its operator; what only
    repeats an operator that is read is silent, and any other is told.
    """
    operators: dict[tuple[str, str], str] = {}
    unread: dict[str, None] = {}
    flights = {(each.marketing_code, bare_number(each.marketing_number) or ""): each for each in segments}
    stated = [folded(each.operator) for each in segments if each.operator]
    for _, said in _leaves(document, ()):
        if not _SAYS.search(said):
            continue
        match = _OPERATED.match(said)
        flight = (match["carrier"].upper(), match["number"].upper()) if match else ("", "")
        segment = flights.get(flight)
        if match and segment and not (segment.operator or segment.operating_code):
            operators.setdefault((segment.marketing_code, segment.marketing_number), match["words"])
        elif not any(name in folded(said) for name in stated):
            unread[said[:_SHOWN]] = None
    return Heard(operators, tuple(unread))
