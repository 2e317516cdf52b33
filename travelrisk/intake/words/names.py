"""Travellers' names as tickets write them: SURNAME/GIVEN TITLE, the title often glued to the given name."""

import re

from travelrisk.domain.itineraries import Traveller

_TITLES = "MSTR|MISS|PROF|MRS|MR|MS|DR|MME|MLLE|SRTA|SRA|SR"
_APART = re.compile(rf"(?P<given>(?:.*[^ ])?)[ ]+(?P<title>{_TITLES})\.?", re.IGNORECASE)
_GLUED = re.compile(
    rf"(?P<given>[^\W\d_]{{2,}}.*?)(?P<title>{_TITLES})"
)  # two letters stay, so AMR is a name
_LONGEST = 200


def traveller_named(raw: str, email: str = "") -> Traveller:
    """Return the traveller with this name; the name as given is always kept beside its parts."""
    name = " ".join(raw[:_LONGEST].split())
    if name.count("/") != 1:
        return Traveller(raw_name=name, email=email)
    surname, given = (part.strip() for part in name.split("/"))
    match = _APART.fullmatch(given) or (_GLUED.fullmatch(given) if given.isupper() else None)
    title = match["title"].upper() if match else ""
    return Traveller(name, surname, match["given"].strip() if match else given, title, email)
