"""Who flies a segment, and whose aircraft it is, as the lines under it say.

A line may hold for one leg only, and so tells of a stop that the segment hides. The block ``COMMENTS-`` of a
flight information display says the same in other words, and names the owner of the aircraft.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.intake.words import words

Leg = tuple[str, str]
Span = tuple[int, int]

_LABEL = rf"(?:FLIGHT[ ]+|AIRCRAFT[ ]+)?{words.any_of((*words.OPERATED_BY, 'exploite par'))}"
_BY = re.compile(
    rf"(?<![^\n ])[ >*(-]{{0,8}}{_LABEL}(?!\w)[ /:-]{{0,3}}(?:{_LABEL}(?!\w)[ /:-]{{0,3}})?"
    r"(?:\n[ >]{0,8}){0,2}"  # the name may stand in the line below
    rf"(?P<words>(?:(?![ ]{_LABEL}(?!\w))[^\n])*?)"
    r"(?:[ ]{1,8}(?P<leg>[A-Z]{3}-[A-Z]{3}))?[ *]{0,8}"  # of more blanks, the words take the first
    rf"(?=\n|\Z|[ ]{{1,8}}{_LABEL}(?!\w))",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"^[ >]*COMMENTS[ ]?-+[^\n]*$", re.MULTILINE)
_COMMENT = re.compile(
    r"^[ >]*(?:[0-9]{1,2}[ ]?\.[ ]*)?(?:(?P<origin>[A-Z]{3})[ ](?P<destination>[A-Z]{3})|ENTIRE FLT)[ ]*-[ ]*"
    r"(?P<said>[^\n]*)",
    re.MULTILINE,
)
_SAID = re.compile(
    rf"(?:COMMERCIAL[ ]DUPLICATE[ ]*-[ ]*)?{_LABEL}[ ]*[/:-]?[ ]*(?P<operator>.*)"
    r"|AIRCRAFT[ ]OWNER[ ]*[/:-]?[ ]*(?P<owner>.*)|OPERATIONAL[ ]LEG[ ]*(?P<flight>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BELOW = re.compile(r"(?:\n[ >]*){1,2}[^\n]+")
_GRAVE = re.compile(
    r"OPERAT|OWNER|LEASE|DUPLICATE|CODE ?SHARE|GAUGE|CHANGE OF|(?:EQUIPMENT|AIRCRAFT|PLANE) CHANGE",
    re.IGNORECASE,
)
_LONGEST = 80
_EDGES = " /-*.>"


class Statement(NamedTuple):
    """What a line says, and for which leg; None = the whole segment."""

    leg: Leg | None
    words: str


class Said(NamedTuple):
    """All that the lines under a segment say, of which legs, where they stand, and what nobody understood."""

    operators: tuple[Statement, ...] = ()
    owners: tuple[Statement, ...] = ()
    spans: tuple[Span, ...] = ()
    unread: tuple[str, ...] = ()
    legs: tuple[Leg, ...] = ()


def said_in(text: str, start: int, end: int) -> Said:
    """Read what the lines between *start* and *end* say of the segment above them; *text* is in capitals."""
    operators: list[Statement] = []
    owners: list[Statement] = []
    flights: list[Statement] = []
    unread: list[str] = []
    comments = list(_comments(text, start, end))
    for leg, written, _ in comments:
        if match := _SAID.fullmatch(written):
            kinds = zip(match.groups(), (operators, owners, flights), strict=True)
            words, kept = next((said, kept) for said, kept in kinds if said is not None)
            kept.append(Statement(leg, _trimmed(words)))
        elif _GRAVE.search(written):
            unread.append(written)
    legs = [leg for leg, *_ in comments]
    spans = [span for *_, span in comments]
    for match in _lines_by(text, start, end, spans):
        spans.append(match.span())
        one, _, other = (match["leg"] or "").partition("-")
        operators.append(Statement((one, other) if one else None, _trimmed(match["words"])))
    legs += [each.leg for each in (*operators, *owners)]
    return Said(
        tuple(_with_flights(operators, flights)),
        tuple(owners),
        tuple(spans),
        tuple(unread),
        tuple(filter(None, legs)),
    )


def _lines_by(text: str, start: int, end: int, taken: list[Span]) -> Iterator[re.Match[str]]:
    """Yield what says who operates, outside of comments; *taken* grows while the caller goes on."""
    for match in _BY.finditer(text, start, end):
        is_comment = any(begin <= match.start() < done for begin, done in taken)
        is_short = len(match["words"]) < _LONGEST
        if is_short and not is_comment and _begins_line(text, start, match.start(), taken):
            yield match


def _trimmed(words: str) -> str:
    """Return an operator's words without what stands around them; ``?`` for none, which is nobody."""
    bare = words.strip(_EDGES)
    is_within = bare.endswith(")") and bare.count(")") > bare.count("(")
    return (bare[:-1].strip() if is_within else bare) or "?"


