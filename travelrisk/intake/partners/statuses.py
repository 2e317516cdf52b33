"""States of a segment in the codes of reservation systems and in the words of interfaces."""

import re

from travelrisk.domain.itineraries import Status
from travelrisk.intake.words.states import CLASSES

_WORDS = {
    Status.HELD: """ok confirmed booked held holding ticketed active reserved checkedin checkin opened
        created updated scheduled""",
    Status.WAITLIST: "waitlisted waitlist waiting standby",
    Status.REQUESTED: "requested pending onrequest onhold hold",
    Status.CANCELLED: """cancelled canceled cancel denied rejected declined deleted void voided refunded
        expired failed""",
    Status.FLOWN: "flown used departed landed arrived past",
    Status.OPEN: "open",
}
_KNOWN = {
    word: status
    for table in (CLASSES, _WORDS)
    for status, words in table.items()
    for word in words.lower().split()
}
_COUNT = re.compile(r"[0-9]{1,3}\Z")
_NO_LETTER = re.compile(r"[\W_]+")
_WEIGHT = (
    Status.HELD,
    Status.PASSIVE,
    Status.WAITLIST,
    Status.REQUESTED,
    Status.OPEN,
    Status.UNKNOWN,
    Status.FLOWN,
    Status.CANCELLED,
)


def status_of(written: str) -> Status | None:
    """Return the state that a code (``HK1``) or a word says; None where neither is known."""
    word = _NO_LETTER.sub("", written.lower())
    return _KNOWN.get(word) or _KNOWN.get(_COUNT.sub("", word))


def strongest(states: set[Status]) -> Status:
    """Return the state of a segment that several people are booked on: it flies if anybody flies."""
    return next((each for each in _WEIGHT if each in states), Status.UNKNOWN)
