"""What a table does not read and may change who flies, or where: told, and never dropped.

Interfaces grow: a field of a new version, a remark that names the operator, a warning. What repeats what is
known, and what says no, is silent.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from travelrisk.domain.codes import bare_number, folded
from travelrisk.domain.drafts import DraftSegment
from travelrisk.intake.partners.source import Source, reads_of
from travelrisk.intake.partners.trees import TEXT, Value, name_of
from travelrisk.intake.words import words

_NO = frozenset({"", "0", "00", "n", "no", "none", "false", "null", "nonstop", "direct", "notapplicable"})
_GAPS = frozenset({"ARNK", "ARUNK", "SURFACE"})
_YES = frozenset({"y", "yes", "true", "1"})
_TELLS = re.compile(
    r"operat|disclos|codeshare|sharecode|lease|stop|^via$|layover|technical|changeof|schedulechange|cancel"
    r"|divert|delay|resched|replac|blacklist|charter|aircraftowner|carrier|airline|warning|disrupt"
)
_HARMLESS = re.compile(
    r"class|cabin|rbd|url$|id$|ref$|key$|logo|frequent|loyal|stopover|changeable|cancellable|currency|number$"
)
_OFF = re.compile(r"cancel|void|disrupt|schedulechange|status$")
_TERMS = re.compile(r"penalt|polic|fee|condition|fare|rule|cancell?able|action|hotel|car|rail|ticket")
"""Words of what may be cancelled, and at which price; and of what is no flight."""
_DATED = re.compile(r"20[0-9]{2}-")
_STATE = re.compile(r"cancel|divert|delay|resched|void|refund|suspend|denied|reject", re.IGNORECASE)
_SAYS = re.compile(
    rf"\b(?:{words.any_of(words.OPERATED_BY)}|d/?b/?a|opb|code[ -]?shares?|wet[ -]?leased?|chartered)\b",
    re.IGNORECASE,
)
_OPERATED_BY = rf"(?:{words.any_of(words.OPERATED_BY)}|opb)"
_SPOKEN = re.compile(rf"\W*{_OPERATED_BY}\b[ :/-]*(?P<words>\w.*)", re.IGNORECASE)
_OF_A_FLIGHT = re.compile(
    r"(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z])[ -]?0*(?P<number>[0-9]{1,4}[A-Z]?)\b[ ,:/-]*"
    rf"(?P<words>.*\b(?:{_OPERATED_BY}|d/?b/?a)\b.*)",
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


def strange_fields(node: Value, source: Source, segment: DraftSegment) -> Iterator[str]:
    """Yield each field of a segment that the table does not read and that may change who flies, or where."""
    reads = reads_of(source)
    known = _known(segment)
    for path, said in _leaves(node, ()):
        if path in reads.fields or folded(said) in known or said.startswith("http"):
            continue
        speaks = bool(_SAYS.search(said)) and not _is_said(said, segment)
        if speaks or (reads.skipped.isdisjoint(path) and _tells(path, said, reads.leading)):
            yield f"{segment.source}: {'/'.join(filter(None, path))}: {said}"[:_SHOWN]


def _tells(path: tuple[str, ...], said: str, read: frozenset[tuple[str, ...]]) -> bool:
    """Say whether a field is called like one that changes a flight; beside an operator everything counts."""
    if name_of(said) in _NO or any(map(_HARMLESS.search, path)):
        return False
    known = next((length for length in range(len(path), 0, -1) if path[:length] in read), 0)
    is_state = any("status" in each for each in path[-1:]) and bool(_STATE.search(said))
    return is_state or any(map(_TELLS.search, path[known:])) or any("operat" in each for each in path[:known])


def is_gap(node: Value) -> bool:
    """Say whether a field says that a segment is a way by surface: no carrier, and nothing that flies."""
    return any(said.upper() in _GAPS for _, said in _leaves(node, ()))


def spoken_operator(node: Value) -> str:
    """Return the operator's words, where a text anywhere in a segment begins with "operated by"."""
    said = (_SPOKEN.match(text) for _, text in _leaves(node, ()))
    return " / ".join(dict.fromkeys(match["words"] for match in said if match))


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


def _is_said(text: str, segment: DraftSegment) -> bool:
    """Say whether a text names the operator that was read, as a whole."""
    operators = [each for each in (segment.operator, segment.operating_code) if each]
    return any(f" {folded(each)} " in f" {folded(text)} " for each in operators)


def _leaves(
    value: Value, path: tuple[str, ...], skipped: frozenset[str] = frozenset()
) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
        return
    for name, values in value.items():
        for each in () if name in skipped else values:
            yield from _leaves(each, path if name == TEXT else (*path, name), skipped)


def _is_off(path: tuple[str, ...], said: str) -> bool:
    """Say whether a field outside of the flights tells that something was cancelled or disrupted."""
    is_about = bool(path) and bool(_OFF.search(path[-1])) and not any(map(_TERMS.search, path))
    return is_about and (name_of(said) in _YES or bool(_STATE.search(said)) or bool(_DATED.match(said)))


def heard_in(document: Value, source: Source, segments: Sequence[DraftSegment]) -> Heard:
    """Listen to every text outside of the segments that speaks of who flies.

    One that begins with a flight that was read, such as ``XA 8025 A DBA B``, names its operator; what only
    repeats an operator that is read is silent, and any other is told.
    """
    operators: dict[tuple[str, str], str] = {}
    unread: dict[str, None] = {}
    flies = any(each.status.flies for each in segments)
    flights = {(each.marketing_code, bare_number(each.marketing_number) or ""): each for each in segments}
    for path, said in _leaves(document, (), frozenset(map(name_of, source.segment))):
        if flies and _is_off(path, said):
            unread[f"{path[-1]}: {said}"[:_SHOWN]] = None
        if not _SAYS.search(said):
            continue
        match = _OF_A_FLIGHT.match(said)
        segment = flights.get((match["carrier"].upper(), match["number"].upper())) if match else None
        if match and segment and not (segment.operator or segment.operating_code):
            spoken = _SPOKEN.match(match["words"])
            flight = (segment.marketing_code, segment.marketing_number)
            operators.setdefault(flight, spoken["words"] if spoken else match["words"])
        elif not all(_is_said(said, each) for each in ([segment] if segment else segments)):
            unread[said[:_SHOWN]] = None
    return Heard(operators, tuple(unread))
