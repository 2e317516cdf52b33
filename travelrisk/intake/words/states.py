"""The states of a booking: the two letters of reservation systems, and the words that say the same."""

from functools import lru_cache

from travelrisk.domain.codes import folded
from travelrisk.domain.itineraries import Status

_STATUSES = {
    Status.HELD: """hk kk kl rr dk hs ss tk confirmed held ok ticketed booked active confirme confirmee
        confirmado confirmada bestatigt confermato confermata reservationconfirmed""",
    Status.PASSIVE: "gk bk mk passive",
    Status.WAITLIST: "hl ll uu pb wl waitlist waitlisted",
    Status.REQUESTED: """nn hn pn requested pending reservationpending tentative provisional
        pendiente angefragt""",
    Status.CANCELLED: """uc un no us hx xx xl xk wk void cancelled canceled annule annulee cancelado cancelada
        storniert reservationcancelled""",
    Status.FLOWN: "flwn flown used",
    Status.OPEN: "open",
}
_STATUS_OF = {word: status for status, words in _STATUSES.items() for word in words.split()}


@lru_cache(maxsize=1024)  # a table says the same few in every row
def status_of(words: str) -> Status | None:
    """Return the state that ``HK``, ``HK1`` or a word stands for; None for what is not in the table."""
    word = folded(words)
    return _STATUS_OF.get(word) or _STATUS_OF.get(word.rstrip("0123456789 "))
