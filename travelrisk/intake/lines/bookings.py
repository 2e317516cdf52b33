"""Several bookings pasted one below the other, where nothing but their own names and locators parts them.

Two people may share a booking, and one booking may have the locators of an agency and of an airline. So a
text is only cut where every part has travellers, locators and flights of its own. Where something may be of
all of them, "both return on KQ100" or an operator in a footnote, it stays whole, and that is told.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from travelrisk.intake.words.tokens import PERSON, Booking, Flight, Operator, Person, Token

_KINDS = (Person, Booking, Flight)
_TOGETHER = re.compile(
    r"\b(?:both|together|same|each|everybody|everyone|all (?:of|travell?ers|passengers)|ensemble|tous|toutes"
    r"|les deux|m[eê]mes?|ambos|ambas|juntos|todos|mism[oa]s?|beide|alle|zusammen)\b",
    re.IGNORECASE,
)


def may_be_several(text: str) -> bool:
    """Say whether a text names several people, which is soon found out."""
    return len({match[0] for match in PERSON.finditer(text)}) > 1


def bookings_of(text: str, lexed: str, tokens: Sequence[Token]) -> tuple[list[str], str]:
    """Return a text in parts, one for each booking, or whole; and what is not sure about that.

    Each part begins with what the first one begins with: a name, a locator or a flight.

    Args:
        text: to be cut.
        lexed: the same, line by line, as it was taken apart.
        tokens: of it.
    """
    groups: list[list[Token]] = []
    for token in (each for each in tokens if isinstance(each, _KINDS)):
        is_first = not groups or type(token) is type(groups[0][0])
        if is_first and (not groups or _is_whole(groups[-1])):
            groups.append([])
        groups[-1].append(token)
    lines = text.split("\n")
    starts = [0, *(lexed.count("\n", 0, group[0].start) for group in groups[1:])]
    ends = [lexed.count("\n", 0, group[-1].start) for group in groups]
    is_apart = all(end < start for end, start in zip(ends, starts[1:], strict=False))
    if len(groups) < len("ab") or not (all(map(_is_whole, groups)) and _have_their_own(groups)):
        return [text], ""
    if not is_apart or _TOGETHER.search(lexed) or _has_footnote(lexed, groups[-1], tokens):
        locators = (token.code for group in groups for token in group if isinstance(token, Booking))
        return [text], f"Several bookings in one text, {', '.join(locators)}: send each of them alone"
    return ["\n".join(lines[start:end]) for start, end in pairwise([*starts, len(lines)])], ""


def _has_footnote(lexed: str, last: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """Say whether an operator stands apart from the last flight, and so may be that of any."""
    flight = max(token.start for token in last if isinstance(token, Flight))
    operators = (token for token in tokens if isinstance(token, Operator) and token.start > flight)
    return any(lexed.count("\n", flight, token.start) > 1 for token in operators)


def _is_whole(group: Sequence[Token]) -> bool:
    return {type(token) for token in group} == set(_KINDS)


def _have_their_own(groups: Sequence[Sequence[Token]]) -> bool:
    """Say whether no traveller and no locator is in two of the groups."""
    said = [{_words(token) for token in group} - {None} for group in groups]
    return len(set().union(*said)) == sum(map(len, said))


def _words(token: Token) -> str | None:
    if isinstance(token, Person):
        return token.traveller.raw_name
    return token.code if isinstance(token, Booking) else None
