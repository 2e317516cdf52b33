"""The states of a booking: the two letters of reservation systems, and the words that say the same."""

from functools import lru_cache

from travelrisk.domain.codes import folded
from travelrisk.domain.itineraries import Status

CLASSES = {
    Status.HELD: "HK KK KL RR DK HS SS TK",
    Status.PASSIVE: "GK BK MK",
    Status.WAITLIST: "HL LL UU PB",
    Status.REQUESTED: "NN HN PN",
    Status.CANCELLED: "UC UN NO US HX XX XL XK WK",
    Status.FLOWN: "FLWN",
}
"""The codes of reservation systems: the only table of them. What is not in it is told, for it may mean that
nobody holds a seat.
"""
_WORDS = {
    Status.HELD: """confirmed held ok ticketed booked active confirme confirmee confirmado confirmada
        bestatigt confermato confermata reservationconfirmed""",
    Status.PASSIVE: "passive",
    Status.WAITLIST: "wl waitlist waitlisted",
    Status.REQUESTED: "requested pending reservationpending tentative provisional pendiente angefragt",
    Status.CANCELLED: """void cancelled canceled annule annulee cancelado cancelada storniert
        reservationcancelled""",
    Status.FLOWN: "flown used",
    Status.OPEN: "open",
}
_STATUS_OF = {
    word: status
    for table in (CLASSES, _WORDS)
    for status, words in table.items()
    for word in words.lower().split()
}


@lru_cache(maxsize=1024)  # a table says the same few in every row
def status_of(words: str) -> Status | None:
    """Return the state that ``HK``, ``HK1`` or a word stands for; None for what is not in the table."""
    word = folded(words)
    return _STATUS_OF.get(word) or _STATUS_OF.get(word.rstrip("0123456789 "))