def _begins_line(text: str, start: int, position: int, spans: Iterable[Span]) -> bool:
    """Say whether nothing but the segment or another such line stands before: prose has operators too."""
    line = text.rfind("\n", 0, position) + 1
    return line <= start or any(done >= line for _, done in spans) or not text[line:position].strip(" >*(-")


def comments_in(text: str) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """Return where comments on a flight stand, and their words; *text* is in capitals."""
    found = list(_comments(text, 0, len(text)))
    return tuple(span for *_, span in found), tuple(words for _, words, _ in found if words)


def _comments(text: str, start: int, end: int) -> Iterator[tuple[Leg | None, str, Span]]:
    """Yield leg, words and place of each comment; a name may stand on the line below it."""
    block = _COMMENTS.search(text, start, end)
    if block is None:
        return
    yield None, "", block.span()
    found = list(_COMMENT.finditer(text, block.end(), end))
    ends = [*(each.start() for each in found), end][1:]
    for match, after in zip(found, ends, strict=True):
        done = match.end()
        if folded(match["said"]).endswith((" by", "owner", " leg")):
            below = _BELOW.match(text, done, after)
            done = below.end() if below else done
        leg = (match["origin"], match["destination"]) if match["origin"] else None
        words = text[match.start("said") : done].replace("\n>", " ").split()
        yield leg, " ".join(words), (match.start(), done)


def _with_flights(operators: list[Statement], flights: Iterable[Statement]) -> list[Statement]:
    """Put the number that a leg is operated under behind the name of its operator, or in its place."""
    said = list(operators)
    for leg, flight in flights:
        place = next((number for number, each in enumerate(said) if each.leg == leg), None)
        if place is None:
            said.append(Statement(leg, flight))
        else:
            said[place] = Statement(leg, f"{said[place].words}, {flight}")
    return said


def stops_of(ends: Leg, legs: Iterable[Leg]) -> tuple[tuple[str, ...], bool]:
    """Return the stops that the legs tell of, in order, and whether they lead from one end to the other."""
    here, stops, left = ends[0], [], {leg: None for leg in legs if leg != ends}
    while following := next((leg for leg in left if leg[0] == here), None):
        del left[following]
        here = following[1]
        stops.append(here)
    more = [code for leg in left for code in leg]
    inside = dict.fromkeys(code for code in (*stops, *more) if code not in ends)
    return tuple(inside), here == ends[1] and not left


def joined(said: Iterable[Statement], ends: Leg, *, is_whole: bool) -> str:
    """Return the words for a segment: each name once; a part that nobody speaks of is as good as unnamed."""
    stated = tuple(said)
    named = {folded(each.words): each.words for each in stated}
    is_open = bool(stated) and not is_whole and all(each.leg not in {None, ends} for each in stated)
    return " / ".join([*named.values(), *(["?"] if is_open else [])])
