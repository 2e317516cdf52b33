"""Names of travellers as tickets write them: ``DOE/ALICE MS``, also with the title glued to the name."""

from dataclasses import replace

from travelrisk.domain.itineraries import Traveller

_TITLES = frozenset(
    {"MR", "MRS", "MS", "MISS", "MSTR", "DR", "PROF", "MME", "MLLE", "SR", "SRA", "SRTA", "AMB"}
)
_GLUED = ("MSTR", "MISS", "MRS", "MS", "MR")  # longest first; DR would cut ALEXANDR, SR and M more still
_WHOLE_NAMES = frozenset(  # given names and parts of names that end like a title
    {
        "ABRAMS",
        "ADAMS",
        "AMR",
        "HAMS",
        "IMR",
        "KAMR",
        "OMR",
        "QAMR",
        "SAMR",
        "SIMMS",
        "THAMR",
        "UMR",
        "WILLIAMS",
    }
)
_SHORTEST_REST = 2


def settle_name(traveller: Traveller) -> Traveller:
    """Split a ticket's name into surname, given names and title; other forms stay as they are."""
    raw = traveller.raw_name.strip()
    surname, separator, rest = raw.partition("/") if "/" in raw else raw.partition(",")
    is_group = any(each.isdigit() for each in raw)
    if traveller.surname or not separator or is_group:
        return traveller
    given, title = _without_title(rest.partition("(")[0].split())  # "(ADT)", "(INF...)" are no part of a name
    return replace(traveller, surname=surname.strip(), given=given, title=traveller.title or title)


def _without_title(words: list[str]) -> tuple[str, str]:
    if not words:
        return "", ""
    word = words[-1].rstrip(".")
    last = word.upper()
    if last in _TITLES:
        return " ".join(words[:-1]), last
    for title in _GLUED:
        rest = word[: -len(title)]
        if last.endswith(title) and len(rest) >= _SHORTEST_REST and last not in _WHOLE_NAMES:
            return " ".join([*words[:-1], rest]), title
    return " ".join(words), ""
